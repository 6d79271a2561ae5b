/** Files in which something is planted, for the search of a finished case file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { PDFDocument, PDFHexString, PDFName, PDFString, StandardFonts } from "@cantoo/pdf-lib";
import { zipSync } from "fflate";
import PdfKit from "pdfkit";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { writePdf, type PdfOrder } from "../../views/pdf/write.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A ZIP that is packed, not stored. */
export const packed = (files: Record<string, string | Uint8Array>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, typeof bytes === "string" ? utf8(bytes) : bytes]),
    ),
  );

const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`;

/** The words in two runs each, as Word does when one of them was corrected. */
export function docx(words: string): Uint8Array {
  const half = Math.floor(words.length / 2);
  const run = (text: string): string => `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
  return packed({
    "[Content_Types].xml": types,
    "word/document.xml": `<w:document><w:body><w:p>${run("It was ")}${run(words.slice(0, half))}${run(words.slice(half))}</w:p></w:body></w:document>`,
  });
}

export const xlsx = (words: string): Uint8Array =>
  packed({
    "[Content_Types].xml": types,
    "xl/sharedStrings.xml": `<sst><si><t>by</t></si><si><t>${words}</t></si></sst>`,
  });

export const odt = (words: string): Uint8Array =>
  packed({
    mimetype: "application/vnd.oasis.opendocument.text",
    "content.xml": `<text:p>${words.split(" ").join("<text:s/>")}</text:p>`,
  });

export const gzip = (text: string | Uint8Array): Uint8Array => gzipSync(text);

export const mail = (words: string, attachment: Uint8Array): string =>
  [
    "From: a@example.org",
    "Content-Type: multipart/mixed; boundary=x",
    "",
    "--x",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(words).toString("base64"),
    "--x",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(attachment).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
    "--x--",
  ].join("\r\n");

/** As the case file prints its documents. */
export async function printed(texts: readonly string[], more: Partial<PdfOrder> = {}): Promise<Uint8Array> {
  const order: PdfOrder = {
    title: "Title",
    language: "en",
    dir: "ltr",
    paper: "letter",
    day: "2026-11-30",
    fit: "flow",
    variants: [texts.map((text) => ({ is: "text", role: "P", text, dir: "own" }) as const)],
    head: "CONFIDENTIAL",
    foot: "{page}/{pages}",
    series: { prefix: "TH", digits: 6, first: 1 },
    ...more,
  };
  return (await writePdf(order, new Fonts(fontFiles))).bytes;
}

/** By another program's way of writing text. */
export async function pdfkit(words: string): Promise<Uint8Array> {
  const document = new PdfKit({ compress: true });
  const parts: Buffer[] = [];
  document.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => document.on("end", resolve));
  document.text(words);
  document.end();
  await ended;
  return Buffer.concat(parts);
}

export interface PdfPlants {
  page?: string;
  title?: string;
  note?: string;
  field?: string;
  bookmark?: string;
  inside?: [name: string, bytes: Uint8Array];
  /** In a packed stream that nothing leads to. */
  left?: string;
  picture?: Uint8Array;
}

/** Packed, objects and all. */
export async function pdfWith(plants: PdfPlants): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const { context, catalog } = document;
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([400, 300]);
  page.drawText(plants.page ?? "plain", { x: 20, y: 250, size: 12, font });
  if (plants.title !== undefined) document.setTitle(plants.title);
  if (plants.note !== undefined) {
    const contents = PDFHexString.fromText(plants.note);
    const note = context.obj({ Type: "Annot", Subtype: "Text", Rect: [0, 0, 9, 9], Contents: contents });
    page.node.set(PDFName.of("Annots"), context.obj([context.register(note)]));
  }
  if (plants.field !== undefined) {
    const field = document.getForm().createTextField("field");
    field.setText(plants.field);
    field.addToPage(page, { x: 20, y: 20, width: 300, height: 20 });
  }
  if (plants.bookmark !== undefined) {
    const item = context.nextRef();
    const outlines = context.register(context.obj({ Type: "Outlines", First: item, Last: item, Count: 1 }));
    context.assign(item, context.obj({ Title: PDFHexString.fromText(plants.bookmark), Parent: outlines }));
    catalog.set(PDFName.of("Outlines"), outlines);
  }
  if (plants.inside !== undefined) await document.attach(plants.inside[1], plants.inside[0]);
  if (plants.left !== undefined) {
    const stream = context.flateStream(
      `BT /F1 12 Tf [(${plants.left.slice(0, 5)}) -20 (${plants.left.slice(5)})] TJ ET`,
    );
    catalog.set(PDFName.of("Left"), context.register(stream));
    catalog.set(PDFName.of("Words"), PDFString.of("none"));
  }
  if (plants.picture !== undefined) page.drawImage(await document.embedPng(plants.picture), { x: 0, y: 0 });
  return document.save({ useObjectStreams: true });
}

/** What qpdf makes of a PDF. */
export function throughQpdf(pdf: Uint8Array, ...options: string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "qpdf-"));
  try {
    writeFileSync(join(folder, "in.pdf"), pdf);
    execFileSync("qpdf", [...options, join(folder, "in.pdf"), join(folder, "out.pdf")]);
    return readFileSync(join(folder, "out.pdf"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function* inPieces(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
}
