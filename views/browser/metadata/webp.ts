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
// Bits of the first byte of VP8X.
const hasExif = 8;
const hasXmp = 4;
const hasProfile = 32;
const isAnimated = 2;
const loopLength = 6; // bytes of ANIM: background and loop count

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

/** One picture, and transparency in front of it; decoders take the first and skip the rest. */
function onePicture(chunks: Chunk[], found: Finding[]): Chunk[] {
  const picture = chunks.find(({ type }) => bitstreams.has(type));
  if (picture === undefined) throw damaged("no picture in it");
  const alpha = picture.type === "VP8 " ? chunks.find(({ type }) => type === "ALPH") : undefined;
  for (const each of chunks)
    if (each !== picture && each !== alpha) tell(found, () => [finding("unknownPart", each.type)]);
  return alpha === undefined ? [picture] : [alpha, picture];
}

function cleanFrame(data: Bytes, found: Finding[]): Bytes {
  const header = take(data, 0, frameHeader);
  const picture = onePicture(readChunks(data.subarray(frameHeader)), found);
  return joinBytes([header, ...picture.map((each) => chunk(each.type, each.data))]);
}

/** What draws: the frames of an animation and how often it repeats, or one picture. */
function drawn(chunks: Chunk[], animated: boolean, found: Finding[]): Chunk[] {
  if (!animated) return onePicture(chunks, found);
  const loop = chunks.find(({ type, data }) => type === "ANIM" && data.length === loopLength);
  const frames = chunks.filter(({ type }) => type === "ANMF");
  if (frames.length === 0 || loop === undefined) throw damaged("an animation without frames");
  for (const each of chunks)
    if (each !== loop && each.type !== "ANMF") tell(found, () => [finding("unknownPart", each.type)]);
  return [loop, ...frames.map(({ type, data }) => ({ type, data: cleanFrame(data, found) }))];
}

/** Throws "damaged". */
export function cleanWebp(file: Bytes): CleanedPicture {
  const size = viewOf(take(file, 0, riffHeader)).getUint32(4, true) + 8;
  if (size < riffHeader) throw damaged("no size");
  const chunks = readChunks(take(file, riffHeader, size - riffHeader));
  const found: Finding[] = [];
  const colours: Chunk[] = [];
  const others: Chunk[] = [];
  let orientation = 1;
  const first = chunks[0];
  if (first === undefined || ![...bitstreams, "VP8X"].includes(first.type)) throw damaged("the header is not first");
  for (const { type, data } of first.type === "VP8X" ? chunks.slice(1) : chunks) {
    if (type === "EXIF") {
      const read = readExif(startsWith(data, "Exif\0\0") ? data.subarray(6) : data);
      found.push(...read.found);
      orientation = read.orientation;
    } else if (type === "XMP ") tell(found, () => readXmp(data));
    else if (type === "ICCP") {
      const read = keepColours(data);
      found.push(...read.found);
      if (read.profile !== null && colours.length === 0) colours.push({ type, data: read.profile });
    } else others.push({ type, data });
  }
  let kept = drawn(others, first.type === "VP8X" && (first.data[0]! & isAnimated) !== 0, found);
  if (first.type === "VP8X") {
    const header = take(first.data, 0, 10).slice();
    const profile = colours.length > 0 ? hasProfile : 0;
    header[0] = (header[0]! & ~(hasExif | hasXmp | hasProfile)) | profile | (orientation === 1 ? 0 : hasExif);
    header.fill(0, 1, 4); // reserved
    kept = [{ type: "VP8X", data: header }, ...colours, ...kept];
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
