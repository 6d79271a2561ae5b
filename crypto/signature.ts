/** PROTOCOL.md §3: a signature's purpose is part of its bytes, so none can stand in for another. */
import { concat, u8, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { sodium } from "./sodium.ts";

/** What is signed, and by whom: the closed list of labels. */
export type SignatureLabel =
  | "report" // mailbox
  | "message" // mailbox
  | "mailbox" // mailbox, one request
  | "reply" // member, inside the envelope, as the six below
  | "note"
  | "grant"
  | "rekey"
  | "team"
  | "share"
  | "teamrekey"
  | "act"
  | "summary" // member, inside the summary
  | "join" // member, over their own public keys
  | "login" // member, one challenge
  | "filed"; // log

export const signatureBytes = 64;

function signedBytes(label: SignatureLabel, parts: Uint8Array[]): Uint8Array {
  return concat(utf8(`tellhaven/${label}`), u8(0), hash(64, null, label, ...parts));
}

/** Sig(sk; label, parts…) = Ed25519(sk, "tellhaven/" ‖ label ‖ 0x00 ‖ H(64; label, parts…)). */
export function sign(secretKey: Uint8Array, label: SignatureLabel, ...parts: Uint8Array[]): Uint8Array {
  return sodium.crypto_sign_detached(signedBytes(label, parts), secretKey);
}

/** @throws PortalError "forged" unless the signature fits; "format" on a wrong length */
export function verify(
  signature: Uint8Array,
  publicKey: Uint8Array,
  label: SignatureLabel,
  ...parts: Uint8Array[]
): void {
  if (signature.length !== signatureBytes || publicKey.length !== 32)
    throw new PortalError("format", "signature or key has the wrong length");
  if (!sodium.crypto_sign_verify_detached(signature, signedBytes(label, parts), publicKey))
    throw new PortalError("forged", `the ${label} signature does not fit`);
}
