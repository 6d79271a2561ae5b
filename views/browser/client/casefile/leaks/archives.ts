/** What lies packed in a file, unpacked within bounds: sizes that archives tell are only claims, so what comes out is counted. */
import { configure, Uint8ArrayReader, ZipReader, type FileEntry } from "@zip.js/zip.js/lib/zip-core-native.js";
import { TooLarge, type Budget } from "./bounds.ts";
import { chunksOf } from "./windows.ts";

// This is a worker already, and the policy of the page lets no other script start.
configure({ useWebWorkers: false, useCompressionStream: true });

export type Part =
  | { is: "file"; name: string; bytes: AsyncIterable<Uint8Array> }
  /** The comment of an archive or of a file in it. */
  | { is: "remark"; name: string; text: string }
  | { is: "missed"; name: string; why: "locked" | "damaged" | "large" };

/** Each part in turn; its bytes must be read to their end, or given up, before the next. */
export async function* unzip(kind: "zip" | "gzip", file: Uint8Array, budget: Budget): AsyncGenerator<Part> {
  if (kind === "gzip") {
    const { readable, pump } = inflating("gzip", file);
    yield { is: "file", name: "gzip", bytes: counted(readable, budget) };
    await pump;
    return;
  }
  const reader = new ZipReader(new Uint8ArrayReader(file));
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      const name = entry.filename;
      if (budget.files-- <= 0) {
        yield { is: "missed", name: "", why: "large" };
        return;
      }
      if (entry.comment !== "") yield { is: "remark", name, text: entry.comment };
      if (entry.directory) yield { is: "remark", name, text: name };
      else if (entry.encrypted)
        yield* [{ is: "remark", name, text: name } as const, { is: "missed", name, why: "locked" } as const];
      else yield { is: "file", name, bytes: unpack(entry, budget) };
    }
    const comment = new TextDecoder().decode(reader.comment);
    if (comment !== "") yield { is: "remark", name: "", text: comment };
  } catch {
    yield { is: "missed", name: "", why: "damaged" };
  }
}

async function* unpack(entry: FileEntry, budget: Budget): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  // Checked signatures would refuse what another program reads all the same.
  const written = entry.getData(writable, { checkSignature: false });
  written.catch(() => {}); // it comes out of the other end too
  yield* counted(readable, budget);
  await written;
}

async function* counted(stream: ReadableStream<Uint8Array>, budget: Budget): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunksOf(stream)) {
    budget.bytes -= chunk.length;
    if (budget.bytes < 0) throw new TooLarge();
    yield chunk;
  }
}

function inflating(
  format: "gzip" | "deflate",
  packed: Uint8Array,
): { readable: ReadableStream<Uint8Array>; pump: Promise<void> } {
  const { readable, writable } = new DecompressionStream(format);
  const writer = writable.getWriter();
  const pump = writer
    .write(packed as Uint8Array<ArrayBuffer>)
    .then(() => writer.close())
    .catch(() => {}); // damaged, or nobody reads on: told at the other end
  return { readable, pump };
}

const mostOfStream = 64 << 20; // bytes

/** Each stream of a PDF that zlib packed, whatever the document says of it. */
export async function* inflatedStreams(pdf: Uint8Array): AsyncGenerator<{ offset: number; inflated: Uint8Array }> {
  for (let at = find(pdf, "stream", 0); at !== -1; at = find(pdf, "stream", at + 6)) {
    let start = at + 6;
    while (start < at + 8 && (pdf[start] === 13 || pdf[start] === 10)) start++;
    // RFC 1950, 2.2: what each stream of zlib begins with.
    if ((pdf[start]! & 0x0f) !== 8 || (pdf[start]! * 256 + pdf[start + 1]!) % 31 !== 0) continue;
    const end = find(pdf, "endstream", start);
    const inflated = await inflateSome(pdf.subarray(start, end === -1 ? pdf.length : end));
    if (inflated.length > 0) yield { offset: start, inflated };
    if (end !== -1) at = end + 3;
  }
}

/** What comes out until something is wrong: line ends behind a stream are no part of it, and readers forgive them. */
async function inflateSome(packed: Uint8Array): Promise<Uint8Array> {
  const { readable } = inflating("deflate", packed);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunksOf(readable)) {
      parts.push(chunk);
      length += chunk.length;
      if (length > mostOfStream) break;
    }
  } catch {
    // as far as it goes
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function find(bytes: Uint8Array, word: string, from: number): number {
  const first = word.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < word.length && bytes[at + same] === word.charCodeAt(same)) same++;
    if (same === word.length) return at;
  }
  return -1;
}
