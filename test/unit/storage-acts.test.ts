import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";
import SQLite from "better-sqlite3";
import { openActs } from "../../server/storage/acts.ts";
import { fixtureModes } from "../support/acts-fixture.ts";
import type { Fixture } from "../support/acts-fixture.ts";
import { testFolder } from "../support/store-rows.ts";

const worker = new URL("../support/acts-fixture-worker.ts", import.meta.url);

async function openFixture(t: TestContext, limits: { waiting?: number; batch?: number } = {}) {
  const path = join(testFolder(t), "fixture.sqlite");
  const acts = await openActs<Fixture>(worker, path, fixtureModes, limits);
  t.after(() => acts.close());
  return { acts, path };
}

/** "ok" or the error's code, act by act. */
async function outcomes(acts: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(acts);
  return settled.map((one) => (one.status === "fulfilled" ? "ok" : one.reason.code));
}

/** Frames of a write-ahead log that end a transaction: https://www.sqlite.org/fileformat2.html#walformat */
function countCommits(walPath: string): number {
  const wal = readFileSync(walPath);
  const frameBytes = 24 + wal.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frameBytes <= wal.length; at += frameBytes) if (wal.readUInt32BE(at + 4) !== 0) commits++;
  return commits;
}

/** The longest time the event loop stood still while this went on, milliseconds. */
async function longestPause(during: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await during.finally(() => clearInterval(timer));
  return longest;
}

for (const [batch, commits] of [
  [256, 1],
  [2, 2],
  [1, 4],
] as const)
  test(`four acts that queue together are ${commits} transactions when ${batch} may share one`, async (t) => {
    const { acts, path } = await openFixture(t, { batch });
    await Promise.all(["a", "b", "c", "d"].map((key) => acts.add(key)));
    assert.equal(countCommits(`${path}-wal`), commits);
    assert.deepEqual(await acts.keys(), ["a", "b", "c", "d"]);
  });

test("an act that fails half way leaves nothing and spoils nothing beside it", async (t) => {
  const { acts } = await openFixture(t);
  const tried = [acts.add("a"), acts.addThenThrow("b"), acts.add("a"), acts.add("c")];
  assert.deepEqual(await outcomes(tried), ["ok", "busy", "conflict", "ok"]);
  assert.deepEqual(await acts.keys(), ["a", "c"]);
});

test("a COMMIT that fails fails every act in it, keeps nothing, and the next one works", async (t) => {
  const { acts } = await openFixture(t);
  assert.deepEqual(await outcomes([acts.add("a"), acts.addOrphan("b"), acts.add("c")]), ["busy", "busy", "busy"]);
  assert.deepEqual(await acts.keys(), []);
  assert.deepEqual(await outcomes([acts.add("a"), acts.add("c")]), ["ok", "ok"]);
  assert.deepEqual(await acts.keys(), ["a", "c"]);
});

test("a file that may not grow is full; reading goes on, and writing when it may grow again", async (t) => {
  const { acts } = await openFixture(t);
  await acts.add("before");
  await acts.allowPages(4);
  assert.deepEqual(await outcomes([acts.addLong("long", 1_000_000)]), ["full"]);
  assert.deepEqual(await acts.keys(), ["before"]);
  await acts.allowPages(1000);
  assert.deepEqual(await outcomes([acts.addLong("long", 1_000_000)]), ["ok"]);
  assert.deepEqual(await acts.keys(), ["before", "long"]);
});

test("beyond the bound an act is busy at once; those that waited are carried out", async (t) => {
  const { acts } = await openFixture(t, { waiting: 3 });
  const waiting = [acts.block(100), acts.add("a"), acts.add("b")];
  assert.deepEqual(await outcomes([acts.add("c"), acts.add("d")]), ["busy", "busy"]);
  assert.deepEqual(await outcomes(waiting), ["ok", "ok", "ok"]);
  assert.deepEqual(await acts.keys(), ["a", "b"]);
  await acts.add("c");
});

test("readers do not wait for the writing thread", async (t) => {
  const { acts } = await openFixture(t);
  await acts.add("a");
  const order: string[] = [];
  const writing = acts.block(300).then(() => order.push("write"));
  await sleep(20);
  assert.deepEqual(await acts.keys(), ["a"]);
  order.push("read");
  await writing;
  assert.deepEqual(order, ["read", "write"]);
});

test("a thread that dies fails its acts as busy and comes back", async (t) => {
  const { acts } = await openFixture(t);
  await acts.add("a");
  assert.deepEqual(await outcomes([acts.add("b"), acts.die(), acts.add("c")]), ["busy", "busy", "busy"]);
  assert.deepEqual(await outcomes([acts.add("d")]), ["ok"]);
  assert.deepEqual(await acts.keys(), ["a", "d"]);
});

test("closing carries out what waits; afterwards everything is busy", async (t) => {
  const { acts, path } = await openFixture(t, { batch: 1 });
  const waiting = ["a", "b", "c"].map((key) => acts.add(key));
  await acts.close();
  assert.deepEqual(await outcomes(waiting), ["ok", "ok", "ok"]);
  assert.deepEqual(await outcomes([acts.add("d"), acts.keys()]), ["busy", "busy"]);
  const db = new SQLite(path, { readonly: true });
  assert.equal(db.prepare("SELECT count(*) FROM entries").pluck().get(), 3);
  db.close();
});

suite("locks", { concurrency: true }, () => {
  test("while another process holds the lock, writing waits, reading works, the event loop runs", async (t) => {
    const { acts, path } = await openFixture(t);
    await acts.add("a");
    const other = new SQLite(path);
    other.exec("BEGIN IMMEDIATE");
    let stored = false;
    const waiting = acts.add("b").then(() => (stored = true));
    const pause = await longestPause(sleep(500));
    assert.equal(stored, false);
    assert.deepEqual(await acts.keys(), ["a"]);
    other.exec("COMMIT");
    other.close();
    await waiting;
    assert.deepEqual(await acts.keys(), ["a", "b"]);
    assert.ok(pause < 250, `the event loop stood still for ${pause.toFixed(0)} ms`);
  });

  test("a lock beyond all patience makes writing busy, and it recovers", async (t) => {
    const { acts, path } = await openFixture(t);
    const other = new SQLite(path);
    other.exec("BEGIN IMMEDIATE");
    assert.deepEqual(await outcomes([acts.add("a"), acts.add("b")]), ["busy", "busy"]);
    other.exec("COMMIT");
    other.close();
    assert.deepEqual(await outcomes([acts.add("a")]), ["ok"]);
    assert.deepEqual(await acts.keys(), ["a"]);
  });
});
