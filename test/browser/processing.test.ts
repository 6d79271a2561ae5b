/** The processing record at the console, in a real Chromium: shown, named on request, saved as a Word file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { readZip } from "../support/read-zip.ts";

describe("the processing record", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function show(page: Page): Promise<void> {
    await page.locator("#screen-processing").click();
    await page.locator("#document-title").waitFor();
  }

  test("an operator reads every heading of the law, with the portal's own settings under them", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.olu);
    await show(page);
    const laws = await page.locator("article h3 .th-quiet").allTextContents();
    assert.deepEqual(laws, [
      ...["a", "b", "c", "d", "e", "f", "g"].map((letter) => `GDPR Art. 30(1)(${letter})`),
      ...["a", "b", "c", "d"].map((letter) => `GDPR Art. 35(7)(${letter})`),
    ]);
    const text = await page.locator("article").innerText();
    for (const words of [served.portal.reporterUrl, "Speak up (form: general)", "not legal advice", "What happened?"])
      assert.ok(text.includes(words), words);
    assert.ok((await page.locator("mark.th-blank").count()) > 30);
    assert.deepEqual(await accessibilityFaults(page, "processing"), []);
  });

  test("names come with the tick only, on the page and in the Word file", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.carl);
    await show(page);
    const article = page.locator("article");
    assert.ok(!(await article.innerText()).includes("Nia New"));
    await page.getByLabel("Name the members who read reports").check();
    await article.getByText("Nia New").first().waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#processing-download").click()]);
    assert.equal(download.suggestedFilename(), "processing-record.docx");
    const saved = readZip(readFileSync(await download.path()));
    assert.ok(saved.get("word/document.xml")!.toString().includes("Nia New"));
    await page.locator(".th-toast", { hasText: "The Word document was saved" }).waitFor();
  });

  test("a setting that changes is in the next document, as text", async (t) => {
    const { consoleUrl } = served.portal;
    const headers = { authorization: await served.signIn(served.organisation.members.olu) };
    const content = JSON.stringify({ "questionnaires:what.label": "<b>What now?</b>" });
    const files = [{ name: "texts-en", expected: 0, content }];
    const { status, bytes } = await ask(consoleUrl, "PUT", "/presentation", { files }, headers);
    assert.equal(status, 200, Buffer.from(bytes).toString());
    const page = await visitConsole(t, browser, served, served.organisation.members.olu);
    await show(page);
    await page.locator("article").getByText("<b>What now?</b>").first().waitFor();
  });

  test("a reader without these roles has no such screen", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.rosa);
    assert.equal(await page.locator("#screen-processing").count(), 0);
    assert.ok((await page.locator("#screen-cases").count()) > 0);
  });

  test("what the page shows goes when it is locked", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.olu);
    await show(page);
    await page.locator("#lock").click();
    await page.locator("#key-file").waitFor();
    assert.equal(await page.locator("article").count(), 0);
  });

  test("when the server does not answer, the page says so", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.olu);
    await page.context().route("**/processing*", (route) => route.fulfill({ status: 503, json: { error: "busy" } }));
    await page.locator("#screen-processing").click();
    await page.locator("#processing-trouble").waitFor();
    assert.match(await page.locator("#processing-trouble").innerText(), /could not be made/);
  });
});
