/** Conflict first: what a reader says before they read, and what follows from it. */
import { generateEnvId } from "../../../crypto/envelope/seal.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { tipOf } from "./appending.ts";
import { appendToTeam, summarise, withTeam } from "./case-writing.ts";
import { declarationOf, mayDeclare, openCase, type OpenCase, type Team } from "./casework.ts";
import { forgetHeld, type Desk } from "./held-cases.ts";
import { isUpToDate, othersRead, renewKeys } from "./rekeying.ts";

/** "alone": nobody else could read the case, so that nobody may step back from it. */
export type Declared = { is: "open"; open: OpenCase } | { is: "gone" } | { is: "alone" };

/** What a case that was opened is to its reader: theirs to read, to be asked about first, or given up before. */
export function gateOf(desk: Desk, { team, held }: OpenCase): "open" | "ask" | "gone" {
  return gateFor(desk.session.me.id, team, held.cleared === true);
}

/** `cleared`: what the member said to this device, where nothing of theirs stands in the team's stream. */
export function gateFor(member: number, team: Team, cleared: boolean): "open" | "ask" | "gone" {
  const said = declarationOf(team, member);
  if (said === null) return cleared ? "open" : "ask";
  return said.has ? "gone" : "open";
}

/**
 * Signs and appends whether this member has a conflict. Who has one loses the case here at once; the next reader who
 * opens it makes keys that they do not get. Saying the same again writes nothing. Where the team's stream is closed to
 * this member, does not verify, or takes nothing more, their word stands on this device alone.
 * @throws PortalError as writing does
 */
export async function declare(desk: Desk, caseId: string, has: boolean, reason: string): Promise<Declared> {
  // They said so elsewhere, and a look at the list saw it while this question stood here.
  if (desk.left.has(caseId)) return { is: "gone" };
  const open = await openCase(desk, caseId);
  if (has) return stepBack(desk, open, reason);
  // Or no look saw it yet.
  if (gateOf(desk, open) === "gone") {
    forgetHeld(desk, caseId);
    return { is: "gone" };
  }
  try {
    if (mayDeclare(open.team)) {
      if (declarationOf(open.team, desk.session.me.id)?.has !== false) await say(desk, caseId, false, reason);
      await summarise(desk, caseId, open.summary?.seen ?? 0);
    } else open.held.cleared = true;
  } catch (error) {
    if (!isFull(error)) throw error;
    open.held.cleared = true;
  }
  return { is: "open", open: await openAndRenew(desk, caseId) };
}

async function say(
  desk: Desk,
  caseId: string,
  has: boolean,
  reason: string,
  check?: (open: OpenCase) => void,
): Promise<void> {
  await withTeam(desk, caseId);
  const content = (open: OpenCase) => ({ act: "conflict" as const, has, reason, conversation: tipOf(open) });
  const act = { kind: "act", envId: generateEnvId(), object: null, content } as const;
  await appendToTeam(desk, caseId, check === undefined ? act : { ...act, check });
}

async function stepBack(desk: Desk, open: OpenCase, reason: string): Promise<Declared> {
  const { caseId } = open.listing;
  if (!othersRead(desk, open)) return { is: "alone" };
  let isAlone = false;
  // Somebody else may step back at the same moment: looked at again at each try.
  const check = (now: OpenCase): void => {
    isAlone = !othersRead(desk, now);
    if (isAlone) throw new PortalError("refused", "nobody else could read the case");
  };
  if (mayDeclare(open.team))
    try {
      if (declarationOf(open.team, desk.session.me.id)?.has !== true) await say(desk, caseId, true, reason, check);
      await summarise(desk, caseId, open.summary?.seen ?? 0);
    } catch (error) {
      if (isAlone) return { is: "alone" };
      // The next reader may have made new keys already: what came after the act failed, and need not be done. And
      // nobody is kept in a case by a colleague who filled its stream.
      if (!isFull(error) && !(await isOut(desk, caseId))) throw error;
    }
  forgetHeld(desk, caseId);
  return { is: "gone" };
}

/** Whether the case is closed to this member, or their conflict stands in it. */
async function isOut(desk: Desk, caseId: string): Promise<boolean> {
  try {
    const now = await openCase(desk, caseId);
    return now.team.state === "notMine" || gateOf(desk, now) === "gone";
  } catch (error) {
    if (error instanceof PortalError && error.code === "missing") return true;
    throw error;
  }
}

/** The case's stream, or the server's disk, takes nothing more. */
const isFull = (error: unknown): boolean =>
  error instanceof PortalError && (error.code === "large" || error.code === "full");

/** The server takes nothing more, or not now. */
const takesNothing = (error: unknown): boolean =>
  isFull(error) || (error instanceof PortalError && (error.code === "busy" || error.code === "limited"));

/**
 * Opens a case and, where it is due, makes its new keys first, with a summary under them: lists have the newest keys
 * only. Where the server takes nothing, the case is opened as it is; it can be read, and writing says what is wrong.
 */
export async function openAndRenew(desk: Desk, caseId: string): Promise<OpenCase> {
  const open = await openCase(desk, caseId);
  if (isUpToDate(desk, open) && !open.summaryIsOld) return open;
  try {
    const now = await renewKeys(desk, open);
    return now.team.state === "open" ? await summarise(desk, caseId, now.summary?.seen ?? 0) : now;
  } catch (error) {
    if (!takesNothing(error)) throw error;
    return openCase(desk, caseId);
  }
}
