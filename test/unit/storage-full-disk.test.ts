import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { FullDiskFindings } from "../support/full-disk-child.ts";
import { requireJudge } from "../support/judges.ts";
import { onSmallDisk } from "../support/small-disk.ts";
import { testFolder } from "../support/store-rows.ts";

test(
  "a full disk refuses what cannot be kept, reads on, and recovers by itself when there is room",
  requireJudge("tmpfs"),
  (t) => {
    const script = fileURLToPath(new URL("../support/full-disk-child.ts", import.meta.url));
    const dir = testFolder(t);
    const [command, args] = onSmallDisk("5m", dir, process.execPath, script, dir);
    const { stdout, stderr, status } = spawnSync(command, args, { encoding: "utf8", timeout: 25_000 });
    assert.equal(status, 0, stderr);
    const findings = JSON.parse(stdout) as FullDiskFindings;
    t.diagnostic(stdout);
    assert.deepEqual(findings.refusals, ["full"]);
    assert.ok(findings.acknowledged > 50, "it worked before the disk was full");
    assert.equal(findings.readWhileFull, true);
    assert.equal(findings.objectRefusal, "full");
    assert.equal(findings.objectBytes, 50_000, "the failed part left nothing");
    assert.equal(findings.keyringRefusal, "full");
    assert.deepEqual(findings.afterwards, { stored: "stored", objectBytes: 51_000, keyring: true });
    assert.ok(findings.freeBytes.full < 100_000 && findings.freeBytes.freed > 1_000_000);
    assert.equal(findings.lostAfterReopening, 0);
  },
);
