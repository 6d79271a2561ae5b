/** Asks one of the metadata workers; for the page, and for the worker that passes documents on. */
import { startWorker } from "../trusted.ts";
import type { CleanResult } from "./findings.ts";
import type { FromMetadataWorker, ToMetadataWorker } from "./worker-api.ts";

export interface Asking {
  onProgress: (done: number) => void;
  settle: (answer: Exclude<FromMetadataWorker, { progress: number }> | null) => void;
}

export interface MetadataWorker {
  /**
   * Throws `signal.reason` when cancelled, and an Error when the file cannot be read or the worker died
   * of it (out of memory): then nothing was removed.
   */
  clean: (file: File, onProgress: (done: number) => void, signal: AbortSignal) => Promise<CleanResult>;
  stop: () => void;
}

/** Starts views/browser/<name>.worker.ts, one that calls `serveCleaning`. */
export function openMetadataWorker(name: "metadata" | "pdf" | "office"): MetadataWorker {
  const worker = startWorker(name);
  const open = new Map<number, Asking>();
  let last = 0;
  const stop = (): void => {
    worker.terminate();
    for (const { settle } of open.values()) settle(null);
    open.clear();
  };
  worker.addEventListener("message", ({ data }: MessageEvent<FromMetadataWorker>) => {
    const asking = open.get(data.id);
    if ("progress" in data) asking?.onProgress(data.progress);
    else {
      open.delete(data.id);
      asking?.settle(data);
    }
  });
  worker.addEventListener("error", stop);
  const send = (message: ToMetadataWorker): void => worker.postMessage(message);

  return {
    clean: (file, onProgress, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const id = ++last;
        const cancel = (): void => send({ cancel: id });
        signal.addEventListener("abort", cancel);
        const settle: Asking["settle"] = (answer) => {
          signal.removeEventListener("abort", cancel);
          if (answer !== null && "result" in answer && !signal.aborted) resolve(answer.result);
          else reject(signal.aborted ? (signal.reason as Error) : new Error("the file cannot be read"));
        };
        open.set(id, { onProgress, settle });
        send({ clean: id, file });
      }),
    stop,
  };
}
