/** Bytes as the formats of pictures need them: bounded views, text of unknown encoding, CRC-32, zlib. */
import { damaged } from "./cannot-clean.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `length` bytes at `start`, without a copy. Throws "damaged" where the file ends before. */
export function take<B extends Uint8Array>(bytes: B, start: number, length: number): B {
  if (start < 0 || length < 0 || start + length > bytes.length) throw damaged("the file ends too soon");
  return bytes.subarray(start, start + length) as B;
}

export function joinBytes(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** One character for each byte: for markers and keywords. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 4096));
}

/** UTF-8 where it is, ISO 8859-1 else; up to the first NUL. For showing only. */
export function readable(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(text.subarray(0, 4096));
  } catch {
    return latin1(text);
  }
}

export function startsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && latin1(bytes.subarray(0, text.length)) === text;
}

/** How often `word` (ASCII) is in the bytes. */
export function countWord(bytes: Uint8Array, word: string): number {
  const first = word.charCodeAt(0);
  let count = 0;
  for (let i = bytes.indexOf(first); i >= 0; i = bytes.indexOf(first, i + 1))
    if (bytes[i + 1] === word.charCodeAt(1) && startsWith(bytes.subarray(i, i + word.length), word)) count++;
  return count;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** CRC-32 as PNG and ZIP have it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Unpacks zlib data to at most `most` bytes. Throws "damaged". */
export async function inflate(packed: Bytes, most: number): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > most) throw damaged("unpacks to more than it may");
      parts.push(part);
    }
  } catch (cause) {
    throw damaged("zlib data", cause);
  }
  return joinBytes(parts);
}

export async function deflate(bytes: Bytes): Promise<Bytes> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
