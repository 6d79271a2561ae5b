/**
 * Critical safety incidents by two definitions that differ: Bus. & Prof. Code § 22757.11(d), which the duty to
 * report follows, and Labor Code § 1107(c), which protects who speaks of it. Both are tried. Not legal advice.
 */
import table from "./incident.json" with { type: "json" };
import type { DeadlineRow } from "./deadlines/rows.ts";

export const incidentLaws = ["bpc", "lc"] as const;
export type IncidentLaw = (typeof incidentLaws)[number];
export const incidentTypes = ["weights", "harm", "control", "deception"] as const;
export type IncidentType = (typeof incidentTypes)[number];

/** Words: `incident:test.<id>.…`. */
export interface IncidentTest {
  id: string;
  type: IncidentType;
  law: IncidentLaw;
  citation: string;
  source: { asOf: string; read: boolean };
}

/** The file is ours and a test holds it to this shape. */
export const incidentTests = table.tests as readonly IncidentTest[];

export type Verdict = "met" | "not-met" | "unsure";
export type YesNo = "yes" | "no" | "unsure";

/** What somebody found; a test that is not named is unsure. */
export interface Triage {
  tests: Readonly<Record<string, Verdict>>;
  imminent: YesNo;
}

/** By one law: one test that is met makes it an incident, and only all that are not met make it none. */
export function outcomeBy(law: IncidentLaw, { tests }: Pick<Triage, "tests">): Verdict {
  const verdicts = incidentTests
    .filter((test) => test.law === law)
    .map(({ id }) => (Object.hasOwn(tests, id) ? tests[id]! : "unsure"));
  if (verdicts.includes("met")) return "met";
  return verdicts.every((verdict) => verdict === "not-met") ? "not-met" : "unsure";
}

/** Categories of the questionnaires that may be such an incident, by what the reporter ticked. */
export function mayBeIncident(categories: readonly string[]): boolean {
  return categories.some((category) => category.startsWith("csi-"));
}

/** What is known before anybody looked, and what somebody found. */
export interface Suspicion {
  categories: readonly string[];
  /** The reporter said that people are in danger now. */
  saidImminent: boolean;
  triage: Triage | null;
}

/**
 * Whether an incident's clock runs. Before anybody looked, it runs for whatever may be one; afterwards it stops
 * only when every test says no. Being unsure never stops a clock. Illinois and New York define the same kinds of
 * incident; until 2027 nobody has tried their words here, so the Business and Professions Code's tests stand for them.
 */
export function incidentRuns(row: DeadlineRow, { categories, saidImminent, triage }: Suspicion): boolean {
  if (triage === null) return mayBeIncident(categories) || (saidImminent && row.trigger === "imminent-risk");
  if (outcomeBy("bpc", triage) === "not-met") return false;
  return row.trigger !== "imminent-risk" || triage.imminent !== "no";
}
