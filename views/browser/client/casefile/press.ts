/** The other end of press.worker.ts: orders for PDFs, answered in any order. */
import { PortalError, type ErrorCode } from "../../../../crypto/errors.ts";
import type { PdfOrder, WrittenPdf } from "../../../pdf/write.ts";

/** `counts`: only the number of pages is wanted. */
export interface ToPress {
  id: number;
  order: PdfOrder;
  counts: boolean;
}

export type FromPress =
  | { is: "ready" }
  | { is: "counted"; id: number; pages: number }
  | ({ is: "printed"; id: number } & WrittenPdf)
  | { is: "refused"; id: number; code: ErrorCode; message: string };

export interface Press {
  /** The same bytes for the same order. @throws PortalError "large" | "busy" | "missing" | "forged" */
  print(order: PdfOrder): Promise<WrittenPdf>;
  /** How many pages `print` will make. @throws as `print` does */
  count(order: PdfOrder): Promise<number>;
  /** What is being made is refused as "busy". */
  stop(): void;
}

/** What is used of a `Worker`. */
export interface PressWorker {
  postMessage(message: ToPress): void;
  addEventListener(type: "message", listener: (event: MessageEvent<FromPress>) => void): void;
  addEventListener(type: "error", listener: (event: Event) => void): void;
  terminate(): void;
}

type Made = Exclude<FromPress, { is: "ready" | "refused" }>;

interface Waiting {
  settle(answer: Made): void;
  fail(error: PortalError): void;
}

/** `worker`: press.worker.ts, just started. */
export function openPress(worker: PressWorker): Press {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let stopped: PortalError | null = null;
  let begin: () => void = () => {};
  // Messages that arrive while a module still loads are lost in some browsers.
  const ready = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const end = (why: string): void => {
    stopped ??= new PortalError("busy", why);
    worker.terminate();
    for (const { fail } of waiting.values()) fail(stopped);
    waiting.clear();
  };
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // it is told in words
    end("the worker that makes documents failed");
  });
  worker.addEventListener("message", ({ data }) => {
    if (data.is === "ready") {
      begin();
      return;
    }
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.is === "refused") asked?.fail(new PortalError(data.code, data.message));
    else asked?.settle(data);
  });
  const ask = (order: PdfOrder, counts: boolean): Promise<Made> =>
    new Promise((resolve, reject) => {
      if (stopped !== null) {
        reject(stopped);
        return;
      }
      const id = ++last;
      waiting.set(id, { settle: resolve, fail: reject });
      void ready.then(() => worker.postMessage({ id, order, counts }));
    });
  return {
    async print(order) {
      const made = await ask(order, false);
      if (made.is !== "printed") throw new Error("the press answered something else");
      return { bytes: made.bytes, pages: made.pages, marks: made.marks };
    },
    count: async (order) => (await ask(order, true)).pages,
    stop: () => end("the press was stopped"),
  };
}
