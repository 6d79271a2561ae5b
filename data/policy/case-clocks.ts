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

/** What is known of a case. Days are YYYY-MM-DD; instants end in Z. `seq`: place of the act in the team's stream. */
export interface CaseFacts {
  /** Its arrival, `receivedAt`: the server keeps the day only, UTC. */
  receivedOn: string;
  /** A human read it and began to assess it, `assessedAt`; null: not yet. */
  assessedOn: string | null;
  categories: readonly string[];
  /** The reporter's own answer. */
  saidImminent: boolean;
  /** The day of the decision that closed it; null: it is not closed. */
  closedOn: string | null;
  /** The day on which it was last opened again; null: it never was. */
  reopenedOn: string | null;
  /** Acknowledgements and updates, oldest first. */
  posted: readonly { duty: "acknowledgement" | "update"; on: string }[];
  /** Clocks that somebody set or re-based, oldest first, each with its reason. `by`: person id. */
  set: readonly { seq: number; by: number; deadline: string; from: string; reason: string; byCounsel: boolean }[];
  /** Duties that were done, or rested by an exception, oldest first. */
  done: readonly { seq: number; deadline: string; on: string; how: "done" | "exception" }[];
  triage: (Triage & { seq: number }) | null;
  /** Reports to authorities that were filed. `seq`: of the act that says so. */
  filed: readonly { seq: number; deadlines: readonly string[]; on: string }[];
}

/** `due`: its target is to come. `grace`: the target is over, the law's latest is not. */
export type ClockState = "due" | "grace" | "overdue" | "done";

/** Why a duty is over: it was done, done after the law's latest, not owed, or the case was closed. */
export type Ending = "done" | "late" | "exception" | "closed";

export interface Clock extends Due {
  row: DeadlineRow;
  from: string;
  /** Counted from the earliest that it can have been, because nobody said better. */
  provisional: boolean;
  /** Who set or re-based it (person id), why, and from when it would count otherwise; null: nobody did. */
  set: { by: number; reason: string; otherwise: string | null } | null;
  state: ClockState;
  /** Of a duty that is over; null: it is not. */
  ended: { on: string; how: Ending } | null;
}

const msPerDay = 86_400_000;
const incidentTriggers: ReadonlySet<Trigger> = new Set(["incident-discovered", "incident-believed", "imminent-risk"]);

/** A day of arrival begins, UTC, while it is still the day before in the Americas: counting may not begin later than that. */
const beginsDayBefore = (row: DeadlineRow): boolean => row.jurisdiction.startsWith("US") && row.rule !== "H";

/** Duties towards the reporter: what is posted does them, nothing sets them, and closing the case ends them. */
const towardsReporter = ({ trigger }: DeadlineRow): boolean =>
  trigger === "disclosure-received" || trigger === "acknowledgement-sent";

/** Only writing to the reporter does these; nobody can record them as done. */
export const doneByWriting = ({ trigger }: DeadlineRow): boolean => trigger === "disclosure-received";

/** Whether counsel may say that it starts at another time: of what the portal itself saw, nobody can. */
export const mayRebase = (row: DeadlineRow): boolean => !towardsReporter(row);

interface Start {
  from: string;
  /** Acts before this one say nothing of this turn of the clock. */
  seq: number;
  provisional: boolean;
  set: Clock["set"];
  byCounsel: boolean;
  steps: CountingStep[];
}

const unset = { seq: -1, set: null, byCounsel: false };

function arrivalStart(row: DeadlineRow, receivedOn: string): Start {
  const base = { ...unset, provisional: true };
  if (row.rule === "H") return { ...base, from: startOfDay(receivedOn), steps: [] };
  if (!beginsDayBefore(row)) return { ...base, from: receivedOn, steps: [] };
  const from = textOfDay(dayOf(receivedOn)! - 1);
  return { ...base, from, steps: [{ key: "duties:step.dayBefore", values: { from, received: receivedOn } }] };
}

/** A law that applies only since is owed no earlier: what comes again begins there, the rest was never owed. */
function sinceInForce(row: DeadlineRow, start: Start): Start | null {
  const { inForce } = row;
  if (inForce === null || start.from.slice(0, 10) >= inForce) return start;
  if (!row.repeats) return null;
  return { ...start, from: inForce, steps: [{ key: "duties:step.inForce", values: { inForce } }] };
}

/** What the case itself sets going; every other trigger is recorded by somebody. */
function naturalStart(row: DeadlineRow, facts: CaseFacts): Start | null {
  if (row.trigger === "acknowledgement-sent") return feedbackStart(row, facts);
  const arrived = arrivalStart(row, facts.receivedOn);
  if (row.trigger === "disclosure-received" || row.trigger === "first-disclosure")
    return sinceInForce(row, { ...arrived, provisional: false });
  return incidentTriggers.has(row.trigger) && incidentRuns(row, facts) ? sinceInForce(row, arrived) : null;
}

/** From the first word to the reporter. One that came after its own day puts nothing off. */
function feedbackStart({ withoutTrigger }: DeadlineRow, { posted, receivedOn }: CaseFacts): Start {
  const sent = posted.map(({ on }) => on).toSorted()[0];
  const base = { ...unset, from: sent ?? receivedOn, provisional: sent === undefined, steps: [] };
  if (withoutTrigger === undefined || sent === undefined) return base;
  const by = textOfDay(dayOf(receivedOn)! + withoutTrigger.days);
  if (sent <= by) return base;
  return { ...base, from: by, steps: [{ key: "duties:step.lateWord", values: { sent, from: by } }] };
}

/** Whether acts from one place of the stream to another say that the duty is done. */
function endedBetween({ id }: DeadlineRow, { done, filed }: CaseFacts, after: number, before: number): boolean {
  const within = ({ seq }: { seq: number }): boolean => seq > after && seq < before;
  return (
    done.some((act) => within(act) && act.deadline === id) ||
    filed.some((act) => within(act) && act.deadlines.includes(id))
  );
}

/** Where days count, of an instant only the day does. */
const momentFor = ({ rule }: DeadlineRow, moment: string): string => (rule === "H" ? moment : moment.slice(0, 10));

/**
 * Whoever starts a clock is believed, and whoever knows of an earlier start. Once it runs, only counsel moves it to
 * a later one. Null: nothing of this case sets this clock going, or somebody found since that it is no such incident.
 */
function startOf(row: DeadlineRow, facts: CaseFacts): Start | null {
  const natural = naturalStart(row, facts);
  if (towardsReporter(row)) return natural;
  let start = natural;
  for (const { seq, by, deadline, from, reason, byCounsel } of facts.set) {
    if (deadline !== row.id) continue;
    const rests = start === null || (!row.repeats && endedBetween(row, facts, start.seq, seq));
    if (!byCounsel && !rests && (start!.byCounsel || from >= start!.from)) continue;
    const otherwise = natural?.from ?? null;
    start = {
      from: momentFor(row, from),
      seq,
      provisional: false,
      set: { by, reason, otherwise },
      byCounsel,
      steps: [],
    };
  }
  const { triage } = facts;
  const stopped = incidentTriggers.has(row.trigger) && triage !== null && !incidentRuns(row, facts);
  return start !== null && stopped && triage.seq > start.seq ? null : start;
}

/** Days on which this turn of the duty was done, or rested. */
function endings(row: DeadlineRow, facts: CaseFacts, { seq: after }: Start): { on: string; how: Ending }[] {
  if (doneByWriting(row)) return postedFor(row, facts).map((on) => ({ on, how: "done" }));
  return [
    ...facts.done.filter(({ seq, deadline }) => seq > after && deadline === row.id),
    ...facts.filed
      .filter(({ seq, deadlines }) => seq > after && deadlines.includes(row.id))
      .map(({ on }) => ({ on, how: "done" as const })),
  ];
}

/** What is posted to the reporter answers the duties towards the reporter. */
function postedFor(row: DeadlineRow, { posted, reopenedOn }: CaseFacts): string[] {
  // A repeated duty wants the update; any first word is an acknowledgement.
  const days = posted.filter(({ duty }) => !row.repeats || duty === "update").map(({ on }) => on);
  // While a case is closed no update is owed: opening it again begins a new month.
  return row.repeats && reopenedOn !== null ? [...days, reopenedOn] : days;
}

/** The first time that it was done; of what comes again the last. Null: never. */
function endOf(row: DeadlineRow, facts: CaseFacts, start: Start): { on: string; how: Ending } | null {
  const byDay = endings(row, facts, start)
    .map(({ on, how }) => ({ on: momentFor(row, on), how }))
    .toSorted((a, b) => a.on.localeCompare(b.on));
  return byDay.at(row.repeats ? -1 : 0) ?? null;
}

/** Whether nothing more is owed of it in this case. */
function isOver(row: DeadlineRow, { closedOn }: CaseFacts, end: { on: string } | null): boolean {
  if (closedOn !== null && towardsReporter(row)) return true;
  if (end === null) return false;
  // A closed case has nothing new to share once its end was shared.
  return !row.repeats || (row.trigger === "first-disclosure" && closedOn !== null && end.on >= closedOn);
}

function dueOf(row: DeadlineRow, start: Start, end: { on: string } | null, holidays: Holidays): Due {
  if (row.repeats && end !== null) return dueAfter(row, end.on, holidays);
  const due =
    row.withoutTrigger !== undefined && start.provisional
      ? dueWithoutTrigger(row, start.from, holidays)
      : dueBy(row, start.from, holidays);
  return { ...due, steps: [...start.steps, ...due.steps] };
}

/** Clocks of devices differ by so much; a day further ahead is a slip or a lie, and puts nothing off. */
const daysAhead = 1;

/** Days that no case has, by a slip or on purpose, say nothing: they would shut the case to everybody, or silence a clock. */
function believable(facts: CaseFacts, now: number): CaseFacts {
  const today = Math.floor(now / msPerDay);
  const last = textOfDay(today + daysAhead);
  const isSo = (moment: string): boolean => isCountable(moment) && moment.slice(0, 10) <= last;
  const { closedOn, reopenedOn } = facts;
  return {
    ...facts,
    closedOn: closedOn === null || isSo(closedOn) ? closedOn : textOfDay(today),
    reopenedOn: reopenedOn === null || isSo(reopenedOn) ? reopenedOn : null,
    posted: facts.posted.filter(({ on }) => isSo(on)),
    set: facts.set.filter(({ from }) => isSo(from)),
    done: facts.done.filter(({ on }) => isSo(on)),
    filed: facts.filed.filter(({ on }) => isSo(on)),
  };
}

const endOfMoment = (moment: string): number =>
  moment.includes("T") ? Date.parse(moment) : Date.parse(`${moment}T00:00:00Z`) + msPerDay;

/** `now`: milliseconds since 1970-01-01T00:00:00Z. A day is over at its end in UTC. */
function stateOf({ target, latest }: Due, now: number): ClockState {
  if (now < endOfMoment(target)) return "due";
  return now < endOfMoment(latest) ? "grace" : "overdue";
}

/** How it ended, told from what closing alone ended and from what came after the law's latest. */
function endingOf(facts: CaseFacts, end: { on: string; how: Ending } | null, { latest }: Due): Clock["ended"] {
  if (end === null) return { on: facts.closedOn!, how: "closed" };
  // Where only a day is known, the day of an hour counts as in time.
  const since = end.on.length > latest.length ? latest : latest.slice(0, end.on.length);
  const late = end.how === "done" && end.on.slice(0, since.length) > since;
  return { on: end.on, how: late ? "late" : end.how };
}

function clockOf(row: DeadlineRow, facts: CaseFacts, now: number, holidays: Holidays): Clock | null {
  if (row.scope === "inform" || row.kind === "floor") return null;
  const start = startOf(row, facts);
  if (start === null) return null;
  const end = endOf(row, facts, start);
  const due = dueOf(row, start, end, holidays);
  const over = isOver(row, facts, end);
  const { from, provisional, set } = start;
  // Updates are done until the next one is due; it is the closing that ends them.
  const last = row.repeats && towardsReporter(row) ? null : end;
  const ended = over ? endingOf(facts, last, due) : null;
  return { ...due, row, from, provisional, set, state: over ? "done" : stateOf(due, now), ended };
}

/**
 * The clocks of one case, the next to fall due first, those that are done last.
 * @param rows in force, e.g. `deadlinesInForce(duties, today)`
 * @param now milliseconds since 1970-01-01T00:00:00Z
 */
export function clocksOf(facts: CaseFacts, rows: readonly DeadlineRow[], now: number, holidays: Holidays): Clock[] {
  const believed = believable(facts, now);
  const clocks = rows.map((row) => clockOf(row, believed, now, holidays)).filter((clock) => clock !== null);
  const last = (clock: Clock): number => (clock.state === "done" ? 1 : 0);
  return clocks.toSorted((a, b) => last(a) - last(b) || endOfMoment(a.target) - endOfMoment(b.target));
}

/** Incident's clocks that would run if nobody had found that it is no such incident. */
export function stoppedRows(facts: CaseFacts, rows: readonly DeadlineRow[]): DeadlineRow[] {
  if (facts.triage === null) return [];
  const before = { ...facts, triage: null };
  const incident = rows.filter(({ trigger }) => incidentTriggers.has(trigger));
  return incident.filter((row) => startOf(row, facts) === null && startOf(row, before) !== null);
}

/**
 * The last whole day, UTC, before a moment is over. Lists, reminders and calendars hold days only: of what is due at
 * ten o'clock, they name the day before.
 */
export function lastDayFor(moment: string): Day {
  return moment.includes("T") ? Math.max(0, Math.floor(Date.parse(moment) / msPerDay) - 1) : dayOf(moment)!;
}

/** The day on which the next duty falls due, in days since 1970-01-01: all that the server is told. Null: none. */
export function nextDay(clocks: readonly Clock[]): Day | null {
  const days = clocks.filter(({ state }) => state !== "done").map(({ target }) => lastDayFor(target));
  return days.length === 0 ? null : Math.min(...days);
}
