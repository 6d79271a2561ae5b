/**
 * JPEG 2000 (ISO 15444-1) as PDFs hold it: boxes that carry XML, UUIDs or addresses go, the picture stays.
 * Comments inside the picture's own code are made empty, so that no length in it changes.
 */
import { joinBytes, latin1, readable, take, viewOf, type Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import type { CleanedPicture } from "./cleaned-picture.ts";
import { keepColours } from "./colour-profile.ts";
import { finding, tell, type Finding } from "./findings.ts";

const drawing = new Set(["jP  ", "ftyp", "jp2h", "jp2c"]);
const describing = new Set(["ihdr", "bpcc", "colr", "pclr", "cmap", "cdef"]);
const profileAt = 3; // of a colour box: method, precedence, approximation
// Markers of the code stream.
const startOfCode = 0xff4f;
const startOfTile = 0xff90;
const startOfData = 0xff93;
const comment = 0xff64;
const endOfCode = 0xffd9;
const tilePartLengthAt = 6; // bytes behind the marker of a tile

interface Box {
  type: string;
  data: Bytes;
}

function* boxesIn(bytes: Bytes): Generator<Box> {
  for (let at = 0; at < bytes.length;) {
    const head = take(bytes, at, 8);
    const length = viewOf(head).getUint32(0);
    if (length === 1) throw damaged("a box of more than 4 GB");
    const whole = length === 0 ? bytes.subarray(at) : take(bytes, at, Math.max(8, length));
    yield { type: latin1(head.subarray(4)), data: whole.subarray(8) };
    at += whole.length;
  }
}

function box({ type, data }: Box): Bytes {
  const head = new Uint8Array(8);
  viewOf(head).setUint32(0, 8 + data.length);
  head.set(
    Uint8Array.from(type, (character) => character.charCodeAt(0)),
    4,
  );
  return joinBytes([head, data]);
}

/** Size and colours; a profile loses its names. */
function cleanHeader(header: Bytes, found: Finding[]): Bytes {
  const kept: Bytes[] = [];
  for (const each of boxesIn(header)) {
    if (!describing.has(each.type)) tell(found, () => [finding("unknownPart", each.type)]);
    else if (each.type === "colr" && [2, 3].includes(each.data[0]!)) {
      const colours = keepColours(each.data.slice(profileAt));
      found.push(...colours.found);
      // A profile that cannot be read stays, and is told: without it there might be no colours.
      const data = colours.profile === null ? each.data : joinBytes([take(each.data, 0, profileAt), colours.profile]);
      kept.push(box({ type: each.type, data }));
    } else kept.push(box(each));
  }
  return joinBytes(kept);
}

/** Empties the comments among the segments at `at`, and says where the first marker of `until` is. */
function emptyComments(code: Bytes, at: number, until: readonly number[], found: Finding[]): number {
  for (;;) {
    const marker = viewOf(take(code, at, 2)).getUint16(0);
    if (until.includes(marker)) return at;
    const length = viewOf(take(code, at + 2, 2)).getUint16(0);
    if (length < 2) throw damaged("a segment without length");
    const data = take(code, at + 4, length - 2);
    if (marker === comment && data.some((byte) => byte !== 0)) {
      tell(found, () => [finding("note", readable(data.subarray(2)))]);
      data.fill(0);
    }
    at += 2 + length;
  }
}

/** The code stream without comments and without what lies behind its end. */
function cleanCode(original: Bytes, found: Finding[]): Bytes {
  const code = original.slice();
  if (viewOf(take(code, 0, 2)).getUint16(0) !== startOfCode) throw damaged("no code stream");
  for (let at = emptyComments(code, 2, [startOfTile, endOfCode], found); ;) {
    if (viewOf(take(code, at, 2)).getUint16(0) === endOfCode) {
      const end = at + 2;
      if (end < code.length) found.push(finding("trailingData", `${String(code.length - end)} B`));
      return code.subarray(0, end);
    }
    const length = viewOf(take(code, at, 12)).getUint32(tilePartLengthAt);
    const data = emptyComments(code, at, [startOfData], found);
    if (length === 0) return code; // the last one, up to the end
    if (at + length < data + 2) throw damaged("a tile without length");
    at += length;
    if (at === code.length) return code; // some programs forget the end
  }
}

/** Throws "damaged". */
export function cleanJpeg2000(file: Bytes): CleanedPicture {
  const found: Finding[] = [];
  // A bare code stream has no boxes.
  if (viewOf(take(file, 0, 2)).getUint16(0) === startOfCode) return { parts: [cleanCode(file, found)], found };
  const parts: Uint8Array[] = [];
  for (const { type, data } of boxesIn(file)) {
    if (type === "jp2h") parts.push(box({ type, data: cleanHeader(data, found) }));
    else if (type === "jp2c") parts.push(box({ type, data: cleanCode(data, found) }));
    else if (drawing.has(type)) parts.push(box({ type, data }));
    else tell(found, () => [finding("unknownPart", type)]);
  }
  if (parts.length < 2) throw damaged("no picture in it");
  return { parts, found };
}
