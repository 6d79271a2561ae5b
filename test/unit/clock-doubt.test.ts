/** A clock that runs far ahead deletes nothing by its date until somebody had a day to mend it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClockDoubt } from "../../server/app/clock-doubt.ts";
import type { Context } from "../../server/app/context.ts";

const hour = 60 * 60 * 1000;

/** The parts of a portal that are looked at; `newest`: the log's last day. */
function portal(newest: number | null, keyringBackupDays = 30) {
  const at = { today: 0, newest, steady: 0 };
  const context = {
    clock: { today: () => at.today, now: () => 0 },
    store: { newestLogDay: () => Promise.resolve(at.newest) },
    settings: { keyringBackupDays },
  } as unknown as Context;
  const doubt = new ClockDoubt(() => at.steady);
  return { at, believes: () => doubt.believes(context) };
}

for (const [what, newest, today, backupDays, believed] of [
  ["the first day", null, 20_000, 30, true],
  ["the next day", 20_000, 20_001, 30, true],
  ["a portal that was off for six weeks", 20_000, 20_045, 30, true],
  ["a day more", 20_000, 20_046, 30, false],
  ["a backup as old as keyrings are kept", 20_000, 20_091, 90, true],
  ["older than that", 20_000, 20_092, 90, false],
  ["a clock years ahead", 20_000, 40_000, 30, false],
  ["a clock that was set back", 20_000, 10_000, 30, true],
] as const)
  test(`${what} is ${believed ? "believed" : "doubted"}`, async () => {
    const { at, believes } = portal(newest, backupDays);
    at.today = today;
    assert.equal(await believes(), believed);
  });

test("a doubt lasts a day of running, whatever is filed meanwhile", async () => {
  const { at, believes } = portal(20_000);
  at.today = 30_000;
  assert.equal(await believes(), false);
  at.newest = 30_000; // a report came in
  at.steady = 23 * hour;
  assert.equal(await believes(), false);
  at.steady = 24 * hour;
  assert.equal(await believes(), true);
});

test("a clock that was mended is believed at once, and doubted anew when it jumps again", async () => {
  const { at, believes } = portal(20_000);
  at.today = 30_000;
  assert.equal(await believes(), false);
  at.today = 20_001;
  assert.equal(await believes(), true);
  at.steady = 30 * hour;
  at.today = 30_000;
  assert.equal(await believes(), false);
});
