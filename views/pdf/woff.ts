/**
 * WOFF 1.0 (W3C Recommendation, 2012) to the font it packs. The library that reads fonts would unpack
 * a whole table again for every glyph.
 */
import { unzlibSync } from "fflate";
import { PortalError } from "../../crypto/errors.ts";

const signature = 0x774f4646; // "wOFF"
const headerBytes = 44;
const entryBytes = 20;
const sfntHeaderBytes = 12;
const sfntEntryBytes = 16;

/** The same tables in an sfnt (TrueType or OpenType) file. @throws PortalError "format" when it is no WOFF, or a damaged one */
export function sfntOf(woff: Uint8Array): Uint8Array<ArrayBuffer> {
  const from = new DataView(woff.buffer, woff.byteOffset, woff.byteLength);
  if (woff.length < headerBytes || from.getUint32(0) !== signature) throw new PortalError("format", "not a WOFF font");
  const tables = from.getUint16(12);
  if (woff.length < headerBytes + entryBytes * tables) throw new PortalError("format", "the font is cut");
  const bodies = Array.from({ length: tables }, (_, i) => tableAt(woff, from, headerBytes + entryBytes * i));
  const first = sfntHeaderBytes + sfntEntryBytes * tables;
  const sfnt = new Uint8Array(bodies.reduce((sum, { length }) => sum + padded(length), first));
  const to = new DataView(sfnt.buffer);
  writeHeader(to, from.getUint32(4), tables);
  let offset = first;
  for (const [i, body] of bodies.entries()) {
    const entry = headerBytes + entryBytes * i;
    const at = sfntHeaderBytes + sfntEntryBytes * i;
    to.setUint32(at, from.getUint32(entry)); // tag
    to.setUint32(at + 4, from.getUint32(entry + 16)); // checksum of the unpacked table
    to.setUint32(at + 8, offset);
    to.setUint32(at + 12, body.length);
    sfnt.set(body, offset);
    offset += padded(body.length);
  }
  return sfnt;
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

function writeHeader(to: DataView, flavor: number, tables: number): void {
  const log = Math.floor(Math.log2(tables));
  to.setUint32(0, flavor);
  to.setUint16(4, tables);
  to.setUint16(6, 16 * 2 ** log);
  to.setUint16(8, log);
  to.setUint16(10, 16 * (tables - 2 ** log));
}

function tableAt(woff: Uint8Array, from: DataView, entry: number): Uint8Array {
  const [start, packed, length] = [4, 8, 12].map((field) => from.getUint32(entry + field)) as [number, number, number];
  const bytes = woff.subarray(start, start + packed);
  const body = packed < length ? unpack(bytes, length) : bytes;
  if (body.length !== length) throw new PortalError("format", "a table of the font is cut");
  return body;
}

function unpack(bytes: Uint8Array, length: number): Uint8Array {
  try {
    return unzlibSync(bytes, { out: new Uint8Array(length) });
  } catch (cause) {
    throw new PortalError("format", "a table of the font is damaged", { cause });
  }
}
