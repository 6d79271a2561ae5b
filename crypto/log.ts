/**
 * PROTOCOL.md §18: leaves of the append-only log are blinded, so that they prove to whoever
 * holds the blinding and tell nobody else; and the signed receipt of a filing.
 */
import { concat, equal, Reader, u32le, u8, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { sign, verify } from "./signature.ts";
import { randomBytes, sodium, type KeyPair } from "./sodium.ts";

export const leafBytes = 32;
export const receiptBytes = 32 + 32 + 4 + 64;
/** Each day is padded with random leaves to a multiple of this. */
export const leavesPerDayStep = 64;

/** What a leaf commits to: an event's name and the hash of its envelope. */
export interface LogEvent {
  name: "filed" | "appended";
  envelopeHash: Uint8Array;
}

/** leaf = SHA-256(0x00 ‖ H(32, r; "th1/leaf", event)) (RFC 6962 leaf hashing), r: 32 random bytes. */
export function leafOf(event: LogEvent, blinding: Uint8Array): Uint8Array {
  const blinded = hash(32, blinding, "th1/leaf", utf8(event.name), event.envelopeHash);
  return sodium.crypto_hash_sha256(concat(u8(0), blinded));
}

export interface BlindedLeaf {
  leaf: Uint8Array;
  blinding: Uint8Array;
}

export function blindLeaf(event: LogEvent): BlindedLeaf {
  const blinding = randomBytes(32);
  return { leaf: leafOf(event, blinding), blinding };
}

export interface Receipt extends BlindedLeaf {
  /** Days since 1970-01-01, UTC. */
  day: number;
  signature: Uint8Array;
}

/** receipt = leaf 32 ‖ r 32 ‖ u32le day ‖ Sig(log; "filed", portalId, leaf, day) */
export function signReceipt(leaf: BlindedLeaf, day: number, portalId: Uint8Array, log: KeyPair): Receipt {
  return { ...leaf, day, signature: sign(log.secretKey, "filed", portalId, leaf.leaf, u32le(day)) };
}

export function formatReceipt(receipt: Receipt): Uint8Array {
  return concat(receipt.leaf, receipt.blinding, u32le(receipt.day), receipt.signature);
}

/** @throws PortalError "format" */
export function parseReceipt(bytes: Uint8Array): Receipt {
  const reader = new Reader(bytes);
  const receipt = { leaf: reader.take(32), blinding: reader.take(32), day: reader.u32le(), signature: reader.take(64) };
  reader.end();
  return receipt;
}

/** Checks that the log promised exactly this filing, under the leaf it names. @throws PortalError "forged" */
export function verifyReceipt(
  receipt: Receipt,
  envelopeHash: Uint8Array,
  portalId: Uint8Array,
  logKey: Uint8Array,
): void {
  const leaf = leafOf({ name: "filed", envelopeHash }, receipt.blinding);
  if (!equal(leaf, receipt.leaf)) throw new PortalError("forged", "the receipt's leaf is not this filing's");
  verify(receipt.signature, logKey, "filed", portalId, leaf, u32le(receipt.day));
}
