/** What the parts of the charter page share: the office as seen last, the draft, and how to act. */
import type { OfficeView, Preview } from "./acts.ts";
import type { Ask } from "./ask.ts";
import type { Draft } from "./draft.ts";
import type { Fault, Screen } from "./screen.ts";

export interface Desk {
  screen: Screen;
  ask: Ask;
  /** BCP 47 tag. */
  lang: string;
  /** Ids of the questionnaires that the portal has now, the operator's own among them. */
  questionnaires: readonly string[];
  view: OfficeView;
  draft: Draft;
  /** Of the draft as it stands; null while it cannot become a roster. */
  preview: Preview | null;
  faults: Fault[];
  busy: boolean;
  /** Takes over what the worker saw last; after a signature the draft begins anew from it. */
  takeOver(view: OfficeView): void;
  /** Draws the whole office again. */
  draw(focus?: "heading" | "faults"): void;
  /** After a change of the draft: asks the worker what would come of it, then draws. */
  changed(): void;
  /** Runs an act, takes over the office it answers, tells refusals. True when it went well. */
  act(run: () => Promise<OfficeView>, saying?: string): Promise<boolean>;
}
