/** The page's end of the talk with keyholder.worker.ts. */
import { PortalError } from "../../../crypto/errors.ts";
import { startWorker } from "../trusted.ts";
import type { CallName, FromKeyholder, Input, Output, Progress, ToKeyholder } from "./keyholder-api.ts";

/** A call that was cancelled, or cut short by locking. Nothing to tell anybody. */
export class Cancelled extends Error {}

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
  progress: (progress: Progress) => void;
}

export interface Work<K extends CallName> {
  answer: Promise<Output<K>>;
  cancel(): void;
}

export interface Keyholder {
  /** `transfer`: ports that go along. */
  ask<K extends CallName>(
    call: K,
    input: Input<K>,
    options?: { progress?: (progress: Progress) => void; transfer?: Transferable[] },
  ): Work<K>;
  touch(): void;
}

function errorOf({ code, part }: FromKeyholder & { is: "error" }): Error {
  return code === "cancelled" ? new Cancelled() : new PortalError(code, "refused by the keyholder", { part });
}

/** Without WebAssembly it never runs. Mostly the server was away while it was fetched: another try may go well. */
const cannotRun = (): PortalError =>
  new PortalError(typeof WebAssembly === "undefined" ? "closed" : "busy", "the keyholder does not run");

/** What the worker tells without being asked. */
export interface Told {
  /** Once, when its keys are gone. */
  locked(): void;
  /** It could not be started, or broke down: it is ended, and another can be started. */
  failed(): void;
  /** Something may be new. */
  beat(): void;
  /** Whether beats come. */
  live(on: boolean): void;
}

/**
 * Starts the worker. Asking waits until it is ready: messages that arrive while a module still
 * loads are lost in some browsers.
 */
export function startKeyholder(told: Told): Keyholder {
  const worker = startWorker("keyholder");
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let gone = false;
  const post = (message: ToKeyholder, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const end = (error: Error): void => {
    gone = true;
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  };
  const ready = new Promise<void>((resolve) => {
    worker.addEventListener("error", () => {
      end(cannotRun());
      // Were there keys in it, they go with it.
      worker.terminate();
      told.failed();
      resolve();
    });
    worker.addEventListener("message", ({ data }: MessageEvent<FromKeyholder>) => {
      if (data.is === "ready") return resolve();
      if (data.is === "locked") {
        end(new Cancelled());
        return told.locked();
      }
      if (data.is === "beat") return told.beat();
      if (data.is === "live") return told.live(data.on);
      const asked = waiting.get(data.id);
      if (asked === undefined) return;
      if (data.is === "progress") return asked.progress(data.progress);
      waiting.delete(data.id);
      if (data.is === "error") asked.reject(errorOf(data));
      else asked.resolve(data.answer as never);
    });
  });
  return {
    ask(call, input, { progress = () => {}, transfer = [] } = {}) {
      last += 1;
      const id = last;
      const answer = ready.then(
        () =>
          new Promise<never>((resolve, reject) => {
            if (gone) return reject(cannotRun());
            waiting.set(id, { resolve, reject, progress });
            post({ is: "call", id, call, input }, transfer);
          }),
      );
      return { answer, cancel: () => post({ is: "cancel", id }) };
    },
    touch: () => post({ is: "touch" }),
  };
}
