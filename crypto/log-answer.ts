/** PROTOCOL.md §20: what a mailbox is told of the log; always as long, whatever it says. */
import { concat, fromUtf8, Reader, u16le, u64le, u8, utf8 } from "./bytes.ts";
import { longestCheckpoint } from "./content.ts";
import { PortalError } from "./errors.ts";

export const logAnswerBytes = 4096;
/** Of a log of 2^53 leaves; no proof is longer. */
const mostHashes = 53;

export interface LogAnswer {
  /** Signed note, not verified yet. */
  checkpoint: string;
  /** That its log goes on from the one that was asked about. */
  consistency: Uint8Array[];
  /** Where the filing stands in it; null: nowhere yet, or there is none. */
  place: { index: number; path: Uint8Array[] } | null;
}

const hashes = (list: readonly Uint8Array[]): Uint8Array => concat(u8(list.length), ...list);

/** u16le length ‖ checkpoint ‖ u8 count ‖ hashes ‖ u8 has a place ‖ (u64le index ‖ u8 count ‖ hashes) ‖ zeros to 4,096. */
export function formatLogAnswer({ checkpoint, consistency, place }: LogAnswer): Uint8Array {
  const text = utf8(checkpoint);
  const where = place === null ? [u8(0)] : [u8(1), u64le(place.index), hashes(place.path)];
  const used = concat(u16le(text.length), text, hashes(consistency), ...where);
  return concat(used, new Uint8Array(logAnswerBytes - used.length));
}

/** @throws PortalError "format" */
export function parseLogAnswer(bytes: Uint8Array): LogAnswer {
  if (bytes.length !== logAnswerBytes) throw new PortalError("format", "answer about the log has a wrong length");
  const reader = new Reader(bytes);
  const length = reader.u16le();
  if (length > longestCheckpoint) throw new PortalError("format", "a checkpoint is not so long");
  const checkpoint = fromUtf8(reader.take(length));
  const consistency = takeHashes(reader);
  const has = reader.u8();
  if (has > 1) throw new PortalError("format", "answer about the log is malformed");
  const place = has === 0 ? null : { index: reader.u64le(), path: takeHashes(reader) };
  if (reader.take(reader.left).some((byte) => byte !== 0)) throw new PortalError("format", "padding is not zero");
  return { checkpoint, consistency, place };
}

function takeHashes(reader: Reader): Uint8Array[] {
  const count = reader.u8();
  if (count > mostHashes) throw new PortalError("format", "a proof is not so long");
  return Array.from({ length: count }, () => reader.take(32));
}
