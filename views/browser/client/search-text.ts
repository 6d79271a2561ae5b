/**
 * How search reads text: what counts as the same letter, where a word begins, and where in the original a find lies.
 * Pure, and the same for what is searched and for what is sought.
 */

/** Letters that have no parts in Unicode and are typed with another one where the keyboard lacks them. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  ς: "σ",
  ـ: "",
};
const odd = new RegExp(`[${Object.keys(plainLetters).join("")}]`, "gu");
/**
 * Accents, and the vowel signs of Arabic and Hebrew, which are mostly left out in writing. Not the signs by which か
 * becomes が, and not those of Hindi or Thai: there they are letters.
 */
const looseMarks = /(?=\p{Mn})(?![\u3099\u309a])[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]/gu;
/** Joiners, direction marks, soft hyphens: not to be seen, and in the way. */
const invisible = /\p{Cf}/gu;

/** A text in the one form in which it is compared. `fold(a + b)` is `fold(a) + fold(b)` where no letter is cut. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(looseMarks, "")
    .replace(invisible, "")
    .toLowerCase()
    .replace(odd, (letter) => plainLetters[letter] ?? letter)
    .normalize("NFC");
}

/** Written without spaces between words, or (Korean) with endings grown to them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu;
const word = /[\p{L}\p{N}\p{M}]+/gu;

export interface Run {
  text: string;
  /** Of a script in which words are not set apart. */
  unspaced: boolean;
}

/** The words of a folded text, cut where the script changes between one that sets words apart and one that does not. */
export function runsOf(folded: string): Run[] {
  return (folded.match(word) ?? []).flatMap((each) => {
    const runs: Run[] = [];
    let at = 0;
    for (const { 0: found, index } of each.matchAll(unspaced)) {
      if (index > at) runs.push({ text: each.slice(at, index), unspaced: false });
      runs.push({ text: found, unspaced: true });
      at = index + found.length;
    }
    if (at < each.length) runs.push({ text: each.slice(at), unspaced: false });
    return runs;
  });
}

/**
 * Each two letters that stand side by side, and the last one alone. A dictionary would cut the same letters
 * differently in a sentence and in a search box, and the two would not meet.
 */
export function pairsOf(run: string): string[] {
  const letters = [...run];
  return letters.map((letter, i) => letter + (letters[i + 1] ?? ""));
}

/** What a text is entered under. */
export function entriesOf(text: string): string[] {
  return runsOf(fold(text)).flatMap((run) => (run.unspaced ? pairsOf(run.text) : [run.text]));
}

/** A folded text with, for each UTF-16 unit of it, where its letter begins and ends in the original. */
export interface Traced {
  folded: string;
  from: Uint32Array;
  to: Uint32Array;
}

const letter = /\P{M}\p{M}*|\p{M}+/gu;

/** `text` in NFC, or letters that are written in parts would be folded in parts. */
export function trace(text: string): Traced {
  const pieces: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  for (const { 0: found, index } of text.matchAll(letter)) {
    const piece = fold(found);
    pieces.push(piece);
    for (let i = 0; i < piece.length; i++) {
      from.push(index);
      to.push(index + found.length);
    }
  }
  return { folded: pieces.join(""), from: Uint32Array.from(from), to: Uint32Array.from(to) };
}
