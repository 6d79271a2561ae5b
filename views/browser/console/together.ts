/** Several people on one case at once: what is new since somebody opened it, and which version a form began with. */
import type { CaseView, EntryView } from "../client/case-view.ts";
import type { CaseListing } from "../client/listing.ts";
import { newestAbout } from "../client/act-things.ts";
import type { Desktop } from "./keyholder-api.ts";
import { draftOf, type Draft, type State } from "./state.ts";

/** How long a case was when somebody looked at it. */
export interface Since {
  caseId: string;
  conversation: number;
  team: number;
  /** Place of the newest message that was on the screen. */
  viewed: number;
}

const newestPlace = ({ listing }: CaseView): number => listing.conversationLength - 1;

/** From now on, what comes is new. */
export function markSince(state: State, view: CaseView): void {
  const { caseId, conversationLength: conversation, teamLength: team } = view.listing;
  state.since = { caseId, conversation, team, viewed: newestPlace(view) };
}

/** What has just been drawn counts as seen only where it can be seen. */
export function noteViewed(state: State): void {
  const { open, since, tab } = state;
  if (open !== null && since?.caseId === open.listing.caseId && tab === "conversation" && !document.hidden)
    since.viewed = newestPlace(open);
}

export function viewedOf({ since }: State, view: CaseView): number {
  return since?.caseId === view.listing.caseId ? since.viewed : newestPlace(view);
}

/** New keys, and that somebody else may read on, are no news. */
const isTold = ({ kind, act }: EntryView): boolean =>
  kind !== "team" && kind !== "teamrekey" && kind !== "rekey" && !(act?.act === "conflict" && !act.has);

/** By others, and come since the case was opened. `stream` 0: the conversation, 1: the team's. */
export function isNew({ since, me, open }: State, entry: EntryView, stream: 0 | 1): boolean {
  if (since === null || since.caseId !== open?.listing.caseId) return false;
  if (entry.author !== null && entry.author.id === me?.id) return false;
  return isTold(entry) && entry.seq >= (stream === 0 ? since.conversation : since.team);
}

export interface News {
  messages: number;
  replies: number;
  notes: number;
}

export function newsOf(state: State, { conversation, team }: CaseView): News {
  const written = conversation.filter((entry) => isNew(state, entry, 0));
  const messages = written.filter(({ author }) => author === null).length;
  const notes = team.entries.filter((entry) => isNew(state, entry, 1)).length;
  return { messages, replies: written.length - messages, notes };
}

/** Streams only grow: what is shorter was read earlier. */
const isNoOlder = (a: CaseListing, b: CaseListing): boolean =>
  a.conversationLength >= b.conversationLength && a.teamLength >= b.teamLength;

/** Takes what a look brought, but for what the page knows newer from an act that ran meanwhile. */
export function takeDesktop(state: State, { listings, shown, ...rest }: Desktop): void {
  const before = state.listings === null ? null : new Map(state.listings.map((each) => [each.caseId, each]));
  const merged = listings.map((each) => {
    const known = before?.get(each.caseId);
    return known === undefined || isNoOlder(each, known) ? each : known;
  });
  if (before !== null && state.left === 0) state.arrived += listings.filter(({ caseId }) => !before.has(caseId)).length;
  Object.assign(state, { ...rest, listings: merged });
  const { open } = state;
  if (open === null) return;
  state.gone = !listings.some(({ caseId }) => caseId === open.listing.caseId);
  if (shown?.listing.caseId === open.listing.caseId && isNoOlder(shown.listing, open.listing)) state.open = shown;
}

const newestSeq = (view: CaseView, thing: string): number | null => newestAbout(view.team.entries, thing)?.seq ?? null;

/**
 * Notes at each drawing which version a form is about: what was newest when nothing was typed yet.
 * Answers the act that somebody wrote since, or null.
 */
export function overtakenBy(
  draft: Draft,
  view: CaseView,
  { thing, form, begun }: { thing: string; form: string; begun: boolean },
): EntryView | null {
  const newest = newestSeq(view, thing);
  if (!begun || !Object.hasOwn(draft.bases, form)) draft.bases[form] = newest;
  return draft.bases[form] === newest ? null : newestAbout(view.team.entries, thing);
}

/** The version that a form was begun with, or what the page shows where there is no form. */
export function basedOn(state: State, view: CaseView, thing: string, form: string): number | null {
  const { bases } = draftOf(state, view.listing.caseId);
  return Object.hasOwn(bases, form) ? bases[form]! : newestSeq(view, thing);
}
