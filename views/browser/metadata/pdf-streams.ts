/** Streams of a PDF that are formats of their own: photographs, colour profiles, files inside. */
import { PDFName, PDFNumber, type PDFRawStream } from "@cantoo/pdf-lib";
import { inflate, joinBytes, type Bytes } from "./binary.ts";
import { keepColours, mostProfileBytes } from "./colour-profile.ts";
import { finding, type Finding } from "./findings.ts";
import { cleanJpeg } from "./jpeg.ts";
import { cleanJpeg2000 } from "./jpeg2000.ts";
import { at, filtersOf, isNamed, name, numberAt, unpacked } from "./pdf-reading.ts";
import { cleanPictureInside } from "./pictures.ts";

const mostUnpacked = 256 << 20; // bytes of one stream

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
    stream.dict.set(name("Filter"), PDFName.of(last));
  }
  // The orientation inside a photograph does not count in a PDF, so it need not stay.
  const cleaned = last === "DCTDecode" ? cleanJpeg(bytes, { orientation: false }) : cleanJpeg2000(bytes);
  found.push(...cleaned.found);
  replace(stream, joinBytes(cleaned.parts));
}

async function scrubFileInside(stream: PDFRawStream, found: Finding[]): Promise<void> {
  const bytes = await unpacked(stream, mostUnpacked);
  const cleaned = bytes === null ? null : await cleanPictureInside(bytes);
  if (cleaned === null) return; // told by its name, as remaining
  found.push(...cleaned.found);
  stream.dict.delete(name("Filter"));
  replace(stream, cleaned.bytes);
}

/** Only profiles have the number of colours and no type. */
function isProfile(stream: PDFRawStream): boolean {
  return (
    numberAt(stream.dict, "N") !== null && at(stream.dict, "Type") === undefined && !stream.dict.has(name("Subtype"))
  );
}

async function scrubProfile(stream: PDFRawStream, found: Finding[]): Promise<void> {
  const bytes = await unpacked(stream, mostProfileBytes);
  if (bytes === null) return;
  const colours = keepColours(bytes);
  if (colours.profile === null) return;
  found.push(...colours.found);
  stream.dict.delete(name("Filter"));
  replace(stream, colours.profile);
}

function replace(stream: PDFRawStream, bytes: Bytes): void {
  stream.updateContents(bytes);
  stream.dict.set(name("Length"), PDFNumber.of(bytes.length));
}
