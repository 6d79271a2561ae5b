/** Days of the Gregorian calendar as whole numbers: no time of day, so no daylight saving. */

/** Days since 1970-01-01, UTC. */
export type DayNumber = number;

const msPerDay = 86_400_000;

/** `month`: 1 to 12. */
export function dayNumber(year: number, month: number, day: number): DayNumber {
  return Date.UTC(year, month - 1, day) / msPerDay;
}

export function partsOf(day: DayNumber): { year: number; month: number; day: number } {
  const date = new Date(day * msPerDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0: Sunday … 6: Saturday. 1970-01-01 was a Thursday. */
export function weekdayOf(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function lastDayOfMonth(year: number, month: number): number {
  return partsOf(dayNumber(year, month + 1, 1) - 1).day;
}

/** The same day of a later month; the last day of a month that has no such day (31 January → 28 or 29 February). */
export function addMonths(from: DayNumber, months: number): DayNumber {
  const { year, month, day } = partsOf(from);
  const index = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1];
  return dayNumber(toYear, toMonth, Math.min(day, lastDayOfMonth(toYear, toMonth)));
}

/** Last day of the calendar quarter that a day lies in. */
export function quarterEnd(day: DayNumber): DayNumber {
  const { year, month } = partsOf(day);
  const lastMonth = Math.ceil(month / 3) * 3;
  return dayNumber(year, lastMonth, lastDayOfMonth(year, lastMonth));
}
