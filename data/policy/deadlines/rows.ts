/** Duties with a day by which they fall due: law as data. What counts them is in count.ts. Not legal advice. */
import table from "../deadlines.json" with { type: "json" };

/** What each means, with its source: docs/DEADLINES.md. */
export const countingRules = ["CA", "H", "M", "Q", "EU", "CAL"] as const;
export type CountingRule = (typeof countingRules)[number];

export const jurisdictions = ["US-CA", "US-IL", "US-NY", "US", "EU"] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

/** Who owes it: a large frontier developer, any frontier developer, whoever handles reports, keeps data, or reports. */
export const actors = ["LFD", "FD", "handler", "controller", "reporter"] as const;
export type Actor = (typeof actors)[number];

/** What the clock is of: one report, one incident, one person's request, the organisation; or only told to people. */
export const scopes = ["disclosure", "incident", "request", "organisation", "inform"] as const;
export type Scope = (typeof scopes)[number];

/** What sets a clock going. */
export const triggers = [
  "disclosure-received",
  "first-disclosure",
  "acknowledgement-sent",
  "incident-discovered",
  "incident-believed",
  "imminent-risk",
  "breach-known",
  "request-received",
  "last-notice",
  "last-remote-notice",
  "last-summary",
  "last-review",
  "framework-modified",
  "deployment",
  "redaction-published",
  "retaliation-known",
] as const;
export type Trigger = (typeof triggers)[number];

export const units = ["hour", "day", "month", "quarter", "year"] as const;
export type Unit = (typeof units)[number];

/** `by`: to be done by then. `floor`: to be kept at least until then. */
export const kinds = ["by", "floor"] as const;
export type Kind = (typeof kinds)[number];

export interface DeadlineRow {
  /** "CA_CSI" */
  id: string;
  jurisdiction: Jurisdiction;
  actor: Actor;
  scope: Scope;
  trigger: Trigger;
  amount: number;
  unit: Unit;
  rule: CountingRule;
  repeats: boolean;
  kind: Kind;
  /** Where the trigger never came: its place is taken by this many days after another one, counted by the same rule. */
  withoutTrigger?: { trigger: Trigger; days: number } | undefined;
  /** YYYY-MM-DD from which the row applies; null: it already does. */
  inForce: string | null;
  citation: string;
  /** When the law was looked up (YYYY-MM), and whether in its own words. */
  source: { asOf: string; read: boolean; url?: string | undefined };
  /** Words, with namespace: the duty, what sets the clock going, and when it is otherwise. */
  titleKey?: string | undefined;
  triggerKey?: string | undefined;
  exceptionKey?: string | undefined;
  /** The same of an operator's own row, as the operator wrote it: text only. */
  title?: string | undefined;
  triggerText?: string | undefined;
  exceptionText?: string | undefined;
}

/** The file is ours and a test holds it to this shape; names are plain strings to the compiler. */
export const builtInDeadlines = table.deadlines as readonly DeadlineRow[];

export function findDeadline(rows: readonly DeadlineRow[], id: string): DeadlineRow | null {
  return rows.find((row) => row.id === id) ?? null;
}
