/** PROTOCOL.md §19: records of the notice as they lie in their file. They differ in nothing but length in steps of a kilobyte. */
import { concat, Reader, u32le, utf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { parseJson } from "../../crypto/shape.ts";
import { decryptX, encryptX, randomBytes } from "../../crypto/sodium.ts";
import { recordShape, type NoticeRecordContent } from "../../data/policy/notice/roster.ts";
import type { NoticeRecord } from "../ports.ts";

const nonceBytes = 24;
const stepBytes = 1024;

export function sealRecord(content: NoticeRecordContent, id: Uint8Array, key: Uint8Array): NoticeRecord {
  const text = utf8(JSON.stringify(content));
  const used = 4 + text.length;
  const padded = concat(u32le(text.length), text, new Uint8Array(Math.ceil(used / stepBytes) * stepBytes - used));
  const nonce = randomBytes(nonceBytes);
  return { key: id, sealed: concat(nonce, encryptX(padded, nonce, id, key)) };
}

/** @throws PortalError "forged" | "format" */
export function openRecord({ key: id, sealed }: NoticeRecord, key: Uint8Array): NoticeRecordContent {
  if (sealed.length < nonceBytes) throw new PortalError("format", "a record of the notice is cut");
  const padded = new Reader(decryptX(sealed.slice(nonceBytes), sealed.slice(0, nonceBytes), id, key));
  return parseJson(recordShape, padded.take(padded.u32le()), "record of the notice");
}
