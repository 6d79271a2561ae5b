/** PROTOCOL.md §13: making envelopes. The steps are numbered there as they follow here. */
import { concat, u32le } from "../bytes.ts";
import { conversationShapes, formatContent, type MessageContent, type ReportContent } from "../content.ts";
import { PortalError } from "../errors.ts";
import { hash } from "../hash.ts";
import { commitKeyOf, contentKeyOf, tokenHashOf, tokenOf, type CaseKey, type Mailbox, type TeamKey } from "../keys.ts";
import { padText } from "../padding.ts";
import type { Roster } from "../roster.ts";
import { sign } from "../signature.ts";
import { sealDummySlot, sealSlot, slotCtx, slotsHashOf, type SlotContext } from "../slot.ts";
import { encryptX, randomBytes } from "../sodium.ts";
import { sealChunks, startSealing } from "../stream.ts";
import { sealReportSummary, type ReportSummary } from "../summary.ts";
import {
  formatFixedHeader,
  formatHeader,
  hasRow,
  kinds,
  reporterSignedParts,
  type Envelope,
  type Header,
  type Kind,
  type ReportPart,
} from "./wire.ts";

export const envIdBytes = 16;

/** The attachment object that belongs to an envelope. */
export interface ObjectRef {
  length: number;
  hash: Uint8Array;
}

/** Where an envelope goes: a case, a stream's next place, the roster in force. */
export interface Place {
  portalId: Uint8Array;
  caseId: Uint8Array;
  roster: Roster;
  seq: number;
  prevHash: Uint8Array;
  keyEpoch: number;
}

const noBytes = new Uint8Array(32);

export function generateEnvId(): Uint8Array {
  return randomBytes(envIdBytes);
}

/** commit = H(32, D(key, 3); "th1/commit", portalId, caseId, envId): one key only opens an envelope. */
export function commitOf(key: CaseKey | TeamKey, h: Pick<Header, "portalId" | "caseId" | "envId">): Uint8Array {
  return hash(32, commitKeyOf(key), "th1/commit", h.portalId, h.caseId, h.envId);
}

export function bodyKeyOf(key: CaseKey | TeamKey, envId: Uint8Array): Uint8Array {
  return hash(32, contentKeyOf(key), "th1/content", envId);
}

export function bodyAd(headerBytes: Uint8Array): Uint8Array {
  return hash(32, null, "th1/body", headerBytes);
}

/** Whether these may be a report's readers: one or more recipients of its roster, each once, none excluded. */
export function areReaders(readers: readonly number[], excluded: readonly number[], roster: Roster): boolean {
  return (
    readers.length > 0 &&
    new Set(readers).size === readers.length &&
    readers.every((id) => !excluded.includes(id) && roster.recipients.some((member) => member.id === id))
  );
}

/** One slot per recipient, in roster order: real for readers, dummies for everybody else. */
export function sealRow(key: Uint8Array, of: SlotContext, roster: Roster, readers: readonly number[]): Uint8Array[] {
  return roster.recipients.map((member, i) => {
    const ctx = slotCtx(of, i, member.keys);
    return readers.includes(member.id) ? sealSlot(key, ctx, member.keys) : sealDummySlot(ctx, member.keys);
  });
}

interface Draft {
  kind: Kind;
  flags: number;
  place: Place;
  envId: Uint8Array;
  key: CaseKey | TeamKey;
  readers: readonly number[];
  object: ObjectRef | null;
  report: ReportPart | null;
  /** Only of a rekey: the reporter's slot, behind the row. */
  lastSlot?(of: SlotContext): Uint8Array;
  /** Content bytes; `fixed` is the header through objHash, for those who sign inside. */
  content(fixed: Uint8Array): Uint8Array;
}

export function seal(draft: Draft): Omit<Envelope, "signature"> {
  const { kind, place, envId, key, object } = draft;
  const slotContext = { ...place, rosterHash: place.roster.hash, envId, kind: kinds[kind] };
  const row = hasRow(kind) ? sealRow(key, slotContext, place.roster, draft.readers) : [];
  const slots = draft.lastSlot === undefined ? row : [...row, draft.lastSlot(slotContext)];
  const fixedPart = {
    kind,
    flags: draft.flags,
    portalId: place.portalId,
    rosterHash: place.roster.hash,
    caseId: place.caseId,
    envId,
    seq: place.seq,
    prevHash: place.prevHash,
    keyEpoch: place.keyEpoch,
    tokenHash: tokenHashOf(tokenOf(key)),
    commit: commitOf(key, { ...place, envId }),
    slotsHash: slotsHashOf(slots),
    slotCount: row.length,
    objLen: object?.length ?? 0,
    objHash: object?.hash ?? noBytes,
  };
  const padded = padText(draft.content(formatFixedHeader(fixedPart)));
  let header!: Header;
  let headerBytes!: Uint8Array;
  const sealing = startSealing(bodyKeyOf(key, envId), (streamHeader) => {
    header = { ...fixedPart, report: draft.report, streamHeader };
    headerBytes = formatHeader(header);
    return bodyAd(headerBytes);
  });
  return { header, headerBytes, chunks: sealChunks(sealing, padded), slots };
}

function signOutside(unsigned: Omit<Envelope, "signature">, mailbox: Mailbox): Envelope {
  const label = unsigned.header.kind === "report" ? "report" : "message";
  const parts = reporterSignedParts(unsigned.headerBytes, unsigned.chunks);
  return { ...unsigned, signature: sign(mailbox.sign.secretKey, label, ...parts) };
}

export interface NewReport {
  mailbox: Mailbox;
  roster: Roster;
  caseKey: CaseKey;
  envId: Uint8Array;
  flags: number;
  content: ReportContent;
  summary: ReportSummary;
  object: ObjectRef | null;
}

/**
 * Seals a first disclosure: conversation, seq 0. The readers in its content are the ones with a real slot.
 * @throws PortalError "refused" when they are not all recipients, or one is excluded
 */
export function sealReport(report: NewReport): Envelope {
  const { mailbox, roster, caseKey, envId } = report;
  const { portalId, caseId } = mailbox;
  // The last line before an excluded person's slot: whoever calls, nobody left out gets a key.
  if (!areReaders(report.content.readers, report.content.excluded, roster))
    throw new PortalError("refused", "readers must be recipients, and nobody who is excluded");
  const nonce = randomBytes(24);
  const wrap = concat(nonce, encryptX(caseKey, nonce, concat(caseId, envId), mailbox.wrap));
  const unsigned = seal({
    kind: "report",
    flags: report.flags,
    place: { portalId, caseId, roster, seq: 0, prevHash: noBytes, keyEpoch: 0 },
    envId,
    key: caseKey,
    readers: report.content.readers,
    object: report.object,
    report: {
      mailboxSign: mailbox.sign.publicKey,
      mailboxKem: mailbox.kem.publicKey,
      wrap,
      summary: sealReportSummary(report.summary, caseKey, caseId),
    },
    content: () => formatContent(conversationShapes.report, "report", report.content),
  });
  return signOutside(unsigned, mailbox);
}

/** Seals a reporter's later message. */
export function sealMessage(message: {
  mailbox: Mailbox;
  place: Place;
  caseKey: CaseKey;
  envId: Uint8Array;
  flags: number;
  content: MessageContent;
  object: ObjectRef | null;
}): Envelope {
  const { place, envId, flags, object } = message;
  const content = (): Uint8Array => formatContent(conversationShapes.message, "message", message.content);
  const draft = {
    kind: "message" as const,
    flags,
    place,
    envId,
    key: message.caseKey,
    readers: [],
    object,
    report: null,
  };
  return signOutside(seal({ ...draft, content }), message.mailbox);
}

/** content = signature 64 ‖ rest, rest = u32le person id ‖ JSON. */
export function memberRest(personId: number, json: Uint8Array): Uint8Array {
  return concat(u32le(personId), json);
}

export function plainHashOf(rest: Uint8Array): Uint8Array {
  return hash(64, null, "th1/plain", rest);
}
