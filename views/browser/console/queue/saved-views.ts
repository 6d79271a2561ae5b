/** Views of the list: those that everybody has, and a member's own. */
import type { Facet } from "./facets.ts";
import { facets } from "./facets.ts";
import { emptyQuery, type Query } from "./queue.ts";

/** In the order in which they are offered. */
export const builtInViews = ["all", "today", "mine", "nobody", "new", "going", "spam"] as const;
export type BuiltInView = (typeof builtInViews)[number];

const unfinished = ["received", "open"];
const chosenIn: Record<BuiltInView, Query["chosen"]> = {
  all: {},
  today: { mark: ["needsMe"] },
  mine: { assignee: ["me"], status: unfinished },
  nobody: { assignee: ["nobody"], status: unfinished },
  new: { status: ["undeclared", "received"] },
  going: { mark: ["going"] },
  spam: { status: ["spam"] },
};

export interface SavedView {
  /** 16 hex digits; a built-in view has its name. */
  id: string;
  name: string;
  query: Query;
}

/** What a member keeps of how they like to work, sealed on this device. */
export interface OwnViews {
  views: readonly SavedView[];
  /** Id of the view that comes first after signing in. */
  first: string;
  /** Whether single letters do something. */
  letters: boolean;
}

export const noViews: OwnViews = { views: [], first: "all", letters: true };

export const mostViews = 30;
export const longestViewName = 60; // characters

export const isBuiltIn = (id: string): id is BuiltInView => (builtInViews as readonly string[]).includes(id);

/** Null: there is no such view any more. */
export function queryOf(id: string, { views }: OwnViews): Query | null {
  if (isBuiltIn(id)) return { ...emptyQuery, chosen: chosenIn[id] };
  return views.find((each) => each.id === id)?.query ?? null;
}

/**
 * What one window changed from `was` to `now`, done to what is `kept`: another window of the same member may have kept
 * views of its own since.
 */
export function mergeViews(was: OwnViews, now: OwnViews, kept: OwnViews): OwnViews {
  const isIn = ({ views }: OwnViews, { id }: SavedView): boolean => views.some((each) => each.id === id);
  const removed = (view: SavedView): boolean => isIn(was, view) && !isIn(now, view);
  const added = now.views.filter((view) => !isIn(was, view) && !isIn(kept, view));
  const views = [...kept.views.filter((view) => !removed(view)), ...added].slice(-mostViews);
  const first = now.first === was.first ? kept.first : now.first;
  return {
    views,
    first: isBuiltIn(first) || views.some(({ id }) => id === first) ? first : noViews.first,
    letters: now.letters === was.letters ? kept.letters : now.letters,
  };
}

/** Takes a value in or out. */
export function toggled(query: Query, facet: Facet, value: string): Query {
  const now = query.chosen[facet] ?? [];
  const next = now.includes(value) ? now.filter((each) => each !== value) : [...now, value];
  return { ...query, chosen: { ...query.chosen, [facet]: next } };
}

/** All that is chosen, in the order of the facets. */
export function chosenOf({ chosen }: Query): { facet: Facet; value: string }[] {
  return facets.flatMap((facet) => (chosen[facet] ?? []).map((value) => ({ facet, value })));
}
