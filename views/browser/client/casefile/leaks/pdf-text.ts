/** All that PDFium can read of a PDF: pages, notes, what was typed into forms, bookmarks, titles, files inside. */
import { init, type Pdfium } from "@embedpdf/pdfium";
import { acrossPages, readingOrder, type Placed } from "./page-text.ts";

export interface PdfText {
  /** Of each page, each way to read it. */
  pages: string[][];
  /** Where a page, from 1, ends and the next begins, in each way to read it. */
  breaks: [page: number, texts: string[]][];
  /** Notes, form fields, titles, bookmarks, names of files. */
  about: string[];
  files: { name: string; bytes: Uint8Array }[];
  /** Pages that hold pictures, from 1, and pages that could not be read. */
  pictures: number[];
  damaged: number[];
}

/** PDFium's public/fpdfview.h. */
const lastErrors = { password: 4, security: 5 };
const pictureObject = 3; // FPDF_PAGEOBJ_IMAGE
const mostPages = 20_000;
const mostUnits = 4_000_000; // of a page
const mostMarks = 100_000; // bookmarks
const mostMemory = 512 << 20; // bytes

const tagsOfDocument = ["Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate"];
const keysOfNotes = ["Contents", "T", "TU", "TM", "V", "DV", "Subj", "RC", "NM", "CA"];

export class PdfReader {
  readonly #wasm: () => Promise<ArrayBuffer>;
  #module: Promise<Pdfium> | null = null;

  /** `wasm`: node_modules/@embedpdf/pdfium/dist/pdfium.wasm, asked for when the first PDF comes. */
  constructor(wasm: () => Promise<ArrayBuffer>) {
    this.#wasm = wasm;
  }

  /** "locked": it wants a password; "damaged": it cannot be opened. */
  async read(file: Uint8Array): Promise<PdfText | "locked" | "damaged"> {
    this.#module ??= this.#wasm().then(start);
    const module = await this.#module;
    try {
      return readFile(module, file);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // It broke down, and may be in any state.
      this.#module = null;
      return "damaged";
    } finally {
      // What it took it never gives back.
      if (module.pdfium.HEAPU8.length > mostMemory) this.#module = null;
    }
  }
}

async function start(wasm: ArrayBuffer): Promise<Pdfium> {
  const module = await init({ wasmBinary: wasm, print() {}, printErr() {} });
  module.PDFiumExt_Init();
  return module;
}

function readFile(module: Pdfium, file: Uint8Array): PdfText | "locked" | "damaged" {
  const at = module.pdfium.wasmExports.malloc(file.length);
  if (at === 0) return "damaged";
  try {
    module.pdfium.HEAPU8.set(file, at);
    const document = module.FPDF_LoadMemDocument(at, file.length, "");
    if (document === 0) {
      const code = module.FPDF_GetLastError();
      return code === lastErrors.password || code === lastErrors.security ? "locked" : "damaged";
    }
    try {
      return readDocument(module, document);
    } finally {
      module.FPDF_CloseDocument(document);
    }
  } finally {
    module.pdfium.wasmExports.free(at);
  }
}

function readDocument(module: Pdfium, document: number): PdfText {
  const text: PdfText = { pages: [], breaks: [], about: [], files: [], pictures: [], damaged: [] };
  for (const tag of tagsOfDocument)
    text.about.push(wideText(module, (into, room) => module.FPDF_GetMetaText(document, tag, into, room)));
  readBookmarks(module, document, text);
  readFiles(module, document, text);
  const count = module.FPDF_GetPageCount(document);
  for (let number = 1; number <= Math.min(count, mostPages); number++) readPage(module, document, number, text);
  for (let number = mostPages + 1; number <= count; number++) text.damaged.push(number);
  if (count < 1) text.damaged.push(1);
  for (const [i, [page = ""]] of text.pages.slice(0, -1).entries())
    text.breaks.push([i + 1, acrossPages(page, text.pages[i + 1]![0] ?? "")]);
  return text;
}

function readPage(module: Pdfium, document: number, number: number, text: PdfText): void {
  const page = module.FPDF_LoadPage(document, number - 1);
  if (page === 0) {
    text.damaged.push(number);
    text.pages.push([]);
    return;
  }
  readNotes(module, page, text);
  for (let i = 0; i < module.FPDFPage_CountObjects(page); i++)
    if (module.FPDFPageObj_GetType(module.FPDFPage_GetObject(page, i)) === pictureObject) {
      text.pictures.push(number);
      break;
    }
  const plain = lettersOf(module, page);
  // What was typed into forms and onto the page becomes part of it.
  module.FPDFPage_Flatten(page, 0);
  module.FPDF_ClosePage(page);
  const again = module.FPDF_LoadPage(document, number - 1);
  const flat = again === 0 ? plain : lettersOf(module, again);
  if (again !== 0) module.FPDF_ClosePage(again);
  text.pages.push([...new Set([...plain, ...flat])]);
}

/** As PDFium has it; without glyphs that stand for nothing; and in the order of the letters on the page. */
function lettersOf(module: Pdfium, page: number): string[] {
  const text = module.FPDFText_LoadPage(page);
  if (text === 0) return [];
  const places = module.pdfium.wasmExports.malloc(16);
  try {
    const count = Math.min(mostUnits, module.FPDFText_CountChars(text));
    let [all, sure] = ["", ""];
    const placed: Placed[] = [];
    for (let i = 0; i < count; i++) {
      const point = module.FPDFText_GetUnicode(text, i);
      if (point > 0x10ffff) continue;
      const letter = String.fromCodePoint(point);
      all += letter;
      if (module.FPDFText_HasUnicodeMapError(text, i) === 1) continue;
      sure += letter;
      if (!module.FPDFText_GetCharOrigin(text, i, places, places + 8)) continue;
      const view = new DataView(module.pdfium.HEAPU8.buffer);
      placed.push({ letter, x: view.getFloat64(places, true), y: view.getFloat64(places + 8, true) });
    }
    return [...new Set([sure, all, ...readingOrder(placed)])];
  } finally {
    module.pdfium.wasmExports.free(places);
    module.FPDFText_ClosePage(text);
  }
}

/** A string that PDFium writes in UTF-16 and ends with a zero. `write` tells how many bytes it takes. */
function wideText(module: Pdfium, write: (into: number, room: number) => number): string {
  const room = write(0, 0);
  if (room <= 2 || room > mostMemory) return "";
  const at = module.pdfium.wasmExports.malloc(room);
  if (at === 0) return "";
  try {
    write(at, room);
    return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(module.pdfium.HEAPU8.slice(at, at + room - 2));
  } finally {
    module.pdfium.wasmExports.free(at);
  }
}

function readNotes(module: Pdfium, page: number, { about }: PdfText): void {
  for (let i = 0; i < module.FPDFPage_GetAnnotCount(page); i++) {
    const note = module.FPDFPage_GetAnnot(page, i);
    if (note === 0) continue;
    for (const key of keysOfNotes)
      about.push(wideText(module, (into, room) => module.FPDFAnnot_GetStringValue(note, key, into, room)));
    module.FPDFPage_CloseAnnot(note);
  }
}

function readBookmarks(module: Pdfium, document: number, { about }: PdfText): void {
  const waiting = [module.FPDFBookmark_GetFirstChild(document, 0)];
  const seen = new Set([0]);
  while (waiting.length > 0 && seen.size < mostMarks) {
    const mark = waiting.pop()!;
    if (seen.has(mark)) continue;
    seen.add(mark);
    about.push(wideText(module, (into, room) => module.FPDFBookmark_GetTitle(mark, into, room)));
    waiting.push(module.FPDFBookmark_GetFirstChild(document, mark), module.FPDFBookmark_GetNextSibling(document, mark));
  }
}

function readFiles(module: Pdfium, document: number, { files }: PdfText): void {
  const { malloc, free } = module.pdfium.wasmExports;
  for (let i = 0; i < module.FPDFDoc_GetAttachmentCount(document); i++) {
    const file = module.FPDFDoc_GetAttachment(document, i);
    if (file === 0) continue;
    const name = wideText(module, (into, room) => module.FPDFAttachment_GetName(file, into, room));
    const length = malloc(4);
    try {
      module.FPDFAttachment_GetFile(file, 0, 0, length);
      const size = new DataView(module.pdfium.HEAPU8.buffer).getUint32(length, true);
      const at = size === 0 || size > mostMemory ? 0 : malloc(size);
      if (at !== 0 && module.FPDFAttachment_GetFile(file, at, size, length))
        files.push({ name, bytes: module.pdfium.HEAPU8.slice(at, at + size) });
      if (at !== 0) free(at);
    } finally {
      free(length);
    }
  }
}
