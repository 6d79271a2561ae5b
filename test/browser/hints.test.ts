/** Hints in a real Chromium: told calmly, put away for good, odd characters mended and put back, and nothing of it sent. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { build as esbuild } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { needed, odd } from "../support/odd-texts.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openForm, sendForm, walkTo } from "../support/report-form.ts";
import { openContext } from "../support/watched-context.ts";

const canary = "the pl\u200bant \u0441opy, می\u200cخواهم 👨\u200d👩\u200d👧";
const mended = "the plant copy, می\u200cخواهم 👨\u200d👩\u200d👧";

describe("hints", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let origin: string;
  let browser: Browser;

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

  async function atQuestion(t: TestContext): Promise<{ page: Page; asked: string[] }> {
    const context = await openContext(t, browser, { origins: [origin], viewport: "phone" });
    const page = await context.newPage();
    await openForm(page, origin);
    await walkTo(page, "step-what");
    const asked: string[] = [];
    context.on("request", (request) => {
      asked.push(`${request.method()} ${request.url()} ${request.postDataBuffer()?.toString("latin1") ?? ""}`);
    });
    return { page, asked };
  }
  const box = (page: Page) => page.locator("#step-what .th-hints__box");

  test("shown after a pause, put away one by one and all at once, and nothing is asked of anybody", async (t) => {
    const { page, asked } = await atQuestion(t);
    const field = page.locator("#answer-what");
    await field.fill("In March the guard was off.");
    await page.waitForTimeout(1300);
    assert.equal(await box(page).isVisible(), false, "what is vague is welcome");
    await field.fill("On 3 March at 14:32 I was the only one there, said Ms. Abernathy.");
    await box(page).waitFor();
    assert.deepEqual(
      await box(page)
        .locator("[data-kind]")
        .evaluateAll((all) => all.map((each) => each.getAttribute("data-kind"))),
      ["only", "name", "time", "date"],
    );
    assert.match(await page.locator("#step-what .th-hints [role=status]").innerText(), /4 hints/);
    assert.doesNotMatch(await box(page).innerText(), /\bsafe\b|score|%/i);
    assert.equal(
      await page.evaluate(() => document.activeElement?.id),
      "answer-what",
      "the focus stays where one writes",
    );
    assert.deepEqual(await accessibilityFaults(page, "hints"), []);
    await page.getByRole("button", { name: "Hide the hint: An exact time" }).click();
    assert.equal(await box(page).locator("[data-kind=time]").count(), 0);
    await page.getByRole("button", { name: "Show me no hints" }).click();
    assert.equal(await box(page).isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "answer-what");
    await field.fill("At 15:47 Mr Okafor came.");
    await page.waitForTimeout(1300);
    assert.equal(await box(page).isVisible(), false, "who wants none gets none");
    assert.deepEqual(
      asked.filter((request) => !/\/work\b/.test(request)),
      [],
      "nothing was sent",
    );
  });

  test("a text that holds the search up is given up, and the next one is searched", async (t) => {
    const context = await openContext(t, browser, { origins: [origin], viewport: "phone" });
    const page = await context.newPage();
    // Stands for a rule that some text takes for ever.
    await context.route("**/assets/hints.worker.js", async (route) => {
      const response = await route.fetch();
      const body = `addEventListener("message", ({ data }) => { if (data.text.startsWith("hang")) for (;;); });\n`;
      await route.fulfill({ response, body: body + (await response.text()) });
    });
    let workers = 0;
    page.on("worker", (worker) => {
      if (worker.url().endsWith("/hints.worker.js")) workers += 1;
    });
    await openForm(page, origin);
    await walkTo(page, "step-what");
    const field = page.locator("#answer-what");
    await field.fill("hang at 14:32, wi\u200bth a hidden character");
    await box(page).locator("[data-kind=hidden]").waitFor({ timeout: 10_000 });
    assert.equal(await box(page).locator("[data-kind]").count(), 1, "what needs no search is told all the same");
    await field.fill("I left at 14:32.");
    await box(page).locator("[data-kind=time]").waitFor({ timeout: 10_000 });
    assert.equal(workers, 2);
    await field.fill("hang at 14:32, wi\u200bth a hidden character");
    await box(page).locator("[data-kind=hidden]").waitFor({ timeout: 2_500 });
    assert.equal(workers, 2, "it is not asked again");
  });

  test("the browser's own engine finds what Node's finds, and leaves alone what it leaves alone", async (t) => {
    const bundle = await esbuild({
      entryPoints: [join(import.meta.dirname, "../../data/policy/hints/characters.ts")],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "hints",
      target: "chrome115",
    });
    const context = await openContext(t, browser, { origins: [] });
    const page = await context.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
    const texts = [...odd.map(([, text]) => text), ...needed.map(([, text]) => text)];
    const replaced = await page.evaluate((all) => {
      const { hints } = globalThis as unknown as { hints: { replaceOddCharacters: (text: string) => string } };
      return all.map((text) => hints.replaceOddCharacters(text));
    }, texts);
    assert.deepEqual(replaced, [...odd.map(([, , mended]) => mended), ...needed.map(([, text]) => text)]);
  });

  test("odd characters are named, replaced alone, and put back", async (t) => {
    const { page } = await atQuestion(t);
    const field = page.locator("#answer-what");
    await field.fill(canary);
    await box(page).waitFor();
    assert.match(await box(page).innerText(), /U\+200B ZERO WIDTH SPACE/);
    assert.match(await box(page).innerText(), /U\+0441 CYRILLIC/);
    await page.getByRole("button", { name: "Replace them" }).click();
    assert.equal(await field.inputValue(), mended);
    await page.getByRole("button", { name: "Put them back" }).click();
    assert.equal(await field.inputValue(), canary);
    await page.getByRole("button", { name: "Replace them" }).click();
    await field.pressSequentially("!");
    await page.waitForTimeout(1300);
    assert.equal(
      await page.getByRole("button", { name: "Put them back" }).count(),
      0,
      "what was typed since is not lost",
    );
    await page.click("#continue");
    await walkTo(page, "step-check");
    await sendForm(page);
  });
});
