/** The parts of a sealed copy (PROTOCOL.md §26), as they lie in the ZIP. Attachments stay on the disk. */
import { concat } from "../../../crypto/bytes.ts";
import { largestEnvelopeBytes, type Stream } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import type { SignedRosterBytes } from "../../../crypto/roster.ts";
import {
  mostIndexBytes,
  parseSealedCaseIndex,
  sealedCaseIndexName,
  sealedCaseNames,
  type SealedCaseIndex,
} from "../../../crypto/sealed-case.ts";
import type { ZipEntry, ZipFile } from "../zip.ts";

export interface StoredCase {
  index: SealedCaseIndex;
  /** Oldest first; verified by nobody yet. */
  signed: SignedRosterBytes[];
  /** Envelopes with their slots, by stream. */
  streams: readonly [conversation: Uint8Array[], team: Uint8Array[]];
  /** An attachment object, or null: it is not in the copy. */
  findObject(envId: Uint8Array): ZipEntry | null;
}

/** Rosters list members: far below this. */
const mostRosterBytes = 16 * 1024 * 1024;

/** @throws PortalError "format" when it is no sealed copy, or holds anything that none has */
export async function readStoredCase(zip: ZipFile): Promise<StoredCase> {
  const entries = new Map<string, ZipEntry>();
  const folder = zip.entries[0]?.name.split("/")[0] ?? "";
  for (const entry of zip.entries) {
    if (!entry.name.startsWith(`${folder}/`)) throw new PortalError("format", "more than one folder");
    entries.set(entry.name.slice(folder.length + 1), entry);
  }
  let used = 0;
  const read = async (name: string, most: number): Promise<Uint8Array | null> => {
    const entry = entries.get(name);
    if (entry === undefined) return null;
    if (entry.size > most) throw new PortalError("format", "a part is larger than any");
    used += 1;
    const parts: Uint8Array[] = [];
    for await (const part of zip.read(entry)) parts.push(part);
    return concat(...parts);
  };
  const index = await read(sealedCaseIndexName, mostIndexBytes);
  if (index === null) throw new PortalError("format", "no index");
  const signed: SignedRosterBytes[] = [];
  for (let number = 0; ; number++) {
    const bytes = await read(sealedCaseNames.roster(number), mostRosterBytes);
    if (bytes === null) break;
    const signature = await read(sealedCaseNames.rosterSignature(number), mostRosterBytes);
    if (signature === null) throw new PortalError("format", "a roster without a signature");
    signed.push({ bytes, signature });
  }
  const readStream = async (stream: Stream): Promise<Uint8Array[]> => {
    const envelopes: Uint8Array[] = [];
    for (let seq = 0; ; seq++) {
      const bytes = await read(sealedCaseNames.envelope(stream, seq), largestEnvelopeBytes);
      if (bytes === null) return envelopes;
      envelopes.push(bytes);
    }
  };
  const streams = [await readStream(0), await readStream(1)] as const;
  const objects = [...entries.keys()].filter((name) => /^objects\/[0-9a-f]{32}\.bin$/.test(name));
  // A gap in the numbers leaves parts behind it that were not read.
  if (used + objects.length !== entries.size) throw new PortalError("format", "a part is missing, or is none of ours");
  return {
    index: parseSealedCaseIndex(index),
    signed,
    streams,
    findObject: (envId) => entries.get(sealedCaseNames.object(envId)) ?? null,
  };
}
