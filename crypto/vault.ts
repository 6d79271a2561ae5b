/**
 * PROTOCOL.md §19, the server's layer: one X25519 pair per case, its secret half sealed to the
 * keyring. Destroying the keyring's entry destroys the case; a database without it is noise.
 */
import { concat, equal, Reader, u64le, u8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { derive, hash } from "./hash.ts";
import { boxKeyPair, generateBoxKeyPair, openSealedBox, signKeyPair, sodium, wipe, type KeyPair } from "./sodium.ts";

/** One floor for everything stored of a case, so that size does not show kind. */
const floorBytes = 32 * 1024;

/** The server's secrets, derived from one master key. Intake needs only the public half and the index key. */
export interface KeyringKeys {
  box: KeyPair;
  index: Uint8Array;
  log: KeyPair;
}

/** D(master, 1…3) = keyring X25519, index key, log Ed25519. */
export function deriveKeyring(master: Uint8Array): KeyringKeys {
  return { box: boxKeyPair(derive(master, 1)), index: derive(master, 2), log: signKeyPair(derive(master, 3)) };
}

/** D(master, 4): what is kept of the notice, which is no case and lies apart from them. */
export function deriveNoticeKey(master: Uint8Array): Uint8Array {
  return derive(master, 4);
}

/** Where a case lies in keyring and database. */
export function caseIndex(indexKey: Uint8Array, caseId: Uint8Array): Uint8Array {
  return hash(32, indexKey, "th1/idx", caseId);
}

/** Where an envelope lies: unique per (case, stream, seq), saying none of them. */
export function rowKey(indexKey: Uint8Array, caseId: Uint8Array, stream: number, seq: number): Uint8Array {
  return hash(16, indexKey, "th1/row", caseId, u8(stream), u64le(seq));
}

export function envelopeKey(indexKey: Uint8Array, envId: Uint8Array): Uint8Array {
  return hash(16, indexKey, "th1/env-id", envId);
}

export interface NewVault {
  publicKey: Uint8Array;
  /** For the keyring. */
  sealedSecret: Uint8Array;
}

/** Generates a case's vault and forgets its secret half: intake cannot read back what it accepts. */
export function generateVault(keyringPublicKey: Uint8Array): NewVault {
  const pair = generateBoxKeyPair();
  try {
    return { publicKey: pair.publicKey, sealedSecret: sodium.crypto_box_seal(pair.secretKey, keyringPublicKey) };
  } finally {
    wipe(pair.secretKey);
  }
}

/** A public key that was swapped in the database would have later envelopes sealed to somebody else. */
function fitsTogether(secretKey: Uint8Array, publicKey: Uint8Array): boolean {
  return secretKey.length === 32 && equal(sodium.crypto_scalarmult_base(secretKey), publicKey);
}

/** @throws PortalError "forged" when keyring, entry and public key do not fit */
export function openVault(sealedSecret: Uint8Array, publicKey: Uint8Array, keyring: KeyPair): KeyPair {
  const secretKey = openSealedBox(sealedSecret, keyring);
  if (secretKey === null || !fitsTogether(secretKey, publicKey))
    throw new PortalError("forged", "the keyring does not open this case");
  return { publicKey, secretKey };
}

/** u64le length ‖ bytes ‖ zeros to a power of two from 32 KiB, in a sealed box. */
export function sealToVault(bytes: Uint8Array, vaultPublicKey: Uint8Array): Uint8Array {
  const used = 8 + bytes.length;
  const padded = concat(u64le(bytes.length), bytes, new Uint8Array(paddedVaultBytes(used) - used));
  return sodium.crypto_box_seal(padded, vaultPublicKey);
}

function paddedVaultBytes(used: number): number {
  let size = floorBytes;
  while (size < used) size *= 2;
  return size;
}

/** @throws PortalError "forged" | "format" */
export function openFromVault(sealed: Uint8Array, vault: KeyPair): Uint8Array {
  const padded = openSealedBox(sealed, vault);
  if (padded === null) throw new PortalError("forged", "a stored object is damaged");
  const reader = new Reader(padded);
  const bytes = reader.take(reader.u64le());
  const exact = padded.length === paddedVaultBytes(reader.offset);
  if (!exact || padded.subarray(reader.offset).some((byte) => byte !== 0))
    throw new PortalError("format", "a stored object has wrong padding");
  return bytes;
}
