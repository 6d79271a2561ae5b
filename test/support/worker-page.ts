/** A page of the console's origin from which a test starts one worker by itself. Calls go at the top of a `describe`. */
import { after, before, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { ensureBuilt } from "./built.ts";
import { startTestPortal, type TestPortal } from "./server.ts";
import { openContext } from "./watched-context.ts";

/** One portal and one browser for the suite; answers how a test gets its page. */
export function workerPages(): (t: TestContext) => Promise<Page> {
  let portal: TestPortal;
  let browser: Browser;
  before(async () => {
    await ensureBuilt();
    portal = await startTestPortal();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await portal?.discard();
  });
  return async (t) => {
    const context = await openContext(t, browser, { origins: [portal.consoleUrl], provokes: [/404/] });
    const page = await context.newPage();
    await page.goto(`${portal.consoleUrl}/preview/none`);
    return page;
  };
}
