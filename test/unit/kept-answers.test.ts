/** Answers while channels are switched: nothing is lost, and none turns into something else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { questionTypes } from "../../data/policy/questionnaire.ts";
import { KeptAnswers } from "../../views/browser/reporter/questions.ts";

const samples = { text: "a", long: "b", choice: "c", choices: ["d", "e"], date: "2026-01-02" } as const;
const sampleOf = (type: keyof typeof samples): string | string[] => {
  const sample = samples[type];
  return typeof sample === "string" ? sample : [...sample];
};

for (const type of questionTypes)
  for (const other of questionTypes)
    test(`${type} in one channel, ${other} in another`, () => {
      const kept = new KeptAnswers();
      kept.keep({ id: "x", type }, sampleOf(type));
      assert.deepEqual(kept.to({ id: "x", type: other }), type === other ? samples[type] : "");
      kept.keep({ id: "x", type: other }, sampleOf(other));
      assert.deepEqual(kept.to({ id: "x", type }), samples[type], "who switches back finds it again");
    });

test("answers are those to the questions that are asked; any at all is enough to be touched", () => {
  const kept = new KeptAnswers();
  kept.keep({ id: "x", type: "choices" }, []);
  kept.keep({ id: "y", type: "text" }, "");
  assert.equal(kept.some(), false);
  kept.keep({ id: "x", type: "choices" }, ["d"]);
  assert.equal(kept.some(), true);
  assert.deepEqual(
    kept.toAll([
      { id: "x", type: "text" },
      { id: "y", type: "text" },
    ]),
    { x: "", y: "" },
  );
});
