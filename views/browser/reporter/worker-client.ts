/** The page's end of the worker: calls become promises. Holds no secret itself. */
import { PortalError } from "../../../crypto/errors.ts";
import { startWorker } from "../trusted.ts";
import type { Halt } from "../client/valve.ts";
import type { CallName, Calls, FromWorker, Progress, ToWorker } from "./worker-api.ts";

export interface CallOptions {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
  /** Gets a listener to which pauses and their ends are told. */
  onHalting?: (listener: (halt: Halt, closed: boolean) => void) => void;
  /** What moves to the worker instead of being copied. */
  transfer?: Transferable[];
}

export interface ReporterWorker {
  /**
   * Starts the worker anew when it had stopped.
   * @throws PortalError with the code that the worker met; "busy" when it stopped
   */
  call<K extends CallName>(
    name: K,
    argument: Parameters<Calls[K]>[0] extends undefined ? undefined : Parameters<Calls[K]>[0],
    options?: CallOptions,
  ): Promise<ReturnType<Calls[K]>>;
  /** How often it stopped by a fault. Each time it lost everything it knew. */
  stops(): number;
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
export async function startReporterWorker(name: "reporter" | "mailbox" = "reporter"): Promise<ReporterWorker> {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let stops = 0;
  let closed = false;

  const take = (id: number): Waiting | undefined => {
    const call = waiting.get(id);
    waiting.delete(id);
    return call;
  };

  const begin = (): Promise<Worker> =>
    new Promise((resolve, reject) => {
      const worker = startWorker(name);
      worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
        switch (data.is) {
          case "ready":
            resolve(worker);
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
        // What it would still answer is not to be relied on.
        worker.terminate();
        stops += 1;
        running = null;
        const error = new PortalError("busy", "the worker stopped");
        reject(error);
        for (const id of [...waiting.keys()]) take(id)?.reject(error);
      });
    });

  let running: Promise<Worker> | null = null;
  const start = (): Promise<Worker> => {
    running ??= begin();
    return running;
  };
  await start();

  return {
    async call(name, argument, { onProgress, signal, onHalting, transfer = [] } = {}) {
      if (closed) throw new PortalError("busy", "the worker was closed");
      const worker = await start();
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject, onProgress });
        const post = (message: ToWorker): void => worker.postMessage(message, "call" in message ? transfer : []);
        signal?.addEventListener("abort", () => post({ cancel: id }), { once: true });
        post({ id, call: name, argument });
        onHalting?.((halt, closed) => post({ id, halt, closed }));
      });
    },
    stops: () => stops,
    close() {
      closed = true;
      void running?.then((worker) => worker.terminate());
    },
  };
}
