/** PROTOCOL.md §12: the envelope's bytes. Exact lengths, one encoding, nothing decrypted here. */
import { concat, equal, Reader, u16le, u32le, u64le, u8, utf8 } from "../bytes.ts";
import { PortalError } from "../errors.ts";
import { hash } from "../hash.ts";
import { kemPublicKeyBytes } from "../keys.ts";
import { isPaddedTextLength, paddedObjectBytes } from "../padding.ts";
import { signatureBytes } from "../signature.ts";
import { reporterSlotBytes, slotBytes } from "../slot.ts";
import { plainStreamBytes, streamHeaderBytes } from "../stream.ts";

/** Kinds by number; each belongs to one stream: 0 the conversation, 1 the team's. */
export const kinds = {
  report: 1,
  message: 2,
  reply: 3,
  note: 4,
  grant: 5,
  rekey: 6,
  team: 7,
  share: 8,
  teamrekey: 9,
  act: 10,
} as const;
export type Kind = keyof typeof kinds;
export type Stream = 0 | 1;

const kindNames = new Map<number, Kind>(Object.entries(kinds).map(([name, number]) => [number, name as Kind]));
const conversationKinds: ReadonlySet<Kind> = new Set<Kind>(["report", "message", "reply", "grant", "rekey"]);
const rowKinds: ReadonlySet<Kind> = new Set<Kind>(["report", "grant", "rekey", "team", "share", "teamrekey"]);

export const streamOf = (kind: Kind): Stream => (conversationKinds.has(kind) ? 0 : 1);
/** Whether the kind carries a full row of slots in roster order. */
export const hasRow = (kind: Kind): boolean => rowKinds.has(kind);
/** The reporter signs outside, where the server can check it; members sign inside. */
export const isReporters = (kind: Kind): boolean => kind === "report" || kind === "message";

export const flagAssisted = 1;
export const flagUrgent = 2;
const knownFlags = flagAssisted | flagUrgent;

const magic = concat(utf8("TH1"), u8(0));
const suite = 1;
const fixedBytes = 302;
export const wrapBytes = 24 + 32 + 16;
export const summaryPlainBytes = 512;
/** nonce ‖ plain ‖ tag */
export const sealedSummaryBytes = 24 + summaryPlainBytes + 16;

const reportBytes = 32 + kemPublicKeyBytes + wrapBytes + sealedSummaryBytes;
/** Where the header's fixed part ends ("through objHash"): what a member signs. */
export const signedHeaderBytes = fixedBytes;
/** Far above any honest text; attachments travel apart. */
export const largestEnvelopeBytes = 4 * 1024 * 1024;

/** What only a report's header carries. */
export interface ReportPart {
  mailboxSign: Uint8Array;
  mailboxKem: Uint8Array;
  wrap: Uint8Array;
  summary: Uint8Array;
}

export interface Header {
  kind: Kind;
  flags: number;
  portalId: Uint8Array;
  rosterHash: Uint8Array;
  caseId: Uint8Array;
  envId: Uint8Array;
  seq: number;
  prevHash: Uint8Array;
  keyEpoch: number;
  tokenHash: Uint8Array;
  commit: Uint8Array;
  slotsHash: Uint8Array;
  slotCount: number;
  /** 0: no attachment object. */
  objLen: number;
  objHash: Uint8Array;
  report: ReportPart | null;
  streamHeader: Uint8Array;
}

export interface Envelope {
  header: Header;
  headerBytes: Uint8Array;
  chunks: Uint8Array;
  /** The reporter's signature; null on what members wrote. */
  signature: Uint8Array | null;
  slots: Uint8Array[];
}

/** The header up to and including objHash: 302 bytes. */
export function formatFixedHeader(h: Omit<Header, "report" | "streamHeader">): Uint8Array {
  return concat(
    magic,
    u8(suite),
    u8(kinds[h.kind]),
    u8(h.flags),
    u8(streamOf(h.kind)),
    h.portalId,
    h.rosterHash,
    h.caseId,
    h.envId,
    u64le(h.seq),
    h.prevHash,
    u32le(h.keyEpoch),
    h.tokenHash,
    h.commit,
    h.slotsHash,
    u16le(h.slotCount),
    u64le(h.objLen),
    h.objHash,
  );
}

export function formatHeader(h: Header): Uint8Array {
  const report = h.report;
  const reportPart = report === null ? [] : [report.mailboxSign, report.mailboxKem, report.wrap, report.summary];
  return concat(formatFixedHeader(h), ...reportPart, h.streamHeader);
}

function parseHeader(reader: Reader): Header {
  if (!equal(reader.take(4), magic)) throw new PortalError("format", "not an envelope");
  if (reader.u8() !== suite) throw new PortalError("format", "unknown suite");
  const kind = kindNames.get(reader.u8());
  if (kind === undefined) throw new PortalError("format", "unknown kind");
  const flags = reader.u8();
  if ((flags & ~knownFlags) !== 0) throw new PortalError("format", "unknown flags");
  if (reader.u8() !== streamOf(kind)) throw new PortalError("format", "kind in the wrong stream");
  const fixed = {
    kind,
    flags,
    portalId: reader.take(32),
    rosterHash: reader.take(32),
    caseId: reader.take(32),
    envId: reader.take(16),
    seq: reader.u64le(),
    prevHash: reader.take(32),
    keyEpoch: reader.u32le(),
    tokenHash: reader.take(32),
    commit: reader.take(32),
    slotsHash: reader.take(32),
    slotCount: reader.u16le(),
    objLen: reader.u64le(),
    objHash: reader.take(32),
  };
  const report =
    kind === "report"
      ? {
          mailboxSign: reader.take(32),
          mailboxKem: reader.take(kemPublicKeyBytes),
          wrap: reader.take(wrapBytes),
          summary: reader.take(sealedSummaryBytes),
        }
      : null;
  const header = { ...fixed, report, streamHeader: reader.take(streamHeaderBytes) };
  checkHeader(header);
  return header;
}

/** A header alone, of any kind. @throws PortalError "format" */
export function parseHeaderBytes(bytes: Uint8Array): Header {
  const reader = new Reader(bytes);
  const header = parseHeader(reader);
  reader.end();
  return header;
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** What must hold in every header, whoever reads it. */
function checkHeader(h: Header): void {
  if ((h.seq === 0) !== isZero(h.prevHash)) throw new PortalError("format", "only the first has no predecessor");
  if ((h.kind === "report" || h.kind === "team") !== (h.seq === 0))
    throw new PortalError("format", "a stream begins with report or team key");
  if (!hasRow(h.kind) && h.slotCount !== 0) throw new PortalError("format", "this kind carries no slots");
  if ((h.objLen === 0) !== isZero(h.objHash)) throw new PortalError("format", "object length and hash disagree");
  // A true length would tell one set of files from another.
  if (h.objLen !== 0 && h.objLen !== paddedObjectBytes(h.objLen))
    throw new PortalError("format", "object length is no padded one");
  if (h.flags !== 0 && !isReporters(h.kind)) throw new PortalError("format", "only reporters set flags");
}

/** Length of the slot row that follows an envelope. */
function rowBytes(header: Header): number {
  if (!hasRow(header.kind)) return 0;
  return header.slotCount * slotBytes + (header.kind === "rekey" ? reporterSlotBytes : 0);
}

/** Header length by kind: report 2,198, others 326. */
export function headerBytesOf(kind: Kind): number {
  return fixedBytes + (kind === "report" ? reportBytes : 0) + streamHeaderBytes;
}

/**
 * Parses envelope ‖ slots. Every length is implied by the header and the total, so no byte can
 * be moved, added or taken away unnoticed.
 * @throws PortalError "format" | "large"
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  return parseParts(bytes, true);
}

/**
 * As parseEnvelope, of one that was sent without its slots: nothing that stands in them can be checked.
 * @throws PortalError "format" | "large"
 */
export function parseWithoutSlots(bytes: Uint8Array): Envelope {
  return parseParts(bytes, false);
}

function parseParts(bytes: Uint8Array, withSlots: boolean): Envelope {
  if (bytes.length > largestEnvelopeBytes) throw new PortalError("large", "envelope is too large");
  const reader = new Reader(bytes);
  const header = parseHeader(reader);
  const headerBytes = bytes.slice(0, reader.offset);
  const signatureLength = isReporters(header.kind) ? signatureBytes : 0;
  const row = withSlots ? rowBytes(header) : 0;
  const chunks = reader.take(Math.max(0, reader.left - signatureLength - row));
  const plainLength = plainStreamBytes(chunks.length);
  if (plainLength === null || !isPaddedTextLength(plainLength))
    throw new PortalError("format", "body has an impossible length");
  const signature = signatureLength === 0 ? null : reader.take(signatureLength);
  const slots: Uint8Array[] = [];
  if (withSlots && hasRow(header.kind)) {
    for (let i = 0; i < header.slotCount; i++) slots.push(reader.take(slotBytes));
    if (header.kind === "rekey") slots.push(reader.take(reporterSlotBytes));
  }
  reader.end();
  return { header, headerBytes, chunks, signature, slots };
}

/** The envelope without its slots: what the chain hashes. */
export function formatEnvelope(envelope: Envelope): Uint8Array {
  return concat(envelope.headerBytes, envelope.chunks, envelope.signature ?? new Uint8Array());
}

export function formatEnvelopeWithSlots(envelope: Envelope): Uint8Array {
  return concat(formatEnvelope(envelope), ...envelope.slots);
}

/** prevHash of the next: H(32; "th1/env", header ‖ chunks ‖ outer signature). */
export function envelopeHashOf(envelope: Envelope): Uint8Array {
  return hash(32, null, "th1/env", formatEnvelope(envelope));
}

/** What the reporter signs. */
export function reporterSignedParts(headerBytes: Uint8Array, chunks: Uint8Array): [Uint8Array, Uint8Array] {
  return [hash(64, null, "th1/hdr", headerBytes), hash(64, null, "th1/chunks", chunks)];
}
