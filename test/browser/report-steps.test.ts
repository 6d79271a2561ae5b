/** The form's steps in a real browser: one question each, back and forth, follow-ups, the check page, leaving from anywhere. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { axeFaults } from "../support/axe.ts";
import { ensureBuilt } from "../support/built.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import {
  currentStep,
  fileReport,
  fillStep,
  goOn,
  openForm,
  sendForm,
  walkTo,
  walkToCheck,
} from "../support/report-form.ts";
import { postTwoPlaces } from "../support/two-places.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";

const note = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("what I saw") };
const steps = [
  "step-start",
  "step-channel",
  "step-readers",
  "step-what",
  "step-categories",
  "step-when",
  "step-more",
  "step-files",
  "step-check",
];

describe("the form's steps", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let origin: string;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation();
    await postTwoPlaces(served);
    origin = served.portal.reporterUrl;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function open(t: TestContext, options: Partial<ContextOptions> = {}): Promise<Page> {
    const page = await (await openContext(t, browser, { origins: [origin], ...options })).newPage();
    await openForm(page, origin);
    return page;
  }
  const channel = "Speak up";
  const heading = (page: Page): Promise<string> => page.locator(".th-step:visible h1").innerText();

  for (const [look, more] of [
    ["320 px, dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
    ["a desktop, light", { viewport: { width: 1280, height: 800 }, colorScheme: "light" }],
  ] as const)
    test(`every step, ${look}: one heading that takes the focus, a neutral title, nothing cut off, axe finds nothing`, async (t) => {
      const page = await open(t, { more });
      const title = await page.title();
      const seen: string[] = [];
      for (;;) {
        const step = await currentStep(page);
        seen.push(step);
        await fillStep(page, { channel, answers: { what: "x" } });
        assert.equal(await page.locator("h1:visible").count(), 1);
        assert.match(await page.locator("#progress").innerText(), new RegExp(`^Step ${String(seen.length)}\\b(?! of)`));
        assert.equal(await page.title(), title);
        assert.doesNotMatch(title, /report|concern|whistle/i);
        assert.equal(page.url(), `${origin}/report`);
        assert.deepEqual(await page.evaluate(() => history.state as unknown), { step: seen.length - 1 });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, step);
        assert.deepEqual(await axeFaults(page), [], step);
        if (step === "step-check") break;
        await goOn(page);
        assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
      }
      assert.deepEqual(seen, steps);
    });

  test("Back goes one step back, by the page's link and by the browser's button, with everything as it was", async (t) => {
    const page = await open(t);
    await walkTo(page, "step-when", { channel, exclude: [2], answers: { what: "Kept", categories: ["fraud"] } });
    await page.fill("#answer-when", "in May");
    await page.click("#back");
    await page.waitForSelector("#step-categories:not([hidden])");
    assert.ok(await page.isChecked("[value=fraud]"));
    await page.goBack();
    assert.equal(await currentStep(page), "step-what");
    assert.equal(await page.inputValue("#answer-what"), "Kept");
    await page.goBack();
    assert.ok(await page.isChecked("#exclude-2"));
    await page.goForward();
    assert.equal(await heading(page), "What happened?");
    await walkTo(page, "step-when");
    assert.equal(await page.inputValue("#answer-when"), "in May");
  });

  test("from the first step Back leads to the first page, also after the page was loaded again half-way", async (t) => {
    const page = await open(t);
    await goOn(page);
    await page.reload();
    await page.waitForSelector("#step-start:not([hidden])");
    await page.click("#back");
    await page.waitForURL(`${origin}/en/`);
  });

  test("what is changed from the check page leads back to it; a follow-up comes in between", async (t) => {
    const page = await open(t);
    await walkToCheck(page, { channel, answers: { what: "Before", categories: ["fraud"] } });
    await page.click("[data-change=step-what]");
    await page.fill("#answer-what", "After");
    assert.equal(await goOn(page), "step-check");
    assert.match(await page.locator("#answers").innerText(), /After/);
    await page.click("[data-change=step-categories]");
    await page.check("[value=other]");
    assert.equal(await goOn(page), "step-law");
    await page.fill("#answer-law", "The one on presses");
    assert.equal(await goOn(page), "step-check");
    await page.goBack();
    assert.equal(await currentStep(page), "step-law");
    assert.equal(await goOn(page), "step-check");
  });

  test("a follow-up that is not asked any more is kept on the page, not shown, not sent", async (t) => {
    const page = await open(t);
    const title = "Follow-ups that went away";
    await walkToCheck(page, {
      channel,
      answers: { what: title, categories: ["other", "fraud"], law: "Hidden words", more: "yes", how: ["seen"] },
      files: [note],
    });
    assert.match(await page.locator("#answers").innerText(), /Hidden words/);
    await page.click("[data-change=step-categories]");
    await page.uncheck("[value=other]");
    assert.equal(await goOn(page), "step-check");
    assert.doesNotMatch(await page.locator("#answers").innerText(), /Hidden words/);
    // Back past it: the step that is gone is not shown.
    for (let i = 0; i < 20 && (await currentStep(page)) !== "step-when"; i++) {
      await page.goBack();
      await page.waitForTimeout(100);
    }
    await page.goBack();
    await page.waitForSelector("#step-categories:not([hidden])");
    await walkToCheck(page, {});
    assert.equal(await page.inputValue("#answer-law"), "Hidden words");
    assert.equal((await sendForm(page)).length, 8);
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    const { report } = await openCase(desk, (await findByTitle(served, desk, title))!);
    const { answers, asked, day } = report.content;
    assert.deepEqual(answers, { what: title, categories: ["fraud"], more: "yes", how: ["seen"] });
    assert.match(asked ?? "", /^[0-9a-f]{64}$/);
    assert.equal(day, new Date().toISOString().slice(0, 10));
  });

  test("another place asks its own questions, keeps what both ask, and shows its readers before the end", async (t) => {
    const page = await open(t);
    await walkToCheck(page, {
      channel,
      exclude: [2],
      answers: { what: "For the other place", categories: ["fraud"] },
    });
    await page.click("[data-change=step-channel]");
    await page.locator("#channel").getByLabel("AI safety").check();
    assert.equal(await goOn(page), "step-readers", "its readers are others");
    assert.ok(await page.isChecked("#exclude-2"), "who was left out stays out");
    assert.equal(await goOn(page), "step-check");
    assert.match(await page.locator("#answers").innerText(), /For the other place/);
    await page.click("[data-change=step-categories]");
    assert.ok(await page.isChecked("[value=fraud]"));
    await page.check("[value=csi-1]");
    assert.equal(await goOn(page), "step-model", "what that place asks besides");
  });

  test("everybody left out in one place: the other is named, and nothing goes on", async (t) => {
    const page = await open(t);
    await walkTo(page, "step-readers", { channel: "AI safety" });
    for (const id of [1, 5]) await page.check(`#exclude-${id}`);
    assert.match(await page.locator("#nobody").innerText(), /another place: Speak up/);
    await page.click("#continue");
    assert.equal(await currentStep(page), "step-readers");
    await page.click(".govuk-error-summary a");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "exclude-1");
    assert.match(await page.locator("#exclude-error").innerText(), /Leave at least one reader/);
  });

  test("the eight words are in view after sending, however far down the steps were left", async (t) => {
    const page = await open(t, { viewport: "phone" });
    for (;;) {
      const step = await currentStep(page);
      await fillStep(page, { channel, answers: { what: "Far down" } });
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.waitForTimeout(50);
      if (step === "step-check") break;
      await goOn(page);
    }
    await sendForm(page);
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => scrollY), 0);
    const [first] = await page.locator("#code li").all();
    assert.ok((await first!.boundingBox())!.y < 740);
  });

  test("after sending nothing leads back to what was typed", async (t) => {
    const page = await open(t);
    const words = await fileReport(page, { channel, answers: { what: "Never seen again" } });
    await page.waitForTimeout(100);
    for (let i = 0; i < 3; i++) {
      assert.ok(!(await page.content()).includes("Never seen again"));
      await page.evaluate(() => history.forward());
      await page.waitForTimeout(100);
    }
    assert.deepEqual(await page.locator("#code li").allTextContents(), words, "the words stay until they are cleared");
    assert.equal(await page.evaluate(() => (history.state as { step: number }).step > 0), true);
    await page.click("#done");
    await page.waitForURL(`${origin}/en/`);
    for (let i = 0; i < 3; i++) {
      await page.goBack().catch(() => null);
      const text = await page.evaluate(() => document.body.textContent);
      assert.ok(!text.includes("Never seen again") && !words.every((word) => text.includes(word)));
    }
  });

  for (const step of [...steps, "receipt"])
    test(`Shift three times leaves from ${step}: nothing is left of the page, and Back does not lead here`, async (t) => {
      const elsewhere = new URL(served.portal.config.quickExitUrl).origin;
      const page = await open(t, { origins: [origin, elsewhere] });
      const asked: string[] = [];
      page.on("dialog", (dialog) => {
        asked.push(dialog.type());
        void dialog.accept();
      });
      const input = { channel, answers: { what: "Somebody comes in" } };
      if (step === "receipt") await fileReport(page, input);
      else await walkTo(page, step, input);
      await page.context().route(`${elsewhere}/**`, (route) => route.fulfill({ body: "weather" }));
      // What stands there in the moment of leaving, however long the next page takes.
      const left = await page.evaluate(() => {
        for (let i = 0; i < 3; i++) document.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift" }));
        return [document.documentElement.hidden, document.body.childElementCount, document.title];
      });
      assert.deepEqual(left, [true, 0, ""]);
      await page.waitForURL(`${elsewhere}/**`);
      await page.goBack();
      assert.ok(!page.url().startsWith(origin), page.url());
      assert.deepEqual(asked, []);
    });

  test("the whole form by keyboard alone, follow-ups and a change included; focus is always seen", async (t) => {
    const page = await open(t);
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    const tabTo = async (selector: string): Promise<void> => {
      for (let i = 0; i < 40; i++) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
          const seen = await page.evaluate(() => {
            const { outlineStyle, boxShadow, backgroundColor } = getComputedStyle(document.activeElement!);
            const drawn = document.activeElement!.matches("input[type=radio], input[type=checkbox]");
            return drawn || outlineStyle !== "none" || boxShadow !== "none" || backgroundColor !== "rgba(0, 0, 0, 0)";
          });
          assert.ok(seen, `the focus on ${selector} can be seen`);
          return;
        }
        await press("Tab");
      }
      assert.fail(`Tab never comes to ${selector}`);
    };
    const goOnByKeys = async (): Promise<string> => {
      const before = await currentStep(page);
      await tabTo("#continue");
      await press("Enter");
      await page.locator(`#${before}`).waitFor({ state: "hidden" });
      return currentStep(page);
    };
    assert.equal(await goOnByKeys(), "step-channel");
    await tabTo("#channel-choice");
    await press("Space");
    assert.equal(await goOnByKeys(), "step-readers");
    await tabTo("#exclude-2");
    await press("Space");
    assert.equal(await goOnByKeys(), "step-what");
    await tabTo("#answer-what");
    await page.keyboard.type("By keys\nalone");
    assert.equal(await goOnByKeys(), "step-categories");
    await tabTo("[value=other]");
    await press("Space");
    assert.equal(await goOnByKeys(), "step-law");
    await tabTo("#answer-law");
    await page.keyboard.type("some law");
    await press("Enter");
    await page.waitForSelector("#step-when:not([hidden])");
    assert.equal(await goOnByKeys(), "step-more");
    assert.equal(await goOnByKeys(), "step-files");
    assert.equal(await goOnByKeys(), "step-check");
    await tabTo("[data-change=step-when]");
    await press("Enter");
    await tabTo("#answer-when");
    await page.keyboard.type("May");
    assert.equal(await goOnByKeys(), "step-check");
    await tabTo("#submit");
    await press("Enter");
    await page.waitForSelector("#receipt:not([hidden])");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "receipt-title");
  });
});
