/**
 * The slow step from a receipt code to its mailbox: 64 MiB and a fifth of a second of one core
 * each. At most two at once, never on the event loop. Behind them stand two bounded lanes that take
 * turns, so that a flood of guessed codes keeps no report out, nor the other way round.
 */
import { Worker } from "node:worker_threads";
import { PortalError } from "../../crypto/errors.ts";
import type { Mailbox } from "../../crypto/keys.ts";
import type { DeriveOrder } from "./derive.worker.ts";

const mostWorkers = 2;
/** In each lane, behind those under way: three to fifteen seconds of waiting. */
export const mostWaiting = 32;
/** While both lanes are full: a guessed code costs nothing, a report has waited already. */
const reportsForEachCode = 3;
/** For telling people how long it may take. */
export const secondsEach = 0.2;
/** Milliseconds after which an idle worker goes, and with it the memory in which it worked. */
const idleMs = 5_000;

/** file: somebody sends a report; open: somebody types a code. */
export type Lane = "file" | "open";

interface Task {
  /** Smaller goes first. */
  place: number;
  order: DeriveOrder;
  resolve: (mailbox: Mailbox) => void;
  reject: (error: PortalError) => void;
}

export class MailboxDeriver {
  readonly #lanes: Record<Lane, Task[]> = { file: [], open: [] };
  /** Reports taken since a code was. */
  #reportsTaken = 0;
  readonly #idle = new Set<Deriving>();
  #workers = 0;

  /** How many stand in a lane. */
  waiting(lane: Lane): number {
    return this.#lanes[lane].length;
  }

  /**
   * `place`: where there are several, the smallest goes first, then who came first. A full lane gives
   * up the greatest. @throws PortalError "busy" when that is this one, now or later
   */
  derive(words: string, portalId: Uint8Array, lane: Lane = "open", place = 0): Promise<Mailbox> {
    const tasks = this.#lanes[lane];
    return new Promise((resolve, reject) => {
      const after = tasks.findLastIndex((task) => task.place <= place) + 1;
      tasks.splice(after, 0, { place, order: { words, portalId }, resolve, reject });
      if (tasks.length > mostWaiting) tasks.pop()!.reject(new PortalError("busy", "too many codes are being opened"));
      this.#next();
    });
  }

  #take(): Task {
    const { file, open } = this.#lanes;
    const turn = file.length > 0 && (open.length === 0 || this.#reportsTaken < reportsForEachCode);
    this.#reportsTaken = turn ? this.#reportsTaken + 1 : 0;
    return (turn ? file : open).shift()!;
  }

  #next(): void {
    if (this.#lanes.file.length + this.#lanes.open.length === 0) return;
    const [ready] = this.#idle;
    if (ready !== undefined) this.#idle.delete(ready);
    else if (this.#workers === mostWorkers) return;
    const worker = ready ?? this.#start();
    worker.run(this.#take());
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
