/** The whole job in a Chromium whose JavaScript is off: filing with files, coming back, writing, reading a reply. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { utf8 } from "../../crypto/bytes.ts";
import { deriveMailbox } from "../../crypto/keys.ts";
import { axeFaults } from "../support/axe.ts";
import { ensureBuilt } from "../support/built.ts";
import { readCase, replyTo } from "../support/assisted-reviewer.ts";
import { launchBrowser, launchProfile } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { sweep } from "../support/sweep.ts";
import { openContext, watchContext, type ContextOptions } from "../support/watched-context.ts";

/** Chromium says so of every page that answers 400 and above. */
const answered = (status: number): RegExp => new RegExp(`status of ${status} `);

describe("without JavaScript", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let origin: string;

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
    const context = await openContext(t, browser, { origins: [origin], javaScript: false, ...options });
    const page = await context.newPage();
    await page.goto(origin + path);
    return page;
  }

  /** Axe needs scripts: it looks at the same page in a second browser context that has them. */
  async function assertReadable(page: Page, colorScheme: "light" | "dark" = "light"): Promise<void> {
    const copy = await browser.newContext({ viewport: page.viewportSize(), colorScheme });
    try {
      const shown = await copy.newPage();
      const html = await page.content();
      await shown.route(`${origin}/shown`, (route) => route.fulfill({ contentType: "text/html", body: html }));
      await shown.goto(`${origin}/shown`);
      assert.deepEqual(await axeFaults(shown), [], page.url());
      assert.equal(
        await shown.evaluate(() => document.documentElement.scrollWidth > innerWidth),
        false,
        "nothing cut off",
      );
    } finally {
      await copy.close();
    }
  }

  const readCode = async (page: Page): Promise<string> =>
    (await page.locator(".th-code__word").allTextContents()).join(" ");

  const send = (page: Page): Promise<void> => page.getByRole("button", { name: "Send" }).click();

  test("from the first page to a reply, and out", async (t) => {
    const page = await open(t, "/");
    await page.getByRole("link", { name: "File a concern" }).click();
    await page.getByRole("link", { name: "Use the page without JavaScript" }).click();
    const code = await readCode(page);
    await page.getByLabel("Carl Counsel").check();
    await page.getByLabel("What happened?").fill("The guard of press 4 was taken off.");
    await page.getByLabel("Unsafe work or unsafe products").check();
    await page.getByLabel("I have written down the eight words").check();
    await page.setInputFiles("#files", [
      { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("take the guard off") },
      { name: "foto é.jpg", mimeType: "image/jpeg", buffer: Buffer.alloc(100_000, 7) },
    ]);
    await send(page);
    assert.equal(page.url(), `${origin}/en/assisted/sent`);
    for (const word of code.split(" ")) assert.equal(await page.getByText(word, { exact: true }).count(), 0);

    const mailbox = deriveMailbox(code, served.organisation.portalId);
    const first = (await readCase(served, mailbox)).entries[0]!;
    assert.ok(first.kind === "report");
    assert.deepEqual(first.content.answers, { what: "The guard of press 4 was taken off.", categories: ["safety"] });
    assert.deepEqual(
      first.content.files.map(({ name, size, type }) => [name, size, type]),
      [
        ["plan.txt", 18, "text/plain"],
        ["foto é.jpg", 100_000, "image/jpeg"],
      ],
    );
    assert.deepEqual(first.content.excluded, [2]);

    await page.getByRole("link", { name: "Return with your code" }).click();
    await page.getByLabel("Your eight words").fill(code.toUpperCase().replaceAll(" ", " - "));
    await page.getByRole("button", { name: "Open" }).click();
    assert.equal(await page.getByText("The guard of press 4 was taken off.").isVisible(), true);
    const [plan] = await Promise.all([page.waitForEvent("download"), page.getByText("Save plan.txt").click()]);
    assert.equal(plan.suggestedFilename(), "plan.txt");
    assert.equal(await readFile(await plan.path(), "utf8"), "take the guard off");

    await page.getByLabel("Your message").fill("It runs again since Monday.");
    await send(page);
    assert.equal(await page.getByText("Your message is stored.").isVisible(), true);
    await replyTo(served, mailbox, "Thank you. We stopped it.", { name: "answer.html", content: utf8("<h1>no</h1>") });
    await page.getByLabel("Your message").fill("Half a thou");
    await page.getByRole("button", { name: "Look for new replies" }).click();
    assert.equal(await page.getByText("Thank you. We stopped it.").isVisible(), true);
    assert.equal(await page.getByText("Rosa Reviewer (reviewer)").first().isVisible(), true);
    assert.equal(await page.getByLabel("Your message").inputValue(), "Half a thou");
    // Saved, never shown: the page stays where it is.
    const [answer] = await Promise.all([page.waitForEvent("download"), page.getByText("Save answer.html").click()]);
    assert.equal(answer.suggestedFilename(), "answer.html");
    const texts = (await readCase(served, mailbox)).entries.map(({ content }) =>
      "text" in content ? content.text : "",
    );
    assert.deepEqual(texts, ["", "It runs again since Monday.", "Thank you. We stopped it."]);

    await page.getByRole("button", { name: "Leave and forget" }).click();
    assert.equal(page.url(), `${origin}/en/assisted/left`);
  });

  test("the back button does not bring an open mailbox back", async (t) => {
    const page = await open(t, "/assisted/report", { provokes: [answered(404)] });
    const code = await readCode(page);
    await page.getByLabel("What happened?").fill("Something that must not come back.");
    await page.getByLabel("I have written down the eight words").check();
    await send(page);
    await page.goto(`${origin}/assisted/mailbox`);
    await page.getByLabel("Your eight words").fill(code);
    await page.getByRole("button", { name: "Open" }).click();
    assert.equal(await page.getByText("Something that must not come back.").isVisible(), true);
    await page.getByRole("button", { name: "Leave and forget" }).click();
    await page.waitForURL(`${origin}/en/assisted/left`);
    await page.goBack();
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "This page can be shown only once");
    assert.equal(await page.getByText("Something that must not come back.").count(), 0);
  });

  for (const [what, width, colorScheme] of [
    ["a small phone, dark", 320, "dark"],
    ["a phone", 390, "light"],
    ["a desktop", 1280, "light"],
  ] as const)
    test(`${what}: faults are listed first, lead to their fields, and axe finds nothing`, async (t) => {
      const more = { colorScheme, viewport: { width, height: 800 } };
      const page = await open(t, "/assisted/report", { more, provokes: [answered(400)] });
      await assertReadable(page, colorScheme);
      const code = await readCode(page);
      for (const box of await page.locator("input[name=exclude]").all()) if (await box.isVisible()) await box.check();
      await page.getByLabel("When was it?").fill("last spring");
      await page.setInputFiles("#files", [{ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("x") }]);
      await send(page);
      await assertReadable(page, colorScheme);
      assert.deepEqual(await page.locator(".govuk-error-summary__list a").allTextContents(), [
        "Leave at least one reader who can open your report",
        "Tell us what happened",
        "Write down the eight words, then tick the box",
        "Choose your files again: your browser does not let us keep them",
      ]);
      assert.equal(
        await page.locator(".govuk-error-summary").evaluate((node) => node === document.activeElement),
        true,
      );
      assert.equal(await readCode(page), code);
      assert.equal(await page.getByLabel("When was it?").inputValue(), "last spring");
      await page.getByRole("link", { name: "Tell us what happened" }).click();
      await page.keyboard.type("typed at once");
      assert.equal(await page.getByLabel("What happened?").inputValue(), "typed at once");
      await page.getByLabel("Rosa Reviewer").uncheck();
      await page.getByLabel("I have written down the eight words").check();
      await send(page);
      await assertReadable(page, colorScheme);
      await page.goto(`${origin}/assisted/mailbox`);
      await page.getByLabel("Your eight words").fill("one two");
      await page.getByRole("button", { name: "Open" }).click();
      await assertReadable(page, colorScheme);
      await page.getByLabel("Your eight words").fill(code);
      await page.getByRole("button", { name: "Open" }).click();
      await assertReadable(page, colorScheme);
    });

  test("the browser's profile keeps neither the words nor what was written", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "tellhaven-profile-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const context = await launchProfile(folder);
    const watch = await watchContext(context, { origins: [origin], provokes: [answered(400)] });
    const page = await context.newPage();
    await page.goto(`${origin}/assisted/report`);
    const code = await readCode(page);
    const text = "Zebrafinch in the boiler room";
    await page.getByLabel("What happened?").fill(text);
    await send(page); // not confirmed: comes back
    await page.getByLabel("I have written down the eight words").check();
    await send(page);
    await page.goto(`${origin}/assisted/mailbox`);
    await page.getByLabel("Your eight words").fill(code);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByLabel("Your message").fill("Quokka behind the pump");
    await send(page);
    assert.equal(await page.getByText("Quokka behind the pump").isVisible(), true);
    await context.close();
    watch.assertClean();
    const swept = await sweep([code, text, "Quokka behind the pump"], [folder]);
    assert.ok(swept.files > 20);
    assert.deepEqual(swept.hits, []);
  });
});
