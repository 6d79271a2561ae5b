import { Worker } from "node:worker_threads";
import { PortalError } from "../../crypto/errors.ts";
import type { ErrorCode } from "../../crypto/errors.ts";

/**
 * SQLite blocks the thread that calls it, so each database file has a thread that writes and one
 * that reads (a reader never waits for the writer's fsync). Acts queue here; whatever has queued
 * while a thread was busy goes to it as one batch, and the writer makes one transaction of it.
 */

/** What is no act of its own: the threads answer it themselves. */
type Own = "close" | "forgotten";

/** The acts of a port as its worker carries them out: the same names, without promises. */
export type ActsOf<Port> = {
  [Name in Exclude<keyof Port, Own>]: Port[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};

/**
 * "read" goes to the reading thread, "write" to the writing one. "forget" is a write after which
 * the write-ahead log is emptied, because it would keep what was deleted.
 */
export type ActMode = "read" | "write" | "forget";
export type ActModes<Port> = Record<Exclude<keyof Port, Own>, ActMode>;

export type ActRole = "writer" | "reader";

/** Name under which a writer is asked whether its log was emptied since the last "forget". */
export const forgottenAct = "forgotten";

export interface ActCall {
  name: string;
  args: unknown[];
}

/** What the worker is told: "open" first; a batch is answered before the next one is sent. */
export type ActOrder = "open" | "close" | ActCall[];

export type ActOutcome = { value: unknown } | { code: ErrorCode; message: string };

export type ActAnswer =
  { kind: "ready" } | { kind: "unready"; code: ErrorCode; message: string } | { kind: "batch"; outcomes: ActOutcome[] };

interface Limits {
  /** Acts that may wait or be under way for one thread before "busy". */
  waiting: number;
  /** Acts in one transaction. */
  batch: number;
}

const defaultLimits: Limits = { waiting: 1024, batch: 256 };
/** Milliseconds before a thread that died is started again. */
const restartDelay = 250;

/**
 * Opens a database in its own threads and returns the port they serve.
 * @throws PortalError "closed" when the file is damaged, "refused" when its schema is not ours
 */
export async function openActs<Port extends { close(): Promise<void> }>(
  worker: URL,
  path: string,
  modes: ActModes<Port>,
  limits: Partial<Limits> = {},
): Promise<Port> {
  const all = { ...defaultLimits, ...limits };
  const writer = new ActThread(worker, path, "writer", all);
  const reader = new ActThread(worker, path, "reader", all);
  try {
    await writer.open(); // checks and migrates the file before anybody reads it
    await reader.open();
  } catch (cause) {
    await Promise.all([reader.close(), writer.close()]);
    throw cause;
  }

  const port: Record<string, unknown> = {
    forgotten: () => writer.call({ name: forgottenAct, args: [] }),
    async close() {
      await reader.close();
      await writer.close(); // last, so that SQLite can remove the write-ahead log
    },
  };
  for (const [name, mode] of Object.entries<ActMode>(modes)) {
    const thread = mode === "read" ? reader : writer;
    port[name] = (...args: unknown[]) => thread.call({ name, args });
  }
  return port as unknown as Port; // ActModes<Port> has every other name of Port
}

interface WaitingAct {
  call: ActCall;
  resolve: (value: unknown) => void;
  reject: (reason: PortalError) => void;
}

class ActThread {
  readonly #start: () => Worker;
  readonly #limits: Limits;
  #worker: Worker;
  readonly #opened = Promise.withResolvers<void>();
  #isOpen = false;
  #wasOpen = false;
  #closing = false;
  readonly #gone = Promise.withResolvers<void>();
  #scheduled = false;
  #waiting: WaitingAct[] = [];
  #underway: WaitingAct[] = [];

  constructor(worker: URL, path: string, role: ActRole, limits: Limits) {
    // The environment may hold secrets; the worker needs none of it.
    this.#start = () => new Worker(worker, { workerData: { path, role }, env: {} });
    this.#limits = limits;
    this.#opened.promise.catch(() => {}); // for when nobody awaits open()
    this.#worker = this.#listen(this.#start());
  }

  open(): Promise<void> {
    this.#worker.postMessage("open");
    return this.#opened.promise;
  }

  call(call: ActCall): Promise<unknown> {
    if (this.#closing) return Promise.reject(new PortalError("busy", "the store is closed"));
    if (this.#waiting.length + this.#underway.length >= this.#limits.waiting)
      return Promise.reject(new PortalError("busy", "too many acts are waiting for the store"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      this.#schedule();
    });
  }

  /** Finishes what is waiting, then ends the thread. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#wasOpen) this.#schedule();
    else this.#worker.postMessage("close");
    await this.#gone.promise;
  }

  /** One turn of the event loop later, so that acts of the same turn share a transaction. */
  #schedule(): void {
    if (this.#scheduled || this.#underway.length > 0 || !this.#isOpen) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    if (!this.#isOpen || this.#underway.length > 0) return;
    this.#underway = this.#waiting.splice(0, this.#limits.batch);
    if (this.#underway.length > 0) this.#worker.postMessage(this.#underway.map(({ call }) => call));
    else if (this.#closing) this.#worker.postMessage("close");
  }

  #listen(worker: Worker): Worker {
    let failure: PortalError | undefined;
    worker.on("message", (answer: ActAnswer) => {
      if (answer.kind === "ready") {
        this.#isOpen = true;
        this.#wasOpen = true;
        this.#opened.resolve();
        this.#schedule();
      } else if (answer.kind === "unready") {
        failure = new PortalError(answer.code, answer.message);
      } else if (answer.kind === "batch") {
        this.#answer(answer.outcomes);
      }
    });
    worker.on("error", (cause) => {
      failure ??= new PortalError("busy", "a thread of the store failed", { cause });
    });
    worker.on("exit", () => {
      this.#isOpen = false;
      this.#ended(failure ?? new PortalError("busy", "a thread of the store ended"));
    });
    return worker;
  }

  #answer(outcomes: ActOutcome[]): void {
    const acts = this.#underway;
    this.#underway = [];
    this.#schedule();
    for (const [i, { resolve, reject }] of acts.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined) reject(new PortalError("busy", "the store gave no answer"));
      else if ("value" in outcome) resolve(outcome.value);
      else reject(new PortalError(outcome.code, outcome.message));
    }
  }

  #ended(reason: PortalError): void {
    const acts = [...this.#underway, ...this.#waiting];
    this.#underway = [];
    this.#waiting = [];
    for (const { reject } of acts) reject(reason);
    if (this.#closing || !this.#wasOpen) {
      // A file that could not be opened at the start is for the operator to look at.
      this.#opened.reject(reason);
      this.#gone.resolve();
      return;
    }
    setTimeout(() => {
      if (this.#closing) this.#gone.resolve();
      else {
        this.#worker = this.#listen(this.#start());
        this.#worker.postMessage("open");
      }
    }, restartDelay);
  }
}
