/**
 * What was redacted, sought in texts: the last look at a case file before it leaves. Pure. How texts come out of files
 * is casefile/leaks/; docs/decisions/0011-leak-check.md says why so.
 */
import { namesIn } from "./leaks/names.ts";
import {
  anchorsOfBytes,
  anchorsOfTexts,
  findPatterns,
  indexPatterns,
  type Edges,
  type How,
  type Pattern,
  type PatternIndex,
} from "./leaks/patterns.ts";
import { bytesAsTheyAre, heftOf, kinds, tighten, tightenBytes, type Tight } from "./leaks/tight.ts";

/** In halves of a Latin letter, as tight.ts counts. */
const looseHeft = 16;
const runHeft = 64;
const faintHeft = 6;
const wordHeft = 8;
/** Bytes: shorter ones are found by chance in films and archives. */
const leastBytes = 6;
const longestBytes = 48;

export interface Needles {
  /** How many redacted texts there are; findings name them by their place in that list. */
  count: number;
  texts: PatternIndex;
  bytes: PatternIndex;
  /** UTF-16 of other letters than Latin ones: half of its bytes look like punctuation. */
  exactBytes: PatternIndex;
  /** Which writing systems occur, for old encodings. */
  scripts: readonly Script[];
  /** Too short to say anything by itself ("no", "5"): what is found of it is a remark. */
  faint: ReadonlySet<number>;
}

/** One thing that was found; says nothing of its words. */
export interface Sight {
  /** Place of the redacted text in the list that `needlesOf` was given. */
  needle: number;
  how: How;
  /** Which of `wordsOf` it; null: all of it, or a run. */
  word: number | null;
  /** A leak stops the export. A remark is for counsel to look at: a name may be there with good reason. */
  is: "leak" | "remark";
  /** Letters before it, as tight.ts counts; `lineOf` knows the line. */
  at: number;
}

/** `texts`: what each redaction took out, as it was written. Those without a letter, digit or sign are never found. */
export function needlesOf(texts: readonly string[]): Needles {
  const patterns = texts.flatMap((text, needle) => [...wholeOrRuns(tighten(text), needle), ...words(text, needle)]);
  const faint = texts.flatMap((text, needle) => (tighten(text).heft < faintHeft ? [needle] : []));
  return {
    count: texts.length,
    texts: indexPatterns(patterns, anchorsOfTexts),
    bytes: indexPatterns(
      texts.flatMap((text, needle) => bytePatterns(text, needle, spellings, tightenBytes)),
      anchorsOfBytes,
    ),
    exactBytes: indexPatterns(
      texts.flatMap((text, needle) => bytePatterns(text, needle, wideSpellings, bytesAsTheyAre)),
      anchorsOfBytes,
    ),
    scripts: scriptNames.filter((script) => texts.some((text) => scriptPatterns[script].test(text))),
    faint: new Set(faint),
  };
}

/** `edges`: of which part of a longer text this is. The first sight of each needle in each way, and of each word of it. */
export function findIn(text: string, needles: Needles, edges: Edges = { first: true, last: true }): Sight[] {
  return sights(tighten(text), needles.texts, needles, edges);
}

/** The same in bytes that are no text, where words stand plainly in UTF-8, UTF-16 or Latin-1. */
export function findInBytes(bytes: Uint8Array, needles: Needles, edges: Edges = { first: true, last: true }): Sight[] {
  return [
    ...sights(tightenBytes(bytes), needles.bytes, needles, edges),
    ...(needles.exactBytes.length === 0 ? [] : sights(bytesAsTheyAre(bytes), needles.exactBytes, needles, edges)),
  ];
}

function sights(text: Tight, index: PatternIndex, { faint }: Needles, edges: Edges): Sight[] {
  const seen = new Map<string, Sight>();
  findPatterns(text, index, edges, ({ pattern: { needle, how, word }, at }) => {
    const key = `${String(needle)} ${how} ${String(word)}`;
    const is = how === "word" || faint.has(needle) ? "remark" : "leak";
    if (!(at >= (seen.get(key)?.at ?? Infinity))) seen.set(key, { needle, how, word, is, at });
  });
  return [...seen.values()];
}

const someLines = /[^\n]*(?:\n[^\n]*){0,255}\n?/g;

/** Line of a text, from 1, in which that many letters have passed. */
export function lineOf(text: string, at: number): number {
  let [line, left] = [1, at];
  // Many lines at once until it is one of them.
  for (const [lines] of text.matchAll(someLines)) {
    const { length } = tighten(lines).units;
    if (length > left) return line + withinLines(lines, left);
    left -= length;
    line += lines.split("\n").length - 1;
  }
  return line;
}

function withinLines(lines: string, at: number): number {
  let left = at;
  return lines.split("\n").findIndex((each) => {
    left -= tighten(each).units.length;
    return left < 0;
  });
}

const patternOf = (tight: Tight, needle: number, word: number | null): Pattern => {
  const how = word === null ? "whole" : "word";
  return { needle, how, word, tight, from: 0, to: tight.units.length, loose: tight.heft >= looseHeft };
};

/** Of what is long each run of some words: half a paragraph is a leak too. */
function wholeOrRuns(tight: Tight, needle: number): Pattern[] {
  if (tight.heft <= runHeft) return tight.units.length === 0 ? [] : [patternOf(tight, needle, null)];
  const runs: Pattern[] = [];
  let [to, heft] = [0, 0];
  for (let from = 0; from < tight.units.length; from++) {
    while (heft < runHeft && to < tight.units.length) heft += heftOf(tight, to, ++to);
    if (heft < runHeft) break;
    if (tight.joined[from] === 0 || tight.kinds[from] === kinds.unspaced)
      runs.push({ needle, how: "run", word: null, tight, from, to, loose: true });
    heft -= heftOf(tight, from, from + 1);
  }
  return runs;
}

const mail = /[^\s<>()[\]",;:]+@[^\s<>()[\]",;:]+\.\p{L}{2,}/gu;
const number = /\+?\p{Nd}[\p{Nd}\p{Zs}()./-]{4,}\p{Nd}/gu;
const code = /(?<![\p{L}\p{N}])(?=[\p{L}-]*\p{Nd})(?=[\p{Nd}-]*\p{L})[\p{L}\p{Nd}-]{6,}/gu;
const date = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\s?\d{1,2}[-./]\s?(?:\d{2}|\d{4}))$/;

/** What tells most of a redaction by itself: addresses, long numbers, codes and names, as they stand in it. */
export function wordsOf(text: string): string[] {
  const whole = tighten(text).units.length;
  const numbers = (text.match(number) ?? []).filter(
    (each) => !date.test(each) && each.replaceAll(/\P{Nd}/gu, "").length >= 6,
  );
  const all = new Set([...(text.match(mail) ?? []), ...numbers, ...(text.match(code) ?? []), ...namesIn(text)]);
  return [...all].filter((each) => {
    const { units, heft } = tighten(each);
    return units.length !== whole && heft >= wordHeft;
  });
}

const words = (text: string, needle: number): Pattern[] =>
  wordsOf(text).map((each, word) => patternOf(tighten(each), needle, word));

const utf8 = new TextEncoder();

function utf16(text: string, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), isLittle);
  return new Uint8Array(view.buffer);
}

/** Other letters than those of ASCII are sought as written, small and large. */
const casesOf = (text: string): string[] => [
  ...new Set(
    [text, text.toLowerCase(), text.toUpperCase()].flatMap((each) => [each.normalize("NFC"), each.normalize("NFD")]),
  ),
];

const isLatin1 = (text: string): boolean => Array.from(text).every((letter) => letter <= "\u00ff");

/** How words may stand in bytes of which only letters and digits count. */
const spellings = (text: string): Uint8Array[] =>
  casesOf(text).flatMap((each) => [
    utf8.encode(each),
    ...(isLatin1(each)
      ? [Uint8Array.from(each, (character) => character.charCodeAt(0)), utf16(each, true), utf16(each, false)]
      : []),
  ]);

const wideSpellings = (text: string): Uint8Array[] =>
  isLatin1(text) ? [] : casesOf(text.trim()).flatMap((each) => [utf16(each, true), utf16(each, false)]);

function bytePatterns(
  text: string,
  needle: number,
  spell: (text: string) => Uint8Array[],
  tightened: (bytes: Uint8Array) => Tight,
): Pattern[] {
  const isLong = tighten(text).heft > runHeft;
  const pieces = isLong ? piecesOf(text) : [text];
  const known = new Set<string>();
  return pieces.flatMap((piece) =>
    spell(piece).flatMap((bytes): Pattern[] => {
      const tight = tightened(bytes);
      const key = tight.units.join();
      if (tight.units.length < leastBytes || known.has(key)) return [];
      known.add(key);
      return [
        { needle, how: isLong ? "run" : "whole", word: null, tight, from: 0, to: tight.units.length, loose: true },
      ];
    }),
  );
}

/** Side by side, each of some words; a last one that is too short goes with nothing. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const word of text.split(/(?<=\s)/u)) {
    for (const part of word.match(new RegExp(`[^]{1,${String(longestBytes)}}`, "gu")) ?? []) {
      piece += part;
      if (tighten(piece).heft >= runHeft) {
        pieces.push(piece);
        piece = "";
      }
    }
  }
  return pieces;
}

export type Script = "Latin" | "Cyrillic" | "Greek" | "Hebrew" | "Arabic" | "Han" | "Kana" | "Hangul";
const scriptPatterns: Readonly<Record<Script, RegExp>> = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Arabic: /\p{Script=Arabic}/u,
  Han: /\p{Script=Han}/u,
  Kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  Hangul: /\p{Script=Hangul}/u,
};
const scriptNames = Object.keys(scriptPatterns) as Script[];
