/**
 * Which characters each font has, known before any font is read: from fonts/coverage.json, which
 * server/build/fonts.ts writes from the fonts themselves.
 */
import table from "./fonts/coverage.json" with { type: "json" };

/** One cut of a font: its characters, and its files. */
export interface Cut {
  /** As `formatRanges` writes it. */
  characters: string;
  /** By weight; SHA-256 of the file, hex. */
  files: { "400": string; "700"?: string };
}

/** By name, such as "noto-sans-latin". */
export const cuts: Readonly<Record<string, Cut>> = table;

/** Steps between sequences of code points in base 36: "w-2n" is 32 to 127, then what follows counts from there. */
export function formatRanges(codePoints: readonly number[]): string {
  const parts: string[] = [];
  let last = 0;
  const sorted = [...new Set(codePoints)].sort((a, b) => a - b);
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    const more = end > i ? `-${(end - i).toString(36)}` : "";
    parts.push(`${(sorted[i]! - last).toString(36)}${more}`);
    last = sorted[end]!;
    i = end + 1;
  }
  return parts.join(" ");
}

/** First and last code points of each sequence, in order. */
function parseRanges(text: string): number[] {
  const bounds: number[] = [];
  let last = 0;
  for (const part of text.split(" ")) {
    const [step, more = "0"] = part.split("-");
    const start = last + Number.parseInt(step!, 36);
    last = start + Number.parseInt(more, 36);
    bounds.push(start, last);
  }
  return bounds;
}

const parsed = new Map<string, number[]>();

function boundsOf(cut: string): number[] {
  const known = parsed.get(cut);
  if (known !== undefined) return known;
  const bounds = parseRanges(cuts[cut]!.characters);
  parsed.set(cut, bounds);
  return bounds;
}

export function covers(cut: string, codePoint: number): boolean {
  const bounds = boundsOf(cut);
  let [low, high] = [0, bounds.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[2 * middle + 1]! < codePoint) low = middle + 1;
    else high = middle;
  }
  return low < bounds.length / 2 && bounds[2 * low]! <= codePoint;
}

export interface FontFile {
  /** As it is named among the fonts. */
  name: string;
  /** As browsers ask for it: with its hash, so that it may be kept for ever. */
  asset: string;
  /** Hex. */
  sha256: string;
}

/** Every font file. */
export function fontFilesOf(): FontFile[] {
  return Object.entries(cuts).flatMap(([cut, { files }]) =>
    Object.entries(files).map(([weight, sha256]) => {
      const name = `${cut}-${weight}-normal`;
      return { name: `${name}.woff`, asset: `${name}.${sha256.slice(0, 16)}.woff`, sha256 };
    }),
  );
}
