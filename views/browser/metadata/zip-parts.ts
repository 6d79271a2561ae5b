/** ZIP archives as Office files use them: unpacked within bounds, packed again without dates and in the same order. */
import {
  configure,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
  type FileEntry,
} from "@zip.js/zip.js/lib/zip-core-native.js";
import { joinBytes, type Bytes } from "./binary.ts";
import { CannotClean, damaged } from "./cannot-clean.ts";

// This is a worker already, and the policy of the page lets no other script start.
configure({ useWebWorkers: false, useCompressionStream: true });

const mostParts = 20_000;
export const mostUnpacked = 200 << 20; // bytes of all parts together
/** Deflate gives 1032 at best; text of a large sheet comes near 50. Small archives may do as they like. */
const mostRatio = 250;
const alwaysAllowed = 32 << 20; // bytes unpacked

export type Parts = Map<string, Bytes>;

/** Throws "encrypted", "large" (a bomb, or honestly too large) or "damaged". */
export async function unpackParts(file: Bytes, signal: AbortSignal): Promise<Parts> {
  const reader = new ZipReader(new Uint8ArrayReader(file));
  const parts: Parts = new Map();
  const allowed = Math.min(mostUnpacked, Math.max(alwaysAllowed, file.length * mostRatio));
  let left = allowed;
  const entries = await reader.getEntries();
  if (entries.length > mostParts) throw new CannotClean("large", "too many parts");
  if (entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0) > allowed)
    throw new CannotClean("large", "unpacks to too much");
  for (const entry of entries) {
    signal.throwIfAborted();
    if (entry.encrypted) throw new CannotClean("encrypted", "needs a password");
    if (entry.directory) continue;
    if (parts.has(entry.filename)) throw damaged("two parts of one name");
    const unpacked = await unpackEntry(entry, left);
    left -= unpacked.length;
    parts.set(entry.filename, unpacked);
  }
  return parts;
}

/** The size in the directory is only a claim: what comes out is counted. */
async function unpackEntry(entry: FileEntry, most: number): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      size += chunk.length;
      if (size > most) throw new CannotClean("large", "unpacks to too much");
      chunks.push(chunk);
    },
  });
  await entry.getData(sink, { checkSignature: true });
  return joinBytes(chunks);
}

/** Every part with the earliest date that ZIP knows, and no fields of any system. */
export async function packParts(parts: Parts, signal: AbortSignal): Promise<Bytes> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    lastModDate: new Date(1980, 0, 1),
    extendedTimestamp: false,
    dataDescriptor: false,
    zip64: false,
    keepOrder: true,
    level: 6,
  });
  for (const [name, bytes] of parts) {
    signal.throwIfAborted();
    await writer.add(name, new Uint8ArrayReader(bytes));
  }
  return writer.close();
}
