/** The operator's page in a real Chromium: what is changed there is what reporters see, and nothing else gets through. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { giveKey } from "../support/console-visit.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import type { FixtureMember } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { currentStep, fillStep, goOn, openForm } from "../support/report-form.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";

const hostile = `<img src=x onerror=alert(1)><script>alert(1)</script>`;
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" viewBox="0 0 90 30"><rect width="90" height="30" fill="#7a1f5c"/></svg>';

describe("what operators set", requireJudge("browser"), () => {
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

  async function signIn(page: Page, who: FixtureMember): Promise<void> {
    await giveKey(page, served, who);
    await page.locator("#lock").waitFor();
  }

  async function open(t: TestContext, who: FixtureMember, options: Partial<ContextOptions> = {}): Promise<Page> {
    const context = await openContext(t, browser, { origins: [served.portal.consoleUrl], ...options });
    const page = await context.newPage();
    page.on("dialog", (dialog) => {
      assert.equal(dialog.type(), "beforeunload", dialog.message());
      void dialog.accept();
    });
    await page.goto(served.portal.consoleUrl);
    await signIn(page, who);
    return page;
  }

  async function openFile(page: Page, name: string): Promise<void> {
    if (!(await page.locator(".th-presentation").isVisible())) await page.locator("#screen-presentation").click();
    const back = page.getByRole("button", { name: "Back to the list" });
    if (await back.isVisible()) await back.click();
    await page.locator(`#file-${name}`).click();
    await page.locator("#file-title").waitFor();
  }

  async function save(page: Page): Promise<void> {
    await page.locator("#save").click();
    await page.locator(".th-toast", { hasText: "Saved" }).waitFor();
  }

  async function reporterPage(t: TestContext, path: string, options: Partial<ContextOptions> = {}): Promise<Page> {
    const context = await openContext(t, browser, { origins: [served.portal.reporterUrl], ...options });
    const page = await context.newPage();
    page.on("dialog", (dialog) => assert.fail(`a dialog said ${dialog.message()}`));
    await page.goto(served.portal.reporterUrl + path);
    return page;
  }

  const operator = (): FixtureMember => served.organisation.members.olu;
  const openRaw = (page: Page): Promise<void> => page.getByRole("button", { name: "As text" }).click();

  test("a question, its words and an answer are added by form, and the reporter's page has them as text", async (t) => {
    const page = await open(t, operator());
    await openFile(page, "questionnaire-general");
    await page.locator("#add-question").click();
    const at = await page.evaluate(() => document.activeElement?.id ?? "");
    assert.match(at, /^q-\d+-label$/, "focus is in the new question");
    const q = at.replace("-label", "");
    await page.keyboard.type(`Which site? ${hostile}`);
    await page.locator(`#${q}-type`).selectOption("choice");
    await page.locator(`#${q}-add-option`).click();
    await page.keyboard.type("The harbour");
    await page.locator(`#${q}-add-option`).click();
    await page.keyboard.type("The mill");
    await page.locator("#preview summary").click();
    assert.match(await page.locator("#preview").innerText(), /Which site\? <img[^]*The harbour[^]*The mill/);
    assert.deepEqual(await accessibilityFaults(page, "operator-questions"), []);
    await save(page);

    const reporter = await reporterPage(t, "/report");
    await openForm(reporter, served.portal.reporterUrl);
    for (let step = await currentStep(reporter); !step.startsWith("step-question-"); step = await goOn(reporter)) {
      assert.notEqual(step, "step-check", "the question is asked");
      await fillStep(reporter, { answers: { what: "Something" } });
    }
    const words = await reporter.locator(".th-step:visible").innerText();
    assert.ok(words.includes(`Which site? ${hostile}`), "words, not markup");
    assert.match(words, /The harbour\s+The mill/);
    assert.equal(await reporter.locator("main img").count(), 0);
  });

  test("a condition is chosen, not written; a question can be moved and removed by keyboard", async (t) => {
    const page = await open(t, operator());
    await openFile(page, "questionnaire-general");
    await page.locator("#add-question").click();
    const q = (await page.evaluate(() => document.activeElement?.id ?? "")).replace("-label", "");
    await page.keyboard.type("Which berth?");
    await page.locator(`#${q}-if`).selectOption({ label: `Which site? ${hostile}` });
    await page.locator(`#${q}-any-0`).check();
    await save(page);
    const { bytes } = await ask(served.portal.reporterUrl, "GET", "/report", undefined, { accept: "text/html" });
    assert.match(Buffer.from(bytes).toString(), /"showIf":\{"question":"question-\d+","any":\["option-1"\]\}/);
    await page.getByRole("button", { name: "Remove this question Which berth?" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "add-question");
    await save(page);
  });

  test("a broken file is refused with its line, nothing changes, and what was typed survives locking", async (t) => {
    const page = await open(t, operator());
    await openFile(page, "questionnaire-general");
    await openRaw(page);
    const before = await page.locator("#raw").inputValue();
    const lines = before.split("\n");
    const line = lines.findIndex((each) => each.includes('"type": "long"')) + 1;
    const broken = lines.map((each, i) => (i + 1 === line ? each.replace('"long"', '"essay"') : each)).join("\n");
    await page.locator("#raw").fill(broken);
    await page.locator("#save").click();
    await page.locator("#problems").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "problems");
    assert.match(
      await page.locator("#problems").innerText(),
      new RegExp(`Line ${line}, column \\d+: .*text, long, choice`),
    );
    assert.deepEqual(await page.locator(".th-raw__wrong").allInnerTexts(), [String(line)]);
    assert.deepEqual(await accessibilityFaults(page, "operator-broken"), []);
    await page.locator("#problems .th-link-button").first().click();
    const at = await page.locator("#raw").evaluate((field: HTMLTextAreaElement) => field.selectionStart);
    assert.equal(broken.slice(0, at).split("\n").length, line);
    const { bytes } = await ask(served.portal.reporterUrl, "GET", "/report", undefined, { accept: "text/html" });
    assert.ok(!Buffer.from(bytes).toString().includes("essay"));

    await page.locator("#lock").click();
    await page.locator("#key-file").waitFor();
    await signIn(page, operator());
    await page.locator("#raw").waitFor();
    assert.equal(await page.locator("#raw").inputValue(), broken);
    // Somebody else at the same window finds nothing of it.
    await page.locator("#lock").click();
    await signIn(page, served.organisation.members.rosa);
    assert.equal(await page.locator("#screen-presentation").count(), 0);
    assert.equal(await page.locator("#raw").count(), 0);
  });

  test("colours show their contrast while they are chosen; a faint one is refused, a good one is seen", async (t) => {
    const page = await open(t, operator());
    await openFile(page, "theme");
    await page.locator("#colour-light-link").fill("#9fb7c4");
    assert.match(await page.locator("#colour-light-link-figures").innerText(), /too faint, needs 4\.5/);
    await page.locator("#save").click();
    await page.locator("#problems", { hasText: "Too faint on the page" }).waitFor();
    await page.locator("#colour-light-link").fill("#7a1f5c");
    assert.deepEqual(await accessibilityFaults(page, "operator-colours"), []);
    await save(page);
    const reporter = await reporterPage(t, "/");
    const colour = await reporter
      .locator("main a.govuk-link, footer a.govuk-link")
      .first()
      .evaluate((link) => getComputedStyle(link).color);
    assert.equal(colour, "rgb(122, 31, 92)");
  });

  test("a logo is shown before it is saved, then to reporters; a hostile one is told why", async (t) => {
    const page = await open(t, operator());
    await openFile(page, "logo");
    const choose = (text: string): Promise<void> =>
      page
        .locator("#logo-file")
        .setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from(text) });
    await choose(svg.replace("<rect", '<rect onload="alert(1)"'));
    await page.locator("#problems", { hasText: "something in it that runs" }).waitFor();
    assert.equal(await page.locator(".th-logo__picture").count(), 0);
    await choose(svg);
    await page.waitForFunction(
      () => document.querySelector<HTMLImageElement>(".th-logo__picture")?.naturalWidth === 90,
    );
    await page.locator("#logo-alt").fill("A harbour crane");
    assert.deepEqual(await accessibilityFaults(page, "operator-logo"), []);
    await save(page);
    const reporter = await reporterPage(t, "/", { viewport: "phone" });
    const logo = reporter.getByRole("img", { name: "A harbour crane" });
    assert.equal(await logo.evaluate((img: HTMLImageElement) => img.naturalWidth), 90);
    assert.deepEqual(await accessibilityFaults(reporter, "reporter-themed"), []);
  });

  test("words are found and replaced; a placeholder that is lost is refused by its line", async (t) => {
    const page = await open(t, operator());
    await openFile(page, "texts-en");
    await page.locator("#texts-search").fill("landing.title");
    await page.getByLabel("Words for reporter:landing.title").fill("Tell the harbour office $ {{ }}");
    await page.locator("#save").click();
    await page.locator("#problems", { hasText: "double curly brackets" }).waitFor();
    await page.getByLabel("Words for reporter:landing.title").fill("Tell the harbour office");
    assert.deepEqual(await accessibilityFaults(page, "operator-words"), []);
    await save(page);
    const reporter = await reporterPage(t, "/");
    assert.match(await reporter.locator("main").innerText(), /Tell the harbour office/);
    // Emptied by hand it stays empty, and ours is back once it is saved.
    const field = page.getByLabel("Words for reporter:landing.title");
    await field.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Backspace");
    assert.equal(await field.inputValue(), "");
    await save(page);
    assert.equal(await field.inputValue(), "Tell us what is wrong at work");
  });

  test("two operators at once: the later is shown both texts and loses none", async (t) => {
    const one = await open(t, operator());
    const two = await open(t, operator());
    for (const page of [one, two]) await openFile(page, "portal");
    await two.locator("#metadata").selectOption("keep");
    await save(two);
    await one.locator("#metadata").selectOption("ask");
    await one.locator("#save").click();
    await one.locator("#conflict").waitFor();
    assert.match(await one.locator("#conflict .th-theirs").innerText(), /"metadata": "keep"/);
    assert.equal(await one.locator("#metadata").inputValue(), "ask");
    assert.deepEqual(await accessibilityFaults(one, "operator-conflict"), []);
    await one.getByRole("button", { name: "Keep mine" }).click();
    await save(one);
    const { bytes } = await ask(served.portal.reporterUrl, "GET", "/report", undefined, { accept: "text/html" });
    assert.match(Buffer.from(bytes).toString(), /"metadata":"ask"/);
    await one.locator("#reset").click();
    await one.locator(".th-toast", { hasText: "built-in one" }).waitFor();
  });

  test("duties: what one is, where, and which do not apply; a wrong row of one's own is named with its line", async (t) => {
    const page = await open(t, operator());
    await openFile(page, "duties");
    await page.locator("#duties-profile").selectOption("frontier");
    await page.locator("#place-US-NY").uncheck();
    await page.locator("#duty-CA_CSI").uncheck();
    assert.equal(await page.locator("#duty-NY_CSI").count(), 0, "of another place");
    assert.equal(await page.locator("#duty-CA_UPDATE").count(), 0, "only large developers owe it");
    await save(page);
    const saved = served.portal.context.presentation.current().duties;
    assert.deepEqual([saved?.profile, saved?.off], ["frontier", ["CA_CSI"]]);
    assert.deepEqual(saved?.jurisdictions, ["US-CA", "US-IL", "US", "EU"]);
    await openRaw(page);
    const text = await page.locator("#raw").inputValue();
    await page.locator("#raw").fill(text.replace('"CA_CSI"', '"CA_CS"'));
    await page.locator("#save").click();
    await page.locator("#problems").waitFor();
    const line = text.split("\n").findIndex((each) => each.includes("CA_CSI")) + 1;
    assert.match(await page.locator("#problems").innerText(), new RegExp(`Line ${line}, .*no built-in row "CA_CS"`));
    assert.deepEqual(served.portal.context.presentation.current().duties?.off, ["CA_CSI"]);
  });

  test("a reviewer who is no operator has no such page", async (t) => {
    const page = await open(t, served.organisation.members.rosa);
    assert.equal(await page.locator("#screen-presentation").count(), 0);
    assert.equal(await page.getByText("What reporters see").count(), 0);
  });

  test("the list and every form in every look", async (t) => {
    const page = await open(t, operator());
    await page.locator("#screen-presentation").click();
    await page.locator("#file-portal").waitFor();
    assert.deepEqual(await accessibilityFaults(page, "operator-list"), []);
    for (const name of ["portal", "templates", "duties"]) {
      await openFile(page, name);
      assert.deepEqual(await accessibilityFaults(page, `operator-${name}`), []);
    }
  });
});
