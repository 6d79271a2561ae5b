/** A PDF with metadata in the corners that pdf-lib does not fill by itself. Every plant has "Plant" in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { PDFDocument, PDFName, PDFString, StandardFonts, type PDFContext, type PDFRef } from "@cantoo/pdf-lib";
import { run } from "./metadata-judges.ts";
import { plantedPicture, screenProfile } from "./metadata-pictures.ts";

/** Gone from what we give back; a date is a plant as well. */
export const cornerPlants =
  "PlantFigure PlantIncluded PlantBase PlantMake PlantScreen PlantXfaPacket PlantArrayPacket PlantCode PlantTilePart PlantBox PlantBehind 20240229 20240228".split(
    " ",
  );
export const cornerContent = ["KeptWords", "KeptForm", "KeptFile"];

const text = (words: string): PDFString => PDFString.of(words);
const packet = (words: string): string => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>${words}</rdf:li></x:xmpmeta>`;

/** Rows of 8 bytes, each less the one above it, as PNG's filter 2 has it. */
function predicted(bytes: Buffer): Buffer {
  const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 7)]);
  const rows: Buffer[] = [];
  for (let at = 0; at < padded.length; at += 8) {
    const row = padded.subarray(at, at + 8).map((byte, i) => byte - (at === 0 ? 0 : padded[at - 8 + i]!));
    rows.push(Buffer.from([2]), Buffer.from(row));
  }
  return deflateSync(Buffer.concat(rows));
}

function codeSegment(words: string): Buffer {
  const data = Buffer.from(`\0\x01${words}`, "latin1");
  const head = Buffer.from([0xff, 0x64, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

function box(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 8);
  head.write(type, 4);
  return Buffer.concat([head, data]);
}

/** A JPEG 2000 with a profile, and comments in its header, in its tile and behind its end. */
export function plantedJpeg2000(folder: string): Buffer {
  const path = join(folder, "photo.jp2");
  run("convert", "-size", "32x16", "gradient:red-blue", path);
  const file = readFileSync(path);
  const [header, code] = [file.indexOf("jp2h") - 4, file.indexOf("jp2c") - 4];
  const picture = file.subarray(code + 8);
  const tile = picture.indexOf(Buffer.from([0xff, 0x90]));
  const data = tile + 12;
  const [inHeader, inTile] = [codeSegment("PlantCode"), codeSegment("PlantTilePart")];
  const tileHead = Buffer.from(picture.subarray(tile, data));
  if (tileHead.readUInt32BE(6) > 0) tileHead.writeUInt32BE(tileHead.readUInt32BE(6) + inTile.length, 6);
  const size = file.subarray(header + 8, header + 30); // the box that says how large it is
  const colours = box("colr", Buffer.concat([Buffer.from([2, 0, 0]), screenProfile()]));
  return Buffer.concat([
    file.subarray(0, header),
    box("jp2h", Buffer.concat([size, colours, box("xml ", Buffer.from("PlantBox"))])),
    box(
      "jp2c",
      Buffer.concat([
        picture.subarray(0, tile),
        inHeader,
        tileHead,
        inTile,
        picture.subarray(data),
        Buffer.from("PlantBehind"),
      ]),
    ),
  ]);
}

function include(context: PDFContext): PDFRef {
  const info = context.obj({ Author: text("PlantIncluded"), CreationDate: text("D:20240229120000Z") });
  return context.register(
    context.stream("0 0 9 9 re f", {
      Type: "XObject",
      Subtype: "Form",
      BBox: [0, 0, 9, 9],
      "PTEX.FileName": text("/home/PlantFigure/figure.pdf"),
      "PTEX.PageNumber": 1,
      "PTEX.InfoDict": context.register(info),
    }),
  );
}

export async function cornerPdf(folder: string, xfaIsArray: boolean): Promise<Buffer> {
  const document = await PDFDocument.create();
  const { context, catalog } = document;
  const page = document.addPage([300, 200]);
  page.drawText("KeptWords", { x: 20, y: 150, font: await document.embedFont(StandardFonts.Helvetica) });
  const photo = context.stream(new Uint8Array(plantedJpeg2000(folder)), {
    Type: "XObject",
    Subtype: "Image",
    Width: 32,
    Height: 16,
    Filter: "JPXDecode",
  });
  const profile = context.stream(new Uint8Array(predicted(screenProfile())), {
    N: 3,
    Filter: "FlateDecode",
    DecodeParms: { Predictor: 12, Columns: 8 },
  });
  const resources = page.node.normalizedEntries().Resources;
  resources.set(PDFName.of("XObject"), context.obj({ F0: include(context), P0: context.register(photo) }));
  resources.set(PDFName.of("ColorSpace"), context.obj({ CS0: ["ICCBased", context.register(profile)] }));
  const link = (address: string): PDFRef =>
    context.register(
      context.obj({ Type: "Annot", Subtype: "Link", Rect: [0, 0, 9, 9], A: { S: "URI", URI: text(address) } }),
    );
  page.node.set(
    PDFName.of("Annots"),
    context.obj([link("file:///C:/Users/jane.link/plan.pdf"), link("https://example.org/")]),
  );
  catalog.set(PDFName.of("URI"), context.obj({ Base: text("file:///home/PlantBase/") }));
  const parameters = { CreationDate: text("D:20240228120000Z"), ModDate: text("D:20240228120000Z") };
  const [untyped, picture] = [Buffer.from("KeptFile"), plantedPicture("jpg", folder)].map((bytes) =>
    context.register(context.stream(new Uint8Array(bytes), { Params: parameters })),
  );
  const specification = (called: string, file: PDFRef): object => ({ F: text(called), EF: { F: file } });
  catalog.set(
    PDFName.of("AF"),
    context.obj([specification("words.txt", untyped!), specification("photo.jpg", picture!)] as never),
  );
  const form = (words: string): PDFRef =>
    context.register(context.stream(`<xdp:xdp>${words}<t>KeptForm</t></xdp:xdp>`));
  const xfa = xfaIsArray
    ? [text("template"), form(packet("PlantXfaPacket")), text("xmpmeta"), form(packet("PlantArrayPacket"))]
    : form(packet("PlantXfaPacket") + packet("PlantArrayPacket"));
  catalog.set(PDFName.of("AcroForm"), context.obj({ Fields: [], XFA: xfa } as never));
  page.node.addContentStream(context.register(context.stream("q 60 0 0 40 20 20 cm /P0 Do Q /F0 Do")));
  return Buffer.from(await document.save({ useObjectStreams: false }));
}
