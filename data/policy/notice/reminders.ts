/** Who has to be given the notice, or asked once more: counted from days, with the law's rows. Pure. */
import { dueBy } from "../deadlines/count.ts";
import { findDeadline, type DeadlineRow } from "../deadlines/rows.ts";
import { dayOf, textOfDay } from "../update-date.ts";
import type { NoticePerson } from "./roster.ts";

/**
 * never: no notice was sent yet; unacknowledged: the last one was not confirmed; year: a year since the last
 * confirmation, or since the first day at work; remote: works elsewhere, and the last one was sent long ago.
 */
export const reminderKinds = ["never", "unacknowledged", "year", "remote"] as const;
export type ReminderKind = (typeof reminderKinds)[number];

export interface Reminder {
  kind: ReminderKind;
  /** YYYY-MM-DD by which it should be done. */
  due: string;
  /** `late`: that day is over. `soon`: within thirty days. */
  when: "late" | "soon";
}

const soonDays = 30;
/** A notice that was sent is waited for so long. No law says so: a month is a fair time. */
const answerDays = 30;
const yearRow = "CA_NOTICE_YR";
const remoteRow = "CA_NOTICE_REMOTE";

/** Of one person, the most pressing first. `rows`: those in force; a row that is switched off reminds of nothing. */
export function remindersOf(person: NoticePerson, today: string, rows: readonly DeadlineRow[]): Reminder[] {
  if (person.removedOn !== null && person.removedOn <= today) return [];
  const last = person.notices.at(-1);
  const confirmed = person.notices.map(({ acknowledgedOn }) => acknowledgedOn ?? "").reduce(later, "");
  const found: (Reminder | null)[] = [];
  if (last === undefined) found.push({ kind: "never", due: person.since ?? today, when: never(person.since, today) });
  else if (last.acknowledgedOn === null) found.push(reminder("unacknowledged", plus(last.sentOn, answerDays), today));
  const from = confirmed || person.since;
  const year = findDeadline(rows, yearRow);
  if (year !== null && from !== null && from !== "") found.push(reminder("year", dueBy(year, from).target, today));
  const remote = findDeadline(rows, remoteRow);
  if (remote !== null && person.remote && last !== undefined)
    found.push(reminder("remote", dueBy(remote, last.sentOn).target, today));
  return found.filter((each) => each !== null).sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
}

/** The target, which never rolls over a weekend: who is reminded early has time. */
function reminder(kind: ReminderKind, due: string, today: string): Reminder | null {
  if (due < today) return { kind, due, when: "late" };
  return due <= plus(today, soonDays) ? { kind, due, when: "soon" } : null;
}

/** Whoever begins next week is not late. */
function never(since: string | null, today: string): Reminder["when"] {
  return since !== null && since >= today ? "soon" : "late";
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function plus(day: string, days: number): string {
  return textOfDay((dayOf(day) ?? 0) + days);
}
