/** What a reader writes into a case: replies, notes, decisions about its status, and the list's summary of it. */
import type { NewFile } from "../../../crypto/attachments.ts";
import { concat, toHex, u64le } from "../../../crypto/bytes.ts";
import type { FileEntry, Phase, ReplyDuty } from "../../../crypto/content.ts";
import type { ActOf, ContentOf } from "../../../crypto/team-content.ts";
import type { Disposition } from "../../../crypto/dispositions.ts";
import { type Entry } from "../../../crypto/envelope/open.ts";
import { audienceOf } from "../../../crypto/envelope/open-team.ts";
import { generateEnvId, type ObjectRef } from "../../../crypto/envelope/seal.ts";
import { sealByMember } from "../../../crypto/envelope/seal-member.ts";
import type { Envelope } from "../../../crypto/envelope/wire.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { parseTeamKey, type TeamKey } from "../../../crypto/keys.ts";
import { randomBytes } from "../../../crypto/sodium.ts";
import { dayText, parseShape, z } from "../../../crypto/shape.ts";
import { sealTeamSummary, type TeamSummary } from "../../../crypto/team-summary.ts";
import { requireBasis, type Basis } from "./act-things.ts";
import {
  append,
  authorOf,
  conversationTokenOf,
  keyToWrite,
  mostTries,
  nextPlace,
  post,
  teamKeyOf,
  teamTokenOf,
  tipOf,
  type Wish,
} from "./appending.ts";
import { summaryOf } from "./case-work.ts";
import { newestStatus, openCase, type OpenCase } from "./casework.ts";
import { teamToken, type Desk } from "./held-cases.ts";
import { sendObject, type TransferOptions } from "./mailbox-requests.ts";
import { renewKeys } from "./rekeying.ts";

/**
 * The case with its team key, which the first writer makes: for the report's readers who are
 * still recipients. Who comes second uses the first one's, after verifying whom it was made for.
 * @throws PortalError "refused" when this reader has no part in it, "forged" when it was made for the wrong people
 */
export async function withTeam(desk: Desk, caseId: string): Promise<{ open: OpenCase; key: TeamKey }> {
  for (let tries = 0; tries < mostTries; tries++) {
    const open = await openCase(desk, caseId);
    switch (open.team.state) {
      case "open":
        return { open, key: open.team.key };
      case "notMine":
        throw new PortalError("refused", "the team's key was not given to this reader");
      case "damaged":
        throw new PortalError("forged", "the team's stream does not verify");
      case "none":
        await post(desk, open, newTeam(desk));
    }
  }
  throw new PortalError("conflict", "the team's key could not be made");
}

function newTeam(desk: Desk): Wish {
  const key = parseTeamKey(randomBytes(32));
  const envId = generateEnvId();
  const seal = (open: OpenCase): Envelope => {
    const place = nextPlace(desk, open, 1);
    // Whoever opens the stream holds it against the report, whatever new keys the conversation got before.
    const audience = audienceOf(open.report.content.readers, place.roster);
    const content = { audience, conversation: tipOf(open) };
    return sealByMember({
      kind: "team",
      place,
      key,
      envId,
      author: authorOf(desk),
      content,
      readers: audience,
      object: null,
    });
  };
  return { stream: 1, envId, seal, headers: conversationTokenOf };
}

/** What was uploaded for a reply or note that may not be stored yet: a second try need not upload again. */
export interface Prepared {
  envId: Uint8Array;
  files: FileEntry[];
  object: ObjectRef | null;
}

/**
 * Seals and uploads files under a new envelope id.
 * @throws PortalError "large" | "full" | "limited" | "busy"; whatever reading a file throws
 */
export async function prepare(
  desk: Desk,
  caseId: Uint8Array,
  files: readonly NewFile[],
  options: TransferOptions = {},
): Promise<Prepared> {
  const { session } = desk;
  const { portalId } = session.chain;
  return session.withToken(async (headers) => {
    // Each try under its own: one that failed half-way leaves its upload behind.
    const envId = generateEnvId();
    return { envId, ...(await sendObject(session.api, { portalId, caseId, envId }, files, { ...options, headers })) };
  });
}

/** Text for the reporter, and what the case's status is now, when the reply tells it. */
export interface Reply {
  text: string;
  status: Phase | null;
  /** The writer's day, and the one by which the next update is promised: YYYY-MM-DD, UTC. */
  day?: string;
  updateBy?: string;
  /** That it is the acknowledgement or the update which the law asks for. */
  duty?: ReplyDuty;
}

/** Sends a reply into the conversation. */
export async function reply(
  desk: Desk,
  caseId: string,
  { text, status, day, updateBy, duty }: Reply,
  prepared: Prepared,
): Promise<OpenCase> {
  const { envId, files, object } = prepared;
  const content = {
    text,
    files,
    status,
    ...(day === undefined ? {} : { day }),
    ...(updateBy === undefined ? {} : { updateBy }),
    ...(duty === undefined ? {} : { duty }),
    // What this reader was shown, also when it was wrong: the reporter may be shown another.
    ...(desk.log.known === null ? {} : { log: desk.log.known }),
  };
  const seal = (open: OpenCase): Envelope => {
    const place = nextPlace(desk, open, 0);
    return sealByMember({
      kind: "reply",
      place,
      key: keyToWrite(open),
      envId,
      author: authorOf(desk),
      content,
      readers: [],
      object,
    });
  };
  return append(desk, caseId, { stream: 0, envId, seal, headers: conversationTokenOf }, renewKeys);
}

interface TeamWriting<K extends "note" | "act"> {
  kind: K;
  envId: Uint8Array;
  object: ObjectRef | null;
  /** Made anew for each try: the conversation may have grown. */
  content(open: OpenCase): ContentOf[K];
  headers?: Record<string, string> | ((open: OpenCase) => Record<string, string>);
  basis?: Basis;
  /** As in Wish. */
  check?(open: OpenCase): void;
}

/** Appends to the stream that only the case's readers see. */
export function appendToTeam<K extends "note" | "act">(
  desk: Desk,
  caseId: string,
  { kind, envId, object, content, headers = {}, basis, check: checkMore }: TeamWriting<K>,
): Promise<OpenCase> {
  const seal = (open: OpenCase): Envelope =>
    sealByMember({
      kind,
      place: nextPlace(desk, open, 1),
      // The newest: somebody may have made another since the case was read first.
      key: teamKeyOf(open),
      envId,
      author: authorOf(desk),
      content: content(open),
      readers: [],
      object,
    });
  const check = (open: OpenCase): void => {
    if (basis !== undefined && open.team.state === "open") requireBasis(open.team.entries, basis);
    checkMore?.(open);
  };
  const of = { stream: 1, envId, seal, check } as const;
  const own = (open: OpenCase): Record<string, string> => (typeof headers === "function" ? headers(open) : headers);
  return append(desk, caseId, { ...of, headers: (open) => ({ ...teamTokenOf(open), ...own(open) }) }, renewKeys);
}

/** Keeps a note that only the case's readers see. `day`: the writer's, YYYY-MM-DD. */
export async function writeNote(
  desk: Desk,
  caseId: string,
  text: string,
  prepared: Prepared,
  mentions: readonly number[] = [],
  day?: string,
): Promise<OpenCase> {
  await withTeam(desk, caseId);
  const { envId, files, object } = prepared;
  const content = (open: OpenCase): ContentOf["note"] => {
    // Only readers of the case: anybody else would be called to what they cannot open.
    const called = mentions.filter((id) => open.readers.includes(id));
    const said = { ...(called.length === 0 ? {} : { mentions: called }), ...(day === undefined ? {} : { day }) };
    return { text, files, ...said, conversation: tipOf(open) };
  };
  return appendToTeam(desk, caseId, { kind: "note", envId, object, content });
}

export interface Decision {
  phase: Exclude<Phase, "received">;
  /** Only when closing. */
  disposition: Disposition | null;
  reason: string;
  /** The writer's day, YYYY-MM-DD, UTC. */
  on?: string;
}

/** Which phase may follow which: a closed case can be reopened, nothing goes back to "received". */
export function phasesAfter(phase: Phase): Decision["phase"][] {
  switch (phase) {
    case "received":
      return ["open", "closed"];
    case "open":
      return ["closed"];
    case "closed":
      return ["open"];
  }
}

const sameDecision = (a: ActOf<"status"> | null, b: Decision): boolean =>
  a !== null && a.phase === b.phase && a.disposition === b.disposition && a.reason === b.reason;

/**
 * Decides the case's status. Deciding the same again writes nothing: a lost answer does no harm.
 * `basedOn`: the decision that the writer saw as the newest. @throws PortalError "conflict" when it is not
 */
export async function decide(
  desk: Desk,
  caseId: string,
  decision: Decision,
  basedOn?: number | null,
): Promise<OpenCase> {
  const { open } = await withTeam(desk, caseId);
  if ((decision.disposition !== null) !== (decision.phase === "closed"))
    throw new PortalError("format", "a disposition belongs to closing, and closing needs one");
  if (sameDecision(newestStatus(open.team), decision)) return open;
  const content = (now: OpenCase): ContentOf["act"] => ({ act: "status", ...decision, conversation: tipOf(now) });
  const headers = { "x-phase": decision.phase };
  const act = { kind: "act", envId: generateEnvId(), object: null, content, headers } as const;
  return appendToTeam(desk, caseId, {
    ...act,
    ...(basedOn === undefined ? {} : { basis: { thing: "status", seq: basedOn } }),
  });
}

/** From what was on the screen on, everything that readers wrote themselves counts as dealt with. */
export function seenAfter(viewed: number, entries: readonly Entry[]): number {
  let seen = Math.min(viewed, entries.length - 1);
  while (entries[seen + 1] !== undefined && entries[seen + 1]?.kind !== "message") seen += 1;
  return Math.max(0, seen);
}

/**
 * Writes the next version of the team's summary where it says anything else than the last, or the last is under keys
 * that were replaced: the newest decision, and that the conversation up to `viewed` was dealt with. @throws PortalError "conflict" when others were faster each time
 */
export async function summarise(desk: Desk, caseId: string, viewed: number): Promise<OpenCase> {
  for (let tries = 0; tries < mostTries; tries++) {
    const { open, key } = await withTeam(desk, caseId);
    const seen = Math.max(open.summary?.seen ?? 0, seenAfter(viewed, open.entries));
    const summary = summaryOf(open, seen);
    const isSaid = open.summary !== null && JSON.stringify(summary) === JSON.stringify(open.summary);
    if (isSaid && !open.summaryIsOld) return open;
    if (await putSummary(desk, open, key, summary)) return openCase(desk, caseId);
  }
  throw new PortalError("conflict", "others kept writing to this case");
}

async function putSummary(desk: Desk, open: OpenCase, teamKey: TeamKey, summary: TeamSummary): Promise<boolean> {
  const { session } = desk;
  const version = (open.lookup.summary?.version ?? 0) + 1;
  const writer = { id: session.me.id, signKey: session.secrets.sign.secretKey };
  const of = { portalId: session.chain.portalId, caseId: open.caseId, caseKey: keyToWrite(open), teamKey };
  const body = concat(u64le(version), sealTeamSummary(summary, version, writer, of));
  try {
    await session.send(`/cases/${toHex(open.caseId)}/summary`, { method: "PUT", headers: teamToken(teamKey), body });
    return true;
  } catch (error) {
    if (error instanceof PortalError && error.code === "conflict") return false;
    throw error;
  }
}

const deletedShape = z.object({ deletedOn: dayText, erased: z.boolean() });

/** `erased`: no trace of it is left on the server's disk; a running backup may hold some for a while. */
export interface Deletion {
  /** YYYY-MM-DD */
  day: string;
  erased: boolean;
}

/**
 * Deletes a closed case for everybody, and for good. Null: it was gone already, by another reader
 * or by a request whose answer was lost.
 * @throws PortalError "refused" when it is not closed, is on hold, or is not this reader's to delete
 */
export async function deleteCase(desk: Desk, caseId: string): Promise<Deletion | null> {
  const headers = await teamHeaders(desk, caseId);
  if (headers === null) return null;
  try {
    const response = await desk.session.send(`/cases/${caseId}`, { method: "DELETE", headers });
    const { deletedOn, erased } = parseShape(deletedShape, await response.json(), "deletion");
    return { day: deletedOn, erased };
  } catch (error) {
    if (error instanceof PortalError && error.code === "missing") return null;
    throw error;
  }
}

/** Null: the case is not there any more. */
async function teamHeaders(desk: Desk, caseId: string): Promise<Record<string, string> | null> {
  try {
    return teamTokenOf(await openCase(desk, caseId));
  } catch (error) {
    if (error instanceof PortalError && error.code === "missing") return null;
    throw error;
  }
}
