/** Attacks on the feed's beat: timers and clocks that do not run alike, portals that wait for each other, a full queue. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { randomBytes } from "../../crypto/sodium.ts";
import { every } from "../../server/app/every.ts";
import { publishAtOnce, publishTick } from "../../server/app/publish-feed.ts";
import { systemClock } from "../../server/clock.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let served: ServedOrganisation;
before(async () => {
  served = await serveOrganisation();
});
after(() => served.portal.discard());

test("a beat longer than a timer can wait does not beat at once and for ever", async () => {
  let runs = 0;
  const clock = { ...systemClock, now: () => 1 };
  const stop = every(40 * 86_400_000, clock, async () => void runs++, assert.fail);
  await pause(200);
  stop();
  assert.equal(runs, 0);
});

test("a clock that runs slower than the timer gives one beat, not several in a row", async () => {
  const ms = 400;
  const start = systemClock.now();
  const clock = { ...systemClock, now: () => 1_000_000 * ms + (systemClock.now() - start) / 2 };
  const beats: number[] = [];
  const stop = every(ms, clock, async () => void beats.push(Math.floor(clock.now() / ms) - 1_000_000), assert.fail);
  await pause(5 * ms);
  stop();
  assert.deepEqual(beats, [1, 2]);
});

test("a clock that is set back does not stop the beat", async () => {
  let shift = 0;
  const clock = { ...systemClock, now: () => systemClock.now() - shift };
  let runs = 0;
  const stop = every(100, clock, async () => void runs++, assert.fail);
  await pause(250);
  shift = 3_600_000;
  const before = runs;
  await pause(500);
  stop();
  assert.ok(before >= 1 && runs - before >= 2, `${before} and ${runs}`);
});

test("one portal's publication does not wait for another portal's in the same process", async () => {
  const stuck = Promise.withResolvers<never>();
  const { context } = served.portal;
  const other = { ...context, store: { ...context.store, newestTick: () => stuck.promise } };
  const waiting = publishTick(other).catch(() => undefined);
  await pause(50);
  const done = await Promise.race([publishTick(context).then(() => "published"), pause(2000).then(() => "waited")]);
  stuck.reject(new Error("let go"));
  await waiting;
  assert.equal(done, "published");
});

test("a trial publishes everything that waits, however much there is", async () => {
  const { context } = served.portal;
  const [member] = context.book.requireChain().current.recipients;
  let left = 2500;
  const store = {
    ...context.store,
    pendingFeed: async (memberId: number, limit: number) =>
      Array.from({ length: memberId === member!.id ? Math.min(limit, left) : 0 }, () => ({
        memberId,
        itemId: randomBytes(16),
        ctx: randomBytes(32),
        slot: randomBytes(1216),
      })),
    publishFeed: async (_tick: number, items: readonly unknown[]) => void (left -= items.length),
  };
  await publishAtOnce({ ...context, store });
  assert.equal(left, 0);
});

test("no fault of the server was logged in all of this", () => {
  assert.deepEqual(served.portal.lines, []);
});
