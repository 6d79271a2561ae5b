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
import { leadsToFile } from "./links.ts";
import { tellLinks } from "./office-links.ts";
import { contentTypes, dropParts, externalTargets, mainContentType, type DroppedPart } from "./office-package.ts";
import { scrubPart, tellHidden } from "./office-parts.ts";
import { isProperties, readProperties } from "./office-properties.ts";
import { cleanPictureInside } from "./pictures.ts";
import { scrubSheetText } from "./sheet-text.ts";
import { acceptChanges } from "./word-changes.ts";
import { dropRemarks, parseXml, writeXml } from "./xml.ts";
import { packParts, unpackParts } from "./zip-parts.ts";

const mostTree = 12 << 20; // bytes of one part of XML; a tree takes some seventy times as much memory
const deepest = 2; // documents in documents

/** Parts that show nothing. */
const dropped =
  /^(?:docProps|customXml|docMetadata|_xmlsignatures|package\/services\/metadata)\/|^(?:word|xl|ppt)\/(?:people\.xml|commentsIds\.xml|commentsExtensible\.xml|printerSettings\/|documenttasks\/|revisions\/|changesInfos\/|revisionInfo\.xml|tags\/|thumbnail)|(?:^|\/)thumbnail\.\w+$/i;
/** And what leads to such parts, wherever they lie. */
const droppedRelation =
  /\/(?:attachedTemplate|thumbnail|(?:core|extended|custom)-?properties|customXml(?:Props)?|digital-signature\/\w+|people|commentsIds|commentsExtensible|printerSettings|documenttasks|revisionHeaders|revisionLog|usernames|changesInfo|revisionInfo|tags|classificationlabels|mailMerge\w*|recipientData)$/i;
const people = /^(?:word|xl|ppt)\/(?:.*\/)?(?:comments|commentAuthors|authors|persons?|threadedComment|modernComment)/i;
const peopleRoot = /^(?:comments|cmLst|cmAuthorLst|authorLst|personList|ThreadedComments)$/;
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
  const found: Finding[] = [];
  for (const { type, target } of externalTargets(parts))
    if (/\/(?:attachedTemplate|mailMerge\w*)$/.test(type)) found.push(finding("originalPath", target));
  const { dangling, gone } = dropParts(
    parts,
    (part, bytes) => part !== contentTypes && !part.endsWith(".rels") && (dropped.test(part) || isProperties(bytes)),
    (type) => droppedRelation.test(type),
  );
  const properties = gone.filter(({ part, bytes }) => /^docProps\/[^/]+\.xml$/i.test(part) || isProperties(bytes));
  found.push(...readProperties(properties.map(({ bytes }) => bytes)));
  tellDropped(gone, found);
  for (const { type, target } of externalTargets(parts))
    if (!type.endsWith("/hyperlink") || leadsToFile(target)) found.push(finding("externalLink", target));
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

const droppedNames: [what: RegExp, about: Finding][] = [
  [/thumbnail/i, finding("preview")],
  [/printerSettings/, finding("printer")],
  [/customXml(?:\/item\d*\.xml)?$/, finding("privateData", "customXml")],
  [/^_xmlsignatures\/sig\d*\.xml$|digital-signature\/signature$/, finding("signature")],
  [/^docMetadata\/|classificationlabels$/, finding("organisation", "LabelInfo")],
  [/\/revisions\/|changesInfo|revisionHeaders$|revisionLog$/, finding("trackedChanges")],
  [/documenttasks/, finding("privateData", "documenttasks")],
  [/recipientData$|mailMergeRecipientData$/, finding("privateData", "recipientData")],
  [/^ppt\/tags\/|\/tags$/, finding("privateData")],
];

function tellDropped(gone: DroppedPart[], found: Finding[]): void {
  for (const { part, type } of gone) {
    const about = part.includes("_rels/")
      ? undefined
      : droppedNames.find(([what]) => what.test(part) || what.test(type))?.[1];
    if (about !== undefined) found.push(about);
  }
}

function scrubXml(
  part: string,
  bytes: Bytes,
  dangling: ReadonlySet<string>,
  authors: Authors,
  found: Finding[],
): Bytes {
  if (sheets.test(part)) return scrubSheetText(bytes, dangling, found);
  const isPackage = part.endsWith(".rels") || part === contentTypes;
  if (bytes.length > mostTree && !isPackage) throw new CannotClean("large", "a part of XML");
  const document = parseXml(bytes);
  dropRemarks(document);
  if (!isPackage) {
    acceptChanges(document, found);
    scrubPart(document, dangling, found);
    if (people.test(part) || peopleRoot.test(document.documentElement?.localName ?? ""))
      scrubComments(document, authors, found);
    tellHidden(part, document, found);
    tellLinks(document, found);
  }
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
