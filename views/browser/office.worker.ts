/** Takes metadata out of Office files; started by metadata.worker.ts. */
import { cleanWith } from "./metadata/cleaning.ts";
import { cleanOffice } from "./metadata/office.ts";
import { serveCleaning } from "./metadata/serve.ts";

serveCleaning((file, onProgress, signal) => cleanWith({ zip: cleanOffice }, file, onProgress, signal));
