/** Who holds a case's token shows with these proofs that its envelopes stand in the log. PROTOCOL.md §18. */
import { fromHex } from "../../crypto/bytes.ts";
import { envelopeHashOf, parseEnvelope, type Stream } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { leafOf } from "../../crypto/log.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { formatLogAnswer } from "../../crypto/log-answer.ts";
import { findCase, readStored, streamBytes, type LoadedCase, type Stored } from "./case-state.ts";
import type { Context } from "./context.ts";
import { readDecoy } from "./decoy-case.ts";
import { placesIn, proveConsistency, proveLeaves, type Place } from "./log.ts";
import { openByToken, type Tokens } from "./read-case.ts";
import type { Hold } from "./read-mailbox.ts";

/** That one envelope stands in the log: with the blinding its leaf follows from the envelope's hash. */
export interface EnvelopeProof extends Place {
  blinding: Uint8Array;
}

export interface StreamProofs {
  checkpoint: string;
  /** In the stream's order; null where the day is not closed yet, or the blinding was not kept. */
  proofs: (EnvelopeProof | null)[];
}

function blindingOf({ state }: LoadedCase, stream: Stream, seq: number, { blinding }: Stored): Uint8Array | null {
  return stream === 0 && seq === 0 ? fromHex(state.blinding) : blinding;
}

function leafIn(stream: Stream, seq: number, { envelope }: Stored, blinding: Uint8Array): Uint8Array {
  const name = stream === 0 && seq === 0 ? "filed" : "appended";
  return leafOf({ name, envelopeHash: envelopeHashOf(parseEnvelope(envelope)) }, blinding);
}

/**
 * Of a stream from `from` on, in the newest checkpoint or that of `at` leaves: the conversation's by case token, the team's by team token and no other.
 * @throws PortalError "missing" | "conflict" as reading does
 */
export async function proveStream(
  context: Context,
  caseId: Uint8Array,
  stream: Stream,
  from: number,
  tokens: Tokens,
  at: number | null,
  hold: Hold = () => undefined,
): Promise<StreamProofs> {
  const found = await openByToken(context, caseId, { ...tokens, [stream === 0 ? "teamToken" : "caseToken"]: null });
  hold(streamBytes(found.state, stream));
  const { length } = stream === 0 ? found.state.conversation : found.state.team;
  const blindings: (Uint8Array | null)[] = [];
  const leaves: (Uint8Array | null)[] = [];
  let seq = from;
  for await (const stored of readStored(context, found, stream, from, length)) {
    const blinding = blindingOf(found, stream, seq, stored);
    blindings.push(blinding);
    leaves.push(blinding === null ? null : leafIn(stream, seq, stored, blinding));
    seq += 1;
  }
  const { checkpoint, places } = await proveLeaves(context, leaves, at);
  return {
    checkpoint,
    proofs: places.map((place, i) => (place === null ? null : { ...place, blinding: blindings[i]! })),
  };
}

/**
 * What a mailbox is told of the log: its newest checkpoint, that this goes on from `since` leaves, and where the
 * filing stands. A code that nobody filed with gets an answer of the same length, after the same work.
 * @throws PortalError "format" when no checkpoint is of `since` leaves
 */
export async function readMailboxLog(context: Context, caseId: Uint8Array, since: number): Promise<Uint8Array> {
  const found = await findCase(context, caseId);
  const leaf = found === null ? await decoyLeaf(context, caseId) : await filedLeaf(context, found);
  const { size, checkpoint, places } = await proveLeaves(context, [leaf]);
  const place = places[0] ?? null;
  // Of no leaf that was found too, so that the time does not tell.
  if (place === null && size > 0) await placesIn(context.store, size, [0]);
  // Who remembers a longer log sees by the checkpoint that this one is shorter.
  const consistency = await proveConsistency(context, Math.min(since, size), size);
  return formatLogAnswer({ checkpoint, consistency, place });
}

async function filedLeaf(context: Context, found: LoadedCase): Promise<Uint8Array> {
  for await (const stored of readStored(context, found, 0, 0, 1))
    return leafIn(0, 0, stored, fromHex(found.state.blinding));
  throw new PortalError("forged", "a stored envelope is gone");
}

async function decoyLeaf(context: Context, caseId: Uint8Array): Promise<Uint8Array> {
  await readDecoy(context, caseId);
  return randomBytes(32);
}
