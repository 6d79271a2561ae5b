/** Which acts are about the same thing, so that nobody replaces what they have not seen. */
import type { Entry } from "../../../crypto/envelope/open.ts";
import { PortalError } from "../../../crypto/errors.ts";
import type { ActContent, ActName } from "../../../crypto/team-content.ts";

/** Fields that say which of several things of a kind an act is about. */
const parts = ["deadline", "id", "tag", "case", "day"] as const;

/** "status", "hold", "clock CA_CSI", "filing 0011…": of two acts with the same name the newer counts. */
export function thingOf(act: { act: ActName } & Partial<Record<(typeof parts)[number], string | undefined>>): string {
  return [act.act, ...parts.flatMap((part) => act[part] ?? [])].join(" ");
}

/** The newest act about it; null: there is none. `entries`: as they stand in the team's stream. */
export function newestAbout<E extends { act: ActContent | null }>(entries: readonly E[], thing: string): E | null {
  return entries.findLast(({ act }) => act !== null && thingOf(act) === thing) ?? null;
}

export function actsIn(entries: readonly Entry[]): { seq: number; act: ActContent | null }[] {
  return entries.map((entry) => ({ seq: entry.seq, act: entry.kind === "act" ? entry.content : null }));
}

/** What an act replaces: the newest act about its thing, as its writer saw it. */
export interface Basis {
  thing: string;
  /** Its place in the team's stream; null: there was none. */
  seq: number | null;
}

/** @throws PortalError "conflict" when somebody wrote a newer one that this writer has not seen */
export function requireBasis(entries: readonly Entry[], { thing, seq }: Basis): void {
  if ((newestAbout(actsIn(entries), thing)?.seq ?? null) !== seq)
    throw new PortalError("conflict", "somebody else wrote about this meanwhile");
}
