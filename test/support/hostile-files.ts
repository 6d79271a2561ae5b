/** Files as somebody might send them who wishes the reader ill; made here, byte by byte. */
import { deflateSync } from "node:zlib";
import { PDFDocument, PDFName, PDFString, StandardFonts } from "@cantoo/pdf-lib";
import { pngChunk } from "../unit/support/metadata-pictures.ts";

const signature = Buffer.from("89504e470d0a1a0a", "hex");

/** Width, height, 8 bits, grey. */
function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data[8] = 8;
  return pngChunk("IHDR", data);
}

/** A grey picture; `more` stands between header and pixels. */
export function png(width: number, height: number, ...more: Buffer[]): Buffer {
  const pixels = deflateSync(
    Buffer.alloc((width + 1) * height, 0).map((_, at) => (at % (width + 1) === 0 ? 0 : at % 256)),
  );
  return Buffer.concat([
    signature,
    header(width, height),
    ...more,
    pngChunk("IDAT", pixels),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

export const pngText = (words: string): Buffer => pngChunk("tEXt", Buffer.from(`Author\0${words}`));

/** A hundred bytes that claim 60,000 by 60,000 pixels. */
export function pictureBomb(): Buffer {
  return Buffer.concat([signature, header(60_000, 60_000), pngChunk("IDAT", deflateSync(Buffer.alloc(1000)))]);
}

/** A JPEG of 1 by 1 pixel could not show which way is up; this is EXIF alone, to be put behind a JPEG's first two bytes. */
export function exif(orientation: number, words: string): Buffer {
  const text = Buffer.from(`${words}\0`);
  const tiff = Buffer.alloc(8 + 2 + 24 + 4);
  tiff.write("II*\0", "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  tiff.writeUInt16LE(0x10f, 10); // Make
  tiff.writeUInt16LE(2, 12);
  tiff.writeUInt32LE(text.length, 14);
  tiff.writeUInt32LE(tiff.length, 18);
  tiff.writeUInt16LE(0x112, 22); // Orientation
  tiff.writeUInt16LE(3, 24);
  tiff.writeUInt32LE(1, 26);
  tiff.writeUInt16LE(orientation, 30);
  const body = Buffer.concat([Buffer.from("Exif\0\0"), tiff, text]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** A tone of a second, 8 bits, 8 kHz. */
export function wav(): Buffer {
  const samples = Buffer.alloc(8000).map((_, i) => 128 + Math.round(60 * Math.sin((i / 8000) * 440 * 2 * Math.PI)));
  const head = Buffer.alloc(44);
  head.write("RIFF");
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

export interface PdfWishes {
  /** Words of each page. */
  pages: readonly string[];
  /** Opens with a script, starts a program at its first link, has a file inside. */
  active?: boolean;
  objectStreams?: boolean;
}

export async function pdf({ pages, active = false, objectStreams = true }: PdfWishes): Promise<Buffer<ArrayBuffer>> {
  const document = await PDFDocument.create();
  const { context, catalog } = document;
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const words of pages) document.addPage([300, 200]).drawText(words, { x: 20, y: 150, size: 14, font });
  if (active) {
    catalog.set(
      PDFName.of("OpenAction"),
      context.obj({ S: "JavaScript", JS: PDFString.of("app.alert('ran'); this.submitForm('http://127.0.0.1:9/')") }),
    );
    const launch = context.obj({ S: "Launch", F: PDFString.of("calc.exe") });
    const link = context.obj({ Type: "Annot", Subtype: "Link", Rect: [0, 0, 300, 200], Border: [0, 0, 0], A: launch });
    document.getPage(0).node.set(PDFName.of("Annots"), context.obj([context.register(link)]));
    await document.attach(Buffer.from("inside"), "inside.txt");
    const field = document.getForm().createTextField("field");
    field.setText("Typed in");
    field.addToPage(document.getPage(0), { x: 150, y: 20, width: 100, height: 20 });
  }
  const bytes = await document.save({ useObjectStreams: objectStreams });
  return Buffer.from(new Uint8Array(bytes).buffer);
}

/** Opens with the password "secret" only. qpdf-made files would need qpdf on the machine; this is a trailer that says so. */
export async function lockedPdf(): Promise<Buffer> {
  const plain = (await pdf({ pages: ["Locked"], objectStreams: false })).toString("latin1");
  const encrypt =
    `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <${"a5".repeat(32)}> /U <${"5a".repeat(32)}> >> ` +
    `/ID [<${"00".repeat(16)}> <${"00".repeat(16)}>] `;
  return Buffer.from(
    plain.replace(/trailer\s*<</, (start) => `${start} ${encrypt}`),
    "latin1",
  );
}

export const probe = "http://127.0.0.1:9";

export const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('svg')"><script>alert('svg')</script><image href="${probe}/svg"/></svg>`;
export const page = `<!doctype html><html><body onload="alert('html')"><script>alert('html')</script><img src="${probe}/img" onerror="alert('onerror')"><iframe src="${probe}/frame"></iframe><meta http-equiv="refresh" content="0;url=${probe}/gone"></body></html>`;
/** A GIF to whoever looks at its beginning, a script to whoever runs it. */
export const gifScript = `GIF89a/*\x01\x00\x01\x00*/=1;alert('polyglot')`;
/** The beginning of every Windows program. */
export const program = Buffer.concat([
  Buffer.from("MZ"),
  Buffer.alloc(200),
  Buffer.from("This program cannot be run in DOS mode."),
]);
