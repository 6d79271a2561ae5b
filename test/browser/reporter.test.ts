/** A reporter's whole visit in a real Chromium against a real portal. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { axeFaults } from "../support/axe.ts";
import { ensureBuilt } from "../support/built.ts";
import { reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { fileReport, goOn, sendForm, walkTo, walkToCheck } from "../support/report-form.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";

const planted = "The guard of press 4 was taken off";

describe("the reporter's pages", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let origin: string;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ MAX_FILE_BYTES: "5000000" });
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
    if (path === "/report" && options.javaScript !== false) await page.waitForSelector("#write:not([hidden])");
    return page;
  }

  const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.className ?? "");

  async function assertAccessible(page: Page): Promise<void> {
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
      false,
      "nothing is cut off",
    );
    assert.deepEqual(await axeFaults(page), []);
  }

  async function enter(page: Page, code: string): Promise<void> {
    await page.fill("#code", code);
    await page.click("#open");
    await page.waitForSelector("#mailbox:not([hidden])");
  }

  const note = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("what I saw") };
  const photo = { name: "<b>press</b>.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(3_000_000, 7) };

  test("files with two attachments, comes back with the code, reads the answer, writes again", async (t) => {
    const page = await open(t, "/report", { viewport: "phone" });
    const requests: string[] = [];
    page.context().on("request", (request) => {
      requests.push(
        `${request.url()} ${JSON.stringify(request.headers())} ${request.postDataBuffer()?.toString("latin1") ?? ""}`,
      );
    });
    await walkTo(page, "step-readers");
    await page.check("#exclude-2");
    assert.match(await page.locator("#readers-now").innerText(), /Rosa Reviewer/);
    assert.doesNotMatch(await page.locator("#readers-now").innerText(), /Carl Counsel/);
    await goOn(page);
    const words = await fileReport(page, { answers: { what: planted, categories: ["safety"] }, files: [note, photo] });
    assert.equal(words.length, 8);
    await assertAccessible(page);

    // The code is on the page and nowhere else.
    const kept = await page.evaluate(async () =>
      JSON.stringify([
        location.href,
        history.state,
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        await indexedDB.databases(),
        await caches.keys(),
        document.title,
      ]),
    );
    for (const said of [kept, ...requests]) {
      assert.ok(!said.includes(planted), "what was written left the device only sealed");
      assert.ok(!words.every((word) => said.includes(word)), "the words did not leave the page");
    }

    const place = Number(/\d/.exec(await page.locator("#check-label").innerText())?.[0]);
    await page.fill("#check-word", "wrong");
    await page.keyboard.press("Enter");
    assert.match(await page.locator("#check-error").innerText(), /not word number/);
    await page.fill("#check-word", words[place - 1]!);
    await page.keyboard.press("Enter");
    assert.match(await page.locator("#check-status").innerText(), /right/);

    const { rosa, carl } = served.organisation.members;
    const desk = await deskOf(served, rosa.seed);
    const caseId = await findByTitle(served, desk, planted);
    assert.equal(await findByTitle(served, await deskOf(served, carl.seed), planted), null, "Carl was left out");
    const { report } = await openCase(desk, caseId!);
    assert.deepEqual(report.content.excluded, [2]);
    await reply(
      desk,
      caseId!,
      { text: "Who took it off?\n<b>not bold</b>", status: "open" },
      await withoutFiles(desk, caseId!),
    );

    await page.click("#done");
    await page.waitForURL(`${origin}/en/`);
    await page.goto(`${origin}/mailbox`);
    await enter(page, words.join(" - ").toUpperCase());
    const talk = await page.locator("#talk").innerText();
    assert.ok(talk.includes(planted) && talk.includes("Who took it off?\n<b>not bold</b>"));
    assert.match(await page.locator("#facts").innerText(), /Open\. People are working/);
    await assertAccessible(page);

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(".th-file__save").nth(1).click(),
    ]);
    assert.ok(photo.buffer.equals(await readFile(await download.path())), "the file came back as it went");
    assert.ok(!/[<>]/.test(download.suggestedFilename()));

    await page.fill("#message", "The shift lead did.");
    await page.setInputFiles("#file-input", [note]);
    await page.click("#message-form button[type=submit]");
    await page.waitForFunction(() => document.querySelectorAll(".th-talk__item").length === 3);
    assert.match(await page.locator("#talk").innerText(), /The shift lead did\./);
    assert.equal(await page.inputValue("#message"), "");

    await page.click("#lock");
    await page.waitForURL(`${origin}/en/`);
    await page.goBack();
    assert.ok(!(await page.content()).includes(planted), "the back button opens nothing");
  });

  test("errors keep the text, take the focus, and lead to the field", async (t) => {
    const page = await open(t, "/report", { more: { viewport: { width: 320, height: 800 }, colorScheme: "dark" } });
    await walkTo(page, "step-what");
    await page.click("#continue");
    assert.match(await focused(page), /govuk-error-summary/);
    await assertAccessible(page);
    await page.click(".govuk-error-summary a");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "answer-what");
    assert.equal(page.url(), `${origin}/report`);
    await walkTo(page, "step-files", { answers: { what: planted, when: "last spring" } });
    await page.setInputFiles("#file-input", [{ ...photo, buffer: Buffer.alloc(5_000_001) }]);
    await page.click("#continue");
    assert.match(await focused(page), /govuk-error-summary/);
    await assertAccessible(page);
    await page.locator(".th-file__remove").click();
    assert.equal(await page.locator(".th-file").count(), 0);
    await goOn(page);
    assert.match(await page.locator("#answers").innerText(), /last spring/);
  });

  test("with everybody left out there is no way to send, and it says where else to go", async (t) => {
    const page = await open(t, "/report");
    await walkTo(page, "step-readers");
    for (const id of [1, 2, 5, 6]) await page.check(`#exclude-${id}`);
    assert.ok(await page.locator("#nobody").isVisible());
    for (const go of [() => page.click("#continue"), () => page.press("#exclude-1", "Enter")]) {
      await go();
      assert.match(await focused(page), /govuk-error-summary/);
      assert.ok(await page.locator("#step-readers").isVisible());
    }
    await assertAccessible(page);
    await page.uncheck("#exclude-5");
    assert.match(await page.locator("#readers-now").innerText(), /Only the spare key/);
  });

  test("a network that fails keeps everything; sending again files once", async (t) => {
    const page = await open(t, "/report");
    await walkToCheck(page, { answers: { what: "Sent twice, filed once" } });
    await page.context().route("**/reports", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.click("#submit");
    await page.waitForSelector(".govuk-error-summary");
    assert.equal(await page.inputValue("#answer-what"), "Sent twice, filed once");
    await page.context().unroute("**/reports");
    assert.equal((await sendForm(page)).length, 8);
    assert.match(await page.locator("#next-reply").innerText(), /20\d\d/, "the receipt arrived the second time");
  });

  test("stopping goes back to the form with everything in it", async (t) => {
    const page = await open(t, "/report");
    await walkToCheck(page, { answers: { what: "Never mind" }, files: [note] });
    await page.context().route("**/uploads/**", (route) => route.abort());
    await page.click("#submit");
    await page.waitForSelector("#sending:not([hidden])");
    await page.click("#sending-cancel");
    await page.waitForSelector("#write:not([hidden])");
    assert.equal(await page.inputValue("#answer-what"), "Never mind");
    assert.equal(await page.locator("#files .th-file").count(), 1);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "submit");
  });

  for (const [what, code, words] of [
    ["nothing", "", /Type your eight words/],
    ["seven words", "abandon ability able about above absent absorb", /7 words/],
    ["a word that is none", "abandon ability able about above absent absorb zzzz", /not on our list: zzzz/],
    ["a wrong last word", "abandon ability able about above absent absorb zoo", /One of the words is wrong/],
  ] as const)
    test(`the code: ${what} is told before the slow step`, async (t) => {
      const page = await open(t, "/mailbox");
      await page.waitForSelector("#enter:not([hidden])");
      const asked: string[] = [];
      page.context().on("request", (request) => asked.push(request.url()));
      await page.fill("#code", code);
      await page.press("#code", "Enter");
      await page.waitForSelector(".govuk-error-summary");
      assert.match(await page.locator(".govuk-error-summary").innerText(), words);
      assert.equal(await page.inputValue("#code"), code);
      // Word lists perhaps, and then all of them: which one was needed is nobody's business.
      const lists = asked.map((url) => new URL(url).pathname).filter((path) => /^\/assets\/words-..\.json$/.test(path));
      assert.equal(asked.length, lists.length);
      if (lists.length > 0)
        for (const list of "es fr it pt ja ko zh".split(" ")) assert.ok(lists.join().includes(`-${list}.`));
    });

  test("while words are typed the page says how many it knows, and puts in only what is pressed", async (t) => {
    const page = await open(t, "/mailbox");
    await page.waitForSelector("#enter:not([hidden])");
    const help = page.locator(".th-code-help");
    await page.locator("#code").pressSequentially("abandon ability abble abou");
    await help.getByText("2 of 8 words are on our list so far.").waitFor();
    assert.equal(await page.inputValue("#code"), "abandon ability abble abou");
    await assertAccessible(page);
    await help.getByRole("button", { name: "Use: able" }).press("Enter");
    assert.equal(await page.inputValue("#code"), "abandon ability able abou ");
    await help.getByRole("button", { name: "Use: about" }).click();
    assert.equal(await page.inputValue("#code"), "abandon ability able about ");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "code");
    // Chinese characters, pasted without blanks: the other lists come, all together.
    await page.fill("#code", "的一是在不了有和");
    await help.getByText("8 of 8 words are on our list so far.").waitFor();
  });

  test("without JavaScript there is a link to the assisted page and nothing to type into", async (t) => {
    for (const path of ["/report", "/mailbox"]) {
      const page = await open(t, path, { javaScript: false });
      assert.ok(await page.locator("noscript a[href^='/en/assisted/']").isVisible());
      assert.equal(await page.locator("input:visible, textarea:visible, button:visible").count(), 0);
    }
  });

  test("no form has somewhere to go, no field a name that could be sent", async (t) => {
    for (const path of ["/report", "/mailbox"]) {
      const page = await open(t, path);
      await page.waitForSelector("#write:not([hidden]), #enter:not([hidden])");
      const forms = await page.$$eval("form", (found) =>
        found.map((form) => [form.method, form.getAttribute("action")]),
      );
      assert.ok(forms.length > 0);
      for (const form of forms) assert.deepEqual(form, ["dialog", null]);
      const named = "input[name]:not([type=radio]), textarea[name], select[name], button[name], [formaction]";
      assert.equal(await page.locator(named).count(), 0);
      // As if the script had died after the page was shown.
      await page.evaluate(() => {
        for (const form of document.querySelectorAll("form")) {
          const copy = form.cloneNode(true) as HTMLFormElement;
          form.replaceWith(copy);
          HTMLFormElement.prototype.submit.call(copy); // a button's id hides the method
        }
      });
      await page.waitForTimeout(100);
      assert.equal(page.url(), origin + path);
    }
  });

  test("a browser without WebAssembly is told before anything is typed", async (t) => {
    const context = await openContext(t, browser, { origins: [origin] });
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    const page = await context.newPage();
    await page.goto(`${origin}/report`);
    await page.waitForSelector("#unsupported:not([hidden])");
    assert.ok(await page.locator("#write").isHidden());
    assert.ok(await page.locator("#unsupported a[href='/en/assisted/report']").isVisible());
  });

  test("Shift three times leaves, with a report half written", async (t) => {
    const elsewhere = new URL(served.portal.config.quickExitUrl).origin;
    const page = await open(t, "/report", { origins: [origin, elsewhere] });
    await page.context().route(`${elsewhere}/**`, (route) => route.fulfill({ body: "weather" }));
    await walkTo(page, "step-what");
    await page.fill("#answer-what", "half a sent");
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift");
    await page.waitForURL(`${elsewhere}/**`);
    await page.goBack();
    assert.ok(!page.url().startsWith(`${origin}/report`), "the back button does not lead back here");
  });

  test("a reply that comes while the mailbox is open is found, and takes the focus", async (t) => {
    const code = await tell(served, { title: "Waiting for word", files: [fileOfBytes("a.txt", note.buffer)] });
    const page = await open(t, "/mailbox");
    await enter(page, code);
    await page.click("#refresh");
    await page.waitForFunction(() => document.querySelector("#mailbox-status")?.textContent === "Nothing new.");
    const desk = await deskOf(served, served.organisation.members.nia.seed);
    const caseId = await findByTitle(served, desk, "Waiting for word");
    await reply(desk, caseId!, { text: "Here we are.", status: null }, await withoutFiles(desk, caseId!));
    await page.click("#refresh");
    await page.waitForFunction(() => document.querySelectorAll(".th-talk__item").length === 2);
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /Here we are/);
  });
});
