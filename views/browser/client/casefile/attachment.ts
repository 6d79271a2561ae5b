/** An attachment as it will stand in a bag: its bytes come later, its length and hash are in the verified envelope. */
import type { FileEntry } from "../../../../crypto/content.ts";
import { checkPath, type BagEntry } from "../bag.ts";
import type { FilePlace } from "../case-files.ts";
import type { Item, ReadCase } from "./case-documents.ts";

export interface Attachment extends BagEntry {
  of: ReadCase;
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
export function attachmentOf({ of, stream, entry, file }: Item, path: string): Attachment | null {
  if (file === null) return null;
  const { name, size, sha256 } = file.entry;
  const place = { stream, seq: entry.seq, index: file.index };
  return { path: checkPath(`${path}.${endingOf(name)}`), size, sha256, of, place, file: file.entry };
}

/** Where it will lie, for case.json and for the page that stands for it. */
export const nativeOf = (attachment: Attachment | null): { path: string; sha256: string; bytes: number } | null =>
  attachment === null ? null : { path: attachment.path, sha256: attachment.sha256, bytes: attachment.size };
