/**
 * Takes metadata out of files, off the page's thread. Cleans pictures itself and passes documents on, so
 * that somebody with a photograph on a slow line does not wait for what only documents need.
 */
import { openMetadataWorker, type MetadataWorker } from "./metadata/ask-worker.ts";
import { cleanWith } from "./metadata/cleaning.ts";
import { headBytes, headKind } from "./metadata/kinds.ts";
import { pictureCleaners } from "./metadata/pictures.ts";
import { serveCleaning } from "./metadata/serve.ts";

/** Ends after each document: what a large one took is given back. */
async function passOn(name: "pdf" | "office", ...request: Parameters<MetadataWorker["clean"]>) {
  const worker = openMetadataWorker(name);
  const signal = request[2];
  // Reading a strange document can keep its worker from hearing a message.
  signal.addEventListener("abort", worker.stop);
  try {
    return await worker.clean(...request);
  } finally {
    signal.removeEventListener("abort", worker.stop);
    worker.stop();
  }
}

serveCleaning(async (file, onProgress, signal) => {
  const kind = headKind(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  if (kind === "pdf") return passOn("pdf", file, onProgress, signal);
  if (kind === "zip") return passOn("office", file, onProgress, signal);
  return cleanWith(pictureCleaners, file, onProgress, signal);
});
