/** Counts a deadline: pure, the same in browser and server. Rules and sources: docs/DEADLINES.md. Not legal advice. */
import { PortalError } from "../../../crypto/errors.ts";
import { dayOf, textOfDay } from "../update-date.ts";
import { addMonths, partsOf, quarterEnd, type DayNumber } from "./calendar.ts";
import { closedOn, courtHolidays, type Holidays } from "./holidays.ts";
import type { DeadlineRow } from "./rows.ts";

/** Words with namespace ("deadlines:step.…") and their values; days are YYYY-MM-DD. */
export interface CountingStep {
  key: string;
  values: Record<string, string | number>;
}

/** YYYY-MM-DD; instants such as 2026-12-19T10:00:00Z for rule H. Only rule CA ever has a `latest` after its `target`. */
export interface Due {
  target: string;
  latest: string;
  steps: CountingStep[];
}

/** Where counting of one turn begins: the first turn where the trigger lies, later ones in the same place or the last target. */
interface Turn {
  /** Times the period has run before this one. */
  before: number;
  /** The target of the turn before; null: this is the first. */
  last: DayNumber | null;
}

const msPerHour = 3_600_000;
/** Gov. Code § 6803: a quarter of a year is 91 days. */
const daysOfQuarter = 91;
/** Outside of these years a typing mistake is likelier than a duty. */
const years = { first: 1900, last: 2999 };

/** The server's dates begin in 1970; behind 2499 the longest period of the longest row is still below the last year. */
const countableYears = { first: 1970, last: 2499 };

/** Whether every row can be counted from this day or instant, and the outcome told to the server. */
export function isCountable(moment: string): boolean {
  const day = dayOf(moment.slice(0, 10));
  if (day === null) return false;
  const { year } = partsOf(day);
  return year >= countableYears.first && year <= countableYears.last;
}

const step = (key: `deadlines:step.${string}`, values: CountingStep["values"]): CountingStep => ({ key, values });

/**
 * When what began at `from` falls due.
 * @param from YYYY-MM-DD; for rule H also an instant with Z or an offset
 * @throws PortalError "format": no such day or instant
 */
export function dueBy(row: DeadlineRow, from: string, holidays: Holidays = courtHolidays): Due {
  return dueAt(row, from, { before: 0, last: null }, holidays);
}

/**
 * The first `n` times that a row falls due, the first of them `dueBy`'s; one only where the row does not repeat.
 * Months, days and hours are laid off from `from` each time, so that a short month moves no later one. Quarters
 * follow each other: each next one is owed in the quarter after the one before.
 */
export function seriesOf(row: DeadlineRow, from: string, n: number, holidays: Holidays = courtHolidays): Due[] {
  const series: Due[] = [];
  for (let before = 0; before < (row.repeats ? n : Math.min(n, 1)); before++) {
    const previous = series.at(-1);
    const last = row.rule === "H" || previous === undefined ? null : dayOf(previous.target);
    series.push(dueAt(row, from, { before, last }, holidays));
  }
  return series;
}

/**
 * The next time after a duty was done on some day: what was done early is owed again the earlier.
 * @param done YYYY-MM-DD; for rule H also an instant
 */
export function dueAfter(row: DeadlineRow, done: string, holidays: Holidays = courtHolidays): Due {
  const last = row.rule === "Q" ? readDay(done) : null;
  return dueAt(row, done, { before: 0, last }, holidays);
}

/**
 * Where what sets the clock going never came (no acknowledgement was sent): the day from which the law counts instead.
 * @param received YYYY-MM-DD on which that other thing happened
 * @throws PortalError "format": no such day, or the law has no such rule for this row
 */
export function startWithoutTrigger(row: DeadlineRow, received: string): string {
  if (row.withoutTrigger === undefined) throw new PortalError("format", `${row.id} has no other day to count from`);
  return textOfDay(readDay(received) + row.withoutTrigger.days);
}

/** When that falls due, with the step before: see `startWithoutTrigger`. */
export function dueWithoutTrigger(row: DeadlineRow, received: string, holidays: Holidays = courtHolidays): Due {
  const day = startWithoutTrigger(row, received);
  const due = dueBy(row, day, holidays);
  const values = { count: row.withoutTrigger?.days ?? 0, from: received, day };
  return { ...due, steps: [step("deadlines:step.withoutTrigger", values), ...due.steps] };
}

/** Where only the day of an arrival is known, hours count from its first instant, UTC: never late. */
export function startOfDay(day: string): string {
  return `${textOfDay(readDay(day))}T00:00:00Z`;
}

function dueAt(row: DeadlineRow, from: string, turn: Turn, holidays: Holidays): Due {
  const counted = row.rule === "H" ? countHours(row, from, turn) : countDays(row, readDay(from), turn, holidays);
  const notYet = row.inForce !== null && from.slice(0, 10) < row.inForce;
  const floor = row.kind === "floor" ? [step("deadlines:step.floor", { day: counted.latest })] : [];
  const early = notYet ? [step("deadlines:step.notInForce", { inForce: row.inForce ?? "" })] : [];
  return { ...counted, steps: [...early, ...counted.steps, ...floor] };
}

function countHours(row: DeadlineRow, from: string, { before }: Turn): Due {
  const onlyDay = dayOf(from) !== null;
  const start = onlyDay ? startOfDay(from) : textOfInstant(readInstant(from));
  const hours = row.amount * (before + 1);
  const target = textOfInstant(Date.parse(start) + hours * msPerHour);
  const first = step(onlyDay ? "deadlines:step.startOfDay" : "deadlines:step.instant", { from, instant: start });
  const then =
    hours === 0
      ? step("deadlines:step.atOnce", { instant: target })
      : step("deadlines:step.hours", { count: hours, instant: target });
  return { target, latest: target, steps: [first, then] };
}

function countDays(row: DeadlineRow, from: DayNumber, turn: Turn, holidays: Holidays): Due {
  const { day, steps } = row.rule === "Q" ? countQuarter(from, turn) : countPeriod(row, from, turn.before + 1);
  if (partsOf(day).year > years.last) throw new PortalError("format", `a day after the year ${years.last}`);
  const target = textOfDay(day);
  if (row.rule !== "CA") return { target, latest: target, steps };
  const rolled = rollOver(day, holidays);
  return { target, latest: textOfDay(rolled.day), steps: [...steps, ...rolled.steps] };
}

interface Counted {
  day: DayNumber;
  steps: CountingStep[];
}

/** Rules CA, M, EU and CAL agree up to here: the day of the event is not counted, the last day is. */
function countPeriod({ amount, unit }: DeadlineRow, from: DayNumber, times: number): Counted {
  const count = amount * times;
  const first = step("deadlines:step.firstDay", { from: textOfDay(from) });
  if (unit === "day") {
    const day = from + count;
    return { day, steps: [first, step("deadlines:step.days", { count, day: textOfDay(day) })] };
  }
  const day = addMonths(from, unit === "year" ? count * 12 : count);
  const key = unit === "year" ? "deadlines:step.years" : "deadlines:step.months";
  const steps = [first, step(key, { count, day: textOfDay(day) })];
  const wanted = partsOf(from).day;
  if (partsOf(day).day < wanted) steps.push(step("deadlines:step.monthEnd", { number: wanted, day: textOfDay(day) }));
  return { day, steps };
}

/** Rule Q: the earlier of the end of the quarter and 91 days since the last time. */
function countQuarter(from: DayNumber, { last }: Turn): Counted {
  const since = last ?? from;
  const ends = quarterEnd(since);
  // A quarter whose last day is the first day, or that was just satisfied, leaves the next one.
  const next = last !== null || since === ends;
  const end = next ? quarterEnd(ends + 1) : ends;
  const days = since + daysOfQuarter;
  const steps = [
    step(
      last !== null ? "deadlines:step.quarterAfter" : next ? "deadlines:step.quarterNext" : "deadlines:step.quarter",
      {
        from: textOfDay(since),
        day: textOfDay(end),
      },
    ),
    step("deadlines:step.quarterDays", { count: daysOfQuarter, from: textOfDay(since), day: textOfDay(days) }),
    step("deadlines:step.earlier", { day: textOfDay(Math.min(end, days)) }),
  ];
  return { day: Math.min(end, days), steps };
}

/** Code Civ. Proc. §§ 12, 12a: a last day on which courts are closed gives way to the next on which they are open. */
function rollOver(target: DayNumber, holidays: Holidays): Counted {
  const steps: CountingStep[] = [];
  let day = target;
  for (let why = closedOn(day, holidays); why !== null; why = closedOn(++day, holidays))
    steps.push({ key: why.key, values: { ...why.values, day: textOfDay(day) } });
  const values = { target: textOfDay(target), latest: textOfDay(day) };
  return { day, steps: [...steps, step(day === target ? "deadlines:step.courtDay" : "deadlines:step.rolled", values)] };
}

function readDay(text: string): DayNumber {
  const day = dayOf(text);
  if (day === null) throw new PortalError("format", `there is no such day, written YYYY-MM-DD: ${text}`);
  const { year } = partsOf(day);
  if (year < years.first || year > years.last)
    throw new PortalError("format", `a day from ${years.first} to ${years.last} is expected: ${text}`);
  return day;
}

const instantShape =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** Milliseconds since 1970-01-01T00:00:00Z, at whole seconds. */
function readInstant(text: string): number {
  const [, day] = instantShape.exec(text) ?? [];
  if (day === undefined)
    throw new PortalError("format", `an instant such as 2026-12-18T09:30:00Z or …+01:00 is expected: ${text}`);
  readDay(day);
  return Math.floor(Date.parse(text) / 1000) * 1000;
}

function textOfInstant(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
