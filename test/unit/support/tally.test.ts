import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "tellhaven-tally-"));
after(() => rmSync(folder, { recursive: true }));

const start = 'import { test, describe, before } from "node:test";\n';

const rows: [what: string, source: string, line: string][] = [
  ["a passing test", 'test("a", () => {})', "1 passed, 0 failed, 0 skipped"],
  ["a failing test", 'test("a", () => { throw new Error("no") })', "0 passed, 1 failed, 0 skipped"],
  ["a failing hook", 'test("a", (t) => { t.after(() => { throw new Error("no") }) })', "0 passed, 1 failed, 0 skipped"],
  ["a skipped test", 'test("a", { skip: "needs jq" }, () => {})', "0 passed, 0 failed, 1 skipped"],
  ["a test that skips itself", 'test("a", (t) => t.skip("needs jq"))', "0 passed, 0 failed, 1 skipped"],
  ["skip: false", 'test("a", { skip: false }, () => {})', "1 passed, 0 failed, 0 skipped"],
  ["a test still to do", 'test.todo("a")', "0 passed, 0 failed, 1 skipped"],
  ["a failing test still to do", 'test("a", { todo: true }, () => { throw 1 })', "0 passed, 0 failed, 1 skipped"],
  [
    "a suite of two",
    'describe("s", () => { test("a", () => {}); test("b", () => {}) })',
    "2 passed, 0 failed, 0 skipped",
  ],
  [
    "a suite with one failure",
    'describe("s", () => { test("a", () => {}); test("b", () => { throw 1 }) })',
    "1 passed, 1 failed, 0 skipped",
  ],
  ["a skipped suite", 'describe("s", { skip: "x" }, () => { test("a", () => {}) })', "0 passed, 0 failed, 1 skipped"],
  ["a file that does not parse", "test(", "0 passed, 1 failed, 0 skipped"],
  ["a file that throws after its tests", 'test("a", () => {}); throw new Error("no")', "failed"],
  ["a file that holds no test", "", "0 passed, 1 failed, 0 skipped"],
];

for (const [i, [what, source, line]] of rows.entries())
  test(`${what} is tallied`, () => {
    const file = join(folder, `${String(i)}.test.mjs`);
    writeFileSync(file, start + source);
    const tallied = tallyInNewProcess([file]);
    if (line === "failed") assert.doesNotMatch(tallied, / 0 failed/);
    else assert.equal(tallied, line);
  });

test("no files: nothing ran, and nothing is looked for", () => {
  assert.equal(tallyInNewProcess([]), "0 passed, 0 failed, 0 skipped");
});

/** A runner does not run inside a runner: a new process, without the mark of this one. */
function tallyInNewProcess(files: string[]): string {
  const module = JSON.stringify(new URL("../../support/tally.ts", import.meta.url).href);
  const runner = join(folder, "runner.mjs");
  writeFileSync(
    runner,
    `import { runTests, formatTally } from ${module};
     import { PassThrough } from "node:stream";
     const tally = await runTests(${JSON.stringify(files)}, { concurrency: 1, output: new PassThrough().resume() });
     console.log(formatTally(tally));`,
  );
  const { NODE_TEST_CONTEXT: _mark, ...env } = process.env;
  return spawnSync(process.execPath, [runner], { env, encoding: "utf8" }).stdout.trim();
}
