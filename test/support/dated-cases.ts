/** Cases with a date of deletion or a hold, on a portal whose clock the test turns. */
import assert from "node:assert/strict";
import type { Clock } from "../../server/ports.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { systemClock } from "../../server/clock.ts";
import { writeAct, type ActDraft, type VisibleChange } from "../../views/browser/client/case-acts.ts";
import { decide } from "../../views/browser/client/case-writing.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { findMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { findByTitle, tell, withoutFiles } from "./casework.ts";
import type { ServedOrganisation } from "./organisation-server.ts";

export const msPerDay = 86_400_000;

/** Runs as the system's, ahead of it by whole days. */
export class TurnedClock implements Clock {
  ahead = 0;
  now = (): number => systemClock.now() + this.ahead * msPerDay;
  today = (): number => systemClock.today() + this.ahead;
  /** YYYY-MM-DD so many days from now on. */
  inDays(days: number): string {
    return textOfDay(this.today() + days);
  }
}

export interface Case {
  code: string;
  caseId: string;
}

export async function aCase(served: ServedOrganisation, desk: Desk, title: string): Promise<Case> {
  const code = await tell(served, { title });
  const caseId = await findByTitle(served, desk, title);
  assert.ok(caseId !== null);
  return { code, caseId };
}

export async function closedCase(served: ServedOrganisation, desk: Desk, title: string): Promise<Case> {
  const made = await aCase(served, desk, title);
  await decide(desk, made.caseId, { phase: "closed", disposition: "withdrawn", reason: "asked" });
  return made;
}

export async function act(desk: Desk, caseId: string, draft: ActDraft, visible: VisibleChange): Promise<void> {
  await writeAct(desk, caseId, draft, visible, await withoutFiles(desk, caseId));
}

export const setDate = (desk: Desk, caseId: string, deleteOn: string | null): Promise<void> =>
  act(desk, caseId, { act: "retain", deleteOn, reason: "Our rule" }, { deleteOn });
export const setHold = (desk: Desk, caseId: string, on: boolean): Promise<void> =>
  act(desk, caseId, { act: "hold", on, reason: "A letter from a court" }, { hold: on });

/** What the reporter's words lead to. */
export async function visit(
  { portal }: Pick<ServedOrganisation, "portal">,
  code: string,
): Promise<Awaited<ReturnType<typeof findMailboxByCode>>> {
  const api = { origin: portal.reporterUrl };
  return findMailboxByCode(api, (await fetchPortal(api)).chain!, code);
}
