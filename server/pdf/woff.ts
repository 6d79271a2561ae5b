/**
 * WOFF 1.0 (W3C Recommendation, 2012) to the font it packs. The library that reads fonts would unpack
 * a whole table again for every glyph.
 */
import { inflateSync } from "node:zlib";
import { PortalError } from "../../crypto/errors.ts";

const headerBytes = 44;
const entryBytes = 20;
const sfntHeaderBytes = 12;
const sfntEntryBytes = 16;

/** The same tables in an sfnt (TrueType or OpenType) file. @throws PortalError "format" when it is no WOFF */
export function sfntOf(woff: Buffer): Buffer {
  if (woff.length < headerBytes || woff.toString("latin1", 0, 4) !== "wOFF")
    throw new PortalError("format", "not a WOFF font");
  const tables = woff.readUInt16BE(12);
  const parts: Buffer[] = [sfntHeader(woff.readUInt32BE(4), tables)];
  const bodies: Buffer[] = [];
  let offset = sfntHeaderBytes + sfntEntryBytes * tables;
  for (let i = 0; i < tables; i++) {
    const at = headerBytes + entryBytes * i;
    const body = tableAt(woff, at);
    const entry = Buffer.alloc(sfntEntryBytes);
    woff.copy(entry, 0, at, at + 4); // tag
    woff.copy(entry, 4, at + 16, at + 20); // checksum of the unpacked table
    entry.writeUInt32BE(offset, 8);
    entry.writeUInt32BE(body.length, 12);
    parts.push(entry);
    const padded = Buffer.alloc(Math.ceil(body.length / 4) * 4);
    body.copy(padded);
    bodies.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([...parts, ...bodies]);
}

function sfntHeader(flavor: number, tables: number): Buffer {
  const header = Buffer.alloc(sfntHeaderBytes);
  const log = Math.floor(Math.log2(tables));
  header.writeUInt32BE(flavor, 0);
  header.writeUInt16BE(tables, 4);
  header.writeUInt16BE(16 * 2 ** log, 6);
  header.writeUInt16BE(log, 8);
  header.writeUInt16BE(16 * (tables - 2 ** log), 10);
  return header;
}

function tableAt(woff: Buffer, at: number): Buffer {
  const [start, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field)) as [number, number, number];
  const bytes = woff.subarray(start, start + packed);
  const body = packed < length ? inflateSync(bytes) : bytes;
  if (body.length !== length) throw new PortalError("format", "a table of the font is cut");
  return body;
}
