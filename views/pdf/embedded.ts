/** A font within a document, and runs of its glyphs as the operators that show them (ISO 32000-1, 9.4). */
import type { Face, PlacedGlyph } from "./fonts.ts";

/** What the library that writes PDFs keeps of a font until the document ends. */
export interface Subset {
  id: string;
  ref(): unknown;
  /** By number within the document: the glyph, its width in thousandths of the size, its characters. */
  subset: { glyphs: number[] };
  widths: number[];
  unicode: number[][];
}

export class EmbeddedFont {
  /** Of the font among the page's resources. */
  readonly name: string;
  readonly reference: unknown;
  /** To thousandths of the size. */
  readonly scale: number;
  readonly #subset: Subset;
  readonly #blank: number;
  readonly #numbers = new Map<string, number>();

  constructor(subset: Subset, { font }: Face) {
    this.name = subset.id;
    this.reference = subset.ref();
    this.scale = 1000 / font.unitsPerEm;
    this.#subset = subset;
    this.#blank = font.glyphForCodePoint(0x20).id;
  }

  /** Four hexadecimal digits. The same glyph has a number for each text that it stands for. */
  code(glyph: number, width: number, text: string): string {
    const key = `${String(glyph)} ${text}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      const { subset, widths, unicode } = this.#subset;
      number = subset.glyphs.push(glyph) - 1;
      widths[number] = width * this.scale;
      unicode[number] = Array.from(text, (character) => character.codePointAt(0)!);
      this.#numbers.set(key, number);
    }
    return number.toString(16).padStart(4, "0");
  }

  /** Takes no room and shows nothing, and is read as `text`. */
  unseen(text: string): string {
    return this.code(this.#blank, 0, text);
  }
}

/** A number as PDF writes it: no exponents. */
export function decimal(value: number): string {
  return String(Math.round(value * 1000) / 1000 + 0);
}

/** A joiner that did its work. */
const hidden = /^\p{Default_Ignorable_Code_Point}+$/u;

/**
 * The operators that show these glyphs from left to right, each read as its text. `size`: points.
 * What one glyph of a text from right to left stands for is set out letter by letter: programs turn the order of
 * glyphs, not that of the letters in one.
 */
export function showing(
  glyphs: readonly PlacedGlyph[],
  { texts, isRight }: { texts: readonly string[]; isRight: boolean },
  font: EmbeddedFont,
  size: number,
): string[] {
  const operators: string[] = [];
  let shown: string[] = [];
  let codes = "";
  let rise = 0;
  const endCodes = (): void => {
    if (codes !== "") shown.push(`<${codes}>`);
    codes = "";
  };
  const move = (by: number): void => {
    const thousandths = decimal(-by * font.scale);
    if (thousandths === "0") return;
    endCodes();
    shown.push(thousandths);
  };
  const flush = (): void => {
    endCodes();
    if (shown.length > 0) operators.push(`[${shown.join(" ")}] TJ`);
    shown = [];
  };
  for (const [i, { id, width, advance, right, up }] of glyphs.entries()) {
    if (up !== rise) {
      flush();
      operators.push(`${decimal((up * font.scale * size) / 1000)} Ts`);
      rise = up;
    }
    const text = texts[i]!;
    if (advance === 0 && hidden.test(text)) {
      codes += font.unseen(text);
      continue;
    }
    const [first = "", ...others] = isRight ? text : [text];
    move(right);
    for (const other of others.reverse()) codes += font.unseen(other);
    codes += font.code(id, width, first);
    move(advance - right - width);
  }
  flush();
  if (rise !== 0) operators.push("0 Ts");
  return operators;
}
