/** JPEG 2000 (ISO 15444-1) as PDFs hold it: boxes that carry XML, UUIDs or addresses go, the picture stays. */
import { latin1, take, viewOf, type Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import type { CleanedPicture } from "./cleaned-picture.ts";
import { finding, type Finding } from "./findings.ts";

const drawing = new Set(["jP  ", "ftyp", "jp2h", "jp2c"]);

/** Throws "damaged". */
export function cleanJpeg2000(file: Bytes): CleanedPicture {
  // A bare code stream has no boxes.
  if (viewOf(take(file, 0, 4)).getUint32(0) === 0xff4fff51) return { parts: [file], found: [] };
  const parts: Uint8Array[] = [];
  const found: Finding[] = [];
  for (let at = 0; at < file.length;) {
    const head = take(file, at, 8);
    const type = latin1(head.subarray(4));
    const length = viewOf(head).getUint32(0);
    if (length === 1) throw damaged("a box of more than 4 GB");
    const box = length === 0 ? file.subarray(at) : take(file, at, Math.max(8, length));
    if (drawing.has(type)) parts.push(box);
    else found.push(finding("unknownPart", type));
    at += box.length;
  }
  if (parts.length < 2) throw damaged("no picture in it");
  return { parts, found };
}
