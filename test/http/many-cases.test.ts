/** More cases than fit into the store's queue: what the server does by itself turns nobody away and lets others in between. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { fromHex, toHex } from "../../crypto/bytes.ts";
import { caseIndex, generateVault } from "../../crypto/vault.ts";
import { escalate } from "../../server/app/escalate.ts";
import { everyCase } from "../../server/app/every-case.ts";
import { findCase, formatKeyringEntry, sealState, type CaseState } from "../../server/app/case-state.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

/** The queue takes 1,024. */
const many = 1200;
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

let served: ServedOrganisation;

/** As if it had come in: the state of a real case under another id, whose date has passed. */
async function admit(state: CaseState): Promise<void> {
  const { keyring, store, keys, clock } = served.portal.context;
  const caseId = random(32);
  const idx = caseIndex(keys.index, caseId);
  const vault = generateVault(keys.box.publicKey);
  const overdue = { ...state, caseId: toHex(caseId), reminder: { on: clock.today() - 1, second: null, told: null } };
  await keyring.put(idx, formatKeyringEntry(vault.publicKey, vault.sealedSecret));
  await store.admitCase({
    row: { idx, vaultPk: vault.publicKey, version: 0, state: sealState(overdue, vault.publicKey) },
    event: { rowKey: random(16), envKey: random(16), sealed: random(8) },
    tokenHash: random(32),
    feed: [],
    leaf: random(32),
    day: clock.today(),
    receipt: random(8),
    object: null,
  });
}

before(async () => {
  served = await serveOrganisation();
  await tell(served, { title: "One of many" });
  const rosa = await deskOf(served, served.organisation.members.rosa.seed);
  const caseId = fromHex((await findByTitle(served, rosa, "One of many"))!);
  const { state } = (await findCase(served.portal.context, caseId))!;
  for (let made = 0; made < many; made += 100) await Promise.all(Array.from({ length: 100 }, () => admit(state)));
});
after(() => served.portal.discard());

test("going through them lets other requests in after every few", async () => {
  let [turns, going] = [0, true];
  const count = (): void => {
    turns++;
    if (going) setImmediate(count);
  };
  setImmediate(count);
  let cases = 0;
  for await (const _ of everyCase(served.portal.context)) cases++;
  going = false;
  assert.equal(cases, many + 1);
  assert.ok(turns >= many / 8, `${turns} turns`);
});

test("all of whose dates have passed: told once, each of them kept, and the store takes other acts meanwhile", async () => {
  const { context } = served.portal;
  let told = 0;
  const others: Promise<number>[] = [];
  const asking = setInterval(() => others.push(context.store.newestTick()), 5);
  await escalate(context, async () => ++told > 0);
  clearInterval(asking);
  await Promise.all(others);
  assert.ok(others.length > 10);
  assert.equal(told, 1);
  let left = 0;
  for await (const { state } of everyCase(context))
    if (state.reminder.on! < context.clock.today() && state.reminder.told === null) left++;
  assert.equal(left, 0);
});
