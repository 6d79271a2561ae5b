/** California's judicial holidays, computed for any year from rules that are data; an operator's own dated ones beside them. */
import { dayOf } from "../update-date.ts";
import table from "../holidays.json" with { type: "json" };
import { dayNumber, lastDayOfMonth, partsOf, weekdayOf, type DayNumber } from "./calendar.ts";

/** A fixed date; a weekday of a month, counted from its start or (-1) from its end; days after another one. */
export type HolidayDate =
  { month: number; day: number } | { month: number; weekday: number; nth: number; daysAfter?: number };

export interface HolidayRule {
  id: string;
  date: HolidayDate;
  /** Words of a counting step, with namespace: "{{day}} is Labor Day, …". */
  stepKey: string;
  citation: string;
}

/** What a person set: a day on which the courts are closed for once. */
export interface DatedHoliday {
  /** YYYY-MM-DD */
  on: string;
  name: string;
}

export interface Holidays {
  rules: readonly HolidayRule[];
  /** By how many days a fixed date moves that falls on such a day. */
  moved: { saturday: number; sunday: number; citation: string };
  dated: readonly DatedHoliday[];
}

/** The file is ours and a test holds it to the courts' own lists. */
export const courtHolidays: Holidays = { ...table, dated: [] };

export function withDated(dated: readonly DatedHoliday[]): Holidays {
  return { ...courtHolidays, dated };
}

const saturday = 6;
const sunday = 0;

/** The day on which the courts keep it: rule 1.11 moves fixed dates away from weekends. */
function observedOn({ date }: HolidayRule, year: number, moved: Holidays["moved"]): DayNumber {
  if ("weekday" in date) {
    const { month, weekday, nth, daysAfter = 0 } = date;
    if (nth > 0) {
      const first = dayNumber(year, month, 1);
      return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1) + daysAfter;
    }
    const last = dayNumber(year, month, lastDayOfMonth(year, month));
    return last - ((weekdayOf(last) - weekday + 7) % 7) + 7 * (nth + 1) + daysAfter;
  }
  const day = dayNumber(year, date.month, date.day);
  const by = { [saturday]: moved.saturday, [sunday]: moved.sunday }[weekdayOf(day)] ?? 0;
  return day + by;
}

/** Why courts are closed on a day, as a counting step without its day; null: they are open. */
export function closedOn(
  day: DayNumber,
  { rules, moved, dated }: Holidays,
): { key: string; values: Record<string, string> } | null {
  const weekday = weekdayOf(day);
  if (weekday === saturday) return { key: "deadlines:step.saturday", values: {} };
  if (weekday === sunday) return { key: "deadlines:step.sunday", values: {} };
  const { year } = partsOf(day);
  // The next year's first holiday may be kept on this one's last day.
  const rule = rules.find((each) => [year, year + 1].some((of) => observedOn(each, of, moved) === day));
  if (rule !== undefined) return { key: rule.stepKey, values: {} };
  const own = dated.find(({ on }) => dayOf(on) === day);
  return own === undefined ? null : { key: "deadlines:step.ownHoliday", values: { name: own.name } };
}

/** The days of a year on which courts are closed by a rule, in the order of the rules. */
export function holidaysOf(year: number, { rules, moved }: Holidays = courtHolidays): { id: string; on: DayNumber }[] {
  return rules.map((rule) => ({ id: rule.id, on: observedOn(rule, year, moved) }));
}
