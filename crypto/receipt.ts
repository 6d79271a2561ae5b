/**
 * PROTOCOL.md §9: the receipt code: 80 random bits and an 8-bit checksum as eight words of a
 * BIP39 list. Its own codec: the library refuses 80 bits.
 */
import { findWord, splitWords, type NamedList, type WordList } from "./code-words.ts";
import { PortalError } from "./errors.ts";
import { hash } from "./hash.ts";
import { randomBytes } from "./sodium.ts";

export const codeWords = 8;
const entropyBytes = 10;
const wordBits = 11;

/** The canonical form that keys derive from: NFC words, lower case as listed, single spaces. */
export interface ReceiptCode {
  words: string[];
  canonical: string;
}

function checksum(entropy: Uint8Array): number {
  return hash(16, null, "th1/receipt-code", entropy)[0]!;
}

function toCode(words: string[]): ReceiptCode {
  const normal = words.map((word) => word.normalize("NFC"));
  return { words: normal, canonical: normal.join(" ") };
}

/** @throws PortalError "format" unless there are exactly 80 bits: more would be checked and not kept */
export function encodeReceiptCode(entropy: Uint8Array, list: WordList): ReceiptCode {
  if (entropy.length !== entropyBytes) throw new PortalError("format", "a receipt code carries 80 bits");
  const bytes = [...entropy, checksum(entropy)];
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const index = (i: number): number => Number.parseInt(bits.slice(wordBits * i, wordBits * (i + 1)), 2);
  return toCode(Array.from({ length: codeWords }, (_, i) => list[index(i)]!));
}

export function generateReceiptCode(list: WordList): ReceiptCode {
  return encodeReceiptCode(randomBytes(entropyBytes), list);
}

/** What typing gives: a code, or what is wrong with it, told before the slow step. */
export type TypedCode =
  | { is: "code"; code: ReceiptCode }
  | { is: "count"; words: number }
  | { is: "unknown"; words: string[] }
  | { is: "checksum" };

/** Reads what a person typed or pasted: any separators, any case and width, marks optional. */
export function readReceiptCode(text: string, list: WordList): TypedCode {
  const typed = splitWords(text, list);
  const indices = typed.map((word) => findWord(word, list));
  const unknown = typed.filter((_, i) => indices[i] === -1);
  if (unknown.length > 0) return { is: "unknown", words: unknown };
  if (typed.length !== codeWords) return { is: "count", words: typed.length };
  const bits = indices.map((index) => index.toString(2).padStart(wordBits, "0")).join("");
  const bytes = Uint8Array.from({ length: entropyBytes + 1 }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2),
  );
  if (checksum(bytes.subarray(0, entropyBytes)) !== bytes[entropyBytes]) return { is: "checksum" };
  return { is: "code", code: toCode(indices.map((index) => list[index]!)) };
}

/**
 * The same in any of these lists; none may be empty. The first in which it is a code has it. When it is
 * one in none, the list that knows the most of the words says what is wrong, the first of equals.
 */
export function readCodeIn(text: string, lists: readonly NamedList[]): { typed: TypedCode; list: NamedList } {
  const tries = lists.map((list) => ({ typed: readReceiptCode(text, list.words), list }));
  const rank = ({ typed }: { typed: TypedCode }): number =>
    typed.is === "code" ? -2 : typed.is === "checksum" ? -1 : typed.is === "count" ? 0 : typed.words.length;
  return tries.reduce((best, next) => (rank(next) < rank(best) ? next : best));
}
