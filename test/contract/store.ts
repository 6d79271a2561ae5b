import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";
import type { Invite, Store } from "../../server/ports.ts";
import { random, roster } from "../support/store-rows.ts";
import { caseContract } from "./store-cases.ts";
import { feedContract } from "./store-feed.ts";
import { heartbeatContract } from "./store-heartbeat.ts";
import { logContract } from "./store-log.ts";
import { presentationContract } from "./store-presentation.ts";
import { reminderContract } from "./store-reminder.ts";
import { uploadContract } from "./store-uploads.ts";

/** Opens an empty store that is closed and gone when the test ends. */
export type StoreFactory = (t: TestContext) => Promise<Store>;

/** What app/ relies on. Every adapter of Store must pass. */
export function storeContract(adapter: string, openStore: StoreFactory): void {
  suite(`${adapter}: portal, rosters and invites`, () => portalContract(openStore));
  suite(`${adapter}: cases`, () => caseContract(openStore));
  suite(`${adapter}: uploads`, () => uploadContract(openStore));
  suite(`${adapter}: feed`, () => feedContract(openStore));
  suite(`${adapter}: presentation`, () => presentationContract(openStore));
  suite(`${adapter}: heartbeat`, () => heartbeatContract(openStore));
  suite(`${adapter}: reminders`, () => reminderContract(openStore));
  suite(`${adapter}: log`, () => logContract(openStore));
}

function somePortal() {
  return { portalId: random(32), charterKey: random(32), officeKey: random(32) };
}

function someInvite(parts: Partial<Invite> = {}): Invite {
  const id = Buffer.from(random(16)).toString("hex");
  return { id, name: "Ada Ó Dálaigh", title: "Lead", roles: ["reviewer", "counsel"], join: null, ...parts };
}

function portalContract(openStore: StoreFactory): void {
  test("the portal can be replaced until a roster is signed", async (t) => {
    const store = await openStore(t);
    const [first, second, third] = [somePortal(), somePortal(), somePortal()];
    assert.equal(await store.findPortal(), null);
    assert.equal(await store.putPortal(first), "stored");
    assert.equal(await store.putPortal(second), "stored");
    assert.deepEqual(await store.findPortal(), second);
    await store.appendRoster(roster(1));
    assert.equal(await store.putPortal(third), "refused");
    assert.deepEqual(await store.findPortal(), second);
  });

  test("the set-up secret is kept as a hash, forgotten on demand and with the first roster", async (t) => {
    const store = await openStore(t);
    const hash = random(32);
    assert.equal(await store.findSetupSecretHash(), null);
    await store.putSetupSecretHash(random(32));
    await store.putSetupSecretHash(hash);
    assert.deepEqual(await store.findSetupSecretHash(), hash);
    await store.putSetupSecretHash(null);
    assert.equal(await store.findSetupSecretHash(), null);
    await store.putSetupSecretHash(hash);
    await store.appendRoster(roster(1));
    assert.equal(await store.findSetupSecretHash(), null);
  });

  for (const [what, epochs, outcomes] of [
    ["one after the other", [1, 2, 3], ["stored", "stored", "stored"]],
    ["from epoch 0", [0, 1], ["stored", "stored"]],
    ["not from epoch 2", [2], ["conflict"]],
    ["not twice", [1, 1], ["stored", "conflict"]],
    ["not with a gap", [1, 3], ["stored", "conflict"]],
    ["not backwards", [1, 2, 1], ["stored", "stored", "conflict"]],
  ] as const)
    test(`rosters are appended ${what}`, async (t) => {
      const store = await openStore(t);
      const rosters = epochs.map(roster);
      const answers: string[] = [];
      for (const one of rosters) answers.push(await store.appendRoster(one));
      assert.deepEqual(answers, outcomes);
      const stored = rosters.filter((_, i) => outcomes[i] === "stored");
      assert.deepEqual(await store.listRosters(), stored);
    });

  test("of rosters of one epoch at once one is stored", async (t) => {
    const store = await openStore(t);
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.appendRoster(roster(1))));
    assert.equal(answers.filter((answer) => answer === "stored").length, 1);
    assert.equal((await store.listRosters()).length, 1);
  });

  test("an invite is found, listed, deleted", async (t) => {
    const store = await openStore(t);
    const [ada, bo] = [someInvite(), someInvite({ name: "Bo", roles: [] })];
    assert.equal(await store.putInvite(ada), "stored");
    assert.equal(await store.putInvite(bo), "stored");
    assert.equal(await store.putInvite({ ...bo, id: ada.id }), "conflict");
    assert.deepEqual(await store.findInvite(ada.id), ada);
    const inOrder = [ada, bo].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    assert.deepEqual(await store.listInvites(), inOrder);
    await store.deleteInvite(ada.id);
    assert.equal(await store.findInvite(ada.id), null);
    assert.deepEqual(await store.listInvites(), [bo]);
    await store.deleteInvite(ada.id); // again: no error
  });

  test("an invite keeps the first join only", async (t) => {
    const store = await openStore(t);
    const invite = someInvite();
    const [first, second] = [random(1400), random(1400)];
    assert.equal(await store.joinInvite(invite.id, first), "missing");
    await store.putInvite(invite);
    assert.equal(await store.joinInvite(invite.id, first), "stored");
    assert.equal(await store.joinInvite(invite.id, second), "conflict");
    assert.deepEqual((await store.findInvite(invite.id))?.join, first);
  });
}
