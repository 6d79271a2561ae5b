/**
 * A reader's cases: which ones there are, and one of them opened and verified. Keys stay in the
 * objects of this file; what a page may see is made by case-view.ts.
 */
import { fromBase64, fromHex, toBase64Url, toHex } from "../../../crypto/bytes.ts";
import { phases, type Phase } from "../../../crypto/content.ts";
import type { ActName, ActOf, Tip } from "../../../crypto/team-content.ts";
import { openConversation, type Entry, type EntryOf } from "../../../crypto/envelope/open.ts";
import { openTeamSlot, openTeamStream } from "../../../crypto/envelope/open-team.ts";
import { flagAssisted, flagUrgent, kinds, parseEnvelope, type Stream } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { checkFeedItem, openFeedItem, parseFeedPage, type FeedItem } from "../../../crypto/feed.ts";
import { tokenOf, type CaseKey, type TeamKey } from "../../../crypto/keys.ts";
import { parseStreamAnswer } from "../../../crypto/mailbox.ts";
import { count, dayText, hexOf, parseShape, z } from "../../../crypto/shape.ts";
import { openReportSummary, openTeamSummary, type ReportSummary, type TeamSummary } from "../../../crypto/summary.ts";
import { caseName } from "../../../crypto/words.ts";
import type { Session } from "./session.ts";

const mostTokens = 500; // per lookup, as the server allows
const atOnce = 6; // requests: what a browser opens to one host

const caseShape = z.object({
  caseId: hexOf(32),
  rosterHash: hexOf(32),
  envId: hexOf(16),
  keyEpoch: count,
  receivedOn: dayText,
  phase: z.enum(phases),
  hold: z.boolean(),
  /** The server's one date of what is due, and who is told when it has passed. */
  remindOn: z.nullable(dayText),
  second: z.nullable(count),
  deleteOn: z.nullable(dayText),
  heardOn: z.nullable(dayText),
  flags: count,
  /** base64, 552 bytes. */
  reportSummary: z.string(),
  summary: z.nullable(z.object({ version: count, bytes: z.string() })),
  conversationLength: count,
  teamLength: count,
});
/** Null: the token leads nowhere. "damaged": what the server has of it does not open. */
const lookupShape = z.nullable(z.union([caseShape, z.literal("damaged")]));
/** What the server says of a case to who holds its token; nothing in it is believed unchecked. */
export type Lookup = z.infer<typeof caseShape>;

/** A case as the list shows it. */
export interface CaseListing {
  /** Hex. */
  caseId: string;
  name: string;
  reportSummary: ReportSummary;
  /** Null until somebody of the team wrote one. */
  teamSummary: TeamSummary | null;
  phase: Phase;
  /** YYYY-MM-DD */
  receivedOn: string;
  hold: boolean;
  /** YYYY-MM-DD; null: nothing is due, or nobody worked it out yet. */
  remindOn: string | null;
  /** YYYY-MM-DD on which it is deleted by itself. */
  deleteOn: string | null;
  /** YYYY-MM-DD on which the reporter wrote last after the report, as the server says. */
  heardOn: string | null;
  /** The reporter asked for haste; knowingly visible to the server. */
  urgent: boolean;
  /** Sent without JavaScript: the server saw it while it came in. */
  assisted: boolean;
  conversationLength: number;
  teamLength: number;
  /** Envelopes of the conversation that the team has not dealt with. */
  unread: number;
  /** The team's key or summary does not verify; the conversation still can be read. */
  teamDamaged: boolean;
}

interface Held {
  item: FeedItem;
  caseKey: CaseKey;
  /** Verified once per session: envelopes never change. */
  team: { key: TeamKey; readers: readonly number[] } | null;
}

/** What a signed-in reader's device knows. Forgotten with the session. */
export interface Desk {
  session: Session;
  /** The feed's tick to ask after next. */
  tick: number;
  held: Held[];
  /** By case id, hex. */
  cases: Map<string, { held: Held; lookup: Lookup }>;
  /** Feed items that led to a case which they were not made for, or which does not open. */
  damaged: number;
}

export function newDesk(session: Session): Desk {
  return { session, tick: 0, held: [], cases: new Map(), damaged: 0 };
}

/** Reads the feed from where it was left, and keeps the keys of the items that are for this member. */
export async function syncFeed(desk: Desk, progress: (items: number) => void = () => {}): Promise<void> {
  let items = 0;
  for (;;) {
    const page = parseFeedPage(await desk.session.sendForBytes(`/feed?after=${desk.tick}`));
    for (const item of page.items) {
      const caseKey = openFeedItem(item, desk.session.secrets);
      if (caseKey !== null) desk.held.push({ item, caseKey, team: null });
      items += 1;
      // Opening takes half a millisecond: let messages and timers through now and then.
      if (items % 200 === 0) await pause();
    }
    progress(items);
    if (page.newestTick <= desk.tick) return;
    desk.tick = page.newestTick;
  }
}

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

async function lookUp(desk: Desk, held: readonly Held[]): Promise<(Lookup | "damaged" | null)[]> {
  const body = new Uint8Array(32 * held.length);
  held.forEach(({ caseKey }, i) => body.set(tokenOf(caseKey), 32 * i));
  const answer = await desk.session.sendForJson("/cases/lookup", { method: "POST", body });
  const found = parseShape(z.array(lookupShape), answer, "lookup");
  if (found.length !== held.length) throw new PortalError("format", "lookup answered for other cases");
  return found;
}

/** The item must have been made for this case and this member; an unknown roster is asked for once. */
async function checkItem(desk: Desk, { item }: Held, lookup: Lookup): Promise<void> {
  const rosterHash = fromHex(lookup.rosterHash, 32);
  if (!desk.session.chain.rosters.some((roster) => toHex(roster.hash) === lookup.rosterHash))
    await desk.session.refreshRosters();
  const { chain, me } = desk.session;
  const of = { portalId: chain.portalId, rosterHash, caseId: fromHex(lookup.caseId), envId: fromHex(lookup.envId) };
  checkFeedItem(item, { ...of, kind: kinds.report, keyEpoch: lookup.keyEpoch }, chain, me.id);
}

/**
 * The cases that the keys so far lead to: newest day first, urgent ones first within it. Cases
 * that were shredded are gone; an item that does not verify is counted in `desk.damaged` and
 * hides no other case.
 */
export async function listCases(desk: Desk): Promise<CaseListing[]> {
  const cases: Desk["cases"] = new Map();
  desk.damaged = 0;
  for (let at = 0; at < desk.held.length; at += mostTokens) {
    const held = desk.held.slice(at, at + mostTokens);
    for (const [i, lookup] of (await lookUp(desk, held)).entries()) {
      if (lookup === null) continue;
      if (lookup === "damaged") {
        desk.damaged += 1;
        continue;
      }
      try {
        await checkItem(desk, held[i]!, lookup);
        cases.set(lookup.caseId, { held: held[i]!, lookup });
      } catch (error) {
        if (!(error instanceof PortalError) || error.code !== "forged") throw error;
        desk.damaged += 1;
      }
    }
  }
  desk.cases = cases;
  const listings = await inParallel([...cases.keys()], (caseId) => listCase(desk, caseId));
  return listings.sort(
    (a, b) =>
      b.receivedOn.localeCompare(a.receivedOn) || Number(b.urgent) - Number(a.urgent) || a.name.localeCompare(b.name),
  );
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return results;
}

/** One case for the list. Its team key is fetched the first time that it has a team summary. */
async function listCase(desk: Desk, caseId: string): Promise<CaseListing> {
  const { held, lookup } = findCase(desk, caseId);
  if (lookup.summary === null) return listingOf(held, lookup, null);
  try {
    if (held.team === null) return (await openCase(desk, caseId)).listing;
    return listingOf(held, lookup, readTeamSummary(desk, held, lookup));
  } catch (error) {
    if (!(error instanceof PortalError) || (error.code !== "forged" && error.code !== "format")) throw error;
    return { ...listingOf(held, lookup, null), teamDamaged: true };
  }
}

/** Null: none written yet, or no team key for this member. @throws PortalError "forged" */
function readTeamSummary(desk: Desk, { team }: Held, lookup: Lookup): TeamSummary | null {
  if (team === null || lookup.summary === null) return null;
  const { version, bytes } = lookup.summary;
  const { chain } = desk.session;
  const of = { portalId: chain.portalId, caseId: fromHex(lookup.caseId), teamKey: team.key };
  // A reader who left may have written it: any roster of the chain that lists them will do.
  const roster = { ...chain.current, members: membersEver(desk) };
  const { writer: _, ...summary } = openTeamSummary(fromBase64(bytes), version, roster, team.readers, of);
  return summary;
}

/** Person ids are permanent; the newest entry of each counts. */
function membersEver(desk: Desk): Desk["session"]["chain"]["current"]["members"] {
  const byId = new Map(desk.session.chain.rosters.flatMap((roster) => roster.members).map((each) => [each.id, each]));
  return [...byId.values()];
}

function listingOf({ caseKey }: Held, lookup: Lookup, teamSummary: TeamSummary | null): CaseListing {
  const caseId = fromHex(lookup.caseId, 32);
  const { phase, receivedOn, hold, remindOn, deleteOn, heardOn, flags, conversationLength, teamLength } = lookup;
  return {
    caseId: lookup.caseId,
    name: caseName(caseId),
    reportSummary: openReportSummary(fromBase64(lookup.reportSummary), caseKey, caseId),
    teamSummary,
    // What a reader signed counts more than what the server says.
    phase: teamSummary?.phase ?? phase,
    receivedOn,
    hold,
    remindOn,
    deleteOn,
    heardOn,
    urgent: (flags & flagUrgent) !== 0,
    assisted: (flags & flagAssisted) !== 0,
    conversationLength,
    teamLength,
    unread: Math.max(0, conversationLength - (teamSummary === null ? 0 : teamSummary.seen + 1)),
    teamDamaged: false,
  };
}

function findCase(desk: Desk, caseId: string): { held: Held; lookup: Lookup } {
  const found = desk.cases.get(caseId);
  if (found === undefined) throw new PortalError("missing", "no such case on this desk");
  return found;
}

/** The team's stream: not begun, open to this reader, closed to them, or not to be trusted. */
export type Team =
  { state: "none" } | { state: "open"; key: TeamKey; entries: Entry[] } | { state: "notMine" } | { state: "damaged" };

/** A case, read and verified. Holds keys: for workers only. */
export interface OpenCase {
  listing: CaseListing;
  lookup: Lookup;
  caseId: Uint8Array;
  caseKey: CaseKey;
  report: EntryOf<"report">;
  /** The conversation from the report on. */
  entries: Entry[];
  readers: readonly number[];
  team: Team;
  /** A note says that the conversation was longer or other than what the server shows now. */
  tailHidden: boolean;
}

export const streamPath = (caseId: Uint8Array, stream: Stream): string => `/cases/${toHex(caseId)}/streams/${stream}`;
export const caseToken = (key: CaseKey): Record<string, string> => ({ "x-case-token": toBase64Url(tokenOf(key)) });
export const teamToken = (key: TeamKey): Record<string, string> => ({ "x-team-token": toBase64Url(tokenOf(key)) });

/**
 * Fetches and verifies a case's two streams. The team's is fetched first: what its notes say of
 * the conversation must then be in the conversation that comes after it.
 * @throws PortalError "missing" | "forged" | "format"
 */
export async function openCase(desk: Desk, caseId: string): Promise<OpenCase> {
  const { held } = findCase(desk, caseId);
  const lookup = (await lookUp(desk, [held]))[0];
  if (lookup === "damaged") throw new PortalError("forged", "what is stored of the case does not open");
  if (lookup === null || lookup === undefined || lookup.caseId !== caseId)
    throw new PortalError("missing", "the case is gone");
  desk.cases.set(caseId, { held, lookup });
  const id = fromHex(caseId, 32);
  const rawTeam = lookup.teamLength === 0 ? null : await fetchTeam(desk, id, held.caseKey);
  const raw = await fetchStream(desk, id, 0, caseToken(held.caseKey));
  await knowRosters(desk, [...raw, ...(rawTeam?.raw ?? [])]);
  const { report, entries, readers } = openConversation(raw, desk.session.chain, id, held.caseKey, "mark");
  const team = openTeam(desk, id, rawTeam, report);
  held.team = team.state === "open" ? { key: team.key, readers } : null;
  const { summary, damaged } = tryTeamSummary(desk, held, lookup);
  const listed = listingOf(held, lookup, summary);
  // The summary is written after the act and may lag behind it: here the act itself is at hand.
  const phase = newestStatus(team)?.phase ?? listed.phase;
  const listing = { ...listed, phase, teamDamaged: damaged || team.state === "damaged" };
  const { caseKey } = held;
  return { listing, lookup, caseId: id, caseKey, report, entries, readers, team, tailHidden: hidesTail(entries, team) };
}

function tryTeamSummary(desk: Desk, held: Held, lookup: Lookup): { summary: TeamSummary | null; damaged: boolean } {
  try {
    return { summary: readTeamSummary(desk, held, lookup), damaged: false };
  } catch {
    return { summary: null, damaged: true };
  }
}

async function fetchStream(
  desk: Desk,
  id: Uint8Array,
  stream: Stream,
  headers: Record<string, string>,
): Promise<Uint8Array[]> {
  return parseStreamAnswer(await desk.session.sendForBytes(streamPath(id, stream), { headers }));
}

interface RawTeam {
  key: TeamKey | null;
  raw: Uint8Array[];
}

/** With the case's token the server shows the team key's envelope only; its slot opens the rest. */
async function fetchTeam(desk: Desk, id: Uint8Array, caseKey: CaseKey): Promise<RawTeam | null> {
  const [first] = await fetchStream(desk, id, 1, caseToken(caseKey));
  if (first === undefined) return null;
  await knowRosters(desk, [first]);
  const { chain, me, secrets } = desk.session;
  const key = openTeamSlot(parseEnvelope(first), chain, me.id, secrets);
  return { key, raw: key === null ? [first] : await fetchStream(desk, id, 1, teamToken(key)) };
}

/** An envelope under a roster newer than ours: fetch the rosters before judging it. */
async function knowRosters(desk: Desk, raw: readonly Uint8Array[]): Promise<void> {
  const known = new Set(desk.session.chain.rosters.map((roster) => toHex(roster.hash)));
  if (raw.some((bytes) => !known.has(toHex(parseEnvelope(bytes).header.rosterHash))))
    await desk.session.refreshRosters();
}

/** A team key made for the wrong people, or notes that do not verify, are refused as a whole. */
function openTeam(desk: Desk, id: Uint8Array, raw: RawTeam | null, report: EntryOf<"report">): Team {
  if (raw === null) return { state: "none" };
  if (raw.key === null) return { state: "notMine" };
  try {
    return {
      state: "open",
      key: raw.key,
      entries: openTeamStream(raw.raw, desk.session.chain, id, raw.key, report, "mark"),
    };
  } catch (error) {
    if (error instanceof PortalError && (error.code === "forged" || error.code === "format"))
      return { state: "damaged" };
    throw error;
  }
}

const tipOfEntry = (entry: Entry): Tip | null => ("conversation" in entry.content ? entry.content.conversation : null);

function hidesTail(entries: readonly Entry[], team: Team): boolean {
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
