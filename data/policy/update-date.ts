/** When the reporter can expect word again: monthly, from the day of filing (Labor Code 1107.1(e)(1); a promise elsewhere). */
import { addMonths } from "./deadlines/calendar.ts";

/** Days since 1970-01-01, UTC. */
export type Day = number;
const msPerDay = 86_400_000;

/** One calendar month later; the last day of a shorter month (rule M: 31 January → 28 or 29 February). */
export function updateDueBy(filed: Day): Day {
  return addMonths(filed, 1);
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
  /** Oldest first. `isUpdate`: this one is the update that the law asks for, and no mere answer. */
  replies: readonly {
    day: string | null;
    updateBy: string | null;
    isUpdate: boolean;
    /** What it told of the status; null: nothing. */
    status: "received" | "open" | "closed" | null;
  }[];
  closed: boolean;
}

export interface UpdatePromise {
  by: Day;
  /** The day is over and nothing came. */
  late: boolean;
}

/**
 * When the next update is due: a month after the last one, before the first a month after the report;
 * earlier where somebody promised it since. Other answers put nothing off. Null: the report is closed,
 * or nobody said a day.
 */
export function nextUpdate({ report, replies, closed }: ToldDays, today: Day): UpdatePromise | null {
  if (closed) return null;
  const read = (text: string | null): Day | null => (text === null ? null : dayOf(text));
  let told: ToldDays["replies"][number]["status"] = null;
  // While it was closed nothing was owed: word that it is open again begins a new month.
  const begins = replies.map(({ isUpdate, status }) => {
    const reopens = status === "open" && told === "closed";
    told = status ?? told;
    return isUpdate || reopens;
  });
  const last = replies.findLastIndex(({ day }, i) => begins[i] === true && read(day) !== null);
  const from = read(last === -1 ? report : replies[last]!.day);
  const promised = replies
    .slice(Math.max(0, last))
    .map(({ updateBy }) => read(updateBy))
    .findLast((day) => day !== null);
  const owed = [from === null ? null : updateDueBy(from), promised ?? null].filter((day) => day !== null);
  if (owed.length === 0) return null;
  const by = Math.min(...owed);
  return { by, late: today > by };
}
