/** A case file sealed to an age key: that the real age opens it, how long it is, which keys are taken. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { generateIdentity } from "age-encryption";
import fc from "fast-check";
import { translator } from "../../server/http/i18n.ts";
import {
  checkRecipient,
  recipientProblems,
  sealedLength,
  sealToAge,
  type AgeRecipient,
  type RecipientProblem,
} from "../../views/browser/client/casefile/age.ts";
import { requireJudge } from "../support/judges.ts";

/** Of age-keygen; the secret key was thrown away. */
const example = "age16y54pyytuzfegzvrcsqq4kvld95snjdx4dlqjsgrapzlg3c8m38s965t9u";

function recipientOf(text: string): AgeRecipient {
  const checked = checkRecipient(text);
  assert.equal(checked.is, "recipient");
  return (checked as { recipient: AgeRecipient }).recipient;
}

/** `bytes` in pieces of `piece`. */
function streamOf(bytes: Uint8Array, piece: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += piece)));
    },
  });
}

const textOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);
const seal = async (recipient: AgeRecipient, bytes: Uint8Array, piece: number): Promise<Buffer> =>
  Buffer.from(await new Response(sealToAge(recipient, streamOf(bytes, piece))).arrayBuffer());

const borders = [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073];

describe("what is sealed", requireJudge("age"), () => {
  let folder: string;
  let recipient: AgeRecipient;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tellhaven-age-"));
    const told = execFileSync("age-keygen", ["-o", join(folder, "key.txt")], { encoding: "utf8", stdio: "pipe" });
    assert.equal(told, "");
    recipient = recipientOf(execFileSync("age-keygen", ["-y", join(folder, "key.txt")], { encoding: "utf8" }));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const open = (sealed: Uint8Array): { status: number | null; stdout: Buffer } => {
    writeFileSync(join(folder, "sealed.age"), sealed);
    return spawnSync("age", ["-d", "-i", join(folder, "key.txt"), join(folder, "sealed.age")], { maxBuffer: 2 ** 26 });
  };

  for (const length of borders)
    test(`is opened by age: ${length} bytes, in pieces of several sizes`, async () => {
      for (const piece of [1000, 65_536, 1_000_000]) {
        const opened = open(await seal(recipient, textOf(length), piece));
        assert.deepEqual([opened.status, opened.stdout.equals(textOf(length))], [0, true], `pieces of ${piece}`);
      }
    });

  test("is not opened by age when its end is missing, or a bit is another", async () => {
    const sealed = await seal(recipient, textOf(140_000), 65_536);
    assert.notEqual(open(sealed.subarray(0, sealedLength(131_072))).status, 0);
    sealed[sealed.length - 1]! ^= 1;
    assert.notEqual(open(sealed).status, 0);
  });
});

test("the length is known before: around the borders of chunks, and anywhere", async () => {
  const recipient = recipientOf(example);
  for (const length of borders)
    assert.equal((await seal(recipient, textOf(length), 65_536)).length, sealedLength(length), String(length));
  await fc.assert(
    fc.asyncProperty(fc.nat(300_000), fc.integer({ min: 1000, max: 200_000 }), async (length, piece) => {
      assert.equal((await seal(recipient, textOf(length), piece)).length, sealedLength(length));
    }),
    { numRuns: 20 },
  );
});

test("a slow reader holds the source back: memory stays flat", async () => {
  const piece = 256 * 1024;
  let given = 0;
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        given += piece;
        if (given > 64 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(piece));
      },
    },
    { highWaterMark: 0 },
  );
  const reader = sealToAge(recipientOf(example), source).getReader();
  assert.equal(given, 0, "nothing is sealed before somebody reads");
  let taken = 0;
  let most = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    taken += read.value.length;
    most = Math.max(most, given - taken);
  }
  assert.equal(taken, sealedLength(64 * 1024 * 1024));
  assert.ok(most <= 6 * piece, `${most} bytes ahead`);
});

test("a source that breaks off breaks the sealed stream off", async () => {
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(textOf(100_000)),
    pull: (controller) => controller.error(new Error("an attachment is damaged")),
  });
  await assert.rejects(new Response(sealToAge(recipientOf(example), source)).arrayBuffer(), /an attachment is damaged/);
});

for (const begun of [false, true])
  test(`to cancel ${begun ? "half-way" : "before the first byte"} cancels the source`, async () => {
    let told: unknown = null;
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(textOf(65_536)),
      cancel: (reason) => void (told = reason),
    });
    const reader = sealToAge(recipientOf(example), source).getReader();
    if (begun) for (let i = 0; i < 5; i++) await reader.read();
    await reader.cancel("changed my mind");
    assert.equal(told, "changed my mind");
  });

const secret = await generateIdentity();
const keys: [what: string, text: string, why: RecipientProblem | null][] = [
  ["a key", example, null],
  ["a key with space around it", `  ${example}\r\n`, null],
  ["nothing", " \n", "empty"],
  ["a secret key", secret, "secret"],
  ["a secret key in lower case", secret.toLowerCase(), "secret"],
  ["a file of age-keygen", `# created: 2026-11-23\n# public key: ${example}\n${secret}\n`, "secret"],
  ["a plugin's identity", "AGE-PLUGIN-YUBIKEY-1QQQQ", "secret"],
  ["an SSH private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "secret"],
  ["an SSH key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me@here", "ssh"],
  ["another SSH key", "ssh-rsa AAAAB3NzaC1yc2E", "ssh"],
  ["a plugin's key", "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", "plugin"],
  ["a tag's key", "age1tag1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", "plugin"],
  ["a key of the newer kind", `age1pq1${"q".repeat(1950)}`, "hybrid"],
  ["two keys", `${example}\n${example}`, "several"],
  ["a key with a wrong letter", example.replace(/.$/, (last) => (last === "q" ? "p" : "q")), "mistyped"],
  ["a key with a 1 for an l", example.replace(/(?<=^age1.*)l/, "1"), "mistyped"],
  ["a key cut off", example.slice(0, -1), "mistyped"],
  ["a key with a letter more", `${example}q`, "mistyped"],
  ["a key in capitals", example.toUpperCase(), "mistyped"],
  ["what age-keygen says", `Public key: ${example}`, "other"],
  ["a name", "Dr. Li", "other"],
  ["half a key", "age1 qqqq", "other"],
];
for (const [what, text, why] of keys)
  test(`${what} is ${why ?? "taken"}`, () => {
    const checked = checkRecipient(text);
    if (why === null) assert.deepEqual(checked, { is: "recipient", recipient: example });
    else assert.deepEqual(checked, { is: "wrong", why });
  });

test("each way to be wrong has a row above, and words of its own that repeat no key", () => {
  const seen = new Set(keys.flatMap(([, , why]) => (why === null ? [] : [why])));
  assert.deepEqual([...seen].sort(), [...recipientProblems].sort());
  const words = recipientProblems.map((why) => translator("en")(`production:age.${why}`));
  assert.equal(new Set(words).size, recipientProblems.length);
  for (const each of words) assert.doesNotMatch(each, /casefile:|AGE-SECRET/);
});
