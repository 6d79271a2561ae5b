/**
 * The way of every file through a cleaner: read, clean, read what came out again, and give it back only
 * if that is whole. Which formats there are is the caller's choice: each worker carries only its own.
 */
import { headBytes, headKind, type HeadKind } from "./kinds.ts";
import { joinBytes, type Bytes } from "./binary.ts";
import { CannotClean } from "./cannot-clean.ts";
import { distinct, type CleanResult, type FileKind, type Finding } from "./findings.ts";

/** How a long piece of work hears that it is to stop, and says how far it is. */
export interface Told {
  signal: AbortSignal;
  /** From 0 to 1. */
  progress: (done: number) => void;
}

export interface Cleaned {
  kind: FileKind;
  /** The new file, in order; mostly views of the old one. */
  parts: Uint8Array[];
  /** What the old file told, what stays included. */
  found: Finding[];
  /** What must be the same when the new file is read: size of the picture, pages, lengths of texts. */
  shape: string;
}

/** Throws `CannotClean`; whatever else it throws means "damaged" as well. */
export type Cleaner = (file: Bytes, told: Told) => Promise<Cleaned>;
export type Cleaners = Partial<Record<HeadKind, Cleaner>>;

const mebibyte = 1 << 20;
/** Above these a file is left alone: docs/decisions/0004-metadata.md has the memory that was measured. */
export const limits: Record<HeadKind, number> = {
  jpeg: 128 * mebibyte,
  png: 128 * mebibyte,
  webp: 128 * mebibyte,
  gif: 128 * mebibyte,
  pdf: 100 * mebibyte,
  zip: 100 * mebibyte,
};

const types: Record<FileKind, string> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  pdf: "application/pdf",
  word: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  sheet: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  slides: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

/** Lets the message through that says to stop. */
async function breath(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal.throwIfAborted();
}

/** Throws what the browser throws when `file` cannot be read, and `signal.reason` when it was aborted. */
export async function cleanWith(
  cleaners: Cleaners,
  file: Blob,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<CleanResult> {
  const kind = headKind(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  const clean = kind === null ? undefined : cleaners[kind];
  if (kind === null || clean === undefined) return { is: "untouched", reason: "kind", kind: null, found: [] };
  const known = kind === "zip" ? null : kind;
  if (file.size > limits[kind]) return { is: "untouched", reason: "large", kind: known, found: [] };
  const bytes = new Uint8Array(await file.arrayBuffer());
  onProgress(0.1);
  await breath(signal);
  try {
    const cleaned = await clean(bytes, { signal, progress: (done) => onProgress(0.1 + 0.5 * done) });
    await breath(signal);
    const result = joinBytes(cleaned.parts);
    // The same reader on the result: it must be whole, and what it still tells the person must know.
    const again = await clean(result, { signal, progress: (done) => onProgress(0.6 + 0.4 * done) });
    signal.throwIfAborted();
    if (again.shape !== cleaned.shape) throw new CannotClean("damaged", "the result would not be the same document");
    onProgress(1);
    return {
      is: "cleaned",
      kind: cleaned.kind,
      blob: new Blob([result], { type: file.type === "" ? types[cleaned.kind] : file.type }),
      found: distinct(cleaned.found),
      remaining: distinct(again.found),
    };
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof CannotClean ? error.reason : "damaged";
    return { is: "untouched", reason, kind: reason === "kind" ? null : known, found: [] };
  }
}
