import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const script = join(import.meta.dirname, "../../server/node-version.js");

test("this Node will do", () => {
  assert.equal(spawnSync(process.execPath, [script]).status, 0);
});

const oldApi = 'Object.defineProperty(process, "versions", { value: { ...process.versions, napi: "9" } })';

/** Flags that make this Node as an older one. */
const older: [what: string, ...flags: string[]][] = [
  ["Node-API 9 (Node 20)", "--import", `data:text/javascript,${encodeURIComponent(oldApi)}`],
  ["no TypeScript (Node 22.14)", "--no-experimental-strip-types"],
];

for (const [what, ...flags] of older)
  test(`${what} is refused in one sentence`, () => {
    const { status, stderr } = spawnSync(process.execPath, [...flags, script], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^Tellhaven needs Node\.js 24 or newer, and this is v[^\n]+\n$/);
  });
