/**
 * The one form in which redacted words and texts are compared: letters, digits and signs in a row. White space,
 * punctuation, line ends and what is not to be seen are gone, since programs that extract text drop and add them;
 * what remains of them is where one word ends and the next begins.
 */
import { fold } from "../../search-text.ts";

/** What a character is to the comparison. */
export const kinds = {
  unknown: 0,
  /** Parts words: white space, punctuation; skin tones, which pages do not show. */
  between: 1,
  /** Not there at all. */
  nothing: 2,
  letter: 3,
  digit: 4,
  /** Of a script without vowels, or with vowels that hang on letters: one says more than a Latin letter. */
  dense: 5,
  /** Of a script that does not set words apart. */
  unspaced: 6,
  /** Emoji, currencies, ©: a word of its own. */
  sign: 7,
} as const;

/** In halves of a Latin letter: how much a character of each kind tells. */
const hefts = new Uint8Array([0, 0, 0, 2, 2, 3, 6, 6]);

export interface Tight {
  /** UTF-16 code units; in binary files bytes. */
  units: Uint16Array;
  /** Of each unit, one of `kinds`. */
  kinds: Uint8Array;
  /** 1 where a unit goes on with the word of the one before. */
  joined: Uint8Array;
  /** In halves of a Latin letter. */
  heft: number;
}

const rules: readonly (readonly [RegExp, number])[] = [
  [/[\p{Default_Ignorable_Code_Point}\p{Cf}\ufffe]/u, kinds.nothing],
  [/[\t-\r\0\u0085]/u, kinds.between],
  [/\p{Cc}/u, kinds.nothing], // what PDFium has in the place of glyphs that say nothing
  [
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3005\u30fc]/u,
    kinds.unspaced,
  ],
  [/\p{N}/u, kinds.digit],
  [/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}]/u, kinds.dense],
  [/[\p{L}\p{M}]/u, kinds.letter],
  [/[\p{So}\p{Sc}]/u, kinds.sign],
];

const known = new Uint8Array(0x110000);

function kindOf(point: number): number {
  const kind = known[point]!;
  if (kind !== kinds.unknown) return kind;
  const character = String.fromCodePoint(point);
  return (known[point] = rules.find(([pattern]) => pattern.test(character))?.[1] ?? kinds.between);
}

/** A word that was parted where a line ends is one word. PDFium says U+FFFE for such a hyphen. */
const lineEndHyphen = /(?<=[\p{L}\p{M}])[-\u2010\u00ad\ufffe][^\S\r\n]*(?:\r\n?|\n)\s*(?=\p{L})/gu;
const ascii = /^\p{ASCII}*$/u;

const isWord = (kind: number): boolean => kind === kinds.letter || kind === kinds.digit || kind === kinds.dense;

export function tighten(text: string): Tight {
  const whole = text.replaceAll(lineEndHyphen, "");
  const folded = ascii.test(whole) ? whole.toLowerCase() : fold(whole);
  const units = new Uint16Array(folded.length);
  const kindsOf = new Uint8Array(folded.length);
  const joined = new Uint8Array(folded.length);
  let [count, heft, goesOn] = [0, 0, false];
  for (let i = 0; i < folded.length; i++) {
    const unit = folded.charCodeAt(i);
    const isPair = unit >= 0xd800 && unit < 0xdc00 && i + 1 < folded.length;
    const kind = kindOf(isPair ? folded.codePointAt(i)! : unit);
    if (isPair) i++;
    if (kind === kinds.nothing) continue;
    if (kind === kinds.between) {
      goesOn = false;
      continue;
    }
    heft += hefts[kind]!;
    joined[count] = goesOn && isWord(kind) ? 1 : 0;
    kindsOf[count] = kind;
    units[count++] = unit;
    if (isPair) {
      joined[count] = 1;
      kindsOf[count] = kind;
      units[count++] = folded.charCodeAt(i);
    }
    goesOn = isWord(kind);
  }
  return {
    units: units.subarray(0, count),
    kinds: kindsOf.subarray(0, count),
    joined: joined.subarray(0, count),
    heft,
  };
}

export function heftOf(tight: Tight, from: number, to: number): number {
  let heft = 0;
  for (let i = from; i < to; i++) heft += hefts[tight.kinds[i]!]!;
  return heft;
}

/** Of a byte: Latin letters and digits of ASCII as in texts, others of 128 and more as they are. */
const byteKinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return kinds.letter;
  const character = String.fromCharCode(byte);
  if (/[A-Za-z]/.test(character)) return kinds.letter;
  return /\d/.test(character) ? kinds.digit : kinds.between;
});
const smallBytes = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));

/** Of bytes that are no text: what stands in there plainly, in whatever of our encodings. */
export function tightenBytes(bytes: Uint8Array): Tight {
  const units = new Uint16Array(bytes.length);
  const kindsOf = new Uint8Array(bytes.length);
  const joined = new Uint8Array(bytes.length);
  let [count, goesOn] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const kind = byteKinds[byte]!;
    if (kind === kinds.between) {
      // Each second byte of Latin letters in UTF-16.
      if (byte !== 0 || (bytes[i + 2] !== 0 && bytes[i - 2] !== 0)) goesOn = 0;
      continue;
    }
    kindsOf[count] = kind;
    joined[count] = goesOn;
    units[count++] = smallBytes[byte]!;
    goesOn = 1;
  }
  const [all, each] = [units.subarray(0, count), kindsOf.subarray(0, count)];
  return { units: all, kinds: each, joined: joined.subarray(0, count), heft: count * 2 };
}

/** Bytes of which each one counts. */
export function bytesAsTheyAre(bytes: Uint8Array): Tight {
  const none = new Uint8Array(bytes.length);
  return { units: Uint16Array.from(bytes), kinds: none, joined: none, heft: bytes.length * 2 };
}
