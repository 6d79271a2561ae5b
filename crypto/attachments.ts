/**
 * PROTOCOL.md §16: attachments. One object per envelope: each file's own secretstream, one after
 * the other, then random bytes to a size class. Streams in and out; nothing is held whole.
 */
import { concat, equal, fromBase64, fromHex, toBase64, toHex, u32le } from "./bytes.ts";
import type { FileEntry } from "./content.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { paddedObjectBytes } from "./padding.ts";
import { fillRandom, randomBytes, Sha256, wipe } from "./sodium.ts";
import {
  chunkBytes,
  chunkOverhead,
  sealedStreamBytes,
  startOpening,
  startSealing,
  streamHeaderBytes,
} from "./stream.ts";

/** What a file is bound to: it cannot be moved to another case, envelope or place. */
export interface ObjectPlace {
  portalId: Uint8Array;
  caseId: Uint8Array;
  envId: Uint8Array;
}

export interface NewFile {
  name: string;
  type: string;
  /** Bytes that `read` will give, exactly. */
  size: number;
  read(): AsyncIterable<Uint8Array>;
}

/** A file whose size may show only when it has been read to its end: null. */
export type StreamedFile = Omit<NewFile, "size"> & { size: number | null };

/** The whole object's length for files of these sizes: known before anything is read. */
export function objectBytesFor(sizes: readonly number[]): number {
  return sizes.length === 0 ? 0 : paddedObjectBytes(sizes.reduce((sum, size) => sum + sealedFileBytes(size), 0));
}

/** An object's length that is enough for up to `count` files of `bytes` together, where sizes are not known. */
export function objectBytesWithin(bytes: number, count: number): number {
  return paddedObjectBytes(sealedFileBytes(bytes) + (count - 1) * sealedFileBytes(0));
}

export function sealedFileBytes(size: number): number {
  return streamHeaderBytes + sealedStreamBytes(size);
}

function fileAd(place: ObjectPlace, index: number): Uint8Array {
  return hash(32, null, "th1/file", place.portalId, place.caseId, place.envId, u32le(index));
}

/**
 * Cuts any stream of bytes into pieces of exactly `size`; the last may be shorter, an empty stream
 * gives one. With `reuse` a piece is valid until the next is asked for: a large file then leaves no
 * garbage behind, which browsers collect late.
 */
export async function* rechunk(
  source: AsyncIterable<Uint8Array>,
  size: number,
  reuse = false,
): AsyncGenerator<{ piece: Uint8Array; last: boolean }> {
  let held = new Uint8Array(size);
  let used = 0;
  for await (const bytes of source) {
    let at = 0;
    while (at < bytes.length) {
      // A full piece is held back until more bytes come: only then it is known not to be the last.
      if (used === size) {
        yield { piece: held, last: false };
        if (!reuse) held = new Uint8Array(size);
        used = 0;
      }
      const take = Math.min(size - used, bytes.length - at);
      held.set(bytes.subarray(at, at + take), used);
      used += take;
      at += take;
    }
  }
  yield { piece: held.subarray(0, used), last: true };
}

/** The manifest and the object's length and hash, known once the last byte was given out. */
export interface SealedObject {
  files: FileEntry[];
  length: number;
  hash: Uint8Array;
}

/**
 * Seals files into one object, handing every piece to `write` in order. `least`: the size class
 * that was reserved before the files' sizes were known; padding goes up to it.
 * @throws PortalError "conflict" when a file changed while it was read
 */
export async function sealObject(
  newFiles: Iterable<StreamedFile> | AsyncIterable<StreamedFile>,
  place: ObjectPlace,
  write: (piece: Uint8Array) => Promise<void>,
  least = 0,
): Promise<SealedObject> {
  const whole = new Sha256();
  let length = 0;
  const put = async (piece: Uint8Array): Promise<void> => {
    whole.update(piece);
    length += piece.length;
    await write(piece);
  };
  const files: FileEntry[] = [];
  for await (const file of newFiles) files.push(await sealFile(file, files.length, length, place, put));
  await putPadding(Math.max(least, paddedObjectBytes(length)) - length, put);
  return { files, length, hash: whole.digest() };
}

async function sealFile(
  file: StreamedFile,
  index: number,
  offset: number,
  place: ObjectPlace,
  put: (piece: Uint8Array) => Promise<void>,
): Promise<FileEntry> {
  const key = randomBytes(32);
  try {
    const sealing = startSealing(key, () => fileAd(place, index));
    const digest = new Sha256();
    let read = 0;
    await put(sealing.header);
    for await (const { piece, last } of rechunk(file.read(), chunkBytes, true)) {
      digest.update(piece);
      read += piece.length;
      await put(sealing.push(piece, last));
    }
    if (read !== (file.size ?? read)) throw new PortalError("conflict", "a file changed while it was read");
    const { name, type } = file;
    return {
      name,
      type,
      size: read,
      offset,
      length: sealedFileBytes(read),
      key: toBase64(key),
      sha256: toHex(digest.digest()),
    };
  } finally {
    wipe(key);
  }
}

async function putPadding(length: number, put: (piece: Uint8Array) => Promise<void>): Promise<void> {
  for (let left = length; left > 0; left -= chunkBytes) {
    const noise = new Uint8Array(Math.min(chunkBytes, left));
    fillRandom(noise);
    await put(noise);
  }
}

/**
 * Opens one file from its sealed bytes (object[offset, offset + length)). Yields plain chunks;
 * ends without an error only after FINAL, the right size and the right SHA-256.
 * @throws PortalError "forged" | "format"
 */
export async function* openFile(
  entry: FileEntry,
  index: number,
  place: ObjectPlace,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (entry.length !== sealedFileBytes(entry.size))
    throw new PortalError("format", "file length does not fit its size");
  const key = fromBase64(entry.key, 32);
  const digest = new Sha256();
  let size = 0;
  try {
    for await (const { plain } of openPieces(key, fileAd(place, index), sealed, entry.length)) {
      digest.update(plain);
      size += plain.length;
      yield plain;
    }
  } finally {
    wipe(key);
  }
  if (size !== entry.size || !equal(digest.digest(), fromHex(entry.sha256, 32)))
    throw new PortalError("forged", "the file is not the one that was sent");
}

async function* openPieces(
  key: Uint8Array,
  ad: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<{ plain: Uint8Array }> {
  const source = sealed[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  let seen = 0;
  // Reads until the stream's header is complete, then goes on with what is left.
  while (held.length < streamHeaderBytes) {
    const next = await source.next();
    if (next.done === true) throw new PortalError("forged", "the file ends too early");
    held = concat(held, next.value);
    seen += next.value.length;
  }
  const opening = startOpening(key, held.slice(0, streamHeaderBytes), ad);
  const rest = held.slice(streamHeaderBytes);
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield rest;
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      seen += next.value.length;
      yield next.value;
    }
  };
  for await (const { piece, last } of rechunk(body(), chunkBytes + chunkOverhead, true)) {
    if (last && seen !== length) throw new PortalError("forged", "the file has a wrong length");
    yield { plain: opening.pull(piece, last) };
  }
}
