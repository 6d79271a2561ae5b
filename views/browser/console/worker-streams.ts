/** How bytes leave the keyholder: through a port to the service worker, or gathered into a Blob. */
import { concat } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";

/** Messages over the port: the service worker pulls, so that nothing piles up. */
export type FromSink = "pull" | "cancel";
export type ToSink = { bytes: Uint8Array<ArrayBuffer> } | { end: "done" | "failed" };

const messageBytes = 1024 * 1024;
/** A Blob made of parts goes to the browser's disk cache part by part. */
const partBytes = 16 * 1024 * 1024;

/** Joins small pieces, so that a large file does not take a message for each 64 KiB. */
async function* gather(source: AsyncIterable<Uint8Array>, least: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    held.push(piece);
    length += piece.length;
    if (length < least) continue;
    yield concat(...held);
    [held, length] = [[], 0];
  }
  if (length > 0) yield concat(...held);
}

/** Answers each pull with bytes. @throws PortalError "busy" when the browser's download was stopped */
async function pour(source: AsyncIterable<Uint8Array>, port: MessagePort): Promise<void> {
  const asked: FromSink[] = [];
  let wake: () => void = () => {};
  port.addEventListener("message", (event: MessageEvent<FromSink>) => {
    asked.push(event.data);
    wake();
  });
  port.start();
  const nextAsk = async (): Promise<FromSink> => {
    while (asked.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return asked.shift()!;
  };
  const tell = (message: ToSink, transfer: Transferable[] = []): void => port.postMessage(message, transfer);
  try {
    for await (const bytes of gather(source, messageBytes)) {
      if ((await nextAsk()) === "cancel") throw new PortalError("busy", "the download was stopped");
      tell({ bytes }, [bytes.buffer]);
    }
    await nextAsk();
    tell({ end: "done" });
  } catch (error) {
    tell({ end: "failed" });
    throw error;
  } finally {
    port.close();
  }
}

/** Null when the bytes went through the port. */
export async function deliver(source: AsyncIterable<Uint8Array>, port: MessagePort | null): Promise<Blob | null> {
  if (port !== null) {
    await pour(source, port);
    return null;
  }
  const parts: Blob[] = [];
  for await (const bytes of gather(source, partBytes)) parts.push(new Blob([bytes]));
  // Never shown by the browser, whatever the sender said it was.
  return new Blob(parts, { type: "application/octet-stream" });
}

const beginningBytes = 64 * 1024;

/** Reads to the end, and answers what stood at the beginning: enough to tell what kind of file it is. */
export async function keepBeginning(source: AsyncIterable<Uint8Array>): Promise<Blob> {
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const bytes of source) {
    if (length < beginningBytes) kept.push(bytes.slice(0, beginningBytes - length));
    length += bytes.length;
  }
  return new Blob(kept, { type: "application/octet-stream" });
}

/** Passes bytes on and counts them; stops at the signal. */
export async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const bytes of source) {
    signal.throwIfAborted();
    done += bytes.length;
    count(done);
    yield bytes;
  }
}

/** Safari's streams are not iterable. */
export async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
