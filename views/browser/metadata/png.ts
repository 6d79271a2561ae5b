/** PNG and APNG (W3C PNG 3rd edition): chunks that draw the picture stay byte for byte, all others go. */
import {
  crc32,
  deflate,
  inflate,
  joinBytes,
  latin1,
  readable,
  startsWith,
  take,
  viewOf,
  type Bytes,
} from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import { keepColours, mostProfileBytes } from "./colour-profile.ts";
import { orientationOnly, readExif } from "./exif.ts";
import { finding, tell, type Finding, type FindingName } from "./findings.ts";
import type { CleanedPicture } from "./cleaned-picture.ts";
import { newChunkRules } from "./png-chunks.ts";
import { readXmp } from "./xmp.ts";

const signature = 8; // bytes
const mostTexts = 1000;
const mostText = 1 << 20; // bytes of one unpacked text that are read for the findings

interface Chunk {
  type: string;
  data: Bytes;
  /** With length and checksum. */
  whole: Bytes;
}

function* readChunks(file: Bytes): Generator<Chunk> {
  for (let at = signature; ;) {
    const head = take(file, at, 8);
    const length = viewOf(head).getUint32(0);
    const type = latin1(head.subarray(4));
    if (!/^[A-Za-z]{4}$/.test(type)) throw damaged("no chunk");
    const whole = take(file, at, 12 + length);
    yield { type, data: whole.subarray(8, 8 + length), whole };
    at += whole.length;
    if (type === "IEND") return;
  }
}

function chunk(type: string, data: Uint8Array): Bytes {
  const whole = joinBytes([new Uint8Array(4), Uint8Array.from(type, (c) => c.charCodeAt(0)), data, new Uint8Array(4)]);
  viewOf(whole).setUint32(0, data.length);
  viewOf(whole).setUint32(8 + data.length, crc32(whole.subarray(4, 8 + data.length)));
  return whole;
}

const keywords: Record<string, FindingName> = {
  author: "author",
  artist: "author",
  title: "title",
  description: "caption",
  copyright: "owner",
  "creation time": "created",
  "date:create": "created",
  "date:modify": "modified",
  software: "software",
  source: "camera",
  comment: "note",
};

/** The text behind keyword and flags of tEXt, zTXt and iTXt. */
async function readText({ type, data }: Chunk): Promise<Finding[]> {
  const end = data.indexOf(0);
  const keyword = latin1(data.subarray(0, end < 0 ? data.length : end));
  let text: Bytes = data.subarray(end + 1);
  let packed = type === "zTXt";
  if (type === "zTXt") text = text.subarray(1);
  if (type === "iTXt") {
    packed = text[0] === 1;
    text = text.subarray(2);
    for (let skipped = 0; skipped < 2; skipped++) text = text.subarray(text.indexOf(0) + 1); // language, keyword again
  }
  if (packed) text = await inflate(text, mostText).catch(() => new Uint8Array());
  if (keyword === "XML:com.adobe.xmp") return readXmp(text);
  const name = keywords[keyword.toLowerCase()];
  return [
    name === undefined ? finding("embeddedText", `${keyword}: ${readable(text)}`) : finding(name, readable(text)),
  ];
}

function readTime(data: Bytes): Finding {
  if (data.length !== 7) return finding("modified");
  const [month, day, hour, minute, second] = [...data.subarray(2)].map((part) => String(part).padStart(2, "0"));
  return finding("modified", `${String(viewOf(data).getUint16(0))}-${month}-${day} ${hour}:${minute}:${second}`);
}

function readOther({ type, data }: Chunk): Finding {
  if (type === "tIME") return readTime(data);
  if (type === "caBX") return finding("provenance", "C2PA");
  return finding("unknownPart", type);
}

/** Throws "damaged". */
export async function cleanPng(file: Bytes): Promise<CleanedPicture> {
  const parts: Uint8Array[] = [file.subarray(0, signature)];
  const found: Finding[] = [];
  let size = signature;
  let pictureData = 0;
  const draws = newChunkRules();
  for (const each of readChunks(file)) {
    const { type, data, whole } = each;
    size += whole.length;
    if ((parts.length === 1) !== (type === "IHDR")) throw damaged("the header is not first");
    if (type === "IHDR" && (data.length !== 13 || viewOf(data).getUint32(0) === 0 || viewOf(data).getUint32(4) === 0))
      throw damaged("the header");
    if (draws(type, data)) {
      if (viewOf(whole).getUint32(whole.length - 4) !== crc32(whole.subarray(4, -4))) throw damaged("a checksum");
      if (type === "IDAT") pictureData += data.length;
      parts.push(whole);
    } else if (type === "iCCP") {
      const profile = await inflate(data.subarray(data.indexOf(0) + 2), mostProfileBytes).catch(() => new Uint8Array());
      const colours = keepColours(profile);
      found.push(...colours.found);
      if (colours.profile !== null)
        parts.push(chunk("iCCP", joinBytes([new Uint8Array([0x63, 0, 0]), await deflate(colours.profile)])));
    } else if (type === "eXIf") {
      const read = readExif(startsWith(data, "Exif\0\0") ? data.subarray(6) : data);
      found.push(...read.found);
      if (read.orientation !== 1) parts.push(chunk("eXIf", orientationOnly(read.orientation)));
    } else if (["tEXt", "zTXt", "iTXt"].includes(type)) {
      const read = found.length < mostTexts ? await readText(each) : [];
      found.push(...read);
    } else if (type[0]! < "a") throw damaged("a chunk that we do not understand and that the picture needs");
    else tell(found, () => [readOther(each)]);
  }
  if (pictureData === 0) throw damaged("no picture in it");
  // For example what a cropped screenshot once held (CVE-2023-21036).
  if (size < file.length) found.push(finding("trailingData", `${String(file.length - size)} B`));
  return { parts, found };
}
