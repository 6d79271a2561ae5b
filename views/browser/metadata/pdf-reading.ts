/** A PDF (ISO 32000) as objects, and the small questions that the cleaner asks them. */
import {
  PDFArray,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFObjectStreamParser,
  PDFParser,
  PDFRef,
  PDFStream,
  PDFString,
  PDFXRefStreamParser,
  type PDFContext,
  type PDFObject,
  type PDFRawStream,
} from "@cantoo/pdf-lib";
import { countWord, inflate, type Bytes } from "./binary.ts";
import { CannotClean, damaged } from "./cannot-clean.ts";

const objectsPerTick = 500; // then the worker hears whether it was cancelled
// The library unpacks these without a bound: a small stream cannot fill the memory.
const mostPackedObjects = 512 * 1024; // bytes
const endBytes = 2048; // readers look for the end this far from it
const mostPages = 200_000;

export const name = (text: string): PDFName => PDFName.of(text);

function bounded(stream: PDFRawStream): PDFRawStream {
  if (stream.contents.length > mostPackedObjects) throw damaged("an object stream that is too large");
  return stream;
}
const { forStream: objectsOf } = PDFObjectStreamParser;
PDFObjectStreamParser.forStream = (stream, ...rest) => objectsOf(bounded(stream), ...rest);
const { forStream: placesOf } = PDFXRefStreamParser;
PDFXRefStreamParser.forStream = (stream) => placesOf(bounded(stream));

/** Every object of the file. Throws "encrypted" or something that means "damaged". */
export async function parsePdf(file: Bytes): Promise<PDFContext> {
  // The library would read a file that was cut off as one with fewer pages.
  if (countWord(file.subarray(-endBytes), "startxref") === 0) throw damaged("it has no end");
  try {
    const context = await PDFParser.forBytesWithOptions(file, objectsPerTick, true).parseDocument();
    if (context.trailerInfo.Encrypt === undefined) return context;
  } catch (error) {
    // Encrypted object streams cannot be read at all; that they are encrypted stands in the clear.
    if (countWord(file, "/Encrypt") === 0) throw error;
  }
  throw new CannotClean("encrypted", "needs a password");
}

export function dictOf(object: PDFObject | undefined): PDFDict | null {
  if (object instanceof PDFDict) return object;
  return object instanceof PDFStream ? object.dict : null;
}

/** What `key` stands for in `dict`, references followed. */
export function at(dict: PDFDict, key: string): PDFObject | undefined {
  return dict.context.lookup(dict.get(name(key)));
}

export function dictAt(dict: PDFDict, key: string): PDFDict | null {
  return dictOf(at(dict, key));
}

export function itemsAt(dict: PDFDict, key: string): PDFObject[] {
  const array = at(dict, key);
  return array instanceof PDFArray ? array.asArray() : [];
}

export function isNamed(dict: PDFDict, key: string, ...values: string[]): boolean {
  const value = at(dict, key);
  return value instanceof PDFName && values.some((each) => value === name(each));
}

export function textAt(dict: PDFDict, key: string): string {
  const value = at(dict, key);
  if (value instanceof PDFString || value instanceof PDFHexString) return value.decodeText();
  return value instanceof PDFName ? value.decodeText() : "";
}

export function numberAt(dict: PDFDict, key: string): number | null {
  const value = at(dict, key);
  return value instanceof PDFNumber ? value.asNumber() : null;
}

/** Names of the filters in the order of unpacking. */
export function filtersOf(stream: PDFStream): string[] {
  const filter = at(stream.dict, "Filter");
  const filters = filter instanceof PDFArray ? filter.asArray() : filter === undefined ? [] : [filter];
  return filters.map((each) => {
    const value = stream.dict.context.lookup(each);
    return value instanceof PDFName ? value.decodeText() : "";
  });
}

/** The bytes of a stream that is plain or packed once with Flate; null for any other packing. */
export async function unpacked(stream: PDFRawStream, most: number): Promise<Bytes | null> {
  const filters = filtersOf(stream);
  const contents = stream.contents as Bytes;
  if (filters.length === 0) return contents;
  if (filters.length > 1 || filters[0] !== "FlateDecode" || at(stream.dict, "DecodeParms") !== undefined) return null;
  return inflate(contents, most).catch(() => null);
}

export function catalogOf(context: PDFContext): PDFDict {
  const root = context.lookup(context.trailerInfo.Root);
  if (!(root instanceof PDFDict)) throw damaged("no catalogue");
  return root;
}

/** The pages in the tree, in order. Throws "damaged" where there are none or the tree is a loop. */
export function pagesOf(catalog: PDFDict): PDFRef[] {
  const pages: PDFRef[] = [];
  const seen = new Set<PDFObject>();
  const open = [catalog.get(name("Pages"))];
  while (open.length > 0) {
    const next = open.pop();
    if (!(next instanceof PDFRef) || seen.has(next)) throw damaged("the tree of pages");
    seen.add(next);
    const node = catalog.context.lookup(next);
    if (!(node instanceof PDFDict)) throw damaged("a page is missing");
    const kids = at(node, "Kids");
    if (kids instanceof PDFArray) open.push(...kids.asArray().toReversed());
    else pages.push(next);
    if (pages.length > mostPages) throw damaged("too many pages");
  }
  if (pages.length === 0) throw damaged("no pages");
  return pages;
}
