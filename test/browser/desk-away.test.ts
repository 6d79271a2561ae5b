/** The server is away for a while, or forgot the session: nobody loses what they typed. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { ensureBuilt } from "../support/built.ts";
import { tell } from "../support/casework.ts";
import { giveKey, openCaseOf, signInAgain, toast, visitConsole } from "../support/console-visit.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { requireJudge } from "../support/judges.ts";
import { startTestPortal, type TestPortal } from "../support/server.ts";

describe("the server is away", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let portal: TestPortal;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    portal = served.portal;
    browser = await launchBrowser();
    await tell(served, { title: "Alpha" });
  });
  after(async () => {
    await browser?.close();
    await portal?.discard();
  });

  /** On the same data and ports. */
  async function startAgain(): Promise<void> {
    const ports = {
      PORT: new URL(served.portal.reporterUrl).port,
      CONSOLE_PORT: new URL(served.portal.consoleUrl).port,
    };
    portal = await startTestPortal({ FEED_ITEMS: "50", ...ports }, { dataDir: served.portal.dataDir });
  }

  test("a reply with a file goes out after the session was forgotten", async (t) => {
    const { rosa } = served.organisation.members;
    const page = await visitConsole(t, browser, served, rosa);
    await openCaseOf(page, "Alpha");
    await page.fill("#reply", "With a file.");
    const file = { name: "a.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(1_000, 7) };
    await page.locator("#reply-files").setInputFiles(file);
    let refused = 0;
    await page.context().route("**/uploads", (route) => {
      if (refused > 0) return route.continue();
      refused += 1;
      return route.fulfill({ status: 403, json: { error: "refused" } });
    });
    await page.getByRole("button", { name: "Send reply" }).click();
    await toast(page, "Your reply was sent");
    assert.equal(refused, 1);
  });

  test("what is refused for good sends nobody away from what they typed", async (t) => {
    const { rosa } = served.organisation.members;
    const page = await visitConsole(t, browser, served, rosa);
    await openCaseOf(page, "Alpha");
    await page.fill("#reply", "Again.");
    const refusal = { status: 403, json: { error: "refused" } };
    await page.context().route("**/streams/0", (route) => route.fulfill(refusal));
    await page.getByRole("button", { name: "Send reply" }).click();
    const said = await page.locator(".govuk-error-summary[data-focus='reply']").innerText();
    assert.match(said, /This is not allowed/);
    assert.match(said, /Keep this page open/);
    assert.doesNotMatch(said, /first page/);
  });

  test("a sign-in while the server is away can be tried again, and drafts stay", async (t) => {
    const { rosa } = served.organisation.members;
    const page = await visitConsole(t, browser, served, rosa);
    await openCaseOf(page, "Alpha");
    await page.fill("#reply", "A long draft");
    await page.click("#lock");
    await page.locator("#key-file").waitFor();
    await portal.close();
    await giveKey(page, served, rosa);
    const said = page.locator(".govuk-error-summary[data-focus='signIn']");
    await said.waitFor();
    assert.match(await said.innerText(), /could not be reached/);
    assert.doesNotMatch(await said.innerText(), /WebAssembly/);
    await startAgain();
    await signInAgain(page, served, rosa);
    await page.locator("#reply").waitFor();
    assert.equal(await page.inputValue("#reply"), "A long draft");
  });
});
