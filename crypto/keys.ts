/** PROTOCOL.md §6: every key, derived from the one secret its holder keeps. */
import { concat, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { derive, hash } from "./hash.ts";
import { boxKeyPair, kemKeyPair, signKeyPair, sodium, wipe, type KeyPair } from "./sodium.ts";

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Random 32 bytes per case (readers and reporter) or per case's team (readers only). */
export type CaseKey = Brand<Uint8Array, "CaseKey">;
export type TeamKey = Brand<Uint8Array, "TeamKey">;
/** The secret that a roster member keeps in their key file or on paper. */
export type MemberSeed = Brand<Uint8Array, "MemberSeed">;
export type CharterSeed = Brand<Uint8Array, "CharterSeed">;

function parseSecret(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new PortalError("format", "a key must be 32 bytes");
  return bytes.slice();
}

export const parseCaseKey = (bytes: Uint8Array): CaseKey => parseSecret(bytes) as CaseKey;
export const parseTeamKey = (bytes: Uint8Array): TeamKey => parseSecret(bytes) as TeamKey;
export const parseMemberSeed = (bytes: Uint8Array): MemberSeed => parseSecret(bytes) as MemberSeed;
export const parseCharterSeed = (bytes: Uint8Array): CharterSeed => parseSecret(bytes) as CharterSeed;

/** A member's public keys, as the roster lists them. */
export interface MemberKeys {
  sign: Uint8Array;
  login: Uint8Array;
  export: Uint8Array;
  box: Uint8Array;
  kem: Uint8Array;
}

export interface MemberSecrets {
  sign: KeyPair;
  login: KeyPair;
  export: KeyPair;
  box: KeyPair;
  kem: KeyPair;
  /** 32 bytes: encrypts this device's cache. */
  cache: Uint8Array;
}

export const kemPublicKeyBytes = 1216;
export const memberKeysBytes = 4 * 32 + kemPublicKeyBytes;

/** MEMBER D(seed, 1…6) = sign, login, export, X25519, X-Wing seed, cache. */
export function deriveMember(seed: MemberSeed): MemberSecrets {
  return {
    sign: signKeyPair(derive(seed, 1)),
    login: signKeyPair(derive(seed, 2)),
    export: signKeyPair(derive(seed, 3)),
    box: boxKeyPair(derive(seed, 4)),
    kem: kemKeyPair(derive(seed, 5)),
    cache: derive(seed, 6),
  };
}

export function publicKeysOf(secrets: MemberSecrets): MemberKeys {
  return {
    sign: secrets.sign.publicKey,
    login: secrets.login.publicKey,
    export: secrets.export.publicKey,
    box: secrets.box.publicKey,
    kem: secrets.kem.publicKey,
  };
}

/** sign ‖ login ‖ export ‖ X25519 ‖ X-Wing: 1,344 bytes, the "member keys" of every context. */
export function formatMemberKeys(keys: MemberKeys): Uint8Array {
  return concat(keys.sign, keys.login, keys.export, keys.box, keys.kem);
}

/**
 * Refuses keys that would make sealing to this member throw (X-Wing checks canonical form at
 * encapsulation) or useless (points of small order): one bad key would otherwise close intake.
 * @throws PortalError "format"
 */
export function checkMemberKeys(keys: MemberKeys): void {
  const lengthsFit =
    [keys.sign, keys.login, keys.export, keys.box].every((key) => key.length === 32) &&
    keys.kem.length === kemPublicKeyBytes;
  if (!lengthsFit) throw new PortalError("format", "a public key has the wrong length");
  for (const key of [keys.sign, keys.login, keys.export])
    if (!sodium.crypto_core_ed25519_is_valid_point(key))
      throw new PortalError("format", "a signing key is not a valid point");
  checkX25519Spelling(keys.box);
  try {
    sodium.crypto_box_seal(new Uint8Array(1), keys.box);
  } catch (cause) {
    throw new PortalError("format", "a sealing key is malformed", { cause });
  }
  checkKemKey(keys.kem);
}

/** Refuses an X-Wing key to which nothing can be sealed. @throws PortalError "format" */
export function checkKemKey(kem: Uint8Array): void {
  checkX25519Spelling(kem.subarray(-32));
  try {
    wipe(sodium.crypto_kem_xwing_enc(kem).sharedSecret);
  } catch (cause) {
    throw new PortalError("format", "a sealing key is malformed", { cause });
  }
}

/**
 * X25519 takes any 32 bytes and reads them modulo 2^255 - 19, without the top bit: several byte
 * strings are the same key, and a key in a second spelling would pass for another person's.
 */
function checkX25519Spelling(key: Uint8Array): void {
  const top = key[31]!;
  const beyondPrime = top === 0x7f && key[0]! >= 0xed && key.subarray(1, 31).every((byte) => byte === 0xff);
  if (top > 0x7f || beyondPrime) throw new PortalError("format", "a sealing key is not in its one encoding");
}

/** CHARTER D(seed, 1…3) = charter signing key, office login key, invite secrets. */
export interface CharterSecrets {
  sign: KeyPair;
  office: KeyPair;
  invites: Uint8Array;
}

export function deriveCharter(seed: CharterSeed): CharterSecrets {
  return { sign: signKeyPair(derive(seed, 1)), office: signKeyPair(derive(seed, 2)), invites: derive(seed, 3) };
}

/** portalId = H(32; "th1/portal", first charter key): stays when the charter is rotated. */
export function portalIdOf(firstCharterKey: Uint8Array): Uint8Array {
  return hash(32, null, "th1/portal", firstCharterKey);
}

/** What a receipt code opens: the reporter's keys and, through them, the case. */
export interface Mailbox {
  portalId: Uint8Array;
  caseId: Uint8Array;
  sign: KeyPair;
  kem: KeyPair;
  /** Wraps the case key for the returning reporter. */
  wrap: Uint8Array;
}

/** caseId = H(32; "th1/case", portalId, mailbox signing key, mailbox X-Wing key): nobody can squat or swap it. */
export function caseIdOf(portalId: Uint8Array, signKey: Uint8Array, kemKey: Uint8Array): Uint8Array {
  return hash(32, null, "th1/case", portalId, signKey, kemKey);
}

const mailboxOps = 3;
const mailboxMemory = 64 * 1024 * 1024; // bytes

/** Argon2id version 1.3 with one lane: 32 bytes. `memory`: bytes. */
export type Stretch = (text: Uint8Array, salt: Uint8Array, passes: number, memory: number) => Uint8Array;

const stretchHere: Stretch = (text, salt, passes, memory) =>
  sodium.crypto_pwhash(32, text, salt, passes, memory, sodium.crypto_pwhash_ALG_ARGON2ID13);

/** The slow step: Argon2id over the canonical words. `words`: NFC, single spaces. `stretch`: a faster one, if there is. */
export function deriveMailbox(words: string, portalId: Uint8Array, stretch: Stretch = stretchHere): Mailbox {
  const salt = hash(16, null, "th1/salt", portalId);
  const master = stretch(utf8(words), salt, mailboxOps, mailboxMemory);
  try {
    const sign = signKeyPair(derive(master, 1));
    const kem = kemKeyPair(derive(master, 2));
    const caseId = caseIdOf(portalId, sign.publicKey, kem.publicKey);
    return { portalId, caseId, sign, kem, wrap: derive(master, 3) };
  } finally {
    wipe(master);
  }
}

/** What derives from a case or team key, per epoch. */
export const tokenOf = (key: CaseKey | TeamKey): Uint8Array => derive(key, 1);
export const summaryKeyOf = (key: CaseKey | TeamKey): Uint8Array => derive(key, 2);
export const commitKeyOf = (key: CaseKey | TeamKey): Uint8Array => derive(key, 3);
export const contentKeyOf = (key: CaseKey | TeamKey): Uint8Array => derive(key, 4);

/** What the server keeps of a token. */
export function tokenHashOf(token: Uint8Array): Uint8Array {
  return hash(32, null, "th1/token", token);
}
