/** Spam and noise, case by case: closing as spam, restoring, muting a mailbox. */
import { toHex } from "../../../crypto/bytes.ts";
import { spamGoesOn } from "../../../data/policy/spam.ts";
import { writeAct } from "./case-acts.ts";
import { workOf } from "./case-work.ts";
import { decide, prepare, reply, type Decision } from "./case-writing.ts";
import { actsOf, newestStatus, openCase, type OpenCase } from "./casework.ts";
import type { Desk } from "./held-cases.ts";
import { isHeldBy } from "./holds.ts";
import { gateOf } from "./recusal.ts";

/** Why nothing was done: no word about a conflict yet, a hold, closed otherwise, or not closed as spam. */
export type LeftOut = "undeclared" | "held" | "closed" | "notSpam";
export type SpamOutcome = { is: "done"; open: OpenCase } | { is: "left"; why: LeftOut };

export interface SpamWords {
  /** Why, for the readers. */
  reason: string;
  /** The writer's day, YYYY-MM-DD, UTC. */
  on: string;
}

const isHeld = ({ lookup, team }: OpenCase): boolean =>
  lookup.hold || isHeldBy(actsOf(team, "hold").map(({ author, content }) => ({ author, act: content })));

const isSpam = (open: OpenCase): boolean => newestStatus(open.team)?.disposition === "spam";

/**
 * Closes the case as spam and dates its deletion. Doing it again does what is left of it: an answer that was lost
 * does no harm. `tell`: what the reporter is told; "": nothing.
 * @throws PortalError as writing does
 */
export async function closeAsSpam(
  desk: Desk,
  caseId: string,
  { reason, on, tell }: SpamWords & { tell: string },
): Promise<SpamOutcome> {
  let open = await openCase(desk, caseId);
  // Who may not read it yet closes nothing unread.
  if (gateOf(desk, open) !== "open") return { is: "left", why: "undeclared" };
  if (isHeld(open)) return { is: "left", why: "held" };
  if (open.listing.phase === "closed" && !isSpam(open)) return { is: "left", why: "closed" };
  if (!isSpam(open)) open = await decide(desk, caseId, { phase: "closed", disposition: "spam", reason, on });
  open = await dateSpam(desk, open, { reason, on });
  if (tell.trim() !== "" && !wasTold(desk, open, tell)) {
    const content = { text: tell, status: "closed" as const, day: on };
    open = await reply(desk, caseId, content, await prepare(desk, open.caseId, []));
  }
  return { is: "done", open };
}

/** Spam goes by itself: it gets a day, by the day that the decision bears, also when it was somebody else's. */
async function dateSpam(desk: Desk, open: OpenCase, { reason, on }: SpamWords): Promise<OpenCase> {
  const deleteOn = spamGoesOn(newestStatus(open.team)?.on ?? on);
  if (open.lookup.deleteOn !== null || deleteOn <= on) return open;
  const draft = { act: "retain" as const, deleteOn, reason };
  return writeAct(desk, toHex(open.caseId), draft, { deleteOn }, await prepare(desk, open.caseId, []));
}

/**
 * Decides the case's status as somebody chose it. Spam goes by itself, whichever way it was closed; a hold keeps it
 * for as long as it is on. `basedOn` and errors as of decide
 */
export async function decideStatus(
  desk: Desk,
  caseId: string,
  decision: Decision & { on: string },
  basedOn?: number | null,
): Promise<OpenCase> {
  const open = await decide(desk, caseId, decision, basedOn);
  return decision.disposition === "spam" ? dateSpam(desk, open, decision) : open;
}

function wasTold(desk: Desk, { entries }: OpenCase, text: string): boolean {
  const { id } = desk.session.me;
  return entries.some(
    (entry) =>
      entry.kind === "reply" && entry.author === id && entry.content.status === "closed" && entry.content.text === text,
  );
}

/** Whether new messages call anybody. Saying the same again writes nothing. */
export async function muteMailbox(desk: Desk, caseId: string, on: boolean): Promise<SpamOutcome> {
  const open = await openCase(desk, caseId);
  if (gateOf(desk, open) !== "open") return { is: "left", why: "undeclared" };
  if (workOf(open).muted === on) return { is: "done", open };
  const draft = { act: "mute" as const, on, reason: "" };
  return { is: "done", open: await writeAct(desk, caseId, draft, {}, await prepare(desk, open.caseId, [])) };
}

/** Opens a case again that was closed as spam; the server takes the day of its deletion back with it. */
export async function restoreFromSpam(desk: Desk, caseId: string, { reason, on }: SpamWords): Promise<SpamOutcome> {
  const open = await openCase(desk, caseId);
  if (gateOf(desk, open) !== "open") return { is: "left", why: "undeclared" };
  if (open.listing.phase !== "closed" || !isSpam(open)) return { is: "left", why: "notSpam" };
  return { is: "done", open: await decide(desk, caseId, { phase: "open", disposition: null, reason, on }) };
}
