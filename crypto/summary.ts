/** PROTOCOL.md §15: 512-byte summaries, so that a list of cases needs no report. */
import { concat, Reader, u16le, u64le, utf8 } from "./bytes.ts";
import { sealedSummaryBytes, summaryPlainBytes as plainBytes } from "./envelope/wire.ts";
import { PortalError } from "./errors.ts";
import { summaryKeyOf, type CaseKey } from "./keys.ts";
import { parseJson, parseShape, textUpTo, z } from "./shape.ts";
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

/** 512 bytes under the key, sealed to 552. @throws PortalError "large" */
export function sealPlain(plain: Uint8Array, summaryKey: Uint8Array, caseId: Uint8Array, version: number): Uint8Array {
  if (plain.length > plainBytes) throw new PortalError("large", "summary is too long");
  const nonce = randomBytes(24);
  const padded = concat(plain, new Uint8Array(plainBytes - plain.length));
  return concat(nonce, encryptX(padded, nonce, concat(caseId, u64le(version)), summaryKey));
}

export function openPlain(sealed: Uint8Array, summaryKey: Uint8Array, caseId: Uint8Array, version: number): Reader {
  if (sealed.length !== sealedSummaryBytes) throw new PortalError("format", "summary has a wrong length");
  const nonce = sealed.subarray(0, 24);
  const plain = decryptX(sealed.subarray(24), nonce, concat(caseId, u64le(version)), summaryKey);
  return new Reader(plain);
}

/** @throws PortalError "format" unless nothing but zeros is left */
export function checkZeros(reader: Reader): void {
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
  return sealPlain(concat(u16le(json.length), json), summaryKeyOf(key), caseId, reporterVersion);
}

/** @throws PortalError "forged" | "format" */
export function openReportSummary(sealed: Uint8Array, key: CaseKey, caseId: Uint8Array): ReportSummary {
  const reader = openPlain(sealed, summaryKeyOf(key), caseId, reporterVersion);
  const json = reader.take(reader.u16le());
  checkZeros(reader);
  return parseJson(reportSummaryShape, json, "summary");
}
