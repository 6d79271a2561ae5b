import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoreFactory } from "./store.ts";

export function reminderContract(openStore: StoreFactory): void {
  test("the last hour moves by compare-and-set only", async (t) => {
    const store = await openStore(t);
    assert.equal(await store.findReminderSlot(), null);
    assert.equal(await store.advanceReminderSlot(1, 2), false, "there is nothing to follow");
    assert.equal(await store.advanceReminderSlot(null, 100), true);
    assert.equal(await store.advanceReminderSlot(null, 100), false, "it has begun");
    assert.equal(await store.advanceReminderSlot(99, 200), false, "another came first");
    assert.equal(await store.findReminderSlot(), 100);
    assert.equal(await store.advanceReminderSlot(100, 200), true);
    assert.equal(await store.advanceReminderSlot(200, 50), true, "also backwards, when a clock was wrong");
    assert.equal(await store.findReminderSlot(), 50);
  });

  test("of two who take the same hour at once one has it", async (t) => {
    const store = await openStore(t);
    await store.advanceReminderSlot(null, 1);
    const taken = await Promise.all([1, 2, 3].map(() => store.advanceReminderSlot(1, 2)));
    assert.deepEqual(taken.filter(Boolean).length, 1);
  });
}
