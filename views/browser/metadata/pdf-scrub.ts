/** What goes from a PDF's dictionaries, and what only the person can judge and is told. */
import {
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFStream,
  PDFString,
  type PDFContext,
  type PDFDict,
  type PDFObject,
} from "@cantoo/pdf-lib";
import { finding, type Finding, type FindingName } from "./findings.ts";
import { leadsToFile } from "./links.ts";
import { at, dictAt, dictOf, isNamed, itemsAt, name, textAt } from "./pdf-reading.ts";
import { readXmp } from "./xmp.ts";

const mostFilesInside = 9999;

const infoNames: [key: string, name: FindingName][] = [
  ["Title", "title"],
  ["Author", "author"],
  ["Subject", "caption"],
  ["Keywords", "keywords"],
  ["Creator", "software"],
  ["Producer", "software"],
  ["CreationDate", "created"],
  ["ModDate", "modified"],
];

/** D:20240131120000+01'00' → 2024-01-31 12:00 */
function shownDate(text: string): string {
  const parts = text.match(/^D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?/);
  if (parts === null) return text;
  const [, year, month, day, hour, minute] = parts;
  return `${year}-${month}-${day}${hour === undefined ? "" : ` ${hour}:${minute ?? "00"}`}`;
}

/** The document's information dictionary. */
export function readInfo(context: PDFContext): Finding[] {
  const info = dictOf(context.lookup(context.trailerInfo.Info));
  return info === null ? [] : infoFindings(info);
}

function infoFindings(info: PDFDict): Finding[] {
  const known = new Map<string, FindingName>(infoNames);
  return info.keys().flatMap((key) => {
    const text = key.decodeText();
    const value = shownDate(textAt(info, text));
    if (value === "" || text === "Trapped") return [];
    const named = known.get(text);
    return [named === undefined ? finding("customField", `${text}: ${value}`) : finding(named, value)];
  });
}

/** What stands in the catalogue only. */
export function scrubCatalog(catalog: PDFDict, found: Finding[]): void {
  for (const key of ["SpiderInfo", "Perms", "DSS", "Legal"]) catalog.delete(name(key));
  dropBase(catalog, found);
  const form = dictAt(catalog, "AcroForm");
  if (form !== null) {
    form.delete(name("SigFlags"));
    if (itemsAt(form, "Fields").length > 0) found.push(finding("formFields", itemsAt(form, "Fields").length));
    else if (form.has(name("XFA"))) found.push(finding("formFields"));
  }
  for (const thread of itemsAt(catalog, "Threads")) dictOf(catalog.context.lookup(thread))?.delete(name("I"));
  const names = dictAt(catalog, "Names");
  if (names !== null) renameFiles(names);
  const layers = dictAt(catalog, "OCProperties");
  const off = layers === null ? null : dictAt(layers, "D");
  if (off !== null)
    for (const layer of itemsAt(off, "OFF")) {
      const dict = dictOf(catalog.context.lookup(layer));
      found.push(finding("hiddenLayer", dict === null ? "" : textAt(dict, "Name")));
    }
}

/** Files inside are listed under names that may be paths as well: one sorted list of bare names instead. */
function renameFiles(names: PDFDict): void {
  const tree = dictAt(names, "EmbeddedFiles");
  if (tree === null) return;
  const files: [called: string, file: PDFObject][] = [];
  const open = [tree];
  for (let node = open.pop(); node !== undefined && files.length < mostFilesInside; node = open.pop()) {
    const pairs = itemsAt(node, "Names");
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const key = names.context.lookup(pairs[i]);
      const called = key instanceof PDFString || key instanceof PDFHexString ? key.decodeText() : "";
      files.push([baseName(called), pairs[i + 1]!]);
    }
    for (const kid of itemsAt(node, "Kids")) {
      const dict = dictOf(names.context.lookup(kid));
      if (dict !== null && open.length < mostFilesInside) open.push(dict);
    }
  }
  const sorted = files.map(
    ([called, file], i) => [`${String(i).padStart(4, "0")} ${called.replace(/^\d{4} /, "")}`, file] as const,
  );
  tree.delete(name("Kids"));
  tree.delete(name("Limits"));
  tree.set(name("Names"), names.context.obj(sorted.flatMap(([called, file]) => [PDFHexString.fromText(called), file])));
}

function baseName(path: string): string {
  return path.split(/[/\\:]/).at(-1) ?? "";
}

/** Where the document lay: relative links would lead from there. */
function dropBase(catalog: PDFDict, found: Finding[]): void {
  const uri = dictAt(catalog, "URI");
  if (uri !== null && textAt(uri, "Base") !== "") found.push(finding("originalPath", textAt(uri, "Base")));
  catalog.delete(name("URI"));
}

/** Takes metadata out of any dictionary, whatever it stands for. Its values are visited afterwards. */
export function scrubDict(dict: PDFDict, found: Finding[]): void {
  dropMetadata(dict, found);
  if (dict.has(name("Thumb"))) {
    found.push(finding("preview"));
    dict.delete(name("Thumb"));
  }
  if (dict.has(name("PieceInfo"))) {
    found.push(finding("privateData", piecesOf(dict)));
    dict.delete(name("PieceInfo"));
  }
  if (dict.has(name("LastModified"))) {
    found.push(finding("modified", shownDate(textAt(dict, "LastModified"))));
    dict.delete(name("LastModified"));
  }
  if (dict.has(name("OPI"))) {
    found.push(finding("originalPath"));
    dict.delete(name("OPI"));
  }
  if (dict.has(name("Rect")) && dict.has(name("Subtype"))) scrubAnnotation(dict, found);
  if (dict.has(name("EF"))) scrubFile(dict, found);
  if (isNamed(dict, "Type", "OCG")) dictAt(dict, "Usage")?.delete(name("CreatorInfo"));
  if (isNamed(dict, "Type", "EmbeddedFile")) dropParameters(dict, found);
  for (const inside of filesInside(dict)) dropParameters(inside.dict, found);
  dropIncluded(dict, found);
  dropSignature(dict, found);
  tellActions(dict, found);
}

function dropMetadata(dict: PDFDict, found: Finding[]): void {
  const metadata = at(dict, "Metadata");
  if (!(metadata instanceof PDFStream)) return;
  found.push(...readXmp(metadata.getContents()));
  dict.delete(name("Metadata"));
}

/** What pdfTeX notes of a drawing that it took from another PDF: its path, and that file's information. */
function dropIncluded(dict: PDFDict, found: Finding[]): void {
  for (const key of dict.keys()) {
    const text = key.decodeText();
    if (!text.startsWith("PTEX.")) continue;
    const info = dictAt(dict, text);
    if (info !== null) found.push(...infoFindings(info));
    else if (textAt(dict, text) !== "") found.push(finding("originalPath", textAt(dict, text)));
    else found.push(finding("privateData", text));
    dict.delete(key);
  }
}

/** The streams of the files that a file specification brings; that they say their type is not asked of them. */
export function filesInside(specification: PDFDict): PDFRawStream[] {
  const files = dictAt(specification, "EF");
  if (files === null) return [];
  return files.keys().flatMap((key) => {
    const file = at(files, key.decodeText());
    return file instanceof PDFRawStream ? [file] : [];
  });
}

function dropParameters(file: PDFDict, found: Finding[]): void {
  const parameters = dictAt(file, "Params");
  if (parameters === null) return;
  for (const [key, called] of [
    ["CreationDate", "created"],
    ["ModDate", "modified"],
  ] as const)
    if (textAt(parameters, key) !== "") found.push(finding(called, shownDate(textAt(parameters, key))));
  file.delete(name("Params"));
}

function piecesOf(dict: PDFDict): string {
  const pieces = dictAt(dict, "PieceInfo");
  return pieces === null
    ? ""
    : pieces
        .keys()
        .map((key) => key.decodeText())
        .join(", ");
}

/** Who wrote a comment and when; what it says stays. Of a form field, T is its name. */
function scrubAnnotation(dict: PDFDict, found: Finding[]): void {
  if (!isNamed(dict, "Subtype", "Widget", "Link", "Popup") && dict.has(name("Contents"))) {
    const text = textAt(dict, "Contents");
    if (text !== "") found.push(finding("comments", text));
  }
  if (!isNamed(dict, "Subtype", "Widget") && dict.has(name("T"))) {
    found.push(finding("commentAuthor", textAt(dict, "T")));
    dict.delete(name("T"));
  }
  for (const key of ["M", "CreationDate"]) {
    if (dict.has(name(key))) found.push(finding("commentTime", shownDate(textAt(dict, key))));
    dict.delete(name(key));
  }
  dict.delete(name("NM")); // a unique name that some programs make from time and machine
}

/** A file inside: its name stays without folders, because the person must see what it is. */
function scrubFile(dict: PDFDict, found: Finding[]): void {
  let called = "";
  for (const key of ["F", "UF", "Unix", "DOS", "Mac"]) {
    const path = textAt(dict, key);
    if (path === "") continue;
    const base = baseName(path);
    called ||= base;
    if (base !== path) {
      found.push(finding("originalPath", path));
      dict.set(name(key), PDFHexString.fromText(base));
    }
  }
  found.push(finding("embeddedFile", called));
}

/** Once the file is written anew no signature holds; what is left of it names the signer and the minute. */
function dropSignature(dict: PDFDict, found: Finding[]): void {
  const value = dictAt(dict, "V");
  if (value === null || !(value.has(name("ByteRange")) || isNamed(value, "Type", "Sig", "DocTimeStamp"))) return;
  found.push(finding("signature", textAt(value, "Name")));
  if (textAt(value, "M") !== "") found.push(finding("created", shownDate(textAt(value, "M"))));
  if (textAt(value, "Location") !== "") found.push(finding("location", textAt(value, "Location")));
  dict.delete(name("V"));
}

function tellActions(dict: PDFDict, found: Finding[]): void {
  if (isNamed(dict, "Type", "Filespec", "F") && !dict.has(name("EF"))) {
    const path = textAt(dict, "UF") || textAt(dict, "F");
    if (path !== "") found.push(finding("externalLink", path));
  }
  const action = at(dict, "S");
  if (!(action instanceof PDFName)) return;
  if (isNamed(dict, "S", "JavaScript") && dict.has(name("JS"))) found.push(finding("scripts"));
  if (isNamed(dict, "S", "URI") && leadsToFile(textAt(dict, "URI")))
    found.push(finding("externalLink", textAt(dict, "URI")));
  if (!isNamed(dict, "S", "Launch", "GoToR", "GoToE", "SubmitForm", "ImportData")) return;
  const file = dictAt(dict, "F");
  found.push(finding("externalLink", file === null ? textAt(dict, "F") : textAt(file, "UF") || textAt(file, "F")));
}
