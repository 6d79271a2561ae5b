import { statSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "better-sqlite3";
import { PortalError } from "../../crypto/errors.ts";
import { forgottenAct } from "./acts.ts";
import type { ActAnswer, ActCall, ActMode, ActOrder, ActOutcome, ActRole } from "./acts.ts";
import { emptyWal, openForReading, openForWriting } from "./database.ts";
import { isDamage, portalErrorOf } from "./faults.ts";

type Act = (...args: unknown[]) => unknown;

export interface ActTable {
  migrations: string;
  modes: Record<string, ActMode>;
  /** Prepares the statements and returns the acts by name. */
  prepare(db: Database): object;
}

/** Bytes by which the write-ahead log may grow before it goes into the file, between two batches. */
const walGrowth = 8 * 1024 * 1024;
/** Milliseconds without a write after which it is emptied. */
const walIdle = 1000;

/** The worker's side of openActs(): opens the database and serves batches of acts until told to close. */
export function serveActs(table: ActTable): void {
  const port = parentPort;
  if (port === null) throw new Error("this file runs in a worker thread");
  const { path, role } = workerData as { path: string; role: ActRole };
  const say = (answer: ActAnswer) => port.postMessage(answer);

  let batches: Batches | undefined;

  port.on("message", (order: ActOrder) => {
    if (order === "open") {
      try {
        batches = role === "writer" ? new WriteBatches(path, table) : new ReadBatches(path, table);
        say({ kind: "ready" });
      } catch (cause) {
        const { code, message } = portalErrorOf(cause);
        say({ kind: "unready", code, message });
        port.close();
      }
    } else if (order === "close") {
      batches?.close();
      port.close();
    } else if (batches !== undefined) {
      say({ kind: "batch", outcomes: batches.run(order) });
      batches.afterwards();
    }
  });
}

interface Batches {
  run(calls: ActCall[]): ActOutcome[];
  /** What can wait until the batch has been answered. */
  afterwards(): void;
  close(): void;
}

class ReadBatches implements Batches {
  readonly #db: Database;
  readonly #acts: Map<string, Act>;

  constructor(path: string, table: ActTable) {
    this.#db = openForReading(path);
    this.#acts = new Map(Object.entries(table.prepare(this.#db)));
  }

  run(calls: ActCall[]): ActOutcome[] {
    return calls.map((call) => {
      try {
        return { value: runAct(this.#acts, call) };
      } catch (cause) {
        return outcomeOf(cause);
      }
    });
  }

  afterwards(): void {}

  close(): void {
    this.#db.close();
  }
}

class WriteBatches implements Batches {
  readonly #db: Database;
  readonly #walPath: string;
  readonly #modes: Record<string, ActMode>;
  readonly #acts: Map<string, Act>;
  readonly #statements;
  #damaged = false;
  #mustForget = false;
  #walMark = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(path: string, table: ActTable) {
    const db = openForWriting(path, table.migrations);
    this.#db = db;
    this.#walPath = `${path}-wal`;
    this.#modes = table.modes;
    this.#acts = new Map(Object.entries(table.prepare(db)));
    // The log is emptied here, after the answers, not within somebody's COMMIT.
    db.pragma("wal_autocheckpoint = 0");
    this.#statements = {
      begin: db.prepare("BEGIN IMMEDIATE"),
      savepoint: db.prepare("SAVEPOINT act"),
      release: db.prepare("RELEASE act"),
      undo: db.prepare("ROLLBACK TO act"),
      commit: db.prepare("COMMIT"),
      rollback: db.prepare("ROLLBACK"),
    };
  }

  /** One transaction for the whole batch; nothing is answered before it is on the disk. */
  run(calls: ActCall[]): ActOutcome[] {
    clearTimeout(this.#idle);
    if (this.#damaged) return calls.map(() => outcomeOf(stopped()));
    if (calls.some(({ name }) => name === forgottenAct) && this.#mustForget) this.#forget();
    try {
      this.#statements.begin.run();
      const outcomes = calls.map((call) => this.#runOne(call));
      this.#statements.commit.run();
      if (calls.some(({ name }) => this.#modes[name] === "forget")) this.#forget();
      return outcomes;
    } catch (cause) {
      this.#note(cause);
      this.#undoAll();
      const outcome = batchOutcomeOf(cause);
      return calls.map(() => outcome);
    }
  }

  #runOne(call: ActCall): ActOutcome {
    // Also of what this very batch deletes, it says "not yet".
    if (call.name === forgottenAct) return { value: !this.#mustForget };
    this.#statements.savepoint.run();
    try {
      const value = runAct(this.#acts, call);
      this.#statements.release.run();
      return { value };
    } catch (cause) {
      this.#note(cause);
      // A full disk or an I/O error may have ended the transaction, and with it every act so far.
      if (this.#damaged || !this.#db.inTransaction) throw cause;
      this.#statements.undo.run();
      this.#statements.release.run();
      return outcomeOf(cause);
    }
  }

  #undoAll(): void {
    try {
      if (this.#db.inTransaction) this.#statements.rollback.run();
    } catch (cause) {
      this.#note(cause);
    }
  }

  /** Who writes on into a damaged file goes on promising safety that is not there. */
  #note(cause: unknown): void {
    if (isDamage(cause)) this.#damaged = true;
  }

  #forget(): void {
    this.#mustForget = true;
    try {
      if (emptyWal(this.#db)) this.#mustForget = false;
    } catch (cause) {
      this.#note(cause); // a full disk, say: the log stays as it is, and it is tried again
    }
    this.#walMark = this.#walSize();
  }

  afterwards(): void {
    if (this.#damaged) return;
    // Counted from the last attempt: while a backup holds the log, not every batch tries again.
    if (this.#walSize() > this.#walMark + walGrowth) this.#forget();
    this.#idle = setTimeout(() => this.#whenIdle(), walIdle);
  }

  #whenIdle(): void {
    this.#forget();
    if (this.#mustForget && !this.#damaged) this.#idle = setTimeout(() => this.#whenIdle(), walIdle);
  }

  #walSize(): number {
    return statSync(this.#walPath, { throwIfNoEntry: false })?.size ?? 0;
  }

  close(): void {
    clearTimeout(this.#idle);
    if (!this.#damaged) this.#forget();
    this.#db.close();
  }
}

function runAct(acts: Map<string, Act>, { name, args }: ActCall): unknown {
  const act = acts.get(name);
  if (act === undefined) throw new PortalError("format", `the store has no act "${name}"`);
  return act(...args);
}

function outcomeOf(cause: unknown): ActOutcome {
  const { code, message } = portalErrorOf(cause);
  return { code, message };
}

/** A transaction that failed as a whole is no fault of any one act in it. */
function batchOutcomeOf(cause: unknown): ActOutcome {
  const { code, message } = portalErrorOf(cause);
  return { code: code === "full" || code === "closed" ? code : "busy", message };
}

function stopped(): PortalError {
  return new PortalError("closed", "the database was found damaged; writing has stopped");
}
