/** What the charter and counsel sign, judged by minisign itself. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { formatMinisignKey } from "../../crypto/minisign.ts";
import { makeOrganisation } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";

describe("minisign", requireJudge("minisign"), () => {
  const { charter, signed, members } = makeOrganisation();

  function judge(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): number | null {
    const folder = mkdtempSync(join(tmpdir(), "tellhaven-minisign-"));
    try {
      const [file, sig, key] = ["m", "m.minisig", "key.pub"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(file, message);
      writeFileSync(sig, signature);
      writeFileSync(key, formatMinisignKey(publicKey));
      return spawnSync("minisign", ["-V", "-q", "-p", key, "-m", file, "-x", sig]).status;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("accepts a roster's signature under the charter key, and nothing else", () => {
    const { bytes, signature } = signed[1]!;
    assert.equal(judge(bytes, signature, charter.sign.publicKey), 0);
    assert.notEqual(judge(signed[0]!.bytes, signature, charter.sign.publicKey), 0);
    assert.notEqual(judge(bytes, signature, members.rosa.keys.export), 0);
  });
});
