/** What people do with the list of cases: views, filters, and things for many cases at once. */
import { newId } from "../new-id.ts";
import { failureOf, PortalError } from "../../../../crypto/errors.ts";
import type { CaseListing } from "../../client/listing.ts";
import { Cancelled } from "../ask-keyholder.ts";
import type { CaseTools } from "../desk-case.ts";
import { jobShown } from "../shown.ts";
import { today } from "../update-by.ts";
import { statusOf, type Facet } from "./facets.ts";
import type { Closing } from "./queue-api.ts";
import type { Order, Query } from "./queue.ts";
import type { Bulk, BulkKind } from "./queue-state.ts";
import { longestViewName, mostViews, queryOf, toggled, type OwnViews } from "./saved-views.ts";

export interface QueueDesk {
  /** After signing in: opens the member's own views, and shows the first one once. */
  begin(): Promise<void>;
  showView(id: string): void;
  toggle(facet: Facet, value: string): void;
  find(text: string): void;
  order(order: Order): void;
  clear(): void;
  turnTo(page: number): void;
  select(caseIds: readonly string[], on: boolean): void;
  /** Begins; asks first where something is written that others see. */
  startBulk(kind: BulkKind, caseIds: readonly string[], from?: Bulk["from"]): void;
  /** One mailbox from its row: what is selected, and what is asked about it, stays. */
  mute(caseId: string, on: boolean): Promise<void>;
  runBulk(): Promise<void>;
  endBulk(): void;
  saveView(): Promise<void>;
  removeView(id: string): Promise<void>;
  keep(own: OwnViews, done: string): Promise<void>;
}

const doneWords: Readonly<Record<BulkKind, string>> = {
  spam: "queue:bulk.spam.done",
  restore: "queue:bulk.restore.done",
  mute: "queue:bulk.mute.done",
  unmute: "queue:bulk.unmute.done",
};

/** Which of the cases can be done that to at all. */
export function bulkFits(kind: BulkKind, listing: CaseListing): boolean {
  if (listing.gate !== "cleared") return false;
  switch (kind) {
    case "spam":
      return listing.phase !== "closed" && !listing.hold;
    case "restore":
      return statusOf(listing) === "spam";
    case "mute":
      return !listing.muted;
    case "unmute":
      return listing.muted;
  }
}

export function makeQueueDesk({ state, attempt, job, showCase, draw }: CaseTools): QueueDesk {
  const queue = (): typeof state.queue => state.queue;

  /** Another list begins at its first page. */
  function ask(query: Query, view: string): void {
    Object.assign(queue(), { query, view, page: 0, at: null });
    draw();
  }

  const listed = (caseId: string): CaseListing | undefined => state.listings?.find((each) => each.caseId === caseId);

  async function one(bulk: Bulk, listing: CaseListing): Promise<Closing> {
    const { caseId } = listing;
    const of = { place: "queue", label: `queue:bulk.${bulk.kind}.running` } as const;
    const stop = (): void => {
      bulk.stopped = true;
      draw();
    };
    const words = { caseId, reason: bulk.reason, on: today() };
    const told = <T>(answer: Promise<T>): Promise<T> => {
      // Stopping ends after the case that is being written: half of one would be worse.
      const running = jobShown(state, "queue");
      if (running !== null) running.cancel = stop;
      draw();
      return answer;
    };
    switch (bulk.kind) {
      case "spam":
        return told(job(of, "closeAsSpam", { ...words, tell: bulk.tell }));
      case "restore":
        return told(job(of, "restore", words));
      case "mute":
      case "unmute":
        return told(job(of, "mute", { caseId, on: bulk.kind === "mute" }));
    }
  }

  async function eachOf(bulk: Bulk): Promise<void> {
    for (const caseId of bulk.wanted) {
      if (bulk.stopped) return;
      const listing = listed(caseId);
      if (listing !== undefined) await tryOne(bulk, listing);
      bulk.done += 1;
    }
  }

  /** One that fails leaves the others alone. */
  async function tryOne(bulk: Bulk, listing: CaseListing): Promise<void> {
    const { caseId, name } = listing;
    try {
      const outcome = await one(bulk, listing);
      if (outcome.is === "left") bulk.failed.push({ caseId, name, why: outcome.why });
      else showCase(outcome.view);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      bulk.failed.push({ caseId, name, why: failureOf(error).code });
    }
  }

  async function keep(own: OwnViews, done: string): Promise<void> {
    await attempt("queue", async () => {
      const of = { place: "queue", label: "console:job.keeping", fixed: true } as const;
      const kept = await job(of, "keepViews", { was: queue().own, now: own });
      queue().own = kept;
      state.done = done;
    });
  }

  const desk: QueueDesk = {
    async begin() {
      const of = { place: "queue", label: "console:job.listing", fixed: true } as const;
      await attempt("queue", async () => {
        const own = await job(of, "views", null);
        Object.assign(queue(), { own });
        if (queue().begun) return;
        const first = queryOf(own.first, own);
        Object.assign(queue(), { begun: true, ...(first !== null && { view: own.first, query: first }) });
      });
    },
    showView(id) {
      const query = queryOf(id, queue().own);
      if (query !== null) ask(query, id);
    },
    toggle: (facet, value) => ask(toggled(queue().query, facet, value), ""),
    find: (text) => ask({ ...queue().query, text }, queue().view),
    order: (order) => ask({ ...queue().query, order }, queue().view),
    clear: () => desk.showView("all"),
    turnTo(page) {
      Object.assign(queue(), { page, at: null });
      state.focus = [".th-listed[tabindex='0']"];
      draw();
    },
    select(caseIds, on) {
      const selected = new Set(queue().selected);
      for (const each of caseIds)
        if (on) selected.add(each);
        else selected.delete(each);
      queue().selected = selected;
      draw();
    },
    startBulk(kind, caseIds, from = "list") {
      const bulk: Bulk = {
        kind,
        from,
        step: "asking",
        wanted: caseIds.filter((each) => bulkFits(kind, listed(each)!)),
        done: 0,
        reason: "",
        tell: "",
        stopped: false,
        failed: [],
      };
      Object.assign(state, { missing: {}, problem: null });
      queue().bulk = bulk;
      if (kind === "mute" || kind === "unmute") return void desk.runBulk();
      state.focus = ["#bulk-title"];
      draw();
    },
    async mute(caseId, on) {
      const kind = on ? "mute" : "unmute";
      const of = { place: "queue", label: `queue:bulk.${kind}.running`, fixed: true } as const;
      await attempt("queue", async () => {
        const outcome = await job(of, "mute", { caseId, on });
        if (outcome.is === "left") throw new PortalError("conflict", outcome.why);
        showCase(outcome.view);
        state.done = doneWords[kind];
      });
    },
    async runBulk() {
      const { bulk } = queue();
      if (bulk === null || bulk.step !== "asking") return;
      const asksWhy = bulk.kind === "spam" || bulk.kind === "restore";
      state.missing = asksWhy && bulk.reason.trim() === "" ? { "bulk-reason": "console:missing.reason" } : {};
      if (Object.keys(state.missing).length > 0) return draw();
      bulk.step = "running";
      await attempt("queue", () => eachOf(bulk));
      // Locking took it off the page.
      if (queue().bulk !== bulk) return;
      bulk.step = "over";
      const left = new Set([...bulk.wanted.slice(bulk.done), ...bulk.failed.map(({ caseId }) => caseId)]);
      if (bulk.from === "list") queue().selected = left;
      if (left.size === 0) {
        queue().bulk = null;
        state.done = doneWords[bulk.kind];
      } else state.focus = ["#bulk-title"];
      draw();
    },
    endBulk() {
      const from = queue().bulk?.from;
      queue().bulk = null;
      state.missing = {};
      state.focus = from === "case" ? ["#case-restore", "#case-title"] : [".th-listed[tabindex='0']"];
      draw();
    },
    async saveView() {
      const { own, newName, query } = queue();
      const name = newName.trim().slice(0, longestViewName);
      state.missing = name === "" ? { "view-name": "queue:views.nameMissing" } : {};
      if (name === "") return draw();
      const id = newId();
      await keep({ ...own, views: [...own.views, { id, name, query }].slice(-mostViews) }, "queue:views.saved");
      if (queryOf(id, queue().own) !== null) Object.assign(queue(), { view: id, newName: "" });
      draw();
    },
    async removeView(id) {
      const { own } = queue();
      const views = own.views.filter((each) => each.id !== id);
      await keep({ ...own, views, first: own.first === id ? "all" : own.first }, "queue:views.removed");
      desk.showView("all");
    },
    keep,
  };
  return desk;
}
