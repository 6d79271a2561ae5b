import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";
import type { KeyringStore } from "../../server/ports.ts";
import { random } from "../support/store-rows.ts";

export function keyringContract(adapter: string, openKeyring: (t: TestContext) => Promise<KeyringStore>): void {
  suite(`${adapter}: keyring`, () => {
    test("an entry is found byte for byte; what is not there is null", async (t) => {
      const keyring = await openKeyring(t);
      const [idx, sealed] = [random(32), random(80)];
      assert.equal(await keyring.find(idx), null);
      assert.deepEqual(await keyring.put(idx, sealed), sealed);
      assert.deepEqual(await keyring.find(idx), sealed);
      assert.deepEqual(await keyring.findMany([random(32), idx]), [null, sealed]);
    });

    test("of two entries at once the first is kept, and both callers get it", async (t) => {
      const keyring = await openKeyring(t);
      const [idx, first, second] = [random(32), random(80), random(80)];
      const answers = await Promise.all([keyring.put(idx, first), keyring.put(idx, second)]);
      assert.deepEqual(answers, [first, first]);
      assert.deepEqual(await keyring.find(idx), first);
    });

    test("a removed entry is gone; removing it again is no error", async (t) => {
      const keyring = await openKeyring(t);
      const [idx, other] = [random(32), random(32)];
      await keyring.put(idx, random(80));
      await keyring.put(other, random(80));
      await keyring.remove(idx);
      await keyring.remove(idx);
      assert.equal(await keyring.find(idx), null);
      assert.notEqual(await keyring.find(other), null);
    });

    test("an index of the wrong size is refused", async (t) => {
      const keyring = await openKeyring(t);
      await assert.rejects(keyring.put(random(31), random(80)), { code: "format" });
    });
  });
}
