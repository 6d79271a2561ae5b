/** The only script of a page that does nothing but ask the metadata worker; for metadata.test.ts. */
import { openMetadataWorker } from "../../../views/browser/metadata/ask-worker.ts";
import type { Finding } from "../../../views/browser/metadata/findings.ts";

interface Answer {
  is: string;
  reason?: string;
  found: Finding[];
  remaining?: Finding[];
  base64: string;
}

export interface MetadataProbe {
  clean: (base64: string) => Promise<Answer>;
  /** What it rejects with when cancelled at the first progress. */
  cancel: (base64: string) => Promise<string>;
}

const worker = openMetadataWorker("metadata");

function fileOf(base64: string): File {
  return new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], "file");
}

async function toBase64(blob: Blob): Promise<string> {
  let text = "";
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

const probe: MetadataProbe = {
  async clean(base64) {
    const result = await worker.clean(fileOf(base64), () => {}, new AbortController().signal);
    if (result.is === "untouched") return { is: result.is, reason: result.reason, found: [], base64: "" };
    const { is, found, remaining, blob } = result;
    return { is, found, remaining, base64: await toBase64(blob) };
  },
  async cancel(base64) {
    const controller = new AbortController();
    const work = worker.clean(fileOf(base64), () => controller.abort(new Error("changed my mind")), controller.signal);
    return work.then(
      () => "it was finished",
      (error: Error) => error.message,
    );
  },
};
(globalThis as unknown as { metadataProbe: MetadataProbe }).metadataProbe = probe;
