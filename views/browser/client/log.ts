/**
 * PROTOCOL.md §18: what a member's browser knows of the log. It takes only what goes on from what it was shown
 * before, and keeps what contradicts that, so that nobody can show another log once and go back.
 */
import { concat, fromBase64, fromUtf8, Reader, u16le, u8, utf8 } from "../../../crypto/bytes.ts";
import { openCheckpoint } from "../../../crypto/checkpoint.ts";
import { longestCheckpoint } from "../../../crypto/content.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { verifyInclusion, verifyConsistency, type TreeHead } from "../../../crypto/log-tree.ts";
import { leafOf, type LogEvent } from "../../../crypto/log.ts";
import type { RosterChain } from "../../../crypto/roster.ts";
import { base64Of, count, parseShape, textUpTo, z } from "../../../crypto/shape.ts";
import type { Session } from "./session.ts";

/** Signed notes, verified when they came; null: none yet. */
export interface LogMemory {
  /** The newest that goes on from all before. */
  known: string | null;
  /** The first that does not. */
  against: string | null;
}

export const nothingKnown: LogMemory = { known: null, against: null };

/**
 * "rewritten": the server showed a log that does not go on from what this browser knows, now or earlier.
 * "unproved": it showed no signed log, or no proof; nothing is known then.
 */
export type LogState = "holds" | "rewritten" | "unproved";

const version = 1;

/** For a device's own sealed record: u8(1) ‖ u16le length ‖ known ‖ u16le length ‖ against; none is of length 0. */
export function formatLogMemory({ known, against }: LogMemory): Uint8Array {
  const texts = [known, against].map((text) => utf8(text ?? ""));
  return concat(u8(version), ...texts.flatMap((text) => [u16le(text.length), text]));
}

/** @throws PortalError "format" */
export function parseLogMemory(bytes: Uint8Array): LogMemory {
  const reader = new Reader(bytes);
  if (reader.u8() !== version) throw new PortalError("format", "kept by another version");
  const [known, against] = [0, 1].map(() => fromUtf8(reader.take(reader.u16le())) || null);
  reader.end();
  return { known: known!, against: against! };
}

/** Of any log key that the charter ever signed for: what is remembered may be older than the newest. */
export function headOf(text: string, { portalId, rosters }: RosterChain): TreeHead {
  const keys = new Set(rosters.map(({ logKey }) => logKey));
  let failure: unknown = null;
  for (const key of [...keys].reverse())
    try {
      return openCheckpoint(text, portalId, fromBase64(key, 32));
    } catch (error) {
      failure = error;
    }
  throw failure;
}

/** By the log key that is in force. @throws PortalError "format" | "forged" */
export function currentHeadOf(text: string, { portalId, current }: RosterChain): TreeHead {
  return openCheckpoint(text, portalId, fromBase64(current.logKey, 32));
}

/** Two memories of one log, of two windows: the longer one counts, and what either found wrong. */
export function joinMemories(a: LogMemory, b: LogMemory, chain: RosterChain): LogMemory {
  if (a.known === null || b.known === null || a.known === b.known)
    return { known: a.known ?? b.known, against: a.against ?? b.against };
  const [ofA, ofB] = [headOf(a.known, chain), headOf(b.known, chain)];
  const longer = ofA.size >= ofB.size ? a : b;
  // Of the same size they would be the same: one of them is of another log.
  const other = ofA.size === ofB.size ? b.known : null;
  return { known: longer.known, against: a.against ?? b.against ?? other };
}

const hashesShape = z.array(base64Of(32));

/** Shows nothing for long: what is not to be had now is asked for with the next look. */
async function proofBetween(session: Session, from: number, to: number): Promise<Uint8Array[]> {
  const answer = await session.sendForJson(`/log/consistency?from=${from}&to=${to}`);
  return parseShape(hashesShape, answer, "consistency proof").map((hash) => fromBase64(hash, 32));
}

/** Asks for the newest checkpoint, and for the proof that it goes on from the one that is known. */
export async function lookAtLog(session: Session, memory: LogMemory): Promise<{ state: LogState; memory: LogMemory }> {
  if (memory.against !== null) return { state: "rewritten", memory };
  let text: string;
  let now: TreeHead;
  try {
    text = fromUtf8(await session.sendForBytes("/log/checkpoint"));
    now = currentHeadOf(text, session.chain);
  } catch (error) {
    return { state: unproved(error), memory };
  }
  if (memory.known === null) return { state: "holds", memory: { known: text, against: null } };
  const before = headOf(memory.known, session.chain);
  try {
    const asks = before.size > 0 && before.size < now.size;
    verifyConsistency(before, now, asks ? await proofBetween(session, before.size, now.size) : []);
    return { state: "holds", memory: { known: text, against: null } };
  } catch (error) {
    if (error instanceof PortalError && error.code === "forged")
      return { state: "rewritten", memory: { ...memory, against: text } };
    return { state: unproved(error), memory };
  }
}

/** Whatever the server says instead of a proof, it is none. */
function unproved(error: unknown): "unproved" {
  if (error instanceof PortalError) return "unproved";
  throw error;
}

const proofsShape = z.object({
  checkpoint: textUpTo(longestCheckpoint),
  proofs: z.array(z.nullable(z.object({ blinding: base64Of(32), index: count, path: hashesShape }))),
});

/** That one envelope stands in the log of a checkpoint. */
export interface EnvelopeProof {
  /** 32 bytes, with which its leaf follows from the envelope's hash. */
  blinding: Uint8Array;
  index: number;
  path: Uint8Array[];
}

export interface StreamProofs {
  /** Signed note. */
  checkpoint: string;
  head: TreeHead;
  /** One for each envelope, in order; null where its day is not closed yet, or its blinding was not kept. */
  proofs: (EnvelopeProof | null)[];
}

/**
 * What the server says of a stream, every proof of it verified. `events`: of its envelopes, from the first on. `size`:
 * leaves of an earlier checkpoint; null: the newest.
 * @throws PortalError "forged" when a proof does not hold, and as reading the stream does
 */
export async function fetchStreamProofs(
  session: Session,
  path: string,
  headers: Record<string, string>,
  events: readonly LogEvent[],
  size: number | null = null,
): Promise<StreamProofs> {
  const asks = `${path}/proofs${size === null ? "" : `?size=${size}`}`;
  const answer = parseShape(proofsShape, await session.sendForJson(asks, { headers }), "proofs");
  const head = currentHeadOf(answer.checkpoint, session.chain);
  if (answer.proofs.length < events.length) throw new PortalError("forged", "proofs of fewer envelopes");
  const proofs = events.map((event, i) => {
    const given = answer.proofs[i];
    if (given == null) return null;
    const proof = {
      blinding: fromBase64(given.blinding, 32),
      index: given.index,
      path: given.path.map((hash) => fromBase64(hash, 32)),
    };
    verifyInclusion(leafOf(event, proof.blinding), proof.index, proof.path, head);
    return proof;
  });
  return { checkpoint: answer.checkpoint, head, proofs };
}
