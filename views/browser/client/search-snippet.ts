/** Some words around a find, with what was sought marked. */
import type { Part } from "./search-query.ts";
import { runsOf, trace, type Traced } from "./search-text.ts";

export interface SnippetPart {
  text: string;
  hit: boolean;
}

/** UTF-16 units. */
const lengthBefore = 60;
const lengthInAll = 200;
const blockLength = 20_000;

/** From (inclusive) and to (exclusive), in UTF-16 units. */
type Range = [from: number, to: number];

/**
 * @param entries what the index had of it
 * @param most UTF-16 units to go through; after that the text's beginning is shown, without marks
 */
export function makeSnippet(
  text: string,
  parts: readonly Part[],
  entries: readonly string[],
  most: number,
): SnippetPart[] {
  const words = wordsToMark(parts, entries);
  const composed = text.normalize("NFC");
  for (let at = 0; at < Math.min(composed.length, most);) {
    const end = endOfBlock(composed, at);
    const hits = findHits(trace(composed.slice(at, end)), parts, words);
    const [first] = hits;
    if (first !== undefined) {
      const start = at;
      return cutAround(
        composed,
        hits.map(([from, to]) => [from + start, to + start]),
      );
    }
    at = end;
  }
  return cutAround(composed, [[0, 0]]);
}

/** Entries of which only phrases are made stand elsewhere without meaning anything. */
function wordsToMark(parts: readonly Part[], entries: readonly string[]): Set<string> {
  const words = parts.filter((part) => part.is === "word");
  const inPhrases = parts.filter((part) => part.is === "exact").flatMap((part) => part.entries.map(({ text }) => text));
  const only = new Set(inPhrases.filter((entry) => !words.some(({ text }) => entry.startsWith(text))));
  return new Set(words.length === 0 ? [] : entries.filter((entry) => !only.has(entry)));
}

/** Between two words where there is a place between words. */
function endOfBlock(text: string, start: number): number {
  const end = start + blockLength;
  if (end >= text.length) return text.length;
  const space = text.lastIndexOf(" ", end);
  return space > start ? space : wholeLetter(text, end);
}

function findHits({ folded, from, to }: Traced, parts: readonly Part[], words: ReadonlySet<string>): Range[] {
  const found: Range[] = [];
  for (const part of parts)
    if (part.is === "exact")
      for (const { 0: hit, index } of folded.matchAll(part.pattern)) found.push([index, index + hit.length]);
  if (words.size > 0) {
    let at = 0;
    for (const { text } of runsOf(folded)) {
      at = folded.indexOf(text, at);
      if (words.has(text)) found.push([at, at + text.length]);
      at += text.length;
    }
  }
  const original = found.map(([start, end]): Range => [from[start] ?? 0, to[end - 1] ?? 0]);
  return merge(original.sort(([a], [b]) => a - b));
}

function merge(sorted: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** The nearest place before `at` where no letter is cut in two. */
function wholeLetter(text: string, at: number): number {
  let whole = at;
  while (whole > 0 && /^[\udc00-\udfff]|^\p{M}/u.test(text.slice(whole))) whole -= 1;
  return whole;
}

/** `hits`: one at least, in order. */
function cutAround(text: string, hits: readonly Range[]): SnippetPart[] {
  const [firstFrom, firstTo] = hits[0] ?? [0, 0];
  const wanted = Math.max(0, firstFrom - lengthBefore);
  const gap = wanted === 0 ? -1 : text.slice(wanted, firstFrom).search(/\s/u);
  const start = gap === -1 ? wholeLetter(text, wanted) : wanted + gap + 1;
  const far = Math.max(firstTo, start + lengthInAll);
  const space = far >= text.length ? -1 : text.slice(firstTo, far).search(/\s\S*$/u);
  const end = far >= text.length ? text.length : space === -1 ? wholeLetter(text, far) : firstTo + space;
  const parts: SnippetPart[] = [];
  let at = start;
  for (const [from, to] of hits) {
    if (from >= end || to === from) continue;
    parts.push({ text: text.slice(at, from), hit: false }, { text: text.slice(from, Math.min(to, end)), hit: true });
    at = Math.min(to, end);
  }
  parts.push({ text: text.slice(at, end), hit: false });
  const shown = parts.map(({ text: words, hit }) => ({ text: words.replace(/\s+/gu, " "), hit }));
  const edges = [
    ...(start > 0 ? [{ text: "…", hit: false }] : []),
    ...shown,
    ...(end < text.length ? [{ text: "…", hit: false }] : []),
  ];
  return edges.filter((part) => part.text !== "");
}
