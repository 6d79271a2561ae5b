/**
 * One case of a reader, opened and verified. Keys stay in the objects of this file; what a page may see is made by
 * case-view.ts.
 */
import { fromHex, toHex } from "../../../crypto/bytes.ts";
import type { ActName, ActOf } from "../../../crypto/team-content.ts";
import { openConversation, openOwnSlot, type Entry, type EntryOf } from "../../../crypto/envelope/open.ts";
import { openTeamSlot, openTeamStream } from "../../../crypto/envelope/open-team.ts";
import { parseEnvelope, type Stream } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import type { CaseKey, TeamKey } from "../../../crypto/keys.ts";
import { parseStreamAnswer } from "../../../crypto/mailbox.ts";
import type { Roster, RosterChain } from "../../../crypto/roster.ts";
import type { MailboxKeys } from "../../../crypto/slot.ts";
import type { TeamSummary } from "../../../crypto/team-summary.ts";
import type { Tip } from "../../../crypto/work-acts.ts";
import {
  caseToken,
  isUntrue,
  knowRoster,
  lookUp,
  newestKey,
  teamToken,
  type Desk,
  type Held,
  type Lookup,
} from "./held-cases.ts";
import { listingOf, tryTeamSummary, type CaseListing } from "./listing.ts";

function findCase(desk: Desk, caseId: string): { held: Held; lookup: Lookup } {
  const found = desk.cases.get(caseId);
  if (found === undefined) throw new PortalError("missing", "no such case on this desk");
  return found;
}

/** The team's stream: not begun, open to this reader, closed to them, or not to be trusted. */
export type Team =
  | { state: "none" }
  | {
      state: "open";
      /** The newest. */
      key: TeamKey;
      /** By epoch. */
      keys: readonly TeamKey[];
      entries: Entry[];
      /** Who has the newest key, by person id, and the roster under which it was given out. */
      audience: readonly number[];
      keyRoster: Roster;
    }
  | { state: "notMine" }
  | { state: "damaged" };

/** A case, read and verified. Holds keys: for workers only. */
export interface OpenCase {
  listing: CaseListing;
  held: Held;
  lookup: Lookup;
  caseId: Uint8Array;
  /** The reporter's, for new keys. */
  mailbox: MailboxKeys;
  /** The newest; null where a new one was not given to this member, or does not verify: nothing is written then. */
  caseKey: CaseKey | null;
  keyEpoch: number;
  /** The roster under which the newest case key was given out. */
  keyRoster: Roster;
  report: EntryOf<"report">;
  /** The conversation from the report on. */
  entries: Entry[];
  /** Who reads what comes next. */
  readers: readonly number[];
  team: Team;
  /** What the readers' newest summary says; null: none yet, or none that opens. */
  summary: TeamSummary | null;
  /** It was sealed under keys that were replaced: lists, which have the newest only, cannot open it. */
  summaryIsOld: boolean;
  /** A note says that the conversation was longer or other than what the server shows now. */
  tailHidden: boolean;
}

export const streamPath = (caseId: Uint8Array, stream: Stream): string => `/cases/${toHex(caseId)}/streams/${stream}`;

/**
 * Fetches and verifies a case's two streams. The team's is fetched first: what its notes say of
 * the conversation must then be in the conversation that comes after it.
 * @throws PortalError "missing" | "forged" | "format"
 */
export async function openCase(desk: Desk, caseId: string): Promise<OpenCase> {
  for (let tries = 1; ; tries++) {
    try {
      return await readCase(desk, caseId);
    } catch (error) {
      // Somebody made new keys between one request and the next: looked up again, the case leads on to them.
      if (!(error instanceof PortalError) || error.code !== "conflict" || tries === mostTries) throw error;
    }
  }
}

const mostTries = 5;

async function readCase(desk: Desk, caseId: string): Promise<OpenCase> {
  const { held } = findCase(desk, caseId);
  const lookup = (await lookUp(desk, [held]))[0];
  if (lookup === "damaged") throw new PortalError("forged", "what is stored of the case does not open");
  // This member may have given it up while it was looked up.
  const isHeld = desk.held.includes(held);
  if (lookup === null || lookup === undefined || lookup === "withdrawn" || lookup.caseId !== caseId || !isHeld)
    throw new PortalError("missing", "the case is gone");
  desk.cases.set(caseId, { held, lookup });
  const id = fromHex(caseId, 32);
  const token = caseToken(newestKey(held));
  const rawTeam = lookup.teamLength === 0 ? null : await fetchTeam(desk, id, token);
  const raw = await fetchStream(desk, id, 0, token);
  await knowRosters(desk, raw);
  const { chain, me, secrets } = desk.session;
  const conversation = openConversation(raw, chain, id, held.caseKeys[0]!, "mark", (rekey, roster) =>
    openOwnSlot(rekey, roster, me.id, secrets),
  );
  const { report, entries, readers, keys, keyRoster } = conversation;
  const { mailboxSign: sign, mailboxKem: kem } = parseEnvelope(raw[0]!).header.report!;
  const mailbox = { sign, kem };
  const team = openTeam(chain, id, rawTeam, report);
  held.team = team.state === "open" ? team.key : null;
  held.readers = report.content.readers;
  const declared = declarationOf(team, me.id);
  // Where nothing stands in the stream, what they said to this device is all there is.
  if (declared !== null) held.cleared = !declared.has;
  else if (mayDeclare(team)) held.cleared = held.cleared === true;
  const said = team.state === "open" ? tryTeamSummary(desk, held, lookup, team.keys) : null;
  const summary = said?.summary ?? null;
  const damaged = team.state === "damaged" || (team.state === "open" && lookup.summary !== null && summary === null);
  const listed = listingOf({ held, lookup, summary, damaged }, me.id);
  // The summary is written after the act and may lag behind it: here the act itself is at hand.
  const listing = { ...listed, phase: newestStatus(team)?.phase ?? listed.phase };
  return {
    listing,
    held,
    lookup,
    mailbox,
    caseId: id,
    caseKey: keys.at(-1) ?? null,
    keyEpoch: keys.length - 1,
    keyRoster,
    report,
    entries,
    readers,
    team,
    summary,
    summaryIsOld: said?.isOld ?? false,
    tailHidden: hidesTail(entries, team),
  };
}

/** Whether a member's word about a conflict can stand in the team's stream. */
export const mayDeclare = ({ state }: Team): boolean => state === "open" || state === "none";

/** What a member said last of a conflict in this case; null: nothing. */
export function declarationOf(team: Team, member: number): ActOf<"conflict"> | null {
  return actsOf(team, "conflict").findLast(({ author }) => author === member)?.content ?? null;
}

/** Envelopes with their slots, as the server has them. */
export async function fetchStream(
  desk: Desk,
  id: Uint8Array,
  stream: Stream,
  headers: Record<string, string>,
): Promise<Uint8Array[]> {
  return parseStreamAnswer(await desk.session.sendForBytes(streamPath(id, stream), { headers }));
}

/** The team's stream as it is stored, with its newest key; null: not given to this member. */
export interface RawTeam {
  key: TeamKey | null;
  raw: Uint8Array[];
}

/**
 * With the case's token the server shows the envelope of the newest team key only; its slot opens the rest. "damaged":
 * whatever is wrong with it, the conversation can be read.
 */
async function fetchTeam(desk: Desk, id: Uint8Array, token: Record<string, string>): Promise<RawTeam | "damaged"> {
  try {
    const [newest] = await fetchStream(desk, id, 1, token);
    if (newest === undefined) return "damaged";
    await knowRosters(desk, [newest]);
    const { chain, me, secrets } = desk.session;
    const key = openTeamSlot(parseEnvelope(newest), chain, me.id, secrets);
    const raw = key === null ? [newest] : await fetchStream(desk, id, 1, teamToken(key));
    await knowRosters(desk, raw);
    return { key, raw };
  } catch (error) {
    if (error instanceof PortalError && (isUntrue(error) || error.code === "missing")) return "damaged";
    throw error;
  }
}

/** An envelope under a roster newer than ours: fetch the rosters before judging it. */
async function knowRosters(desk: Desk, raw: readonly Uint8Array[]): Promise<void> {
  for (const bytes of raw) await knowRoster(desk, parseEnvelope(bytes).header.rosterHash);
}

/** A team key made for the wrong people, or notes that do not verify, are refused as a whole. */
export function openTeam(
  chain: RosterChain,
  id: Uint8Array,
  raw: RawTeam | "damaged" | null,
  report: EntryOf<"report">,
): Team {
  if (raw === null) return { state: "none" };
  if (raw === "damaged") return { state: "damaged" };
  if (raw.key === null) return { state: "notMine" };
  try {
    return { state: "open", key: raw.key, ...openTeamStream(raw.raw, chain, id, raw.key, report, "mark") };
  } catch (error) {
    if (error instanceof PortalError && isUntrue(error)) return { state: "damaged" };
    throw error;
  }
}

const tipOfEntry = (entry: Entry): Tip | null => ("conversation" in entry.content ? entry.content.conversation : null);

/** Whether a note names a longer or another conversation than this one. */
export function hidesTail(entries: readonly Entry[], team: Team): boolean {
  if (team.state !== "open") return false;
  return team.entries.some((entry) => {
    const tip = tipOfEntry(entry);
    const said = tip === null ? undefined : entries[tip.seq];
    return tip !== null && (said === undefined || toHex(said.hash) !== tip.hash);
  });
}

/** All acts of one name, oldest first, with who did them. */
export function actsOf<Name extends ActName>(
  team: Team,
  name: Name,
): { author: number; seq: number; content: ActOf<Name> }[] {
  if (team.state !== "open") return [];
  return team.entries.flatMap((entry) =>
    entry.kind === "act" && entry.content.act === name
      ? [{ author: entry.author!, seq: entry.seq, content: entry.content as ActOf<Name> }]
      : [],
  );
}

/** The newest decision about the case's status, as the readers signed it. */
export function newestStatus(team: Team): ActOf<"status"> | null {
  return actsOf(team, "status").at(-1)?.content ?? null;
}
