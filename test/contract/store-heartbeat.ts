import assert from "node:assert/strict";
import { test } from "node:test";
import type { PublishedHeartbeat, Store, Tally } from "../../server/ports.ts";
import { newCase, random, someDay, versionsInTurn } from "../support/store-rows.ts";
import type { StoreFactory } from "./store.ts";

const published = (quarter: string): PublishedHeartbeat => ({ quarter, bytes: random(300), signature: random(200) });
const tally = (quarter: string, version: number): Tally => ({ quarter, version, sealed: random(200) });

/** Deletes a new case whose quarter has this tally. */
async function shred(store: Store, next: Tally | null): Promise<{ outcome: string; isThere: boolean }> {
  const { row, event, ...rest } = newCase();
  await store.admitCase({ row, event, ...rest });
  const outcome = await store.shredCase({
    idx: row.idx,
    expectedVersion: 1,
    day: someDay,
    rowKeys: [event.rowKey],
    envKey: event.envKey,
    feedContexts: [],
    objects: [],
    tally: next,
  });
  return { outcome, isThere: (await store.findCase(row.idx)) !== null };
}

export function heartbeatContract(openStore: StoreFactory): void {
  test("what is published is listed by quarter, and stays as it was first published", async (t) => {
    const store = await openStore(t);
    assert.deepEqual(await store.listHeartbeats(), []);
    const [late, early, again] = [published("2027-Q1"), published("2026-Q4"), published("2026-Q4")];
    for (const [each, outcome] of [
      [late, "stored"],
      [early, "stored"],
      [again, "known"],
    ] as const)
      assert.equal(await store.putHeartbeat(each, 0), outcome);
    assert.deepEqual(await store.listHeartbeats(), [early, late]);
  });

  for (const [what, versions, outcomes] of versionsInTurn)
    test(`a tally is written ${what}`, async (t) => {
      const store = await openStore(t);
      const tallies = versions.map((version) => tally("2026-Q4", version));
      const answers: string[] = [];
      for (const each of tallies) answers.push(await store.putTally(each));
      assert.deepEqual(answers, outcomes);
      const last = tallies.filter((_, i) => outcomes[i] === "stored").at(-1);
      assert.deepEqual(await store.listTallies(), last === undefined ? [] : [last]);
    });

  test("a quarter is published only at the tally that was counted, which goes; then it takes none", async (t) => {
    const store = await openStore(t);
    const beside = tally("2027-Q1", 1);
    for (const each of [tally("2026-Q4", 1), tally("2026-Q4", 2), beside]) await store.putTally(each);
    const heartbeat = published("2026-Q4");
    for (const version of [0, 1, 3]) assert.equal(await store.putHeartbeat(heartbeat, version), "conflict");
    assert.deepEqual(await store.listHeartbeats(), []);
    assert.equal(await store.putHeartbeat(heartbeat, 2), "stored");
    assert.deepEqual(await store.listTallies(), [beside]);
    for (const version of [1, 3]) assert.equal(await store.putTally(tally("2026-Q4", version)), "conflict");
  });

  test("of two who publish a quarter at once one does", async (t) => {
    const store = await openStore(t);
    const answers = await Promise.all([1, 2, 3].map(() => store.putHeartbeat(published("2026-Q4"), 0)));
    assert.deepEqual(answers.toSorted(), ["known", "known", "stored"]);
  });

  test("a case is deleted together with its quarter's tally, or not at all", async (t) => {
    const store = await openStore(t);
    const [first, second] = [tally("2026-Q4", 1), tally("2026-Q4", 2)];
    assert.deepEqual(await shred(store, first), { outcome: "stored", isThere: false });
    assert.deepEqual(await shred(store, tally("2026-Q4", 1)), { outcome: "conflict", isThere: true });
    assert.deepEqual(await store.listTallies(), [first]);
    assert.deepEqual(await shred(store, second), { outcome: "stored", isThere: false });
    assert.deepEqual(await store.listTallies(), [second]);
    await store.putHeartbeat(published("2026-Q4"), 2);
    assert.deepEqual(await shred(store, tally("2026-Q4", 3)), { outcome: "conflict", isThere: true });
    assert.deepEqual(await shred(store, null), { outcome: "stored", isThere: false });
  });

  test("a case that changed leaves the tally as it was", async (t) => {
    const store = await openStore(t);
    const owner = newCase();
    await store.admitCase(owner);
    const outcome = await store.shredCase({
      idx: owner.row.idx,
      expectedVersion: 7,
      day: someDay,
      rowKeys: [],
      envKey: owner.event.envKey,
      feedContexts: [],
      objects: [],
      tally: tally("2026-Q4", 1),
    });
    assert.equal(outcome, "conflict");
    assert.deepEqual(await store.listTallies(), []);
  });

  test("a quarter has its one spelling", async (t) => {
    const store = await openStore(t);
    for (const quarter of ["2026-Q5", "2026-Q0", "2026Q4", "26-Q4", ""]) {
      await assert.rejects(store.putTally(tally(quarter, 1)));
      await assert.rejects(store.putHeartbeat(published(quarter), 0));
    }
  });
}
