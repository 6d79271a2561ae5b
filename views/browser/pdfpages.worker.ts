/** Draws pages of a PDF that somebody else sent. Holds no key; all that it asks the server for is PDFium. */
import { openPages, Refused, type PageDrawing, type Pages } from "./console/previews/pdf-pages.ts";
import { textParts } from "./console/previews/text.ts";
import type { FromPages, ToPages } from "./console/previews/worker-api.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromPages): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToPages>) => void): void;
}
const scope = globalThis as unknown as Scope;

let pages: Pages | null = null;

async function fetchPdfium(): Promise<ArrayBuffer> {
  try {
    const response = await fetch("/assets/pdfium.wasm");
    if (response.ok) return await response.arrayBuffer();
  } catch {
    // offline, or the connection broke
  }
  throw new Refused("engine");
}

async function toPicture({ pixels, width, height }: PageDrawing): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  // Without transparency the fourth byte of each pixel does not count.
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Refused("slow");
  context.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}

async function answer(asked: ToPages): Promise<FromPages> {
  if (asked.is === "open") {
    pages = await openPages(await fetchPdfium(), new Uint8Array(await asked.file.arrayBuffer()));
    return { is: "opened", pages: pages.count };
  }
  if (pages === null) throw new Error("no document is open");
  const drawing = pages.draw(asked.page, asked.width);
  const { width, height } = drawing.size;
  const text = textParts(drawing.text.replaceAll(/\r\n?/g, "\n"));
  return { is: "drawn", drawn: { page: asked.page, picture: await toPicture(drawing), width, height, text } };
}

async function tell(asked: ToPages): Promise<void> {
  try {
    scope.postMessage(await answer(asked));
  } catch (error) {
    // PDFium may be in any state after it broke down: the page ends this worker.
    scope.postMessage({ is: "refused", why: error instanceof Refused ? error.why : "damaged" });
  }
}

let last: Promise<void> = Promise.resolve();
scope.addEventListener("message", ({ data }) => {
  last = last.then(() => tell(data));
});
scope.postMessage({ is: "ready" });
