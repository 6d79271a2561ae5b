/**
 * Things in documents that act by themselves when other programs open them. Sought in the bytes, nothing is run.
 * What is found is there; that nothing is found proves nothing, and no words say so.
 */
import { contentOf, headBytes, type Content } from "./content.ts";
import type { Finding } from "./worker-api.ts";

export const actives = [
  "javaScript",
  "launch",
  "inside",
  "xfa",
  "media",
  "submit",
  "locked",
  "macros",
  "unchecked",
] as const;
export type Active = (typeof actives)[number];

/** ISO 32000-2: names of actions (12.6.4), of files and media inside (7.11.4, 13), of other forms (12.7.8). */
const pdfNames: Record<string, Active> = {
  JavaScript: "javaScript",
  Launch: "launch",
  EmbeddedFile: "inside",
  EmbeddedFiles: "inside",
  XFA: "xfa",
  RichMedia: "media",
  Rendition: "media",
  SubmitForm: "submit",
  ImportData: "submit",
  Encrypt: "locked",
};

const chunkBytes = 4 * 1024 * 1024;
/** No name or dictionary of a stream is longer than what two neighbouring chunks share. */
const sharedBytes = 4 * 1024;
/** Packed objects are unpacked so far, all together. */
const mostUnpacked = 48 * 1024 * 1024;
const mostStreams = 20_000;

const decoder = new TextDecoder("latin1");

/** A name may be written with #xx for any letter of it (ISO 32000-2, 7.3.5). */
const plainName = (name: string): string =>
  name.replaceAll(/#([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function namesIn(text: string): string[] {
  return [...text.matchAll(/\/((?:[A-Za-z0-9]|#[0-9a-fA-F]{2}){3,60})(?![A-Za-z0-9#])/g)].map(([, name]) =>
    plainName(name!),
  );
}

/** All that comes out of a zlib stream until it ends or breaks, up to `most` bytes. */
async function inflate(packed: Blob, most: number): Promise<string> {
  const reader = packed.stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  let text = "";
  try {
    while (text.length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value);
    }
  } catch {
    // Damaged, or something follows it: what came out before counts.
  }
  await reader.cancel().catch(() => {});
  return text;
}

interface Budget {
  bytes: number;
  streams: number;
}

/** Objects in packed streams (ISO 32000-2, 7.5.7), where newer programs write nearly all of a file. */
async function namesInPacked(file: Blob, text: string, offset: number, left: Budget): Promise<string[]> {
  const found: string[] = [];
  for (const { index } of text.matchAll(/\/(?:O|#4f)(?:b|#62)(?:j|#6a)(?:S|#53)(?:t|#74)(?:m|#6d)(?![A-Za-z0-9])/gi)) {
    const begin = text.slice(index, index + sharedBytes).match(/stream\r?\n/);
    if (begin?.index === undefined || left.bytes <= 0 || left.streams-- <= 0) continue;
    const start = offset + index + begin.index + begin[0].length;
    const unpacked = await inflate(file.slice(start), Math.min(left.bytes, chunkBytes));
    left.bytes -= unpacked.length;
    found.push(...namesIn(unpacked));
  }
  return found;
}

async function activeInPdf(file: Blob): Promise<Set<Active>> {
  const found = new Set<Active>();
  const left = { bytes: mostUnpacked, streams: mostStreams };
  for (let at = 0; at < file.size; at += chunkBytes) {
    const text = decoder.decode(await file.slice(at, at + chunkBytes + sharedBytes).arrayBuffer());
    const names = [...namesIn(text), ...(await namesInPacked(file, text, at, left))];
    for (const name of names) if (Object.hasOwn(pdfNames, name)) found.add(pdfNames[name]!);
  }
  return found;
}

const utf16 = (text: string): string => text.replaceAll(/./g, "$&\0");
/** Names of parts are in the clear in both containers. */
const macroMarks = ["vbaProject.bin", "xl/macrosheets/", "Basic/Standard/", utf16("_VBA_PROJECT"), utf16("Macros")];

async function hasMacros(file: Blob): Promise<boolean> {
  for (let at = 0; at < file.size; at += chunkBytes) {
    const text = decoder.decode(await file.slice(at, at + chunkBytes + sharedBytes).arrayBuffer());
    if (macroMarks.some((mark) => text.includes(mark))) return true;
  }
  return false;
}

/** In the order of `actives`. */
export async function activeIn(file: Blob, content: Content): Promise<Active[]> {
  if (content === "pdf") {
    const found = await activeInPdf(file);
    return actives.filter((each) => found.has(each));
  }
  const mayHold = content === "zip" || content === "oldOffice";
  return mayHold && (await hasMacros(file)) ? ["macros"] : [];
}

/** What a file is by its bytes. */
export async function examine(file: Blob): Promise<Finding> {
  const content = contentOf(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  return { content, active: await activeIn(file, content) };
}
