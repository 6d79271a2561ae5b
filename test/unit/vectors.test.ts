/** The protocol's vectors, in Node; test/browser/vectors.test.ts runs the same in Chromium. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateVectors } from "../vectors/generate.ts";
import { readVectors } from "../vectors/files.ts";
import { runVectors, validName, type Result, type ValidFile } from "../vectors/suite.ts";

const stored = await readVectors();
const problems = (results: Result[]): Result[] => results.filter(({ problem }) => problem !== null);

test("every vector gives what it says", async () => {
  const results = await runVectors(stored);
  assert.deepEqual(problems(results), []);
  assert.ok(results.length > 300, `only ${results.length} ran`);
});

test("the generator makes the same set of vectors, and they hold", async () => {
  const fresh = await generateVectors();
  assert.deepEqual(Object.keys(fresh).sort(), Object.keys(stored).sort());
  assert.deepEqual(problems(await runVectors(fresh)), []);
});

test("the runner notices what is wrong with a vector", async () => {
  /** What is said of a file after the change, beside its construction's valid one alone. */
  const said = async (name: string, change: object, as = name): Promise<(string | null)[]> => {
    const spoiled = { ...stored[name]!, ...change };
    const base = validName(spoiled.construction);
    const results = await runVectors({ [base]: stored[base]!, [as]: spoiled });
    return problems(results.filter((result) => result.problem !== noVectors)).map(({ problem }) => problem);
  };
  const noVectors = "has no vectors";
  const name = "slot.cut.null.json";
  assert.deepEqual(await said(name, {}), []);
  assert.deepEqual(await said(name, { change: {} }), ["changes nothing"]);
  assert.deepEqual(await said(name, { base: 9 }), ["has no valid base"]);
  assert.deepEqual(await said(name, {}, "slot.cut.forged.json"), ["should be called slot.cut.null.json"]);
  assert.deepEqual(await said(name, { class: "forged" }, "slot.cut.forged.json"), ["was null, not forged"]);
  const cases = (stored["derive.valid.json"] as ValidFile).cases.map((each) => ({ ...each, output: "x" }));
  assert.equal((await said("derive.valid.json", { cases })).length, cases.length);
  const absent = (await runVectors({})).map(({ problem }) => problem);
  assert.ok(absent.length > 30 && absent.every((problem) => problem === noVectors));
});
