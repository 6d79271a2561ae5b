/**
 * Browser contexts that fail their test on what a visitor would never see: a Content-Security-
 * Policy violation, an error in the console, an uncaught exception, a request to anybody else.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Page } from "playwright-core";

export const viewports = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 } },
} satisfies Record<string, BrowserContextOptions>;

export interface WatchOptions {
  /** Origins that may be asked for anything: `["http://localhost:4001"]`. */
  origins: readonly string[];
  /** Console errors that this test provokes on purpose; each must occur, or the list is stale. */
  provokes?: readonly RegExp[];
}

export interface ContextOptions extends WatchOptions {
  viewport?: keyof typeof viewports;
  /** False: as Tor Browser on its safest level. */
  javaScript?: boolean;
  more?: BrowserContextOptions;
}

export interface Watch {
  /** What went wrong so far, one sentence each. */
  problems(): string[];
  /** @throws AssertionError naming every problem */
  assertClean(): void;
}

/** A context that is closed, and judged, after the test (t) or suite that asked for it. */
export async function openContext(t: TestContext, browser: Browser, options: ContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...viewports[options.viewport ?? "desktop"],
    javaScriptEnabled: options.javaScript ?? true,
    ...options.more,
  });
  const watch = await watchContext(context, options);
  t.after(async () => {
    await context.close();
    watch.assertClean();
  });
  return context;
}

/** Watches every page and worker that the context will open. */
export async function watchContext(context: BrowserContext, options: WatchOptions): Promise<Watch> {
  const found = new Set<string>();
  const provoked = new Set<RegExp>();

  const onConsole = (message: ConsoleMessage): void => {
    const said = message.text();
    if (message.type() !== "error" && !/Content.Security.Policy|Trusted ?Type/i.test(said)) return;
    const reason = options.provokes?.find((pattern) => pattern.test(said));
    if (reason === undefined) found.add(`console ${message.type()}: ${said} (${message.location().url})`);
    else provoked.add(reason);
  };
  context.on("console", onConsole);
  context.on("weberror", (event) => found.add(`uncaught: ${event.error().message}`));
  context.on("request", (request) => {
    if (!isAllowed(request.url(), options.origins)) found.add(`request to ${request.url()}`);
  });
  context.on("page", (page) => watchSockets(page, options.origins, found));
  for (const page of context.pages()) watchSockets(page, options.origins, found);

  // The console leaves out what a report-only policy or a caught exception hides; the event does not.
  await context.exposeBinding("tellTestOfViolation", (_source, words: string) => {
    found.add(`policy violation: ${words}`);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const tell = (window as unknown as { tellTestOfViolation: (words: string) => void }).tellTestOfViolation;
      tell(`${event.effectiveDirective} blocked ${event.blockedURI || "inline"} on ${event.documentURI}`);
    });
  });

  const problems = (): string[] => {
    const absent = (options.provokes ?? []).filter((pattern) => !provoked.has(pattern));
    return [...found, ...absent.map((pattern) => `provoked nothing like ${pattern.toString()}`)];
  };
  return { problems, assertClean: () => assert.deepEqual(problems(), []) };
}

function watchSockets(page: Page, origins: readonly string[], found: Set<string>): void {
  page.on("websocket", (socket) => {
    if (!isAllowed(socket.url().replace(/^ws/, "http"), origins)) found.add(`web socket to ${socket.url()}`);
  });
}

/** data: and about: stay in the browser; blob: carries the origin that made it. */
function isAllowed(url: string, origins: readonly string[]): boolean {
  const { protocol, origin } = new URL(url);
  return protocol === "data:" || protocol === "about:" || origins.includes(origin);
}
