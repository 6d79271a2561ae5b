/** Questions as data: well-formed, worded, and answers judged the same wherever they come from. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseShape, z } from "../../crypto/shape.ts";
import {
  checkAnswers,
  findQuestionnaire,
  questionnaireIds,
  questionTypes,
  summarize,
  type Answers,
} from "../../data/policy/questionnaire.ts";
import { formatDay, updateDueBy } from "../../data/policy/update-date.ts";

const folder = join(import.meta.dirname, "../../data/policy/questionnaires");
const key = z.string().check(z.regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/));
const option = z.strictObject({ value: z.string().check(z.regex(/^[a-z0-9-]{1,40}$/)), labelKey: key });
const question = z.strictObject({
  id: z.string().check(z.regex(/^[a-z][a-z-]{0,58}$/)),
  type: z.enum(questionTypes),
  labelKey: key,
  hintKey: z.optional(key),
  required: z.optional(z.boolean()),
  options: z.optional(z.array(option).check(z.minLength(2))),
});
const shape = z.strictObject({ id: z.string(), questions: z.array(question).check(z.minLength(1)) });

const words = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../views/locales/en/questionnaires.json"), "utf8"),
) as Record<string, Record<string, string>>;

function wordsAt(path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], words);
}

describe("questionnaires", () => {
  test("every file is one that can be asked for", () => {
    assert.deepEqual(readdirSync(folder).sort(), questionnaireIds.map((id) => `${id}.json`).sort());
  });

  for (const id of questionnaireIds)
    test(`${id} has the shape, unique ids, and words for everything`, () => {
      const { questions } = parseShape(shape, findQuestionnaire(id), id);
      const unique = (values: string[]): boolean => new Set(values).size === values.length;
      assert.ok(unique(questions.map((each) => each.id)));
      for (const { type, labelKey, hintKey, options } of questions) {
        assert.equal(options !== undefined, type === "choice" || type === "choices");
        assert.ok(unique((options ?? []).map(({ value }) => value)));
        for (const each of [
          labelKey,
          ...(hintKey === undefined ? [] : [hintKey]),
          ...(options ?? []).map((o) => o.labelKey),
        ])
          assert.equal(typeof wordsAt(each), "string", each);
      }
    });

  test("one of another version falls back to the general one", () => {
    assert.equal(findQuestionnaire("of-next-year").id, "general");
  });
});

const judged: [what: string, answers: Answers, problems: string[]][] = [
  ["a report in words", { what: "It fell." }, []],
  ["nothing", {}, ["what required"]],
  ["blanks", { what: " \n " }, ["what required"]],
  ["a text of one million characters", { what: "x".repeat(1_000_000) }, ["what long"]],
  ["known categories", { what: "x", categories: ["fraud", "gag"] }, []],
  ["a category of our invention", { what: "x", categories: ["fraud", "aliens"] }, ["categories format"]],
  ["a category that is no list", { what: "x", categories: "fraud" }, ["categories format"]],
  ["a list where text belongs", { what: ["x"] }, ["what format"]],
];
for (const [what, answers, problems] of judged)
  test(`${what}: ${problems.join(", ") || "can be sent"}`, () => {
    const found = checkAnswers(findQuestionnaire("general"), answers);
    assert.deepEqual(
      found.map(({ id, problem }) => `${id} ${problem}`),
      problems,
    );
  });

describe("the sealed summary", () => {
  test("takes the first category and the first line with words", () => {
    const summary = summarize({ what: "\n  It fell.\nThen it rose.", categories: ["safety", "fraud"] });
    assert.deepEqual(summary, { category: "safety", title: "It fell." });
  });

  test("never cuts a character in half", () => {
    const { title } = summarize({ what: "😀".repeat(200) });
    assert.equal(title, "😀".repeat(60));
    assert.deepEqual(summarize({}), { category: "", title: "" });
  });
});

const day = (text: string): number => Date.parse(text) / 86_400_000;
for (const [filed, due] of [
  ["2026-11-23", "2026-12-23"],
  ["2027-01-31", "2027-02-28"],
  ["2028-01-31", "2028-02-29"],
  ["2026-12-31", "2027-01-31"],
] as const)
  test(`filed on ${filed}, word is due by ${due}`, () => assert.equal(updateDueBy(day(filed)), day(due)));

test("a day is written as people write it", () => {
  assert.equal(formatDay(day("2027-03-12"), "en-GB"), "12 March 2027");
});
