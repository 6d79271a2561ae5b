/** The demo's attachments, made on the spot: text, a table of made-up measurements, a picture of a curve. */
import { crc32, deflateSync } from "node:zlib";
import type { NewFile } from "../../crypto/attachments.ts";
import { concat, utf8 } from "../../crypto/bytes.ts";
import type { StoryFile } from "./stories.ts";

const tableRows = 20_000;
const side = 256; // pixels

/** `words`: the text of a name within the case. */
export function makeFile(file: StoryFile, words: (text: string) => string): NewFile {
  switch (file.is) {
    case "text":
      return fileOf(file.name, "text/plain", utf8(`${words(file.text)}\n`));
    case "table":
      return fileOf(file.name, "text/csv", utf8(makeTable()));
    case "picture":
      return fileOf(file.name, "image/png", makePicture());
  }
}

function fileOf(name: string, type: string, bytes: Uint8Array): NewFile {
  return {
    name,
    type,
    size: bytes.length,
    async *read() {
      yield bytes;
    },
  };
}

/** A smooth curve in both: whoever looks sees at once that nobody measured it. */
const curve = (x: number): number => Math.sin(x / 20) * Math.cos(x / 33);

function makeTable(): string {
  const rows = Array.from({ length: tableRows }, (_, i) => `${String(i)},${curve(i).toFixed(6)}`);
  return `step,value\n${rows.join("\n")}\n`;
}

/** An 8-bit grey PNG: signature, IHDR, one IDAT, IEND (W3C PNG, 5.3 and 11.2). */
function makePicture(): Uint8Array {
  const lines = new Uint8Array(side * (side + 1)).fill(255);
  for (let x = 0; x < side; x++) {
    lines[x * (side + 1)] = 0; // each line begins with its filter: none
    const y = Math.round((side / 2) * (1 - 0.9 * curve(x)));
    for (const dy of [-1, 0, 1]) lines[(y + dy) * (side + 1) + 1 + x] = 0;
  }
  const header = concat(be32(side), be32(side), Uint8Array.of(8, 0, 0, 0, 0));
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const idat = new Uint8Array(deflateSync(lines));
  return concat(signature, chunk("IHDR", header), chunk("IDAT", idat), chunk("IEND", new Uint8Array()));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = concat(utf8(type), data);
  return concat(be32(data.length), named, be32(crc32(named)));
}

function be32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
