/**
 * Appending to a case's streams. Somebody else may write at the same moment; then the case is read again and the
 * same words are sealed for the next place, a bounded number of times.
 */
import { equal, toHex } from "../../../crypto/bytes.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { Place } from "../../../crypto/envelope/seal.ts";
import { formatEnvelopeWithSlots, type Envelope, type Stream } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import type { CaseKey, TeamKey } from "../../../crypto/keys.ts";
import type { Tip } from "../../../crypto/work-acts.ts";
import { declarationOf, openCase, streamPath, type OpenCase } from "./casework.ts";
import { caseToken, teamToken, type Desk } from "./held-cases.ts";

export const mostTries = 5;

/** @throws PortalError "forged": under a key that does not verify nothing is written */
export function keyToWrite({ caseKey }: OpenCase): CaseKey {
  if (caseKey === null) throw new PortalError("forged", "the case's newest key does not verify");
  return caseKey;
}

/** @throws PortalError "refused" where the team's stream is not open to this reader */
export const teamKeyOf = ({ team }: OpenCase): TeamKey => {
  if (team.state !== "open") throw new PortalError("refused", "the team's stream is not open");
  return team.key;
};

/** What the server asks for before it takes something for a stream. */
export const conversationTokenOf = (open: OpenCase): Record<string, string> => caseToken(keyToWrite(open));
export const teamTokenOf = (open: OpenCase): Record<string, string> => teamToken(teamKeyOf(open));

/** Something to be written: its envelope id stays the same however often it is tried. */
export interface Wish {
  stream: Stream;
  envId: Uint8Array;
  /** Null: it is not due any more. */
  seal(open: OpenCase): Envelope | null;
  /** Called with the case as it is before each try. @throws PortalError "conflict" */
  check?(open: OpenCase): void;
  headers(open: OpenCase): Record<string, string>;
}

const entriesOf = (open: OpenCase, stream: Stream): readonly Entry[] => {
  if (stream === 0) return open.entries;
  return open.team.state === "open" ? open.team.entries : [];
};

/** Where the next envelope of a stream goes, under the roster in force. */
export function nextPlace(desk: Desk, open: OpenCase, stream: Stream): Place {
  const { chain } = desk.session;
  const last = entriesOf(open, stream).at(-1);
  return {
    portalId: chain.portalId,
    caseId: open.caseId,
    roster: chain.current,
    seq: last === undefined ? 0 : last.seq + 1,
    prevHash: last?.hash ?? new Uint8Array(32),
    keyEpoch: stream === 0 ? open.keyEpoch : open.team.state === "open" ? open.team.keys.length - 1 : 0,
  };
}

export function tipOf(open: OpenCase): Tip {
  const { seq, hash } = open.entries.at(-1)!;
  return { seq, hash: toHex(hash) };
}

/** Posts once. "again": somebody else wrote first, or the roster changed and was fetched. */
export async function post(desk: Desk, open: OpenCase, wish: Wish): Promise<"stored" | "again"> {
  const path = streamPath(open.caseId, wish.stream);
  const envelope = wish.seal(open);
  if (envelope === null) return "stored";
  const body = formatEnvelopeWithSlots(envelope);
  try {
    const response = await desk.session.send(path, { method: "POST", headers: wish.headers(open), body });
    // A conflict over a place in the stream brings the winner's bytes; reading again verifies them.
    return response.ok ? "stored" : "again";
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    if (error.code === "superseded") await desk.session.refreshRosters();
    else if (error.code !== "conflict") throw error;
    return "again";
  }
}

/**
 * `renew`: makes what new keys are due, so that nothing is written that a former reader could still open.
 * @throws PortalError "conflict" when others were faster each time, or what `wish` checks does not hold any more;
 * "refused" after this member stepped back, in whatever browser
 */
export async function append(
  desk: Desk,
  caseId: string,
  wish: Wish,
  renew: (desk: Desk, open: OpenCase) => Promise<OpenCase>,
): Promise<OpenCase> {
  for (let tries = 0; tries < mostTries; tries++) {
    const open = await renew(desk, await openCase(desk, caseId));
    // Stored by an earlier try whose answer was lost.
    if (entriesOf(open, wish.stream).some((entry) => equal(entry.envId, wish.envId))) return open;
    if (declarationOf(open.team, desk.session.me.id)?.has === true)
      throw new PortalError("refused", "this member stepped back from the case");
    wish.check?.(open);
    if ((await post(desk, open, wish)) === "stored") return openCase(desk, caseId);
  }
  throw new PortalError("conflict", "others kept writing to this case");
}

export const authorOf = (desk: Desk): { id: number; secrets: Desk["session"]["secrets"] } => ({
  id: desk.session.me.id,
  secrets: desk.session.secrets,
});
