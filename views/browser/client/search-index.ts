/**
 * Finds opened cases by the words in them. All of it is in memory: the index, and the texts from which a find is
 * shown. For a worker: it knows no page.
 */
import MiniSearch, { type Query } from "minisearch";
import type { CaseTexts } from "./digest-types.ts";
import { parseQuery, type ExactPart, type Part } from "./search-query.ts";
import { makeSnippet, type SnippetPart } from "./search-snippet.ts";
import { entriesOf, fold } from "./search-text.ts";

export type SearchField = Exclude<keyof CaseTexts, "caseId">;

export interface SearchHit {
  /** Hex. */
  caseId: string;
  /** The higher, the nearer; of no unit. */
  score: number;
  /** Where the most of what was sought is. */
  field: SearchField;
  /** Some words of that field, in order. */
  snippet: SnippetPart[];
}

/** In the order in which one of them is shown, where several have the same. */
const fields = ["name", "title", "tags", "files", "report", "messages", "notes"] as const satisfies SearchField[];
const boost = { name: 8, title: 4, tags: 3, files: 2, report: 1.5 };

/** What is longer is entered up to here, in UTF-16 units of each field: a million is a thousand pages. */
const mostText = 1_000_000;
/** Signatures and the like: a longer word is entered by its beginning. */
const mostWord = 64;
/** Text that one call may read again, in UTF-16 units, to see whether letters follow one another there. */
const mostRead = 20_000_000;
/** Text that one call may go through to show finds. */
const mostTraced = 1_000_000;

const cut = (entry: string): string => entry.slice(0, mostWord);

function queryOf(part: Part): Query {
  switch (part.is) {
    case "word":
      return { queries: [cut(part.text)], prefix: part.prefix, fuzzy: part.slips };
    case "exact":
      return {
        combineWith: "AND",
        queries: part.entries.map(({ text, prefix }) => ({ queries: [cut(text)], prefix, fuzzy: false })),
      };
  }
}

export class SearchIndex {
  private readonly index = new MiniSearch<CaseTexts>({
    idField: "caseId",
    fields: [...fields],
    tokenize: entriesOf,
    processTerm: cut,
    // What is sought was taken apart by parseQuery.
    searchOptions: { tokenize: (entry) => [entry], processTerm: (entry) => entry, combineWith: "AND", boost },
    // Nothing of a case is logged.
    logger: () => {},
  });
  /** As entered: what is taken out must be the same, or parts of it stay. */
  private readonly texts = new Map<string, CaseTexts>();

  /** How many cases are in it. */
  get size(): number {
    return this.texts.size;
  }

  /** A case that is in it already is replaced. */
  put(texts: CaseTexts): void {
    this.remove(texts.caseId);
    const kept = { ...texts };
    for (const field of fields) kept[field] = texts[field].slice(0, mostText);
    this.texts.set(kept.caseId, kept);
    this.index.add(kept);
  }

  /** Nothing of it stays. */
  remove(caseId: string): void {
    const texts = this.texts.get(caseId);
    if (texts === undefined) return;
    this.index.remove(texts);
    this.texts.delete(caseId);
  }

  clear(): void {
    this.index.removeAll();
    this.texts.clear();
  }

  /**
   * The cases that have all of what was typed, nearest first, `limit` at most.
   * @param language BCP 47 tag of the one who asks
   */
  find(query: string, limit: number, language?: string): SearchHit[] {
    const parts = parseQuery(query, language);
    if (parts.length === 0) return [];
    const doubtful = parts.filter((part) => part.is === "exact").filter((part) => !part.proven);
    const found: SearchHit[] = [];
    let left = mostRead;
    let trace = mostTraced;
    for (const { id, score, match } of this.index.search({ combineWith: "AND", queries: parts.map(queryOf) })) {
      const texts = this.texts.get(String(id));
      if (texts === undefined) continue;
      if (found.length === limit || left <= 0) break;
      const counts = countByField(match);
      if (doubtful.length > 0) left -= fields.reduce((sum, field) => sum + texts[field].length, 0);
      if (!hasAll(texts, doubtful, counts)) continue;
      const field = fields.reduce((best, each) => (counts[each] > counts[best] ? each : best));
      const snippet = makeSnippet(texts[field], parts, Object.keys(match), trace);
      trace -= texts[field].length;
      found.push({ caseId: texts.caseId, score, field, snippet });
    }
    return found;
  }

  /** The nearest as find tells them, and whether there are more. */
  nearest(query: string, limit: number, language?: string): { hits: SearchHit[]; more: boolean } {
    const found = this.find(query, limit + 1, language);
    return { hits: found.slice(0, limit), more: found.length > limit };
  }
}

type Counts = Record<SearchField, number>;

/** How much of what is sought each field has. */
function countByField(match: Readonly<Record<string, string[]>>): Counts {
  const has = Object.values(match).flat();
  const counted = fields.map((field) => [field, has.filter((each) => each === field).length]);
  return Object.fromEntries(counted) as Counts;
}

/** Whether the letters follow one another somewhere; the field in which they do counts for more. */
function hasAll(texts: CaseTexts, parts: readonly ExactPart[], counts: Counts): boolean {
  if (parts.length === 0) return true;
  const folded = fields.map((field) => ({ field, text: counts[field] === 0 ? "" : fold(texts[field]) }));
  return parts.every(({ entries, pattern }) => {
    const having = folded.filter(({ text }) => text.search(pattern) !== -1);
    for (const { field } of having) counts[field] += entries.length;
    return having.length > 0;
  });
}
