/**
 * Pages of a PDF as pixels, by PDFium. This build of it has no JavaScript engine, and the form fill environment, which
 * would carry out a document's actions, is never made: pages are drawn and read, and that is all.
 */
import { init, type Pdfium } from "@embedpdf/pdfium";
import type { Size } from "./picture-size.ts";
import type { Refusal } from "./worker-api.ts";

/** A page's picture takes four bytes for each of its pixels, twice. */
export const mostPagePixels = 12_000_000;
export const mostPages = 10_000;
const mostPageText = 200_000; // UTF-16 units

/** PDFium's public/fpdfview.h. */
const lastErrors = { password: 4, security: 5 };
const render = { annotations: 0x01, redFirst: 0x10 };
const forDisplay = 0; // FLAT_NORMALDISPLAY
const white = 0xffffffff;

/** Why a document is not opened, or a page not drawn. */
export class Refused extends Error {
  readonly why: Refusal;

  constructor(why: Refusal) {
    super(why);
    this.why = why;
  }
}

export interface PageDrawing {
  /** Points, 1/72 inch. */
  size: Size;
  /** Of `pixels`. */
  width: number;
  height: number;
  /** Red, green, blue and a byte that says nothing, row by row from the top. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
  text: string;
}

/** Pixels in which a page of this size is drawn when it shall be `wanted` wide; never more than `mostPagePixels`. */
export function pixelsOf({ width, height }: Size, wanted: number): Size {
  const most = Math.sqrt(mostPagePixels / (width * height));
  const scale = Math.min(wanted / width, most);
  // A page of one point by a mile still gets a row of pixels, and not more rows than a bitmap may have.
  const fit = (length: number): number => Math.max(1, Math.min(16_384, Math.floor(length * scale)));
  return { width: fit(width), height: fit(height) };
}

function readPixels({ pdfium }: Pdfium, at: number, stride: number, { width, height }: Size): PageDrawing["pixels"] {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++)
    pixels.set(pdfium.HEAPU8.subarray(at + row * stride, at + row * stride + width * 4), row * width * 4);
  return pixels;
}

function drawPixels(module: Pdfium, page: number, pixels: Size): PageDrawing["pixels"] {
  const { width, height } = pixels;
  const bitmap = module.FPDFBitmap_Create(width, height, 0);
  if (bitmap === 0) throw new Refused("large");
  try {
    module.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white);
    module.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, render.annotations | render.redFirst);
    return readPixels(module, module.FPDFBitmap_GetBuffer(bitmap), module.FPDFBitmap_GetStride(bitmap), pixels);
  } finally {
    module.FPDFBitmap_Destroy(bitmap);
  }
}

function readText(module: Pdfium, page: number): string {
  const { HEAPU8, wasmExports } = module.pdfium;
  const text = module.FPDFText_LoadPage(page);
  if (text === 0) return "";
  const count = Math.min(mostPageText, Math.max(0, module.FPDFText_CountChars(text)));
  const at = wasmExports.malloc((count + 1) * 2);
  try {
    // The count that comes back has the closing zero in it.
    const units = Math.max(0, module.FPDFText_GetText(text, 0, count, at) - 1);
    const heap = module.pdfium.HEAPU8 ?? HEAPU8;
    return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(heap.slice(at, at + units * 2));
  } finally {
    wasmExports.free(at);
    module.FPDFText_ClosePage(text);
  }
}

/**
 * What was typed into forms is drawn by the form fill environment, or once it is part of the page: that is done here,
 * in memory, with the looks that the file brings.
 */
function loadPage(module: Pdfium, document: number, number: number): number {
  const asSent = module.FPDF_LoadPage(document, number);
  if (asSent === 0) throw new Refused("damaged");
  module.FPDFPage_Flatten(asSent, forDisplay);
  module.FPDF_ClosePage(asSent);
  const page = module.FPDF_LoadPage(document, number);
  if (page === 0) throw new Refused("damaged");
  return page;
}

export interface Pages {
  count: number;
  /** `page`: 0 for the first; `width`: pixels wanted. @throws Refused */
  draw(page: number, width: number): PageDrawing;
}

function pagesOf(module: Pdfium, document: number, count: number): Pages {
  return {
    count,
    draw(number, wanted) {
      const page = loadPage(module, document, number);
      try {
        const size = { width: module.FPDF_GetPageWidthF(page), height: module.FPDF_GetPageHeightF(page) };
        if (!(size.width > 0 && size.height > 0)) throw new Refused("damaged");
        const pixels = pixelsOf(size, wanted);
        return { size, ...pixels, pixels: drawPixels(module, page, pixels), text: readText(module, page) };
      } finally {
        module.FPDF_ClosePage(page);
      }
    },
  };
}

/** `wasm`: node_modules/@embedpdf/pdfium/dist/pdfium.wasm. One document for each module. @throws Refused */
export async function openPages(wasm: ArrayBuffer, file: Uint8Array): Promise<Pages> {
  // What PDFium has to say about a damaged file is for its makers.
  const module = await init({ wasmBinary: wasm, print() {}, printErr() {} });
  module.PDFiumExt_Init();
  const at = module.pdfium.wasmExports.malloc(file.length);
  if (at === 0) throw new Refused("large");
  module.pdfium.HEAPU8.set(file, at);
  const document = module.FPDF_LoadMemDocument(at, file.length, "");
  if (document === 0) {
    const code = module.FPDF_GetLastError();
    throw new Refused(code === lastErrors.password || code === lastErrors.security ? "password" : "damaged");
  }
  const count = module.FPDF_GetPageCount(document);
  if (count < 1) throw new Refused("damaged");
  if (count > mostPages) throw new Refused("pages");
  return pagesOf(module, document, count);
}
