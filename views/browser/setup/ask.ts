/** The page's end of the talk with setup.worker.ts. */
import { PortalError } from "../../../crypto/errors.ts";
import { startWorker } from "../trusted.ts";
import type { ActName, Answer, Input, Output, Request } from "./acts.ts";

interface Waiting {
  resolve: (output: never) => void;
  reject: (error: Error) => void;
  progress: (done: number, all: number) => void;
}

export type Ask = <Act extends ActName>(
  act: Act,
  input: Input<Act>,
  progress?: (done: number, all: number) => void,
) => Promise<Output<Act>>;

/**
 * Starts the worker. Asking waits until it is ready: messages that arrive while a module still
 * loads are lost in some browsers. @throws PortalError "closed" when this browser cannot run it
 */
export function startAsking(): Ask {
  const worker = startWorker("setup");
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const broken = new PortalError("closed", "the worker does not run");
  let failed = false;
  const ready = new Promise<void>((resolve, reject) => {
    worker.addEventListener("error", () => {
      failed = true;
      reject(broken);
      for (const each of waiting.values()) each.reject(broken);
      waiting.clear();
    });
    worker.addEventListener("message", (event: MessageEvent<Answer>) => {
      const answer = event.data;
      if ("ready" in answer) return resolve();
      const asked = waiting.get(answer.id);
      if (asked === undefined) return;
      if ("progress" in answer) return asked.progress(answer.progress.done, answer.progress.all);
      waiting.delete(answer.id);
      if ("error" in answer) asked.reject(new PortalError(answer.error, "refused by the worker"));
      else asked.resolve(answer.output as never);
    });
  });
  // Whoever asks gets the rejection; without a question it is nobody's.
  ready.catch(() => {});
  return async (act, input, progress = () => {}) => {
    await ready;
    if (failed) throw broken;
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, progress });
      worker.postMessage({ id, act, input } satisfies Request);
    });
  };
}
