/** That a case's envelopes stand in the portal's log, every proof verified: what a case file shows to outsiders. */
import { PortalError } from "../../../crypto/errors.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { LogEvent } from "../../../crypto/log.ts";
import { streamPath, type OpenCase } from "./casework.ts";
import { caseToken, newestKey, teamToken, type Desk } from "./held-cases.ts";
import { fetchStreamProofs, type StreamProofs } from "./log.ts";

export interface CaseProofs {
  conversation: StreamProofs;
  /** In the same checkpoint; null where there is no team's stream, or it is closed to this member. */
  team: StreamProofs | null;
}

const mostTries = 3;

const eventsOf = (entries: readonly Entry[]): LogEvent[] =>
  entries.map(({ kind, hash }) => ({ name: kind === "report" ? "filed" : "appended", envelopeHash: hash }));

/**
 * Proofs of what an open case holds, both streams in one checkpoint: the newest, or that of `size` leaves.
 * @throws PortalError "forged" when a proof does not hold; "missing" | "conflict" as reading the case does
 */
export async function fetchCaseProofs(
  { session }: Desk,
  open: OpenCase,
  size: number | null = null,
): Promise<CaseProofs> {
  const { caseId, entries, team } = open;
  const ask = (stream: 0 | 1, headers: Record<string, string>, all: readonly Entry[]): Promise<StreamProofs> =>
    fetchStreamProofs(session, streamPath(caseId, stream), headers, eventsOf(all), size);
  for (let tries = 0; tries < mostTries; tries++) {
    const conversation = await ask(0, caseToken(newestKey(open.held)), entries);
    if (team.state !== "open") return { conversation, team: null };
    const ofTeam = await ask(1, teamToken(team.key), team.entries);
    // A day that ended between the two made the log longer: asked again, it is the same for both.
    if (ofTeam.checkpoint === conversation.checkpoint) return { conversation, team: ofTeam };
  }
  throw new PortalError("busy", "the log does not come to rest");
}
