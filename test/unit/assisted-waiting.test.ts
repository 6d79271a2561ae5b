/** Waiting instead of computing: who is held, who is not, what is remembered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { deriveMailbox } from "../../crypto/keys.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";
import { MailboxDeriver } from "../../server/assisted/derive-mailbox.ts";
import { WaitLonger, Waiting } from "../../server/assisted/waiting.ts";

const start = Date.UTC(2026, 10, 23);
const day = 24 * 3600 * 1000;

function room(bounds: ConstructorParameters<typeof Waiting>[1] = {}): { waiting: Waiting; clock: { at: number } } {
  const clock = { at: start };
  return { waiting: new Waiting({ now: () => clock.at }, bounds), clock };
}

/** Whether hold() answers before any timer of a second could have run. */
async function isHeld(waiting: Waiting, ticket: string): Promise<boolean> {
  const turn = waiting.hold(ticket).then(({ end }) => end(true));
  return (await Promise.race([turn, new Promise((resolve) => setTimeout(() => resolve("held"), 30))])) === "held";
}

test("a ticket that is old enough is not held; a young one is, until it is", async (t) => {
  const { waiting, clock } = room();
  const ticket = waiting.issue();
  assert.equal(waiting.size, 0, "nothing is stored for it");
  clock.at += 20_000;
  assert.equal(await isHeld(waiting, ticket), false);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const young = waiting.issue();
  clock.at += 15_000;
  let done = false;
  const turn = waiting.hold(young).then(() => (done = true));
  t.mock.timers.tick(4_999);
  await Promise.resolve();
  assert.equal(done, false);
  assert.equal(waiting.held, 1);
  t.mock.timers.tick(1);
  await turn;
  assert.equal(waiting.held, 0);
});

test("used, in use, forged, of another portal, too old, from the future: counts as opened now, and is no error", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { waiting, clock } = room();
  const issue = (): string => {
    const ticket = waiting.issue();
    clock.at += 60_000;
    return ticket;
  };
  const heldNow = (ticket: string): boolean => {
    const before = waiting.held;
    void waiting.hold(ticket);
    return waiting.held > before;
  };
  const used = issue();
  (await waiting.hold(used)).end(true);
  assert.ok(heldNow(used), "used");
  const inUse = issue();
  const turn = await waiting.hold(inUse);
  assert.ok(heldNow(inUse), "in use");
  turn.end(false);
  assert.ok(!heldNow(inUse), "given back");
  assert.ok(heldNow(""), "none");
  assert.ok(heldNow("nonsense"), "nonsense");
  const forged = issue();
  assert.ok(heldNow(forged.replace(/^./, (c) => (c === "A" ? "B" : "A"))), "forged");
  assert.ok(heldNow(room().waiting.issue()), "of another portal");
  const old = issue();
  clock.at += 2 * day;
  assert.ok(heldNow(old), "too old");
  const future = issue();
  clock.at -= 2000 * day;
  assert.ok(heldNow(future), "from the future");
});

test("who wrote longer goes first, but an hour counts no more than five minutes", async () => {
  const { waiting, clock } = room();
  const [long, longer] = [waiting.issue(), waiting.issue()];
  clock.at += 55 * 60_000;
  const minutes = waiting.issue();
  clock.at += 2 * 60_000;
  const shortly = waiting.issue();
  clock.at += 30_000;
  const order = async (ticket: string): Promise<number> => (await waiting.hold(ticket)).order;
  assert.equal(await order(long), await order(longer));
  assert.ok((await order(minutes)) < (await order(shortly)));
});

test("no more than so many are held, and none of 100,000 used tickets is remembered beyond the bound", async () => {
  const { waiting, clock } = room({ mostHeld: 2, mostSpent: 1000, leastSeconds: 1 });
  void waiting.hold("");
  void waiting.hold("");
  await assert.rejects(waiting.hold(""), WaitLonger);
  let largest = 0;
  for (let i = 0; i < 100_000; i++) {
    const ticket = waiting.issue();
    clock.at += 1000;
    const turn = await waiting.hold(ticket).catch(() => null);
    turn?.end(true);
    largest = Math.max(largest, waiting.size);
  }
  assert.ok(largest <= 1000, String(largest));
});

test("the server's faster Argon2id gives the same mailbox as everybody's", async () => {
  const code = generateReceiptCode(english).canonical;
  const portalId = generateEnvId();
  assert.deepEqual(await new MailboxDeriver().derive(code, portalId), deriveMailbox(code, portalId));
});
