/**
 * EXIF (TIFF 6.0, CIPA DC-008): read for the findings, never kept. What may stay is the orientation,
 * because without it the picture would turn.
 */
import { latin1, readable, viewOf, type Bytes } from "./binary.ts";
import { finding, type Finding, type FindingName } from "./findings.ts";

const mostEntries = 4096; // of all directories together; a real camera writes under 300

const mainTags: Record<number, FindingName> = {
  0x010e: "caption",
  0x010f: "camera",
  0x0110: "camera",
  0x0131: "software",
  0x0132: "modified",
  0x013b: "author",
  0x8298: "owner",
  0x9c9b: "title",
  0x9c9c: "note",
  0x9c9d: "author",
  0x9c9e: "keywords",
  0x9c9f: "caption",
};
const photoTags: Record<number, FindingName> = {
  0x9003: "taken",
  0x9004: "created",
  0x927c: "cameraData",
  0x9286: "note",
  0xa420: "documentId",
  0xa430: "owner",
  0xa431: "serialNumber",
  0xa433: "camera",
  0xa434: "camera",
  0xa435: "serialNumber",
};
const photoDirectory = 0x8769;
const gpsDirectory = 0x8825;
const orientationTag = 0x0112;
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]; // bytes of a value, by type
const ascii = 2;
const short = 3;
const rational = 5;

interface Entry {
  tag: number;
  type: number;
  count: number;
  value: Uint8Array;
}

export interface Exif {
  /** 1 to 8; 1 where none is given. */
  orientation: number;
  found: Finding[];
}

/** Reads what it can and never throws: a broken EXIF is dropped like a sound one. `tiff` without "Exif\0\0". */
export function readExif(tiff: Uint8Array): Exif {
  const found: Finding[] = [];
  let orientation = 1;
  const file = openTiff(tiff);
  if (file === null) return { orientation, found: [finding("cameraData")] };
  const main = file.directory(file.first);
  for (const entry of main.entries) {
    const name = mainTags[entry.tag];
    if (entry.tag === orientationTag && entry.type === short) {
      const value = file.view(entry.value).getUint16(0, file.little);
      if (value >= 2 && value <= 8) orientation = value;
    } else if (entry.tag === photoDirectory) {
      for (const photo of file.directory(file.number(entry)).entries) {
        const photoName = photoTags[photo.tag];
        if (photoName !== undefined) found.push(finding(photoName, shown(photo)));
      }
    } else if (entry.tag === gpsDirectory) found.push(readPlace(file, file.directory(file.number(entry)).entries));
    else if (name !== undefined) found.push(finding(name, shown(entry)));
  }
  if (main.next !== 0 && file.directory(main.next).entries.length > 0) found.push(finding("preview"));
  if (found.length === 0 && main.entries.some(({ tag }) => tag !== orientationTag)) found.push(finding("cameraData"));
  if (orientation !== 1) found.push(finding("orientation", orientation));
  return { orientation, found };
}

interface Tiff {
  little: boolean;
  first: number;
  view: (bytes: Uint8Array) => DataView;
  number: (entry: Entry) => number;
  directory: (at: number) => { entries: Entry[]; next: number };
}

function openTiff(tiff: Uint8Array): Tiff | null {
  const order = latin1(tiff.subarray(0, 2));
  if (tiff.length < 8 || (order !== "II" && order !== "MM")) return null;
  const little = order === "II";
  const view = viewOf(tiff);
  let left = mostEntries;
  const number = ({ value, type }: Entry): number => {
    if (value.length >= 4) return viewOf(value).getUint32(0, little);
    return type === short && value.length >= 2 ? viewOf(value).getUint16(0, little) : 0;
  };
  const directory = (at: number): { entries: Entry[]; next: number } => {
    const entries: Entry[] = [];
    if (at === 0 || at + 2 > tiff.length) return { entries, next: 0 };
    const count = view.getUint16(at, little);
    let offset = at + 2;
    for (let i = 0; i < count && left > 0 && offset + 12 <= tiff.length; i++, left--, offset += 12) {
      const type = view.getUint16(offset + 2, little);
      const values = view.getUint32(offset + 4, little);
      const length = (sizes[type] ?? 1) * values;
      const start = length <= 4 ? offset + 8 : view.getUint32(offset + 8, little);
      if (start + length > tiff.length) continue;
      entries.push({
        tag: view.getUint16(offset, little),
        type,
        count: values,
        value: tiff.subarray(start, start + length),
      });
    }
    return { entries, next: offset + 4 <= tiff.length ? view.getUint32(offset, little) : 0 };
  };
  return { little, first: view.getUint32(4, little), view: viewOf, number, directory };
}

function shown({ tag, type, value }: Entry): string {
  if (type === ascii) return readable(value);
  if (tag >= 0x9c9b && tag <= 0x9c9f) return new TextDecoder("utf-16le").decode(value).replaceAll("\0", "");
  if (tag === 0x9286) return readable(value.subarray(8)); // the first eight bytes name the character set
  return "";
}

function readPlace(file: Tiff, entries: Entry[]): Finding {
  const degrees = (reference: number, tag: number, negative: string): number | null => {
    const entry = entries.find((each) => each.tag === tag && each.type === rational && each.count >= 3);
    if (entry === undefined) return null;
    const view = file.view(entry.value);
    const part = (i: number): number =>
      view.getUint32(i * 8, file.little) / (view.getUint32(i * 8 + 4, file.little) || 1);
    const sign = entries.find((each) => each.tag === reference);
    const size = part(0) + part(1) / 60 + part(2) / 3600;
    return sign !== undefined && readable(sign.value).startsWith(negative) ? -size : size;
  };
  const latitude = degrees(1, 2, "S");
  const longitude = degrees(3, 4, "W");
  return finding(
    "location",
    latitude === null || longitude === null ? "" : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`,
  );
}

/** A TIFF of one entry, the orientation: what stays of an EXIF whose picture would otherwise turn. */
export function orientationOnly(orientation: number): Bytes {
  const tiff = new Uint8Array(26);
  const view = viewOf(tiff);
  tiff.set([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1]); // big-endian, one directory at 8 with one entry
  view.setUint16(10, orientationTag);
  view.setUint16(12, short);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return tiff;
}
