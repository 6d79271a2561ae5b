/** What people do with the open case. Each act keeps what was typed until it is stored. */
import { dayOf } from "../../../data/policy/update-date.ts";
import type { ActDraft, VisibleChange } from "../client/case-acts.ts";
import type { CaseView } from "../client/case-view.ts";
import type { CallName, Duty, Input, Output } from "./keyholder-api.ts";
import { postedOn } from "./own-time.ts";
import { draftOf, type Draft, type Place, type State } from "./state.ts";
import { ofReply, today, updateByOf } from "./update-by.ts";

/** What desk.ts lends: running an act with its bar, and showing what came of it. */
export interface CaseTools {
  state: State;
  attempt(place: Place, work: () => Promise<void>): Promise<boolean>;
  job<K extends CallName>(
    of: { place: Place; label: string; what?: string; fixed?: boolean },
    call: K,
    input: Input<K>,
  ): Promise<Output<K>>;
  took(view: CaseView, done: string): void;
  showCase(view: CaseView): void;
  draw(): void;
}

export interface CaseDesk {
  reply(): Promise<void>;
  note(): Promise<void>;
  decide(): Promise<void>;
  markRead(): Promise<void>;
  /** Deletes the open case for good, once its name was typed. */
  deleteCase(): Promise<void>;
  /** Signs an act of the open case. False: something went wrong, which is shown at its place. */
  act(place: Place, done: string, draft: ActDraft, visible?: VisibleChange, files?: File[]): Promise<boolean>;
  /** Who is told when a date of the open case has passed. */
  setSecond(second: number | null): Promise<void>;
}

const viewedOf = (view: CaseView): number => view.listing.conversationLength - 1;

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

export function caseActs({ state, attempt, job, took, showCase, draw }: CaseTools): CaseDesk {
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
        const input = { caseId, ...said, ...dated, viewed: viewedOf(open) };
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
        const input = { caseId, text: draft.note, files: [], viewed: viewedOf(open) };
        const view = await job({ place: "note", label: "console:job.keeping", fixed: true }, "note", input);
        if (draft.note === input.text) draft.note = "";
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
      await attempt("status", async () => {
        const told = { place: "status", label: "console:job.keeping", fixed: true } as const;
        const sealed = phase === "closed" && disposition !== "" ? disposition : null;
        const viewed = viewedOf(open);
        // Deciding the same again writes nothing, so that a reply which failed can be tried once more.
        let view = await job(told, "decide", { caseId, phase, disposition: sealed, reason, on: today(), viewed });
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
      await attempt("delete", async () => {
        const told = { place: "delete", label: "console:job.deleting", fixed: true } as const;
        const deletion = await job(told, "deleteCase", { caseId });
        state.drafts.delete(caseId);
        state.listings = state.listings?.filter((each) => each.caseId !== caseId) ?? null;
        Object.assign(state, { chosen: null, open: null, exported: null, tab: "conversation" });
        state.deleted = deletion === null ? null : { name, on: deletion.day };
        state.done = deletion?.erased === false ? "console:done.deletedSoon" : "console:done.deleted";
      });
    },
    async markRead() {
      const { open } = state;
      if (open === null) return;
      await attempt("case", async () => {
        const input = { caseId: open.listing.caseId, viewed: viewedOf(open) };
        took(
          await job({ place: "case", label: "console:job.keeping", fixed: true }, "markRead", input),
          "console:done.read",
        );
      });
    },
    act(place, done, draft, visible = {}, files = []) {
      const { open } = state;
      if (open === null) return Promise.resolve(false);
      const { caseId } = open.listing;
      return attempt(place, async () => {
        const input = { caseId, draft, visible, files, viewed: viewedOf(open) };
        took(await job({ place, label: "console:job.keeping", fixed: files.length === 0 }, "act", input), done);
      });
    },
    async setSecond(second) {
      const { open } = state;
      if (open === null) return;
      await attempt("duties", async () => {
        const input = { caseId: open.listing.caseId, second };
        const of = { place: "duties", label: "console:job.keeping", fixed: true } as const;
        took(await job(of, "setSecond", input), "duties:done.second");
      });
    },
  };
}
