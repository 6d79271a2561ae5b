/** The mailbox between two visits, in Chromium: what is new, what is remembered, correcting, withdrawing. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { decide, deleteCase, reply, type Reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { postRosterAfter } from "../support/two-places.ts";
import { openContext } from "../support/watched-context.ts";

const today = Math.floor(Date.now() / 86_400_000);
const long = (day: number): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day * 86_400_000));

describe("an open mailbox", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let desk: Desk;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation();
    desk = await deskOf(served, served.organisation.members.rosa.seed);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function filed(
    title: string,
  ): Promise<{ code: string; answer: (said: Reply) => Promise<void>; caseId: string }> {
    const code = await tell(served, { title });
    const caseId = (await findByTitle(served, desk, title))!;
    const answer = async (said: Reply): Promise<void> => {
      await reply(desk, caseId, said, await withoutFiles(desk, caseId));
    };
    return { code, caseId, answer };
  }

  async function open(t: TestContext): Promise<Page> {
    const context = await openContext(t, browser, { origins: [served.portal.reporterUrl] });
    return context.newPage();
  }

  async function enter(page: Page, code: string, step = "mailbox"): Promise<void> {
    await page.goto(`${served.portal.reporterUrl}/en/mailbox`);
    await page.fill("#code", code);
    await page.click("#open");
    await page.waitForSelector(`#${step}:not([hidden])`);
  }

  const kept = (page: Page): Promise<[string, string][]> =>
    page.evaluate(() => Object.entries(localStorage) as [string, string][]);

  test("what is new stands on top, leads there, and leaves no trace", async (t) => {
    const { code, answer } = await filed("What is new");
    await answer({ text: "First answer", status: "open", day: textOfDay(today), updateBy: textOfDay(today + 5) });
    await answer({ text: "Second answer", status: null, day: textOfDay(today), updateBy: textOfDay(today + 8) });
    const page = await open(t);
    await enter(page, code);
    const news = await page.innerText("#news");
    assert.match(news, /Since you last wrote here\s+2 new replies\s+Status changed: Open/);
    assert.ok(news.includes(`Next update promised by ${long(today + 8)}`));
    await page.click("text=2 new replies");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "entry-1");
    assert.equal(await page.locator("#entry-2 .th-chip").innerText(), "New");
    assert.ok(!page.url().includes("#"), "no entry in the browser's history");
    assert.deepEqual(await kept(page), []);
    assert.deepEqual(await accessibilityFaults(page, "mailbox-news"), []);
    await page.click("#refresh");
    await page.waitForFunction(() => document.querySelector("#mailbox-status")?.textContent === "Nothing new.");
    assert.match(await page.innerText("#news"), /Since you last looked\s+Nothing new\./);
  });

  test("remembered only where the box is ticked, under a name that says nothing; unticking removes it", async (t) => {
    const { code, answer, caseId } = await filed("Remembered");
    await answer({ text: "One", status: null });
    const page = await open(t);
    await enter(page, code);
    await page.check("#remember");
    const [entry, ...more] = await kept(page);
    assert.deepEqual(more, []);
    assert.match(entry![0], /^th-[\w-]{22}$/);
    assert.ok(!entry!.join().includes(caseId) && !entry!.join().includes(code.split(" ")[0]!));
    await answer({ text: "Two", status: null });
    await enter(page, code);
    assert.match(await page.innerText("#news"), /Since you last looked\s+1 new reply/);
    assert.ok(await page.isChecked("#remember"));
    await enter(page, code);
    assert.match(await page.innerText("#news"), /Nothing new\./);
    await page.uncheck("#remember");
    assert.deepEqual(await kept(page), []);
  });

  test("a late promise is called late; before any reply it counts from the report", async (t) => {
    const { code, answer } = await filed("Late");
    await answer({ text: "Soon", status: null, day: textOfDay(today - 9), updateBy: textOfDay(today - 2) });
    const page = await open(t);
    await enter(page, code);
    assert.ok(await page.isVisible("#late"));
    assert.ok((await page.innerText("#late")).includes(long(today - 2)));
    assert.deepEqual(await accessibilityFaults(page, "mailbox-late"), []);
  });

  test("a reply without a status still says that somebody answered", async (t) => {
    const { code, answer } = await filed("Answered");
    await answer({ text: "We read it", status: null });
    const page = await open(t);
    await enter(page, code);
    assert.match(await page.innerText("#facts"), /Answered\. Read the newest message below\./);
  });

  test("a withdrawal whose answer was lost stays where it was pressed, and is stored once", async (t) => {
    const { code, caseId } = await filed("Withdrawn on a bad line");
    const page = await open(t);
    await enter(page, code);
    await page.fill("#message", "half a thought");
    await page.click("#withdraw-open");
    await page.fill("#withdraw-text", "I changed my mind");
    let lost = 0;
    await page.context().route("**/mailbox/messages", async (route) => {
      // It arrives; its answer does not.
      if (lost++ === 0) await route.fetch();
      await route.abort("connectionreset");
    });
    await page.click("#withdraw-form button[type=submit]");
    await page.waitForSelector("#withdraw-error-summary .govuk-error-summary", { timeout: 60_000 });
    assert.match(await page.innerText("#withdraw-error-summary"), /press "Withdraw my report" again/);
    assert.equal(await page.inputValue("#withdraw-text"), "I changed my mind");
    await page.context().unroute("**/mailbox/messages");
    await page.click("#withdraw-form button[type=submit]");
    await page.waitForSelector("#entry-1");
    assert.equal(await page.inputValue("#message"), "half a thought");
    const { entries } = await openCase(desk, caseId);
    assert.deepEqual(
      entries.slice(1).map(({ content }) => ("text" in content ? content.text : null)),
      ["I changed my mind"],
    );
  });

  test("stopping goes back to the message with everything in it, and calls nothing a problem", async (t) => {
    const { code } = await filed("Stopped");
    const page = await open(t);
    await enter(page, code);
    await page.fill("#message", "Not yet");
    await page.setInputFiles("#file-input", { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
    await page.locator("#files .th-file .th-progress").first().waitFor({ state: "detached" });
    await page.context().route("**/uploads/**", (route) => route.abort("connectionreset"));
    await page.click("#message-form button[type=submit]");
    await page.waitForSelector("#sending:not([hidden])");
    await page.click("#sending-cancel");
    await page.waitForSelector("#mailbox:not([hidden])");
    assert.equal(await page.locator(".govuk-error-summary").count(), 0);
    assert.match(await page.innerText("#mailbox-status"), /Stopped\. Nothing was stored/);
    assert.equal(await page.inputValue("#message"), "Not yet");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "message");
  });

  test("a reply that crossed the reporter's own message is shown as new", async (t) => {
    const { code, answer } = await filed("Crossing");
    const page = await open(t);
    await enter(page, code);
    await answer({ text: "Sent while you wrote", status: null });
    await page.fill("#message", "Written meanwhile");
    await page.click("#message-form button[type=submit]");
    await page.waitForSelector("#entry-2");
    assert.match(await page.innerText("#news"), /1 new reply/);
    assert.equal(await page.locator("#entry-1 .th-chip").innerText(), "New");
  });

  test("the worker breaks down: what is typed stays, the words are asked for again, and it goes on", async (t) => {
    const { code } = await filed("Broken worker");
    const page = await open(t);
    await page.context().route("**/assets/mailbox.worker.js", async (route) => {
      const response = await route.fetch();
      const breakDown = `;addEventListener("message", ({ data }) => { if (data.call === "send") fetch("/broken").then((r) => r.text()).then((text) => { if (text === "yes") setTimeout(() => { throw new Error("broken"); }); }); });`;
      await route.fulfill({ response, body: (await response.text()) + breakDown });
    });
    let times = 0;
    await page.context().route("**/broken", (route) => route.fulfill({ body: times++ === 0 ? "yes" : "no" }));
    // Held for as long as the worker lives; with the page goes the request.
    await page.context().route("**/mailbox/messages", async (route) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 1500);
      });
      await route.abort("connectionreset").catch(() => {});
    });
    await enter(page, code);
    await page.fill("#message", "Do not lose this");
    await page.click("#message-form button[type=submit]");
    await page.waitForSelector("#enter:not([hidden])");
    assert.match(await page.innerText("#error-summary"), /Type your eight words again/);
    assert.equal(await page.inputValue("#code"), "");
    await page.context().unroute("**/mailbox/messages");
    await page.fill("#code", code);
    await page.click("#open");
    await page.waitForSelector("#mailbox:not([hidden])");
    assert.equal(await page.inputValue("#message"), "Do not lose this");
    await page.click("#message-form button[type=submit]");
    await page.waitForSelector("#entry-1");
  });

  test("a list of readers that changed while the page stood there is no forgery", async (t) => {
    const { code, answer } = await filed("A newer list");
    const page = await open(t);
    await page.goto(`${served.portal.reporterUrl}/en/mailbox`);
    await page.waitForSelector("#enter:not([hidden])");
    await postRosterAfter(served, (content) => content);
    await answer({ text: "Under the newer list", status: null });
    await page.fill("#code", code);
    await page.click("#open");
    await page.waitForSelector("#mailbox:not([hidden])");
    assert.match(await page.innerText("#talk"), /Under the newer list/);
  });

  test("typed words are asked about also when they are a withdrawal's", async (t) => {
    const { code } = await filed("Leaving a withdrawal");
    const page = await open(t);
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await enter(page, code);
    await page.click("#withdraw-open");
    await page.click("#withdraw-text");
    await page.keyboard.type("because");
    await page.evaluate(() => location.assign("/en/"));
    await page.waitForTimeout(300);
    assert.deepEqual(asked, ["beforeunload"]);
    assert.equal(await page.inputValue("#withdraw-text"), "because");
  });

  test("a correction is marked; a withdrawal asks once more and can be left again", async (t) => {
    const { code, caseId } = await filed("Withdrawn");
    const page = await open(t);
    await enter(page, code);
    await page.click("#correct");
    assert.equal(await page.innerText("#write-title"), "Correct something");
    await page.fill("#message", "It was press 5");
    await page.click("#message-form button[type=submit]");
    await page.waitForSelector("#entry-1");
    assert.match(await page.innerText("#entry-1"), /A correction/);
    assert.equal(await page.innerText("#write-title"), "Write a message");
    await page.click("#withdraw-open");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "withdraw-title");
    assert.deepEqual(await accessibilityFaults(page, "mailbox-withdraw"), []);
    await page.click("#withdraw-back");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "withdraw-open");
    await page.fill("#message", "half a thought");
    await page.click("#withdraw-open");
    await page.click("#withdraw-form button[type=submit]");
    await page.waitForSelector("#entry-2");
    assert.match(await page.innerText("#entry-2"), /You asked to withdraw your report/);
    assert.equal(await page.inputValue("#message"), "half a thought", "what was being written stays");
    await page.fill("#message", "");
    await decide(desk, caseId, { phase: "closed", disposition: "withdrawn", reason: "asked" });
    await reply(desk, caseId, { text: "Closed as you asked", status: "closed" }, await withoutFiles(desk, caseId));
    await page.click("#refresh");
    await page.waitForSelector("#outcome:not([hidden])");
    assert.match(await page.innerText("#outcome"), /Closed as you asked/);
    await deleteCase(desk, caseId);
    await page.click("#refresh");
    await page.waitForSelector("#deleted:not([hidden])");
    assert.equal(await page.innerText("#deleted-title"), `This report was deleted on ${long(today)}`);
    assert.match(await page.innerText("#deleted-backups"), new RegExp(`backup of its key until ${long(today + 30)}`));
    assert.ok(!(await page.innerText("body")).includes("It was press 5"));
    await enter(page, code, "deleted");
    assert.deepEqual(await accessibilityFaults(page, "mailbox-deleted"), []);
  });
});
