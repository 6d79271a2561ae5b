/** How long closed cases are kept: which row decides, which day comes of it, from when a deletion is true everywhere. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { dispositions, type Disposition } from "../../crypto/dispositions.ts";
import { builtInQuestionnaires } from "../../data/policy/built-in-questionnaires.ts";
import { deletedEverywhere, openInBackupsUntil } from "../../data/policy/deleted-everywhere.ts";
import { parseJsonFile } from "../../data/policy/json-file.ts";
import { builtInRetentionShape, parseRetentionFile } from "../../data/policy/retention-file.ts";
import {
  builtInRetention,
  deletionWarning,
  proposeDeletion,
  retentionOf,
  type RetentionFile,
} from "../../data/policy/retention.ts";
import { spamDays } from "../../data/policy/spam.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import { translator } from "../../server/http/i18n.ts";
import table from "../../data/policy/retention.json" with { type: "json" };

const t = translator("en");

describe("the proposal", () => {
  for (const [closedOn, categories, disposition, id, deleteOn] of [
    ["2026-11-30", [], "withdrawn", "NO_ACTION", "2027-01-30"],
    ["2026-12-31", [], "withdrawn", "NO_ACTION", "2027-02-28"],
    ["2027-12-31", [], "not-substantiated", "NO_ACTION", "2028-02-29"],
    ["2026-11-30", ["environment"], "not-enough-information", "NO_ACTION", "2027-01-30"],
    ["2026-11-30", ["fraud"], "not-substantiated", "NO_ACTION", "2027-01-30"],
    ["2026-11-30", ["fraud"], "substantiated", "CRIME", "2031-11-30"],
    ["2028-02-29", ["corruption"], "referred", "CRIME", "2033-02-28"],
    ["2026-11-30", ["environment"], "substantiated", "OTHER", "2029-11-30"],
    ["2026-11-30", [], "referred", "OTHER", "2029-11-30"],
    ["2026-11-30", ["retaliation"], "withdrawn", "EMPLOYMENT", "2030-11-30"],
    ["2028-02-29", ["harassment"], "substantiated", "EMPLOYMENT", "2032-02-29"],
    ["2026-11-30", ["fraud", "gag"], "substantiated", "EMPLOYMENT", "2030-11-30"],
    ["2026-11-30", ["csi-2"], "not-substantiated", "FRONTIER", "2031-11-30"],
    ["2026-11-30", ["framework"], "outside-scope", "OUTSIDE", "2027-01-30"],
    ["2026-11-30", ["retaliation"], "outside-scope", "OUTSIDE", "2027-01-30"],
    ["2026-11-30", ["own-category"], "partly-substantiated", "OTHER", "2029-11-30"],
  ] as [string, string[], Disposition, string, string][])
    test(`closed ${closedOn} as ${disposition}, about ${categories.join(" and ") || "nothing said"}: ${id}, ${deleteOn}`, () => {
      const proposal = proposeDeletion({ closedOn, categories, disposition });
      assert.deepEqual([proposal.row?.id, proposal.deleteOn], [id, deleteOn]);
    });

  for (const categories of [[], ["fraud"], ["retaliation"]])
    test(`spam goes on its own day, also about ${categories.join() || "nothing"}; an operator's row may say otherwise`, () => {
      const spam = { closedOn: "2026-11-30", categories, disposition: "spam" } as const;
      assert.deepEqual(proposeDeletion(spam), { deleteOn: "2026-12-30", row: null });
      const { source } = builtInRetention[0]!;
      const own = { id: "OWN", months: 4, dispositions: ["spam" as const], basis: "Ours", citation: "", source };
      assert.deepEqual(proposeDeletion(spam, retentionOf({ rows: [own] })), { deleteOn: "2027-03-30", row: own });
    });

  test("every outcome and every category of ours has one, later than the closing and at most ten years", () => {
    const categories = builtInQuestionnaires.flatMap(({ questions }) =>
      questions
        .filter(({ id }) => id === "categories")
        .flatMap((each) => (each.options ?? []).map(({ value }) => value)),
    );
    assert.ok(categories.length > 20);
    fc.assert(
      fc.property(
        fc.integer({ min: dayOf("2020-01-01")!, max: dayOf("2099-12-31")! }),
        fc.subarray(categories),
        fc.constantFrom(...dispositions),
        (closed, about, disposition) => {
          const { deleteOn, row } = proposeDeletion({ closedOn: textOfDay(closed), categories: about, disposition });
          const days = dayOf(deleteOn)! - closed;
          if (row === null) return assert.deepEqual([disposition, days], ["spam", spamDays]);
          // A month has 28 days at least and 31 at most.
          assert.ok(days >= row.months * 28 && days <= Math.min(row.months * 31, 3660), `${days} days`);
        },
      ),
    );
  });

  test("a later closing never proposes an earlier day", () => {
    const day = fc.integer({ min: dayOf("2020-01-01")!, max: dayOf("2060-01-01")! });
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(...dispositions),
        (from, later, disposition) => {
          const of = (closed: number): string =>
            proposeDeletion({ closedOn: textOfDay(closed), categories: [], disposition }).deleteOn;
          assert.ok(of(from) <= of(from + later));
        },
      ),
    );
  });

  for (const closedOn of ["", "2027-02-29", "soon"])
    test(`"${closedOn}" is no day of closing`, () =>
      assert.throws(() => proposeDeletion({ closedOn, categories: [], disposition: "withdrawn" }), { code: "format" }));
});

describe("our rows", () => {
  test("have the shape that operators' files are held to, ids of their own, and words", () => {
    const parsed = parseJsonFile(JSON.stringify(table), builtInRetentionShape);
    assert.ok("value" in parsed, JSON.stringify(parsed));
    assert.equal(new Set(builtInRetention.map(({ id }) => id)).size, builtInRetention.length);
    for (const { basisKey } of builtInRetention) assert.notEqual(t(basisKey!), basisKey!.split(":")[1]);
  });

  test("name only categories that one of our questionnaires asks for", () => {
    const known = new Set(
      builtInQuestionnaires
        .flatMap(({ questions }) => questions.flatMap(({ options }) => options ?? []))
        .map(({ value }) => value),
    );
    for (const { categories = [] } of builtInRetention) for (const each of categories) assert.ok(known.has(each), each);
  });

  test("end with one that fits everything, and none before it does", () => {
    const all = builtInRetention.map(
      ({ categories, dispositions: of }) => categories === undefined && of === undefined,
    );
    assert.deepEqual(all, [...builtInRetention.slice(1).map(() => false), true]);
  });
});

const own = {
  id: "OURS",
  months: 12,
  basis: "Our works agreement",
  source: { asOf: "2026-11", read: true },
};

describe("an operator's file", () => {
  const rowFor = (file: RetentionFile, categories: string[], disposition: Disposition): string =>
    proposeDeletion({ closedOn: "2026-11-30", categories, disposition }, retentionOf(file)).row!.id;
  const value = (file: unknown): RetentionFile => {
    const parsed = parseRetentionFile(JSON.stringify(file));
    assert.ok("value" in parsed, JSON.stringify(parsed));
    return parsed.value;
  };

  test("own rows come before ours, and the last of ours stays", () => {
    const file = value({
      off: ["EMPLOYMENT"],
      rows: [{ ...own, categories: ["gag"], citation: "Works agreement § 4" }],
    });
    assert.equal(rowFor(file, ["gag"], "substantiated"), "OURS");
    assert.equal(rowFor(file, ["retaliation"], "substantiated"), "OTHER");
    assert.equal(rowFor(value({ rows: [own] }), ["csi-1"], "withdrawn"), "OURS");
    assert.equal(rowFor(value({}), ["csi-1"], "withdrawn"), "FRONTIER");
    assert.deepEqual(retentionOf(null), builtInRetention);
  });

  for (const [what, file, key, line] of [
    ["switches off what there is not", '{\n "off": ["NOTHING"]\n}', "retention:fault.unknown", 2],
    ["switches one off twice", '{\n "off": ["CRIME",\n "CRIME"]\n}', "retention:fault.twice", 3],
    ["switches off the last one", '{\n "off": ["OTHER"]\n}', "retention:fault.last", 2],
    [
      "takes a name of ours",
      `{\n "rows": [\n${JSON.stringify({ ...own, id: "CRIME" })}]}`,
      "retention:fault.builtIn",
      3,
    ],
    [
      "has a row that is never asked",
      `{\n "rows": [\n${JSON.stringify(own)},\n${JSON.stringify({ ...own, id: "NEXT" })}]}`,
      "retention:fault.never",
      4,
    ],
    ["keeps for no time", `{\n "rows": [\n${JSON.stringify({ ...own, months: 0 })}]}`, "faults:least.number", 3],
    ["keeps for half a month", `{\n "rows": [\n${JSON.stringify({ ...own, months: 0.5 })}]}`, "faults:type.number", 3],
    ["gives no basis", `{\n "rows": [\n${JSON.stringify({ ...own, basis: undefined })}]}`, "faults:missing", 3],
    [
      "knows another outcome",
      `{\n "rows": [\n${JSON.stringify({ ...own, dispositions: ["won"] })}]}`,
      "faults:choice",
      3,
    ],
    ["has a field of its own", '{\n\n "keep": 3\n}', "faults:unknown", 3],
  ] as const)
    test(`that ${what} is refused with its line`, () => {
      const parsed = parseRetentionFile(file);
      assert.ok("problems" in parsed);
      const [problem] = parsed.problems;
      assert.deepEqual([problem?.key, problem?.line], [key, line]);
      const words = t(key, problem!.values);
      assert.ok(words !== key.split(":")[1] && !words.includes("{{"), words);
    });
});

describe("from when a deletion is true everywhere", () => {
  for (const [deletedOn, days, today, last, still] of [
    ["2026-11-30", 30, "2026-11-30", "2026-12-30", "2026-12-30"],
    ["2026-11-30", 30, "2026-12-30", "2026-12-30", "2026-12-30"],
    ["2026-11-30", 30, "2026-12-31", "2026-12-30", null],
    ["2028-01-31", 30, "2028-02-01", "2028-03-01", "2028-03-01"],
    ["2026-11-30", 1, "2026-12-01", "2026-12-01", "2026-12-01"],
    ["2026-11-30", 0, "2026-11-30", null, null],
  ] as const)
    test(`deleted ${deletedOn}, backups live ${days} days, looked at on ${today}`, () => {
      const text = (day: number | null): string | null => (day === null ? null : textOfDay(day));
      assert.equal(text(deletedEverywhere(dayOf(deletedOn)!, days)), last);
      assert.equal(text(openInBackupsUntil(dayOf(deletedOn)!, days, dayOf(today)!)), still);
    });
});

describe("warnings", () => {
  for (const [inDays, hold, warning] of [
    [31, false, null],
    [30, false, "month"],
    [8, false, "month"],
    [7, false, "soon"],
    [1, false, "soon"],
    [0, false, "today"],
    [-1, false, "today"],
    [31, true, null],
    [30, true, "blocked"],
    [0, true, "blocked"],
    [-400, true, "blocked"],
    [null, true, null],
    [null, false, null],
  ] as const)
    test(`${inDays === null ? "no date" : `in ${inDays} days`}${hold ? ", on hold" : ""}: ${warning}`, () => {
      const today = dayOf("2026-11-30")!;
      assert.equal(deletionWarning(inDays === null ? null : today + inDays, hold, today), warning);
    });
});
