/** What an operator sets of duties: which of ours apply, rows of their own, and days on which courts are closed. */
import { textUpTo, z } from "../../../crypto/shape.ts";
import { parseJsonFile, type ParsedFile, type RuleProblem } from "../json-file.ts";
import { withDated, type DatedHoliday, type Holidays } from "./holidays.ts";
import {
  builtInDeadlines,
  findDeadline,
  jurisdictions,
  type Actor,
  type DeadlineRow,
  type Jurisdiction,
} from "./rows.ts";
import { dayShape, ownRowShape, rowId, rowProblems } from "./shape.ts";

/** What the organisation is; it decides whose duties apply. */
export const profiles = ["frontier-large", "frontier", "employer"] as const;
export type Profile = (typeof profiles)[number];

export interface DutiesFile {
  profile?: Profile | undefined;
  jurisdictions?: Jurisdiction[] | undefined;
  /** Ids of built-in rows that do not apply. */
  off?: string[] | undefined;
  /** The operator's own. They apply whatever profile and jurisdictions are. */
  rows?: DeadlineRow[] | undefined;
  /** Beside the court holidays that are computed. */
  holidays?: DatedHoliday[] | undefined;
}

const actorsOf: Record<Profile, readonly Actor[]> = {
  "frontier-large": ["LFD", "FD", "handler", "controller", "reporter"],
  frontier: ["FD", "handler", "controller", "reporter"],
  employer: ["handler", "controller", "reporter"],
};

/** Where nothing was set: nothing is left out that may be owed. */
export const builtInDuties = {
  profile: "frontier-large",
  jurisdictions: [...jurisdictions],
  off: [],
  rows: [],
  holidays: [],
} satisfies DutiesFile;

export const dutiesShape: z.ZodMiniType<DutiesFile> = z.strictObject({
  profile: z.optional(z.enum(profiles)),
  jurisdictions: z.optional(z.array(z.enum(jurisdictions)).check(z.maxLength(jurisdictions.length))),
  off: z.optional(z.array(rowId).check(z.maxLength(100))),
  rows: z.optional(z.array(ownRowShape).check(z.maxLength(100))),
  holidays: z.optional(
    z.array(z.strictObject({ on: dayShape, name: textUpTo(100).check(z.minLength(1)) })).check(z.maxLength(400)),
  ),
});

/** The file "duties", or what is wrong with it and on which line. */
export function parseDutiesFile(source: string): ParsedFile<DutiesFile> {
  return parseJsonFile(source, dutiesShape, {
    most: 100_000,
    rules: ({ jurisdictions: places = [], off = [], rows = [], holidays = [] }) => [
      ...twice(places, (i) => ["jurisdictions", i], "deadlines:fault.twice"),
      ...twice(off, (i) => ["off", i], "deadlines:fault.twice"),
      ...off.flatMap((id, i) => offProblems(id, ["off", i])),
      ...rows.flatMap((row, i) => rowProblems(row, ["rows", i])),
      ...rows.flatMap(({ id }, i) =>
        findDeadline(builtInDeadlines, id) === null
          ? []
          : [{ path: ["rows", i, "id"], key: "deadlines:fault.rowBuiltIn", values: { field: id } }],
      ),
      ...twice(
        rows.map(({ id }) => id),
        (i) => ["rows", i, "id"],
        "deadlines:fault.rowTwice",
      ),
      ...twice(
        holidays.map(({ on }) => on),
        (i) => ["holidays", i, "on"],
        "deadlines:fault.dayTwice",
      ),
    ],
  });
}

/** The second and later of those that are the same. */
function twice(all: readonly string[], path: (i: number) => (string | number)[], key: string): RuleProblem[] {
  return all.flatMap((each, i) => (all.indexOf(each) < i ? [{ path: path(i), key, values: { field: each } }] : []));
}

function offProblems(id: string, path: (string | number)[]): RuleProblem[] {
  if (findDeadline(builtInDeadlines, id) !== null) return [];
  const known = builtInDeadlines.map((row) => row.id).join(", ");
  return [{ path, key: "deadlines:fault.rowUnknown", values: { field: id, known } }];
}

/** Rows that the organisation has to look after, in force already or later. Null: no file, so all of ours. */
export function dutiesOf(duties: DutiesFile | null): DeadlineRow[] {
  const {
    profile = builtInDuties.profile,
    jurisdictions: places = builtInDuties.jurisdictions,
    off = [],
    rows = [],
  } = duties ?? {};
  const owed = actorsOf[profile];
  const ours = builtInDeadlines.filter(
    ({ id, actor, jurisdiction }) => owed.includes(actor) && places.includes(jurisdiction) && !off.includes(id),
  );
  return [...ours, ...rows];
}

/** `dutiesOf` less what applies only later. `today`: YYYY-MM-DD, UTC. */
export function deadlinesInForce(duties: DutiesFile | null, today: string): DeadlineRow[] {
  return dutiesOf(duties).filter(({ inForce }) => inForce === null || inForce <= today);
}

/** Court holidays with the operator's own. */
export function holidaysIn(duties: DutiesFile | null): Holidays {
  return withDated(duties?.holidays ?? []);
}
