/** Makes previews of files that somebody else sent, off the page's thread. Holds no key and asks nobody for anything. */
import { examine } from "./console/previews/active.ts";
import { prepare } from "./console/previews/prepare.ts";
import type { FromPreview, ToPreview } from "./console/previews/worker-api.ts";

/** The part of DedicatedWorkerGlobalScope used here; TypeScript cannot load its types next to the page's. */
interface Scope {
  postMessage(message: FromPreview): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToPreview>) => void): void;
}
const scope = globalThis as unknown as Scope;

async function make({ file, prepare: isWanted }: ToPreview): Promise<FromPreview> {
  if (isWanted) return { is: "made", ...(await prepare(file)) };
  return { is: "made", finding: await examine(file), prepared: { is: "refused", why: "kind" } };
}

scope.addEventListener("message", ({ data }) => {
  void make(data).then(
    (answer) => scope.postMessage(answer),
    // The page hears of it as an error of this worker.
    (error: unknown) =>
      setTimeout(() => {
        throw error;
      }),
  );
});
scope.postMessage({ is: "ready" });
