/** A reviewer's list with many cases, in a real Chromium, against the bare libsodium calls that it cannot do without. */
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { giveKey } from "../support/console-visit.ts";
import { bundle, serveFixed } from "../support/fixed-pages.ts";
import type { ServedOrganisation } from "../support/organisation-server.ts";
import { serveManyCases } from "./many-cases.ts";
import { median, type Row } from "./measure.ts";
import { memoryOf } from "./tab-memory.ts";

const rounds = 3;
/** Looked up first, so that something is there soon. */
const firstCases = 500;
const patience = { timeout: 1_800_000 };

export interface Held {
  what: string;
  /** Of page and workers together, 1,000,000 bytes. */
  megabytes: number;
}

async function serveRaw(): ReturnType<typeof serveFixed> {
  const page =
    "const w = new Worker('/worker.js', { type: 'module' }); w.onmessage = ({ data }) => { globalThis.raw = data; };";
  return serveFixed({
    "/": [
      "text/html",
      '<!doctype html><html lang="en"><title>Raw</title><script type="module" src="/page.js"></script>',
    ],
    "/page.js": ["text/javascript", page],
    "/worker.js": ["text/javascript", await bundle(join(import.meta.dirname, "browser/raw-list.worker.ts"))],
  });
}

/** Cases per second by the bare calls. */
async function measureRaw(browser: Browser, origin: string): Promise<number> {
  const page = await browser.newPage();
  try {
    await page.goto(origin);
    const found = await page.waitForFunction(() => (globalThis as { raw?: { perSecond: number } }).raw, null, patience);
    return (await found.jsonValue())!.perSecond;
  } finally {
    await page.close();
  }
}

interface SignedIn {
  page: Page;
  /** Milliseconds from the opened key to the first rows, and to the whole list. */
  first: number;
  whole: number;
}

async function signIn(context: BrowserContext, served: ServedOrganisation): Promise<SignedIn> {
  const page = await context.newPage();
  await page.goto(served.portal.consoleUrl);
  await giveKey(page, served, served.organisation.members.rosa);
  await page.locator(".th-bar").waitFor(patience);
  const start = Date.now();
  await page.locator(".th-case").first().waitFor(patience);
  const first = Date.now() - start;
  await page.locator('[data-list="whole"]').waitFor(patience);
  return { page, first, whole: Date.now() - start };
}

/** Milliseconds from the last letter to what was found. */
async function search(page: Page, word: string): Promise<number> {
  await page.locator("#search").fill("");
  const start = Date.now();
  await page.locator("#search").fill(word);
  await page.locator("mark", { hasText: word }).first().waitFor(patience);
  return Date.now() - start;
}

/** Has the page's workers give back what they do not use any more: a browser with memory to spare waits with it. */
async function collectGarbage(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const workers: string[] = [];
  const { promise: collected, resolve } = Promise.withResolvers<void>();
  let answers = 0;
  devtools.on("Target.attachedToTarget", ({ sessionId }) => workers.push(sessionId));
  devtools.on("Target.receivedMessageFromTarget", ({ message }) => {
    if ("id" in (JSON.parse(message) as object) && ++answers === workers.length) resolve();
  });
  await devtools.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  for (const sessionId of workers) {
    const message = JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" });
    await devtools.send("Target.sendMessageToTarget", { sessionId, message });
  }
  if (workers.length === 0) throw new Error("the console has no worker");
  await collected;
  await devtools.detach();
}

export async function measureConsole(cases: number): Promise<{ rows: Row[]; held: Held }> {
  const served = await serveManyCases(cases);
  const browser = await launchBrowser();
  const raw = await serveRaw();
  try {
    const firsts: SignedIn[] = [];
    const seconds: SignedIn[] = [];
    const bare: number[] = [];
    let last: Page | null = null;
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext();
      bare.push(await measureRaw(browser, raw.origin));
      const first = await signIn(context, served);
      await first.page.close();
      const second = await signIn(context, served);
      firsts.push(first);
      seconds.push(second);
      // One tab is left in the end: its memory is measured.
      if (round === rounds - 1) last = second.page;
      else await context.close();
    }
    const page = last!;
    await page.locator('[data-reading="whole"]').waitFor(patience);
    const sought: number[] = [];
    for (let i = 1; i <= 5; i++) sought.push(await search(page, `word${String(Math.floor((cases / 6) * i))}`));
    const perSecond = median(bare);
    const row = (what: string, unit: string, ours: number, theirs: number, against: string): Row => ({
      what: `${what}, ${String(cases)} cases`,
      unit,
      ours,
      theirs,
      ratio: ours / theirs,
      against,
    });
    const calls = "two slots, two summaries, one signature a case, bare libsodium";
    const time = (of: SignedIn[], what: "first" | "whole"): number => median(of.map((each) => each[what])) / 1000;
    const shown = Math.min(cases, firstCases);
    await collectGarbage(page);
    return {
      rows: [
        row("first screen", "1/s", 1 / time(firsts, "first"), perSecond / shown, `${calls}, of ${String(shown)}`),
        row("whole list, first sign-in", "cases/s", cases / time(firsts, "whole"), perSecond, calls),
        row("whole list, second sign-in", "cases/s", cases / time(seconds, "whole"), perSecond, calls),
        row("search", "1/s", 1000 / median(sought), perSecond / cases, `${calls}: what opening all of them anew costs`),
      ],
      held: { what: `the tab with ${String(cases)} cases read`, megabytes: (await memoryOf(browser)) / 1e6 },
    };
  } finally {
    await browser.close();
    raw.server.close();
    await served.portal.discard();
  }
}
