/**
 * Reads ZIP files that this software's console saved (APPNOTE.TXT 6.3.10): stored entries one behind another, nothing
 * before, between or behind them. Any other ZIP is refused with the reason, before a byte of it is unpacked: programs
 * differ in what they take out of one with hidden, doubled or overlapping entries, and stored entries cannot swell.
 */
import { open, type FileHandle } from "node:fs/promises";
import { fromUtf8 } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";

export interface ZipEntry {
  name: string;
  /** Bytes. */
  size: number;
  /** Where its bytes begin. */
  start: number;
}

export interface ZipFile {
  entries: readonly ZipEntry[];
  /** Part of an entry's bytes; all of them unless told. */
  read(entry: ZipEntry, offset?: number, length?: number): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/**
 * "other": not a ZIP, or cut off; "hidden": bytes that no entry accounts for; "packed": compressed or encrypted;
 * "path": a name that could lead out of the folder; "twice": two names that some disks take for one; "link": no file.
 */
export type ZipFault = "other" | "hidden" | "packed" | "path" | "twice" | "link";
/** `entry`: its number from 1, or 0: the file as a whole. */
export type OpenedZip = { is: "open"; zip: ZipFile } | { is: "refused"; why: ZipFault; entry: number };

const signatures = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end64: 0x06064b50,
  locator: 0x07064b50,
  end: 0x06054b50,
};
const endBytes = 22;
const locatorBytes = 20;
const end64Bytes = 56;
const centralBytes = 46;
const localBytes = 30;
/** Names of some hundred thousand files: more is not read into memory. */
const mostDirectoryBytes = 64 * 1024 * 1024;
const pieceBytes = 1024 * 1024;
const in64 = 0xffff_ffff;
const fileMode = 0o100_000;

/** Segments that begin with a letter or digit: nothing absolute, no "..", no backslash, no control character. */
export const safePath = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

class Refused extends Error {
  readonly why: ZipFault;
  readonly entry: number;

  constructor(why: ZipFault, entry = 0) {
    super(why);
    this.why = why;
    this.entry = entry;
  }
}

/** @throws what opening and reading a file throws; a ZIP that is not as above is an answer */
export async function openZip(path: string): Promise<OpenedZip> {
  const file = await open(path, "r");
  try {
    const entries = await readDirectory(file, (await file.stat()).size);
    return { is: "open", zip: zipOf(file, entries) };
  } catch (error) {
    await file.close();
    if (error instanceof Refused) return { is: "refused", why: error.why, entry: error.entry };
    throw error;
  }
}

function zipOf(file: FileHandle, entries: readonly ZipEntry[]): ZipFile {
  return {
    entries,
    async *read({ start, size }, offset = 0, length = size - offset) {
      if (offset < 0 || length < 0 || offset + length > size)
        throw new PortalError("forged", "a part that the file does not have");
      for (let at = 0; at < length; at += pieceBytes)
        yield await readAt(file, start + offset + at, Math.min(pieceBytes, length - at));
    },
    close: () => file.close(),
  };
}

/** Of its own each time: what was given out may be kept. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) throw new PortalError("forged", "the file was cut while it was read");
    at += bytesRead;
  }
  return bytes;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** A number of eight bytes. Beyond 2^53 there is no file. */
function u64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refused("other");
  return Number(value);
}

interface Directory {
  start: number;
  bytes: number;
  count: number;
}

/** The records at the end, which must be the very last bytes. */
async function findDirectory(file: FileHandle, size: number): Promise<Directory> {
  if (size < endBytes) throw new Refused("other");
  const end = viewOf(await readAt(file, size - endBytes, endBytes));
  // A comment would be behind it; nothing here writes one.
  if (end.getUint32(0, true) !== signatures.end || end.getUint16(20, true) !== 0) throw new Refused("other");
  const small = { count: end.getUint16(10, true), bytes: end.getUint32(12, true), start: end.getUint32(16, true) };
  const at64 = size - endBytes - locatorBytes - end64Bytes;
  const isIn64 = small.count === 0xffff || small.bytes === in64 || small.start === in64;
  const directory = (isIn64 || small.start + small.bytes === at64) && at64 >= 0 ? await find64(file, at64) : null;
  const found = directory ?? small;
  const before = directory === null ? size - endBytes : at64;
  if (found.start + found.bytes !== before) throw new Refused("hidden");
  return found;
}

async function find64(file: FileHandle, at: number): Promise<Directory> {
  const both = viewOf(await readAt(file, at, end64Bytes + locatorBytes));
  const fits =
    both.getUint32(0, true) === signatures.end64 &&
    both.getUint32(end64Bytes, true) === signatures.locator &&
    u64(both, end64Bytes + 8) === at;
  if (!fits) throw new Refused("other");
  return { count: u64(both, 32), bytes: u64(both, 40), start: u64(both, 48) };
}

async function readDirectory(file: FileHandle, size: number): Promise<ZipEntry[]> {
  const { start, bytes, count } = await findDirectory(file, size);
  if (bytes > mostDirectoryBytes) throw new Refused("other");
  const directory = await readAt(file, start, bytes);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  // Entries stand in the order of the directory, each where the one before ended.
  let position = 0;
  for (let number = 1; number <= count; number++) {
    const read = parseCentral(directory, at, number);
    at += read.bytes;
    if (read.offset !== position) throw new Refused("hidden", number);
    const local = await readLocal(file, read, start, number);
    position = local.end;
    const name = read.name.replace(/\/$/, "");
    if (!safePath.test(name)) throw new Refused("path", number);
    if (names.has(name.toLowerCase())) throw new Refused("twice", number);
    names.add(name.toLowerCase());
    if (read.name === name) entries.push({ name, size: read.size, start: local.start });
    else if (read.size > 0) throw new Refused("link", number);
  }
  if (at !== bytes || position !== start) throw new Refused("hidden");
  const files = new Set(entries.map(({ name }) => name.toLowerCase()));
  if (entries.some(({ name }) => foldersOf(name.toLowerCase()).some((folder) => files.has(folder))))
    throw new Refused("twice");
  return entries;
}

interface Central {
  /** Of the record. */
  bytes: number;
  rawName: Uint8Array;
  name: string;
  hasDescriptor: boolean;
  size: number;
  offset: number;
}

function parseCentral(directory: Uint8Array, at: number, number: number): Central {
  if (at + centralBytes > directory.length) throw new Refused("other", number);
  const view = viewOf(directory.subarray(at));
  if (view.getUint32(0, true) !== signatures.central) throw new Refused("other", number);
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) => view.getUint16(place, true)) as [
    number,
    number,
    number,
  ];
  const bytes = centralBytes + nameBytes + extraBytes + commentBytes;
  if (at + bytes > directory.length) throw new Refused("other", number);
  const flags = view.getUint16(8, true);
  // Encrypted, patched or masked; or compressed.
  if ((flags & 0x2061) !== 0 || view.getUint16(10, true) !== 0) throw new Refused("packed", number);
  const mode = view.getUint16(40, true);
  // Some programs follow it whatever system is said to have made the ZIP.
  const type = mode & 0o170_000;
  const rawName = directory.slice(at + centralBytes, at + centralBytes + nameBytes);
  const name = nameOf(rawName, number);
  if (type !== 0 && type !== (name.endsWith("/") ? 0o040_000 : fileMode)) throw new Refused("link", number);
  const extra = directory.subarray(at + centralBytes + nameBytes, at + centralBytes + nameBytes + extraBytes);
  checkExtra(extra, number);
  if (commentBytes > 0) throw new Refused("hidden", number);
  const sizes = { packed: view.getUint32(20, true), size: view.getUint32(24, true), offset: view.getUint32(42, true) };
  const { packed, size, offset } = widen(sizes, extra, number);
  if (packed !== size) throw new Refused("packed", number);
  return { bytes, rawName, name, hasDescriptor: (flags & 8) !== 0, size, offset };
}

function nameOf(raw: Uint8Array, number: number): string {
  try {
    return fromUtf8(raw);
  } catch {
    throw new Refused("path", number);
  }
}

type Sizes = Pick<Central, "size" | "offset"> & { packed: number };

/** Any field but 1 may give a program another name, or more than a name: nothing here writes one. */
function checkExtra(extra: Uint8Array, number: number): void {
  const view = viewOf(extra);
  for (let at = 0; at < extra.length; at += 4 + view.getUint16(at + 2, true))
    if (at + 4 > extra.length || view.getUint16(at, true) !== 1) throw new Refused("hidden", number);
}

/** Numbers that do not fit four bytes stand in the extra field 1, in this order. */
function widen(sizes: Sizes, extra: Uint8Array, number: number): Sizes {
  if (sizes.packed !== in64 && sizes.size !== in64 && sizes.offset !== in64) return sizes;
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    let next = at + 4;
    const take = (small: number): number => {
      if (small !== in64) return small;
      if (next + 8 > end) throw new Refused("other", number);
      next += 8;
      return u64(view, next - 8);
    };
    // The plain size stands first.
    const size = take(sizes.size);
    return { size, packed: take(sizes.packed), offset: take(sizes.offset) };
  }
  throw new Refused("other", number);
}

/** Where an entry's bytes begin, and where the next entry must. */
async function readLocal(
  file: FileHandle,
  { rawName, size, offset, hasDescriptor }: Central,
  directoryStart: number,
  number: number,
): Promise<{ start: number; end: number }> {
  if (offset + localBytes > directoryStart) throw new Refused("other", number);
  const head = viewOf(await readAt(file, offset, localBytes));
  const nameBytes = head.getUint16(26, true);
  const start = offset + localBytes + nameBytes + head.getUint16(28, true);
  const fits = head.getUint32(0, true) === signatures.local && nameBytes === rawName.length && start <= directoryStart;
  if (!fits) throw new Refused("other", number);
  // A program that reads front to back goes by these names.
  const name = await readAt(file, offset + localBytes, nameBytes);
  if (!name.every((byte, i) => byte === rawName[i]) || head.getUint16(8, true) !== 0)
    throw new Refused("hidden", number);
  checkExtra(await readAt(file, offset + localBytes + nameBytes, head.getUint16(28, true)), number);
  const told = head.getUint32(22, true);
  if (told !== size && told !== in64 && !(hasDescriptor && told === 0)) throw new Refused("hidden", number);
  const descriptorBytes = hasDescriptor ? (size >= in64 ? 24 : 16) : 0;
  const end = start + size + descriptorBytes;
  if (end > directoryStart) throw new Refused("other", number);
  if (hasDescriptor) {
    const behind = viewOf(await readAt(file, start + size, descriptorBytes));
    const counted = descriptorBytes === 24 ? u64(behind, 16) : behind.getUint32(12, true);
    if (behind.getUint32(0, true) !== signatures.descriptor || counted !== size) throw new Refused("hidden", number);
  }
  return { start, end };
}

/** "a/b/c": "a" and "a/b". */
function foldersOf(name: string): string[] {
  const parts = name.split("/");
  return parts.slice(1).map((_part, i) => parts.slice(0, i + 1).join("/"));
}
