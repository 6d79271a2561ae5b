/** Takes metadata out of PDFs; started by metadata.worker.ts. */
import { cleanWith } from "./metadata/cleaning.ts";
import { cleanPdf } from "./metadata/pdf.ts";
import { serveCleaning } from "./metadata/serve.ts";

serveCleaning((file, onProgress, signal) => cleanWith({ pdf: cleanPdf }, file, onProgress, signal));
