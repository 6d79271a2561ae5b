/**
 * Office files (OOXML: docx, xlsx, pptx, with macros or as templates): every part is looked at, parts that
 * only tell of making are dropped, the others are scrubbed, and the archive is packed anew. What people
 * read in it stays as it is, tracked changes apart, which are accepted.
 */
import { crc32, type Bytes } from "./binary.ts";
import { CannotClean } from "./cannot-clean.ts";
import type { Cleaned, Told } from "./cleaning.ts";
import { finding, type FileKind, type Finding } from "./findings.ts";
import { headKind } from "./kinds.ts";
import { newAuthors, scrubComments, type Authors } from "./office-authors.ts";
import { contentTypes, dropParts, externalTargets, mainContentType } from "./office-package.ts";
import { scrubPart, tellHidden } from "./office-parts.ts";
import { readProperties } from "./office-properties.ts";
import { cleanPictureInside } from "./pictures.ts";
import { scrubSheetText } from "./sheet-text.ts";
import { acceptChanges } from "./word-changes.ts";
import { dropRemarks, parseXml, writeXml } from "./xml.ts";
import { packParts, unpackParts, type Parts } from "./zip-parts.ts";

const mostTree = 12 << 20; // bytes of one part of XML; a tree takes some seventy times as much memory
const deepest = 2; // documents in documents

/** Parts that show nothing. */
const dropped =
  /^(?:docProps|customXml|docMetadata|_xmlsignatures)\/|^(?:word|xl|ppt)\/(?:people\.xml|commentsIds\.xml|commentsExtensible\.xml|printerSettings\/|revisions\/|changesInfos\/|revisionInfo\.xml|tags\/|thumbnail)|(?:^|\/)thumbnail\.\w+$/i;
const droppedRelation =
  /\/(?:attachedTemplate|thumbnail|core-properties|extended-properties|custom-properties|customXml|digital-signature\/\w+)$/;
const people = /^(?:word|xl|ppt)\/(?:.*\/)?(?:comments|commentAuthors|authors|persons?|threadedComment|modernComment)/i;
const sheets = /^xl\/(?:worksheets|chartsheets|dialogsheets|macrosheets)\/[^/]+\.xml$|^xl\/sharedStrings\.xml$/;
/** Kinds of part that hold content and no metadata of their own that we know. */
const quiet = /\.(?:odttf|fntdata|emf|wmf|ttf|otf)$/i;

function kindOf(type: string): FileKind {
  // xlsb keeps its authors in a binary form that we do not read.
  if (type.includes("binary")) throw new CannotClean("kind", "a binary workbook");
  if (/wordprocessingml|ms-word/.test(type)) return "word";
  if (/spreadsheetml|ms-excel/.test(type)) return "sheet";
  if (/presentationml|ms-powerpoint/.test(type)) return "slides";
  throw new CannotClean("kind", "another kind of document");
}

/** Throws "kind" for any other archive, "encrypted", "large"; whatever else it throws means "damaged". */
export async function cleanOffice(file: Bytes, told: Told, depth = 0): Promise<Cleaned> {
  const parts = await unpackParts(file, told.signal);
  if (!parts.has(contentTypes)) throw new CannotClean("kind", "an archive");
  const kind = kindOf(mainContentType(parts));
  told.progress(0.3);
  const found: Finding[] = readProperties(parts);
  tellDropped(parts, found);
  for (const { type, target } of externalTargets(parts))
    if (type.endsWith("/attachedTemplate")) found.push(finding("originalPath", target));
  const dangling = dropParts(
    parts,
    (part) => dropped.test(part),
    (type) => droppedRelation.test(type),
  );
  for (const { type, target } of externalTargets(parts))
    if (!type.endsWith("/hyperlink") || /^file:|^[A-Za-z]:|^\\\\/.test(target))
      found.push(finding("externalLink", target));
  const authors = newAuthors(found);
  let done = 0;
  for (const [part, bytes] of parts) {
    told.signal.throwIfAborted();
    // Lets a message to the worker through.
    if (++done % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    const scrubbed = /\.(?:xml|rels|vml|svg)$/i.test(part)
      ? scrubXml(part, bytes, dangling.get(part) ?? new Set(), authors, found)
      : await scrubOther(part, bytes, told, depth, found);
    parts.set(part, scrubbed);
    told.progress(0.3 + (0.4 * done) / parts.size);
  }
  const shape = [...parts].map(([part, bytes]) => `${part} ${crc32(bytes).toString(36)}`).join("\n");
  return { kind, parts: [await packParts(parts, told.signal)], found, shape };
}

function tellDropped(parts: Parts, found: Finding[]): void {
  for (const part of parts.keys()) {
    if (/thumbnail/i.test(part)) found.push(finding("preview"));
    else if (/printerSettings\//.test(part) && !part.includes("_rels")) found.push(finding("printer"));
    else if (/^customXml\/item\d*\.xml$/.test(part)) found.push(finding("privateData", "customXml"));
    else if (/^_xmlsignatures\/sig\d*\.xml$/.test(part)) found.push(finding("signature"));
    else if (/^docMetadata\/[^_]/.test(part)) found.push(finding("organisation", "LabelInfo"));
    else if (/\/(?:revisions|changesInfos)\//.test(part) && !part.includes("_rels"))
      found.push(finding("trackedChanges"));
    else if (/^ppt\/tags\/[^_]/.test(part)) found.push(finding("privateData"));
  }
}

function scrubXml(
  part: string,
  bytes: Bytes,
  dangling: ReadonlySet<string>,
  authors: Authors,
  found: Finding[],
): Bytes {
  if (part.endsWith(".rels") || part === contentTypes) return writeXml(parseXml(bytes));
  if (sheets.test(part)) return scrubSheetText(bytes, dangling, found);
  if (bytes.length > mostTree) throw new CannotClean("large", "a part of XML");
  const document = parseXml(bytes);
  dropRemarks(document);
  if (part.startsWith("word/")) acceptChanges(document, found);
  scrubPart(document, dangling, found);
  if (people.test(part)) scrubComments(document, authors, found);
  tellHidden(part, document, found);
  return writeXml(document);
}

async function scrubOther(part: string, bytes: Bytes, told: Told, depth: number, found: Finding[]): Promise<Bytes> {
  const called = part.slice(part.lastIndexOf("/") + 1);
  const kind = headKind(bytes);
  if (kind === "zip" && depth < deepest) {
    // The workbook behind a chart, a document put into another.
    const inside = await cleanOffice(bytes, { signal: told.signal, progress: () => {} }, depth + 1).catch(() => null);
    told.signal.throwIfAborted();
    if (inside !== null) {
      found.push(...inside.found);
      return inside.parts[0] as Bytes;
    }
  }
  if (/vbaProject\.bin$/i.test(part)) found.push(finding("macros"));
  else if (kind !== null && kind !== "zip" && kind !== "pdf") {
    const cleaned = await cleanPictureInside(bytes).catch(() => null);
    if (cleaned !== null) {
      found.push(...cleaned.found);
      return cleaned.bytes;
    }
    found.push(finding("unknownPart", called));
  } else if (!quiet.test(part)) found.push(finding("embeddedFile", called));
  return bytes;
}
