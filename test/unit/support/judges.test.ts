import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { missingJudges, requireJudge } from "../../support/judges.ts";

const folder = mkdtempSync(join(tmpdir(), "tellhaven-judges-"));
const path = process.env["PATH"];
before(() => {
  writeFileSync(join(folder, "jq"), "");
  chmodSync(join(folder, "jq"), 0o755);
  writeFileSync(join(folder, "unzip"), "not executable");
  process.env["PATH"] = folder;
});
after(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

test("a program on the path is present", () => {
  assert.deepEqual(requireJudge("jq"), { skip: false });
});

test("a program that is absent, or not executable, skips the test and says which", () => {
  assert.deepEqual(missingJudges(["jq", "unzip", "minisign"]), ["unzip", "minisign"]);
  assert.deepEqual(requireJudge("jq", "minisign"), { skip: "needs minisign, not on this machine" });
});
