/** The worker's side of worker-api.ts: one file after another, each cancelled by its number. */
import type { CleanResult } from "./findings.ts";
import type { FromMetadataWorker, ToMetadataWorker } from "./worker-api.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromMetadataWorker): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToMetadataWorker>) => void): void;
}

export type CleanBlob = (file: File, onProgress: (done: number) => void, signal: AbortSignal) => Promise<CleanResult>;

export function serveCleaning(clean: CleanBlob): void {
  const scope = globalThis as unknown as Scope;
  const open = new Map<number, AbortController>();
  let queue: Promise<void> = Promise.resolve();

  async function carryOut(id: number, file: File, signal: AbortSignal): Promise<void> {
    let most = 0;
    const onProgress = (done: number): void => {
      if (done <= most) return;
      most = done;
      scope.postMessage({ id, progress: done });
    };
    try {
      signal.throwIfAborted();
      scope.postMessage({ id, result: await clean(file, onProgress, signal) });
    } catch {
      // `clean` throws for nothing else: a damaged file is a result.
      scope.postMessage(signal.aborted ? { id, cancelled: true } : { id, unreadable: true });
    } finally {
      open.delete(id);
    }
  }

  scope.addEventListener("message", ({ data }) => {
    if ("cancel" in data) {
      open.get(data.cancel)?.abort();
      return;
    }
    const controller = new AbortController();
    open.set(data.clean, controller);
    queue = queue.then(() => carryOut(data.clean, data.file, controller.signal));
  });
}
