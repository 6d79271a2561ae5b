/** Cells of a CSV file that a spreadsheet will open. */

/** A spreadsheet takes a cell that begins so for a formula, also behind apostrophes of ours and in full width. */
const formula = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const neutralised = /^'(?='*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/;

/** The cell as no spreadsheet carries it out: with one apostrophe more where it would. */
export function neutralCell(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** What `neutralCell` was given. */
export function plainCell(cell: string): string {
  return cell.replace(neutralised, "");
}
