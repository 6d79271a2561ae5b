/** A member's list of cases. Of a case in which they have not yet said "no conflict" it shows next to nothing. */
import { fromBase64, fromHex } from "../../../crypto/bytes.ts";
import type { Phase } from "../../../crypto/content.ts";
import { flagAssisted, flagUrgent } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import type { TeamKey } from "../../../crypto/keys.ts";
import type { Member, RosterChain } from "../../../crypto/roster.ts";
import { openReportSummary, type ReportSummary } from "../../../crypto/summary.ts";
import { openTeamSummary, type TeamSummary } from "../../../crypto/team-summary.ts";
import { caseName } from "../../../crypto/words.ts";
import type { Severity } from "../../../crypto/work-acts.ts";
import { checkItem, lookUp, mostTokens, pause, takeTeamKeys, type Desk, type Held, type Lookup } from "./held-cases.ts";

/** A case as the list shows it. */
export interface CaseListing {
  /** Hex. */
  caseId: string;
  name: string;
  /** "undeclared": of what was reported nothing but the category may be shown yet; what would say more is empty. */
  gate: "undeclared" | "cleared";
  /** "": the reporter gave none, or it may not be shown yet. */
  title: string;
  category: string;
  /** Id of the channel; language tag of the report. */
  channel: string;
  language: string;
  phase: Phase;
  disposition: string | null;
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
  /** Who works on it, by person id. */
  assignee: number | null;
  severity: Severity | null;
  tags: readonly string[];
  /** New messages call nobody. */
  muted: boolean;
  /** The team's key or summary does not verify; the conversation still can be read. */
  teamDamaged: boolean;
}

/** All that a list needs to know of a case. */
export interface Known {
  held: Held;
  lookup: Lookup;
  /** Null until somebody of the team wrote one. */
  summary: TeamSummary | null;
  damaged: boolean;
}

export interface Listed {
  listings: CaseListing[];
  /** Cases that were not looked at yet. */
  left: number;
  /** Cases of which some reader's summary says that this member stepped back: whether they did stands in their own act. */
  doubtful: string[];
}

/**
 * Looks up the cases that the keys so far lead to, in no order. Cases that were shredded are gone; an item that does
 * not verify is counted in `desk.damaged` and hides no other case. `most`: only so many, the newest of the feed first.
 */
export async function listCases(desk: Desk, most = Infinity): Promise<Listed> {
  const cases: Desk["cases"] = new Map();
  Object.assign(desk, { damaged: 0, withdrawn: 0 });
  const known: Known[] = [];
  const wanted = desk.held.slice(Math.max(0, desk.held.length - most)).reverse();
  for (let at = 0; at < wanted.length; at += mostTokens) {
    const held = wanted.slice(at, at + mostTokens);
    const found = await lookUpBatch(desk, held);
    for (const each of found) cases.set(each.lookup.caseId, each);
    known.push(...(await readSummaries(desk, found)));
  }
  for (const [caseId, each] of desk.cases)
    if (!cases.has(caseId) && !wanted.includes(each.held)) cases.set(caseId, each);
  const left = desk.held.length - wanted.length;
  // Given up while the server answered.
  const isHeld = new Set(desk.held);
  for (const [caseId, each] of cases) if (!isHeld.has(each.held)) cases.delete(caseId);
  desk.cases = cases;
  const { id } = desk.session.me;
  const isDoubtful = ({ summary }: Known): boolean => summary?.recused.includes(id) === true;
  const listings = known
    .filter(({ held }) => isHeld.has(held))
    .map((each) => {
      const listing = listingOf(each, id);
      return shown(isDoubtful(each) ? { ...listing, gate: "undeclared" } : listing);
    });
  return { listings, left, doubtful: known.filter(isDoubtful).map(({ lookup }) => lookup.caseId) };
}

/**
 * Those that are there and were made for this member. One whose next key is said not to be theirs is counted, each
 * time, and kept: a server that lies may tell the truth the next time.
 */
async function lookUpBatch(desk: Desk, held: readonly Held[]): Promise<{ held: Held; lookup: Lookup }[]> {
  const found: { held: Held; lookup: Lookup }[] = [];
  for (const [i, lookup] of (await lookUp(desk, held)).entries()) {
    if (lookup === "withdrawn") desk.withdrawn += 1;
    else if (lookup === "damaged") desk.damaged += 1;
    else if (lookup !== null && (await isOwn(desk, held[i]!, lookup))) found.push({ held: held[i]!, lookup });
  }
  return found;
}

async function isOwn(desk: Desk, held: Held, lookup: Lookup): Promise<boolean> {
  try {
    await checkItem(desk, held, lookup);
    return true;
  } catch (error) {
    if (!(error instanceof PortalError) || error.code !== "forged") throw error;
    desk.damaged += 1;
    return false;
  }
}

/** With the keys at hand, then with the newest; a summary that opens with neither is told as damaged. */
async function readSummaries(desk: Desk, found: readonly { held: Held; lookup: Lookup }[]): Promise<Known[]> {
  const isOpen = new Map<Held, TeamSummary>();
  const tryAll = async (of: readonly { held: Held; lookup: Lookup }[]): Promise<void> => {
    for (const [i, { held, lookup }] of of.entries()) {
      const said = held.team === null ? null : tryTeamSummary(desk, held, lookup, [held.team]);
      if (said !== null) isOpen.set(held, said.summary);
      if (i % 100 === 99) await pause();
    }
  };
  const written = found.filter(({ lookup }) => lookup.summary !== null);
  await tryAll(written);
  const closed = written.filter(({ held }) => !isOpen.has(held));
  if (closed.length > 0) {
    await takeTeamKeys(
      desk,
      closed.map(({ held }) => held),
    );
    await tryAll(closed);
  }
  return found.map((each) => {
    const summary = isOpen.get(each.held) ?? null;
    return { ...each, summary, damaged: each.lookup.summary !== null && each.held.team !== null && summary === null };
  });
}

/** New keys are followed by a new summary; one that is older than so many was never written by an honest console. */
const mostKeysBack = 4;

/**
 * Under any pair of the case's newest keys: one written before a new key stays good until the next. `isOld`: not under
 * the newest pair.
 */
export function tryTeamSummary(
  desk: Desk,
  { caseKeys, readers }: Held,
  lookup: Lookup,
  teamKeys: readonly TeamKey[],
): { summary: TeamSummary; isOld: boolean } | null {
  if (lookup.summary === null) return null;
  const { version, bytes } = lookup.summary;
  const { chain } = desk.session;
  // A reader who left may have written it: any roster of the chain that lists them will do.
  const roster = { ...chain.current, members: membersEver(chain) };
  for (const [teamAge, teamKey] of teamKeys.slice(-mostKeysBack).toReversed().entries())
    for (const [caseAge, caseKey] of caseKeys.slice(-mostKeysBack).toReversed().entries()) {
      const of = { portalId: chain.portalId, caseId: fromHex(lookup.caseId), caseKey, teamKey };
      try {
        const { writer: _, ...summary } = openTeamSummary(fromBase64(bytes), version, roster, readers, of);
        return { summary, isOld: teamAge + caseAge > 0 };
      } catch (error) {
        if (!(error instanceof PortalError)) throw error;
      }
    }
  return null;
}

const membersOfChain = new WeakMap<RosterChain, Member[]>();

/** Person ids are permanent; the newest entry of each counts. */
export function membersEver(chain: RosterChain): Member[] {
  const known = membersOfChain.get(chain);
  if (known !== undefined) return known;
  const byId = new Map(chain.rosters.flatMap(({ members }) => members).map((each) => [each.id, each]));
  const members = [...byId.values()];
  membersOfChain.set(chain, members);
  return members;
}

/** `me`: whose list it is. */
export function listingOf({ held, lookup, summary, damaged }: Known, me: number): CaseListing {
  const caseId = fromHex(lookup.caseId, 32);
  const { phase, receivedOn, hold, remindOn, deleteOn, heardOn, flags, conversationLength, teamLength } = lookup;
  const reported = reportSummaryOf(held, lookup, caseId);
  return {
    caseId: lookup.caseId,
    name: caseName(caseId),
    // What this member's own act says counts more than what others say of it.
    gate: (held.cleared ?? summary?.cleared.includes(me) === true) ? "cleared" : "undeclared",
    title: summary?.title ?? reported.title,
    category: summary?.category ?? reported.category,
    // What a reader signed counts more than what the server says.
    phase: summary?.phase ?? phase,
    receivedOn,
    remindOn,
    conversationLength,
    teamLength,
    channel: reported.channel,
    language: reported.language,
    disposition: summary?.disposition ?? null,
    hold,
    deleteOn,
    heardOn,
    urgent: (flags & flagUrgent) !== 0,
    assisted: (flags & flagAssisted) !== 0,
    unread: Math.max(0, conversationLength - (summary === null ? 0 : summary.seen + 1)),
    assignee: summary?.assignee ?? null,
    severity: summary?.severity ?? null,
    tags: summary?.tags ?? [],
    muted: summary?.muted ?? false,
    teamDamaged: damaged,
  };
}

/** What may be shown of a case: before its reader said "no conflict", next to nothing. */
export function shown(listing: CaseListing): CaseListing {
  return listing.gate === "cleared" ? listing : { ...listing, ...untold };
}

const untold = {
  title: "",
  channel: "",
  language: "",
  disposition: null,
  hold: false,
  deleteOn: null,
  heardOn: null,
  urgent: false,
  assisted: false,
  unread: 0,
  assignee: null,
  severity: null,
  tags: [],
  muted: false,
};

/** Who files may have sealed rubbish there: that must hide no other case. */
export function reportSummaryOf({ caseKeys }: Held, lookup: Lookup, caseId: Uint8Array): ReportSummary {
  try {
    return openReportSummary(fromBase64(lookup.reportSummary), caseKeys[0]!, caseId);
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    return { channel: "", category: "", language: "", title: "" };
  }
}
