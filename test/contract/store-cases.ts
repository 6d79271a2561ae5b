import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorCode } from "../../crypto/errors.ts";
import type { NewCase, Shred, Store } from "../../server/ports.ts";
import { completeUpload, feedItem, newCase, newEvent, newUpload, random, someDay } from "../support/store-rows.ts";
import type { StoreFactory } from "./store.ts";

/** Everything of the case that can be asked for, to see that all of it is there or nothing. */
/** How many of these leaves are in the log, or wait for their day's end. */
async function logged(store: Store, leaves: (Uint8Array | null)[]): Promise<number> {
  const found = await store.findLeaves(leaves.filter((leaf) => leaf !== null));
  return found.filter((place) => place !== null).length;
}

async function traces(store: Store, { row, event, tokenHash, feed, leaf }: NewCase): Promise<boolean[]> {
  const [byToken] = await store.findCasesByToken([tokenHash]);
  const [sealed] = await store.findEvents([event.rowKey]);
  const waiting = await store.pendingFeed(feed[0]?.memberId ?? 0, 1000);
  return [
    (await store.findCase(row.idx)) !== null,
    byToken !== null,
    sealed !== null,
    (await store.findReceipt(event.envKey)) !== null,
    waiting.some(({ itemId }) => Buffer.compare(itemId, feed[0]?.itemId ?? random(16)) === 0),
    (await logged(store, [leaf])) === 1,
  ];
}

const all = Array.from({ length: 6 }, () => true);
const none = Array.from({ length: 6 }, () => false);

export function caseContract(openStore: StoreFactory): void {
  test("an admitted case is there with everything that belongs to it, byte for byte", async (t) => {
    const store = await openStore(t);
    const admitted = newCase({ feed: [feedItem(3), feedItem(7)] });
    assert.deepEqual(await traces(store, admitted), none);
    assert.equal(await store.admitCase(admitted), "stored");
    const { row, event, tokenHash, receipt, feed, leaf, day } = admitted;
    assert.deepEqual(await store.findCase(row.idx), row);
    assert.deepEqual(await store.findCasesByToken([random(32), tokenHash]), [null, row]);
    assert.deepEqual(await store.findEvents([event.rowKey, random(16)]), [event.sealed, null]);
    assert.deepEqual(await store.findEventByEnvelope(event.envKey), event.sealed);
    assert.equal(await store.findEventByEnvelope(event.rowKey), null);
    assert.deepEqual(await store.findReceipt(event.envKey), receipt);
    assert.deepEqual(await store.pendingFeed(7, 10), [feed[1]]);
    assert.deepEqual(await store.findLeaves([leaf]), ["waiting"]);
    await store.padLog(day + 1);
    const [place] = await store.findLeaves([leaf]);
    assert.deepEqual(await store.listLeaves(place as number, 1), [{ leaf, day }]);
  });

  test("32 cases at once all succeed", async (t) => {
    const store = await openStore(t);
    const cases = Array.from({ length: 32 }, () => newCase());
    const answers = await Promise.all(cases.map((one) => store.admitCase(one)));
    assert.deepEqual(new Set(answers), new Set(["stored"]));
    for (const one of cases) assert.deepEqual(await traces(store, one), all);
  });

  test("of 50 identical submissions at once one is stored and 49 are known", async (t) => {
    const store = await openStore(t);
    const one = newCase();
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.admitCase(structuredClone(one))));
    assert.equal(answers.filter((answer) => answer === "stored").length, 1);
    assert.equal(answers.filter((answer) => answer === "known").length, 49);
    assert.equal(await logged(store, [one.leaf]), 1);
    assert.equal((await store.pendingFeed(1, 1000)).length, 1);
  });

  const first = newCase();
  for (const [what, again] of [
    ["the case is there already", newCase({ row: first.row })],
    ["the envelope is there already", newCase({ event: { ...newCase().event, envKey: first.event.envKey } })],
  ] as const)
    test(`a case is known when ${what}, and leaves nothing else`, async (t) => {
      const store = await openStore(t);
      await store.admitCase(first);
      assert.equal(await store.admitCase(again), "known");
      const [, byToken, event, , waiting, leaf] = await traces(store, again);
      assert.deepEqual([byToken, event, waiting, leaf], [false, false, false, false]);
      assert.deepEqual(await store.findCase(first.row.idx), first.row);
    });

  for (const [what, code, spoil] of [
    ["its token belongs to another case", "conflict", { tokenHash: first.tokenHash }],
    ["its feed item waits already", "conflict", { feed: [feedItem(1), ...first.feed] }],
    ["its object was never announced", "missing", { object: random(16) }],
    ["its leaf has the wrong size", "format", { leaf: random(31) }],
    ["its case index has the wrong size", "format", { row: { ...newCase().row, idx: random(16) } }],
  ] as [string, ErrorCode, Partial<NewCase>][])
    test(`a case is refused when ${what}, leaves nothing, and spoils nothing beside it`, async (t) => {
      const store = await openStore(t);
      await store.admitCase(first);
      const [bad, before, after] = [newCase(spoil), newCase(), newCase()];
      const answers = await Promise.allSettled([before, bad, after].map((one) => store.admitCase(one)));
      assert.deepEqual(
        answers.map((answer) => (answer.status === "fulfilled" ? answer.value : answer.reason.code)),
        ["stored", code, "stored"],
      );
      assert.equal(await store.findCase(bad.row.idx), null);
      assert.deepEqual(await store.findEvents([bad.event.rowKey]), [null]);
      assert.equal(await store.findReceipt(bad.event.envKey), null);
      assert.deepEqual(await traces(store, before), all);
      assert.deepEqual(await traces(store, after), all);
    });

  test("a case claims its object, once", async (t) => {
    const store = await openStore(t);
    const object = await completeUpload(store);
    assert.equal((await store.findUpload(object))?.claimed, false);
    const owner = newCase({ object });
    assert.equal(await store.admitCase(owner), "stored");
    assert.equal((await store.findUpload(object))?.claimed, true);
    assert.equal(await store.admitCase(owner), "known");
    const thief = newCase({ object });
    await assert.rejects(store.admitCase(thief), { code: "conflict" });
    assert.deepEqual(await traces(store, thief), none);
  });

  test("an unfinished object cannot be claimed", async (t) => {
    const store = await openStore(t);
    const upload = newUpload();
    await store.reserveUpload(upload, 1e9);
    await assert.rejects(store.admitCase(newCase({ object: upload.envId })), { code: "missing" });
  });

  test("a change counts the version up and appends its event, token and leaf", async (t) => {
    const store = await openStore(t);
    const { row } = first;
    await store.admitCase(first);
    const object = await completeUpload(store);
    const change = newEvent(row.idx, 1, { tokenHash: random(32), object });
    assert.equal(await store.changeCase(change), "stored");
    const changed = { ...row, version: 2, state: change.state };
    assert.deepEqual(await store.findCase(row.idx), changed);
    assert.deepEqual(await store.findCasesByToken([first.tokenHash, change.tokenHash!]), [changed, changed]);
    assert.deepEqual(await store.findEvents([change.event!.rowKey]), [change.event!.sealed]);
    assert.equal(await logged(store, [first.leaf, change.leaf]), 2);
    assert.equal((await store.findUpload(object))?.claimed, true);
  });

  test("a change without event, token or leaf changes the state only", async (t) => {
    const store = await openStore(t);
    await store.admitCase(first);
    const change = newEvent(first.row.idx, 1, { event: null, leaf: null });
    assert.equal(await store.changeCase(change), "stored");
    assert.deepEqual((await store.findCase(first.row.idx))?.state, change.state);
    await store.padLog(first.day + 1);
    assert.equal(await logged(store, [first.leaf]), 1);
  });

  test("of 16 changes of one version at once one is stored; the others leave nothing", async (t) => {
    const store = await openStore(t);
    await store.admitCase(first);
    const changes = Array.from({ length: 16 }, () => newEvent(first.row.idx, 1, { tokenHash: random(32) }));
    const answers = await Promise.all(changes.map((change) => store.changeCase(change)));
    assert.equal(answers.filter((answer) => answer === "stored").length, 1);
    assert.equal(answers.filter((answer) => answer === "conflict").length, 15);
    const events = await store.findEvents(changes.map((change) => change.event!.rowKey));
    const tokens = await store.findCasesByToken(changes.map((change) => change.tokenHash!));
    for (const [i, answer] of answers.entries()) {
      assert.equal(events[i] !== null, answer === "stored");
      assert.equal(tokens[i] !== null, answer === "stored");
    }
    assert.equal((await store.findCase(first.row.idx))?.version, 2);
    assert.equal(
      await logged(
        store,
        changes.map(({ leaf }) => leaf),
      ),
      1,
    );
  });

  test("a change of a case that is not there is a conflict and leaves nothing", async (t) => {
    const store = await openStore(t);
    const change = newEvent(random(32), 1);
    assert.equal(await store.changeCase(change), "conflict");
    assert.deepEqual(await store.findEvents([change.event!.rowKey]), [null]);
  });

  test("a repeated change is known, also after later changes", async (t) => {
    const store = await openStore(t);
    await store.admitCase(first);
    const change = newEvent(first.row.idx, 1);
    await store.changeCase(change);
    await store.changeCase(newEvent(first.row.idx, 2));
    assert.equal(await store.changeCase(change), "known");
    assert.equal((await store.findCase(first.row.idx))?.version, 3);
  });

  /** A case with a later event, a second token, an object and items that wait for two members. */
  async function fullCase(
    store: Store,
  ): Promise<{ owner: NewCase; shred: Shred; tokenHash: Uint8Array; leaf: Uint8Array | null }> {
    const object = await completeUpload(store);
    const owner = newCase({ object, feed: [feedItem(1), feedItem(2)] });
    await store.admitCase(owner);
    const change = newEvent(owner.row.idx, 1, { tokenHash: random(32) });
    await store.changeCase(change);
    const shred = {
      idx: owner.row.idx,
      expectedVersion: 2,
      day: someDay + 7,
      rowKeys: [owner.event.rowKey, change.event!.rowKey],
      envKey: owner.event.envKey,
      feedContexts: owner.feed.map(({ ctx }) => ctx),
      objects: [object],
      tally: null,
    };
    return { owner, shred, tokenHash: change.tokenHash!, leaf: change.leaf };
  }

  test("a shredded case leaves its day, its log leaves and what was published; everything else goes, others stay", async (t) => {
    const store = await openStore(t);
    const { owner, shred, tokenHash, leaf } = await fullCase(store);
    const beside = newCase();
    await store.admitCase(beside);
    const leaves = [owner.leaf, leaf, beside.leaf];
    const [published] = owner.feed;
    await store.publishFeed(1, [published!]);
    assert.equal(await store.shredCase(shred), "stored");
    assert.equal(await store.findCase(shred.idx), null);
    assert.deepEqual(await store.findCasesByToken([owner.tokenHash, tokenHash]), [null, null]);
    assert.deepEqual(await store.findEvents(shred.rowKeys), [null, null]);
    assert.equal(await store.findReceipt(shred.envKey), null);
    assert.equal(await store.findUpload(shred.objects[0]!), null);
    assert.deepEqual(await store.pendingFeed(2, 10), []);
    assert.deepEqual(
      (await store.feedAfter(1, 0)).items.map(({ itemId }) => itemId),
      [published!.itemId],
    );
    assert.equal(await logged(store, leaves), 3);
    assert.equal(await store.findTombstone(shred.idx), shred.day);
    assert.deepEqual(await traces(store, beside), all);
    assert.equal(await store.findTombstone(beside.row.idx), null);
  });

  test("a shred is unfinished until it is finished, and happens once", async (t) => {
    const store = await openStore(t);
    const { shred } = await fullCase(store);
    assert.deepEqual(await store.listUnfinishedShreds(), []);
    await store.shredCase(shred);
    assert.deepEqual(await store.listUnfinishedShreds(), [shred.idx]);
    assert.equal(await store.shredCase({ ...shred, day: shred.day + 1 }), "conflict");
    assert.equal(await store.findTombstone(shred.idx), shred.day);
    await store.finishShred(shred.idx);
    await store.finishShred(shred.idx);
    assert.deepEqual(await store.listUnfinishedShreds(), []);
  });

  test("a shred of another version is a conflict and deletes nothing", async (t) => {
    const store = await openStore(t);
    const { owner, shred } = await fullCase(store);
    assert.equal(await store.shredCase({ ...shred, expectedVersion: 1 }), "conflict");
    assert.equal((await store.findCase(shred.idx))?.version, 2);
    assert.deepEqual(await store.findEvents([owner.event.rowKey]), [owner.event.sealed]);
    assert.equal(await store.findTombstone(shred.idx), null);
  });

  test("nothing is admitted or changed where a case was deleted", async (t) => {
    const store = await openStore(t);
    const { owner, shred } = await fullCase(store);
    await store.shredCase(shred);
    const again = newCase({ row: owner.row });
    assert.equal(await store.admitCase(again), "known");
    assert.equal(await store.changeCase(newEvent(shred.idx, 2)), "conflict");
    assert.deepEqual(await traces(store, again), none);
  });

  test("a change whose token is taken leaves nothing", async (t) => {
    const store = await openStore(t);
    await store.admitCase(first);
    const change = newEvent(first.row.idx, 1, { tokenHash: first.tokenHash });
    await assert.rejects(store.changeCase(change), { code: "conflict" });
    assert.deepEqual(await store.findCase(first.row.idx), first.row);
    assert.deepEqual(await store.findEvents([change.event!.rowKey]), [null]);
  });
}
