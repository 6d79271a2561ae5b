/**
 * Makes PDFs in a thread of its own, one at a time: a page of text takes a second, and the fonts of
 * East Asia some ten megabytes. The thread ends when it was idle for a while; finished documents are kept.
 */
import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { PortalError, type ErrorCode } from "../../crypto/errors.ts";
import type { PdfOrder } from "../../views/pdf/write.ts";

/** What the thread answers to an order. */
export type PressAnswer = { bytes: Uint8Array } | { code: ErrorCode; message: string };

const idleMs = 60_000;
/** All languages, sheets and papers of one version of the notice, and some of the one before. */
const mostKept = 100;
const mostKeptBytes = 16 * 1024 * 1024;
/** Orders at one time; beyond that people are asked to come again. */
const mostWaiting = 50;
/** A page takes seconds; whatever takes so long never ends, and nobody behind it would get anything. */
const mostMs = 180_000;

interface Kept {
  made: Promise<Uint8Array>;
  /** 0 while it is being made. */
  bytes: number;
}

export class Press {
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;
  /** By the order's name, the longest unused first. */
  readonly #kept = new Map<string, Kept>();
  #keptBytes = 0;
  readonly #mostKeptBytes: number;
  readonly #mostMs: number;

  constructor({ keptBytes = mostKeptBytes, ms = mostMs } = {}) {
    this.#mostKeptBytes = keptBytes;
    this.#mostMs = ms;
  }

  /** The same bytes for the same order. @throws PortalError "busy" | "large" */
  print(order: PdfOrder): Promise<Uint8Array> {
    const name = orderName(order);
    const known = this.#kept.get(name);
    if (known !== undefined) {
      this.#kept.delete(name);
      this.#kept.set(name, known);
      return known.made;
    }
    if (this.#closed || this.#waiting >= mostWaiting)
      return Promise.reject(new PortalError("busy", "too many documents are being made"));
    this.#waiting++;
    const made = this.#turn.then(() => this.#make(order)).finally(() => this.#waiting--);
    this.#turn = made.catch(() => {});
    const kept = { made, bytes: 0 };
    this.#kept.set(name, kept);
    made.then(
      ({ length }) => this.#count(kept, length),
      () => this.#kept.delete(name),
    );
    return made;
  }

  /** What is still being made stays: whoever asks for it again waits for the same one. */
  #count(kept: Kept, bytes: number): void {
    kept.bytes = bytes;
    this.#keptBytes += bytes;
    for (const [name, each] of this.#kept) {
      if (this.#kept.size <= mostKept && this.#keptBytes <= this.#mostKeptBytes) return;
      if (each.bytes === 0) continue;
      this.#kept.delete(name);
      this.#keptBytes -= each.bytes;
    }
  }

  #make(order: PdfOrder): Promise<Uint8Array> {
    if (this.#closed) throw new PortalError("busy", "the portal is closing");
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    return new Promise<Uint8Array>((resolve, reject) => {
      const tooLong = setTimeout(() => void this.#stop(), this.#mostMs);
      const done = (settle: () => void): void => {
        clearTimeout(tooLong);
        worker.off("message", answered);
        worker.off("error", failed);
        worker.off("exit", ended);
        settle();
      };
      const answered = (answer: PressAnswer): void => {
        this.#idle = setTimeout(() => void this.#stop(), idleMs).unref();
        done(() => ("bytes" in answer ? resolve(answer.bytes) : reject(new PortalError(answer.code, answer.message))));
      };
      const ended = (): void => failed(undefined);
      const failed = (cause: unknown): void => {
        done(() => reject(new PortalError("busy", "the thread that makes documents failed", { cause })));
      };
      worker.on("message", answered);
      worker.on("error", failed);
      worker.on("exit", ended);
      worker.postMessage(order);
    });
  }

  /** A thread that fails while nobody waits for it must not take the portal along, and gets no more orders. */
  #start(): Worker {
    // The environment may hold secrets; the thread needs none of it.
    const worker = new Worker(new URL("./press-worker.ts", import.meta.url), { env: {} });
    const gone = (): void => {
      if (this.#worker === worker) this.#worker = null;
    };
    return worker.on("error", gone).on("exit", gone);
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#stop();
  }
}

/** Names an order by all that decides about its bytes. */
export function orderName(order: PdfOrder): string {
  return createHash("sha256").update(JSON.stringify(order)).digest("hex");
}
