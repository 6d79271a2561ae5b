/** The list of cases behind the dashboard's tables, as a file for a spreadsheet. */
import { formatCsv } from "../../client/csv.ts";
import type { CaseFigures } from "../../client/digest-types.ts";

/** In English and never translated: for who reads the file with a program. */
const columns = [
  "case",
  "received",
  "channel",
  "category",
  "phase",
  "outcome",
  "acknowledged",
  "closed",
  "due",
  "severity",
  "spam",
];

/** What the dashboard counts of each case, and nothing that somebody wrote. Days are YYYY-MM-DD. */
export function formatCases(cases: readonly CaseFigures[], nameOf: (caseId: string) => string): string {
  const rows = cases.map((each) => [
    nameOf(each.caseId),
    each.receivedOn,
    each.channel,
    each.category,
    each.phase,
    each.disposition ?? "",
    each.acknowledgedOn ?? "",
    each.closedOn ?? "",
    each.dueOn ?? "",
    each.severity,
    each.spam ? "yes" : "no",
  ]);
  return formatCsv([columns, ...rows]);
}
