/** Quarters of the calendar year, UTC, and the day on which their numbers are published. */
import type { Day } from "./update-date.ts";

const msPerDay = 86_400_000;
const namePattern = /^(\d{4})-Q([1-4])$/;
/**
 * Days after a quarter's end on which its numbers come: the last report in it has its seven days to be
 * answered, and the day is the same whatever happened.
 */
const daysUntilPublished = 14;

/** "2026-Q4": names sort as their quarters follow one another. */
export function quarterOf(day: Day): string {
  const date = new Date(day * msPerDay);
  const year = String(date.getUTCFullYear()).padStart(4, "0");
  return `${year}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}

/** Year and month (0, 3, 6 or 9) of a quarter's beginning. @throws RangeError on any other text */
function beginningOf(quarter: string): [year: number, month: number] {
  const parts = namePattern.exec(quarter);
  if (parts === null) throw new RangeError("no quarter is called so");
  return [Number(parts[1]), 3 * (Number(parts[2]) - 1)];
}

/** The first day that is not in it any more. */
export function endOf(quarter: string): Day {
  const [year, month] = beginningOf(quarter);
  return Date.UTC(year, month + 3, 1) / msPerDay;
}

export function quarterAfter(quarter: string): string {
  return quarterOf(endOf(quarter));
}

export function publicationDayOf(quarter: string): Day {
  return endOf(quarter) + daysUntilPublished;
}

/** As people write it, e.g. "January – March 2027". */
export function formatQuarter(quarter: string, language: string): string {
  const [year, month] = beginningOf(quarter);
  const months = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
  return months.formatRange(Date.UTC(year, month, 1), Date.UTC(year, month + 2, 1));
}
