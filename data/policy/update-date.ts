/** When the reporter can expect word again: monthly, from the day of filing (Labor Code 1107.1(e)(1); a promise elsewhere). */

/** Days since 1970-01-01, UTC. */
export type Day = number;
const msPerDay = 86_400_000;

/** One calendar month later; the last day of a shorter month (rule M: 31 January → 28 or 29 February). */
export function updateDueBy(filed: Day): Day {
  const date = new Date(filed * msPerDay);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const lastOfNext = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfNext)) / msPerDay;
}

/** The day as people write it in this language, e.g. "12 March 2027". */
export function formatDay(day: Day, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day * msPerDay));
}

/** The day number of YYYY-MM-DD; null when there is no such day. */
export function dayOf(text: string): Day | null {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) return null;
  return time / msPerDay;
}

/** YYYY-MM-DD of a day number. */
export function textOfDay(day: Day): string {
  return new Date(day * msPerDay).toISOString().slice(0, 10);
}

export type ToldStatus = "received" | "answered" | "open" | "closed";

/**
 * What a mailbox says on top. `told`: of each reply, oldest first, the status that it told; null: none.
 * A reply that told none says at least that somebody answered.
 */
export function statusTold(told: readonly ("received" | "open" | "closed" | null)[]): ToldStatus {
  const newest = told.findLast((status) => status !== null && status !== "received");
  return newest ?? (told.length === 0 ? "received" : "answered");
}

/** What a mailbox says of its days, each the writer's own statement; null where nothing was said. */
export interface ToldDays {
  report: string | null;
  /** Oldest first. */
  replies: readonly { day: string | null; updateBy: string | null }[];
  closed: boolean;
}

export interface UpdatePromise {
  by: Day;
  /** The day is over and nothing came. */
  late: boolean;
}

/**
 * When the next update is due: what the newest reply promised, else a month after it; before any
 * reply a month after the report. Null: the report is closed, or nobody said a day.
 */
export function nextUpdate({ report, replies, closed }: ToldDays, today: Day): UpdatePromise | null {
  if (closed) return null;
  const newest = replies.at(-1);
  const promised = newest?.updateBy == null ? null : dayOf(newest.updateBy);
  const said = newest === undefined ? report : newest.day;
  const from = said === null ? null : dayOf(said);
  const by = promised ?? (from === null ? null : updateDueBy(from));
  return by === null ? null : { by, late: today > by };
}
