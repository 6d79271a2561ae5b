/** What somebody typed into the search box, as the parts that a case must all have. */
import { fold, pairsOf, runsOf, type Run } from "./search-text.ts";

/** A word, or the beginning of one; a slip of the keyboard is forgiven where it is long enough. */
export interface WordPart {
  is: "word";
  text: string;
  prefix: boolean;
  slips: number;
}

/** Letters as they follow one another. */
export interface ExactPart {
  is: "exact";
  /** What the index must have of it; `prefix`: or something longer that begins so. */
  entries: { text: string; prefix: boolean }[];
  /** Finds it in a folded text. */
  pattern: RegExp;
  /** Who has all entries has it: they need no second look. */
  proven: boolean;
}
export type Part = WordPart | ExactPart;

const mostLetters = 400;
const mostParts = 16;
const quoted = /["“”„«»「」『』]([^"“”„«»「」『』]+)(?:["“”„«»「」『』]|$)/gu;
const inWord = "[\\p{L}\\p{N}\\p{M}]";
const betweenWords = "[^\\p{L}\\p{N}\\p{M}]";

/** Slips allowed in a word: one from four letters on, two from eight on; none in a number. */
function slipsIn(text: string): number {
  if (/\p{N}/u.test(text)) return 0;
  const { length } = [...text];
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}

/** `open`: its last word may go on. */
function exact(piece: string, open: boolean): ExactPart | null {
  const runs = runsOf(piece);
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return null;
  const words = piece.match(new RegExp(`${inWord}+`, "gu")) ?? [];
  const begins = first.unspaced ? "" : `(?<!${inWord})`;
  const ends = last.unspaced || open ? "" : `(?!${inWord})`;
  const entries = runs.flatMap((run) => entriesOfRun(run, open && run === last));
  // Letters need no escape: what is a sign in patterns is none in words.
  const pattern = new RegExp(begins + words.join(`${betweenWords}+`) + ends, "gu");
  return { is: "exact", entries, pattern, proven: entries.length === 1 };
}

function entriesOfRun({ text, unspaced }: Run, open: boolean): ExactPart["entries"] {
  if (!unspaced) return [{ text, prefix: open }];
  // The last letter alone is an entry only where a run ends with it.
  const pairs = pairsOf(text);
  return pairs.length === 1
    ? [{ text, prefix: true }]
    : pairs.slice(0, -1).map((pair) => ({ text: pair, prefix: false }));
}

/** Words of a run without spaces, each sought by itself: also where they stand in another order. */
function wordsWithin(run: string, language: string | undefined): (Part | null)[] {
  if (typeof Intl.Segmenter === "undefined") return [exact(run, true)];
  const words = [...new Intl.Segmenter(language, { granularity: "word" }).segment(run)].map(({ segment }) => segment);
  // Particles of one letter are in every sentence.
  const long = words.filter((each) => [...each].length > 1);
  return (long.length === 0 ? [run] : long).map((each) => exact(each, true));
}

/** What has signs or two scripts within, such as quiet-harbor-0412 or photo_12.jpg, is found whole; its end may be missing. */
function partsOf(piece: string, language: string | undefined): (Part | null)[] {
  const runs = runsOf(piece);
  const [first] = runs;
  if (first === undefined) return [];
  if (runs.every((run) => run.unspaced)) return runs.flatMap(({ text }) => wordsWithin(text, language));
  if (runs.length > 1) return [exact(piece, true)];
  return [{ is: "word", text: first.text, prefix: [...first.text].length > 1, slips: slipsIn(first.text) }];
}

/** @param language BCP 47 tag of the one who asks: helps to tell words apart where no spaces do */
export function parseQuery(query: string, language?: string): Part[] {
  const phrases: (Part | null)[] = [];
  const rest = fold(query.slice(0, mostLetters)).replace(quoted, (_all, inner: string) => {
    phrases.push(exact(inner, false));
    return " ";
  });
  const words = rest.split(/\s+/u).flatMap((piece) => partsOf(piece, language));
  return [...phrases, ...words].filter((part) => part !== null).slice(0, mostParts);
}
