import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store } from "../../server/ports.ts";
import { newCase, newEvent, random, someDay } from "../support/store-rows.ts";
import type { StoreFactory } from "./store.ts";

/** The log as runs of days: [day, leaves]. What waits for its day's end is not in it. */
async function days(store: Store): Promise<[number, number][]> {
  const runs: [number, number][] = [];
  for (const { day } of await store.listLeaves(0, 100_000)) {
    const run = runs.at(-1);
    if (run?.[0] === day) run[1]++;
    else runs.push([day, 1]);
  }
  return runs;
}

async function admit(store: Store, ...onDays: number[]): Promise<void> {
  for (const day of onDays) await store.admitCase(newCase({ day }));
}

export function logContract(openStore: StoreFactory): void {
  for (const [what, act, expected] of [
    ["acts of an open day wait", (s: Store) => admit(s, someDay, someDay), []],
    [
      "a day is padded before the next one's first leaf",
      (s: Store) => admit(s, someDay, someDay, someDay + 1),
      [[0, 64]],
    ],
    [
      "days on which nothing happened are filled",
      (s: Store) => admit(s, someDay, someDay + 3),
      [
        [0, 64],
        [1, 64],
        [2, 64],
      ],
    ],
    [
      "padding leaves today alone",
      async (s: Store) => {
        await admit(s, someDay);
        await s.padLog(someDay);
      },
      [],
    ],
    [
      "padding closes yesterday, and again changes nothing",
      async (s: Store) => {
        await admit(s, someDay);
        await s.padLog(someDay + 1);
        await s.padLog(someDay + 1);
      },
      [[0, 64]],
    ],
    [
      "padding fills the days between",
      async (s: Store) => {
        await admit(s, someDay);
        await s.padLog(someDay + 3);
        await s.padLog(someDay + 4);
      },
      [
        [0, 64],
        [1, 64],
        [2, 64],
        [3, 64],
      ],
    ],
    ["padding an empty log begins it", (s: Store) => s.padLog(someDay + 1), [[0, 64]]],
    [
      "a day with 64 leaves needs no padding",
      async (s: Store) => {
        await admit(s, ...Array.from({ length: 64 }, () => someDay));
        await s.padLog(someDay + 1);
      },
      [[0, 64]],
    ],
    [
      "a day with more than 64 leaves is padded to 128",
      async (s: Store) => {
        await admit(s, ...Array.from({ length: 65 }, () => someDay));
        await s.padLog(someDay + 1);
      },
      [[0, 128]],
    ],
    [
      "a clock set back keeps every change of day at a multiple of 64",
      async (s: Store) => {
        await admit(s, someDay + 1, someDay);
        await s.padLog(someDay);
        await admit(s, someDay + 1);
        await s.padLog(someDay + 2);
      },
      [
        [1, 64],
        [0, 64],
        [1, 64],
      ],
    ],
  ] as [string, (store: Store) => Promise<void>, [number, number][]][])
    test(what, async (t) => {
      const store = await openStore(t);
      await act(store);
      const found = await days(store);
      assert.deepEqual(
        found.map(([day, leaves]) => [day - someDay, leaves]),
        expected,
      );
      assert.equal(
        (await store.logLength()).leaves,
        expected.reduce((sum, [, leaves]) => sum + leaves, 0),
      );
    });

  test("a clock 2,000 days ahead fills one year and is done", async (t) => {
    const store = await openStore(t);
    await admit(store, someDay, someDay + 2000);
    assert.equal((await store.listLeaves(0, 100_000)).length, 64 + 366 * 64);
  });

  test("the newest day is that of a leaf which waits, or else of the newest in the log", async (t) => {
    const store = await openStore(t);
    assert.equal(await store.newestLogDay(), null);
    await admit(store, someDay, someDay + 1);
    assert.equal(await store.newestLogDay(), someDay + 1);
    await store.padLog(someDay + 3);
    assert.equal(await store.newestLogDay(), someDay + 2);
  });

  test("filler is random, and leaves can be listed from anywhere", async (t) => {
    const store = await openStore(t);
    await admit(store, someDay);
    await store.padLog(someDay + 1);
    const leaves = await store.listLeaves(0, 100);
    assert.equal(new Set(leaves.map(({ leaf }) => Buffer.from(leaf).toString("hex"))).size, 64);
    for (const { leaf } of leaves) assert.equal(leaf.length, 32);
    assert.deepEqual(await store.listLeaves(10, 5), leaves.slice(10, 15));
    assert.deepEqual(await store.listLeaves(64, 5), []);
  });

  test("a day's leaves stand in the order of their bytes, whenever they came, filler among them", async (t) => {
    const store = await openStore(t);
    const real = [0xf0, 0x10, 0x80].map((first) => Uint8Array.from([first, ...random(31)]));
    for (const leaf of real) await store.admitCase(newCase({ leaf }));
    assert.deepEqual(await store.findLeaves(real), ["waiting", "waiting", "waiting"]);
    await store.padLog(someDay + 1);
    const leaves = (await store.listLeaves(0, 100)).map(({ leaf }) => leaf);
    assert.deepEqual(leaves, leaves.toSorted(Buffer.compare));
    const places = await store.findLeaves([...real, random(32)]);
    assert.deepEqual(
      places,
      [...real, random(32)].map((leaf) => {
        const at = leaves.findIndex((each) => Buffer.compare(each, leaf) === 0);
        return at === -1 ? null : at;
      }),
    );
  });

  test("a leaf that stands in the log keeps its number when the log grows", async (t) => {
    const store = await openStore(t);
    const first = newCase();
    await store.admitCase(first);
    await store.padLog(someDay + 1);
    const before = await store.listLeaves(0, 100);
    const place = await store.findLeaves([first.leaf]);
    await admit(store, ...Array.from({ length: 70 }, () => someDay + 1), someDay + 2);
    assert.deepEqual(await store.listLeaves(0, 64), before);
    assert.deepEqual(await store.findLeaves([first.leaf]), place);
  });

  test("hashes of subtrees are found where they were put, and stay as they were", async (t) => {
    const store = await openStore(t);
    await store.padLog(someDay + 1);
    assert.deepEqual(await store.logLength(), { leaves: 64, hashed: 0 });
    const [one, two] = [random(32), random(32)];
    await store.putLogNodes([
      { level: 6, at: 0, hash: one },
      { level: 7, at: 0, hash: two },
    ]);
    await store.putLogNodes([{ level: 6, at: 0, hash: two }]);
    const wanted = [
      { level: 7, at: 0 },
      { level: 6, at: 0 },
      { level: 6, at: 1 },
    ];
    assert.deepEqual(await store.findLogNodes(wanted), [two, one, null]);
    assert.deepEqual(await store.logLength(), { leaves: 64, hashed: 64 });
  });

  test("a change that is not logged adds no leaf", async (t) => {
    const store = await openStore(t);
    const one = newCase();
    await store.admitCase(one);
    await store.changeCase(newEvent(one.row.idx, 1, { leaf: null }));
    await store.padLog(someDay + 1);
    const before = await days(store);
    await store.changeCase(newEvent(one.row.idx, 2, { leaf: null, day: someDay + 1 }));
    assert.equal(await store.newestLogDay(), someDay);
    assert.deepEqual(await days(store), before);
  });
}
