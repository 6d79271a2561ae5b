/** Which of our fonts has a character. Each is read when it is first needed and kept. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fontkit from "fontkit";
import { sfntOf } from "./woff.ts";

export type Weight = "regular" | "bold";

/** One font file, as the layout measures it and as the document embeds it. */
export interface Face {
  /** Its name within a document. */
  name: string;
  /** sfnt file. */
  bytes: Buffer;
  font: fontkit.Font;
}

const folder = join(import.meta.dirname, "fonts");
const small = [
  "noto-sans-latin",
  "noto-sans-latin-ext",
  "noto-sans-cyrillic",
  "noto-sans-cyrillic-ext",
  "noto-sans-greek",
  "noto-sans-vietnamese",
  // Noto's Arabic letters fall apart into bodies and dots that they share: text copied from it says something else.
  "ibm-plex-sans-arabic",
  "noto-sans-hebrew",
  "noto-sans-devanagari",
];
/** Megabytes each: for other scripts only when no small one has the character. */
const eastAsian = ["noto-sans-sc", "noto-sans-jp", "noto-sans-kr"];
const eastAsianText =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\u3000-\u303f\uff00-\uffef]/u;
const firstEastAsian: Record<string, string> = { zh: "noto-sans-sc", ja: "noto-sans-jp", ko: "noto-sans-kr" };

const numbers: Record<Weight, number> = { regular: 400, bold: 700 };
const faces = new Map<string, Face>();

function faceOf(cut: string, weight: Weight): Face {
  const name = `${cut}-${numbers[weight]}`;
  const known = faces.get(name);
  if (known !== undefined) return known;
  const bytes = sfntOf(readFileSync(join(folder, `${name}-normal.woff`)));
  const font = fontkit.create(bytes) as fontkit.Font;
  const face = { name, bytes, font };
  faces.set(name, face);
  return face;
}

/** Of the three ways to write Han characters the document's own comes first. */
function cutsFor(character: string, language: string): readonly string[] {
  const first = firstEastAsian[language.split("-")[0]!];
  const east = first === undefined ? eastAsian : [first, ...eastAsian.filter((cut) => cut !== first)];
  return eastAsianText.test(character) ? [...east, ...small] : [...small, ...east];
}

/** Looking a character up goes through the tables of one font after the other. */
const found = new Map<string, Face>();
const mostFound = 20_000;

/** The font for one character; the Latin one, which shows an empty box, when none has it. */
export function faceFor(character: string, weight: Weight, language: string): Face {
  const key = `${character} ${weight} ${language}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const codePoint = character.codePointAt(0)!;
  const cut = cutsFor(character, language).find((each) => has(faceOf(each, weight), codePoint));
  const face = faceOf(cut ?? "noto-sans-latin", weight);
  if (found.size >= mostFound) found.clear();
  found.set(key, face);
  return face;
}

export function has({ font }: Face, codePoint: number): boolean {
  return font.hasGlyphForCodePoint(codePoint);
}
