/**
 * PROTOCOL.md §20: what a member's browser keeps so that the next sign-in need not open the whole feed again: keys,
 * sealed under the member's own cache key. Without the member's seed it says nothing, not even how much there is.
 */
import { concat, Reader, toBase64Url, toHex, fromHex, u32le, u64le, u8, utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { hash } from "../../../crypto/hash.ts";
import { parseCaseKey, parseTeamKey } from "../../../crypto/keys.ts";
import { decryptX, encryptX, randomBytes } from "../../../crypto/sodium.ts";
import type { Desk, Held } from "./held-cases.ts";

const version = 1;
const leastBytes = 64 * 1024;
const nonceBytes = 24;

/** What is kept: how far the feed was read, the keys it gave, and what must never be opened again. */
export type Kept = Pick<Desk, "tick" | "held" | "gone">;

export interface CacheKeys {
  /** MemberSecrets.cache, 32 bytes. */
  cache: Uint8Array;
  portalId: Uint8Array;
}

/** Under which a browser keeps it: says nothing of portal or member. */
export function cacheName({ cache, portalId }: CacheKeys, purpose: string): string {
  return `th-${toBase64Url(hash(16, cache, "th1/cache-name", portalId, utf8(purpose)))}`;
}

const cacheKeyOf = ({ cache, portalId }: CacheKeys, purpose: string): Uint8Array =>
  hash(32, cache, "th1/cache", portalId, utf8(purpose));

/** n24 ‖ XChaCha20-Poly1305(key, n; u32le length ‖ content ‖ zeros to 64 KiB × 2^k). */
export function sealForCache(content: Uint8Array, keys: CacheKeys, purpose: string): Uint8Array {
  const used = concat(u32le(content.length), content);
  let size = leastBytes;
  while (size < used.length) size *= 2;
  const nonce = randomBytes(nonceBytes);
  const padded = concat(used, new Uint8Array(size - used.length));
  return concat(nonce, encryptX(padded, nonce, new Uint8Array(), cacheKeyOf(keys, purpose)));
}

/** @throws PortalError "forged" | "format" */
export function openFromCache(sealed: Uint8Array, keys: CacheKeys, purpose: string): Uint8Array {
  const nonce = sealed.subarray(0, nonceBytes);
  if (nonce.length !== nonceBytes) throw new PortalError("format", "too short to have been kept");
  const reader = new Reader(decryptX(sealed.subarray(nonceBytes), nonce, new Uint8Array(), cacheKeyOf(keys, purpose)));
  return reader.take(reader.u32le());
}

function formatHeld({ ctx, caseKeys, team, cleared }: Held): Uint8Array {
  // Of a case with hundreds of keys the first: the server leads from it to the others.
  const kept = caseKeys.length > 255 ? caseKeys.slice(0, 1) : caseKeys;
  return concat(
    ctx,
    u8(kept.length),
    ...kept,
    u8(team === null ? 0 : 1),
    ...(team === null ? [] : [team]),
    // That nothing was said yet may change in another browser: only what was said is kept.
    u8(cleared === true ? 1 : 0),
  );
}

function parseHeld(reader: Reader): Held {
  const ctx = reader.take(32);
  const caseKeys = Array.from({ length: reader.u8() }, () => parseCaseKey(reader.take(32)));
  if (caseKeys.length === 0) throw new PortalError("format", "a case without a key");
  const team = reader.u8() === 0 ? null : parseTeamKey(reader.take(32));
  return { ctx, caseKeys, team, readers: null, cleared: reader.u8() === 1 ? true : null };
}

export function formatKept({ tick, held, gone }: Kept): Uint8Array {
  return concat(
    u8(version),
    u64le(tick),
    u32le(held.length),
    ...held.map(formatHeld),
    u32le(gone.size),
    ...[...gone].map((ctx) => fromHex(ctx, 32)),
  );
}

/** @throws PortalError "format" */
export function parseKept(bytes: Uint8Array): Kept {
  const reader = new Reader(bytes);
  if (reader.u8() !== version) throw new PortalError("format", "kept by another version");
  const tick = reader.u64le();
  const held = Array.from({ length: bounded(reader.u32le(), bytes) }, () => parseHeld(reader));
  const gone = new Set(Array.from({ length: bounded(reader.u32le(), bytes) }, () => toHex(reader.take(32))));
  reader.end();
  return { tick, held, gone };
}

function bounded(count: number, bytes: Uint8Array): number {
  if (count * 32 > bytes.length) throw new PortalError("format", "promises more than it holds");
  return count;
}
