/**
 * PROTOCOL.md §11: joining. The charter holder hands each member a link with a 128-bit secret in
 * its fragment; the member's public keys come back under a MAC of it and self-signed, so the
 * server cannot enrol itself.
 */
import { concat, fromUtf8, Reader, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import {
  checkMemberKeys,
  formatMemberKeys,
  kemPublicKeyBytes,
  memberKeysBytes,
  publicKeysOf,
  type CharterSecrets,
  type MemberKeys,
  type MemberSecrets,
} from "./keys.ts";
import { sign, signatureBytes, verify } from "./signature.ts";
import { sodium } from "./sodium.ts";

export const inviteIdBytes = 16;
export const inviteSecretBytes = 16;
const macBytes = 32;
const longestName = 480; // bytes of UTF-8: 120 characters of four

/** Derived, so that the charter file alone can check a join weeks later: nothing to store. */
export function inviteSecret(charter: CharterSecrets, inviteId: Uint8Array): Uint8Array {
  return hash(inviteSecretBytes, charter.invites, "th1/invite", inviteId);
}

export interface Join {
  keys: MemberKeys;
  name: string;
}

/** keys 1,344 ‖ mac 32 ‖ self-signature 64 ‖ name. */
export function sealJoin(secrets: MemberSecrets, name: string, secret: Uint8Array, portalId: Uint8Array): Uint8Array {
  const keys = formatMemberKeys(publicKeysOf(secrets));
  const signed = concat(keys, utf8(name));
  const mac = hash(macBytes, secret, "th1/join", portalId, signed);
  const self = sign(secrets.sign.secretKey, "join", portalId, signed);
  return concat(keys, mac, self, utf8(name));
}

function parse(bytes: Uint8Array): Join & { signed: Uint8Array; mac: Uint8Array; self: Uint8Array } {
  if (bytes.length > memberKeysBytes + macBytes + signatureBytes + longestName)
    throw new PortalError("format", "join is too long");
  const reader = new Reader(bytes);
  const [signKey, login, exportKey, box] = [reader.take(32), reader.take(32), reader.take(32), reader.take(32)];
  const keys = { sign: signKey, login, export: exportKey, box, kem: reader.take(kemPublicKeyBytes) };
  const mac = reader.take(macBytes);
  const self = reader.take(signatureBytes);
  const name = reader.take(reader.left);
  return { keys, name: fromUtf8(name), signed: concat(formatMemberKeys(keys), name), mac, self };
}

/** What the server can check of a join: shape, keys, self-signature. @throws PortalError "format" | "forged" */
export function checkJoin(bytes: Uint8Array, portalId: Uint8Array): Join {
  const join = parse(bytes);
  checkMemberKeys(join.keys);
  verify(join.self, join.keys.sign, "join", portalId, join.signed);
  return { keys: join.keys, name: join.name };
}

/** What the charter holder checks besides: that it came from whoever held the link. */
export function openJoin(bytes: Uint8Array, secret: Uint8Array, portalId: Uint8Array): Join {
  const join = checkJoin(bytes, portalId);
  const { mac, signed } = parse(bytes);
  if (!sodium.memcmp(mac, hash(macBytes, secret, "th1/join", portalId, signed)))
    throw new PortalError("forged", "these keys were not made with the link");
  return join;
}
