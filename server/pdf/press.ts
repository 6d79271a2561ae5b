/**
 * Makes PDFs in a thread of its own, one at a time: a page of text takes a second, and the fonts of
 * East Asia some ten megabytes. The thread ends when it was idle for a while; finished documents are kept.
 */
import { Worker } from "node:worker_threads";
import { PortalError, type ErrorCode } from "../../crypto/errors.ts";
import { orderName, type PdfOrder } from "./write.ts";

/** What the thread answers to an order. */
export type PressAnswer = { bytes: Uint8Array } | { code: ErrorCode; message: string };

const idleMs = 60_000;
/** All languages, sheets and papers of one version of the notice, and some of the one before. */
const mostKept = 100;
const mostKeptBytes = 16 * 1024 * 1024;
/** Orders at one time; beyond that people are asked to come again. */
const mostWaiting = 50;

export class Press {
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;
  /** By the order's name, the longest unused first. */
  readonly #kept = new Map<string, Promise<Uint8Array>>();
  #keptBytes = 0;

  /** The same bytes for the same order. @throws PortalError "busy" | "large" */
  print(order: PdfOrder): Promise<Uint8Array> {
    const name = orderName(order);
    const known = this.#kept.get(name);
    if (known !== undefined) {
      this.#kept.delete(name);
      this.#kept.set(name, known);
      return known;
    }
    if (this.#closed || this.#waiting >= mostWaiting)
      return Promise.reject(new PortalError("busy", "too many documents are being made"));
    this.#waiting++;
    const made = this.#turn.then(() => this.#make(order)).finally(() => this.#waiting--);
    this.#turn = made.catch(() => {});
    this.#kept.set(name, made);
    made.then(
      (bytes) => this.#count(bytes),
      () => this.#kept.delete(name),
    );
    return made;
  }

  #count(bytes: Uint8Array): void {
    this.#keptBytes += bytes.length;
    for (const [name, kept] of this.#kept) {
      if (this.#kept.size <= mostKept && this.#keptBytes <= mostKeptBytes) return;
      this.#kept.delete(name);
      void kept.then(
        (old) => (this.#keptBytes -= old.length),
        () => {},
      );
    }
  }

  #make(order: PdfOrder): Promise<Uint8Array> {
    if (this.#closed) throw new PortalError("busy", "the portal is closing");
    clearTimeout(this.#idle);
    // The environment may hold secrets; the thread needs none of it.
    this.#worker ??= new Worker(new URL("./press-worker.ts", import.meta.url), { env: {} });
    const worker = this.#worker;
    return new Promise<Uint8Array>((resolve, reject) => {
      const done = (settle: () => void): void => {
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
        this.#worker = null;
        done(() => reject(new PortalError("busy", "the thread that makes documents failed", { cause })));
      };
      worker.on("message", answered);
      worker.on("error", failed);
      worker.on("exit", ended);
      worker.postMessage(order);
    });
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
