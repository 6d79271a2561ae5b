/** Checkpoints, judged by openssl and sha256 as anybody would, and what is none. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fromBase64, toBase64, toHex } from "../../crypto/bytes.ts";
import { logOrigin, openCheckpoint, signCheckpoint } from "../../crypto/checkpoint.ts";
import { longestCheckpoint } from "../../crypto/content.ts";
import { emptyRoot, type TreeHead } from "../../crypto/log-tree.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { codeOf } from "../support/outcome.ts";

const log = signKeyPair(seedFor("log"));
const portalId = seedFor("portal");
const head: TreeHead = { size: 128, root: seedFor("root") };
const text = signCheckpoint(head, portalId, log);
const open = (given: string): TreeHead => openCheckpoint(given, portalId, log.publicKey);
const lines = text.split("\n");
const withLine = (i: number, line: string): string => lines.map((each, at) => (at === i ? line : each)).join("\n");
const signature = fromBase64(lines[4]!.split(" ")[2]!);
const withSignature = (bytes: Uint8Array): string => withLine(4, `— ${lines[0]} ${toBase64(bytes)}`);
const changed = (at: number): Uint8Array => signature.map((byte, i) => (i === at ? byte ^ 1 : byte));

suite("a checkpoint", () => {
  test("is a signed note: three lines, a blank one, the log's signature under the same name", () => {
    const name = `tellhaven-log/${toHex(portalId)}`;
    assert.equal(logOrigin(portalId), name);
    assert.deepEqual(lines, [name, "128", toBase64(head.root), "", lines[4], ""]);
    const id = createHash("sha256").update(`${name}\n\u0001`).update(log.publicKey).digest().subarray(0, 4);
    assert.deepEqual(signature.subarray(0, 4), new Uint8Array(id));
  });

  test("opens to what was signed, again and again the same bytes", () => {
    assert.deepEqual(open(text), head);
    assert.equal(signCheckpoint(head, portalId, log), text);
    const largest = { size: Number.MAX_SAFE_INTEGER - 63, root: head.root };
    const longest = signCheckpoint(largest, portalId, log);
    assert.deepEqual(open(longest), largest);
    assert.ok(longest.length <= longestCheckpoint);
  });

  test("is never as long as what else the log's key signs: receipts, heartbeats", () => {
    for (const size of [0, Number.MAX_SAFE_INTEGER - 63]) {
      const signed = signCheckpoint({ size, root: head.root }, portalId, log).split("\n\n")[0]!.length + 1;
      assert.ok(signed >= 126 && signed <= 141, String(signed));
    }
  });

  test("verifies with openssl alone", requireJudge("openssl"), (t) => {
    const folder = mkdtempSync(join(tmpdir(), "tellhaven-checkpoint-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const at = (name: string): string => join(folder, name);
    // SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): twelve fixed bytes and the key.
    writeFileSync(at("key.der"), Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), log.publicKey]));
    writeFileSync(at("sig"), signature.subarray(4));
    const judge = (signed: string): number | null => {
      writeFileSync(at("text"), signed);
      const how = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"];
      return spawnSync("openssl", [...how, "-inkey", at("key.der"), "-in", at("text"), "-sigfile", at("sig")]).status;
    };
    const signed = `${text.split("\n\n")[0]!}\n`;
    assert.equal(judge(signed), 0);
    assert.notEqual(judge(signed.replace("128", "192")), 0);
  });

  for (const [what, code, given] of [
    ["nothing", "format", ""],
    ["without its last newline", "format", text.slice(0, -1)],
    ["with a line more", "format", `${text}\n`],
    ["with a second signature", "format", `${text}${lines[4]}\n`],
    ["with an extension line", "format", text.replace("\n\n", "\nmore\n\n")],
    ["without a signature", "format", lines.slice(0, 4).join("\n")],
    ["with carriage returns", "format", text.replaceAll("\n", "\r\n")],
    ["with a hyphen before its signature", "format", withLine(4, lines[4]!.replace("—", "-"))],
    ["with a leading zero", "format", withLine(1, "0128")],
    ["with a sign", "format", withLine(1, "+128")],
    ["of size 1e2", "format", withLine(1, "1e2")],
    ["of size 2^53", "format", signCheckpoint({ ...head, size: 2 ** 53 }, portalId, log)],
    ["of half a day", "format", signCheckpoint({ ...head, size: 100 }, portalId, log)],
    ["with a root of 31 bytes", "format", signCheckpoint({ ...head, root: head.root.subarray(1) }, portalId, log)],
    ["with a root in base64url", "format", withLine(2, lines[2]!.replace(/.$/, "-"))],
    ["with a signature of 63 bytes", "format", withSignature(signature.subarray(0, 67))],
    ["of another size than the signed one", "forged", withLine(1, "192")],
    ["of another root than the signed one", "forged", withLine(2, toBase64(seedFor("x")))],
    ["with a flipped signature", "forged", withSignature(changed(20))],
    ["under another key id", "forged", withSignature(changed(0))],
    ["of another portal's log", "forged", signCheckpoint(head, seedFor("x"), log)],
    ["under another name", "forged", withLine(4, lines[4]!.replace("tellhaven-log/", "tellhaven-log2/"))],
    ["by another key", "forged", signCheckpoint(head, portalId, signKeyPair(seedFor("x")))],
    ["of an empty log with a root", "forged", signCheckpoint({ ...head, size: 0 }, portalId, log)],
  ] as [string, string, string][])
    test(`${what} is ${code}`, () =>
      assert.equal(
        codeOf(() => open(given)),
        code,
      ));

  test("of an empty log is one", () =>
    assert.deepEqual(open(signCheckpoint({ size: 0, root: emptyRoot }, portalId, log)), { size: 0, root: emptyRoot }));
});
