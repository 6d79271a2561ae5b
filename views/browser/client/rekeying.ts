/**
 * New keys for a case whose former readers must read nothing more: who declared a conflict, who left the list of
 * members, whose own keys were replaced. PROTOCOL.md §13; the first reader who opens the case makes them.
 */
import { toBase64 } from "../../../crypto/bytes.ts";
import { heirsOf } from "../../../crypto/envelope/heirs.ts";
import { generateEnvId } from "../../../crypto/envelope/seal.ts";
import { sealByMember } from "../../../crypto/envelope/seal-member.ts";
import type { Envelope } from "../../../crypto/envelope/wire.ts";
import { parseCaseKey, parseTeamKey } from "../../../crypto/keys.ts";
import type { Roster } from "../../../crypto/roster.ts";
import { randomBytes } from "../../../crypto/sodium.ts";
import { append, authorOf, conversationTokenOf, nextPlace, teamTokenOf, tipOf, type Wish } from "./appending.ts";
import { workOf } from "./case-work.ts";
import type { OpenCase } from "./casework.ts";
import { type Desk } from "./held-cases.ts";

/** Readers who said last that they have a conflict. */
const recusedIn = (open: OpenCase): number[] =>
  workOf(open).conflicts.flatMap(({ person, has }) => (has ? [person] : []));

/** Who keeps reading: of those who have the newest key, those still listed with the same keys and without a conflict. */
function staying(open: OpenCase, had: readonly number[], keyRoster: Roster, now: Roster): number[] {
  const recused = recusedIn(open);
  return heirsOf(had, keyRoster, now).filter((id) => !recused.includes(id));
}

const differ = (had: readonly number[], stay: readonly number[]): boolean => had.some((id) => !stay.includes(id));

/** Which of a case's keys somebody still has who must not. */
export function staleKeys(desk: Desk, open: OpenCase): { team: number[] | null; conversation: number[] | null } {
  const now = desk.session.chain.current;
  const { team, readers, keyRoster } = open;
  if (open.caseKey === null) return { team: null, conversation: null };
  const own = desk.session.me.id;
  const due = (had: readonly number[], givenUnder: Roster): number[] | null => {
    const stay = staying(open, had, givenUnder, now);
    return differ(had, stay) && stay.includes(own) ? stay : null;
  };
  return {
    team: team.state === "open" ? due(team.audience, team.keyRoster) : null,
    // Also where the notes are closed to this reader: who left the list of members reads nothing more.
    conversation: due(readers, keyRoster),
  };
}

/** No new key is due. */
export function isUpToDate(desk: Desk, open: OpenCase): boolean {
  const { team, conversation } = staleKeys(desk, open);
  return team === null && conversation === null;
}

/**
 * Makes what new keys the case needs: the team's first, so that a former reader's way to it is closed before the
 * conversation's next key tells them that there is one. Twice, or by two readers at once, does no harm.
 * @throws PortalError as writing does
 */
export async function renewKeys(desk: Desk, open: OpenCase): Promise<OpenCase> {
  const { caseId } = open.listing;
  let now = open;
  if (staleKeys(desk, now).team !== null) now = await append(desk, caseId, teamRekey(desk), asItIs);
  if (staleKeys(desk, now).conversation !== null) now = await append(desk, caseId, caseRekey(desk), asItIs);
  return now;
}

const asItIs = (_desk: Desk, open: OpenCase): Promise<OpenCase> => Promise.resolve(open);

function teamRekey(desk: Desk): Wish {
  const key = parseTeamKey(randomBytes(32));
  const envId = generateEnvId();
  const seal = (open: OpenCase): Envelope | null => {
    const audience = staleKeys(desk, open).team;
    if (audience === null || open.team.state !== "open") return null; // somebody else made it meanwhile
    const place = nextPlace(desk, open, 1);
    const content = { previous: toBase64(open.team.key), audience, conversation: tipOf(open) };
    return sealByMember({
      kind: "teamrekey",
      place: { ...place, keyEpoch: place.keyEpoch + 1 },
      key,
      envId,
      author: authorOf(desk),
      content,
      readers: audience,
      object: null,
    });
  };
  return { stream: 1, envId, seal, headers: teamTokenOf };
}

function caseRekey(desk: Desk): Wish {
  const key = parseCaseKey(randomBytes(32));
  const envId = generateEnvId();
  const seal = (open: OpenCase): Envelope | null => {
    const readers = staleKeys(desk, open).conversation;
    if (readers === null || open.caseKey === null) return null;
    const place = nextPlace(desk, open, 0);
    const content = { previous: toBase64(open.caseKey), readers };
    return sealByMember({
      kind: "rekey",
      place: { ...place, keyEpoch: place.keyEpoch + 1 },
      key,
      envId,
      author: authorOf(desk),
      content,
      readers,
      object: null,
      mailbox: open.mailbox,
    });
  };
  return { stream: 0, envId, seal, headers: conversationTokenOf };
}

/** Readers left out of the newest keys, of the conversation or of the notes, although they are listed and declared no conflict: nobody can say why. */
export function leftOutWithoutReason(desk: Desk, open: OpenCase): number[] {
  const now = desk.session.chain.current;
  const recused = recusedIn(open);
  const first = open.report.content.readers;
  const rosterOfReport = desk.session.chain.rosters.find(({ epoch }) => epoch === open.report.epoch);
  if (rosterOfReport === undefined) return [];
  const { team } = open;
  const has = (id: number): boolean =>
    open.readers.includes(id) && (team.state !== "open" || team.audience.includes(id));
  return heirsOf(first, rosterOfReport, now).filter((id) => !has(id) && !recused.includes(id));
}

/** Who reads what comes next in a case: its readers that are still listed with the same keys and have no conflict. */
export const readersToCome = (desk: Desk, open: OpenCase): number[] =>
  staying(open, open.readers, open.keyRoster, desk.session.chain.current);

/** Whether this member may step back: somebody else must be left who reads it. */
export function othersRead(desk: Desk, open: OpenCase): boolean {
  return readersToCome(desk, open).some((id) => id !== desk.session.me.id);
}
