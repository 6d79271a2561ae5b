/** Width and height as a picture's header says, before anything is decoded: a small file can claim a huge picture. */

export interface Size {
  /** Pixels. */
  width: number;
  height: number;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function text(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

function png(bytes: Uint8Array): Size {
  const view = viewOf(bytes);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(bytes: Uint8Array): Size {
  const view = viewOf(bytes);
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function bmp(bytes: Uint8Array): Size {
  const view = viewOf(bytes);
  if (view.getUint32(14, true) === 12) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

/** ITU-T T.81 B.2.2: the frame header is any SOFn; C4, C8 and CC are not frames. */
function jpeg(bytes: Uint8Array): Size | null {
  const view = viewOf(bytes);
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const alone = (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01;
    at += alone ? 2 : 2 + view.getUint16(at + 2);
  }
  return null;
}

function webp(bytes: Uint8Array): Size | null {
  const view = viewOf(bytes);
  const uint24 = (at: number): number => view.getUint16(at, true) | (bytes[at + 2]! << 16);
  switch (text(bytes, 12, 4)) {
    case "VP8X":
      return { width: uint24(24) + 1, height: uint24(27) + 1 };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  return null;
}

/** The largest of all that a HEIF container says of its pictures and their tiles. */
function heif(bytes: Uint8Array): Size | null {
  const view = viewOf(bytes);
  let found: Size | null = null;
  for (let at = 4; at + 16 <= bytes.length; at++) {
    if (bytes[at] !== 0x69 || text(bytes, at, 4) !== "ispe") continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (found === null || size.width * size.height > found.width * found.height) found = size;
  }
  return found;
}

const readers = { png, gif, bmp, jpeg, webp, avif: heif, heic: heif } as const;
export type PictureFormat = keyof typeof readers;
export const pictureFormats = Object.keys(readers) as PictureFormat[];

/** From the first bytes; null where they do not say, which no decoder should be trusted with. */
export function sizeOf(format: PictureFormat, head: Uint8Array): Size | null {
  try {
    const size = readers[format](head);
    return size !== null && size.width > 0 && size.height > 0 ? size : null;
  } catch (error) {
    if (error instanceof RangeError) return null; // cut short
    throw error;
  }
}
