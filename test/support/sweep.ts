/**
 * Searches bytes, files and folders for planted secrets in every form in which software might
 * have written them down. Compressed and encrypted content is not looked into.
 */
import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

export interface Form {
  encoding: string;
  bytes: Buffer;
}

export interface Hit {
  plant: string;
  encoding: string;
  /** The file, "name of <file>", or the label of the bytes. */
  place: string;
  /** Bytes from the start of the place, of the first occurrence. */
  offset: number;
}

export interface Swept {
  hits: Hit[];
  /** So that the caller can assert that there was something to search. */
  files: number;
  bytes: number;
}

/** A path of a file or folder, or bytes with a label for the report. */
export type Place = string | { label: string; bytes: Uint8Array };

/** Below this many bytes, a form of a plant turns up by chance in a big random file. */
const leastFormBytes = 6;

/**
 * Finds the first occurrence of each form of each plant in each place. Files that vanish during
 * the sweep, sockets and devices are passed over; symbolic links are not followed.
 * @throws Error when a place is absent or a plant is too short to be told from chance
 */
export async function sweep(plants: readonly string[], places: readonly Place[]): Promise<Swept> {
  const wanted = plants.flatMap((plant) => formsOf(plant).map((form) => ({ plant, ...form })));
  const swept: Swept = { hits: [], files: 0, bytes: 0 };
  for (const place of places) {
    if (typeof place === "string") await sweepPath(place, wanted, swept);
    else {
      swept.bytes += place.bytes.length;
      findIn(place.label, [Buffer.from(place.bytes)], wanted, swept);
    }
  }
  return swept;
}

/** Every form of a plant that is searched, without doubles. */
export function formsOf(plant: string): Form[] {
  const utf8 = Buffer.from(plant, "utf8");
  const utf16le = Buffer.from(plant, "utf16le");
  const forms: Form[] = [
    { encoding: "UTF-8", bytes: utf8 },
    { encoding: "UTF-16LE", bytes: utf16le },
    { encoding: "UTF-16BE", bytes: Buffer.from(utf16le).swap16() },
    { encoding: "hex", bytes: Buffer.from(utf8.toString("hex")) },
    { encoding: "HEX", bytes: Buffer.from(utf8.toString("hex").toUpperCase()) },
    { encoding: "JSON", bytes: Buffer.from(JSON.stringify(plant).slice(1, -1)) },
  ];
  for (const before of [0, 1, 2])
    for (const encoding of ["base64", "base64url"] as const)
      forms.push({
        encoding: `${encoding} after ${String(before)} mod 3 bytes`,
        bytes: base64Core(utf8, before, encoding),
      });
  for (const [encoding, text] of [
    ["URL", encodeURIComponent(plant)],
    ["URL form", new URLSearchParams([["", plant]]).toString().slice(1)],
  ] as const)
    forms.push(
      { encoding, bytes: Buffer.from(text) },
      {
        encoding: `${encoding} in lower case`,
        bytes: Buffer.from(text.replace(/%../g, (escape) => escape.toLowerCase())),
      },
    );
  const tooShort = forms.find(({ bytes }) => bytes.length < leastFormBytes);
  if (tooShort !== undefined) throw new Error(`a plant is too short to search as ${tooShort.encoding}`);
  return forms.filter(({ bytes }, i) => forms.findIndex((other) => other.bytes.equals(bytes)) === i);
}

/** The characters that depend on the plant alone when it stands `before` bytes into a longer text. */
function base64Core(plant: Buffer, before: number, encoding: "base64" | "base64url"): Buffer {
  const text = Buffer.concat([Buffer.alloc(before), plant]).toString(encoding);
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor(((before + plant.length) * 8) / 6);
  return Buffer.from(text.slice(from, to));
}

type Wanted = Form & { plant: string };

async function sweepPath(path: string, wanted: Wanted[], swept: Swept): Promise<void> {
  const found = await lstat(path);
  findIn(`name of ${path}`, [Buffer.from(path)], wanted, swept);
  if (found.isFile()) await sweepFile(path, wanted, swept);
  else if (found.isDirectory()) {
    for (const name of await readdir(path)) {
      try {
        await sweepPath(join(path, name), wanted, swept);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    }
  }
}

async function sweepFile(path: string, wanted: Wanted[], swept: Swept): Promise<void> {
  const search = new Search(path, wanted, swept);
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })) {
    swept.bytes += (chunk as Buffer).length;
    search.push(chunk as Buffer);
  }
  swept.files++;
}

function findIn(place: string, chunks: Buffer[], wanted: Wanted[], swept: Swept): void {
  const search = new Search(place, wanted, swept);
  for (const chunk of chunks) search.push(chunk);
}

/** Looks through one place chunk by chunk, keeping as much as a form may straddle. */
class Search {
  #tail = Buffer.alloc(0);
  #tailOffset = 0;
  #left: Wanted[];
  readonly #place: string;
  readonly #swept: Swept;
  readonly #overlap: number;

  constructor(place: string, wanted: Wanted[], swept: Swept) {
    this.#place = place;
    this.#swept = swept;
    this.#left = wanted;
    this.#overlap = Math.max(0, ...wanted.map(({ bytes }) => bytes.length - 1));
  }

  push(chunk: Buffer): void {
    const view = Buffer.concat([this.#tail, chunk]);
    this.#left = this.#left.filter(({ plant, encoding, bytes }) => {
      const at = view.indexOf(bytes);
      if (at === -1) return true;
      this.#swept.hits.push({ plant, encoding, place: this.#place, offset: this.#tailOffset + at });
      return false;
    });
    const kept = Math.min(view.length, this.#overlap);
    this.#tailOffset += view.length - kept;
    this.#tail = view.subarray(view.length - kept);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
