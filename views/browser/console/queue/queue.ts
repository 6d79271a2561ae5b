/** Which cases a list shows, in which order, and on which page. Pure and quick: 10,000 cases at each key that is typed. */
import type { CaseListing } from "../../client/listing.ts";
import { fold } from "../../client/search-text.ts";
import { severities } from "../../../../crypto/work-acts.ts";
import { facets, statusOf, valuesOf, type Facet, type Looking } from "./facets.ts";

export const orders = ["due", "newest", "category", "severity"] as const;
export type Order = (typeof orders)[number];

/** What somebody asked of the list. */
export interface Query {
  /** Words of the case's name or title; each must be there. */
  text: string;
  /** Of "mark" a case must have all that are chosen, of any other at least one. */
  chosen: Partial<Record<Facet, readonly string[] | undefined>>;
  order: Order;
}

export const emptyQuery: Query = { text: "", chosen: {}, order: "due" };

export interface Filtered {
  /** Those that fit, in the order in which they came. */
  rows: readonly CaseListing[];
  /** How many more or other cases each choice would show, by facet and value. */
  counts: Readonly<Record<Facet, ReadonlyMap<string, number>>>;
}

const foldedNames = new WeakMap<CaseListing, string>();

function foldedNameOf(listing: CaseListing): string {
  const known = foldedNames.get(listing);
  if (known !== undefined) return known;
  const folded = fold(`${listing.title} ${listing.name}`);
  foldedNames.set(listing, folded);
  return folded;
}

/** By facet, in their order; worked out once for each listing and day. */
let values = new WeakMap<CaseListing, readonly (readonly string[])[]>();
let valuesFor = "";

function allValues(listing: CaseListing, looking: Looking): readonly (readonly string[])[] {
  const who = `${looking.me} ${looking.today}`;
  if (who !== valuesFor) [values, valuesFor] = [new WeakMap(), who];
  const known = values.get(listing);
  if (known !== undefined) return known;
  const all = facets.map((facet) => valuesOf(listing, facet, looking));
  values.set(listing, all);
  return all;
}

const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/\s+/)
    .filter((word) => word !== "");

function fits(facet: Facet, wanted: readonly string[], has: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  return facet === "mark" ? wanted.every((each) => has.includes(each)) : wanted.some((each) => has.includes(each));
}

/** How many fit, and nothing else. */
export function countOf(listings: readonly CaseListing[], { chosen }: Query, looking: Looking): number {
  const wanted = facets.map((facet) => chosen[facet] ?? []);
  return listings.filter((listing) => {
    const has = allValues(listing, looking);
    return facets.every((facet, i) => fits(facet, wanted[i]!, has[i]!));
  }).length;
}

/** A choice of a facet is counted among the cases that fit all other facets. */
export function filter(listings: readonly CaseListing[], { text, chosen }: Query, looking: Looking): Filtered {
  const counts = Object.fromEntries(facets.map((facet) => [facet, new Map<string, number>()])) as Record<
    Facet,
    Map<string, number>
  >;
  const words = wordsOf(text);
  const wanted = facets.map((facet) => chosen[facet] ?? []);
  const rows = listings.filter((listing) => {
    if (words.length > 0 && !words.every((word) => foldedNameOf(listing).includes(word))) return false;
    const has = allValues(listing, looking);
    const failing = facets.filter((facet, i) => !fits(facet, wanted[i]!, has[i]!));
    if (failing.length > 1 || failing[0] === "mark") return false;
    for (const [i, facet] of facets.entries()) {
      if (failing.length === 1 && failing[0] !== facet) continue;
      const of = counts[facet];
      for (const value of has[i]!) of.set(value, (of.get(value) ?? 0) + 1);
    }
    return failing.length === 0;
  });
  return { rows, counts };
}

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** What has a date comes first; then what is not done; what is closed, and spam, last. */
function restOf(listing: CaseListing): number {
  if (listing.remindOn !== null) return 0;
  const status = statusOf(listing);
  return status === "spam" ? 3 : status === "closed" ? 2 : 1;
}

function byDue(a: CaseListing, b: CaseListing): number {
  return (
    compare(restOf(a), restOf(b)) ||
    compare(a.remindOn ?? "", b.remindOn ?? "") ||
    Number(b.urgent) - Number(a.urgent) ||
    compare(a.receivedOn, b.receivedOn) ||
    compare(a.name, b.name) ||
    compare(a.caseId, b.caseId)
  );
}

const severityRank = ({ severity }: CaseListing): number =>
  severity === null ? severities.length : severities.length - 1 - severities.indexOf(severity);

/** `said`: a category in words, by which people look for it. Without one comes last. */
function categoryRanks(
  rows: readonly CaseListing[],
  said: (category: string) => string,
  lang: string,
): Map<string, number> {
  const { compare: collate } = new Intl.Collator(lang);
  const categories = [...new Set(rows.map(({ category }) => category))];
  const inWords = new Map(categories.map((category) => [category, said(category)]));
  categories.sort((a, b) => Number(a === "") - Number(b === "") || collate(inWords.get(a)!, inWords.get(b)!));
  return new Map(categories.map((category, at) => [category, at]));
}

export interface Words {
  /** BCP 47 tag. */
  lang: string;
  category(category: string): string;
}

/** Overdue first, then by the next date, urgent ones first within a day; other orders fall back on that one. */
export function sort(rows: readonly CaseListing[], order: Order, words: Words): CaseListing[] {
  switch (order) {
    case "due":
      return rows.toSorted(byDue);
    case "newest":
      return rows.toSorted((a, b) => compare(b.receivedOn, a.receivedOn) || byDue(a, b));
    case "category": {
      const ranks = categoryRanks(rows, words.category, words.lang);
      return rows.toSorted((a, b) => ranks.get(a.category)! - ranks.get(b.category)! || byDue(a, b));
    }
    case "severity":
      return rows.toSorted((a, b) => severityRank(a) - severityRank(b) || byDue(a, b));
  }
}

export const pageRows = 50;

export interface PageOf {
  rows: readonly CaseListing[];
  /** From 0; the last there is when there are fewer than asked for. */
  page: number;
  pages: number;
}

export function pageOf(rows: readonly CaseListing[], wanted: number): PageOf {
  const pages = Math.max(1, Math.ceil(rows.length / pageRows));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  return { rows: rows.slice(page * pageRows, (page + 1) * pageRows), page, pages };
}

/** The numbers that a long row of pages shows: the ends, this one and its neighbours; null: a gap. */
export function pageNumbers(page: number, pages: number): (number | null)[] {
  const near = [0, page - 1, page, page + 1, pages - 1].filter((each) => each >= 0 && each < pages);
  const shown = [...new Set(near)].sort((a, b) => a - b);
  return shown.flatMap((each, i) => {
    const gap = i === 0 ? 1 : each - shown[i - 1]!;
    return gap === 1 ? [each] : gap === 2 ? [each - 1, each] : [null, each];
  });
}
