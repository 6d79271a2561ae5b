/**
 * The only holder of secret keys and of the session's token in the console. It makes the requests
 * itself; the page gets text and progress. Locking wipes the keys and ends this worker.
 */
import { PortalError } from "../../crypto/errors.ts";
import type { Session } from "./client/session.ts";
import { startIdleLock, type IdleLock } from "./console/idle-lock.ts";
import type { FromKeyholder, ToKeyholder } from "./console/keyholder-api.ts";
import { makeActs, type Told } from "./console/worker-acts.ts";

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

function lock(): void {
  idle?.stop();
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
}

const acts = makeActs({ origin: scope.location.origin }, unlocked, lock);

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
    scope.postMessage({ is: "answer", id, answer: await (idle === null ? work : idle.busy(work)) });
  } catch (error) {
    const code = error instanceof PortalError ? error.code : "busy";
    scope.postMessage({ is: "error", id, code: controller.signal.aborted ? "cancelled" : code });
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
