/** A file's bytes as text, whatever they are. */
import { markHidden, type Piece } from "./marks.ts";

/** Of a longer file only the beginning is shown. */
export const mostTextBytes = 1_000_000;
/** Up to here a line is one part; the browser draws parts when they come into sight. */
const partLength = 16_000; // UTF-16 units

export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof encodings)[number];

export interface DecodedText {
  text: string;
  encoding: Encoding;
}

const startsWith = (bytes: Uint8Array, ...mark: number[]): boolean => mark.every((byte, i) => bytes[i] === byte);

function encodingOf(bytes: Uint8Array): Encoding {
  if (startsWith(bytes, 0xff, 0xfe)) return "utf-16le";
  if (startsWith(bytes, 0xfe, 0xff)) return "utf-16be";
  try {
    // What was cut within a character is no reason to take it for something else.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** By its byte order mark, else UTF-8 if it is that, else as Windows wrote for twenty years. Line ends become LF. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  return { text: text.replaceAll(/\r\n?/g, "\n"), encoding };
}

/** Split after line ends, and within lines that are too long to be drawn at once. */
function split(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const limit = at + partLength;
    if (limit >= text.length) {
      parts.push(text.slice(at));
      break;
    }
    const lineEnd = text.lastIndexOf("\n", limit - 1) + 1;
    let end = lineEnd > at ? lineEnd : limit;
    // Not between the two halves of a character.
    if (/[\ud800-\udbff]/.test(text[end - 1]!)) end += 1;
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

/** Text to draw, part by part, with what cannot be seen made visible. */
export function textParts(text: string): Piece[][] {
  const parts: Piece[][] = [];
  let part: Piece[] = [];
  let length = 0;
  const pieces = markHidden(text).flatMap((piece): Piece[] =>
    piece.mark ? [piece] : split(piece.text).map((each) => ({ text: each, mark: false })),
  );
  for (const piece of pieces) {
    part.push(piece);
    length += piece.text.length;
    // Parts are blocks: one that ends within a line breaks it, which only endless lines deserve.
    const isFull = (length >= partLength / 2 && piece.text.endsWith("\n")) || length >= 4 * partLength;
    if (!isFull) continue;
    parts.push(part);
    [part, length] = [[], 0];
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
