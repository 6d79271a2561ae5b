/** What assisted mode keeps between two pages: once, five minutes, within bounds, and not readable without the token. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { toHex, utf8 } from "../../crypto/bytes.ts";
import { parseMemberSeed } from "../../crypto/keys.ts";
import { Held } from "../../server/assisted/held.ts";
import { formatKept, formatKeptFile, parseKept, parseKeptFile } from "../../server/assisted/mailbox.ts";
import { makeMailbox, seedFor } from "../support/fixtures.ts";

const clockAt = (time: { ms: number }): { now: () => number } => ({ now: () => time.ms });
const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());

test("what was put comes out once", () => {
  const held = new Held(clockAt({ ms: 0 }), 1000);
  const token = held.put(utf8("typed"));
  assert.equal(text(held.take(token)), "typed");
  assert.equal(held.take(token), null);
  assert.deepEqual([held.size, held.bytes], [0, 0]);
});

test("the plain bytes are wiped when they go in", () => {
  const plain = utf8("typed");
  new Held(clockAt({ ms: 0 }), 1000).put(plain);
  assert.equal(toHex(plain), "0000000000");
});

for (const [what, ms, answer] of [
  ["just before five minutes", 299_999, "typed"],
  ["at five minutes", 300_000, null],
  ["a clock set back a year", -31_536_000_000, "typed"],
] as const)
  test(`${what}: ${answer ?? "gone"}`, () => {
    const time = { ms: 0 };
    const held = new Held(clockAt(time), 1000);
    const token = held.put(utf8("typed"));
    time.ms = ms;
    assert.equal(text(held.take(token)), answer);
    assert.equal(held.size, 0);
  });

test("after five minutes the memory is free though nobody asks", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const held = new Held(clockAt({ ms: 0 }), 1000);
  held.put(utf8("typed"));
  t.mock.timers.tick(299_999);
  assert.equal(held.size, 1);
  t.mock.timers.tick(1);
  assert.deepEqual([held.size, held.bytes], [0, 0]);
});

test("where there is no room the largest go, of equals the oldest: who floods it loses their own", () => {
  const held = new Held(clockAt({ ms: 0 }), 1000);
  const small = held.put(utf8("typed by hand"));
  const tokens = [1, 2, 3, 4, 5].map((n) => held.put(new Uint8Array(300).fill(n)));
  assert.deepEqual(
    tokens.map((token) => held.take(token)?.[0] ?? null),
    [null, null, 3, 4, 5],
  );
  assert.equal(held.take(held.put(new Uint8Array(5000))), null, "more than there is room for");
  assert.equal(text(held.take(small)), "typed by hand");
  assert.deepEqual([held.size, held.bytes], [0, 0]);
});

test("a page whose answer broke off can be fetched again, for the rest of its time; one that went out cannot", () => {
  const time = { ms: 0 };
  const held = new Held(clockAt(time), 1000);
  const token = held.put(utf8("typed"));
  const answer = (finished: boolean): ServerResponse & EventEmitter =>
    Object.assign(new EventEmitter(), { writableFinished: finished }) as ServerResponse & EventEmitter;
  const broken = answer(false);
  assert.equal(text(held.lend(token, broken)), "typed");
  assert.equal(held.take(token), null, "not twice at once");
  broken.emit("close");
  time.ms = 299_999;
  const late = answer(false);
  assert.equal(text(held.lend(token, late)), "typed");
  time.ms = 300_000;
  late.emit("close");
  assert.equal(held.size, 0, "its time is over");
  const other = held.put(utf8("seen"));
  const whole = answer(true);
  assert.equal(text(held.lend(other, whole)), "seen");
  whole.emit("close");
  assert.equal(held.take(other), null);
});

test("a stranger's control characters take no more room than other text", () => {
  const report = (character: string): number =>
    formatKept({ is: "code", typed: "", text: character.repeat(10_000), problems: [] }).length;
  assert.ok(report("\u0001") < 1.1 * report("a"));
});

for (const token of ["", "nonsense", "A".repeat(43), "A".repeat(44), "../../etc"])
  test(`the token "${token}" leads nowhere`, () => {
    const held = new Held(clockAt({ ms: 0 }), 1000);
    held.put(utf8("typed"));
    assert.equal(held.take(token), null);
    held.forget(token);
    assert.equal(held.size, 1);
  });

test("forgotten is gone", () => {
  const held = new Held(clockAt({ ms: 0 }), 1000);
  const token = held.put(utf8("typed"));
  held.forget(token);
  assert.equal(held.take(token), null);
});

test("an open mailbox, a typed code and a file come back as they were", () => {
  const portalId = seedFor("portal");
  const mailbox = makeMailbox(portalId);
  const open = {
    is: "open",
    mailbox,
    text: "naïve\n",
    problems: [],
    news: "sent",
    hadFiles: true,
    purpose: "correct" as const,
    files: ["a"],
  } as const;
  assert.deepEqual(parseKept(formatKept({ ...open, problems: [], files: ["a"] }), portalId), open);
  const code = { is: "code" as const, typed: "one two", text: "", problems: [{ is: "late" as const }] };
  const bytes = formatKept(code);
  assert.deepEqual(parseKept(bytes, portalId), code);
  assert.ok(bytes.every((byte) => byte === 0));
  const key = Buffer.from(parseMemberSeed(seedFor("file"))).toString("base64");
  const entry = { name: "a.txt", type: "text/plain", size: 1, offset: 0, length: 42, key, sha256: "00".repeat(32) };
  const file = { entry, index: 3, caseId: mailbox.caseId, envId: new Uint8Array(16).fill(4) };
  assert.deepEqual(parseKeptFile(formatKeptFile(file)), file);
});
