/** Requests that wait until a test lets them go: what happens while something is on its way. */
import type { BrowserContext, Route } from "playwright-core";

export interface HeldBack {
  /** Resolves once one waits. */
  held: Promise<void>;
  /** Lets all go, and holds none back any more. */
  release(): Promise<void>;
}

/** Holds back what a page or its workers ask by this method at such an address. */
export async function holdBack(context: BrowserContext, pattern: string, method: string): Promise<HeldBack> {
  const came = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const handler = async (route: Route): Promise<void> => {
    if (route.request().method() !== method) return route.fallback();
    came.resolve();
    await gate.promise;
    // Its page may be gone by then.
    await route.continue().catch(() => {});
  };
  await context.route(pattern, handler);
  return {
    held: came.promise,
    async release() {
      gate.resolve();
      await context.unroute(pattern, handler);
    },
  };
}
