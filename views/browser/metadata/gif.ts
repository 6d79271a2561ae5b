/** GIF89a: frames and the loop count stay byte for byte; comments and other extensions go. */
import { joinBytes, latin1, readable, startsWith, take, viewOf, type Bytes } from "./binary.ts";
import { damaged } from "./cannot-clean.ts";
import { finding, tell, type Finding } from "./findings.ts";
import type { CleanedPicture } from "./cleaned-picture.ts";
import { readXmp } from "./xmp.ts";

const header = 13; // signature and logical screen descriptor
const trailer = 0x3b;
const image = 0x2c;
const extension = 0x21;
const graphicControl = 0xf9;
const comment = 0xfe;
const plainText = 0x01;
const application = 0xff;

function tableSize(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Where the sub-blocks that begin at `at` end, their empty last one included. */
function endOfBlocks(file: Bytes, at: number): number {
  for (;;) {
    const length = take(file, at, 1)[0]!;
    at += 1 + length;
    if (length === 0) return at;
  }
}

function blocksContent(blocks: Bytes): Bytes {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < blocks.length && blocks[at] !== 0 && parts.length < 4096; at += 1 + blocks[at]!)
    parts.push(blocks.subarray(at + 1, at + 1 + blocks[at]!));
  return joinBytes(parts);
}

function readExtension(label: number, blocks: Bytes): Finding[] {
  if (label === comment) return [finding("note", readable(blocksContent(blocks)))];
  if (label === plainText) return [finding("embeddedText", readable(blocksContent(blocks.subarray(1 + blocks[0]!))))];
  const name = latin1(blocks.subarray(1, 12));
  if (label === application && name === "XMP DataXMP") return readXmp(blocks.subarray(12));
  return [finding("unknownPart", name.replace(/[^\x20-\x7e]/g, ""))];
}

/** Throws "damaged". */
export function cleanGif(file: Bytes): CleanedPicture {
  const screen = take(file, 0, header);
  if (viewOf(screen).getUint16(6, true) === 0 || viewOf(screen).getUint16(8, true) === 0) throw damaged("no size");
  let at = header + tableSize(screen[10]!);
  const parts: Uint8Array[] = [take(file, 0, at)];
  const found: Finding[] = [];
  let images = 0;
  // A graphic control extension belongs to what follows it, and goes if that goes.
  let control: Uint8Array | null = null;
  while (at < file.length && file[at] !== trailer) {
    const start = at;
    if (file[at] === image) {
      const flags = take(file, at, 10)[9]!;
      at = endOfBlocks(file, at + 10 + tableSize(flags) + 1);
      if (control !== null) parts.push(control);
      control = null;
      parts.push(file.subarray(start, at));
      images++;
    } else if (file[at] === extension) {
      const label = take(file, at, 2)[1]!;
      at = endOfBlocks(file, at + 2);
      const blocks = file.subarray(start + 2, at);
      if (label === graphicControl) control = file.subarray(start, at);
      else if (label === application && isLoop(blocks)) parts.push(file.subarray(start, at));
      else {
        tell(found, () => readExtension(label, blocks));
        if (label === plainText) control = null;
      }
    } else throw damaged("neither a picture nor an extension");
  }
  if (images === 0) throw damaged("no picture in it");
  parts.push(new Uint8Array([trailer]));
  if (at + 1 < file.length) found.push(finding("trailingData", `${String(file.length - at - 1)} B`));
  return { parts, found };
}

/** How often an animation repeats; both names mean the same. */
function isLoop(blocks: Bytes): boolean {
  return (
    blocks.length === 17 &&
    (startsWith(blocks.subarray(1), "NETSCAPE2.0") || startsWith(blocks.subarray(1), "ANIMEXTS1.0"))
  );
}
