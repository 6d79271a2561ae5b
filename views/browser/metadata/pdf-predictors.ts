/** Predictors of Flate streams (ISO 32000, 7.4.4.4): what was taken away before packing is added again. */
import { PDFArray, PDFDict, PDFName, PDFNumber } from "@cantoo/pdf-lib";
import type { Bytes } from "./binary.ts";

export interface Predictor {
  /** 1 is none, 2 is TIFF's, 10 and above are PNG's. */
  kind: number;
  /** Bytes of a row, and from a pixel to its left neighbour. */
  row: number;
  pixel: number;
}

/** Of a stream with one filter. */
export function predictorOf(stream: PDFDict): Predictor {
  const { context } = stream;
  const value = context.lookup(stream.get(PDFName.of("DecodeParms")));
  const parameters = value instanceof PDFArray ? context.lookup(value.asArray()[0]) : value;
  const number = (key: string, otherwise: number): number => {
    const found = parameters instanceof PDFDict ? context.lookup(parameters.get(PDFName.of(key))) : undefined;
    return found instanceof PDFNumber ? found.asNumber() : otherwise;
  };
  const bits = number("Colors", 1) * number("BitsPerComponent", 8);
  return {
    kind: number("Predictor", 1),
    row: Math.ceil((bits * number("Columns", 1)) / 8),
    pixel: Math.max(1, Math.ceil(bits / 8)),
  };
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [byLeft, byAbove, byCorner] = [left, above, corner].map((each) => Math.abs(guess - each));
  if (byLeft! <= byAbove! && byLeft! <= byCorner!) return left;
  return byAbove! <= byCorner! ? above : corner;
}

/** What PNG's filter of that number expects at `i`. */
function expected(filter: number, row: Bytes, above: Bytes, i: number, pixel: number): number {
  const left = i < pixel ? 0 : row[i - pixel]!;
  const over = above[i] ?? 0;
  if (filter === 1) return left;
  if (filter === 2) return over;
  if (filter === 3) return (left + over) >> 1;
  return filter === 4 ? paeth(left, over, i < pixel ? 0 : (above[i - pixel] ?? 0)) : 0;
}

/** Null for a predictor that we do not undo. */
export function unpredict(bytes: Bytes, { kind, row, pixel }: Predictor): Bytes | null {
  if (kind === 1) return bytes;
  if (kind < 10 || !(row >= 1)) return null;
  const rows = Math.ceil(bytes.length / (row + 1));
  const plain = new Uint8Array(bytes.length - rows);
  let above: Bytes = new Uint8Array();
  for (let from = 0, to = 0; from < bytes.length; from += row + 1, to += row) {
    const filter = bytes[from]!;
    const packed = bytes.subarray(from + 1, from + 1 + row);
    const line = plain.subarray(to, to + packed.length);
    for (let i = 0; i < packed.length; i++) line[i] = packed[i]! + expected(filter, line, above, i, pixel);
    above = line;
  }
  return plain;
}
