/** Which duties run in one case, since when, and by when: pure, the same in browser and tests. Not legal advice. */
import { incidentRuns, type Triage } from "./incident.ts";
import {
  dueAfter,
  dueBy,
  dueWithoutTrigger,
  isCountable,
  startOfDay,
  type CountingStep,
  type Due,
} from "./deadlines/count.ts";
import type { Holidays } from "./deadlines/holidays.ts";
import type { DeadlineRow, Trigger } from "./deadlines/rows.ts";
import { dayOf, textOfDay, type Day } from "./update-date.ts";

/** What is known of a case. Days are YYYY-MM-DD in UTC; instants end in Z. */
export interface CaseFacts {
  /** Its arrival, `receivedAt`: the server keeps the day only. */
  receivedOn: string;
  /** A human read and began to assess it, `assessedAt`; null: not yet. */
  assessedOn: string | null;
  categories: readonly string[];
  /** The reporter's own answer. */
  saidImminent: boolean;
  /** The day of the decision that closed it; null: it is not closed. */
  closedOn: string | null;
  /** Acknowledgements and updates, oldest first. */
  posted: readonly { duty: "acknowledgement" | "update"; on: string }[];
  /** Clocks that somebody set or re-based, oldest first, each with its reason. */
  set: readonly { deadline: string; from: string; reason: string; byCounsel: boolean }[];
  /** Duties that were done, or rested by an exception, oldest first. */
  done: readonly { deadline: string; on: string }[];
  triage: Triage | null;
  /** Reports to authorities that were filed. */
  filed: readonly { deadlines: readonly string[]; on: string }[];
}

/** `due`: its target is to come. `grace`: the target is over, the law's latest is not. */
export type ClockState = "due" | "grace" | "overdue" | "done";

export interface Clock extends Due {
  row: DeadlineRow;
  from: string;
  /** Counted from the earliest that it can have been, because nobody said better. */
  provisional: boolean;
  /** Why it was re-based; null: it was not. */
  reason: string | null;
  state: ClockState;
  /** When a duty that does not come again was done. */
  doneOn: string | null;
}

const incidentTriggers: ReadonlySet<Trigger> = new Set(["incident-discovered", "incident-believed", "imminent-risk"]);

/** A day of arrival begins, UTC, while it is still the day before in the Americas: counting may not begin later than that. */
const beginsDayBefore = (row: DeadlineRow): boolean => row.jurisdiction.startsWith("US") && row.rule === "CA";

interface Start {
  from: string;
  provisional: boolean;
  reason: string | null;
  steps: CountingStep[];
}

function provisionalStart(row: DeadlineRow, receivedOn: string): Start {
  const base = { provisional: true, reason: null };
  if (row.rule === "H") return { ...base, from: startOfDay(receivedOn), steps: [] };
  if (!beginsDayBefore(row)) return { ...base, from: receivedOn, steps: [] };
  const from = textOfDay(dayOf(receivedOn)! - 1);
  return { ...base, from, steps: [{ key: "duties:step.dayBefore", values: { from, received: receivedOn } }] };
}

/** Where days count, of an instant only the day does. */
const momentFor = ({ rule }: DeadlineRow, moment: string): string => (rule === "H" ? moment : moment.slice(0, 10));

/** Days that no case has, by a slip or on purpose, say nothing: they would shut the case to everybody. */
function countable(facts: CaseFacts, today: string): CaseFacts {
  const { closedOn } = facts;
  return {
    ...facts,
    closedOn: closedOn === null || isCountable(closedOn) ? closedOn : today,
    posted: facts.posted.filter(({ on }) => isCountable(on)),
    set: facts.set.filter(({ from }) => isCountable(from)),
    done: facts.done.filter(({ on }) => isCountable(on)),
    filed: facts.filed.filter(({ on }) => isCountable(on)),
  };
}

/** Whoever starts a clock is believed; once it runs, only counsel moves it. */
function lastSet({ set }: CaseFacts, id: string, runs: boolean): { from: string; reason: string } | null {
  let now: { from: string; reason: string } | null = null;
  for (const each of set)
    if (each.deadline === id && (each.byCounsel || (!runs && now === null)))
      now = { from: each.from, reason: each.reason };
  return now;
}

/** Null: nothing of this case sets this clock going. */
function startOf(row: DeadlineRow, facts: CaseFacts): Start | null {
  const natural = naturalStart(row, facts);
  const set = lastSet(facts, row.id, natural !== null);
  if (set !== null) return { ...set, from: momentFor(row, set.from), provisional: false, steps: [] };
  return natural;
}

/** What the case itself sets going; every other trigger is recorded by somebody. */
function naturalStart(row: DeadlineRow, facts: CaseFacts): Start | null {
  if (row.trigger === "acknowledgement-sent") {
    const sent = facts.posted.find(({ duty }) => duty === "acknowledgement");
    return { from: sent?.on ?? facts.receivedOn, provisional: sent === undefined, reason: null, steps: [] };
  }
  if (row.trigger === "disclosure-received" || row.trigger === "first-disclosure")
    return { ...provisionalStart(row, facts.receivedOn), provisional: false };
  return incidentTriggers.has(row.trigger) && incidentRuns(row, facts) ? provisionalStart(row, facts.receivedOn) : null;
}

/** The last day on which this duty was done since its clock began; null: never. */
function doneOn(row: DeadlineRow, facts: CaseFacts, from: string): string | null {
  const days = [
    ...facts.done.filter(({ deadline }) => deadline === row.id).map(({ on }) => on),
    ...facts.filed.filter(({ deadlines }) => deadlines.includes(row.id)).map(({ on }) => on),
    ...postedFor(row, facts),
    ...(endsWithCase(row) && facts.closedOn !== null ? [facts.closedOn] : []),
  ];
  // What was done before, say for an earlier request, answers no later one.
  const since = days.filter((day) => day.slice(0, 10) >= from.slice(0, 10));
  const last = since.toSorted().at(-1);
  return last === undefined ? null : momentFor(row, last);
}

/** What is posted to the reporter answers the duties towards the reporter. */
function postedFor(row: DeadlineRow, { posted }: CaseFacts): string[] {
  if (row.trigger !== "disclosure-received") return [];
  // A repeated duty wants the update; any first word is an acknowledgement.
  return posted.filter(({ duty }) => !row.repeats || duty === "update").map(({ on }) => on);
}

/** Duties towards the reporter run until the case is closed with a message that says what came of it. */
const endsWithCase = (row: DeadlineRow): boolean =>
  row.trigger === "disclosure-received" || row.trigger === "acknowledgement-sent";

function dueOf(row: DeadlineRow, facts: CaseFacts, start: Start, done: string | null, holidays: Holidays): Due {
  if (row.repeats && done !== null) return dueAfter(row, done, holidays);
  const acknowledged = facts.posted.some(({ duty }) => duty === "acknowledgement");
  const due =
    row.withoutTrigger !== undefined && start.provisional && !acknowledged
      ? dueWithoutTrigger(row, start.from, holidays)
      : dueBy(row, start.from, holidays);
  return { ...due, steps: [...start.steps, ...due.steps] };
}

/** `now`: milliseconds since 1970-01-01T00:00:00Z. A day is over at its end in UTC. */
function stateOf({ target, latest }: Due, now: number): ClockState {
  const ends = (moment: string): number =>
    moment.includes("T") ? Date.parse(moment) : Date.parse(`${moment}T00:00:00Z`) + 86_400_000;
  if (now < ends(target)) return "due";
  return now < ends(latest) ? "grace" : "overdue";
}

/**
 * The clocks of one case, the next to fall due first, those that are done last.
 * @param rows in force, e.g. `deadlinesInForce(duties, today)`
 * @param now milliseconds since 1970-01-01T00:00:00Z
 */
export function clocksOf(said: CaseFacts, rows: readonly DeadlineRow[], now: number, holidays: Holidays): Clock[] {
  const facts = countable(said, textOfDay(Math.floor(now / 86_400_000)));
  const clocks = rows.flatMap((row): Clock[] => {
    if (row.scope === "inform" || row.kind === "floor") return [];
    const start = startOf(row, facts);
    if (start === null) return [];
    const done = doneOn(row, facts, start.from);
    const due = dueOf(row, facts, start, done, holidays);
    const over = done !== null && (!row.repeats || (endsWithCase(row) && facts.closedOn !== null));
    const { from, provisional, reason } = start;
    const state = over ? "done" : stateOf(due, now);
    return [{ ...due, row, from, provisional, reason, state, doneOn: over ? done : null }];
  });
  const last = (clock: Clock): number => (clock.state === "done" ? 1 : 0);
  return clocks.toSorted((a, b) => last(a) - last(b) || a.target.localeCompare(b.target));
}

/** The day on which the next duty falls due, in days since 1970-01-01: all that the server is told. Null: none. */
export function nextDay(clocks: readonly Clock[]): Day | null {
  const days = clocks.filter(({ state }) => state !== "done").map(({ target }) => dayOf(target.slice(0, 10))!);
  return days.length === 0 ? null : Math.min(...days);
}
