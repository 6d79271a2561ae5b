/** The list of people as a CSV file (RFC 4180), in and out. What is wrong is said with its line, and then nothing is taken. */
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { neutralCell, plainCell } from "../../data/policy/csv-cell.ts";
import {
  mostPeople,
  nameKey,
  personInputShape,
  type ListedPerson,
  type NoticePerson,
  type PersonInput,
} from "../../data/policy/notice/roster.ts";
import { dayOf } from "../../data/policy/update-date.ts";

/** Key with namespace "noticedesk". */
export interface CsvProblem {
  /** From 1, the heading's; 0: the file as a whole. */
  line: number;
  key: string;
  values: Record<string, string | number>;
}

export const columns = ["name", "since", "remote", "removed"] as const;
const mostProblems = 20;
const yes = new Set(["yes", "true", "1", "y", "x"]);
const no = new Set(["no", "false", "0", "n", ""]);

export type CsvPeople = { is: "people"; people: ListedPerson[] } | { is: "wrong"; problems: CsvProblem[] };

/** `text`: heading line first; the column "name" must be there, the others may be. */
export function parsePeople(text: string): CsvPeople {
  // What was not UTF-8 has become this sign: names with accents would be on the list a second time, garbled.
  const unread = text.indexOf("\ufffd");
  if (unread !== -1) return wrong(text.slice(0, unread).split("\n").length, "noticedesk:csv.encoding");
  const read = readRows(text);
  if ("problem" in read) return { is: "wrong", problems: [read.problem] };
  const [heading, ...rows] = read.rows;
  const names = heading?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const unknown = names.find((name) => !(columns as readonly string[]).includes(name));
  if (!names.includes("name")) return wrong(1, "noticedesk:csv.noName");
  if (unknown !== undefined) return wrong(1, "noticedesk:csv.column", { column: unknown, known: columns.join(", ") });
  if (rows.length === 0) return wrong(1, "noticedesk:csv.empty");
  if (rows.length > mostPeople) return wrong(0, "noticedesk:csv.tooMany", { number: mostPeople });

  const problems: CsvProblem[] = [];
  const people: ListedPerson[] = [];
  const seen = new Map<string, number>();
  for (const { cells, line } of rows) {
    const cell = (name: string): string => plainCell((cells[names.indexOf(name)] ?? "").trim());
    const add = (key: string, values: CsvProblem["values"] = {}): void => void problems.push({ line, key, values });
    const ref = cell("name");
    const before = seen.get(nameKey(ref));
    if (ref === "") add("noticedesk:csv.nameless");
    else if (/\p{Cc}/u.test(ref)) add("noticedesk:csv.signs");
    else if (before !== undefined) add("noticedesk:csv.twice", { name: ref, line: before });
    seen.set(nameKey(ref), line);
    for (const column of ["since", "removed"])
      if (cell(column) !== "" && dayOf(cell(column)) === null)
        add("noticedesk:csv.day", { column, value: cell(column) });
    const remote = cell("remote").toLowerCase();
    if (!yes.has(remote) && !no.has(remote)) add("noticedesk:csv.remote", { value: cell("remote") });
    const person = personInputShape.safeParse({
      ref,
      since: cell("since") || null,
      remote: yes.has(remote),
      removedOn: cell("removed") || null,
    });
    if (person.success) people.push(saidOf(person.data, names));
    else if (problems.at(-1)?.line !== line) add("noticedesk:csv.long");
  }
  return problems.length === 0 ? { is: "people", people } : { is: "wrong", problems: problems.slice(0, mostProblems) };
}

/** Without a column nothing is said: an empty cell is an answer, a missing one is not. */
function saidOf({ ref, since, remote, removedOn }: PersonInput, names: readonly string[]): ListedPerson {
  return {
    ref,
    ...(names.includes("since") && { since }),
    ...(names.includes("remote") && { remote }),
    ...(names.includes("removed") && { removedOn }),
  };
}

interface CsvRow {
  cells: string[];
  line: number;
}

/** With or without the mark that spreadsheets put before UTF-8; comma or semicolon, as they save it. */
function readRows(text: string): { rows: CsvRow[] } | { problem: CsvProblem } {
  const firstLine = text.split(/\r?\n/, 1)[0] ?? "";
  try {
    const rows = parse(text, {
      bom: true,
      delimiter: firstLine.includes(";") && !firstLine.includes(",") ? ";" : ",",
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: mostPeople + 2,
    }) as unknown as { record: string[]; info: { lines: number } }[]; // the types forget what `info` does
    return { rows: rows.map(({ record, info }) => ({ cells: record, line: info.lines })) };
  } catch (error) {
    const line = error instanceof Error && "lines" in error && typeof error.lines === "number" ? error.lines : 0;
    return { problem: { line, key: "noticedesk:csv.quotes", values: {} } };
  }
}

function wrong(line: number, key: string, values: CsvProblem["values"] = {}): CsvPeople {
  return { is: "wrong", problems: [{ line, key, values }] };
}

/** A file that can come back as it is. */
export function formatPeople(people: readonly NoticePerson[]): string {
  const rows = people.map(({ ref, since, remote, removedOn }) => [
    ref,
    since ?? "",
    remote ? "yes" : "no",
    removedOn ?? "",
  ]);
  return formatCsv([[...columns], ...rows]);
}

/** One line for each sending: what the operator can show that the notice was received and acknowledged. */
export function formatAcknowledgements(people: readonly NoticePerson[]): string {
  const rows = people.flatMap(({ ref, notices }) =>
    notices.map(({ version, sentOn, acknowledgedOn }) => [ref, String(version), sentOn, acknowledgedOn ?? ""]),
  );
  return formatCsv([["name", "notice", "sent", "acknowledged"], ...rows]);
}

/**
 * With the mark by which spreadsheets know UTF-8, or they garble accents. No cell begins a formula, which they
 * carry out; all cells are in quotation marks, or those that take semicolons for commas would find new cells within.
 */
function formatCsv(rows: readonly (readonly string[])[]): string {
  const safe = rows.map((cells) => cells.map(neutralCell));
  return stringify(safe, { bom: true, quoted: true, record_delimiter: "windows" });
}
