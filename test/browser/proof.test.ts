/** A proof of filing, from the page that offers it to the page that checks it; and without scripts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { fileReport } from "../support/report-form.ts";
import { openContext } from "../support/watched-context.ts";

describe("a proof of filing", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let origin: string;
  let proof: Buffer;
  const date = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(new Date());

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation();
    origin = served.portal.reporterUrl;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function open(t: TestContext, javaScript = true): Promise<Page> {
    const context = await openContext(t, browser, { origins: [origin], javaScript });
    return context.newPage();
  }
  const chosen = (name: string, buffer: Buffer): { name: string; mimeType: string; buffer: Buffer } => ({
    name,
    mimeType: "application/json",
    buffer,
  });

  test("is offered folded away, with what it gives away, and saved when asked for", async (t) => {
    const page = await open(t);
    await page.goto(`${origin}/report`);
    await fileReport(page, { answers: { what: "Something happened" } });
    await page.waitForSelector("#receipt:not([hidden])");
    assert.equal(await page.isVisible("#proof-save"), false);
    await page.click("#proof summary");
    assert.match(await page.innerText("#proof"), /The file itself shows that somebody filed/);
    const download = page.waitForEvent("download");
    await page.click("#proof-save");
    proof = readFileSync(await (await download).path());
    assert.equal((JSON.parse(proof.toString()) as { format: string }).format, "tellhaven-proof-1");
    await page.locator("#proof [role=status]", { hasText: "The proof was saved." }).waitFor();
  });

  test("is checked in the browser: nothing of it is sent", async (t) => {
    const page = await open(t);
    const posts: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST") posts.push(request.url());
    });
    await page.goto(`${origin}/en/`);
    await page.click("text=Check a proof of filing");
    await page.waitForSelector("#by-browser:not([hidden])");
    await page.setInputFiles("#proof-file", chosen("proof.json", proof));
    await page.click("#check-form button");
    await page.locator("#answer h2", { hasText: `A report was filed here on ${date}` }).waitFor();
    assert.deepEqual(await accessibilityFaults(page, "check"), []);
    const spoiled = Buffer.from(proof.toString().replace(/"envelope": "../, '"envelope": "zz'));
    await page.setInputFiles("#proof-file", chosen("proof.json", spoiled));
    await page.click("#check-form button");
    await page.locator("#answer h2", { hasText: "This proves nothing here" }).waitFor();
    assert.deepEqual(posts, []);
  });

  test("is checked without scripts", async (t) => {
    const page = await open(t, false);
    await page.goto(`${origin}/en/check`);
    assert.ok(await page.isVisible("#by-server"));
    await page.fill("#proof-text", proof.toString());
    await page.click("#check-form button");
    assert.match(await page.innerText("#answer"), new RegExp(`A report was filed here on ${date}`));
  });
});
