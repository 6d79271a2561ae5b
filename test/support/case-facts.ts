/** Facts of a case and its clocks, for tables of tests. Received on Friday 18 December 2026. */
import { clocksOf, type CaseFacts, type Clock } from "../../data/policy/case-clocks.ts";
import { courtHolidays } from "../../data/policy/deadlines/holidays.ts";
import { builtInDeadlines } from "../../data/policy/deadlines/rows.ts";
import { incidentTests, type Verdict } from "../../data/policy/incident.ts";

export const nothing: CaseFacts = {
  receivedOn: "2026-12-18",
  assessedOn: null,
  categories: [],
  saidImminent: false,
  closedOn: null,
  reopenedOn: null,
  posted: [],
  set: [],
  done: [],
  triage: null,
  filed: [],
};

export const at = (moment: string): number => Date.parse(moment.includes("T") ? moment : `${moment}T12:00:00Z`);
export const clocks = (facts: Partial<CaseFacts>, now = "2027-01-15"): Clock[] =>
  clocksOf({ ...nothing, ...facts }, builtInDeadlines, at(now), courtHolidays);
export const find = (all: readonly Clock[], id: string): Clock | undefined => all.find(({ row }) => row.id === id);

/** Acts as the team's stream has them, each at its place. */
export const set = (seq: number, deadline: string, from: string, byCounsel = false): CaseFacts["set"][number] => {
  return { seq, by: byCounsel ? 2 : 1, deadline, from, reason: "…", byCounsel };
};
export const done = (
  seq: number,
  deadline: string,
  on: string,
  how: "done" | "exception" = "done",
): CaseFacts["done"][number] => ({ seq, deadline, on, how });
export const filed = (seq: number, deadlines: string[], on: string): CaseFacts["filed"][number] => ({
  seq,
  deadlines,
  on,
});
export const found = (
  tests: Record<string, Verdict>,
  imminent: "yes" | "no" | "unsure",
  seq = 1,
): NonNullable<CaseFacts["triage"]> => ({ seq, tests, imminent });

export const all = (verdict: Verdict) => Object.fromEntries(incidentTests.map(({ id }) => [id, verdict]));
export const csi = { categories: ["csi-1"] };
