/**
 * Where the objects of a PDF are, as its cross-reference tables and streams say (ISO 32000, 7.5.4 and
 * 7.5.8): this is what a reader goes by, while the library takes the last object of each number.
 */
import { PDFContext, PDFDict, PDFNumber, PDFObjectParser, PDFRawStream, PDFRef } from "@cantoo/pdf-lib";
import { latin1, startsWith, type Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import { at, itemsAt, name, numberAt, unpacked } from "./pdf-reading.ts";

/** In the file, at the beginning of "4 0 obj"; or in the object stream of that number. */
export type Place = { generation: number; header: number } | { within: number };

export interface Places {
  /** By number. What is not here is free: a reference to it means nothing. */
  places: Map<number, Place>;
  root: PDFRef | null;
}

interface Section {
  used: Map<number, Place>;
  free: Set<number>;
  trailer: PDFDict;
}

export const endBytes = 2048; // readers look for the end this far from it
const mostUnpacked = 64 << 20; // bytes of one cross-reference stream
const longestHeader = 64; // bytes of "4 0 obj" with the white space around
const whiteSpace = new Set([0, 9, 10, 12, 13, 32]);

/** The next byte at or behind `from` that is no white space, and no comment where those are allowed. */
function skipSpace(file: Bytes, from: number, comments = false): number {
  let next = from;
  for (; next < file.length; next++) {
    if (comments && file[next] === 0x25) while (next + 1 < file.length && !isLineEnd(file[next + 1]!)) next++;
    else if (!whiteSpace.has(file[next]!)) break;
  }
  return next;
}

function isLineEnd(byte: number): boolean {
  return byte === 10 || byte === 13;
}

/** Where the object itself begins whose header is at `header`, or null where there is none of that name. */
export function bodyAt(file: Bytes, header: number, number: number, generation: number): number | null {
  const start = skipSpace(file, header);
  const said = /^(\d+)[\0\t\n\f\r ]+(\d+)[\0\t\n\f\r ]+obj/.exec(latin1(file.subarray(start, start + longestHeader)));
  if (said === null || Number(said[1]) !== number || Number(said[2]) !== generation) return null;
  return skipSpace(file, start + said[0].length, true);
}

/** A plain whole number as an object of its own, such as the length of a stream; null for anything else. */
export function numberIn(file: Bytes, place: Place | undefined, number: number): number | null {
  if (place === undefined || "within" in place) return null;
  const body = bodyAt(file, place.header, number, place.generation);
  const said = body === null ? null : /^(\d{1,10})\s+endobj/.exec(latin1(file.subarray(body, body + longestHeader)));
  return said === null ? null : Number(said[1]);
}

/** Words of a table, one after another. */
function newWords(file: Bytes, start: number): { next: () => string; number: () => number; at: () => number } {
  let at = start;
  const next = (): string => {
    at = skipSpace(file, at, true);
    const from = at;
    // "<" begins the dictionary behind the word "trailer".
    while (at < file.length && at - from < longestHeader && !whiteSpace.has(file[at]!) && file[at] !== 0x3c) at++;
    return latin1(file.subarray(from, at));
  };
  const number = (): number => {
    const word = next();
    if (!/^\d{1,10}$/.test(word)) throw damaged("no number in a cross-reference table");
    return Number(word);
  };
  return { next, number, at: () => at };
}

function note(section: Pick<Section, "used" | "free">, number: number, place: Place | null): void {
  // Readers do not agree on which of the two counts.
  if (section.used.has(number) || section.free.has(number)) throw damaged("two places of one object");
  if (place === null) section.free.add(number);
  else section.used.set(number, place);
}

function readTable(file: Bytes, start: number): Section {
  const section = { used: new Map<number, Place>(), free: new Set<number>() };
  const words = newWords(file, start);
  for (let word = words.next(); word !== "trailer"; word = words.next()) {
    if (!/^\d{1,10}$/.test(word)) throw damaged("a cross-reference table");
    const count = words.number();
    for (let i = 0; i < count; i++) {
      const header = words.number();
      const generation = words.number();
      const kind = words.next();
      if (kind !== "n" && kind !== "f") throw damaged("a cross-reference table");
      // Some programs write objects that they do not have as used, at the beginning of the file.
      note(section, Number(word) + i, kind === "f" || header === 0 ? null : { generation, header });
    }
  }
  const trailer = PDFObjectParser.forBytes(file.subarray(words.at()), PDFContext.create()).parseObject();
  if (!(trailer instanceof PDFDict)) throw damaged("no trailer");
  return { ...section, trailer };
}

async function readStream(file: Bytes, start: number): Promise<Section> {
  const said = /^\d+\s+\d+\s+obj/.exec(latin1(file.subarray(start, start + longestHeader)));
  if (said === null) throw damaged("no cross-reference stream");
  const stream = PDFObjectParser.forBytes(file.subarray(start + said[0].length), PDFContext.create()).parseObject();
  if (!(stream instanceof PDFRawStream) || at(stream.dict, "Type") !== name("XRef")) throw damaged("no such stream");
  const bytes = await unpacked(stream, mostUnpacked);
  if (bytes === null) throw damaged("a cross-reference stream");
  const numbers = (key: string): number[] =>
    itemsAt(stream.dict, key).map((each) => (each instanceof PDFNumber ? each.asNumber() : -1));
  const index = stream.dict.has(name("Index")) ? numbers("Index") : [0, numberAt(stream.dict, "Size") ?? 0];
  return { ...readEntries(bytes, numbers("W"), index), trailer: stream.dict };
}

function readEntries(bytes: Bytes, widths: number[], index: number[]): Pick<Section, "used" | "free"> {
  const section = { used: new Map<number, Place>(), free: new Set<number>() };
  const [first = 0, second = 0, third = 0] = widths;
  const length = first + second + third;
  if (length <= 0 || widths.some((width) => width < 0 || width > 8)) throw damaged("a cross-reference stream");
  const field = (at: number, width: number): number =>
    bytes.subarray(at, at + width).reduce((value, byte) => value * 256 + byte, 0);
  let offset = 0;
  for (let i = 0; i + 1 < index.length; i += 2)
    for (let n = 0; n < index[i + 1]! && offset + length <= bytes.length; n++, offset += length) {
      const kind = first === 0 ? 1 : field(offset, first);
      const value = field(offset + first, second);
      let place: Place | null = null;
      if (kind === 1 && value > 0) place = { generation: field(offset + first + second, third), header: value };
      if (kind === 2) place = { within: value };
      note(section, index[i]! + n, place);
    }
  return section;
}

/** What is said first, in the newest section, counts. */
function merge(into: Map<number, Place | null>, used: Map<number, Place>, free: Iterable<number>): void {
  for (const [number, place] of used) if (!into.has(number)) into.set(number, place);
  for (const number of free) if (!into.has(number)) into.set(number, null);
}

/** Null where the file says nothing that can be followed; readers then search it as the library does. */
export async function readPlaces(file: Bytes): Promise<Places | null> {
  try {
    const all = new Map<number, Place | null>();
    const seen = new Set<number>();
    let root: PDFRef | null = null;
    const end = latin1(file.subarray(-endBytes)).matchAll(/startxref\s+(\d{1,10})/g);
    let next: number | null = Number([...end].at(-1)?.[1] ?? Number.NaN);
    while (next !== null) {
      const start: number = skipSpace(file, next);
      if (!(start < file.length) || seen.has(start)) throw damaged("the chain of cross-references");
      seen.add(start);
      const isTable = startsWith(file.subarray(start, start + 4), "xref");
      const section = isTable ? readTable(file, start + 4) : await readStream(file, start);
      const hidden = isTable ? numberAt(section.trailer, "XRefStm") : null;
      merge(all, section.used, []);
      // Of a hybrid file: old readers find these free in the table.
      if (hidden !== null) {
        const more = await readStream(file, skipSpace(file, hidden));
        merge(all, more.used, more.free);
      }
      merge(all, new Map(), section.free);
      const leads = section.trailer.get(name("Root"));
      if (root === null && leads instanceof PDFRef) root = leads;
      next = numberAt(section.trailer, "Prev");
    }
    const places = new Map<number, Place>();
    for (const [number, place] of all) if (place !== null) places.set(number, place);
    return { places, root };
  } catch {
    return null;
  }
}
