/**
 * PDF: scrubs every object that can be reached from the catalogue, drops all others (earlier versions,
 * deleted pages), and writes the file anew. What is drawn stays byte for byte, pictures apart, which lose
 * their own metadata.
 */
import {
  PDFArray,
  PDFDict,
  PDFRawStream,
  PDFRef,
  PDFStream,
  PDFStreamWriter,
  PDFWriter,
  type PDFContext,
  type PDFObject,
} from "@cantoo/pdf-lib";
import { countWord, crc32, latin1, type Bytes } from "./binary.ts";
import type { Cleaned, Told } from "./cleaning.ts";
import { finding, type Finding } from "./findings.ts";
import { parsePdf, type ParsedPdf } from "./pdf-parsing.ts";
import { catalogOf, dictOf, isNamed, name, pagesOf } from "./pdf-reading.ts";
import { filesInside, readInfo, scrubCatalog, scrubDict } from "./pdf-scrub.ts";
import { scrubFileInside, scrubForm, scrubStream } from "./pdf-streams.ts";

const objectsPerTick = 500;
const endMark = "%%EOF";

/** Throws "encrypted"; whatever else it throws means "damaged". */
export async function cleanPdf(file: Bytes, { signal, progress }: Told): Promise<Cleaned> {
  const parsed = await parsePdf(file);
  const { context, objects: inFile } = parsed;
  signal.throwIfAborted();
  progress(0.5);
  const found: Finding[] = [...readInfo(context)];
  const catalog = catalogOf(context);
  const pages = pagesOf(catalog);
  const versions = countVersions(file);
  if (versions > 1) found.push(finding("earlierVersion", versions - 1));
  scrubCatalog(catalog, found);
  await scrubForm(catalog, found);
  const reached = await scrubReachable(parsed, new Set(pages), found, signal);
  const packed = inFile.some(([, object]) => isOf(object, "ObjStm"));
  const unused = inFile.filter(([ref, object]) => !reached.has(ref) && !isBookkeeping(context, ref, object));
  if (versions === 1 && unused.length > 0) found.push(finding("privateData", unused.length));
  for (const [ref] of inFile) if (!reached.has(ref)) context.delete(ref);
  context.largestObjectNumber = [...reached].reduce((most, { objectNumber }) => Math.max(most, objectNumber), 0);
  delete context.trailerInfo.Info;
  if (context.trailerInfo.ID !== undefined) found.push(finding("documentId"));
  delete context.trailerInfo.ID;
  progress(0.8);
  const writer = packed
    ? PDFStreamWriter.forContext(context, objectsPerTick)
    : PDFWriter.forContext(context, objectsPerTick);
  const shape = shapeOf(context, pages);
  const written = await writer.serializeToBuffer();
  return { kind: "pdf", parts: [written], found, shape };
}

/** How often the file was finished: once for each version saved behind the last (and twice in a linearized file). */
function countVersions(file: Bytes): number {
  const ends = countWord(file, endMark);
  const linearized = latin1(file.subarray(0, 1024)).includes("/Linearized") ? 1 : 0;
  return Math.max(1, ends - linearized);
}

function isOf(object: PDFObject, type: string): boolean {
  const dict = dictOf(object);
  return dict !== null && isNamed(dict, "Type", type);
}

/** What a writer puts beside the document itself, or what was reported for itself already. */
function isBookkeeping(context: PDFContext, ref: PDFRef, object: PDFObject): boolean {
  return (
    ref === context.trailerInfo.Info ||
    !(object instanceof PDFStream || object instanceof PDFDict) ||
    ["ObjStm", "XRef", "Metadata", "Sig"].some((type) => isOf(object, type)) ||
    dictOf(object)?.has(name("Linearized")) === true ||
    dictOf(object)?.keys().length === 0
  );
}

/**
 * Scrubs on the way, so that what only metadata led to is not reached. Pages outside the tree were deleted
 * once; bookmarks may still lead to them, but nobody sees them.
 */
async function scrubReachable(
  { context, check }: ParsedPdf,
  pages: Set<PDFRef>,
  found: Finding[],
  signal: AbortSignal,
): Promise<Set<PDFRef>> {
  const reached = new Set<PDFRef>();
  const open: (PDFObject | undefined)[] = [context.trailerInfo.Root];
  for (let count = 1; open.length > 0; count++) {
    if (count % 20_000 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    signal.throwIfAborted();
    let next = open.pop();
    if (next instanceof PDFRef) {
      if (reached.has(next)) continue;
      check(next);
      const object = context.lookup(next);
      if (object === undefined || (!pages.has(next) && isDeletedPage(object))) continue;
      reached.add(next);
      next = object;
    }
    const dict = dictOf(next);
    if (dict !== null) {
      scrubDict(dict, found);
      if (next instanceof PDFRawStream) await scrubStream(next, found);
      for (const inside of filesInside(dict)) await scrubFileInside(inside, found);
      for (const [, value] of dict.entries()) open.push(value);
    } else if (next instanceof PDFArray) for (const value of next.asArray()) open.push(value);
  }
  return reached;
}

function isDeletedPage(object: PDFObject): boolean {
  return object instanceof PDFDict && isNamed(object, "Type", "Page") && !object.has(name("Kids"));
}

/** Pages with their order, and the drawing instructions with their checksums. */
function shapeOf(context: PDFContext, pages: readonly PDFRef[]): string {
  const drawn = pages.map((page) => {
    const contents = context.lookup(page, PDFDict).lookup(name("Contents"));
    const streams = contents instanceof PDFArray ? contents.asArray() : [contents];
    return streams.map((each) => {
      const stream = context.lookup(each);
      return stream instanceof PDFRawStream ? crc32(stream.contents).toString(36) : "-";
    });
  });
  return `pdf ${drawn.map((streams) => streams.join("+")).join(" ")}`;
}
