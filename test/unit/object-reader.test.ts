/** Several files of one object, read in one go: the same bytes as each by itself, whatever pieces it comes in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ObjectReader, sealedFileOf } from "../../views/browser/client/object-bytes.ts";

const object = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
/** With a gap, with none, with an empty one, and one that goes to the end. */
const files = [
  { offset: 10, length: 90 },
  { offset: 100, length: 1 },
  { offset: 101, length: 0 },
  { offset: 400, length: 333 },
  { offset: 733, length: 267 },
];

/** Comes in pieces of so many bytes; counts what was taken. */
function inPieces(size: number): { response: Response; taken(): number } {
  let at = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(to) {
        if (at >= object.length) return to.close();
        to.enqueue(object.slice(at, at + size));
        at += size;
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body), taken: () => at };
}

async function all(source: AsyncIterable<Uint8Array>): Promise<number[]> {
  const bytes: number[] = [];
  for await (const piece of source) bytes.push(...piece);
  return bytes;
}

for (const size of [1, 7, 100, 999, 1000, 5000])
  test(`in pieces of ${size}`, async () => {
    const reader = new ObjectReader(inPieces(size).response);
    for (const file of files) {
      const expected = [...object.subarray(file.offset, file.offset + file.length)];
      assert.deepEqual(await all(reader.file(file)), expected);
      const alone = inPieces(size);
      assert.deepEqual(await all(sealedFileOf(alone.response, file)), expected);
      assert.ok(alone.taken() >= object.length, "where reading stops would tell how many files there are");
    }
    assert.equal(reader.at, object.length);
  });

test("is read to its end, whichever file was the last", async () => {
  const { response, taken } = inPieces(10);
  const reader = new ObjectReader(response);
  await all(reader.file(files[0]!));
  assert.ok(taken() < object.length);
  await reader.end();
  assert.ok(taken() >= object.length);
});

test("an object that is too short gives less, which its opener refuses", async () => {
  const reader = new ObjectReader(inPieces(100).response);
  assert.equal((await all(reader.file({ offset: 900, length: 200 }))).length, 100);
});
