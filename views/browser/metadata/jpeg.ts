/**
 * JPEG (ITU-T T.81): the segments that decoding needs are copied byte for byte, all others go, and so
 * does everything behind the end of the picture (second pictures, motion photos, whatever was appended).
 */
import { joinBytes, readable, startsWith, take, viewOf, type Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import { keepColours } from "./colour-profile.ts";
import { orientationOnly, readExif } from "./exif.ts";
import { finding, tell, type Finding } from "./findings.ts";
import type { CleanedPicture } from "./cleaned-picture.ts";
import { drawsWell, isFrame } from "./jpeg-segments.ts";
import { readPhotoshop, readXmp } from "./xmp.ts";

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const comment = 0xfe;
const jfif = "JFIF\0";
const exif = "Exif\0\0";
const xmp = "http://ns.adobe.com/xap/1.0/\0";
const extendedXmp = "http://ns.adobe.com/xmp/extension/\0";
const photoshop = "Photoshop 3.0\0";
const profile = "ICC_PROFILE\0";
const adobe = "Adobe";
const longestSegment = 0xffff - 2; // bytes after the length field

interface Segment {
  marker: number;
  data: Bytes;
}

interface Jpeg {
  /** Markers with a length, and for a scan its coded data behind it, as they lie in the file. */
  pieces: (Segment | { coded: Bytes })[];
  trailing: Bytes;
}

function isApplication(marker: number): boolean {
  return marker >= 0xe0 && marker <= 0xef;
}

/** Where the coded data that begins at `at` ends: at the first marker that is no restart and no stuffed zero. */
function endOfCoded(file: Bytes, at: number): number {
  for (let i = file.indexOf(0xff, at); i >= 0 && i + 1 < file.length; i = file.indexOf(0xff, i + 1)) {
    const next = file[i + 1]!;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return i;
  }
  throw damaged("the picture has no end");
}

function readJpeg(file: Bytes): Jpeg {
  const pieces: Jpeg["pieces"] = [];
  let frames = 0;
  let scans = 0;
  for (let at = 2; ;) {
    if (take(file, at, 2)[0] !== 0xff) throw damaged("a marker is missing");
    const marker = file[at + 1]!;
    if (marker === 0xff)
      at++; // fill byte
    else if (marker === endOfImage) {
      if (frames === 0 || scans === 0) throw damaged("no picture in it");
      return { pieces, trailing: file.subarray(at + 2) };
    } else {
      if (marker < 0xc0 || (marker >= 0xd0 && marker <= startOfImage)) throw damaged("a marker in the wrong place");
      const length = viewOf(take(file, at + 2, 2)).getUint16(0);
      if (length < 2) throw damaged("a segment without length");
      const data = take(file, at + 4, length - 2);
      if (drawsWell(marker, data) === false) throw damaged("a segment of the wrong length");
      if (isFrame(marker)) {
        frames++;
        const view = viewOf(take(data, 0, 6));
        if (view.getUint16(3) === 0) throw damaged("a picture without width");
      }
      pieces.push({ marker, data });
      at += 2 + length;
      if (marker === startOfScan) {
        if (frames === 0) throw damaged("coded data before its frame");
        const end = endOfCoded(file, at);
        if (end === at) throw damaged("a scan without data");
        pieces.push({ coded: file.subarray(at, end) });
        scans++;
        at = end;
      }
    }
  }
}

function segment(marker: number, data: Uint8Array): Uint8Array {
  const head = new Uint8Array([0xff, marker, 0, 0]);
  viewOf(head).setUint16(2, data.length + 2);
  return joinBytes([head, data]);
}

function text(ascii: string): Uint8Array {
  return Uint8Array.from(ascii, (character) => character.charCodeAt(0));
}

function profileSegments(icc: Bytes): Uint8Array[] {
  const room = longestSegment - profile.length - 2;
  const count = Math.ceil(icc.length / room);
  return Array.from({ length: count }, (_, i) =>
    segment(0xe2, joinBytes([text(profile), new Uint8Array([i + 1, count]), icc.subarray(i * room, (i + 1) * room)])),
  );
}

/** What an application segment tells. Those that decoding needs tell nothing. */
function readApplication({ marker, data }: Segment): Finding[] {
  if (startsWith(data, xmp)) return readXmp(data.subarray(xmp.length));
  if (startsWith(data, extendedXmp)) return [finding("unknownPart", "XMP")];
  if (startsWith(data, photoshop)) return readPhotoshop(data.subarray(photoshop.length));
  if (startsWith(data, "MPF\0")) return [finding("secondPicture")];
  if (startsWith(data, "JFXX\0")) return [finding("preview")];
  if (marker === 0xeb) return [finding("provenance", "C2PA")];
  if (startsWith(data, jfif)) return data.length > 14 ? [finding("preview")] : [];
  if (startsWith(data, adobe) && marker === 0xee) return [];
  return [finding("unknownPart", `APP${String(marker - 0xe0)} ${readable(data.subarray(0, 16))}`)];
}

/** Throws "damaged". The orientation stays, unless the caller's own frame says how the picture lies. */
export function cleanJpeg(file: Bytes, keep: { orientation: boolean } = { orientation: true }): CleanedPicture {
  const { pieces, trailing } = readJpeg(file);
  const found: Finding[] = [];
  const kept: Uint8Array[] = [];
  const heads: Uint8Array[] = [];
  const icc: Uint8Array[] = [];
  let orientation = 1;
  let adobeSeen = false;
  for (const piece of pieces) {
    if ("coded" in piece) kept.push(piece.coded);
    else if (piece.marker === comment) tell(found, () => [finding("note", readable(piece.data))]);
    else if (drawsWell(piece.marker, piece.data) === true) kept.push(segment(piece.marker, piece.data));
    else if (!isApplication(piece.marker)) tell(found, () => [finding("unknownPart", piece.marker.toString(16))]);
    else if (startsWith(piece.data, exif)) {
      const read = readExif(piece.data.subarray(exif.length));
      found.push(...read.found);
      if (orientation === 1) orientation = read.orientation;
    } else if (piece.marker === 0xe2 && startsWith(piece.data, profile)) icc.push(piece.data.subarray(profile.length));
    else {
      tell(found, () => readApplication(piece));
      // Density only: the thumbnail behind it goes.
      if (startsWith(piece.data, jfif) && piece.data.length >= 14 && heads.length === 0)
        heads.push(segment(0xe0, joinBytes([piece.data.subarray(0, 12), new Uint8Array(2)])));
      // Says whether the three colours are YCbCr: without it the picture would change.
      if (piece.marker === 0xee && startsWith(piece.data, adobe) && piece.data.length >= 12 && !adobeSeen) {
        adobeSeen = true;
        kept.unshift(segment(0xee, piece.data.subarray(0, 12)));
      }
    }
  }
  if (orientation !== 1 && keep.orientation)
    heads.push(segment(0xe1, joinBytes([text(exif), orientationOnly(orientation)])));
  if (icc.length > 0) {
    const colours = keepColours(joinBytes(icc.sort((a, b) => a[0]! - b[0]!).map((part) => part.subarray(2))));
    found.push(...colours.found);
    if (colours.profile !== null) heads.push(...profileSegments(colours.profile));
  }
  if (trailing.length > 0) found.push(readTrailing(trailing));
  return {
    parts: [new Uint8Array([0xff, startOfImage]), ...heads, ...kept, new Uint8Array([0xff, endOfImage])],
    found,
  };
}

function readTrailing(trailing: Bytes): Finding {
  const more = `${String(trailing.length)} B`;
  if (startsWith(trailing, "\xff\xd8\xff") || startsWith(trailing.subarray(4), "ftyp"))
    return finding("secondPicture", more);
  return finding("trailingData", more);
}
