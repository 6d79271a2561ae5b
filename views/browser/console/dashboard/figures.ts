/** The dashboard's numbers. Pure: the cases that a member may read go in, and what they come to comes out. */
import { addMonths, partsOf } from "../../../../data/policy/deadlines/calendar.ts";
import { dueBy, dueWithoutTrigger, isCountable } from "../../../../data/policy/deadlines/count.ts";
import type { DeadlineRow } from "../../../../data/policy/deadlines/rows.ts";
import { endOf, quarterOf } from "../../../../data/policy/quarter.ts";
import { dayOf, textOfDay, type Day } from "../../../../data/policy/update-date.ts";
import type { CaseFigures } from "../../client/digest-types.ts";
import type { DashboardState } from "./dashboard-state.ts";
import { countTimes, type Times } from "./times.ts";

/** Days, both counted in; null: no bound. */
export interface Span {
  from: Day | null;
  to: Day | null;
}

export interface Count {
  /** As the cases have it. */
  key: string;
  count: number;
}

export const phaseNames = ["received", "open", "closed"] as const;

/** Cases that came in from `from` on, until the next column begins, by the phase in which they are now. */
export interface Column {
  from: Day;
  received: number;
  open: number;
  closed: number;
}

export type Step = "month" | "quarter" | "year";

export interface Figures {
  /** What all of this stands on. */
  cases: CaseFigures[];
  /** Marked as spam, and for that not counted. */
  spamLeftOut: number;
  received: { step: Step; columns: Column[] };
  /** The most frequent first. */
  categories: Count[];
  channels: Count[];
  /** Of closed cases; key "": none was recorded. */
  outcomes: Count[];
  acknowledged: Times;
  closed: Times;
  /** Now, whatever the period: the longest overdue first. */
  overdue: CaseFigures[];
  /** From today on, the next first. */
  dueSoon: CaseFigures[];
}

const week = 7;
/** Days from today on that are "soon". */
export const soonDays = 14;
/** Columns that one can still tell apart. */
const mostColumns = 24;
const monthsOf: Record<Step, number> = { month: 1, quarter: 3, year: 12 };

const monthOf = (day: Day): Day => day - partsOf(day).day + 1;
const monthIndex = (day: Day): number => partsOf(day).year * 12 + partsOf(day).month - 1;

/** The days of a chosen period, or which of the two typed dates is wrong. */
export function spanOf({ period, from, to }: DashboardState, today: Day): Span | { wrong: "from" | "to" } {
  const end = endOf(quarterOf(today)) - 1;
  switch (period) {
    case "quarter":
      return { from: addMonths(end + 1, -3), to: end };
    case "quarters":
      return { from: addMonths(end + 1, -12), to: end };
    case "all":
      return { from: null, to: null };
    case "own": {
      const span = { from: dayOf(from), to: dayOf(to) };
      if (from !== "" && span.from === null) return { wrong: "from" };
      const backwards = span.from !== null && span.to !== null && span.to < span.from;
      return backwards || (to !== "" && span.to === null) ? { wrong: "to" } : span;
    }
  }
  return { from: dayOf(`${period}-01-01`), to: dayOf(`${period}-12-31`) };
}

/** Years in which a case was received, the newest first. */
export function yearsOf(cases: readonly CaseFigures[]): string[] {
  return [...new Set(cases.map(({ receivedOn }) => receivedOn.slice(0, 4)))].sort().reverse();
}

/** Ids of the channels by which cases came. */
export function channelsOf(cases: readonly CaseFigures[]): string[] {
  return [...new Set(cases.map(({ channel }) => channel))].sort();
}

export interface Asked {
  span: Span;
  /** "": all. */
  channel: string;
  spam: boolean;
  today: Day;
  /** The duties that apply here. */
  rows: readonly DeadlineRow[];
}

export function countFigures(known: readonly CaseFigures[], { span, channel, spam, today, rows }: Asked): Figures {
  const ofChannel = known.map(withSoundDays).filter((each) => channel === "" || each.channel === channel);
  const counted = ofChannel.filter((each) => spam || !each.spam);
  const inSpan = (each: CaseFigures): boolean => isWithin(dayOf(each.receivedOn), span);
  const cases = counted.filter(inSpan);
  const due = counted
    .filter(({ dueOn }) => dueOn !== null)
    .sort((a, b) => order(a.dueOn ?? "", b.dueOn ?? "") || order(a.caseId, b.caseId));
  const now = textOfDay(today);
  const soon = textOfDay(today + soonDays);
  return {
    cases,
    spamLeftOut: ofChannel.filter(inSpan).length - cases.length,
    received: columnsOf(cases, span, today),
    categories: countBy(cases, ({ category }) => category),
    channels: countBy(cases, (each) => each.channel),
    outcomes: countBy(
      cases.filter(({ phase }) => phase === "closed"),
      ({ disposition }) => disposition ?? "",
    ),
    acknowledged: countTimes(cases, ({ acknowledgedOn }) => acknowledgedOn, acknowledgementLimits(rows), today),
    // Closed some day, but nobody knows when: no time can be told.
    closed: countTimes(
      cases.filter(({ phase, closedOn }) => phase !== "closed" || closedOn !== null),
      ({ phase, closedOn }) => (phase === "closed" ? closedOn : null),
      feedbackLimits(rows),
      today,
    ),
    overdue: due.filter(({ dueOn }) => (dueOn ?? "") < now),
    dueSoon: due.filter(({ dueOn }) => (dueOn ?? "") >= now && (dueOn ?? "") <= soon),
  };
}

/** Days that other people's browsers wrote: what cannot be counted from is as if it were not there. */
function withSoundDays(each: CaseFigures): CaseFigures {
  const sound = (day: string | null): string | null => (day !== null && isCountable(day) ? day : null);
  return {
    ...each,
    receivedOn: sound(each.receivedOn) ?? "",
    acknowledgedOn: sound(each.acknowledgedOn),
    closedOn: sound(each.closedOn),
    dueOn: sound(each.dueOn),
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function isWithin(day: Day | null, { from, to }: Span): boolean {
  return day !== null && (from === null || day >= from) && (to === null || day <= to);
}

function countBy(cases: readonly CaseFigures[], keyOf: (each: CaseFigures) => string): Count[] {
  const counts = new Map<string, number>();
  for (const each of cases) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1);
  return [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => b.count - a.count || order(a.key, b.key));
}

/**
 * Months, or what is longer where months would be too many. A period with a beginning is shown from there until
 * today; one without, and one that somebody typed, from the first case to the last.
 */
function columnsOf(cases: readonly CaseFigures[], span: Span, today: Day): Figures["received"] {
  const days = cases.map(({ receivedOn }) => dayOf(receivedOn)).filter((day) => day !== null);
  if (days.length === 0) return { step: "month", columns: [] };
  const [first, last] = days.reduce(
    ([low, high], day) => [Math.min(low, day), Math.max(high, day)],
    [days[0]!, days[0]!],
  );
  // A year that somebody typed may be far from any case.
  const wide = span.from === null || monthIndex(first) - monthIndex(span.from) >= mostColumns;
  const from = monthOf(wide ? first : (span.from ?? first));
  const to = Math.max(last, wide ? last : Math.min(span.to ?? last, today));
  const months = monthIndex(to) - monthIndex(from) + 1;
  const step = months <= mostColumns ? "month" : months <= 3 * mostColumns ? "quarter" : "year";
  const length = monthsOf[step];
  const start = addMonths(from, -(monthIndex(from) % length));
  const columns = Array.from({ length: Math.floor((monthIndex(to) - monthIndex(start)) / length) + 1 }, (_, i) => ({
    from: addMonths(start, i * length),
    received: 0,
    open: 0,
    closed: 0,
  }));
  for (const { receivedOn, phase } of cases) {
    const index = Math.floor((monthIndex(dayOf(receivedOn) ?? start) - monthIndex(start)) / length);
    columns[index]![phase] += 1;
  }
  return { step, columns };
}

/** Something that law asks for by a day, counted from a case's own days. */
export interface Limit {
  /** null: seven days, which no law here asks for. */
  row: DeadlineRow | null;
  /** YYYY-MM-DD, the last day on which it is in time. */
  lastDay(of: CaseFigures): string;
}

/** Any first word is an acknowledgement; the monthly updates are another duty. Seven days are always asked about. */
function acknowledgementLimits(rows: readonly DeadlineRow[]): Limit[] {
  const asked = rows.filter(
    ({ scope, kind, repeats, trigger, rule }) =>
      scope === "disclosure" && kind === "by" && !repeats && trigger === "disclosure-received" && rule !== "H",
  );
  const limits = asked.map((row): Limit => {
    const latest = remembered((from) => dueBy(row, from).latest);
    return { row, lastDay: ({ receivedOn }) => latest(receivedOn) };
  });
  if (asked.some(({ unit, amount }) => unit === "day" && amount === week)) return limits;
  return [{ row: null, lastDay: ({ receivedOn }) => textOfDay((dayOf(receivedOn) ?? 0) + week) }, ...limits];
}

/** No law sets a day for closing: what is asked for is feedback, and who closed the case by then has given it. */
function feedbackLimits(rows: readonly DeadlineRow[]): Limit[] {
  const asked = rows.filter(
    ({ scope, kind, trigger, withoutTrigger }) =>
      scope === "disclosure" && kind === "by" && trigger === "acknowledgement-sent" && withoutTrigger !== undefined,
  );
  return asked.map((row) => {
    const latest = remembered((from) => dueBy(row, from).latest);
    const latestWithout = remembered((from) => dueWithoutTrigger(row, from).latest);
    return {
      row,
      lastDay: ({ receivedOn, acknowledgedOn }) =>
        acknowledgedOn === null ? latestWithout(receivedOn) : latest(acknowledgedOn),
    };
  });
}

/** Ten thousand cases come from some hundred days, and counting makes words for each step of it. */
function remembered(count: (from: string) => string): (from: string) => string {
  const known = new Map<string, string>();
  return (from) => {
    const last = known.get(from) ?? count(from);
    known.set(from, last);
    return last;
  };
}
