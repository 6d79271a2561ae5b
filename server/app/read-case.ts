/** What a console is told of cases, by token: a listing, and streams. */
import { concat, toBase64, toHex } from "../../crypto/bytes.ts";
import { formatEnvelope, parseEnvelope, type Envelope, type Stream } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { tokenHashOf } from "../../crypto/keys.ts";
import { rosterByHash } from "../../crypto/roster.ts";
import { formatStreamAnswer } from "../../crypto/mailbox.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import {
  findCase,
  findCasesByToken,
  readEnvelopes,
  requireCase,
  requireTeamToken,
  streamBytes,
  type LoadedCase,
} from "./case-state.ts";
import type { Context } from "./context.ts";
import { findObject, type FoundObject, type Hold } from "./read-mailbox.ts";

function listing({ state }: LoadedCase): object {
  return {
    caseId: state.caseId,
    rosterHash: state.report.rosterHash,
    envId: state.report.envId,
    keyEpoch: state.report.keyEpoch,
    flags: state.report.flags,
    reportSummary: state.report.summary,
    summary: state.summary,
    receivedOn: textOfDay(state.receivedOn),
    phase: state.phase,
    hold: state.hold,
    remindOn: state.reminder.on === null ? null : textOfDay(state.reminder.on),
    second: state.reminder.second,
    deleteOn: state.deleteOn === null ? null : textOfDay(state.deleteOn),
    heardOn: state.heardOn === null ? null : textOfDay(state.heardOn),
    conversationLength: state.conversation.length,
    teamLength: state.team.length,
  };
}

/**
 * One entry per token, null where it leads nowhere, "damaged" where what is stored does not open, and "moved" with
 * the rekey that followed and the member's slot in it where the token's own key was replaced.
 */
export async function lookUpCases(
  context: Context,
  tokens: Uint8Array[],
  memberId: number,
): Promise<(object | "damaged" | null)[]> {
  const hashes = tokens.map(tokenHashOf);
  const answers: (object | "damaged" | null)[] = [];
  for (const [i, found] of (await findCasesByToken(context, hashes)).entries())
    answers.push(found === null || found === "damaged" ? found : await lookUpOne(context, found, hashes[i]!, memberId));
  return answers;
}

/** A team token finds the same row; only a case token may ask for the listing. */
async function lookUpOne(
  context: Context,
  found: LoadedCase,
  tokenHash: Uint8Array,
  memberId: number,
): Promise<object | "damaged" | null> {
  const hash = toHex(tokenHash);
  if (found.state.caseTokenHash === hash) return listing(found);
  const rekey = found.state.rekeys.find((each) => each.stream === 0 && each.tokenHash === hash);
  if (rekey === undefined) return null;
  const given = await orDamaged(keyAt(context, found, 0, rekey.seq, memberId));
  if (given === null || given === "damaged") return given;
  return { moved: { envelope: toBase64(formatEnvelope(given.envelope)), slot: given.slot } };
}

/**
 * The newest team key of each case, by case token: its header and this member's slot; null: none yet, not theirs, or
 * what is stored of it does not open.
 */
export async function readTeamKeys(
  context: Context,
  tokens: Uint8Array[],
  memberId: number,
): Promise<(object | null)[]> {
  const hashes = tokens.map(tokenHashOf);
  const cases = await findCasesByToken(context, hashes);
  const keys: (object | null)[] = [];
  for (const [i, found] of cases.entries()) {
    const theirs = found !== null && found !== "damaged" && found.state.caseTokenHash === toHex(hashes[i]!);
    const given =
      theirs && found.state.team.length > 0
        ? await orDamaged(keyAt(context, found, 1, found.state.teamKeySeq, memberId))
        : null;
    const { envelope, slot } = given === "damaged" || given === null ? { envelope: null, slot: "" } : given;
    keys.push(envelope === null ? null : { header: toBase64(envelope.headerBytes), slot });
  }
  return keys;
}

/** One case that is damaged hides no other. */
async function orDamaged<T>(key: Promise<T>): Promise<T | "damaged"> {
  try {
    return await key;
  } catch (error) {
    if (error instanceof PortalError) return "damaged";
    throw error;
  }
}

/** An envelope with a row, and this member's slot in it, base64. */
async function keyAt(
  context: Context,
  found: LoadedCase,
  stream: Stream,
  seq: number,
  memberId: number,
): Promise<{ envelope: Envelope; slot: string } | null> {
  const [bytes] = await readEnvelopes(context, found, stream, seq, seq + 1);
  if (bytes === undefined) throw new PortalError("forged", "a stored envelope is gone");
  const envelope = parseEnvelope(bytes);
  const { recipients } = rosterByHash(context.book.requireChain(), envelope.header.rosterHash);
  const slot = envelope.slots[recipients.findIndex(({ id }) => id === memberId)];
  return slot === undefined ? null : { envelope, slot: toBase64(slot) };
}

/** Which tokens a request carried, as hashes. */
export interface Tokens {
  caseToken: Uint8Array | null;
  teamToken: Uint8Array | null;
}

/** @throws PortalError "missing" unless a token fits */
export async function openByToken(context: Context, caseId: Uint8Array, tokens: Tokens): Promise<LoadedCase> {
  if (tokens.caseToken !== null) return requireCase(context, caseId, tokens.caseToken);
  const found = await findCase(context, caseId);
  if (found === null || tokens.teamToken === null) throw new PortalError("missing", "no such case, or not yours");
  requireTeamToken(found, tokens.teamToken);
  return found;
}

/**
 * A stream from `from` on. The conversation asks for the case token; the team's stream for the
 * team token, but for the envelope that carries its newest key, which answers to the case token.
 */
export async function readStream(
  context: Context,
  caseId: Uint8Array,
  stream: Stream,
  from: number,
  tokens: Tokens,
  hold: Hold = () => undefined,
): Promise<Uint8Array> {
  const wanted = stream === 0 ? { caseToken: tokens.caseToken, teamToken: null } : tokens;
  const found = await openByToken(context, caseId, wanted);
  let [first, to] = [from, (stream === 0 ? found.state.conversation : found.state.team).length];
  if (stream === 1) {
    if (tokens.teamToken !== null) requireTeamToken(found, tokens.teamToken);
    else if (to > 0) [first, to] = [found.state.teamKeySeq, found.state.teamKeySeq + 1];
  }
  hold(streamBytes(found.state, stream));
  const envelopes = await readEnvelopes(context, found, stream, first, to);
  return formatStreamAnswer(
    envelopes.map((bytes) => {
      const envelope = parseEnvelope(bytes);
      return { envelope: formatEnvelope(envelope), slots: concat(...envelope.slots) };
    }),
  );
}

/** An attachment object: of the conversation by case token, of the team's stream by team token. */
export async function findCaseObject(
  context: Context,
  caseId: Uint8Array,
  envId: Uint8Array,
  tokens: Tokens,
): Promise<FoundObject> {
  const found = await openByToken(context, caseId, tokens);
  if (tokens.teamToken !== null) requireTeamToken(found, tokens.teamToken);
  const streams = [
    ...(tokens.caseToken === null ? [] : [0 as const]),
    ...(tokens.teamToken === null ? [] : [1 as const]),
  ];
  return findObject(context, found, envId, streams);
}
