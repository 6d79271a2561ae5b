/** An attachment as it will stand in a bag: its bytes come later, its length and hash are in the verified envelope. */
import type { FileEntry } from "../../../../crypto/content.ts";
import { inPart } from "../../../../crypto/errors.ts";
import { checkPath, type BagEntry } from "../bag.ts";
import type { AttachmentsReader, FilePlace } from "../case-files.ts";
import type { OpenCase } from "../casework.ts";
import type { Item, ReadCase } from "./case-documents.ts";

export interface Attachment extends BagEntry {
  of: ReadCase;
  /** As the pages name it, with the case in front. */
  title: string;
  place: FilePlace;
  file: FileEntry;
}

/** Of what others can open and nothing runs; anything else becomes .bin. */
const knownExtensions = new Set(
  "csv doc docx eml gif heic htm html jpeg jpg json log m4a md mkv mov mp3 mp4 msg odp ods odt ogg pdf png ppt pptx rtf tif tiff txt wav webm webp xls xlsx xml zip".split(
    " ",
  ),
);

/** Nothing of the name that somebody sent but a harmless ending. */
function endingOf(sent: string): string {
  const ending = /\.([a-z0-9]{1,5})$/.exec(sent.toLowerCase())?.[1] ?? "";
  return knownExtensions.has(ending) ? ending : "bin";
}

/** `path`: within the bag, without the ending. Null: a document. */
export function attachmentOf({ of, stream, entry, file, title }: Item, path: string): Attachment | null {
  if (file === null) return null;
  const { name, size, sha256 } = file.entry;
  const place = { stream, seq: entry.seq, index: file.index };
  const named = `${of.listing.name}: ${title}`;
  return { path: checkPath(`${path}.${endingOf(name)}`), size, sha256, of, title: named, place, file: file.entry };
}

/** Its bytes as they stream in. @throws what `read` does, told of this one */
export async function* bytesOf(
  { read }: Pick<AttachmentsReader, "read">,
  { of, place, title }: Attachment,
): AsyncGenerator<Uint8Array> {
  try {
    yield* read(of as OpenCase, place);
  } catch (error) {
    throw inPart(error, title);
  }
}

/** Where it will lie, for case.json and for the page that stands for it. */
export const nativeOf = (attachment: Attachment | null): { path: string; sha256: string; bytes: number } | null =>
  attachment === null ? null : { path: attachment.path, sha256: attachment.sha256, bytes: attachment.size };
