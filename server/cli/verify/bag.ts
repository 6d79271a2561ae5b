/** A case file as files and bytes, out of a folder or a ZIP. Nothing is followed out of it, nothing is unpacked. */
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { openZip } from "../zip.ts";
import type { Fault } from "./words.ts";

export interface Bag {
  /** Bytes by path in the bag. */
  files: ReadonlyMap<string, number>;
  /** What no case file has. Where there is something, nothing in the bag is read. */
  odd: readonly Fault[];
  /** Only of `files`. */
  read(path: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Null: there is no folder and no file. @throws what reading the disk throws */
export async function openBag(path: string): Promise<Bag | null> {
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() === true) return openFolder(path);
  return found?.isFile() === true ? openZippedBag(path) : null;
}

const nothingIn = (odd: Fault[]): Bag => ({
  files: new Map(),
  odd,
  read: () => {
    throw new Error("nothing in an odd bag is read");
  },
  close: async () => {},
});

async function openZippedBag(path: string): Promise<Bag> {
  const opened = await openZip(path);
  if (opened.is === "refused")
    return nothingIn([{ fault: `zip.${opened.why}`, of: opened.entry === 0 ? "" : String(opened.entry) }]);
  const { zip } = opened;
  const roots = new Set(zip.entries.map(({ name }) => name.split("/")[0]!));
  if (roots.size !== 1 || zip.entries.some(({ name }) => !name.includes("/"))) {
    await zip.close();
    return nothingIn([{ fault: "zip.roots", of: "" }]);
  }
  const entries = new Map(zip.entries.map((entry) => [entry.name.slice(entry.name.indexOf("/") + 1), entry]));
  return {
    files: new Map([...entries].map(([name, { size }]) => [name, size])),
    odd: [],
    read: (name) => zip.read(entries.get(name)!),
    close: () => zip.close(),
  };
}

async function openFolder(root: string): Promise<Bag> {
  const files = new Map<string, number>();
  const odd: Fault[] = [];
  const seen = new Set<string>();
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for (const { name } of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const status = await lstat(join(root, path));
      const lower = path.toLowerCase();
      if (seen.has(lower)) odd.push({ fault: "twice", of: shown(lower) });
      seen.add(lower);
      if (!/^[A-Za-z0-9._][A-Za-z0-9._-]*$/.test(name)) odd.push({ fault: "name", of: shown(path) });
      if (status.isDirectory()) folders.push(path);
      else if (status.isFile()) files.set(path, status.size);
      else odd.push({ fault: "special", of: shown(path) });
    }
  return { files, odd: [...new Map(odd.map((each) => [each.fault + each.of, each])).values()], read, close };

  async function* read(path: string): AsyncGenerator<Uint8Array> {
    // Somebody may put a link or a pipe in its place meanwhile; Windows has neither flag.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = await open(join(root, path), flags);
    try {
      yield* file.createReadStream({ autoClose: false, highWaterMark: pieceBytes }) as AsyncIterable<Uint8Array>;
    } finally {
      await file.close();
    }
  }
  async function close(): Promise<void> {}
}

const pieceBytes = 1024 * 1024;

/** Somebody else's name, byte for byte, without what could steer a terminal. */
function shown(path: string): string {
  return Buffer.from(path)
    .toString("latin1")
    .replaceAll(/[^A-Za-z0-9._/-]/g, "?");
}
