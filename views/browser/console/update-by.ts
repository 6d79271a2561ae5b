/** The day by which a reviewer promises the reporter the next word. */
import type { Phase } from "../../../crypto/content.ts";
import { dayOf, textOfDay, updateDueBy } from "../../../data/policy/update-date.ts";
import type { CaseView } from "../client/case-view.ts";
import { postedOn, utcDayOf } from "./own-time.ts";
import type { Draft } from "./state.ts";

/** UTC, as everything that is dated here. */
export const today = (): string => utcDayOf(new Date());

/**
 * What a message promises when nobody says otherwise. An update begins a new month; any other answer leaves the date
 * at which the next update is owed, and one that is over is owed today.
 */
export function proposedUpdate({ duties }: CaseView, duty: Draft["duty"]): string {
  const owed = duties.clocks.find(({ row, state }) => row.repeats && row.scope === "disclosure" && state !== "done");
  if (duty === "update" || owed === undefined) return textOfDay(updateDueBy(dayOf(postedOn())!));
  return owed.state === "due" ? owed.target : today();
}

/** Null: the case is closed, or the field was emptied; nothing is promised then. */
export function updateByOf(draft: Draft, view: CaseView): string | null {
  if (view.listing.phase === "closed") return null;
  const by = draft.updateBy ?? proposedUpdate(view, draft.duty);
  return by === "" ? null : by;
}

/** A reply that tells of a decision. */
export const ofReply = (
  phase: "open" | "closed",
  view: CaseView,
): { status: Phase; day: string; updateBy: string | null; duty: null } => ({
  status: phase,
  day: postedOn(),
  updateBy: phase === "closed" ? null : proposedUpdate(view, "answer"),
  duty: null,
});
