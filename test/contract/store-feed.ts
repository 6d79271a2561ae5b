import assert from "node:assert/strict";
import { test } from "node:test";
import type { PendingFeedItem, Store } from "../../server/ports.ts";
import { feedItem, newCase, someDay } from "../support/store-rows.ts";
import type { StoreFactory } from "./store.ts";

const byItemId = (a: { itemId: Uint8Array }, b: { itemId: Uint8Array }) => Buffer.compare(a.itemId, b.itemId);
const published = (items: PendingFeedItem[]) => items.map(({ itemId, ctx, slot }) => ({ itemId, ctx, slot }));

async function wait(store: Store, day: number, ...feed: PendingFeedItem[]): Promise<void> {
  await store.admitCase(newCase({ day, feed }));
}

export function feedContract(openStore: StoreFactory): void {
  test("an empty feed stands at tick 0", async (t) => {
    const store = await openStore(t);
    assert.equal(await store.newestTick(), 0);
    assert.deepEqual(await store.feedAfter(1, 0), { newestTick: 0, items: [] });
    assert.deepEqual(await store.pendingFeed(1, 10), []);
  });

  test("the oldest day waits first; within a day the random item id decides, not the order of arrival", async (t) => {
    const store = await openStore(t);
    const young = Array.from({ length: 8 }, () => feedItem(1));
    const old = Array.from({ length: 8 }, () => feedItem(1));
    for (const item of young) await wait(store, someDay, item);
    for (const item of old) await wait(store, someDay - 1, item, feedItem(2));
    const inTurn = [...old.toSorted(byItemId), ...young.toSorted(byItemId)];
    assert.deepEqual(await store.pendingFeed(1, 100), inTurn);
    assert.deepEqual(await store.pendingFeed(1, 3), inTurn.slice(0, 3));
  });

  test("surplus waits and nothing starves while new items keep coming", async (t) => {
    const store = await openStore(t);
    const first = Array.from({ length: 5 }, () => feedItem(1));
    await wait(store, someDay, ...first);
    for (let tick = 1; tick <= 3; tick++) {
      await wait(store, someDay + tick, feedItem(1), feedItem(1), feedItem(1));
      await store.publishFeed(tick, await store.pendingFeed(1, 2));
    }
    const { items } = await store.feedAfter(1, 0);
    assert.equal(items.length, 6);
    const seen = new Set(items.map(({ itemId }) => Buffer.from(itemId).toString("hex")));
    for (const { itemId } of first) assert.ok(seen.has(Buffer.from(itemId).toString("hex")));
  });

  test("a tick publishes waiting items and fillers, each to its member, in order of their ids", async (t) => {
    const store = await openStore(t);
    const [mine, theirs, filler] = [feedItem(1), feedItem(2), feedItem(1)];
    await wait(store, someDay, mine, theirs);
    await store.publishFeed(5, [filler, theirs, mine]);
    assert.equal(await store.newestTick(), 5);
    assert.deepEqual(await store.pendingFeed(1, 10), []);
    const page = await store.feedAfter(1, 0);
    assert.deepEqual(page, { newestTick: 5, items: published([mine, filler].toSorted(byItemId)) });
    assert.deepEqual((await store.feedAfter(2, 4)).items, published([theirs]));
    assert.deepEqual(await store.feedAfter(1, 5), { newestTick: 5, items: [] });
  });

  test("ticks follow each other in a page", async (t) => {
    const store = await openStore(t);
    const ticks = [1, 2, 7].map((tick) => ({ tick, items: [feedItem(1), feedItem(1)] }));
    for (const { tick, items } of ticks) await store.publishFeed(tick, items);
    const expected = ticks.flatMap(({ items }) => published(items.toSorted(byItemId)));
    assert.deepEqual(await store.feedAfter(1, 0), { newestTick: 7, items: expected });
    assert.deepEqual((await store.feedAfter(1, 1)).items, expected.slice(2));
  });

  test("a tick without items moves the clock", async (t) => {
    const store = await openStore(t);
    await store.publishFeed(3, []);
    assert.deepEqual(await store.feedAfter(1, 0), { newestTick: 3, items: [] });
  });

  test("pages hold whole ticks, and asking on brings every item once", async (t) => {
    const store = await openStore(t);
    const size = (tick: number) => (tick === 2 ? 3000 : 1000);
    for (let tick = 1; tick <= 6; tick++)
      await store.publishFeed(
        tick,
        Array.from({ length: size(tick) }, () => ({ ...feedItem(1), slot: new Uint8Array([1]) })),
      );
    const seen = new Set<string>();
    const stops: number[] = [];
    for (let after = 0; after < 6;) {
      const { newestTick, items } = await store.feedAfter(1, after);
      assert.ok(newestTick > after, "every page brings the reader further");
      for (const { itemId } of items) seen.add(Buffer.from(itemId).toString("hex"));
      stops.push((after = newestTick));
    }
    assert.equal(seen.size, 8000);
    assert.ok(stops.length > 1, "8,000 items are more than a page");
  });

  for (const [what, spoil] of [
    ["an item that was published before", (old: PendingFeedItem) => old],
    ["an item that waits for somebody else", (_: unknown, waiting: PendingFeedItem) => ({ ...waiting, memberId: 9 })],
  ] as const)
    test(`a tick with ${what} publishes nothing at all`, async (t) => {
      const store = await openStore(t);
      const [old, waiting, other] = [feedItem(1), feedItem(1), feedItem(1)];
      await store.publishFeed(1, [old]);
      await wait(store, someDay, waiting, other);
      const items = [other, feedItem(1), spoil(old, waiting)];
      await assert.rejects(store.publishFeed(2, items), { code: "conflict" });
      assert.equal(await store.newestTick(), 1);
      assert.deepEqual((await store.feedAfter(1, 1)).items, []);
      assert.equal((await store.pendingFeed(1, 10)).length, 2);
    });

  for (const tick of [1, 2])
    test(`after tick 2, tick ${tick} is a conflict`, async (t) => {
      const store = await openStore(t);
      await store.publishFeed(2, [feedItem(1)]);
      await assert.rejects(store.publishFeed(tick, [feedItem(1)]), { code: "conflict" });
      assert.equal((await store.feedAfter(1, 0)).items.length, 1);
    });
}
