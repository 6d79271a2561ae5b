import { createHash } from "node:crypto";
import { chmodSync, constants, mkdirSync } from "node:fs";
import { open, opendir, rm, statfs } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { PortalError } from "../../crypto/errors.ts";
import type { ObjectStore } from "../ports.ts";
import { portalErrorOf } from "./faults.ts";

/** Bytes read at a time: memory per download. */
const readBytes = 256 * 1024;
const envIdBytes = 16;

/** Opens a folder of attachment objects, readable to its owner only; makes it when it is not there. */
export function openObjectStore(dir: string): ObjectStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const beingWritten = new Set<string>();

  function nameOf(envId: Uint8Array): string {
    if (envId.length !== envIdBytes) throw new PortalError("format", "envelope id has 16 bytes");
    return Buffer.from(envId).toString("hex");
  }
  const pathOf = (envId: Uint8Array) => join(dir, nameOf(envId));

  async function* read(envId: Uint8Array, range?: { start: number; end: number }): AsyncIterable<Uint8Array> {
    const file = await onDisk(open(pathOf(envId), "r"));
    // createReadStream counts the last byte in; it closes the file at its end.
    const window = range === undefined ? {} : { start: range.start, end: range.end - 1 };
    yield* file.createReadStream({ highWaterMark: readBytes, ...window });
  }

  return {
    async appendPart(envId, offset, part, maxBytes) {
      const name = nameOf(envId);
      if (beingWritten.has(name)) throw new PortalError("conflict", "another part of this object is being written");
      beingWritten.add(name);
      try {
        return await appendPart(dir, name, offset, part, maxBytes);
      } finally {
        beingWritten.delete(name);
      }
    },
    async hash(envId) {
      const file = await onDisk(open(pathOf(envId), "r"));
      try {
        return await hashOf(file);
      } finally {
        await file.close();
      }
    },
    read,
    async remove(envId) {
      await onDisk(rm(pathOf(envId), { force: true }));
      await onDisk(syncFolder(dir));
    },
    async *list() {
      for await (const { name } of await opendir(dir))
        if (/^[0-9a-f]{32}$/.test(name)) yield new Uint8Array(Buffer.from(name, "hex"));
    },
    async freeBytes() {
      const { bavail, bsize } = await onDisk(statfs(dir));
      return bavail * bsize;
    },
  };
}

/** Into one buffer again and again: a new one for each read would pile up until the collector looks. */
async function hashOf(file: FileHandle): Promise<Uint8Array> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(readBytes);
  for (;;) {
    const { bytesRead } = await onDisk(file.read(buffer, 0, buffer.length));
    if (bytesRead === 0) return new Uint8Array(hash.digest());
    hash.update(buffer.subarray(0, bytesRead));
  }
}

async function appendPart(
  dir: string,
  name: string,
  offset: number,
  part: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<number> {
  const file = await onDisk(openForAppending(join(dir, name), offset));
  try {
    await onDisk(file.truncate(offset)); // what a crash left behind the last acknowledged part
    try {
      let length = offset;
      for await (const chunk of part) {
        if (length + chunk.length > offset + maxBytes)
          throw new PortalError("large", "the part is longer than announced");
        await onDisk(writeAll(file, chunk, length)); // awaited: the sender waits for the disk
        length += chunk.length;
      }
      await onDisk(forgetTimes(file));
      await onDisk(file.sync());
      if (offset === 0) await onDisk(syncFolder(dir));
      return length;
    } catch (cause) {
      await file.truncate(offset).catch(() => {}); // if not now, then before the next part
      await forgetTimes(file).catch(() => {}); // whoever broke off was here just now
      throw cause;
    }
  } finally {
    await file.close();
  }
}

async function openForAppending(path: string, offset: number): Promise<FileHandle> {
  const flags = constants.O_RDWR | (offset === 0 ? constants.O_CREAT : 0);
  const file = await open(path, flags, 0o600).catch((cause: unknown) => {
    if (isAbsent(cause) && offset > 0) throw new PortalError("conflict", "the object has no part before this one");
    throw cause;
  });
  const { size } = await file.stat();
  if (size >= offset) return file;
  await file.close();
  throw new PortalError("conflict", "the object is shorter than this part's offset");
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** A file's times tell the second of an upload, and go along into backups (its ctime does not). */
async function forgetTimes(file: FileHandle): Promise<void> {
  await file.utimes(0, 0);
}

/** A new or removed name is durable once its folder is. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === "win32") return; // folders cannot be opened there
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Turns faults of the file system into ours; what the sender's stream throws stays as it is. */
async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw isAbsent(cause) ? new PortalError("missing", "no such object", { cause }) : portalErrorOf(cause);
  }
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}
