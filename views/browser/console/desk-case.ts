/** What people do with the open case. Each act keeps what was typed until it is stored. */
import { PortalError } from "../../../crypto/errors.ts";
import { dayOf } from "../../../data/policy/update-date.ts";
import type { ActDraft, VisibleChange } from "../client/case-acts.ts";
import { thingOf } from "../client/act-things.ts";
import type { CaseView } from "../client/case-view.ts";
import type { Duty, Opened } from "./keyholder-api.ts";
import { keptAsSpam } from "./keeping.ts";
import { postedOn } from "./own-time.ts";
import { draftOf, forgetCase, type Draft, type Place, type State } from "./state.ts";
import { basedOn, viewedOf } from "./together.ts";
import type { Runner } from "./under-way.ts";
import { ofReply, today, updateByOf } from "./update-by.ts";

/** What desk.ts lends: running an act with its bar, and showing what came of it. */
export interface CaseTools extends Pick<Runner, "attempt" | "job"> {
  state: State;
  took(view: CaseView, done: string): void;
  showCase(view: CaseView): void;
  /** Shows what came of opening the case. */
  opened(caseId: string, answer: Opened): void;
  draw(): void;
}

export interface CaseDesk {
  reply(): Promise<void>;
  note(): Promise<void>;
  decide(): Promise<void>;
  markRead(): Promise<void>;
  /** Deletes the open case for good, once its name was typed. */
  deleteCase(): Promise<void>;
  /**
   * Signs an act of the open case. False: something went wrong, which is shown at its place. `form`: whose version
   * it goes by, where there are several about the same thing.
   */
  act(
    place: Place,
    done: string,
    draft: ActDraft,
    visible?: VisibleChange,
    files?: File[],
    form?: string,
  ): Promise<boolean>;
  /**
   * Signs several acts of the open case, one after the other; each is about a thing of its own. What was written before
   * something went wrong stays written.
   */
  acts(place: Place, words: { label: string; done: string }, drafts: readonly ActDraft[]): Promise<boolean>;
  /** Who is told when a date of the open case has passed. */
  setSecond(second: number | null): Promise<void>;
}

/** Null: a mere answer. */
function dutyOf({ duty, unchanged, fields }: Draft): Duty | null {
  if (duty === "answer") return null;
  const same = duty === "update" && unchanged;
  return { is: duty, changed: !same, reason: same ? (fields["unchanged-reason"] ?? "") : "" };
}

/** An update without words is none, and one that says that nothing changed wants the reason why. */
function missingOfReply(draft: Draft, by: string | null): Record<string, string> {
  const wordless = draft.reply.trim() === "";
  const why = (draft.fields["unchanged-reason"] ?? "").trim();
  return {
    ...(wordless && (draft.replyFiles.length === 0 || draft.duty !== "answer") && { reply: "console:missing.reply" }),
    ...(draft.duty === "update" && draft.unchanged && why === "" && { "unchanged-reason": "duties:missing.unchanged" }),
    ...(by !== null && (dayOf(by) === null || by < today()) && { "update-by": "console:missing.updateBy" }),
  };
}

export function caseActs({ state, attempt, job, took, showCase, opened, draw }: CaseTools): CaseDesk {
  /** When others came first, what they did is shown beside what was typed. */
  const attemptAmongOthers = (place: Place, caseId: string, work: () => Promise<void>): Promise<boolean> =>
    attempt(place, async () => {
      try {
        await work();
      } catch (error) {
        if (error instanceof PortalError && error.code === "conflict")
          opened(caseId, await job({ place, label: "console:job.opening", fixed: true }, "open", { caseId }));
        throw error;
      }
    });
  return {
    async reply() {
      const { open } = state;
      if (open === null) return;
      const { caseId } = open.listing;
      const draft = draftOf(state, caseId);
      const by = updateByOf(draft, open);
      state.missing = missingOfReply(draft, by);
      if (Object.keys(state.missing).length > 0) return draw();
      await attempt("reply", async () => {
        const dated = { day: postedOn(), updateBy: by };
        const said = { text: draft.reply, files: draft.replyFiles, status: null, duty: dutyOf(draft) };
        const input = { caseId, ...said, ...dated, viewed: viewedOf(state, open) };
        const view = await job({ place: "reply", label: "console:job.sending" }, "reply", input);
        // What was typed or chosen meanwhile was not sent: it stays.
        if (draft.reply === input.text) draft.reply = "";
        Object.assign(draft, { updateBy: null, duty: "answer", unchanged: false });
        delete draft.fields["unchanged-reason"];
        draft.replyFiles = draft.replyFiles.filter((file) => !input.files.includes(file));
        took(view, "console:done.replied");
      });
    },
    async note() {
      const { open } = state;
      if (open === null) return;
      const { caseId } = open.listing;
      const draft = draftOf(state, caseId);
      if (draft.note.trim() === "") {
        state.missing = { note: "console:missing.note" };
        return draw();
      }
      await attempt("note", async () => {
        const input = {
          caseId,
          text: draft.note,
          day: postedOn(),
          mentions: [...draft.mentions],
          files: [],
          viewed: viewedOf(state, open),
        };
        const view = await job({ place: "note", label: "console:job.keeping", fixed: true }, "note", input);
        if (draft.note === input.text) Object.assign(draft, { note: "", mentions: [] });
        took(view, "console:done.noted");
      });
    },
    async decide() {
      const { open } = state;
      if (open === null) return;
      const { caseId } = open.listing;
      const draft = draftOf(state, caseId);
      const { phase, disposition, reason, tellReporter } = draft;
      const missing: Record<string, string> = {};
      if (phase === "") missing["phase"] = "console:missing.phase";
      if (phase === "closed" && disposition === "") missing["disposition"] = "console:missing.disposition";
      if (reason.trim() === "") missing["reason"] = "console:missing.reason";
      if (phase === "closed" && tellReporter.trim() === "") missing["tell-reporter"] = "console:missing.tellReporter";
      state.missing = missing;
      if (phase === "" || Object.keys(missing).length > 0) return draw();
      await attemptAmongOthers("status", caseId, async () => {
        const told = { place: "status", label: "console:job.keeping", fixed: true } as const;
        const sealed = phase === "closed" && disposition !== "" ? disposition : null;
        const viewed = viewedOf(state, open);
        const said = { phase, disposition: sealed, reason, basedOn: basedOn(state, open, "status", "status") };
        // Deciding the same again writes nothing, so that a reply which failed can be tried once more.
        let view = await job(told, "decide", { caseId, ...said, on: today(), viewed });
        // Should the reply fail, this decision is the one that the form goes by.
        delete draft.bases["status"];
        showCase(view);
        if (tellReporter.trim() !== "")
          view = await job(told, "reply", { ...ofReply(phase, open), caseId, text: tellReporter, files: [], viewed });
        if (draft.reason === reason && draft.tellReporter === tellReporter)
          Object.assign(draft, { phase: "", disposition: "", reason: "", tellReporter: "" });
        took(view, "console:done.decided");
      });
    },
    async deleteCase() {
      const { open } = state;
      if (open === null) return;
      const { caseId, name } = open.listing;
      const draft = draftOf(state, caseId);
      if (draft.deleteName.trim().toLowerCase() !== name) {
        state.missing = { "delete-name": "console:missing.deleteName" };
        return draw();
      }
      // The form is not offered then; the day may have been changed by somebody else since it was drawn.
      if (keptAsSpam(open) !== null) {
        state.missing = { "delete-name": "queue:spam.tooEarly" };
        return draw();
      }
      await attempt("delete", async () => {
        const told = { place: "delete", label: "console:job.deleting", fixed: true } as const;
        const deletion = await job(told, "deleteCase", { caseId });
        if (state.chosen === caseId) {
          state.tab = "conversation";
          state.deleted = deletion === null ? null : { name, on: deletion.day };
        }
        forgetCase(state, caseId);
        state.done = deletion?.erased === false ? "console:done.deletedSoon" : "console:done.deleted";
      });
    },
    async markRead() {
      const { open } = state;
      if (open === null) return;
      await attempt("case", async () => {
        const input = { caseId: open.listing.caseId, viewed: open.listing.conversationLength - 1 };
        took(
          await job({ place: "case", label: "console:job.keeping", fixed: true }, "markRead", input),
          "console:done.read",
        );
      });
    },
    act(place, done, draft, visible = {}, files = [], form = thingOf(draft)) {
      const { open } = state;
      if (open === null) return Promise.resolve(false);
      const { caseId } = open.listing;
      return attemptAmongOthers(place, caseId, async () => {
        const based = { viewed: viewedOf(state, open), basedOn: basedOn(state, open, thingOf(draft), form) };
        const input = { caseId, draft, visible, files, ...based };
        const view = await job({ place, label: "console:job.keeping", fixed: files.length === 0 }, "act", input);
        delete draftOf(state, caseId).bases[form];
        took(view, done);
      });
    },
    acts(place, { label, done }, drafts) {
      const { open } = state;
      if (open === null) return Promise.resolve(false);
      const { caseId } = open.listing;
      const based = drafts.map((draft) => basedOn(state, open, thingOf(draft), thingOf(draft)));
      return attemptAmongOthers(place, caseId, async () => {
        for (const [i, draft] of drafts.entries()) {
          const input = { caseId, draft, visible: {}, files: [], viewed: viewedOf(state, open), basedOn: based[i]! };
          const of = { place, label, what: `${String(i + 1)} / ${String(drafts.length)}`, fixed: true };
          showCase(await job(of, "act", input));
        }
        state.done = done;
      });
    },
    async setSecond(second) {
      const { open } = state;
      if (open === null) return;
      const { caseId } = open.listing;
      await attemptAmongOthers("duties", caseId, async () => {
        const input = { caseId, second, was: open.duties.second };
        const of = { place: "duties", label: "console:job.keeping", fixed: true } as const;
        took(await job(of, "setSecond", input), "duties:done.second");
      });
    },
  };
}
