/** The page's way to the metadata cleaner, which is loaded when the first file of such a kind is chosen. */
import type { CleanResult } from "../metadata/findings.ts";
import { openMetadataWorker, type MetadataWorker } from "../metadata/ask-worker.ts";
import { mayBeCleaned } from "../metadata/kinds.ts";

/** "failed": the cleaner stopped, or the file could not be read: nothing was removed. */
export type Cleaning = CleanResult | { is: "untouched"; reason: "failed" | "stopped" };

export interface Cleaner {
  /** Does not throw. `signal` stops it: "stopped". */
  clean(file: File, onProgress: (done: number) => void, signal: AbortSignal): Promise<Cleaning>;
}

export function makeCleaner(): Cleaner {
  let worker: MetadataWorker | null = null;
  return {
    async clean(file, onProgress, signal) {
      try {
        if (!(await mayBeCleaned(file))) return { is: "untouched", reason: "kind", kind: null, found: [] };
        worker ??= openMetadataWorker("metadata");
        return await worker.clean(file, onProgress, signal);
      } catch {
        if (signal.aborted) return { is: "untouched", reason: "stopped" };
        // A worker that died of one file must not keep the next one waiting.
        worker?.stop();
        worker = null;
        return { is: "untouched", reason: "failed" };
      }
    },
  };
}
