/**
 * PROTOCOL.md §7: a slot carries a case or team key to one recipient: a libsodium sealed box to
 * the member's X25519 key around an X-Wing encapsulation. A dummy takes the same path with a
 * throwaway X-Wing key and a random key, inside a sealed box to the member's real X25519 key.
 */
import { concat, u16le, u32le, u8 } from "./bytes.ts";
import { hash } from "./hash.ts";
import { formatMemberKeys, type MemberKeys, type MemberSecrets } from "./keys.ts";
import { generateKemKeyPair, openSealedBox, randomBytes, sodium, wipe } from "./sodium.ts";

const kemCiphertextBytes = 1120;
const keyBytes = 32;
const tagBytes = 16;
const innerBytes = kemCiphertextBytes + keyBytes + tagBytes;
export const slotBytes = innerBytes + 48; // crypto_box_SEALBYTES
/** The reporter's slot of a rekey: no sealed box around it. */
export const reporterSlotBytes = innerBytes;
const zeroNonce = new Uint8Array(12); // each key encryption key encrypts exactly once

export interface SlotContext {
  portalId: Uint8Array;
  rosterHash: Uint8Array;
  caseId: Uint8Array;
  envId: Uint8Array;
  kind: number;
  keyEpoch: number;
}

/** ctx = H(32; "th1/ctx", portalId, rosterHash, caseId, envId, u8 kind, u32 keyEpoch, u16 index, member keys). */
export function slotCtx(of: SlotContext, index: number, memberKeys: MemberKeys): Uint8Array {
  return contextOf(of, index, formatMemberKeys(memberKeys));
}

function contextOf(of: SlotContext, index: number, keys: Uint8Array): Uint8Array {
  const place = [u8(of.kind), u32le(of.keyEpoch), u16le(index)];
  return hash(32, null, "th1/ctx", of.portalId, of.rosterHash, of.caseId, of.envId, ...place, keys);
}

/** Seals `key` to the member. Never throws for keys that passed checkMemberKeys. */
export function sealSlot(key: Uint8Array, ctx: Uint8Array, member: MemberKeys): Uint8Array {
  return sealTo(member.kem, member.box, key, ctx);
}

/** What an excluded member gets: nobody, not even its maker, can open it. */
export function sealDummySlot(ctx: Uint8Array, member: MemberKeys): Uint8Array {
  const throwaway = generateKemKeyPair();
  const nothing = randomBytes(keyBytes);
  try {
    return sealTo(throwaway.publicKey, member.box, nothing, ctx);
  } finally {
    wipe(throwaway.secretKey, nothing);
  }
}

function sealTo(kemKey: Uint8Array, boxKey: Uint8Array, key: Uint8Array, ctx: Uint8Array): Uint8Array {
  return sodium.crypto_box_seal(encapsulate(kemKey, key, ctx), boxKey);
}

/** X-Wing ciphertext ‖ encrypted key. */
function encapsulate(kemKey: Uint8Array, key: Uint8Array, ctx: Uint8Array): Uint8Array {
  const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc(kemKey);
  const kek = hash(32, sharedSecret, "th1/slot", ciphertext, ctx);
  try {
    return concat(ciphertext, sodium.crypto_aead_chacha20poly1305_ietf_encrypt(key, ctx, null, zeroNonce, kek));
  } finally {
    wipe(sharedSecret, kek);
  }
}

/** Null for what was not sealed to this key in this context. */
function decapsulate(inner: Uint8Array, ctx: Uint8Array, kemSecret: Uint8Array): Uint8Array | null {
  const ciphertext = inner.subarray(0, kemCiphertextBytes);
  let sharedSecret: Uint8Array;
  try {
    sharedSecret = sodium.crypto_kem_xwing_dec(ciphertext, kemSecret);
  } catch {
    return null;
  }
  const kek = hash(32, sharedSecret, "th1/slot", ciphertext, ctx);
  try {
    const box = inner.subarray(kemCiphertextBytes);
    return sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, box, ctx, zeroNonce, kek);
  } catch {
    return null;
  } finally {
    wipe(sharedSecret, kek);
  }
}

/** What stands in the place of member keys for the reporter's slot. */
export interface MailboxKeys {
  sign: Uint8Array;
  kem: Uint8Array;
}

const reportersIndex = 0xffff;

/** As slotCtx, with the index 65,535 and mailbox signing key ‖ mailbox X-Wing key for member keys. */
export function reporterSlotCtx(of: SlotContext, { sign, kem }: MailboxKeys): Uint8Array {
  return contextOf(of, reportersIndex, concat(sign, kem));
}

/** The reporter's slot of a rekey: 1,168 bytes. */
export function sealReporterSlot(key: Uint8Array, of: SlotContext, mailbox: MailboxKeys): Uint8Array {
  return encapsulate(mailbox.kem, key, reporterSlotCtx(of, mailbox));
}

/** Null: not for this mailbox. */
export function openReporterSlot(slot: Uint8Array, ctx: Uint8Array, kemSecret: Uint8Array): Uint8Array | null {
  return slot.length === reporterSlotBytes ? decapsulate(slot, ctx, kemSecret) : null;
}

/** The key, or null: "not for me" (a dummy, a filler, another context, or altered: all the same). */
export function openSlot(slot: Uint8Array, ctx: Uint8Array, secrets: MemberSecrets): Uint8Array | null {
  if (slot.length !== slotBytes) return null;
  const inner = openSealedBox(slot, secrets.box);
  if (inner === null) return null;
  return decapsulate(inner, ctx, secrets.kem.secretKey);
}

/** slotsHash = H(32; "th1/slots", slot 0, slot 1, …). */
export function slotsHashOf(slots: Uint8Array[]): Uint8Array {
  return hash(32, null, "th1/slots", ...slots);
}
