import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import type { TestContext } from "node:test";
import type { ObjectStore } from "../../server/ports.ts";
import { collect, inChunks, random } from "../support/store-rows.ts";

const most = 1e9;

async function listed(objects: ObjectStore): Promise<Uint8Array[]> {
  const ids: Uint8Array[] = [];
  for await (const envId of objects.list()) ids.push(envId);
  return ids;
}

async function* breaksAfter(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  yield chunk;
  throw new Error("the sender is gone");
}

export function objectContract(adapter: string, openObjects: (t: TestContext) => ObjectStore): void {
  suite(`${adapter}: objects`, () => {
    test("parts in order make the object, its hash and its listing", async (t) => {
      const objects = openObjects(t);
      const [envId, a, b, c] = [random(16), random(70_000), random(300_000), random(1)];
      assert.equal(await objects.appendPart(envId, 0, inChunks(a, b), most), 370_000);
      assert.equal(await objects.appendPart(envId, 370_000, inChunks(c), 1), 370_001);
      const whole = Buffer.concat([a, b, c]);
      assert.deepEqual(await collect(objects.read(envId)), new Uint8Array(whole));
      const sha256 = createHash("sha256").update(whole).digest();
      assert.deepEqual(await objects.hash(envId), new Uint8Array(sha256));
      assert.deepEqual(await listed(objects), [envId]);
    });

    test("a repeated part replaces itself and whatever came behind it", async (t) => {
      const objects = openObjects(t);
      const [envId, a, b, b2] = [random(16), random(100), random(900), random(50)];
      await objects.appendPart(envId, 0, inChunks(a), most);
      await objects.appendPart(envId, 100, inChunks(b), most);
      assert.equal(await objects.appendPart(envId, 100, inChunks(b2), most), 150);
      assert.deepEqual(await collect(objects.read(envId)), new Uint8Array(Buffer.concat([a, b2])));
    });

    for (const [what, part, limit, expected] of [
      ["is too long", () => inChunks(random(60), random(60)), 119, { code: "large" }],
      ["breaks off", () => breaksAfter(random(60)), most, { message: "the sender is gone" }],
    ] as const)
      test(`a part that ${what} leaves the object as it was`, async (t) => {
        const objects = openObjects(t);
        const [envId, a, next] = [random(16), random(100), random(10)];
        await objects.appendPart(envId, 0, inChunks(a), most);
        await assert.rejects(objects.appendPart(envId, 100, part(), limit), expected);
        assert.deepEqual(await collect(objects.read(envId)), a);
        await objects.appendPart(envId, 100, inChunks(next), most);
        assert.deepEqual(await collect(objects.read(envId)), new Uint8Array(Buffer.concat([a, next])));
      });

    test("a part of exactly the allowed length is taken", async (t) => {
      const objects = openObjects(t);
      assert.equal(await objects.appendPart(random(16), 0, inChunks(random(60), random(60)), 120), 120);
    });

    for (const [what, stored, offset] of [
      ["of an object that is not there", 0, 8],
      ["beyond the object's end", 7, 8],
    ] as const)
      test(`a part ${what} is a conflict`, async (t) => {
        const objects = openObjects(t);
        const envId = random(16);
        if (stored > 0) await objects.appendPart(envId, 0, inChunks(random(stored)), most);
        await assert.rejects(objects.appendPart(envId, offset, inChunks(random(8)), most), { code: "conflict" });
        assert.equal((await listed(objects)).length, stored > 0 ? 1 : 0);
      });

    test("two parts of one object at once: the second is a conflict, and the first is whole", async (t) => {
      const objects = openObjects(t);
      const [envId, a, b] = [random(16), random(200_000), random(100)];
      const [first, second] = await Promise.allSettled([
        objects.appendPart(envId, 0, inChunks(a), most),
        objects.appendPart(envId, 0, inChunks(b), most),
      ]);
      assert.equal(first.status, "fulfilled");
      assert.equal(second.status === "rejected" && second.reason.code, "conflict");
      assert.deepEqual(await collect(objects.read(envId)), a);
    });

    test("the sender waits for the disk", async (t) => {
      const objects = openObjects(t);
      let asked = 0;
      let written = 0;
      async function* part(): AsyncIterable<Uint8Array> {
        for (; asked < 20; asked++) {
          assert.equal(written, asked, "the next chunk is asked for when the last one is written");
          yield random(1000);
          written++;
        }
      }
      assert.equal(await objects.appendPart(random(16), 0, part(), most), 20_000);
    });

    for (const [what, ask] of [
      ["reading", (objects: ObjectStore, envId: Uint8Array) => collect(objects.read(envId))],
      ["hashing", (objects: ObjectStore, envId: Uint8Array) => objects.hash(envId)],
    ] as const)
      test(`${what} an object that is not there is "missing"`, async (t) => {
        await assert.rejects(Promise.resolve(ask(openObjects(t), random(16))), { code: "missing" });
      });

    test("a removed object is gone; removing it again is no error", async (t) => {
      const objects = openObjects(t);
      const envId = random(16);
      await objects.appendPart(envId, 0, inChunks(random(10)), most);
      await objects.remove(envId);
      await objects.remove(envId);
      await assert.rejects(collect(objects.read(envId)), { code: "missing" });
      assert.deepEqual(await listed(objects), []);
    });

    test("an id of the wrong size is refused", async (t) => {
      await assert.rejects(openObjects(t).appendPart(random(15), 0, inChunks(), most), { code: "format" });
    });

    test("free bytes are counted", async (t) => {
      assert.ok((await openObjects(t).freeBytes()) > 0);
    });
  });
}
