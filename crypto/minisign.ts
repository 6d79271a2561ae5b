/**
 * minisign's file formats (jedisct1/minisign, "Signature format"), over libsodium: what the
 * charter and counsel sign can be checked with tools that are not ours. Prehashed ("ED") only.
 */
import { concat, equal, fromBase64, fromUtf8, toBase64, toHex, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { sodium, type KeyPair } from "./sodium.ts";

const prehashed = utf8("ED");
const pureKey = utf8("Ed");

function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return hash(16, null, "th1/key-id", publicKey).subarray(0, 8);
}

/** The text of a minisign public key file. */
export function formatMinisignKey(publicKey: Uint8Array): string {
  const id = keyIdOf(publicKey);
  const shownId = toHex(id.slice().reverse()).toUpperCase();
  return `untrusted comment: minisign public key ${shownId}\n${toBase64(concat(pureKey, id, publicKey))}\n`;
}

/** The key in a minisign public key file that formatMinisignKey made. @throws PortalError "format" */
export function parseMinisignKey(file: Uint8Array): Uint8Array {
  const [comment, line, ...rest] = fromUtf8(file).trimEnd().split(/\r?\n/);
  if (comment?.startsWith("untrusted comment:") !== true || line === undefined || rest.length > 0)
    throw new PortalError("format", "not a minisign public key");
  const parts = fromBase64(line, 42);
  const publicKey = parts.slice(10);
  // Another id would be another program's key: what it signs is named by an id that does not come from the key.
  if (!equal(parts.subarray(0, 2), pureKey) || !equal(parts.subarray(2, 10), keyIdOf(publicKey)))
    throw new PortalError("format", "not an export key of this software");
  return publicKey;
}

/** Signs `message` (held in memory; manifests and rosters are small). `trustedComment` is signed too: one line. */
export function minisign(message: Uint8Array, pair: KeyPair, trustedComment: string): string {
  const digest = sodium.crypto_generichash(64, message, null);
  const signature = sodium.crypto_sign_detached(digest, pair.secretKey);
  const whole = sodium.crypto_sign_detached(concat(signature, utf8(trustedComment)), pair.secretKey);
  const line = toBase64(concat(prehashed, keyIdOf(pair.publicKey), signature));
  return `untrusted comment: signature from tellhaven\n${line}\ntrusted comment: ${trustedComment}\n${toBase64(whole)}\n`;
}

/** Answers the trusted comment. @throws PortalError "format" | "forged" */
export function verifyMinisign(message: Uint8Array, signatureFile: Uint8Array, publicKey: Uint8Array): string {
  const lines = fromUtf8(signatureFile).split("\n");
  const [untrusted, line, trusted, whole, rest] = lines;
  const shaped =
    lines.length === 5 &&
    rest === "" &&
    untrusted?.startsWith("untrusted comment: ") &&
    trusted?.startsWith("trusted comment: ");
  if (!shaped || line === undefined || whole === undefined || trusted === undefined)
    throw new PortalError("format", "not a minisign signature");
  const parts = fromBase64(line, 74);
  const signature = parts.subarray(10);
  if (!equal(parts.subarray(0, 2), prehashed) || !equal(parts.subarray(2, 10), keyIdOf(publicKey)))
    throw new PortalError("forged", "signed with another key or algorithm");
  const comment = trusted.slice("trusted comment: ".length);
  const digest = sodium.crypto_generichash(64, message, null);
  const fits =
    sodium.crypto_sign_verify_detached(signature, digest, publicKey) &&
    sodium.crypto_sign_verify_detached(fromBase64(whole, 64), concat(signature, utf8(comment)), publicKey);
  if (!fits) throw new PortalError("forged", "the signature does not fit");
  return comment;
}
