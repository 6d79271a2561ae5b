/** Streams of a PDF that are formats of their own: photographs, colour profiles, files inside. */
import {
  PDFArray,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFRawStream,
  PDFString,
  type PDFDict,
  type PDFObject,
} from "@cantoo/pdf-lib";
import { inflate, joinBytes, latin1, type Bytes } from "./binary.ts";
import { keepColours, mostProfileBytes } from "./colour-profile.ts";
import { finding, type Finding } from "./findings.ts";
import { cleanJpeg } from "./jpeg.ts";
import { cleanJpeg2000 } from "./jpeg2000.ts";
import { at, dictAt, filtersOf, isNamed, name, numberAt, unpacked } from "./pdf-reading.ts";
import { cleanPictureInside } from "./pictures.ts";
import { readXmp } from "./xmp.ts";

const mostUnpacked = 256 << 20; // bytes of one stream
const mostForm = 32 << 20; // bytes

/** Changes the stream in place. Never throws: what cannot be read is told as unknown and stays. */
export async function scrubStream(stream: PDFRawStream, found: Finding[]): Promise<void> {
  const filters = filtersOf(stream);
  const last = filters.at(-1);
  try {
    if (last === "DCTDecode" || last === "JPXDecode") await scrubPhotograph(stream, filters, found);
    else if (isNamed(stream.dict, "Type", "EmbeddedFile")) await scrubFileInside(stream, found);
    else if (isProfile(stream)) await scrubProfile(stream, found);
  } catch {
    found.push(finding("unknownPart", last ?? ""));
  }
}

async function scrubPhotograph(stream: PDFRawStream, filters: string[], found: Finding[]): Promise<void> {
  let bytes = stream.contents as Bytes;
  const last = filters.at(-1)!;
  if (filters.length > 1) {
    // Packed once more: unpacked here, because what is inside must be seen.
    if (filters.length > 2 || filters[0] !== "FlateDecode" || at(stream.dict, "DecodeParms") !== undefined) {
      found.push(finding("unknownPart", filters.join(" ")));
      return;
    }
    bytes = await inflate(bytes, mostUnpacked);
  }
  // The orientation inside a photograph does not count in a PDF, so it need not stay.
  const cleaned = last === "DCTDecode" ? cleanJpeg(bytes, { orientation: false }) : cleanJpeg2000(bytes);
  found.push(...cleaned.found);
  const filter = filters.length > 1 ? PDFName.of(last) : stream.dict.get(name("Filter"));
  const parameters = stream.dict.get(name("DecodeParms"));
  replace(stream, joinBytes(cleaned.parts));
  stream.dict.set(name("Filter"), filter!);
  if (parameters !== undefined) stream.dict.set(name("DecodeParms"), parameters);
}

/** Pictures are cleaned; whatever else it is, its name was told. */
export async function scrubFileInside(stream: PDFRawStream, found: Finding[]): Promise<void> {
  const bytes = await unpacked(stream, mostUnpacked);
  const cleaned = bytes === null ? null : await cleanPictureInside(bytes).catch(() => null);
  if (cleaned === null) return;
  found.push(...cleaned.found);
  replace(stream, cleaned.bytes);
}

/** XFA forms are XML, in one stream or an array of names and streams; in it may lie a packet of XMP. */
export async function scrubForm(catalog: PDFDict, found: Finding[]): Promise<void> {
  const form = dictAt(catalog, "AcroForm");
  const xfa = form === null ? undefined : at(form, "XFA");
  if (xfa instanceof PDFArray) dropPacket(xfa, found);
  const parts = xfa instanceof PDFArray ? xfa.asArray().map((each) => catalog.context.lookup(each)) : [xfa];
  for (const part of parts) if (part instanceof PDFRawStream) await scrubXfa(part, found);
}

function isCalled(key: PDFObject | undefined, text: string): boolean {
  return (key instanceof PDFString || key instanceof PDFHexString) && key.decodeText() === text;
}

function dropPacket(xfa: PDFArray, found: Finding[]): void {
  for (let i = xfa.size() - 2; i >= 0; i -= 2) {
    if (!isCalled(xfa.lookup(i), "xmpmeta")) continue;
    const packet = xfa.lookup(i + 1);
    if (packet instanceof PDFRawStream && packet.contents.length > 0) found.push(finding("unknownPart", "XMP"));
    xfa.remove(i + 1);
    xfa.remove(i);
  }
}

async function scrubXfa(stream: PDFRawStream, found: Finding[]): Promise<void> {
  const bytes = await unpacked(stream, mostForm);
  // One character for each byte: what is not cut out must come back as it was.
  const text = bytes === null ? "" : characters(bytes);
  const kept = withoutPackets(text);
  if (bytes === null || kept.length === text.length) return;
  found.push(...readXmp(bytes));
  replace(
    stream,
    Uint8Array.from(kept, (character) => character.charCodeAt(0)),
  );
}

function characters(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += latin1(bytes.subarray(at, at + 4096));
  return text;
}

function withoutPackets(text: string): string {
  const begins = /<((?:[\w.-]+:)?xmpmeta)[\s>]/g;
  let kept = "";
  let from = 0;
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    const end = text.indexOf(`</${begin[1]!}>`, begin.index);
    if (end < 0) break;
    kept += text.slice(from, begin.index);
    from = end + begin[1]!.length + 3;
    begins.lastIndex = from;
  }
  return kept + text.slice(from);
}

/** Only profiles have the number of colours and no type. */
function isProfile(stream: PDFRawStream): boolean {
  return (
    numberAt(stream.dict, "N") !== null && at(stream.dict, "Type") === undefined && !stream.dict.has(name("Subtype"))
  );
}

async function scrubProfile(stream: PDFRawStream, found: Finding[]): Promise<void> {
  const bytes = await unpacked(stream, mostProfileBytes);
  const colours = bytes === null ? null : keepColours(bytes);
  found.push(...(colours?.found ?? [finding("colourProfile")]));
  // The colour space names this stream: what cannot be read stays, and is told.
  if (colours !== null && colours.profile !== null) replace(stream, colours.profile);
}

/** Now unpacked; the writer of the file may pack it. */
function replace(stream: PDFRawStream, bytes: Bytes): void {
  for (const key of ["Filter", "DecodeParms", "DL"]) stream.dict.delete(name(key));
  stream.updateContents(bytes);
  stream.dict.set(name("Length"), PDFNumber.of(bytes.length));
}
