/** Tables as files for a spreadsheet (RFC 4180). */
import { stringify } from "csv-stringify/browser/esm/sync";
import { neutralCell } from "../../../data/policy/csv-cell.ts";

/**
 * With the mark by which spreadsheets know UTF-8, or they garble accents. All cells are in quotation marks, or those
 * that take semicolons for commas would find new cells within.
 */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  const safe = rows.map((cells) => cells.map(neutralCell));
  return stringify(safe, { bom: true, quoted: true, record_delimiter: "windows" });
}
