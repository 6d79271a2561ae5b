/** What the list of cases holds: what is asked of it, where somebody is in it, what is under way for many at once. */
import type { ErrorCode } from "../../../../crypto/errors.ts";
import type { LeftOut } from "../../client/spam.ts";
import { emptyQuery, type Query } from "./queue.ts";
import { noViews, type OwnViews } from "./saved-views.ts";

export const bulkKinds = ["spam", "restore", "mute", "unmute"] as const;
export type BulkKind = (typeof bulkKinds)[number];

/** Something done to many cases, one after the other. */
export interface Bulk {
  kind: BulkKind;
  /** Where it was begun: there it is asked about. */
  from: "list" | "case";
  step: "asking" | "running" | "over";
  /** Case ids, and how many of them were dealt with. */
  wanted: readonly string[];
  done: number;
  reason: string;
  /** What the reporters are told; "": nothing. */
  tell: string;
  /** Somebody stopped it. */
  stopped: boolean;
  failed: { caseId: string; name: string; why: LeftOut | ErrorCode }[];
}

export interface QueueState {
  /** Id of the view; "": filters of one's own. */
  view: string;
  query: Query;
  /** From 0. */
  page: number;
  /** The row that has the list's place among the keys: a case id. */
  at: string | null;
  selected: ReadonlySet<string>;
  showFilters: boolean;
  showKeys: boolean;
  own: OwnViews;
  /** The first view was shown: later sign-ins keep the place. */
  begun: boolean;
  /** What a new view will be called, as it is typed. */
  newName: string;
  bulk: Bulk | null;
}

export function firstQueueState(): QueueState {
  return {
    view: "all",
    query: emptyQuery,
    page: 0,
    at: null,
    selected: new Set(),
    showFilters: false,
    showKeys: false,
    own: noViews,
    begun: false,
    newName: "",
    bulk: null,
  };
}

/** Whether words for many cases were typed that nobody wrote yet. */
export const hasWords = ({ bulk }: QueueState): boolean =>
  bulk?.step === "asking" && (bulk.reason + bulk.tell).trim() !== "";

/**
 * When the keys are gone: names of views and of cases go too. What is asked of the list stays, as what was typed does,
 * with the ids of the cases that it is about.
 */
export function forgetSecrets(queue: QueueState): void {
  queue.own = noViews;
  if (!hasWords(queue)) Object.assign(queue, { selected: new Set(), bulk: null });
}
