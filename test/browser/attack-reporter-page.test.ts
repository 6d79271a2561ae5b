/** Attempts to make the reporter's pages lose what was typed, say what is not so, or show a file under a false name. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { longestAnswer } from "../../data/policy/questionnaire.ts";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { fileOfBytes, tell } from "../support/casework.ts";
import { fileReport, walkTo, walkToCheck } from "../support/report-form.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";

describe("attacks on the reporter's pages", requireJudge("browser"), () => {
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

  async function open(t: TestContext, path: string, options: Partial<ContextOptions> = {}): Promise<Page> {
    const context = await openContext(t, browser, { origins: [origin], ...options });
    const page = await context.newPage();
    await page.goto(origin + path);
    if (path === "/report") await page.waitForSelector("#write:not([hidden])");
    return page;
  }

  /** The beforeunload questions that the page asked; each is answered with "leave". */
  function questionsOf(page: Page): string[] {
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    return asked;
  }

  test("an answer that was lost is not called 'nothing was stored'", async (t) => {
    const page = await open(t, "/report");
    await walkToCheck(page, { answers: { what: "Stored, though no answer came back" } });
    await page.context().route("**/reports", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.click("#submit");
    const words = await page.locator(".govuk-error-summary").innerText();
    assert.doesNotMatch(words, /Nothing was (stored|sent)/i);
    assert.match(words, /may have arrived/);
    assert.match(words, /without changing/);
  });

  test("'Try again' pressed twice begins one form: one press on send files one report", async (t) => {
    const context = await openContext(t, browser, { origins: [origin] });
    await context.route("**/rosters", (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${origin}/report`);
    await page.waitForSelector("#unreachable:not([hidden])");
    await context.unroute("**/rosters");
    const filed: string[] = [];
    context.on("request", (request) => {
      if (request.url().endsWith("/reports")) filed.push(request.url());
    });
    await page.evaluate(() => {
      const retry = document.querySelector<HTMLButtonElement>("#retry")!;
      retry.click();
      retry.click();
    });
    await page.waitForSelector("#write:not([hidden])");
    await page.waitForTimeout(300);
    await fileReport(page, { answers: { what: "Once" } });
    await page.waitForTimeout(500);
    assert.equal(filed.length, 1);
  });

  test("a list of readers that does not verify is not called a slow network", async (t) => {
    const context = await openContext(t, browser, { origins: [origin] });
    await context.route("**/rosters", async (route) => {
      const told = (await (await route.fetch()).json()) as { rosters: { bytes: string }[] };
      told.rosters[0]!.bytes = Buffer.from(
        Buffer.from(told.rosters[0]!.bytes, "base64").toString().replace("Rosa", "Eve "),
      ).toString("base64");
      await route.fulfill({ json: told });
    });
    const page = await context.newPage();
    await page.goto(`${origin}/report`);
    await page.waitForSelector("#distrusted:not([hidden])");
    assert.doesNotMatch(await page.locator("main").innerText(), /Eve/);
    assert.match(await page.locator("#distrusted").innerText(), /did not pass our check/);
  });

  test("a text too long for its field is kept whole when pasted, and told", async (t) => {
    const page = await open(t, "/report");
    const long = `${"word ".repeat(longestAnswer.long / 5)}and the end`;
    await walkTo(page, "step-what");
    await page.focus("#answer-what");
    await page.keyboard.insertText(long);
    assert.equal((await page.inputValue("#answer-what")).length, long.length);
    await page.click("#continue");
    assert.match(await page.locator(".govuk-error-summary").innerText(), /too long/);
  });

  test("a file is shown under the name it is saved under", async (t) => {
    const code = await tell(served, {
      title: "A name that turns around",
      files: [fileOfBytes("photo\u202Egpj.exe", Buffer.from("x"))],
    });
    const page = await open(t, "/mailbox");
    await page.fill("#code", code);
    await page.click("#open");
    await page.waitForSelector("#mailbox:not([hidden])");
    assert.equal(await page.locator(".th-file__save").textContent(), "Save photogpj.exe");
  });

  test("saving a large file leaves the file and nothing else in the browser", async (t) => {
    const large = randomBytes(66 * 1024 * 1024);
    const code = await tell(served, { title: "A long film", files: [fileOfBytes("film.mp4", large)] });
    const page = await open(t, "/mailbox");
    await page.fill("#code", code);
    await page.click("#open");
    await page.waitForSelector("#mailbox:not([hidden])");
    for (let time = 0; time < 3; time++) {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(".th-file__save")]);
      assert.ok(large.equals(await readFile(await download.path())));
      await page.waitForFunction(() => document.querySelector("#mailbox-status")?.textContent?.includes("was saved"));
      assert.match(download.url(), /\/assets\/download\//, "it came through the service worker");
      await page.waitForTimeout(500);
      assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    }
  });

  test("leaving with typed words is asked about; leaving with none is not", async (t) => {
    const page = await open(t, "/report");
    const asked = questionsOf(page);
    await page.click("main");
    await page.reload();
    assert.deepEqual(asked, []);
    await walkTo(page, "step-what");
    await page.click("#answer-what");
    await page.keyboard.type("a page of work");
    await page.click(".th-footer a");
    await page.waitForURL(`${origin}/en/#what-it-cannot`);
    assert.deepEqual(asked, ["beforeunload"]);
    await page.goBack();
    assert.ok(!(await page.evaluate(() => document.body.innerText)).includes("a page of work"));
  });

  test("the eight words are asked about until the page was cleared", async (t) => {
    const page = await open(t, "/report");
    const asked = questionsOf(page);
    await fileReport(page, { answers: { what: "Do not lose the words" } });
    await page.reload();
    assert.deepEqual(asked, ["beforeunload"]);
    await fileReport(page, { answers: { what: "And once more" } });
    await page.click("#done");
    await page.waitForURL(`${origin}/en/`);
    assert.deepEqual(asked, ["beforeunload"]);
  });

  test("leaving fast is never asked about", async (t) => {
    const elsewhere = new URL(served.portal.config.quickExitUrl).origin;
    for (const how of ["keys", "button"]) {
      const page = await open(t, "/report", { origins: [origin, elsewhere] });
      const asked = questionsOf(page);
      await page.context().route(`${elsewhere}/**`, (route) => route.fulfill({ body: "weather" }));
      await walkTo(page, "step-what");
      await page.click("#answer-what");
      await page.keyboard.type("somebody comes");
      if (how === "button") await page.click("#quick-exit a");
      else for (let i = 0; i < 3; i++) await page.keyboard.press("Shift");
      await page.waitForURL(`${elsewhere}/**`);
      assert.deepEqual(asked, []);
    }
  });

  test("a message that was not sent is asked about", async (t) => {
    const code = await tell(served, { title: "Half a message" });
    const page = await open(t, "/mailbox");
    const asked = questionsOf(page);
    await page.fill("#code", code);
    await page.click("#open");
    await page.waitForSelector("#mailbox:not([hidden])");
    await page.click("#message");
    await page.keyboard.type("half");
    await page.click(".th-header__name");
    await page.waitForURL(`${origin}/en/`);
    assert.deepEqual(asked, ["beforeunload"]);
  });

  test("a report is filed, checked and cleared with the keyboard alone", async (t) => {
    const page = await open(t, "/report");
    await page.waitForSelector("#write:not([hidden])");
    const tabTo = async (id: string): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`Tab never comes to #${id}`);
    };
    const goOnByKeys = async (): Promise<void> => {
      await tabTo("continue");
      await page.keyboard.press("Enter");
    };
    await goOnByKeys();
    await tabTo("exclude-2");
    await page.keyboard.press("Space");
    await goOnByKeys();
    await tabTo("answer-what");
    await page.keyboard.type("By keys alone");
    while (await page.locator("#continue").isVisible()) await goOnByKeys();
    await tabTo("submit");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#receipt:not([hidden])");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "receipt-title");
    const words = await page.locator("#code li").allTextContents();
    const place = Number(/\d/.exec(await page.locator("#check-label").innerText())?.[0]);
    await tabTo("check-word");
    await page.keyboard.type(`${words[place - 1]!}\n`);
    assert.match(await page.locator("#check-status").innerText(), /right/);
    await tabTo("done");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${origin}/en/`);
  });
});
