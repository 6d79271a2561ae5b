/** The page's end of the worker: calls become promises. Holds no secret itself. */
import { PortalError } from "../../../crypto/errors.ts";
import { startWorker } from "../trusted.ts";
import type { CallName, Calls, FromWorker, Progress, ToWorker } from "./worker-api.ts";

export interface CallOptions {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
  /** What moves to the worker instead of being copied. */
  transfer?: Transferable[];
}

export interface ReporterWorker {
  /** @throws PortalError with the code that the worker met */
  call<K extends CallName>(
    name: K,
    argument: Parameters<Calls[K]>[0] extends undefined ? undefined : Parameters<Calls[K]>[0],
    options?: CallOptions,
  ): Promise<ReturnType<Calls[K]>>;
  /** Ends the worker, and with it every key it held. */
  close(): void;
}

interface Waiting {
  resolve(answer: never): void;
  reject(error: unknown): void;
  onProgress: ((progress: Progress) => void) | undefined;
}

/**
 * Resolves once the worker has loaded its cryptography. Rejects where the browser cannot do it:
 * no workers, no modules in workers, no WebAssembly.
 */
export function startReporterWorker(): Promise<ReporterWorker> {
  return new Promise((resolve, reject) => {
    const worker = startWorker("reporter");
    const waiting = new Map<number, Waiting>();
    let lastId = 0;
    const post = (message: ToWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);

    const api: ReporterWorker = {
      call: (name, argument, { onProgress, signal, transfer } = {}) =>
        new Promise((answered, failed) => {
          const id = ++lastId;
          waiting.set(id, { resolve: answered, reject: failed, onProgress });
          signal?.addEventListener("abort", () => post({ cancel: id }), { once: true });
          post({ id, call: name, argument }, transfer);
        }),
      close: () => worker.terminate(),
    };

    const take = (id: number): Waiting | undefined => {
      const call = waiting.get(id);
      waiting.delete(id);
      return call;
    };

    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      switch (data.is) {
        case "ready":
          resolve(api);
          return;
        case "progress":
          waiting.get(data.id)?.onProgress?.(data.progress);
          return;
        case "answer":
          take(data.id)?.resolve(data.answer as never);
          return;
        case "error":
          take(data.id)?.reject(new PortalError(data.code, "the worker met an error"));
      }
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const error = new PortalError("busy", "the worker stopped");
      reject(error);
      for (const id of [...waiting.keys()]) take(id)?.reject(error);
    });
  });
}
