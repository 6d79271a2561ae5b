/** PROTOCOL.md §15: 512-byte summaries, so that a list of cases needs no report. */
import { concat, Reader, u16le, u32le, u64le, utf8 } from "./bytes.ts";
import { sealedSummaryBytes, summaryPlainBytes as plainBytes } from "./envelope/wire.ts";
import { PortalError } from "./errors.ts";
import { summaryKeyOf, type CaseKey, type TeamKey } from "./keys.ts";
import { findMember, type Roster } from "./roster.ts";
import { count, parseJson, parseShape, textUpTo, z } from "./shape.ts";
import { sign, signatureBytes, verify } from "./signature.ts";
import { decryptX, encryptX, randomBytes } from "./sodium.ts";

const reporterVersion = 0;

const reportSummaryShape = z.strictObject({
  channel: textUpTo(40),
  category: textUpTo(40),
  language: textUpTo(35),
  title: textUpTo(120),
});
/** What the reporter's own summary says; it stands in the report's header under its signature. */
export type ReportSummary = z.infer<typeof reportSummaryShape>;

const teamSummaryShape = z.strictObject({
  title: textUpTo(120),
  category: textUpTo(40),
  phase: z.enum(["received", "open", "closed"]),
  disposition: z.nullable(textUpTo(40)),
  /** Newest conversation seq the team has dealt with: what lies beyond is unread. */
  seen: count,
});
/** What the readers' newest version says, with its writer. */
export type TeamSummary = z.infer<typeof teamSummaryShape>;

function seal(plain: Uint8Array, key: CaseKey | TeamKey, caseId: Uint8Array, version: number): Uint8Array {
  if (plain.length > plainBytes) throw new PortalError("large", "summary is too long");
  const nonce = randomBytes(24);
  const padded = concat(plain, new Uint8Array(plainBytes - plain.length));
  return concat(nonce, encryptX(padded, nonce, concat(caseId, u64le(version)), summaryKeyOf(key)));
}

function open(sealed: Uint8Array, key: CaseKey | TeamKey, caseId: Uint8Array, version: number): Reader {
  if (sealed.length !== sealedSummaryBytes) throw new PortalError("format", "summary has a wrong length");
  const nonce = sealed.subarray(0, 24);
  const plain = decryptX(sealed.subarray(24), nonce, concat(caseId, u64le(version)), summaryKeyOf(key));
  return new Reader(plain);
}

function checkZeros(reader: Reader): void {
  if (reader.take(reader.left).some((byte) => byte !== 0))
    throw new PortalError("format", "summary padding is not zero");
}

/** Cuts at a code point so that the JSON stays within `most` bytes: a title in any script fits. */
export function fitTitle<T extends { title: string }>(summary: T, most: number): T {
  let chars = [...summary.title.slice(0, 120)];
  while (chars.length > 0 && utf8(JSON.stringify({ ...summary, title: chars.join("") })).length > most)
    chars = chars.slice(0, -1);
  return { ...summary, title: chars.join("") };
}

/** u16le length ‖ JSON ‖ zeros, 512 bytes, sealed to 552. */
export function sealReportSummary(summary: ReportSummary, key: CaseKey, caseId: Uint8Array): Uint8Array {
  const json = utf8(JSON.stringify(fitTitle(parseShape(reportSummaryShape, summary, "summary"), plainBytes - 2)));
  return seal(concat(u16le(json.length), json), key, caseId, reporterVersion);
}

/** @throws PortalError "forged" | "format" */
export function openReportSummary(sealed: Uint8Array, key: CaseKey, caseId: Uint8Array): ReportSummary {
  const reader = open(sealed, key, caseId, reporterVersion);
  const json = reader.take(reader.u16le());
  checkZeros(reader);
  return parseJson(reportSummaryShape, json, "summary");
}

/** u32le person id ‖ signature 64 ‖ u16le length ‖ JSON ‖ zeros. `version` counts from 1. */
export function sealTeamSummary(
  summary: TeamSummary,
  version: number,
  writer: { id: number; signKey: Uint8Array },
  of: { portalId: Uint8Array; caseId: Uint8Array; teamKey: TeamKey },
): Uint8Array {
  const fitted = fitTitle(parseShape(teamSummaryShape, summary, "summary"), plainBytes - 4 - signatureBytes - 2);
  const json = utf8(JSON.stringify(fitted));
  const signature = sign(writer.signKey, "summary", of.portalId, of.caseId, u64le(version), u32le(writer.id), json);
  return seal(concat(u32le(writer.id), signature, u16le(json.length), json), of.teamKey, of.caseId, version);
}

/** @throws PortalError "forged" when its writer is not among `readers` of the roster */
export function openTeamSummary(
  sealed: Uint8Array,
  version: number,
  roster: Roster,
  readers: readonly number[],
  of: { portalId: Uint8Array; caseId: Uint8Array; teamKey: TeamKey },
): TeamSummary & { writer: number } {
  const reader = open(sealed, of.teamKey, of.caseId, version);
  const id = reader.u32le();
  const signature = reader.take(signatureBytes);
  const json = reader.take(reader.u16le());
  checkZeros(reader);
  const writer = findMember(roster, id);
  if (writer === null || !readers.includes(id)) throw new PortalError("forged", "summary by somebody who is no reader");
  verify(signature, writer.keys.sign, "summary", of.portalId, of.caseId, u64le(version), u32le(id), json);
  return { ...parseJson(teamSummaryShape, json, "summary"), writer: id };
}
