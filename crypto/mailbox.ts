/** PROTOCOL.md §20: how the reporter asks for their mailbox, and what every answer looks like. */
import { concat, Reader, u32le, utf8 } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { caseIdOf, kemPublicKeyBytes, type Mailbox } from "./keys.ts";
import { sign, signatureBytes, verify } from "./signature.ts";

export const nonceBytes = 32;
const mailboxAuthBytes = 32 + kemPublicKeyBytes + nonceBytes + signatureBytes;
const smallestAnswer = 64 * 1024;
/** Beyond it no date can be written with four digits of a year. */
const mostDay = 2_932_896;

/** What a mailbox signature covers besides the keys. */
export interface MailboxRequest {
  portalId: Uint8Array;
  origin: string;
  /** Method and path, e.g. "POST /mailbox/read". */
  action: string;
  body: Uint8Array;
}

function signedParts(request: MailboxRequest, nonce: Uint8Array, caseId: Uint8Array): Uint8Array[] {
  const bodyHash = hash(32, null, "th1/body-hash", request.body);
  return [request.portalId, utf8(request.origin), nonce, caseId, utf8(request.action), bodyHash];
}

/** mailboxSignPk ‖ mailboxKemPk ‖ nonce ‖ signature: 1,344 bytes. */
export function signMailboxRequest(mailbox: Mailbox, request: MailboxRequest, nonce: Uint8Array): Uint8Array {
  const signature = sign(mailbox.sign.secretKey, "mailbox", ...signedParts(request, nonce, mailbox.caseId));
  return concat(mailbox.sign.publicKey, mailbox.kem.publicKey, nonce, signature);
}

/** Answers whose mailbox this is; the caller still has to spend the nonce. @throws PortalError "forged" | "format" */
export function verifyMailboxRequest(
  auth: Uint8Array,
  request: MailboxRequest,
): { caseId: Uint8Array; mailboxSign: Uint8Array; nonce: Uint8Array } {
  if (auth.length !== mailboxAuthBytes) throw new PortalError("format", "mailbox authorization has a wrong length");
  const reader = new Reader(auth);
  const mailboxSign = reader.take(32);
  const mailboxKem = reader.take(kemPublicKeyBytes);
  const nonce = reader.take(nonceBytes);
  const caseId = caseIdOf(request.portalId, mailboxSign, mailboxKem);
  verify(reader.take(signatureBytes), mailboxSign, "mailbox", ...signedParts(request, nonce, caseId));
  return { caseId, mailboxSign, nonce };
}

/** What a mailbox holds; after deletion nothing but the day of it. */
export interface MailboxAnswer {
  /** Each with its slots, oldest first. */
  envelopes: Uint8Array[];
  /** Days since 1970-01-01, UTC; null for a case that was not deleted, or never was. */
  deletedOn: number | null;
}

/**
 * u32 count ‖ (length, envelope with slots, length, reporter's slot)… ‖ u32 deletedOn, 0 for none ‖
 * zeros to 64 KiB × 2^k. A deleted case's answer is as long as the empty one of a case that never was.
 */
export function formatMailboxAnswer(envelopes: readonly Uint8Array[], deletedOn: number | null = null): Uint8Array {
  // The reporter's own slot exists from the first rekey on; until then its length is 0.
  const parts = envelopes.flatMap((envelope) => [u32le(envelope.length), envelope, u32le(0)]);
  const used = concat(u32le(envelopes.length), ...parts, u32le(deletedOn ?? 0));
  return concat(used, new Uint8Array(paddedAnswerBytes(used.length) - used.length));
}

function paddedAnswerBytes(used: number): number {
  let size = smallestAnswer;
  while (size < used) size *= 2;
  return size;
}

/** @throws PortalError "format" */
export function openMailboxAnswer(bytes: Uint8Array): MailboxAnswer {
  const reader = new Reader(bytes);
  const envelopes = Array.from({ length: boundedCount(reader.u32le(), bytes) }, () => {
    const envelope = reader.take(reader.u32le());
    // Rekeys are not understood yet, so nothing may stand in the reporter's slot.
    if (reader.u32le() !== 0) throw new PortalError("format", "answer holds a slot without a rekey");
    return envelope;
  });
  const day = reader.u32le();
  if (day > mostDay || (day !== 0 && envelopes.length > 0)) throw new PortalError("format", "answer has a wrong day");
  if (bytes.length !== paddedAnswerBytes(reader.offset)) throw new PortalError("format", "answer has a wrong length");
  if (reader.take(reader.left).some((byte) => byte !== 0))
    throw new PortalError("format", "answer padding is not zero");
  return { envelopes, deletedOn: day === 0 ? null : day };
}

/** The envelopes alone. @throws PortalError "format" */
export function parseMailboxAnswer(bytes: Uint8Array): Uint8Array[] {
  return openMailboxAnswer(bytes).envelopes;
}

/** A planted count must not make the client allocate. */
function boundedCount(count: number, bytes: Uint8Array): number {
  if (count * 8 > bytes.length) throw new PortalError("format", "answer promises more than it holds");
  return count;
}

/** u32le count ‖ (u32le length, envelope, u32le slots length, slots)…: a console's answer. */
export function formatStreamAnswer(items: readonly { envelope: Uint8Array; slots: Uint8Array }[]): Uint8Array {
  const parts = items.flatMap(({ envelope, slots }) => [u32le(envelope.length), envelope, u32le(slots.length), slots]);
  return concat(u32le(items.length), ...parts);
}

/** Each item as envelope ‖ slots, ready for parseEnvelope. @throws PortalError "format" */
export function parseStreamAnswer(bytes: Uint8Array): Uint8Array[] {
  const reader = new Reader(bytes);
  const items = Array.from({ length: boundedCount(reader.u32le(), bytes) }, () =>
    concat(reader.take(reader.u32le()), reader.take(reader.u32le())),
  );
  reader.end();
  return items;
}
