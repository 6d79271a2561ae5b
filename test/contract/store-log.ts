import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store } from "../../server/ports.ts";
import { newCase, newEvent, someDay } from "../support/store-rows.ts";
import type { StoreFactory } from "./store.ts";

/** The log as runs of days: [day, leaves]. */
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
    ["an act adds one leaf", (s: Store) => admit(s, someDay, someDay), [[0, 2]]],
    [
      "a day is padded before the next one's first leaf",
      (s: Store) => admit(s, someDay, someDay, someDay + 1),
      [
        [0, 64],
        [1, 1],
      ],
    ],
    [
      "days on which nothing happened are filled",
      (s: Store) => admit(s, someDay, someDay + 3),
      [
        [0, 64],
        [1, 64],
        [2, 64],
        [3, 1],
      ],
    ],
    [
      "padding leaves today alone",
      async (s: Store) => {
        await admit(s, someDay);
        await s.padLog(someDay);
      },
      [[0, 1]],
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
    ["padding an empty log begins it", (s: Store) => s.padLog(someDay + 1), [[0, 64]]],
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
      },
      [
        [1, 64],
        [0, 64],
        [1, 1],
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
    });

  test("a clock 2,000 days ahead fills one year and is done", async (t) => {
    const store = await openStore(t);
    await admit(store, someDay, someDay + 2000);
    assert.equal((await store.listLeaves(0, 100_000)).length, 64 + 366 * 64 + 1);
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

  test("a change that is not logged adds no leaf", async (t) => {
    const store = await openStore(t);
    const one = newCase();
    await store.admitCase(one);
    await store.changeCase(newEvent(one.row.idx, 1, { leaf: null }));
    assert.deepEqual(await days(store), [[someDay, 1]]);
  });
}
