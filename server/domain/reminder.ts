/**
 * The server's one reminder date per case, in days since 1970-01-01. Which law it comes from, it is
 * never told: a reader's browser works out the date and names who is told when it passes.
 */
export interface Reminder {
  /** The day by which somebody must have done something; null: nothing is due. */
  on: number | null;
  /** Person id of a reader who is told when the day passes; null: nobody was named. */
  second: number | null;
  /** The day on which somebody was told last. */
  told: number | null;
}

export const noReminder: Reminder = { on: null, second: null, told: null };

/** Days until a report that nobody has opened is somebody else's business too: some clocks run for 24 hours. */
const firstReminderDays = 1;
/** Days between two messages about the same date. */
const againAfterDays = 7;

/** Of a new report, before any reader said what is due. */
export function firstReminder(received: number): Reminder {
  return { ...noReminder, on: received + firstReminderDays };
}

/** A new date or a new person begins anew. */
export function changedReminder(now: Reminder, on: number | null, second: number | null): Reminder {
  return on === now.on && second === now.second ? now : { on, second, told: null };
}

/** Whether somebody is to be told today that the day has passed. A clock that was years ahead silences for no years. */
export function isEscalated({ on, told }: Reminder, today: number): boolean {
  return on !== null && today > on && (told === null || Math.abs(today - told) >= againAfterDays);
}
