/** WebP (RFC 9649): the chunks that draw stay byte for byte; EXIF, XMP and unknown ones go. */
import { joinBytes, latin1, startsWith, take, viewOf, type Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import { keepColours } from "./colour-profile.ts";
import { orientationOnly, readExif } from "./exif.ts";
import { finding, tell, type Finding } from "./findings.ts";
import type { CleanedPicture } from "./cleaned-picture.ts";
import { readXmp } from "./xmp.ts";

const riffHeader = 12; // "RIFF", size, "WEBP"
const frameHeader = 16; // of ANMF, before its own chunks
const bitstreams = new Set(["VP8 ", "VP8L"]);
const inFrame = new Set(["ALPH", ...bitstreams]);
// Bits of the first byte of VP8X.
const hasExif = 8;
const hasXmp = 4;
const hasProfile = 32;

interface Chunk {
  type: string;
  data: Bytes;
}

function readChunks(bytes: Bytes): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = take(bytes, at, 8);
    const length = viewOf(head).getUint32(4, true);
    chunks.push({ type: latin1(head.subarray(0, 4)), data: take(bytes, at + 8, length) });
    at += 8 + length + (length & 1);
  }
  return chunks;
}

function chunk(type: string, data: Uint8Array): Bytes {
  const head = new Uint8Array(8);
  head.set(Uint8Array.from(type, (character) => character.charCodeAt(0)));
  viewOf(head).setUint32(4, data.length, true);
  return joinBytes([head, data, new Uint8Array(data.length & 1)]);
}

function cleanFrame(data: Bytes, found: Finding[]): Bytes {
  const header = take(data, 0, frameHeader);
  const chunks = readChunks(data.subarray(frameHeader));
  if (!chunks.some(({ type }) => bitstreams.has(type))) throw damaged("a frame without a picture");
  for (const { type } of chunks) if (!inFrame.has(type)) found.push(finding("unknownPart", type));
  return joinBytes([
    header,
    ...chunks.filter(({ type }) => inFrame.has(type)).map((each) => chunk(each.type, each.data)),
  ]);
}

/** Throws "damaged". */
export function cleanWebp(file: Bytes): CleanedPicture {
  const size = viewOf(take(file, 0, riffHeader)).getUint32(4, true) + 8;
  if (size < riffHeader) throw damaged("no size");
  const chunks = readChunks(take(file, riffHeader, size - riffHeader));
  const found: Finding[] = [];
  const kept: Chunk[] = [];
  let orientation = 1;
  for (const { type, data } of chunks) {
    if (type === "EXIF") {
      const read = readExif(startsWith(data, "Exif\0\0") ? data.subarray(6) : data);
      found.push(...read.found);
      orientation = read.orientation;
    } else if (type === "XMP ") tell(found, () => readXmp(data));
    else if (type === "ICCP") {
      const colours = keepColours(data);
      found.push(...colours.found);
      if (colours.profile !== null) kept.push({ type, data: colours.profile });
    } else if (type === "ANMF") kept.push({ type, data: cleanFrame(data, found) });
    else if (["VP8X", "ANIM", ...inFrame].includes(type)) kept.push({ type, data });
    else tell(found, () => [finding("unknownPart", type)]);
  }
  const first = kept[0];
  if (first === undefined || ![...bitstreams, "VP8X"].includes(first.type)) throw damaged("the header is not first");
  if (!kept.some(({ type }) => type === "ANMF" || bitstreams.has(type))) throw damaged("no picture in it");
  if (first.type === "VP8X") {
    const header = take(first.data, 0, 10).slice();
    const profile = kept.some(({ type }) => type === "ICCP") ? hasProfile : 0;
    header[0] = (header[0]! & ~(hasExif | hasXmp | hasProfile)) | profile | (orientation === 1 ? 0 : hasExif);
    kept[0] = { type: "VP8X", data: header };
    if (orientation !== 1) kept.push({ type: "EXIF", data: orientationOnly(orientation) });
  }
  if (size < file.length) found.push(finding("trailingData", `${String(file.length - size)} B`));
  const body = kept.map(({ type, data }) => chunk(type, data));
  const header = file.slice(0, riffHeader);
  viewOf(header).setUint32(
    4,
    body.reduce((sum, { length }) => sum + length, 4),
    true,
  );
  return { parts: [header, ...body], found };
}
