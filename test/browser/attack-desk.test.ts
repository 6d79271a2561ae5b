/** Attempts on the case desk: a second member in the same window, typing on while something is sent. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { tell } from "../support/casework.ts";
import type { FixtureMember } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext } from "../support/watched-context.ts";
import { giveKey, openCaseOf } from "../support/console-visit.ts";

describe("attacks on the case desk", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    await tell(served, { title: "For some, not for all", excluded: [2] });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function open(t: TestContext): Promise<Page> {
    // The second member's key is refused a case in the broken version: that is judged by what the page says.
    const context = await openContext(t, browser, { origins: [served.portal.consoleUrl] });
    const page = await context.newPage();
    await page.goto(served.portal.consoleUrl);
    return page;
  }

  async function signIn(page: Page, who: FixtureMember): Promise<void> {
    await giveKey(page, served, who);
    await page.locator(".th-bar__who", { hasText: who.name }).waitFor();
    await page.waitForFunction(() => document.querySelector(".th-jobs, progress") === null);
  }

  async function openCase(page: Page): Promise<void> {
    await openCaseOf(page, "For some");
  }

  test("another member who opens their key in the same window finds nothing of the first one's", async (t) => {
    const page = await open(t);
    const { rosa, carl, nia } = served.organisation.members;
    await signIn(page, rosa);
    await openCase(page);
    await page.getByLabel("Your reply").fill("Rosa's half reply");
    await page.getByRole("button", { name: "Lock now" }).click();
    await page.locator("#key-file").waitFor();

    // Carl was left out: nothing may tell him that a case was open here.
    await signIn(page, carl);
    await page.waitForTimeout(500);
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.equal(await page.locator(".th-desk--open").count(), 0);
    await page.getByRole("button", { name: "Lock now" }).click();
    await page.locator("#key-file").waitFor();

    await signIn(page, nia);
    await openCase(page);
    assert.equal(await page.getByLabel("Your reply").inputValue(), "");
  });

  test("a browser that keeps nothing can still open a key", async (t) => {
    const context = await openContext(t, browser, { origins: [served.portal.consoleUrl] });
    await context.addInitScript(() => {
      Object.defineProperty(globalThis, "localStorage", {
        get() {
          throw new DOMException("blocked", "SecurityError");
        },
      });
    });
    const page = await context.newPage();
    await page.goto(served.portal.consoleUrl);
    await signIn(page, served.organisation.members.rosa);
    await openCase(page);
  });

  test("the same member finds the draft again after locking", async (t) => {
    const page = await open(t);
    const { rosa } = served.organisation.members;
    await signIn(page, rosa);
    await openCase(page);
    await page.getByLabel("Your reply").fill("Still mine");
    await page.getByRole("button", { name: "Lock now" }).click();
    await page.locator("#key-file").waitFor();
    await signIn(page, rosa);
    await page.locator("#case-title").waitFor();
    assert.equal(await page.getByLabel("Your reply").inputValue(), "Still mine");
  });

  test("what is typed while a reply is being sent stays", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.rosa);
    await openCase(page);
    await page.context().route("**/streams/0", async (route) => {
      if (route.request().method() === "POST") await new Promise((go) => setTimeout(go, 800));
      await route.continue();
    });
    await page.getByLabel("Your reply").fill("First.");
    await page.getByRole("button", { name: "Send reply" }).click();
    await page.getByLabel("Your reply").fill("First. And one more thing");
    await page.getByText("Your reply was sent.").waitFor();
    assert.equal(await page.getByLabel("Your reply").inputValue(), "First. And one more thing");
  });
});
