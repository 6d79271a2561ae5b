/** The operator's file "retention", and the shape of ours. */
import { dispositions } from "../../crypto/dispositions.ts";
import { textUpTo, z } from "../../crypto/shape.ts";
import { parseJsonFile, type ParsedFile, type RuleProblem } from "./json-file.ts";
import { builtInRetention, type RetentionFile, type RetentionRow } from "./retention.ts";

/** A century: whoever wants more means "never", and sets no date. */
const mostMonths = 1200;

const rowId = z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,39}$/, "retention:fault.row"));
const said = textUpTo(300).check(z.minLength(1));
const categoryId = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/, "faults:id"));

const when = {
  categories: z.optional(z.array(categoryId).check(z.minLength(1), z.maxLength(100))),
  dispositions: z.optional(z.array(z.enum(dispositions)).check(z.minLength(1))),
  months: z.int().check(z.gte(1), z.lte(mostMonths)),
};

const source = z.strictObject({
  asOf: z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "retention:fault.month")),
  read: z.boolean(),
  url: z.optional(textUpTo(300).check(z.regex(/^https:\/\/\S+$/, "retention:fault.url"))),
});

/** data/policy/retention.json */
export const builtInRetentionShape: z.ZodMiniType<{ rows: RetentionRow[] }> = z.strictObject({
  rows: z.array(
    z.strictObject({
      id: rowId,
      ...when,
      basisKey: z.string().check(z.regex(/^retention:[A-Za-z0-9.-]+$/, "faults:key")),
      citation: said,
      source,
    }),
  ),
});

/** What an operator writes: their reason in place of a key; law to cite, where there is one. */
export const retentionShape: z.ZodMiniType<RetentionFile> = z.strictObject({
  off: z.optional(z.array(rowId).check(z.maxLength(100))),
  rows: z.optional(
    z
      .array(z.strictObject({ id: rowId, ...when, basis: said, citation: z._default(textUpTo(300), ""), source }))
      .check(z.maxLength(100)),
  ),
});

/** The file "retention", or what is wrong with it and on which line. */
export function parseRetentionFile(text: string): ParsedFile<RetentionFile> {
  return parseJsonFile(text, retentionShape, {
    most: 100_000,
    rules: ({ off = [], rows = [] }) => [
      ...off.flatMap(offProblems),
      ...rows.flatMap((row, i) => rowProblems(rows, row, i)),
    ],
  });
}

const isBuiltIn = (id: string): boolean => builtInRetention.some((row) => row.id === id);

function offProblems(id: string, i: number, all: string[]): RuleProblem[] {
  const path = ["off", i];
  const last = builtInRetention.at(-1)!.id;
  if (id === last) return [{ path, key: "retention:fault.last", values: { field: id } }];
  if (all.indexOf(id) < i) return [{ path, key: "retention:fault.twice", values: { field: id } }];
  if (isBuiltIn(id)) return [];
  const known = builtInRetention.map((row) => row.id).join(", ");
  return [{ path, key: "retention:fault.unknown", values: { field: id, known } }];
}

function rowProblems(rows: readonly RetentionRow[], row: RetentionRow, i: number): RuleProblem[] {
  const path = ["rows", i, "id"];
  if (isBuiltIn(row.id)) return [{ path, key: "retention:fault.builtIn", values: { field: row.id } }];
  if (rows.findIndex(({ id }) => id === row.id) < i)
    return [{ path, key: "retention:fault.twice", values: { field: row.id } }];
  // Whatever stands behind a row that fits everything is never asked.
  const allBefore = rows.slice(0, i).find((each) => each.categories === undefined && each.dispositions === undefined);
  return allBefore === undefined
    ? []
    : [{ path, key: "retention:fault.never", values: { field: row.id, before: allBefore.id } }];
}
