/**
 * The slow step from a receipt code to its mailbox: 64 MiB and a fifth of a second of one core
 * each. At most two at once, a bounded queue behind them, never on the event loop.
 */
import { Worker } from "node:worker_threads";
import { PortalError } from "../../crypto/errors.ts";
import type { Mailbox } from "../../crypto/keys.ts";
import type { DeriveOrder } from "./derive.worker.ts";

const mostWorkers = 2;
/** Behind those under way: some two seconds of waiting. */
const mostWaiting = 16;
/** Milliseconds after which an idle worker goes, and with it the memory in which it worked. */
const idleMs = 5_000;

interface Task {
  order: DeriveOrder;
  resolve: (mailbox: Mailbox) => void;
  reject: (error: PortalError) => void;
}

export class MailboxDeriver {
  readonly #waiting: Task[] = [];
  readonly #idle = new Set<Deriving>();
  #workers = 0;

  /** @throws PortalError "busy" when too many wait already */
  derive(words: string, portalId: Uint8Array): Promise<Mailbox> {
    if (this.#waiting.length >= mostWaiting)
      return Promise.reject(new PortalError("busy", "too many codes are being opened"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order: { words, portalId }, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const [ready] = this.#idle;
    if (ready !== undefined) this.#idle.delete(ready);
    else if (this.#workers === mostWorkers) return;
    const worker = ready ?? this.#start();
    worker.run(this.#waiting.shift()!);
  }

  #start(): Deriving {
    this.#workers += 1;
    const worker: Deriving = new Deriving({
      onIdle: () => {
        this.#idle.add(worker);
        this.#next();
      },
      onGone: () => {
        this.#idle.delete(worker);
        this.#workers -= 1;
        this.#next();
      },
    });
    return worker;
  }
}

/** One worker thread, one task at a time. */
class Deriving {
  // The environment may hold secrets; the worker needs none of it.
  readonly #worker = new Worker(new URL("./derive.worker.ts", import.meta.url), { env: {} });
  #task: Task | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(on: { onIdle: () => void; onGone: () => void }) {
    this.#worker.on("message", (mailbox: Mailbox) => {
      const task = this.#task;
      this.#task = null;
      this.#worker.unref();
      this.#timer = setTimeout(() => void this.#worker.terminate(), idleMs).unref();
      task?.resolve(mailbox);
      on.onIdle();
    });
    this.#worker.on("error", () => {}); // "exit" follows
    this.#worker.on("exit", () => {
      clearTimeout(this.#timer);
      this.#task?.reject(new PortalError("busy", "the worker stopped"));
      this.#task = null;
      on.onGone();
    });
  }

  run(task: Task): void {
    clearTimeout(this.#timer);
    this.#worker.ref();
    this.#task = task;
    this.#worker.postMessage(task.order);
  }
}
