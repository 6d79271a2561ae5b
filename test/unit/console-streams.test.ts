/** Bytes on their way from the keyholder to the disk: in order, at the sink's pace, and nothing kept of a failure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, toHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { counted, deliver, type FromSink, type ToSink } from "../../views/browser/console/worker-streams.ts";

const pieceBytes = 64 * 1024;

async function* pieces(count: number, failAfter = Infinity): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    if (i === failAfter) throw new PortalError("forged", "spoilt");
    yield new Uint8Array(pieceBytes).fill(i);
  }
}

const allBytes = async (count: number): Promise<Uint8Array> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces(count)) all.push(piece);
  return concat(...all);
};

/** A sink that pulls `most` times, as the service worker does, and then cancels. */
function sink(most = Infinity): { port: MessagePort; got: Uint8Array[]; end: Promise<"done" | "failed"> } {
  const { port1, port2 } = new MessageChannel();
  const got: Uint8Array[] = [];
  let pulls = 0;
  const ask = (): void => {
    const message: FromSink = pulls < most ? "pull" : "cancel";
    pulls += 1;
    port2.postMessage(message);
  };
  const end = new Promise<"done" | "failed">((resolve) => {
    port2.addEventListener("message", ({ data }: MessageEvent<ToSink>) => {
      if ("end" in data) {
        resolve(data.end);
        port2.close();
        return;
      }
      got.push(data.bytes);
      ask();
    });
    port2.start();
  });
  ask();
  return { port: port1, got, end };
}

test("every byte arrives in order, in messages of a megabyte", async () => {
  const { port, got, end } = sink();
  assert.equal(await deliver(pieces(100), port), null);
  assert.equal(await end, "done");
  assert.equal(toHex(concat(...got)), toHex(await allBytes(100)));
  assert.equal(got.length, 7);
});

test("an empty file is delivered too", async () => {
  const { port, got, end } = sink();
  await deliver(pieces(0), port);
  assert.equal(await end, "done");
  assert.deepEqual(got, []);
});

test("a source that does not verify fails the download and tells the caller why", async () => {
  const { port, end } = sink();
  await assert.rejects(deliver(pieces(100, 60), port), { code: "forged" });
  assert.equal(await end, "failed");
});

test("a download that the person stopped stops the source", async () => {
  let read = 0;
  const { port } = sink(2);
  const source = counted(pieces(1000), (bytes) => (read = bytes), new AbortController().signal);
  await assert.rejects(deliver(source, port), { code: "busy" });
  assert.ok(read < 6 * 1024 * 1024, `${read} bytes were read`);
});

test("without a port the bytes come as a Blob that no browser would show", async () => {
  const blob = await deliver(pieces(300), null);
  assert.equal(blob?.type, "application/octet-stream");
  assert.equal(toHex(new Uint8Array(await blob.arrayBuffer())), toHex(await allBytes(300)));
});

test("cancelling ends the work", async () => {
  const controller = new AbortController();
  const source = counted(pieces(300), (bytes) => bytes > pieceBytes && controller.abort(), controller.signal);
  await assert.rejects(deliver(source, null), { name: "AbortError" });
});
