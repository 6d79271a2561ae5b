import assert from "node:assert/strict";
import { test } from "node:test";
import { completeUpload, newCase, newUpload, random, someDay } from "../support/store-rows.ts";
import type { StoreFactory } from "./store.ts";

export function uploadContract(openStore: StoreFactory): void {
  test("an upload is reserved once and found byte for byte", async (t) => {
    const store = await openStore(t);
    const upload = newUpload();
    assert.equal(await store.findUpload(upload.envId), null);
    assert.equal(await store.reserveUpload(upload, 1000), "stored");
    assert.deepEqual(await store.findUpload(upload.envId), upload);
    assert.equal(await store.reserveUpload({ ...newUpload(), envId: upload.envId }, 1e9), "conflict");
  });

  test("unclaimed uploads together stay within the budget, also when they come at once", async (t) => {
    const store = await openStore(t);
    const answers = await Promise.all(Array.from({ length: 10 }, () => store.reserveUpload(newUpload(), 4000)));
    assert.equal(answers.filter((answer) => answer === "stored").length, 4);
    assert.equal(answers.filter((answer) => answer === "full").length, 6);
  });

  test("a complete upload counts against the budget until it is claimed", async (t) => {
    const store = await openStore(t);
    const object = await completeUpload(store);
    assert.equal(await store.reserveUpload(newUpload(), 1000), "full");
    await store.admitCase(newCase({ object }));
    assert.equal(await store.reserveUpload(newUpload(), 1000), "stored");
  });

  for (const [what, from, to, hash, advanced] of [
    ["from where it stands", 0, 400, null, true],
    ["not from elsewhere", 100, 400, null, false],
    ["not beyond its length", 0, 1001, null, false],
    ["not backwards", 0, -1, null, false],
    ["to its end with its hash", 0, 1000, random(32), true],
  ] as const)
    test(`an upload advances ${what}`, async (t) => {
      const store = await openStore(t);
      const upload = newUpload();
      await store.reserveUpload(upload, 1e9);
      assert.equal(await store.advanceUpload(upload.envId, from, to, hash), advanced);
      const { received } = (await store.findUpload(upload.envId))!;
      assert.equal(received, advanced ? to : 0);
    });

  test("an unfinished upload has no hash", async (t) => {
    const store = await openStore(t);
    const upload = newUpload();
    await store.reserveUpload(upload, 1e9);
    await assert.rejects(store.advanceUpload(upload.envId, 0, 400, random(32)), { code: "format" });
    assert.deepEqual(await store.findUpload(upload.envId), upload);
  });

  test("of two advances at once one counts", async (t) => {
    const store = await openStore(t);
    const upload = newUpload();
    await store.reserveUpload(upload, 1e9);
    const advance = () => store.advanceUpload(upload.envId, 0, 400, null);
    assert.deepEqual(await Promise.all([advance(), advance()]), [true, false]);
  });

  test("old unclaimed uploads expire; young and claimed ones stay", async (t) => {
    const store = await openStore(t);
    const [old, young] = [newUpload({ day: someDay - 2 }), newUpload()];
    const claimed = await completeUpload(store);
    await store.admitCase(newCase({ object: claimed }));
    for (const upload of [old, young]) await store.reserveUpload(upload, 1e9);
    assert.deepEqual(await store.expireUploads(someDay), [old.envId]);
    assert.deepEqual(await store.expireUploads(someDay), []);
    assert.equal(await store.findUpload(old.envId), null);
    assert.notEqual(await store.findUpload(young.envId), null);
    assert.deepEqual(await store.expireUploads(someDay + 1), [young.envId]);
    assert.notEqual(await store.findUpload(claimed), null);
  });

  test("an unclaimed upload can be dropped and frees its room; a claimed one stays", async (t) => {
    const store = await openStore(t);
    const upload = newUpload();
    const claimed = await completeUpload(store);
    await store.admitCase(newCase({ object: claimed }));
    await store.reserveUpload(upload, 1000);
    assert.equal(await store.dropUpload(upload.envId), true);
    assert.equal(await store.dropUpload(upload.envId), false);
    assert.equal(await store.reserveUpload(newUpload(), 1000), "stored");
    assert.equal(await store.dropUpload(claimed), false);
    assert.notEqual(await store.findUpload(claimed), null);
  });

  test("unclaimed uploads count what arrived, and 256 KiB each at least", async (t) => {
    const store = await openStore(t);
    const KiB = 1024;
    const [silent, sent, claimed] = [newUpload({ length: 1024 * KiB }), newUpload({ length: 1024 * KiB }), newUpload()];
    for (const upload of [silent, sent, claimed]) await store.reserveUpload(upload, 1024 * KiB);
    assert.equal(await store.unclaimedBytes(), 512 * KiB + claimed.length);
    await store.advanceUpload(sent.envId, 0, 700 * KiB, null);
    await store.advanceUpload(claimed.envId, 0, claimed.length, random(32));
    await store.admitCase(newCase({ object: claimed.envId }));
    assert.equal(await store.unclaimedBytes(), 956 * KiB);
    assert.equal(await store.reserveUpload(newUpload({ length: 256 * KiB }), 1024 * KiB), "full");
    const listed = await store.listUnclaimed();
    assert.deepEqual(listed.map(String).sort(), [silent.envId, sent.envId].map(String).sort());
  });

  test("a claimed upload takes no more bytes", async (t) => {
    const store = await openStore(t);
    const object = await completeUpload(store);
    await store.admitCase(newCase({ object }));
    assert.equal(await store.advanceUpload(object, 1000, 1000, random(32)), false);
  });
}
