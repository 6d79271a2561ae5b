/**
 * minisign's file formats (jedisct1/minisign, "Signature format"), over libsodium: what the
 * charter and counsel sign can be checked with tools that are not ours. Prehashed ("ED") only.
 */
import { concat, equal, fromBase64, toBase64, toHex, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { sodium, type KeyPair } from "./sodium.ts";

const prehashed = utf8("ED");
const pureKey = utf8("Ed");
/** Of a key or a signature. minisign reads no more of a comment than this. */
const mostBytes = 1024;

export interface MinisignKey {
  /** 8 bytes that name the key in a signature, and prove nothing. */
  id: Uint8Array;
  publicKey: Uint8Array;
}

/** A byte a letter, so that no two files are read as one. "": it is too large. */
const lettersOf = (file: Uint8Array): string => (file.length > mostBytes ? "" : String.fromCharCode(...file));

function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return hash(16, null, "th1/key-id", publicKey).subarray(0, 8);
}

/** The text of a minisign public key file. `id`: of a key that this software did not make. */
export function formatMinisignKey(publicKey: Uint8Array, id: Uint8Array = keyIdOf(publicKey)): string {
  const shownId = toHex(id.slice().reverse()).toUpperCase();
  return `untrusted comment: minisign public key ${shownId}\n${toBase64(concat(pureKey, id, publicKey))}\n`;
}

/**
 * The key in a minisign public key file, also one that minisign made or that somebody saved again: any comment, any id,
 * CRLF, but two lines and no more. verify.sh takes the same. @throws PortalError "format"
 */
export function parseMinisignKey(file: Uint8Array): MinisignKey {
  const shape = /^untrusted comment:[ -~\x80-\xff]*\r?\n(RW[Q-T][A-Za-z0-9+/]{53})\r?\n?$/;
  const [, line] = shape.exec(lettersOf(file)) ?? [];
  if (line === undefined) throw new PortalError("format", "not a minisign public key");
  const parts = fromBase64(line, 42);
  return { id: parts.slice(2, 10), publicKey: parts.slice(10) };
}

/** Signs `message` (held in memory; manifests and rosters are small). `trustedComment` is signed too: one line. */
export function minisign(message: Uint8Array, pair: KeyPair, trustedComment: string): string {
  const digest = sodium.crypto_generichash(64, message, null);
  const signature = sodium.crypto_sign_detached(digest, pair.secretKey);
  const whole = sodium.crypto_sign_detached(concat(signature, utf8(trustedComment)), pair.secretKey);
  const line = toBase64(concat(prehashed, keyIdOf(pair.publicKey), signature));
  return `untrusted comment: signature from tellhaven\n${line}\ntrusted comment: ${trustedComment}\n${toBase64(whole)}\n`;
}

/**
 * Answers the trusted comment. Only four lines of printable ASCII are taken, as minisign() writes them: of other bytes
 * some programs read more, and some less. `id`: of a key that this software did not make.
 * @throws PortalError "format" | "forged"
 */
export function verifyMinisign(
  message: Uint8Array,
  signatureFile: Uint8Array,
  publicKey: Uint8Array,
  id: Uint8Array = keyIdOf(publicKey),
): string {
  const shape = /^untrusted comment: [ -~]*\n([ -~]+)\ntrusted comment: ([ -~]*)\n([ -~]+)\n$/;
  const [, line, comment, whole] = shape.exec(lettersOf(signatureFile)) ?? [];
  if (line === undefined || comment === undefined || whole === undefined)
    throw new PortalError("format", "not a minisign signature");
  const parts = fromBase64(line, 74);
  const signature = parts.subarray(10);
  if (!equal(parts.subarray(0, 2), prehashed) || !equal(parts.subarray(2, 10), id))
    throw new PortalError("forged", "signed with another key or algorithm");
  const digest = sodium.crypto_generichash(64, message, null);
  const fits =
    sodium.crypto_sign_verify_detached(signature, digest, publicKey) &&
    sodium.crypto_sign_verify_detached(fromBase64(whole, 64), concat(signature, utf8(comment)), publicKey);
  if (!fits) throw new PortalError("forged", "the signature does not fit");
  return comment;
}
