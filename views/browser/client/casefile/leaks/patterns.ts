/** Many patterns sought at once, in one pass: a rolling hash for each of a few lengths with which patterns begin. */
import { kinds, type Tight } from "./tight.ts";

/** Whole: all that was redacted there. Run: part of something long. Word: a name or number out of it. */
export type How = "whole" | "run" | "word";

export interface Pattern {
  /** The redacted text that it is of: its place in the list. */
  needle: number;
  how: How;
  /** Which name or number out of it; null: none of these. */
  word: number | null;
  /** From `from` to `to` of it, in units. */
  tight: Tight;
  from: number;
  to: number;
  /** Long enough to be sought within words and across them; others match whole words only. */
  loose: boolean;
}

/** Whether the text begins and ends where this part of it does; otherwise its edge may lie within a word. */
export interface Edges {
  first: boolean;
  last: boolean;
}

export interface Hit {
  pattern: Pattern;
  /** Units before it. */
  at: number;
}

interface Anchors {
  length: number;
  /** Which of 65,536 remainders some pattern has: most places need no look into the table. */
  filter: Uint8Array;
  table: Map<number, Pattern[]>;
}

export type PatternIndex = readonly Anchors[];

/** Texts have short words in them. Bytes are many: one pass must do. */
export const anchorsOfTexts = [16, 8, 4, 2, 1];
export const anchorsOfBytes = [4];
const base = 0x01000193;

function hashOf(units: Uint16Array, from: number, length: number): number {
  let hash = 0;
  for (let i = from; i < from + length; i++) hash = (Math.imul(hash, base) + units[i]!) | 0;
  return hash;
}

/** `lengths`: falling; what is shorter than the last is never found. */
export function indexPatterns(patterns: readonly Pattern[], lengths: readonly number[]): PatternIndex {
  return lengths.flatMap((length, i) => {
    const longer = lengths[i - 1] ?? Infinity;
    const own = patterns.filter(({ from, to }) => to - from >= length && to - from < longer);
    if (own.length === 0) return [];
    const anchors: Anchors = { length, filter: new Uint8Array(0x10000), table: new Map() };
    for (const pattern of own) {
      const hash = hashOf(pattern.tight.units, pattern.from, length);
      anchors.filter[hash & 0xffff] = 1;
      const same = anchors.table.get(hash);
      if (same === undefined) anchors.table.set(hash, [pattern]);
      else same.push(pattern);
    }
    return [anchors];
  });
}

/** Calls `onHit` for each place of each pattern. */
export function findPatterns(text: Tight, index: PatternIndex, edges: Edges, onHit: (hit: Hit) => void): void {
  for (const { length, filter, table } of index) {
    const { units } = text;
    if (units.length < length) continue;
    let out = 1;
    for (let i = 0; i < length; i++) out = Math.imul(out, base);
    let hash = hashOf(units, 0, length);
    for (let at = 0; ; at++) {
      if (filter[hash & 0xffff] === 1)
        for (const pattern of table.get(hash) ?? [])
          if (isAt(text, at, pattern) && isWithin(text, at, pattern, edges)) onHit({ pattern, at });
      if (at + length >= units.length) break;
      hash = (Math.imul(hash, base) + units[at + length]! - Math.imul(out, units[at]!)) | 0;
    }
  }
}

function isAt({ units }: Tight, at: number, { tight, from, to }: Pattern): boolean {
  if (at + to - from > units.length) return false;
  for (let i = from; i < to; i++) if (units[at + i - from] !== tight.units[i]) return false;
  return true;
}

/** Numbers are never cut; short words stand by themselves and are whole. */
function isWithin(text: Tight, at: number, pattern: Pattern, { first, last }: Edges): boolean {
  const { tight, from, to, loose } = pattern;
  const end = at + to - from;
  const counts = (kind: number): boolean =>
    kind === kinds.digit || (!loose && (kind === kinds.letter || kind === kinds.dense));
  const cutsBefore = at === 0 ? !first : text.joined[at] === 1 && (!loose || text.kinds[at - 1] === kinds.digit);
  if (cutsBefore && counts(text.kinds[at]!)) return false;
  const cutsBehind =
    end === text.units.length ? !last : text.joined[end] === 1 && (!loose || text.kinds[end] === kinds.digit);
  if (cutsBehind && counts(text.kinds[end - 1]!)) return false;
  if (loose) return true;
  for (let i = 1; i < to - from; i++) {
    const [there, here] = [text.joined[at + i]!, tight.joined[from + i]!];
    if (there < here) return false;
    // 1.5 is not 15; but AnnLee may have been Ann Lee.
    if (there > here && tight.kinds[from + i] === kinds.digit && tight.kinds[from + i - 1] === kinds.digit)
      return false;
  }
  return true;
}
