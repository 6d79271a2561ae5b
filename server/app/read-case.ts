/** What a console is told of cases, by token: a listing, and streams. */
import { concat, toHex } from "../../crypto/bytes.ts";
import { formatEnvelope, parseEnvelope, type Stream } from "../../crypto/envelope/wire.ts";
import { PortalError } from "../../crypto/errors.ts";
import { tokenHashOf } from "../../crypto/keys.ts";
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

/** One entry per token, null where it leads nowhere, "damaged" where what is stored does not open. */
export async function lookUpCases(context: Context, tokens: Uint8Array[]): Promise<(object | "damaged" | null)[]> {
  const hashes = tokens.map(tokenHashOf);
  const cases = await findCasesByToken(context, hashes);
  // A team token finds the same row; only the case token may ask for the listing.
  return cases.map((found, i) => {
    if (found === null || found === "damaged") return found;
    return found.state.caseTokenHash === toHex(hashes[i]!) ? listing(found) : null;
  });
}

/** Which tokens a request carried, as hashes. */
export interface Tokens {
  caseToken: Uint8Array | null;
  teamToken: Uint8Array | null;
}

/** @throws PortalError "missing" unless a token fits */
async function open(context: Context, caseId: Uint8Array, tokens: Tokens): Promise<LoadedCase> {
  if (tokens.caseToken !== null) return requireCase(context, caseId, tokens.caseToken);
  const found = await findCase(context, caseId);
  if (found === null || tokens.teamToken === null) throw new PortalError("missing", "no such case, or not yours");
  requireTeamToken(found, tokens.teamToken);
  return found;
}

/**
 * A stream from `from` on. The conversation asks for the case token; the team's stream for the
 * team token, but for its first envelope, which carries the team key and answers to the case token.
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
  const found = await open(context, caseId, wanted);
  let to = (stream === 0 ? found.state.conversation : found.state.team).length;
  if (stream === 1) {
    if (tokens.teamToken === null) to = Math.min(to, 1);
    else requireTeamToken(found, tokens.teamToken);
  }
  hold(streamBytes(found.state, stream));
  const envelopes = await readEnvelopes(context, found, stream, from, to);
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
  const found = await open(context, caseId, tokens);
  if (tokens.teamToken !== null) requireTeamToken(found, tokens.teamToken);
  const streams = [
    ...(tokens.caseToken === null ? [] : [0 as const]),
    ...(tokens.teamToken === null ? [] : [1 as const]),
  ];
  return findObject(context, found, envId, streams);
}
