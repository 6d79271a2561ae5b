/**
 * The only holder of secret keys and of the session's token in the console. It makes the requests
 * itself; the page gets text and progress. Locking wipes the keys and ends this worker.
 */
import { failureOf } from "../../crypto/errors.ts";
import { hearBeats } from "./client/beats.ts";
import { openPress } from "./client/casefile/press.ts";
import { openSearcher } from "./client/casefile/searcher.ts";
import type { Session } from "./client/session.ts";
import { withBeatPlace } from "./console/beat-place.ts";
import { startIdleLock, type IdleLock } from "./console/idle-lock.ts";
import type { CallName, FromKeyholder, ToKeyholder } from "./console/keyholder-api.ts";
import { makeActs, type Told } from "./console/worker-acts.ts";
import { startWorker } from "./trusted.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromKeyholder): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToKeyholder>) => void): void;
  close(): void;
  location: { origin: string };
}
const scope = globalThis as unknown as Scope;

let session: Session | null = null;
let idle: IdleLock | null = null;
const running = new Map<number, AbortController>();
const listening = new AbortController();

function lock(): void {
  idle?.stop();
  listening.abort();
  for (const controller of running.values()) controller.abort();
  scope.postMessage({ is: "locked" });
  // `end` wipes the keys before it asks the server for anything.
  const ended = session?.end() ?? Promise.resolve();
  session = null;
  void ended.finally(() => scope.close());
}

function unlocked(opened: Session, idleMinutes: number): void {
  session = opened;
  idle = startIdleLock(idleMinutes, lock);
  const listener = {
    beat: () => scope.postMessage({ is: "beat" }),
    live: (on: boolean) => scope.postMessage({ is: "live", on }),
  };
  void withBeatPlace(() => hearBeats(opened, listener, listening.signal), listening.signal);
}

/**
 * What the page asks by itself, at beats and after: nobody waits for it, and nobody need be there. One that is missing
 * here would put the idle lock off for as long as beats come.
 */
const byItself: ReadonlySet<CallName> = new Set(["list", "readings"]);

const acts = makeActs({ origin: scope.location.origin }, unlocked, lock, {
  startPress: () => openPress(startWorker("press")),
  startSearcher: (texts) => openSearcher(() => startWorker("searcher"), texts),
});

async function carryOut({ id, call, input }: ToKeyholder & { is: "call" }): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const told: Told = {
    signal: controller.signal,
    progress: (progress) => scope.postMessage({ is: "progress", id, progress }),
  };
  try {
    const act = acts[call] as (input: unknown, told: Told) => Promise<unknown>;
    const work = act(input, told);
    scope.postMessage({
      is: "answer",
      id,
      answer: await (idle === null || byItself.has(call) ? work : idle.busy(work)),
    });
  } catch (error) {
    const { code, part } = failureOf(error);
    scope.postMessage({ is: "error", id, code: controller.signal.aborted ? "cancelled" : code, part });
  } finally {
    running.delete(id);
  }
}

scope.addEventListener("message", ({ data }) => {
  switch (data.is) {
    case "call":
      void carryOut(data);
      break;
    case "cancel":
      running.get(data.id)?.abort(new DOMException("cancelled", "AbortError"));
      break;
    case "touch":
      idle?.touch();
  }
});
scope.postMessage({ is: "ready" });
