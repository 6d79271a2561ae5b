/** Every cleaner in one: for tests and for programs that are not a browser. Pages ask metadata.worker.ts. */
import { cleanWith } from "./cleaning.ts";
import type { CleanResult } from "./findings.ts";
import { cleanOffice } from "./office.ts";
import { cleanPdf } from "./pdf.ts";
import { pictureCleaners } from "./pictures.ts";

/** Throws what reading `file` throws, and `signal.reason`; a damaged file is a result. */
export function cleanFile(
  file: Blob,
  onProgress: (done: number) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
): Promise<CleanResult> {
  return cleanWith({ ...pictureCleaners, pdf: cleanPdf, zip: cleanOffice }, file, onProgress, signal);
}
