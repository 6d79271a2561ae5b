/** The only holder of secret keys on the pages /setup, /join and /charter. Answers what setup/acts.ts lists, one act at a time. */
import { failureOf } from "../../crypto/errors.ts";
import type { ActName, Acts, Answer, Request } from "./setup/acts.ts";
import { charterActs } from "./setup/worker-charter.ts";
import { joinActs } from "./setup/worker-join.ts";
import { setupActs, type Made } from "./setup/worker-setup.ts";

const api = { origin: globalThis.location.origin };
const made: Made = { seed: null };
const acts: Acts = { ...setupActs(api, made), ...charterActs(api), ...joinActs(api, made) };

/** A worker's own postMessage; the DOM's type is the window's. */
const answer = (message: Answer): void => (globalThis as unknown as Worker).postMessage(message);

async function carryOut({ id, act, input }: Request): Promise<void> {
  try {
    const run = acts[act] as Acts[ActName] & ((input: unknown, progress: unknown) => Promise<unknown>);
    const output = await run(input as never, (done, all) => answer({ id, progress: { done, all } }));
    answer({ id, output });
  } catch (error) {
    answer({ id, error: failureOf(error).code });
  }
}

let queue = Promise.resolve();
globalThis.addEventListener("message", (event: MessageEvent<Request>) => {
  queue = queue.then(() => carryOut(event.data));
});
answer({ id: 0, ready: true });
