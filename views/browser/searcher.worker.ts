/** Searches files of a case file for what was redacted. Holds no key; all that it asks the server for is PDFium. */
import { PortalError } from "../../crypto/errors.ts";
import { needlesOf, type Needles } from "./client/casefile/leaks.ts";
import { PdfReader } from "./client/casefile/leaks/pdf-text.ts";
import { searchFile } from "./client/casefile/leaks/search-file.ts";
import type { FromSearcher, ToSearcher } from "./client/casefile/searcher.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromSearcher): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToSearcher>) => void): void;
}
const scope = globalThis as unknown as Scope;

async function fetchPdfium(): Promise<ArrayBuffer> {
  try {
    const response = await fetch("/assets/pdfium.wasm");
    if (response.ok) return await response.arrayBuffer();
  } catch {
    // offline, or the connection broke
  }
  throw new PortalError("missing", "the reader of PDFs did not load");
}

const pdf = new PdfReader(fetchPdfium);
let needles: Needles | null = null;
/** Called with each piece of the file that is being searched, null at its end. */
let give: (bytes: Uint8Array | null) => void = () => {};

/** Each piece is acknowledged when the next one is wanted, so that no more than one waits. */
async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let isFirst = true; ; isFirst = false) {
    const next = new Promise<Uint8Array | null>((resolve) => {
      give = resolve;
    });
    if (!isFirst) scope.postMessage({ is: "took" });
    const bytes = await next;
    if (bytes === null) return;
    yield bytes;
  }
}

async function search({ path, size, plain }: Extract<ToSearcher, { is: "file" }>): Promise<void> {
  if (needles === null) throw new Error("nothing is sought");
  try {
    scope.postMessage({ is: "searched", ...(await searchFile(path, pieces(), size, needles, plain ? null : { pdf })) });
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    scope.postMessage({ is: "refused", code: error.code, message: error.message });
  }
}

scope.addEventListener("message", ({ data }) => {
  if (data.is === "seek") needles = needlesOf(data.texts);
  else if (data.is === "chunk") give(data.bytes);
  else if (data.is === "end") give(null);
  else
    search(data).catch((error: unknown) => {
      // Whoever waits hears of it as an error of this worker.
      setTimeout(() => {
        throw error;
      });
    });
});
scope.postMessage({ is: "ready" });
