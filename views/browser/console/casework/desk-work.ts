/** What people do with a case besides writing in it, where more than one act comes of it. */
import type { ActDraft } from "../../client/case-acts.ts";
import { thingOf } from "../../client/act-things.ts";
import type { LinkWritten } from "../worker-work.ts";
import type { CaseTools } from "../desk-case.ts";
import { ownToday, postedOn } from "../own-time.ts";
import { draftOf } from "../state.ts";
import { basedOn, viewedOf } from "../together.ts";

export interface WorkDesk {
  /** Links the open case with another of this member's, or takes the link away. False: it was not written here. */
  link(other: string, on: boolean, reason: string): Promise<boolean>;
  /** Asks the reporter how they fare, and records that this was done for the day for which it was planned. */
  askReporter(day: string, text: string): Promise<boolean>;
}

function linkedWords({ here, there }: LinkWritten): string {
  if (here && there) return "casework:linked.both";
  return here ? "casework:linked.here" : "casework:linked.there";
}

/** The form in which a check-in is recorded. */
export const formOf = (day: string): string => `check-in:${day}`;

/** By form: the message of a check-in that was sent while its act was not kept yet. */
const sentKey = (day: string): string => `asked:${day}`;

export function workActs({ state, attempt, job, took, showCase }: CaseTools): WorkDesk {
  return {
    async link(other, on, reason) {
      const { open } = state;
      if (open === null) return false;
      let isWritten = false;
      await attempt("work", async () => {
        const of = { place: "work", label: "console:job.keeping", fixed: true } as const;
        const input = { caseId: open.listing.caseId, other, on, reason, viewed: viewedOf(state, open) };
        const { view, wrote } = await job(of, "link", input);
        isWritten = wrote.here || wrote.there;
        if (!isWritten) {
          state.missing = { "work-link": "casework:missing.notEverybody" };
          return showCase(view);
        }
        took(view, on ? linkedWords(wrote) : "casework:done.unlinked");
      });
      return isWritten;
    },
    async askReporter(day, text) {
      const { open } = state;
      if (open === null) return false;
      const { caseId } = open.listing;
      const { waiting } = draftOf(state, caseId);
      const viewed = viewedOf(state, open);
      const of = { place: "work", label: "console:job.sending", fixed: true } as const;
      return attempt("work", async () => {
        // Sent, and its act failed: the same words are not sent twice.
        if (waiting[sentKey(day)]?.["text"] !== text) {
          const dated = { day: postedOn(), updateBy: null, duty: null };
          await job(of, "reply", { caseId, text, files: [], status: null, ...dated, viewed });
          waiting[sentKey(day)] = { text };
        }
        const draft: ActDraft<"checkIn"> = { act: "checkIn", day, on: ownToday(), outcome: "asked", reason: "" };
        const based = { basedOn: basedOn(state, open, thingOf(draft), formOf(day)), viewed };
        const view = await job(of, "act", { caseId, draft, visible: {}, files: [], ...based });
        delete waiting[sentKey(day)];
        took(view, "casework:done.asked");
      });
    },
  };
}
