/** Chunks of a PNG (W3C PNG 3rd edition) that change what is seen, each of the length that it must have. */
import type { Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";

const lengths: Record<string, number> = {
  IHDR: 13,
  IEND: 0,
  gAMA: 4,
  cHRM: 32,
  sRGB: 1,
  pHYs: 9,
  cICP: 4,
  mDCV: 24,
  cLLI: 8,
  acTL: 8,
};
const frameControl = 26;
const frameNumber = 4; // in front of a frame's data
const palette = 3; // a colour type; the others are sums of what each pixel has
const hasColour = 2;
const hasAlpha = 4;
const mostColours = 256;

/** Lengths that depend on how many numbers a pixel has; null where such a chunk means nothing. */
function lengthFor(type: string, colour: number): number | null {
  const channels = colour & hasColour ? 3 : 1;
  if (type === "sBIT") return channels + (colour & hasAlpha ? 1 : 0);
  if (type === "bKGD") return colour === palette ? 1 : channels * 2;
  return colour & hasAlpha ? null : channels * 2; // tRNS
}

/**
 * Says of each chunk in turn whether it draws. One of a wrong length, or said twice, does not: decoders
 * skip it, and what is too long may hold words. Throws "damaged" where the picture itself is hurt.
 */
export function newChunkRules(): (type: string, data: Bytes) => boolean {
  const seen = new Set<string>();
  let colour = 0;
  let colours = 0;

  /** The first chunk of its type, by its length. */
  function isRight(type: string, size: number): boolean {
    if (type === "hIST") return colours > 0 && size === colours * 2;
    if (type === "tRNS" && colour === palette) return size > 0 && size <= colours;
    if (["tRNS", "sBIT", "bKGD"].includes(type)) return size === lengthFor(type, colour);
    if (type === "acTL" && seen.has("IDAT")) return false;
    return lengths[type] === size;
  }

  return (type, data) => {
    const size = data.length;
    if (type === "fcTL" || type === "fdAT") {
      // A picture that does not move shows no frames.
      if (!seen.has("acTL")) return false;
      if (type === "fcTL" ? size !== frameControl : size <= frameNumber) throw damaged("a frame");
      return true;
    }
    const isFirst = !seen.has(type);
    if (type === "IHDR") colour = data[9] ?? 0;
    if (type === "PLTE") {
      if (size === 0 || size % 3 !== 0 || size > mostColours * 3 || !isFirst) throw damaged("the palette");
      colours = size / 3;
    }
    const draws = type === "IDAT" || type === "PLTE" || (isFirst && isRight(type, size));
    if (draws) seen.add(type);
    return draws;
  };
}
