/** The keyholder's part in the links between cases: who may be told of which is decided where the keys are. */
import { PortalError } from "../../../crypto/errors.ts";
import { writeAct } from "../client/case-acts.ts";
import { isLinkedTo } from "../client/case-work.ts";
import { prepare } from "../client/case-writing.ts";
import type { OpenCase } from "../client/casework.ts";
import type { Desk } from "../client/held-cases.ts";
import { gateOf, openAndRenew } from "../client/recusal.ts";
import { readersToCome } from "../client/rekeying.ts";

/** Which of the two cases says so from now on, or said so already. */
export interface LinkWritten {
  here: boolean;
  there: boolean;
}

export interface LinkWish {
  caseId: string;
  other: string;
  on: boolean;
  reason: string;
}

/** All who can open what is written next: listed holders of either of its newest keys, whatever they declared. */
function whoReads(desk: Desk, { readers, team }: OpenCase): number[] {
  const holders = new Set([...readers, ...(team.state === "open" ? team.audience : [])]);
  return [...holders].filter((id) => desk.session.chain.current.members.some((member) => member.id === id));
}

/** A case may be named in another only where nobody learns of it: all who read the other read it as well. */
function mayName(desk: Desk, named: OpenCase, where: OpenCase): boolean {
  const known = readersToCome(desk, named);
  return whoReads(desk, where).every((id) => known.includes(id));
}

/** The case as this member reads it; null: it is not theirs to read. */
async function openOwn(desk: Desk, caseId: string): Promise<OpenCase | null> {
  if (!desk.cases.has(caseId)) return null;
  const open = await openAndRenew(desk, caseId);
  return gateOf(desk, open) === "open" ? open : null;
}

/** Saying the same again writes nothing. */
async function writeInto(desk: Desk, where: OpenCase, named: string, { on, reason }: LinkWish): Promise<OpenCase> {
  if (isLinkedTo(where, named) === on) return where;
  const { caseId } = where.listing;
  return writeAct(desk, caseId, { act: "link", case: named, on, reason }, {}, await prepare(desk, where.caseId, []));
}

/**
 * Links two cases, or takes their link away, in each of the two that may name the other.
 * @throws PortalError "refused" when either is not this member's to read; as writing does
 */
export async function writeLink(desk: Desk, wish: LinkWish): Promise<{ open: OpenCase; wrote: LinkWritten }> {
  const { caseId, other, on } = wish;
  const [here, there] = [await openOwn(desk, caseId), other === caseId ? null : await openOwn(desk, other)];
  if (here === null || (there === null && on)) throw new PortalError("refused", "not a case of this member's");
  if (!on) {
    if (there !== null) await writeInto(desk, there, caseId, wish);
    return { open: await writeInto(desk, here, other, wish), wrote: { here: true, there: there !== null } };
  }
  const wrote = { here: mayName(desk, there!, here), there: mayName(desk, here, there!) };
  if (wrote.there) await writeInto(desk, there!, caseId, wish);
  return { open: wrote.here ? await writeInto(desk, here, other, wish) : here, wrote };
}
