/**
 * What somebody chose to remember on their device: how far they have read. Kept under a name and as
 * bytes that say nothing without the receipt code. Everything else is not kept at all.
 */
import { fromBase64Url, Reader, toBase64Url, u32le } from "../../../crypto/bytes.ts";
import { hash } from "../../../crypto/hash.ts";
import type { Mailbox } from "../../../crypto/keys.ts";
import { decryptX, encryptX, randomBytes } from "../../../crypto/sodium.ts";

const nonceBytes = 24;

function keyOf({ wrap }: Mailbox): Uint8Array {
  return hash(32, wrap, "th1/seen");
}

/** Under which name the browser keeps it. */
export function seenName(mailbox: Mailbox): string {
  return `th-${toBase64Url(hash(16, keyOf(mailbox), "th1/seen-name", mailbox.caseId))}`;
}

/** `count`: entries that were on the page. */
export function sealSeen(mailbox: Mailbox, count: number): string {
  const nonce = randomBytes(nonceBytes);
  const sealed = encryptX(u32le(count), nonce, mailbox.caseId, keyOf(mailbox));
  return toBase64Url(new Uint8Array([...nonce, ...sealed]));
}

/** Null for anything that sealSeen did not make for this mailbox. */
export function openSeen(mailbox: Mailbox, text: string): number | null {
  try {
    const bytes = fromBase64Url(text);
    const plain = decryptX(bytes.subarray(nonceBytes), bytes.subarray(0, nonceBytes), mailbox.caseId, keyOf(mailbox));
    return new Reader(plain).u32le();
  } catch {
    return null;
  }
}
