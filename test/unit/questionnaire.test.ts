/** Questions and answers: which are in force, which can be sent, and how a version is named. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { builtInQuestionnaires, findQuestionnaire } from "../../data/policy/built-in-questionnaires.ts";
import {
  answersAsked,
  askedQuestions,
  canonicalQuestionnaire,
  checkAnswers,
  findActive,
  summarize,
  type Answers,
  type Questionnaire,
} from "../../data/policy/questionnaire.ts";
import { formatDay, updateDueBy } from "../../data/policy/update-date.ts";

test("one of another version falls back to the general one", () => {
  assert.equal(findQuestionnaire("of-next-year").id, "general");
  const active = { general: { version: "00", questionnaire: findQuestionnaire("general") } };
  for (const id of ["general", "of-next-year", "constructor", "__proto__"])
    assert.equal(findActive(active, id).questionnaire.id, "general");
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

/** a opens b, b opens c; d hangs on either of two values of the list. */
const chain: Questionnaire = {
  id: "chain",
  questions: [
    { id: "what", type: "long", labelKey: "w.l", required: true },
    { id: "a", type: "choice", labelKey: "a.l", options: ["yes", "no"].map((value) => ({ value, labelKey: "o.l" })) },
    {
      id: "b",
      type: "choices",
      labelKey: "b.l",
      options: ["x", "y", "z"].map((value) => ({ value, labelKey: "o.l" })),
      showIf: { question: "a", any: ["yes"] },
    },
    { id: "c", type: "text", labelKey: "c.l", required: true, showIf: { question: "b", any: ["x", "y"] } },
    { id: "d", type: "date", labelKey: "d.l", showIf: { question: "b", any: ["z"] } },
  ],
};
const w = "It fell.";
const conditions: [what: string, answers: Answers, asked: string, problems: string][] = [
  ["nothing answered", { what: w }, "what a", ""],
  ["another answer", { what: w, a: "no" }, "what a", ""],
  ["the answer", { what: w, a: "yes" }, "what a b", ""],
  ["a value of a list", { what: w, a: "yes", b: ["x"] }, "what a b c", "c required"],
  ["two values of a list", { what: w, a: "yes", b: ["z", "y"], c: "t" }, "what a b c d", ""],
  ["an answer that hangs on a hidden one", { what: w, a: "no", b: ["x"], c: "t" }, "what a", ""],
  ["a wrong answer to a hidden question", { what: w, b: "nonsense", d: "soon" }, "what a", ""],
  ["a day", { what: w, a: "yes", b: ["z"], d: "2028-02-29" }, "what a b d", ""],
  ["a day that there is not", { what: w, a: "yes", b: ["z"], d: "2027-02-29" }, "what a b d", "d format"],
];
for (const [what, answers, asked, problems] of conditions)
  test(`${what}: asks ${asked}${problems === "" ? "" : `, wants ${problems}`}`, () => {
    assert.equal(
      askedQuestions(chain, answers)
        .map(({ id }) => id)
        .join(" "),
      asked,
    );
    assert.equal(
      checkAnswers(chain, answers)
        .map(({ id, problem }) => `${id} ${problem}`)
        .join(", "),
      problems,
    );
  });

const values = fc.constantFrom("yes", "no", "x", "y", "z", "", " ", "2028-01-01", "unsure", "framework", "csi-4");
const answer = fc.oneof(values, fc.array(values, { maxLength: 4 }));
const anyQuestionnaire = fc.constantFrom(chain, ...builtInQuestionnaires);
const anyAnswers = anyQuestionnaire.chain((questionnaire) =>
  fc.tuple(
    fc.constant(questionnaire),
    fc.dictionary(fc.constantFrom(...questionnaire.questions.map(({ id }) => id), "toString", "stranger"), answer),
  ),
);

describe("whatever is typed", () => {
  test("only answers to questions in force are sent, none of them blank, and the same again when asked again", () => {
    fc.assert(
      fc.property(anyAnswers, ([questionnaire, answers]) => {
        const sent = answersAsked(questionnaire, answers);
        const asked = askedQuestions(questionnaire, answers).map(({ id }) => id);
        assert.deepEqual(
          Object.keys(sent),
          asked.filter((id) => id in sent),
        );
        for (const [id, given] of Object.entries(sent)) assert.equal(given, answers[id]);
        assert.deepEqual(answersAsked(questionnaire, sent), sent);
        assert.deepEqual(
          askedQuestions(questionnaire, sent).map(({ id }) => id),
          asked,
        );
        assert.deepEqual(checkAnswers(questionnaire, sent), checkAnswers(questionnaire, answers));
      }),
    );
  });
});

describe("the text that names a version", () => {
  const shuffled: Questionnaire = {
    questions: [
      { required: false, labelKey: "w.l", type: "choice", id: "a", options: [{ labelKey: "o.l", value: "yes" }] },
    ],
    id: "q",
  };
  const plain = `{"id":"q","questions":[{"id":"a","type":"choice","labelKey":"w.l","options":[{"value":"yes","labelKey":"o.l"}]}]}`;

  test("does not depend on the order of fields or on what says nothing", () => {
    assert.equal(canonicalQuestionnaire(shuffled), plain);
  });

  test("says everything: read again it is the same questionnaire", () => {
    for (const each of [chain, ...builtInQuestionnaires])
      assert.deepEqual(JSON.parse(canonicalQuestionnaire(each)), each);
  });
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

test("whatever may put people in danger is asked about, with the words on whom to call, in every profile", () => {
  for (const questionnaire of builtInQuestionnaires) {
    const imminent = questionnaire.questions.find(({ id }) => id === "imminent");
    assert.equal(imminent?.hintKey, "imminent.hint", questionnaire.id);
    const { options = [] } = questionnaire.questions.find(({ id }) => id === "categories")!;
    const dangerous = options
      .map(({ value }) => value)
      .filter((value) =>
        /^(?:csi-\d|danger|incident|safety|environment|eu-(?:products|transport|nuclear|food|health))$/.test(value),
      );
    assert.ok(dangerous.length > 0);
    for (const category of dangerous)
      assert.ok(
        askedQuestions(questionnaire, { what: "x", categories: [category] }).some(({ id }) => id === "imminent"),
        `${questionnaire.id}: ${category}`,
      );
  }
});
