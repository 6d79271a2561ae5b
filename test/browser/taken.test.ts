/** A report that comes by phone, at the console in a real Chromium: taken, printed, handed over, found by everybody whom it concerns. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { syncFeed } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf } from "../support/casework.ts";
import { openCaseOf, signInAgain, toast, visitConsole } from "../support/console-visit.ts";
import type { FixtureMember } from "../support/fixtures.ts";
import type { CodeLanguage } from "../../crypto/code-words.ts";
import { wordLists } from "../../crypto/word-lists.ts";
import { CodeLists } from "../../views/browser/client/code-lists.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { postRosterAfter } from "../support/two-places.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";

const pictures = join(import.meta.dirname, "../output/taken");
/** From the site, as a browser has it. */
const readList = async (language: CodeLanguage): Promise<readonly string[]> => wordLists[language];

const wroteDown = "This report was written down by Rosa Reviewer after a phone call.";
const worried = "That person has seen your code. If that worries you, file a new report yourself.";

describe("taking a report", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let members: ServedOrganisation["organisation"]["members"];

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    await ensureBuilt();
    served = await serveOrganisation();
    members = served.organisation.members;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  const picture = (page: Page, name: string): Promise<Buffer> =>
    page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

  async function openForm(t: TestContext, who: FixtureMember, options: Partial<ContextOptions> = {}): Promise<Page> {
    const page = await visitConsole(t, browser, served, who, options);
    await page.click("#screen-taken");
    await page.locator("#take").waitFor();
    return page;
  }

  async function fill(page: Page, what: string): Promise<void> {
    await page.getByLabel("By phone").check();
    await page.locator("#answer-what").fill(what);
  }

  async function store(page: Page): Promise<string[]> {
    await page.click("#take");
    await page.locator(".th-code-sheet").waitFor();
    const words = await page.locator(".th-code-sheet__words li").allTextContents();
    assert.equal(words.length, 8);
    return words;
  }

  /** Types the word that is asked for. */
  async function handOver(page: Page, words: readonly string[]): Promise<void> {
    const label = await page.locator("label[for=handed-word]").textContent();
    await page.fill("#handed-word", words[Number(/\d+/.exec(label!)![0]) - 1]!);
    await page.click("#handed-over");
    await toast(page, "The eight words are gone");
  }

  /** As many as Carl, whom nobody leaves out here, has keys to. */
  async function countCases(): Promise<number> {
    const desk = await deskOf(served, members.carl.seed);
    await syncFeed(desk);
    return (await listCases(desk)).listings.length;
  }

  async function mailboxText(t: TestContext, code: string, javaScript: boolean): Promise<string> {
    const origin = served.portal.reporterUrl;
    const page = await (await openContext(t, browser, { origins: [origin], javaScript })).newPage();
    await page.goto(`${origin}/en/${javaScript ? "mailbox" : "assisted/mailbox"}`);
    await page.fill("#code", code);
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByRole("heading", { name: "What is new" }).waitFor();
    await picture(page, javaScript ? "mailbox" : "mailbox-assisted");
    return (await page.locator("main").innerText()).replaceAll(/[\u2066-\u2069]/g, "");
  }

  test("by phone, leaving out a reviewer: printed, handed over, and seen by those whom it concerns", async (t) => {
    const page = await openForm(t, members.rosa);
    const faults = (name: string): Promise<string[]> =>
      accessibilityFaults(page, `taken-${name}`, ["desktop-light", "phone-dark", "320px"]);
    await page.click("#take");
    await page.getByText("Choose how the report reached you").waitFor();
    await page.getByText("Answer this question").first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "how");
    await picture(page, "form-missing");
    await fill(page, "Somebody took the guard off press 9.");
    await page.getByLabel("Nia New").check();
    await page.getByText("2 people and the spare key on paper can open it").waitFor();
    assert.deepEqual(await faults("form"), []);
    const words = await store(page);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "receipt-title");
    assert.deepEqual(await faults("receipt"), []);
    await picture(page, "receipt");

    await page.emulateMedia({ media: "print" });
    const printed = await page.locator("body").innerText();
    for (const word of words) assert.ok(printed.includes(word));
    assert.ok(printed.includes(served.portal.reporterUrl) && printed.includes("Return with your code"));
    for (const secret of ["Rosa", "Nia", "Fixture", "press 9", "handed it over", "Take a report", "Lock now"])
      assert.ok(!printed.includes(secret), `the sheet says ${secret}`);
    await picture(page, "sheet");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const pdf = await page.pdf({ path: join(pictures, "sheet.pdf"), preferCSSPageSize: true });
    assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length, 1, "one sheet");
    await page.emulateMedia({ media: "screen", colorScheme: "light" });

    await page.fill("#handed-word", "zebra");
    await page.click("#handed-over");
    await page.getByText("This is not the word").waitFor();
    await handOver(page, words);
    const left = await page.evaluate(() => document.documentElement.outerHTML);
    assert.ok(!left.includes(`>${words[0]!}<`) && !left.includes(words.join(" ")));
    assert.equal(await page.locator(".th-code-sheet").count(), 0);

    for (const javaScript of [true, false]) {
      const text = await mailboxText(t, words.join(" "), javaScript);
      assert.ok(text.includes(`${wroteDown} ${worried}`), text);
    }

    const carl = await visitConsole(t, browser, served, members.carl);
    await openCaseOf(carl, "press 9");
    const mark = (await carl.locator("#taken-mark").innerText()).replaceAll(/[\u2066-\u2069]/g, "");
    assert.match(mark, /^Taken by Rosa Reviewer by phone on .+\. Rosa Reviewer has seen the receipt code/);
    await picture(carl, "case");

    const nia = await visitConsole(t, browser, served, members.nia);
    await nia.getByText("There is no case for you here yet.").waitFor();
    assert.equal(await nia.locator(".th-case").count(), 0);
  });

  test("who has no part in reports is not offered the screen", async (t) => {
    const page = await visitConsole(t, browser, served, members.olu);
    await page.locator("#screen-presentation").waitFor();
    assert.equal(await page.locator("#screen-taken").count(), 0);
  });

  test("a cut connection is told, and the next try makes one case only", async (t) => {
    const page = await openForm(t, members.rosa);
    await fill(page, "The line went dead on press 5.");
    const before = await countCases();
    let cut = 0;
    // The report arrives; its answer does not.
    await page.context().route("**/reports", async (route) => {
      cut += 1;
      await route.fetch();
      if (cut === 1) await route.abort("failed");
      else await route.continue();
    });
    await page.click("#take");
    await page.locator("#taken-unsure").waitFor();
    assert.equal(await page.locator("#answer-what").inputValue(), "The line went dead on press 5.");
    await picture(page, "unsure");
    const words = await store(page);
    assert.equal(cut, 2);
    await handOver(page, words);
    assert.equal(await countCases(), before + 1);
    await page.click("#screen-cases");
    await openCaseOf(page, "press 5");
  });

  test("what is typed survives a lock, other screens and a newer list of members; the words do not survive a lock", async (t) => {
    const page = await openForm(t, members.rosa);
    await fill(page, "Typed before the lock");
    await page.getByLabel("Rosa Reviewer").check();
    await page.locator("#self-excluded").waitFor();
    await page.locator("#taken-files").setInputFiles({
      name: "letter.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("a letter"),
    });
    await page.click("#screen-cases");
    await page.click("#screen-taken");
    await page.click("#lock");
    await page.getByText("The case desk is locked").waitFor();
    assert.ok(!(await page.content()).includes("Typed before"));
    await signInAgain(page, served, members.rosa);
    await page.locator("#take").waitFor();
    assert.equal(await page.locator("#answer-what").inputValue(), "Typed before the lock");
    assert.ok(await page.getByLabel("By phone").isChecked());
    assert.ok(await page.getByLabel("Rosa Reviewer").isChecked());
    await page.locator(".th-file", { hasText: "letter.txt" }).waitFor();

    await postRosterAfter(served, (content) => content);
    await page.click("#take");
    await page.locator("#readers-changed").waitFor();
    assert.equal(await page.locator("#answer-what").inputValue(), "Typed before the lock");
    const words = await store(page);
    await page.getByText("You left yourself out").waitFor();
    await page.click("#lock");
    await page.getByText("The case desk is locked").waitFor();
    assert.ok(!(await page.content()).includes(`<li>${words[0]!}</li>`));
    await signInAgain(page, served, members.rosa);
    await page.locator("#taken-lost").waitFor();
    assert.equal(await page.locator("#answer-what").inputValue(), "");
    await picture(page, "lost");
    assert.equal(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]).includes("Typed")), false);
  });

  test("somebody else at the same window finds nothing of what was typed", async (t) => {
    const page = await openForm(t, members.rosa);
    await fill(page, "For Rosa's eyes");
    await page.click("#lock");
    await page.getByText("The case desk is locked").waitFor();
    await signInAgain(page, served, members.nia);
    await page.click("#screen-taken");
    await page.locator("#take").waitFor();
    assert.equal(await page.locator("#answer-what").inputValue(), "");
  });

  // The words' list where there is one for the language, English else; words of a list read from left to right.
  for (const [language, dir, list] of [
    ["es", "ltr", "es"],
    ["ar", "rtl", "en"],
  ] as const)
    test(`the sheet for somebody who comes back in ${language} has that language, and words of the list ${list}`, async (t) => {
      const page = await openForm(t, members.nia);
      await fill(page, "About press 3");
      await page.locator("#report-language").selectOption(language);
      const words = await store(page);
      const sheet = page.locator(".th-code-sheet");
      assert.deepEqual([await sheet.getAttribute("lang"), await sheet.getAttribute("dir")], [language, dir]);
      const shown = page.locator(".th-code-sheet__words");
      assert.deepEqual([await shown.getAttribute("lang"), await shown.getAttribute("dir")], [list, "ltr"]);
      const { typed, list: known } = await new CodeLists(readList).read(words.join(" "));
      assert.deepEqual([typed.is, known.language], ["code", list]);
      await picture(page, `sheet-${language}`);
    });
});
