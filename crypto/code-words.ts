/**
 * PROTOCOL.md §9: finding typed words in a list: forms that keyboards, phones and copying give,
 * suggestions for what is not found. No cryptography: pages may use it.
 */

/** 2,048 words of a BIP39 list, in its order. */
export type WordList = readonly string[];

/** Languages that have a BIP39 list; the library's Chinese is the simplified one. */
export const codeLanguages = ["en", "es", "fr", "it", "pt", "ja", "ko", "zh"] as const;
export type CodeLanguage = (typeof codeLanguages)[number];

export interface NamedList {
  language: CodeLanguage;
  words: WordList;
}

/** The list for codes that are given out on a page in this language (BCP 47): English where there is none. */
export function codeLanguageOf(language: string): CodeLanguage {
  return codeLanguages.find((each) => each === language.split("-")[0]) ?? "en";
}

/** Lower case, no marks, half and full width the same, katakana as hiragana. */
export function plainWord(word: string): string {
  return word
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[\u30A1-\u30F6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

/** As `plainWord`, but marks stay: they tell many Japanese words apart. */
const exactWord = (word: string): string =>
  word
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u30A1-\u30F6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

interface Index {
  exact: Map<string, number>;
  /** -1: several words look like this. */
  plain: Map<string, number>;
  /** Words of one character each are written without blanks. */
  single: boolean;
}

const indices = new WeakMap<WordList, Index>();

function indexOf(list: WordList): Index {
  const known = indices.get(list);
  if (known !== undefined) return known;
  const plain = new Map<string, number>();
  for (const [i, word] of list.entries()) plain.set(plainWord(word), plain.has(plainWord(word)) ? -1 : i);
  const exact = new Map(list.map((word, i) => [exactWord(word), i]));
  const index = { exact, plain, single: list.every((word) => [...word].length === 1) };
  indices.set(list, index);
  return index;
}

/** Place of the word in the list, -1 when it is not there. Exactly first, then without marks where that names one word only. */
export function findWord(typed: string, list: WordList): number {
  const { exact, plain } = indexOf(list);
  return exact.get(exactWord(typed)) ?? plain.get(plainWord(typed)) ?? -1;
}

/** The same word, whatever way it was typed. */
export function isWord(typed: string, word: string, list: WordList): boolean {
  const index = findWord(typed, list);
  return index !== -1 && index === findWord(word, list);
}

/** What was typed, in words: split at everything that is no letter or mark. */
export function splitWords(text: string, list: WordList): string[] {
  const words: string[] = text.normalize("NFKC").match(/[\p{L}\p{M}]+/gu) ?? [];
  return indexOf(list).single ? words.flatMap((word) => (/\p{Script=Han}/u.test(word) ? [...word] : [word])) : words;
}

/** How many letters must change, come or go (Levenshtein), up to `most`; more is `most + 1`. */
function distance(a: string, b: string, most: number): number {
  const [from, to] = [[...a], [...b]];
  if (Math.abs(from.length - to.length) > most) return most + 1;
  let row = to.map((_, i) => i + 1);
  row.unshift(0);
  for (const [i, letter] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries())
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === other ? 0 : 1)));
    row = next;
    if (Math.min(...row) > most) return most + 1;
  }
  return Math.min(row[to.length]!, most + 1);
}

/** The word of the list that is meant most likely; null when none is near, or several are just as near. */
export function nearestWord(typed: string, list: WordList): string | null {
  const sought = plainWord(typed);
  // One letter of three is another word; of a Chinese character nothing is left.
  const most = Math.min(2, Math.floor([...sought].length / 3));
  let best = most;
  let near: string[] = [];
  for (const word of list) {
    const far = distance(sought, plainWord(word), best);
    if (far > best) continue;
    near = far < best ? [word] : [...near, word];
    best = far;
  }
  return most > 0 && near.length === 1 ? near[0]!.normalize("NFC") : null;
}

/** For each of these what is meant most likely, each once. */
export function nearWords(typed: readonly string[], list: WordList): string[] {
  return [...new Set(typed.slice(0, 20).flatMap((word) => nearestWord(word, list) ?? []))];
}

/** Letters after which only one word of these lists is left; a test proves it for each. */
const tellingLetters = 4;
export const completedLanguages: readonly CodeLanguage[] = ["en", "es", "fr", "it", "pt", "ja"];

/** The only word that goes on like this, once enough letters are there; null else and for other lists. */
export function completeWord(typed: string, { language, words }: NamedList): string | null {
  const sought = plainWord(typed);
  if (!completedLanguages.includes(language) || sought.length < tellingLetters) return null;
  const going = words.filter((word) => plainWord(word).startsWith(sought));
  return going.length === 1 ? going[0]!.normalize("NFC") : null;
}
