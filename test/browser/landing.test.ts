import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { axeFaults } from "../support/axe.ts";
import { ensureBuilt } from "../support/built.ts";
import { makeReporterApp } from "../../server/http/reporter-app.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";
import { siteDeps } from "../http/support.ts";

describe("the first page", requireJudge("browser"), () => {
  let server: Server;
  let elsewhere: Server;
  let origin: string;
  let away: string;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    elsewhere = createServer((_req, res) => res.end("weather"));
    await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done));
    away = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on("request", makeReporterApp(siteDeps({ origin, quickExitUrl: `${away}/` })));
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    for (const each of [server, elsewhere]) {
      each?.closeAllConnections();
      each?.close();
    }
  });

  async function open(t: TestContext, options: Partial<ContextOptions> = {}): Promise<Page> {
    const context = await openContext(t, browser, { origins: [origin, away], ...options });
    const page = await context.newPage();
    await page.goto(origin);
    return page;
  }

  test("what comes into view is not hidden under the header that stays in place", async (t) => {
    const page = await open(t, { viewport: "phone" });
    const hidden = await page.evaluate(() => {
      const header = document.querySelector("header")!.getBoundingClientRect().bottom;
      return [...document.querySelectorAll("main a, main h2, footer a")].flatMap((element) => {
        element.scrollIntoView();
        return element.getBoundingClientRect().top < header ? [element.textContent] : [];
      });
    });
    assert.deepEqual(hidden, []);
  });

  for (const colorScheme of ["light", "dark"] as const)
    for (const [what, width] of [
      ["a small phone", 320],
      ["a desktop", 1280],
    ] as const)
      test(`${what}, ${colorScheme}: no violation, nothing cut off, axe finds nothing`, async (t) => {
        const page = await open(t, { more: { colorScheme, viewport: { width, height: 800 } } });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
        assert.deepEqual(await axeFaults(page), []);
      });

  test("Shift three times leaves, and the back button does not return here", async (t) => {
    const page = await open(t);
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift");
    await page.waitForURL(`${away}/`);
    await page.goBack();
    assert.ok(!page.url().startsWith(origin), page.url());
  });

  test("typing in capitals does not leave", async (t) => {
    const page = await open(t);
    for (const key of ["A", "B", "C", "D"]) await page.keyboard.press(`Shift+${key}`);
    assert.ok(page.url().startsWith(origin));
    assert.equal(await page.evaluate(() => document.documentElement.hidden), false);
  });

  test("the button leaves too", async (t) => {
    const page = await open(t);
    await page.click("#quick-exit a");
    await page.waitForURL(`${away}/`);
  });

  test("without JavaScript all words are there and the way out works", async (t) => {
    const page = await open(t, { javaScript: false });
    assert.equal(await page.locator("h1").isVisible(), true);
    assert.equal(await page.locator(".th-needs-script").isVisible(), false);
    await page.click("#quick-exit a");
    await page.waitForURL(`${away}/`);
  });
});
