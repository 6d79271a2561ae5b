/** Rows that only a browser can give: sealing there, the first page's paint, and what goes over the wire. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { bundle, serveFixed } from "../support/fixed-pages.ts";
import { serveOrganisation } from "../support/organisation-server.ts";
import { workerWithoutSodium } from "../support/weight.ts";
import { compare, type Round, type Row } from "./measure.ts";

const browserDir = join(import.meta.dirname, "browser");

const pageWith = (script: string): string =>
  `<!doctype html><html lang="en"><title>Bench</title>${script}<p>One word</p></html>`;

/** Our sealing against the raw libsodium calls, both in one worker of one Chromium. */
export async function measureInBrowser(): Promise<Row[]> {
  const { origin, server } = await serveFixed({
    "/": ["text/html", pageWith('<script type="module" src="/page.js"></script>')],
    "/page.js": ["text/javascript", await bundle(join(browserDir, "page.ts"))],
    "/worker.js": ["text/javascript", await bundle(join(browserDir, "worker.ts"))],
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(origin);
    const handle = await page.waitForFunction(
      () => (globalThis as { benchAnswer?: { rows?: Row[]; error?: string } }).benchAnswer,
      undefined,
      { timeout: 600_000, polling: 500 },
    );
    const { rows, error } = (await handle.jsonValue()) ?? {};
    if (rows === undefined) throw new Error(`the browser's bench failed: ${error ?? "no answer"}`);
    return rows;
  } finally {
    await browser.close();
    server.close();
  }
}

/** First contentful paints per second of a page, each in a fresh context with nothing cached. */
function paintsPerSecond(browser: Browser, url: string): Round {
  return async () => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(url);
      const milliseconds = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => {
              const paint = list.getEntriesByName("first-contentful-paint")[0];
              if (paint !== undefined) resolve(paint.startTime);
            }).observe({ type: "paint", buffered: true });
          }),
      );
      return 1000 / milliseconds;
    } finally {
      await context.close();
    }
  };
}

export interface Weight {
  what: string;
  /** As it came over the wire: 1,000 bytes. */
  kilobytes: number;
  /** Null: told, not bounded. */
  limit: number | null;
}

/** Bytes of everything that a visit fetches, by address, as the server sent it. */
async function transfers(browser: Browser, url: string): Promise<Map<string, number>> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const found = new Map<string, Promise<number>>();
    // Playwright has no sizes of what workers fetch; the answers say their length themselves.
    context.on("response", (response) => {
      const path = new URL(response.url()).pathname;
      found.set(path, response.headerValue("content-length").then(Number));
    });
    await page.goto(url, { waitUntil: "networkidle" });
    return new Map(await Promise.all([...found].map(async ([path, bytes]) => [path, await bytes] as const)));
  } finally {
    await context.close();
  }
}

const kilobytesOf = (found: ReadonlyMap<string, number>): number =>
  [...found.values()].reduce((sum, bytes) => sum + bytes, 0) / 1000;

/** The first page and the whole form, in English; test/http/weight.test.ts bounds every language. */
async function weigh(browser: Browser, origin: string): Promise<Weight[]> {
  const firstPage = await transfers(browser, `${origin}/en/`);
  const form = await transfers(browser, `${origin}/en/report`);
  const members = form.get("/rosters") ?? 0;
  form.delete("/rosters");
  form.delete("/work");
  const whole = kilobytesOf(form);
  const worker = "/assets/reporter.worker.js";
  const { bytes } = await workerWithoutSodium("br");
  const besides = whole - (form.get(worker)! - bytes) / 1000;
  return [
    { what: "first page with everything it loads", kilobytes: kilobytesOf(firstPage), limit: 60 },
    { what: "whole form besides libsodium", kilobytes: besides, limit: 100 },
    { what: "whole form, libsodium included", kilobytes: whole, limit: null },
    { what: "list of members that the form verifies (two rosters of six)", kilobytes: members / 1000, limit: null },
  ];
}

/** The reporter's first page: how soon something is seen, against a page of one word; and its weight. */
export async function measureFirstPage(): Promise<{ rows: Row[]; weights: Weight[] }> {
  const { origin, server } = await serveFixed({ "/": ["text/html", pageWith("")] });
  const { portal } = await serveOrganisation();
  const browser = await launchBrowser();
  try {
    const row = await compare(
      { what: "first paint of the first page", unit: "1/s", against: "a page of one word, no styles" },
      paintsPerSecond(browser, portal.reporterUrl),
      paintsPerSecond(browser, origin),
    );
    return { rows: [row], weights: await weigh(browser, portal.reporterUrl) };
  } finally {
    await browser.close();
    server.close();
    await portal.discard();
  }
}
