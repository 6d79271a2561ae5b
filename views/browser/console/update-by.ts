/** The day by which a reviewer promises the reporter the next word. */
import type { Phase } from "../../../crypto/content.ts";
import { dayOf, textOfDay, updateDueBy } from "../../../data/policy/update-date.ts";
import type { CaseView } from "../client/case-view.ts";
import type { Draft } from "./state.ts";

/** UTC, as everything that is dated here. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** What a reply promises when nobody says otherwise: word within a month, unless the case is closed. */
export const proposedUpdate = (): string => textOfDay(updateDueBy(dayOf(today())!));

/** Null: the case is closed, or the field was emptied; nothing is promised then. */
export function updateByOf(draft: Draft, { listing }: CaseView): string | null {
  if (listing.phase === "closed") return null;
  const by = draft.updateBy ?? proposedUpdate();
  return by === "" ? null : by;
}

/** A reply that tells of a decision. */
export const ofReply = (phase: "open" | "closed"): { status: Phase; day: string; updateBy: string | null } => ({
  status: phase,
  day: today(),
  updateBy: phase === "closed" ? null : proposedUpdate(),
});
