/** How long something took: of those for which it happened, and how many still wait for it. */
import { dayOf, textOfDay, type Day } from "../../../../data/policy/update-date.ts";
import type { DeadlineRow } from "../../../../data/policy/deadlines/rows.ts";
import type { CaseFigures } from "../../client/digest-types.ts";
import type { Limit } from "./figures.ts";

export interface Bucket {
  /** Days, both counted in; null: and more. */
  from: number;
  to: number | null;
  count: number;
}

/** Who only counted what is done would leave out whatever lies for months. */
export interface InTime {
  /** null: seven days, which no law here asks for. */
  row: DeadlineRow | null;
  inTime: number;
  /** Done later, or not done and the day is over. */
  late: number;
  /** Not done, and there still is time. */
  running: number;
}

export interface Times {
  done: number;
  waiting: number;
  /** Days; half of those that are done took no longer. null: none is done. */
  median: number | null;
  buckets: Bucket[];
  limits: InTime[];
}

const steps = [1, 3, 7, 14, 30, 90, 180, 365] as const;

/** @param doneOn YYYY-MM-DD; null: not yet, or not known */
export function countTimes(
  cases: readonly CaseFigures[],
  doneOn: (of: CaseFigures) => string | null,
  limits: readonly Limit[],
  today: Day,
): Times {
  const days = cases.map((each) => daysUntil(each, doneOn(each))).filter((each) => each !== null);
  const sorted = days.sort((a, b) => a - b);
  return {
    done: days.length,
    waiting: cases.length - days.length,
    median: medianOf(sorted),
    buckets: bucketsOf(sorted),
    limits: limits.map(({ row, lastDay }) => ({ row, ...judge(cases, doneOn, lastDay, today) })),
  };
}

/** A day before the case came in is somebody's slip, or another time zone's: at once. */
function daysUntil({ receivedOn }: CaseFigures, doneOn: string | null): number | null {
  const [from, to] = [dayOf(receivedOn), doneOn === null ? null : dayOf(doneOn)];
  return from === null || to === null ? null : Math.max(0, to - from);
}

function medianOf(sorted: readonly number[]): number | null {
  const { length } = sorted;
  if (length === 0) return null;
  const upper = sorted[Math.floor(length / 2)]!;
  return length % 2 === 1 ? upper : (upper + sorted[length / 2 - 1]!) / 2;
}

/** All of them, also the empty ones, up to the last that has any. */
function bucketsOf(sorted: readonly number[]): Bucket[] {
  const bounds = [-1, ...steps, Infinity];
  const all = bounds.slice(1).map((to, i) => {
    const from = bounds[i]! + 1;
    const count = sorted.filter((days) => days >= from && days <= to).length;
    return { from, to: to === Infinity ? null : to, count };
  });
  return all.slice(0, all.findLastIndex(({ count }) => count > 0) + 1);
}

function judge(
  cases: readonly CaseFigures[],
  doneOn: (of: CaseFigures) => string | null,
  lastDay: (of: CaseFigures) => string,
  today: Day,
): Omit<InTime, "row"> {
  const counts = { inTime: 0, late: 0, running: 0 };
  for (const each of cases) {
    const done = doneOn(each);
    const last = lastDay(each);
    if (done !== null) counts[done <= last ? "inTime" : "late"] += 1;
    else counts[textOfDay(today) <= last ? "running" : "late"] += 1;
  }
  return counts;
}
