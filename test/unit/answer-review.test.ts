/** Answers are judged again where they are read: whatever a reporter's program sent, all of it is shown. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { conversationShapes, parseContent } from "../../crypto/content.ts";
import { utf8 } from "../../crypto/bytes.ts";
import { answerWarnings, reviewAnswers } from "../../data/policy/answer-review.ts";
import { builtInQuestionnaires, findQuestionnaire } from "../../data/policy/built-in-questionnaires.ts";
import {
  answersAsked,
  canonicalQuestionnaire,
  checkAnswers,
  type Answers,
  type Questionnaire,
} from "../../data/policy/questionnaire.ts";
import { translator } from "../../server/http/i18n.ts";
import { AskedQuestions } from "../../views/browser/client/asked.ts";

const sb53 = findQuestionnaire("sb53");
const w = { what: "It fell." };

const cases: [what: string, answers: Answers, warnings: string[]][] = [
  ["an honest report", { ...w, categories: ["csi-4"], control: "a test", more: "no" }, []],
  ["nothing", {}, ["what: required"]],
  ["a blank", { what: " \n" }, ["what: required"]],
  ["a question of our own", { ...w, salary: "x" }, ["salary: unknown"]],
  ["a list to a question of our own", { ...w, salary: ["x", "y"] }, ["salary: unknown"]],
  ["a follow-up without its answer", { ...w, control: "a test" }, ["control: unasked"]],
  [
    "a follow-up to a value that is no option",
    { ...w, categories: ["csi-9"], control: "x" },
    ["categories: format, unlisted", "control: unasked"],
  ],
  ["a choice that is not offered", { ...w, more: "maybe" }, ["more: format, unlisted"]],
  [
    "markup for a choice",
    { ...w, categories: ["fraud", "<script>alert(1)</script>"] },
    ["categories: format, unlisted"],
  ],
  ["text for boxes", { ...w, categories: "fraud" }, ["categories: format"]],
  ["boxes for text", { what: ["a", "b"] }, ["what: format"]],
  ["an empty list", { ...w, categories: [] }, []],
  ["two million characters", { what: "x".repeat(2_000_000) }, ["what: long"]],
  [
    "names that objects have",
    { ...w, constructor: "a", toString: "b", hasOwnProperty: ["c"] },
    ["constructor: unknown", "toString: unknown", "hasOwnProperty: unknown"],
  ],
  [
    "the name of a prototype",
    Object.fromEntries([
      ["what", "It fell."],
      ["__proto__", "x"],
    ]),
    ["__proto__: unknown"],
  ],
];

const shownOf = (answers: Answers): string[] =>
  reviewAnswers(sb53, answers)
    .filter(({ warnings }) => warnings.length > 0)
    .map(({ id, warnings }) => `${id}: ${warnings.join(", ")}`);

for (const [what, answers, warnings] of cases)
  test(`${what}: ${warnings.join("; ") || "nothing odd"}`, () => assert.deepEqual(shownOf(answers), warnings));

const anyText = fc.oneof(fc.string(), fc.constantFrom("yes", "csi-4", "fraud", "unsure", "<b>", "\u202e"));
const anyAnswers = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom(...sb53.questions.map(({ id }) => id), "__proto__", "constructor", "7")),
  fc.oneof(anyText, fc.array(anyText)),
);

test("whatever was sent, every word of it is shown once, and odd things are told exactly when the form would refuse", () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const rows = reviewAnswers(sb53, answers);
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
      for (const [id, answer] of Object.entries(answers)) {
        const row = rows.find((each) => each.id === id)!;
        assert.deepEqual(
          row.values.map(({ text }) => text),
          [answer].flat(),
        );
      }
      const refused = checkAnswers(sb53, answers).map(({ id }) => id);
      const odd = rows.filter(({ warnings }) => warnings.some((each) => ["required", "long", "format"].includes(each)));
      assert.deepEqual(
        odd.map(({ id }) => id),
        refused,
      );
      // What our own form sends is odd only where the form itself would have complained.
      const honest = reviewAnswers(sb53, answersAsked(sb53, answers)).filter(({ warnings }) => warnings.length > 0);
      assert.deepEqual(
        honest.map(({ id }) => id),
        refused,
      );
    }),
  );
});

test("every warning has words", () => {
  const t = translator("en");
  for (const warning of [...answerWarnings, "unfound"])
    assert.notEqual(t(`console:answers.${warning}`), `console:answers.${warning}`);
});

test("what does not fit the sealed shape at all is refused before it is looked at", () => {
  for (const answers of ['{"what": 1}', '{"what": {"a": "b"}}', '{"what": [["x"]]}', '{"what": null}']) {
    const text = `{"channel":"a","language":"en","answers":${answers},"readers":[1],"excluded":[],"files":[]}`;
    assert.throws(() => parseContent(conversationShapes.report, "report", utf8(text)), { code: "format" });
  }
});

const versionOf = (questionnaire: Questionnaire): string =>
  createHash("sha256").update(canonicalQuestionnaire(questionnaire)).digest("hex");

/** A server that answers every version with this text. */
async function withServer(answer: string | null, use: (asked: AskedQuestions) => Promise<void>): Promise<void> {
  const server = createServer((_req, res) => {
    res.writeHead(answer === null ? 404 : 200, { "content-type": "application/json" });
    res.end(answer ?? '{"error":"missing"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(new AskedQuestions({ origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` }));
  } finally {
    server.close();
  }
}

describe("the questions behind a report", () => {
  const own: Questionnaire = { ...sb53, questions: sb53.questions.slice(0, 2) };

  test("those that come with the software are known at once", () => {
    const asked = new AskedQuestions({ origin: "http://127.0.0.1:1" });
    for (const each of builtInQuestionnaires)
      assert.deepEqual(asked.known(versionOf(each), "general"), { is: "said", questionnaire: each });
    assert.deepEqual(asked.known(null, "sb53"), { is: "unsaid", questionnaire: sb53 });
    assert.deepEqual(asked.known("00".repeat(32), "gone"), {
      is: "unfound",
      questionnaire: findQuestionnaire("general"),
    });
  });

  test("an operator's are fetched once, and then known", async () => {
    await withServer(canonicalQuestionnaire(own), async (asked) => {
      assert.deepEqual(await asked.find(versionOf(own), "sb53"), { is: "said", questionnaire: own });
      assert.equal(asked.known(versionOf(own), "sb53").is, "said");
    });
  });

  for (const [what, answer] of [
    ["a server that has none", null],
    ["a server that answers other questions", canonicalQuestionnaire(sb53)],
    ["a server that answers no questionnaire", '{"id": "x"}'],
    ["a server that answers no JSON", "<html>"],
  ] as const)
    test(`${what}: the report is shown with the channel's questions, and that is said`, async () => {
      await withServer(answer, async (asked) => {
        assert.deepEqual(await asked.find(versionOf(own), "sb53"), { is: "unfound", questionnaire: sb53 });
      });
    });

  test("no server at all: the same", async () => {
    const asked = new AskedQuestions({ origin: "http://127.0.0.1:1" });
    assert.equal((await asked.find(versionOf(own), "sb53")).is, "unfound");
  });
});
