/** A PDF (ISO 32000) as objects, and the small questions that the cleaner asks them. */
import {
  PDFArray,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFRef,
  PDFStream,
  PDFString,
  type PDFContext,
  type PDFObject,
  type PDFRawStream,
} from "@cantoo/pdf-lib";
import { inflate, type Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import { predictorOf, unpredict } from "./pdf-predictors.ts";

const mostPages = 200_000;

export const name = (text: string): PDFName => PDFName.of(text);

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
  if (filters.length > 1 || filters[0] !== "FlateDecode") return null;
  const bytes = await inflate(contents, most).catch(() => null);
  return bytes === null ? null : unpredict(bytes, predictorOf(stream.dict));
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
