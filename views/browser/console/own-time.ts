/** Days and times as members write them: by the clock where they are. What is kept of a time is UTC. */
import type { DeadlineRow } from "../../../data/policy/deadlines/rows.ts";

const two = (n: number): string => String(n).padStart(2, "0");

/** The day of a moment where the member is, YYYY-MM-DD. */
export function ownDayOf(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

export const utcDayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** What a form proposes for "today". */
export const ownToday = (now = new Date()): string => ownDayOf(now);

/** By the clock of the member or by UTC: east of it, people write a day that UTC has not reached. */
export function hasBegun(day: string, now = new Date()): boolean {
  return day <= ownDayOf(now) || day <= utcDayOf(now);
}

/** The day that what is posted now bears: the earlier of the two, so that nothing counted from it is late. */
export function postedOn(now = new Date()): string {
  const [own, utc] = [ownDayOf(now), utcDayOf(now)];
  return own < utc ? own : utc;
}

/** A day and a time of day where the member is, as an instant in UTC; null: there is none, or it is still to come. */
export function instantOf(day: string, time: string, now = new Date()): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d$/.test(time)) return null;
  const moment = new Date(`${day}T${time}`);
  if (Number.isNaN(moment.getTime()) || moment > now) return null;
  return `${moment.toISOString().slice(0, 19)}Z`;
}

/**
 * From when a clock runs: hours from an instant, where no time is known from the start of the member's day; all else
 * from a day. Null: no such day or time, or one that is still to come.
 */
export function startOfClock(
  { rule }: Pick<DeadlineRow, "rule">,
  day: string,
  time: string,
  now = new Date(),
): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !hasBegun(day, now)) return null;
  return rule === "H" ? instantOf(day, time === "" ? "00:00" : time, now) : day;
}

/** "America/Los_Angeles", "UTC". */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
