/**
 * A time stamp (RFC 3161) on a case file: an authority signs that the hash of its list of lists was there at a time.
 * The portal's server passes question and answer on, and the authority learns a hash. Whether its signature holds is
 * for `openssl ts -verify` and `tellhaven verify`, which are given the authority's certificate; here is nobody to
 * trust, so the answer is only read: that the authority granted it, and that it is about what was asked.
 */
import {
  Constructed,
  fromBER,
  GeneralizedTime,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  type BaseBlock,
} from "asn1js";
import { equal } from "../../../../crypto/bytes.ts";
import { PortalError } from "../../../../crypto/errors.ts";
import { makeTimestampQuery, parseTimestampQuery } from "../../../../crypto/timestamp-query.ts";
import type { Session } from "../session.ts";

/** Names beside tagmanifest-sha256.txt in the case file. */
export const stampNames = { query: "tagmanifest-sha256.txt.tsq", response: "tagmanifest-sha256.txt.tsr" } as const;

/** off: the portal has no authority; down: it does not answer; refused: it said no; none: its answer is no stamp. */
export const stampProblems = ["off", "down", "refused", "none"] as const;
export type StampProblem = (typeof stampProblems)[number];

export type Stamping =
  { is: "stamped"; query: Uint8Array; response: Uint8Array; time: Date } | { is: "unstamped"; why: StampProblem };

/**
 * Asks the portal's authority for a time stamp. `imprint`: SHA-256 of tagmanifest-sha256.txt.
 * @throws PortalError of the portal itself: "refused" (not counsel, signed out), "limited"
 */
export async function stampCaseFile(session: Session, imprint: Uint8Array, signal?: AbortSignal): Promise<Stamping> {
  const query = makeTimestampQuery(imprint);
  const call = { method: "POST", body: query, ...(signal === undefined ? {} : { signal }) } as const;
  let response: Uint8Array;
  try {
    response = await session.sendForBytes("/timestamps", call);
  } catch (error) {
    const why = toldOf(error);
    if (why === null) throw error;
    return { is: "unstamped", why };
  }
  try {
    return { is: "stamped", query, response, time: checkTimestamp(query, response) };
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    return { is: "unstamped", why: error.code === "refused" ? "refused" : "none" };
  }
}

/** What the portal says of its authority; null: nothing, the fault is another. */
function toldOf(error: unknown): StampProblem | null {
  const told = error instanceof PortalError ? error.cause : null;
  const said = typeof told === "object" && told !== null && "authority" in told ? told.authority : null;
  return stampProblems.find((each) => each === said) ?? null;
}

const oids = {
  signedData: "1.2.840.113549.1.7.2",
  stampInfo: "1.2.840.113549.1.9.16.1.4",
  sha256: "2.16.840.1.101.3.4.2.1",
};
/** RFC 3161, 2.4.2: granted, and granted with modifications. */
const granted = [0, 1];
const limits = { maxDepth: 40, maxNodes: 4000, maxContentLength: 64 * 1024, parseEmbedded: false };

/**
 * The time in an authority's answer to `query`. Its signature is not looked at.
 * @throws PortalError "format": no answer of an authority; "refused": it said no; "forged": about something else
 */
export function checkTimestamp(query: Uint8Array, response: Uint8Array): Date {
  const asked = parseTimestampQuery(query);
  const [status, token] = parts(parse(response), Sequence);
  if (!granted.includes(smallNumber(parts(status, Sequence)[0])))
    throw new PortalError("refused", "the authority did not grant the time stamp");
  const info = parts(parse(contentOf(token)), Sequence);
  const [, , imprint, , time] = info;
  const [algorithm, hash] = parts(imprint, Sequence);
  requireOid(parts(algorithm, Sequence)[0], oids.sha256);
  // Behind the time stand accuracy, a sequence, and ordering, a boolean; the nonce is the one whole number.
  const nonce = info.slice(5).find((each) => each instanceof Integer);
  if (!equal(bytesOf(hash, OctetString), asked.imprint)) throw new PortalError("forged", "a stamp of something else");
  if (nonce === undefined || !equal(bytesOf(nonce, Integer), asked.nonce))
    throw new PortalError("forged", "the answer to another question");
  if (!(time instanceof GeneralizedTime)) throw new PortalError("format", "no time in the time stamp");
  return time.toDate();
}

/** TSTInfo's bytes in a ContentInfo of SignedData. */
function contentOf(token: BaseBlock | undefined): Uint8Array {
  const [type, signed] = parts(token, Sequence);
  requireOid(type, oids.signedData);
  const [, , encapsulated] = parts(parts(signed, Constructed)[0], Sequence);
  const [infoType, info] = parts(encapsulated, Sequence);
  requireOid(infoType, oids.stampInfo);
  const [bytes] = parts(info, Constructed);
  if (!(bytes instanceof OctetString)) throw noStamp();
  return new Uint8Array(bytes.getValue());
}

const noStamp = (): PortalError => new PortalError("format", "no answer of a time-stamping authority");

function parse(bytes: Uint8Array): BaseBlock {
  try {
    const { offset, result } = fromBER(bytes.slice(), limits);
    if (offset === bytes.length) return result;
  } catch {
    // Of impossible times and the like the library throws errors of its own.
  }
  throw noStamp();
}

function parts(block: BaseBlock | undefined, kind: typeof Sequence | typeof Constructed): BaseBlock[] {
  if (!(block instanceof kind)) throw noStamp();
  return block.valueBlock.value;
}

function bytesOf(block: BaseBlock | undefined, kind: typeof OctetString | typeof Integer): Uint8Array {
  if (!(block instanceof kind)) throw noStamp();
  return block.valueBlock.valueHexView;
}

function smallNumber(block: BaseBlock | undefined): number {
  const [value, ...more] = bytesOf(block, Integer);
  if (value === undefined || more.length > 0) throw noStamp();
  return value;
}

function requireOid(block: BaseBlock | undefined, oid: string): void {
  if (!(block instanceof ObjectIdentifier) || block.valueBlock.toString() !== oid) throw noStamp();
}
