/** Which encodings the bytes of a text may be in. */
import type { Needles, Script } from "../leaks.ts";

const legacy: Readonly<Record<Script, readonly string[]>> = {
  Latin: ["windows-1252", "iso-8859-2"],
  Cyrillic: ["windows-1251", "koi8-r", "iso-8859-5"],
  Greek: ["windows-1253"],
  Hebrew: ["windows-1255"],
  Arabic: ["windows-1256"],
  Han: ["gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp"],
  Kana: ["shift_jis", "euc-jp", "iso-2022-jp"],
  Hangul: ["euc-kr"],
};

/** Told by its mark, or by the zeros of each second byte. */
export type Wide = "utf-16le" | "utf-16be" | null;

export function wideOf(head: Uint8Array): Wide {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]!++;
  const half = head.length / 2;
  if (head.length < 8) return null;
  if (zeros[1]! > half / 5 && zeros[0]! < half / 50) return "utf-16le";
  return zeros[0]! > half / 5 && zeros[1]! < half / 50 ? "utf-16be" : null;
}

/** Escape, and what parts the cells of Concordance. */
const usual = new Set([27, 20]);

/** Control characters are rare in texts and every tenth byte of anything packed. */
export function isText(head: Uint8Array): boolean {
  if (wideOf(head) !== null) return true;
  const odd = head.filter((byte) => (byte < 9 || (byte > 13 && byte < 32)) && !usual.has(byte)).length;
  return odd * 50 <= head.length;
}

/** The text in each encoding that it may be in; `bytes` may begin and end within a letter. */
export function readings(bytes: Uint8Array, wide: Wide, { scripts }: Needles): string[] {
  if (wide !== null) return [new TextDecoder(wide).decode(bytes)];
  let start = 0;
  while (start < 3 && (bytes[start]! & 0xc0) === 0x80) start++;
  const asWritten = new TextDecoder("utf-8").decode(bytes.subarray(start));
  // JIS of seven bits is valid UTF-8 and says its own escapes.
  const isEscaped = bytes.includes(27);
  if (isUtf8(bytes.subarray(start)) && !isEscaped) return [asWritten];
  const labels = new Set(scripts.flatMap((script) => legacy[script]));
  return [asWritten, ...Array.from(labels, (label) => new TextDecoder(label).decode(bytes))];
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** What a file is, by its first bytes: names are only claims. */
export type Kind = "text" | "pdf" | "zip" | "gzip" | "picture" | "sound" | "other";

/** With what a file begins, from that byte on. */
const magic: readonly (readonly [Kind, number, readonly string[]])[] = [
  ["zip", 0, ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"]],
  ["gzip", 0, ["\x1f\x8b\x08"]],
  ["picture", 0, ["\xff\xd8\xff", "\x89PNG", "GIF8", "II*\0", "MM\0*", "\0\0\x01\0", "\0\0\0\x0cjP"]],
  ["picture", 8, ["WEBP"]],
  ["picture", 4, ["ftyphei", "ftypmif", "ftypavi"]],
  ["picture", 6, ["\0\0\0\0"]], // with BM before it
  ["sound", 0, ["RIFF", "OggS", "ID3", "fLaC", "\x1aE\xdf\xa3", "FORM", "\0\0\x01\xba", "\0\0\x01\xb3", "#!AMR"]],
  ["sound", 0, ["\xff\xfb", "\xff\xfa", "\xff\xf3", "\xff\xf2", "\xff\xf1", "\xff\xf9"]],
  ["sound", 4, ["ftyp"]],
];

export function kindOfFile(head: Uint8Array): Kind {
  const start = Array.from(head.subarray(0, 1100), (byte) => String.fromCharCode(byte)).join("");
  // Readers of PDFs find the mark within the first kilobyte.
  if (start.slice(0, 1029).includes("%PDF-")) return "pdf";
  const claim = magic.find(
    ([, at, marks]) => marks.some((mark) => start.startsWith(mark, at)) && (at !== 6 || start.startsWith("BM")),
  );
  const kind = claim?.[0] ?? "other";
  if (kind === "zip" || kind === "gzip") return kind;
  // Many a text begins with FORM or ID3, and none of these is without a zero.
  return (kind === "other" || !head.includes(0)) && isText(head) ? "text" : kind;
}
