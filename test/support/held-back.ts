/** Requests that wait until a test lets them go: what happens while something is on its way. */
import type { BrowserContext } from "playwright-core";

export interface HeldBack {
  /** Resolves once one waits. */
  held: Promise<void>;
  /** Lets all go, and holds none back any more. */
  release: () => void;
}

/** Holds back what a page or its workers ask by this method at such an address. */
export async function holdBack(context: BrowserContext, pattern: string, method: string): Promise<HeldBack> {
  const came = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  await context.route(pattern, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    came.resolve();
    await gate.promise;
    // Its page may be gone by then.
    await route.continue().catch(() => {});
  });
  // The route stays: one that is taken away while a request comes may hold that request for ever.
  return { held: came.promise, release: gate.resolve };
}
