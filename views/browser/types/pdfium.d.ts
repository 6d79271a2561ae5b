/** What previews/pdf-pages.ts and casefile/leaks/pdf-text.ts use of @embedpdf/pdfium 2.15.1: the package's own declarations need those of emscripten. */

/** Numbers are addresses in the module's memory, or what the function's name says; see PDFium's public/fpdfview.h. */
export interface Pdfium {
  pdfium: {
    /** Another view after the memory has grown. */
    HEAPU8: Uint8Array<ArrayBuffer>;
    wasmExports: { malloc(size: number): number; free(at: number): void };
  };
  PDFiumExt_Init(): void;
  FPDF_LoadMemDocument(at: number, size: number, password: string): number;
  FPDF_GetLastError(): number;
  FPDF_GetPageCount(document: number): number;
  FPDF_LoadPage(document: number, page: number): number;
  FPDF_ClosePage(page: number): void;
  FPDFPage_Flatten(page: number, usage: number): number;
  FPDF_GetPageWidthF(page: number): number;
  FPDF_GetPageHeightF(page: number): number;
  FPDFBitmap_Create(width: number, height: number, alpha: number): number;
  FPDFBitmap_FillRect(
    bitmap: number,
    left: number,
    top: number,
    width: number,
    height: number,
    colour: number,
  ): boolean;
  FPDFBitmap_GetBuffer(bitmap: number): number;
  FPDFBitmap_GetStride(bitmap: number): number;
  FPDFBitmap_Destroy(bitmap: number): void;
  FPDF_RenderPageBitmap(
    bitmap: number,
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    flags: number,
  ): void;
  FPDFText_LoadPage(page: number): number;
  FPDFText_ClosePage(text: number): void;
  FPDFText_CountChars(text: number): number;
  FPDFText_GetText(text: number, start: number, count: number, into: number): number;
  FPDFText_GetUnicode(text: number, index: number): number;
  FPDFText_HasUnicodeMapError(text: number, index: number): number;
  FPDFText_GetCharOrigin(text: number, index: number, x: number, y: number): boolean;
  FPDF_CloseDocument(document: number): void;
  FPDF_GetMetaText(document: number, tag: string, into: number, room: number): number;
  FPDFPage_GetAnnotCount(page: number): number;
  FPDFPage_GetAnnot(page: number, index: number): number;
  FPDFPage_CloseAnnot(annotation: number): void;
  FPDFAnnot_GetStringValue(annotation: number, key: string, into: number, room: number): number;
  FPDFPage_CountObjects(page: number): number;
  FPDFPage_GetObject(page: number, index: number): number;
  FPDFPageObj_GetType(object: number): number;
  FPDFBookmark_GetFirstChild(document: number, bookmark: number): number;
  FPDFBookmark_GetNextSibling(document: number, bookmark: number): number;
  FPDFBookmark_GetTitle(bookmark: number, into: number, room: number): number;
  FPDFDoc_GetAttachmentCount(document: number): number;
  FPDFDoc_GetAttachment(document: number, index: number): number;
  FPDFAttachment_GetName(attachment: number, into: number, room: number): number;
  FPDFAttachment_GetFile(attachment: number, into: number, room: number, length: number): boolean;
}

export function init(module: {
  wasmBinary: ArrayBuffer;
  print(line: string): void;
  printErr(line: string): void;
}): Promise<Pdfium>;
