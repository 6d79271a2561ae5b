/** What the list of cases may ask of the keyholder. */
import type { CaseView } from "../../client/case-view.ts";
import type { LeftOut, SpamWords } from "../../client/spam.ts";
import type { OwnViews } from "./saved-views.ts";

export type Closing = { is: "done"; view: CaseView } | { is: "left"; why: LeftOut };

export interface QueueCalls {
  /** What this device keeps of the member's own views. */
  views(input: null): OwnViews;
  /**
   * Seals them and keeps them on this device, with what another window kept since. `was`: what was changed. Tells what
   * is kept now.
   */
  keepViews(input: { was: OwnViews; now: OwnViews }): OwnViews;
  /** Closes a case as spam, with the day on which it goes by itself. `tell`: "" tells the reporter nothing. */
  closeAsSpam(input: SpamWords & { caseId: string; tell: string }): Closing;
  /** Opens a case again that was closed as spam. */
  restore(input: SpamWords & { caseId: string }): Closing;
  /** Whether new messages of the case call somebody; reads none of them. */
  mute(input: { caseId: string; on: boolean }): Closing;
}
