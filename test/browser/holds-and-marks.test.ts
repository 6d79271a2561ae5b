/** Counsel at the console in Chromium: holds for two matters with their notice, and what case files leave out. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { writeNote } from "../../views/browser/client/case-writing.ts";
import { marksOf } from "../../views/browser/client/casefile/marks.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { openCaseOf, signInAgain, toast, turnTo, visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

/** For what looks like a page that is looked at in every way. */
const narrowAndWide = ["desktop-light", "320px"] as const;
const secret = "the valve was never tested";
const what = `On Monday I saw it.\r\nEmma told me that ${secret}.\r\nNobody wrote it down.`;

describe("holds and marks", requireJudge("browser", "qpdf", "pdftotext"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let rosa: Desk;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    rosa = await deskOf(served, served.organisation.members.rosa.seed);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  /** A case with a note that says the secret again, in another way. */
  async function aCase(title: string): Promise<string> {
    const files = [fileOfBytes("ledger-of-emma.txt", new TextEncoder().encode("figures"))];
    await tell(served, { title, what, files });
    const caseId = (await findByTitle(served, rosa, title))!;
    await declare(rosa, caseId, false, "");
    const text = "Asked: THE VALVE  was\nnever tested, says the shift book.";
    await writeNote(rosa, caseId, text, await withoutFiles(rosa, caseId));
    return caseId;
  }

  async function marks(caseId: string): Promise<ReturnType<typeof marksOf>> {
    const { team } = await openCase(rosa, caseId);
    return team.state === "open" ? marksOf(rosa.session.chain, team.entries) : [];
  }

  async function counsel(t: Parameters<typeof visitConsole>[0], title: string, tab: string): Promise<Page> {
    const page = await visitConsole(t, browser, served, served.organisation.members.carl);
    await openCaseOf(page, title);
    await turnTo(page, tab);
    return page;
  }

  test("two matters hold a case, each has its notice, and the server's mark goes off with the last", async (t) => {
    const title = "Two matters";
    const caseId = await aCase(title);
    const page = await counsel(t, title, "Keep or delete");
    const put = page.locator("#hold-form > button");
    await put.click();
    await page.locator("#hold-matter-error").waitFor();
    await page.locator("#hold-reason-error").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "hold-matter");
    for (const matter of ["Superior Court 24-1", "Inquiry of the authority"]) {
      await page.fill("#hold-matter", matter);
      await page.fill("#hold-scope", "Mailboxes of plant 2");
      await page.fill("#hold-from", "2026-11-28");
      await page.fill("#hold-reason", `A letter about ${matter}`);
      await put.click();
      await page.locator("[data-hold]", { hasText: matter }).waitFor();
      assert.equal(await page.inputValue("#hold-matter"), "");
    }
    const hold = (matter: string) => page.locator("[data-hold]", { hasText: matter });
    assert.match(await hold("Superior").innerText(), /Carl Counsel \(you\)|Carl Counsel.*Nov 28, 2026/);

    await hold("Superior").locator("[data-notice]").click();
    await hold("Superior").locator("textarea[id^=hold-notice-to]").fill("Head of plant 2");
    assert.deepEqual(await accessibilityFaults(page, "console-holds"), []);
    const saved = page.waitForEvent("download");
    await hold("Superior").getByRole("button", { name: "Save the notice" }).click();
    const download = await saved;
    assert.match(download.suggestedFilename(), /^hold-notice-[a-z-]+\d*\.pdf$/);
    const file = await download.path();
    execFileSync("qpdf", ["--check", file]);
    const text = execFileSync("pdftotext", [file, "-"], { encoding: "utf8" });
    for (const words of ["Head of plant 2", "Matter: Superior Court 24-1", "Mailboxes of plant 2", "2026-11-28"])
      assert.ok(text.includes(words), words);
    for (const words of [title, "Emma", "valve", "Inquiry of the authority", "A letter about", "Rosa"])
      assert.ok(!text.includes(words), `${words} is in no notice`);
    await toast(page, "The notice was saved");

    for (const [matter, held] of [
      ["Superior", true],
      ["Inquiry", false],
    ] as const) {
      await hold(matter).locator("[data-release]").click();
      const release = hold(matter).locator("form > button").last();
      await release.click();
      await hold(matter).locator("[id^=hold-release-reason][id$=-error]").waitFor();
      if (!held) assert.match(await hold(matter).innerText(), /This is the last hold/);
      await hold(matter).locator("textarea[id^=hold-release-reason]").fill(`${matter} is over`);
      await release.click();
      await page.locator("[data-released]", { hasText: matter }).waitFor({ state: "attached" });
      assert.equal((await openCase(rosa, caseId)).lookup.hold, held);
    }
    assert.equal(await page.locator("[data-keeping-mismatch]").count(), 0);
    await page.locator("#holds summary", { hasText: "Released holds (2)" }).click();
    assert.deepEqual(await accessibilityFaults(page, "console-holds-released", narrowAndWide), []);
    await turnTo(page, "Timeline");
    assert.match(await page.innerText("#tab-panel"), /Hold released[^]*Matter: Superior Court 24-1[^]*Released on/);
  });

  test("words are left out with the keyboard alone, and everywhere; taken back they show again", async (t) => {
    const title = "Keyboard alone";
    const caseId = await aCase(title);
    const page = await counsel(t, title, "Case file");
    const target = page.locator("#target-0-0");
    await target.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    const field = target.locator("textarea").first();
    assert.equal(await field.inputValue(), what.replaceAll("\r\n", "\n"));
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.id), await field.getAttribute("id"));
    await page.keyboard.type("x");
    assert.equal(await field.inputValue(), what.replaceAll("\r\n", "\n"), "the text cannot be changed");
    // Nothing chosen: told, and nothing opens.
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await target.locator(".govuk-error-message", { hasText: "Choose some words" }).waitFor();
    // The second line: "Emma told me that …" up to the dot, behind a line end of two characters.
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    for (let i = 0; i < "Emma told me that ".length; i++) await page.keyboard.press("ArrowRight");
    for (let i = 0; i < secret.length; i++) await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("#mark-form").waitFor();
    assert.equal(await page.innerText("#mark-quote"), secret);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "mark-reason");
    assert.match(await page.innerText("#mark-else"), /in one more place[^]*Note 2[^]*THE VALVE/);
    assert.ok(await page.isChecked("#mark-everywhere"));
    assert.deepEqual(await accessibilityFaults(page, "console-marks-form"), []);

    // Refused while it gives away what is left out; nothing typed is lost.
    await page.fill("#mark-reason", `they say that ${secret.toUpperCase()}`);
    await page.keyboard.press("Tab");
    await page.locator("#mark-save").press("Enter");
    await page.locator("#mark-reason-error", { hasText: "repeats" }).waitFor();
    assert.deepEqual(await marks(caseId), []);

    // Locked and opened again: what was chosen and typed is there.
    await page.fill("#mark-reason", "third person");
    await page.getByRole("button", { name: "Lock" }).click();
    await page.getByLabel("Passphrase").waitFor();
    await signInAgain(page, served, served.organisation.members.carl);
    await page.locator("#mark-form").waitFor();
    assert.equal(await page.inputValue("#mark-reason"), "third person");
    assert.equal(await page.innerText("#mark-quote"), secret);
    await page.locator("#mark-save").press("Enter");
    await toast(page, "left out of case files");
    await page.locator("[data-mark]").nth(1).waitFor();
    const made = await marks(caseId);
    const start = what.indexOf(secret);
    assert.deepEqual(made.map(({ stream, seq, part, span }) => ({ stream, seq, part, span })).slice(0, 1), [
      { stream: 0, seq: 0, part: "answer:what", span: { start, end: start + secret.length } },
    ]);
    assert.deepEqual([made.length, made[1]?.stream, made[1]?.part], [2, 1, "text"]);
    assert.match(
      await target.locator("[data-shown]").innerText(),
      /Emma told me that \[REDACTED – \u2068?third person\u2069?\]\.\s+Nobody/,
    );
    assert.deepEqual(await accessibilityFaults(page, "console-marks-listed", narrowAndWide), []);

    // What is in the way is told.
    await field.evaluate((each: HTMLTextAreaElement) => each.setSelectionRange(0, each.value.length));
    await target.locator('[data-passage="answer:what"]').click();
    await page.locator("#mark-clash", { hasText: "third person" }).waitFor();
    assert.equal(await page.locator("#mark-save").count(), 0);
    assert.deepEqual(await accessibilityFaults(page, "console-marks-clash", narrowAndWide), []);
    await page.locator("#mark-cancel").click();

    // Taken back, with a reason.
    const first = page.locator("[data-mark]").first();
    await first.locator("summary").click();
    await first.getByRole("button", { name: "Show it again" }).click();
    await first.locator(".govuk-error-message").waitFor();
    await first.locator("textarea").fill("Emma agreed");
    await first.getByRole("button", { name: "Show it again" }).click();
    await toast(page, "Case files show it again");
    assert.equal(await page.locator("[data-mark]").count(), 1);
    assert.deepEqual(
      (await marks(caseId)).map(({ stream }) => stream),
      [1],
    );
    await turnTo(page, "Timeline");
    assert.match(await page.innerText("#tab-panel"), /Shown in case files again/);
  });

  test("a privileged note as a whole and an attachment; without its description no ground is taken", async (t) => {
    const title = "Privileged";
    const caseId = await aCase(title);
    const page = await counsel(t, title, "Case file");
    await page.locator("#mark-notes > summary").click();
    await page.locator("#target-1-2 > summary").click();
    await page.locator("#target-1-2 [data-document]").click();
    await page.fill("#mark-reason", "privileged");
    await page.check("#mark-AC");
    await page.check("#mark-WP");
    await page.locator("#mark-save").click();
    await page.locator("#mark-description-error").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "mark-description");
    assert.equal(await page.inputValue("#mark-reason"), "privileged");
    assert.deepEqual(await accessibilityFaults(page, "console-marks-privilege", narrowAndWide), []);
    await page.fill("#mark-description", "Counsel's note of an interview");
    await page.locator("#mark-save").click();
    await page.locator("[data-mark]").waitFor();

    await page.locator("#target-0-0 > summary").click();
    await page.locator("#target-0-0 [data-file]").click();
    assert.equal(await page.innerText("#mark-quote"), "ledger-of-emma.txt");
    await page.fill("#mark-reason", "trade secret");
    await page.locator("#mark-save").click();
    await page.locator("[data-mark]").nth(1).waitFor();
    const made = await marks(caseId);
    assert.deepEqual(
      made.map(({ part, span, bases, description }) => [part, span, bases, description]),
      [
        ["document", null, ["AC", "WP"], "Counsel's note of an interview"],
        ["file:0", null, [], ""],
      ],
    );
    // Once more the same: it is left out already.
    await page.locator("#target-0-0 [data-file]").click();
    await page.locator("#mark-clash").waitFor();
    await page.locator("#mark-cancel").click();
    assert.deepEqual(await accessibilityFaults(page, "console-marks-whole", narrowAndWide), []);
  });

  test("who is no counsel is offered no marks", async (t) => {
    await aCase("No counsel");
    const page = await visitConsole(t, browser, served, served.organisation.members.rosa);
    await openCaseOf(page, "No counsel");
    await turnTo(page, "Case file");
    await page.locator("#tab-panel form").first().waitFor();
    assert.equal(await page.locator("#marks").count(), 0);
  });
});
