/**
 * The question to a time-stamping authority (RFC 3161, 2.4.1): one SHA-256 hash, a random number, the authority's
 * certificate wanted. Of all that DER could say there is one spelling here, 69 bytes, so that whoever passes such a
 * question on can see that it holds a hash and nothing else, without a parser.
 */
import { concat, equal, fromHex } from "./bytes.ts";
import { PortalError } from "./errors.ts";
import { randomBytes } from "./sodium.ts";

/** TimeStampReq, version 1, messageImprint: AlgorithmIdentifier sha256 with NULL, OCTET STRING of 32 bytes. */
const head = fromHex("30430201013031300d060960864801650304020105000420");
const nonceHead = fromHex("0208");
/** certReq TRUE. */
const tail = fromHex("0101ff");

const imprintBytes = 32;
const nonceBytes = 8;
export const timestampQueryBytes = head.length + imprintBytes + nonceHead.length + nonceBytes + tail.length;

export interface TimestampQuery {
  /** SHA-256, 32 bytes. */
  imprint: Uint8Array;
  /** 8 bytes, big-endian, positive and without leading zeros as DER wants them. */
  nonce: Uint8Array;
}

/** A new question about `imprint`, 32 bytes. */
export function makeTimestampQuery(imprint: Uint8Array): Uint8Array<ArrayBuffer> {
  if (imprint.length !== imprintBytes) throw new PortalError("format", "a SHA-256 hash has 32 bytes");
  const nonce = randomBytes(nonceBytes);
  nonce[0] = (nonce[0]! & 0x3f) | 0x40;
  return concat(head, imprint, nonceHead, nonce, tail);
}

/** @throws PortalError "format" for anything that makeTimestampQuery does not make */
export function parseTimestampQuery(bytes: Uint8Array): TimestampQuery {
  const imprint = bytes.slice(head.length, head.length + imprintBytes);
  const nonceAt = head.length + imprintBytes + nonceHead.length;
  const nonce = bytes.slice(nonceAt, nonceAt + nonceBytes);
  const isOurs =
    equal(bytes, concat(head, imprint, nonceHead, nonce, tail)) &&
    bytes.length === timestampQueryBytes &&
    nonce[0]! >= 0x40 &&
    nonce[0]! < 0x80;
  if (!isOurs) throw new PortalError("format", "no question about one SHA-256 hash");
  return { imprint, nonce };
}
