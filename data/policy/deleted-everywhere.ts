/** From when on a deletion is true of backups too. Apart from the policy, so that a reporter's page loads no more than this. */
import type { Day } from "./update-date.ts";

/** Days that a case stays after its reporter wrote, whatever date it has: somebody must be able to read the message. */
export const daysAfterMessage = 30;

/** The day on which a dated case goes; null: no date, so never by itself. `heardOn`: when its reporter wrote last. */
export function goesOn(deleteOn: Day | null, heardOn: Day | null): Day | null {
  if (deleteOn === null || heardOn === null) return deleteOn;
  return Math.max(deleteOn, heardOn + daysAfterMessage);
}

/**
 * The last day on which a backup of the keyring may still open what was deleted: it was made just before the deletion at
 * the latest, and lives `backupDays`. After this day deletion is true everywhere. Null: no backups are kept.
 */
export function deletedEverywhere(deletedOn: Day, backupDays: number): Day | null {
  return backupDays === 0 ? null : deletedOn + backupDays;
}

/** As deletedEverywhere; null as well when that day is over. */
export function openInBackupsUntil(deletedOn: Day, backupDays: number, today: Day): Day | null {
  const last = deletedEverywhere(deletedOn, backupDays);
  return last === null || last < today ? null : last;
}
