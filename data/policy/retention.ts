/**
 * How long a closed case is kept: a proposal by outcome and category, never a rule. Pure; it is asked in a reader's
 * browser, because the server knows neither. Not legal advice.
 */
import type { Disposition } from "../../crypto/dispositions.ts";
import { PortalError } from "../../crypto/errors.ts";
import { addMonths } from "./deadlines/calendar.ts";
import table from "./retention.json" with { type: "json" };
import { spamGoesOn } from "./spam.ts";
import { dayOf, textOfDay, type Day } from "./update-date.ts";

export interface RetentionRow {
  /** "EMPLOYMENT" */
  id: string;
  /** Values of the question about categories; not there: all, and reports that name none. */
  categories?: readonly string[] | undefined;
  /** Not there: all. */
  dispositions?: readonly Disposition[] | undefined;
  /** Calendar months after the day of closing. */
  months: number;
  /** Why, as words with namespace; an operator's own row has `basis` in its place: text only. */
  basisKey?: string | undefined;
  basis?: string | undefined;
  citation: string;
  /** When it was looked up (YYYY-MM), and whether in its own words. */
  source: { asOf: string; read: boolean; url?: string | undefined };
}

/** What an operator sets in place of ours. */
export interface RetentionFile {
  /** Ids of rows of ours that do not apply. The last one always does. */
  off?: string[] | undefined;
  /** They come before ours; one without categories and dispositions decides everything. */
  rows?: RetentionRow[] | undefined;
}

/** The file is ours and a test holds it to this shape. The first row that fits decides; the last one fits all. */
export const builtInRetention = table.rows as readonly RetentionRow[];

/** Rows in the order in which they are asked. Null: no file, so ours alone. */
export function retentionOf(file: RetentionFile | null): RetentionRow[] {
  const { off = [], rows = [] } = file ?? {};
  const last = builtInRetention.at(-1);
  return [...rows, ...builtInRetention.filter((row) => row === last || !off.includes(row.id))];
}

/** What a reader knows of a closed case. */
export interface ClosedCase {
  /** YYYY-MM-DD */
  closedOn: string;
  /** As the reporter ticked them, or the readers' own; none where nobody said. */
  categories: readonly string[];
  disposition: Disposition;
}

export interface Proposal {
  /** YYYY-MM-DD; may be over when the case was closed long ago. */
  deleteOn: string;
  /** Null: it was spam, which no row of ours is about. */
  row: RetentionRow | null;
}

function fits(row: RetentionRow, { categories, disposition }: ClosedCase): boolean {
  const category = row.categories === undefined || row.categories.some((each) => categories.includes(each));
  return category && (row.dispositions === undefined || row.dispositions.includes(disposition));
}

/** When policy would delete this case, and by which row. @throws PortalError "format": no such day */
export function proposeDeletion(closed: ClosedCase, rows: readonly RetentionRow[] = builtInRetention): Proposal {
  const from = dayOf(closed.closedOn);
  if (from === null) throw new PortalError("format", "there is no such day, written YYYY-MM-DD");
  const row = rows.find((each) => fits(each, closed)) ?? builtInRetention.at(-1)!;
  // Rows of ours are about reports; an operator's own row may well be about spam.
  const isOurs = builtInRetention.some(({ id }) => id === row.id);
  if (closed.disposition === "spam" && isOurs) return { deleteOn: spamGoesOn(closed.closedOn), row: null };
  return { deleteOn: textOfDay(addMonths(from, row.months)), row };
}

/** Days before the deletion from which a case says so, the most pressing first. */
const pressing = [
  ["today", 0],
  ["soon", 7],
  ["month", 30],
] as const;
export type DeletionWarning = (typeof pressing)[number][0] | "blocked";

/**
 * What readers are warned of: that a case is about to go, or that a hold keeps it although its day has come or is near.
 * Null: no date, or a far one.
 */
export function deletionWarning(deleteOn: Day | null, hold: boolean, today: Day): DeletionWarning | null {
  if (deleteOn === null) return null;
  const [warning] = pressing.find(([, days]) => deleteOn - today <= days) ?? [null];
  return warning !== null && hold ? "blocked" : warning;
}
