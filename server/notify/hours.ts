/**
 * The fixed hours of a day. A slot is one of them on one day, written as minutes since 1970-01-01
 * UTC: nothing but the operator's own hours is ever stored of time here.
 */

const dayMinutes = 24 * 60;
const minuteMs = 60_000;

/** "07:30" → 450. */
export function parseHour(hour: string): number {
  return Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3, 5));
}

/** The newest slot that is not after `now` (milliseconds). `minutes`: after midnight, ascending, at least one. */
export function newestSlot(now: number, minutes: readonly number[]): number {
  const minute = Math.floor(now / minuteMs);
  const midnight = Math.floor(minute / dayMinutes) * dayMinutes;
  const today = minutes.findLast((each) => midnight + each <= minute);
  return today === undefined ? midnight - dayMinutes + minutes.at(-1)! : midnight + today;
}

export type SlotAction = "send" | "begin" | "wait";

/**
 * What to do at a slot when `last` was the one before it. A slot that passed while the portal was
 * down is made up for once, at the start; those before it are not. On the very first look there is
 * nothing to make up for. A slot is never served twice, also where a clock was set back a little;
 * one that lies more than a day ahead came from a clock that was wrong, and does not silence for years.
 */
export function slotAction(last: number | null, slot: number): SlotAction {
  if (last === null || last - slot > dayMinutes) return "begin";
  return slot > last ? "send" : "wait";
}

/** The moment a slot stands for. */
export function slotDate(slot: number): Date {
  return new Date(slot * minuteMs);
}
