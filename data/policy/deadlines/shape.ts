/** The shapes of a deadline row: of ours in data/policy/deadlines.json, and of an operator's own. */
import { textUpTo, z } from "../../../crypto/shape.ts";
import type { RuleProblem } from "../json-file.ts";
import { dayOf } from "../update-date.ts";
import {
  actors,
  countingRules,
  jurisdictions,
  kinds,
  scopes,
  triggers,
  units,
  type CountingRule,
  type DeadlineRow,
  type Unit,
} from "./rows.ts";

/** Longest period: a retention of decades, in days. */
const mostOf = 40_000;
/** A century. Longer ones lead to years in which nothing is counted. */
const mostOfUnit: Partial<Record<Unit, number>> = { month: 1200, year: 100 };

export const rowId = z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,39}$/, "deadlines:fault.row"));
/** YYYY-MM-DD */
export const dayShape = z.string().check(z.refine((text) => dayOf(text) !== null, "deadlines:fault.day"));
const words = z.string().check(z.regex(/^deadlines:[A-Za-z0-9.-]+$/, "faults:key"));
const said = textUpTo(300).check(z.minLength(1));

const counting = {
  jurisdiction: z.enum(jurisdictions),
  actor: z.enum(actors),
  scope: z.enum(scopes),
  trigger: z.enum(triggers),
  amount: z.int().check(z.gte(0), z.lte(mostOf)),
  unit: z.enum(units),
  rule: z.enum(countingRules),
};

const source = z.strictObject({
  asOf: z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "deadlines:fault.month")),
  read: z.boolean(),
  url: z.optional(textUpTo(300).check(z.regex(/^https:\/\/\S+$/, "deadlines:fault.url"))),
});

const withoutTrigger = z.optional(
  z.strictObject({ trigger: z.enum(triggers), days: z.int().check(z.gte(1), z.lte(mostOf)) }),
);

/** data/policy/deadlines.json */
export const deadlinesShape: z.ZodMiniType<{ deadlines: DeadlineRow[] }> = z.strictObject({
  deadlines: z.array(
    z.strictObject({
      id: rowId,
      ...counting,
      repeats: z.boolean(),
      kind: z.enum(kinds),
      withoutTrigger,
      inForce: z.nullable(dayShape),
      citation: said,
      source,
      titleKey: words,
      triggerKey: words,
      exceptionKey: z.optional(words),
    }),
  ),
});

/** A row that an operator wrote: words where ours has keys; most rows fall due once and apply already. */
export const ownRowShape = z.strictObject({
  id: rowId,
  title: said,
  triggerText: z.optional(said),
  exceptionText: z.optional(said),
  ...counting,
  repeats: z._default(z.boolean(), false),
  kind: z._default(z.enum(kinds), "by"),
  withoutTrigger,
  inForce: z._default(z.nullable(dayShape), null),
  citation: said,
  source,
});

/** What each rule can count. */
const unitsOf: Record<CountingRule, readonly Unit[]> = {
  CA: ["day", "month", "year"],
  H: ["hour"],
  M: ["month"],
  Q: ["quarter"],
  EU: ["day", "month", "year"],
  CAL: ["day", "month", "year"],
};

/** What the shape cannot say: rule, unit and amount must agree. `path` leads to the row. */
export function rowProblems(
  { rule, unit, amount, repeats }: Pick<DeadlineRow, "rule" | "unit" | "amount" | "repeats">,
  path: readonly (string | number)[],
): RuleProblem[] {
  const wanted = unitsOf[rule];
  if (!wanted.includes(unit))
    return [{ path: [...path, "unit"], key: "deadlines:fault.unit", values: { rule, wanted: wanted.join(", ") } }];
  const most = mostOfUnit[unit] ?? mostOf;
  if (amount > most)
    return [{ path: [...path, "amount"], key: "faults:most.number", values: { field: "amount", count: most } }];
  if (rule === "Q" && amount !== 1) return [{ path: [...path, "amount"], key: "deadlines:fault.quarterOne" }];
  return repeats && amount === 0 ? [{ path: [...path, "amount"], key: "deadlines:fault.repeatsZero" }] : [];
}
