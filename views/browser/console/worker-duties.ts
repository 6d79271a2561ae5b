/** The keyholder's part in duties: logging what was posted, the server's one date, and screens that hold no case. */
import { equal } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { setReminder, writeAct } from "../client/case-acts.ts";
import type { DutiesView } from "../client/case-duties.ts";
import { prepare } from "../client/case-writing.ts";
import { actsOf, type OpenCase } from "../client/casework.ts";
import type { Desk } from "../client/held-cases.ts";
import type { Session } from "../client/session.ts";
import { dayOf } from "../../../data/policy/update-date.ts";
import type { Duty, OfficeAnswer, OfficeCall } from "./keyholder-api.ts";

/** Among the notes, once for each reply: that it was posted. Whether it was read, nobody logs. */
export async function logPosted(
  desk: Desk,
  open: OpenCase,
  replyId: Uint8Array,
  { is, changed, reason }: Duty,
  on: string,
): Promise<OpenCase> {
  const posted = open.entries.find(({ envId }) => equal(envId, replyId));
  if (posted === undefined) throw new PortalError("missing", "the reply is not in the conversation");
  const { seq } = posted;
  if (actsOf(open.team, "posted").some(({ content }) => content.reply === seq)) return open;
  const draft = { act: "posted" as const, duty: is, on, reply: seq, changed, reason };
  return writeAct(desk, open.listing.caseId, draft, {}, await prepare(desk, open.caseId, []));
}

/** Who is told when a date has passed and nobody was named: another reader, so that never somebody who was left out. */
function proposedSecond(desk: Desk, { readers }: OpenCase): number | null {
  const { chain, me } = desk.session;
  const others = chain.current.recipients.filter(({ id }) => id !== me.id && readers.includes(id));
  const atWork = others.find(({ roles }) => !roles.includes("recovery"));
  return (atWork ?? others[0])?.id ?? null;
}

/** Keeps the server's date in step with what the acts say. True: the server has another one now. */
export async function remind(
  desk: Desk,
  open: OpenCase,
  { next, second }: Pick<DutiesView, "next" | "second">,
): Promise<boolean> {
  const { remindOn } = open.lookup;
  const known = remindOn === null ? null : dayOf(remindOn);
  if (open.team.state !== "open" || (known === next && (second !== null || next === null))) return false;
  await setReminder(desk, open, next, second ?? proposedSecond(desk, open));
  return true;
}

/** What is not of a case; a page that was taken over reaches nothing else with it. */
const officePath = /^\/(?:notices|processing)(?:[/?][\w/?=&.-]*)?$/;

export async function askOffice(session: Session, { path, method, body, as }: OfficeCall): Promise<OfficeAnswer> {
  if (!officePath.test(path) || path.includes("..")) throw new PortalError("refused", "not for this");
  try {
    const response = await session.send(path, { method, ...(body === null ? {} : { body }) });
    const answer = as === "blob" ? await response.blob() : await response.json().catch(() => null);
    return { is: "done", answer };
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    return { is: "refused", code: error.code, answer: error.cause ?? null };
  }
}
