/** Two readers keep and delete a case in Chromium: proposal, date, hold, warnings; and what is said when it is gone. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { fromHex } from "../../crypto/bytes.ts";
import { addMonths } from "../../data/policy/deadlines/calendar.ts";
import { formatDay, textOfDay } from "../../data/policy/update-date.ts";
import { findCase, storeState } from "../../server/app/case-state.ts";
import { ensureBuilt } from "../support/built.ts";
import { decide } from "../../views/browser/client/case-writing.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { openCaseOf, turnTo, visitConsole } from "../support/console-visit.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext } from "../support/watched-context.ts";

const today = Math.floor(Date.now() / 86_400_000);
const long = (day: number): string => formatDay(day, "en");
/** As the console writes days. */
const medium = (day: number): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day * 86_400_000));

describe("keeping and deleting", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let desk: Desk;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50", KEYRING_BACKUP_DAYS: "12" });
    desk = await deskOf(served, served.organisation.members.rosa.seed);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function openKeep(page: Page, title: string): Promise<void> {
    await openCaseOf(page, title);
    await turnTo(page, "Keep or delete");
    await page.locator("#hold-form").waitFor();
  }

  const button = (page: Page, name: string): ReturnType<Page["getByRole"]> => page.getByRole("button", { name });

  async function look(page: Page): Promise<void> {
    await button(page, "Check for new cases").click();
    await page.locator("#case-title").waitFor();
  }

  async function closed(title: string, categories: string[]): Promise<{ code: string; caseId: string }> {
    const code = await tell(served, { title, categories });
    const caseId = (await findByTitle(served, desk, title))!;
    return { code, caseId };
  }

  test("date by the proposal, hold by another reader, warnings, and the mailbox afterwards", async (t) => {
    const title = "Parts signed off unseen";
    const { code, caseId } = await closed(title, ["environment"]);
    const { rosa, carl } = served.organisation.members;
    const page = await visitConsole(t, browser, served, rosa);
    await openKeep(page, title);
    assert.match(await page.innerText("#tab-panel"), /Only a closed case gets a date/);
    await decide(desk, caseId, { phase: "closed", disposition: "withdrawn", reason: "asked", on: textOfDay(today) });
    await look(page);

    // The proposal, and what is missing.
    const proposed = addMonths(today, 2);
    await page.locator("#proposal", { hasText: `Our proposal: ${medium(proposed)}` }).waitFor();
    assert.match(await page.innerText("#proposal"), /CNIL.*others' words only.*not legal advice/s);
    assert.equal(await page.inputValue("#delete-on"), textOfDay(proposed));
    await button(page, "Save date").click();
    await page.locator("#delete-on-reason-error").waitFor();
    await page.fill("#delete-on", textOfDay(today));
    await page.fill("#delete-on-reason", "Nothing follows from it");
    await button(page, "Save date").click();
    await page.locator("#delete-on-error").waitFor();
    assert.deepEqual(await accessibilityFaults(page, "console-keep-faults"), []);
    await page.getByRole("button", { name: "Use the proposal" }).click();
    await button(page, "Save date").click();
    await page.locator("#date-form", { hasText: `deleted on ${medium(proposed)}` }).waitFor();
    assert.match(await page.innerText("#date-form"), new RegExp(`open copies until ${medium(proposed + 12)}`));
    assert.equal(await page.inputValue("#delete-on-reason"), "");
    assert.equal(await page.locator("[data-keeping]").count(), 0, "it is far away");

    // The other reader sees it, brings it near, and puts a hold on.
    const other = await visitConsole(t, browser, served, carl);
    await openKeep(other, title);
    await other.locator("#date-form", { hasText: `deleted on ${medium(proposed)}` }).waitFor();
    await other.fill("#delete-on", textOfDay(today + 7));
    await other.fill("#delete-on-reason", "The works council asked");
    await button(other, "Save date").click();
    await other.locator(`.th-case-facts [data-keeping="soon"]`).waitFor();
    await other.fill("#delete-on", textOfDay(today + 30));
    await other.fill("#delete-on-reason", "No, a month");
    await button(other, "Save date").click();
    await other.locator(`.th-case-facts [data-keeping="month"]`).waitFor();
    await look(page);
    await page.locator(".th-case", { hasText: title }).locator('[data-keeping="month"]').waitFor();
    await page.locator('[data-keeping-notice="month"]', { hasText: medium(today + 30) }).waitFor();
    assert.deepEqual(await accessibilityFaults(page, "console-keep-dated"), []);
    await button(other, "Put on hold").click();
    await other.locator("#hold-reason-error").waitFor();
    await other.fill("#hold-matter", "The court's matter");
    await other.fill("#hold-reason", "A letter from a court");
    await button(other, "Put on hold").click();
    await other.locator("#holds", { hasText: "This case is on hold" }).waitFor();
    await look(page);
    await page.locator('.th-case-facts [data-keeping="blocked"]').waitFor();
    assert.equal(await page.locator("#delete-name").count(), 0, "what is on hold is not deleted by hand");
    assert.deepEqual(await accessibilityFaults(page, "console-keep-held"), []);
    await page.getByRole("tab", { name: /Notes/ }).click();
    assert.match(await page.innerText("#tab-panel"), /A letter from a court/);

    // Lifted; the date taken back; deleted by hand; what is said of backups.
    await page.getByRole("tab", { name: "Keep or delete" }).click();
    await page.locator("[data-release]").click();
    await page.locator("textarea[id^=hold-release-reason]").fill("The court is done");
    await page.locator("[data-hold] form > button", { hasText: "Release" }).click();
    await page.locator("#holds", { hasText: "No hold is on this case" }).waitFor();
    await page.fill("#delete-on-reason", "By hand instead");
    await button(page, "Take the date back").click();
    await page.locator("#date-form", { hasText: "No date is set" }).waitFor();
    assert.equal(await page.locator("[data-keeping], [data-keeping-mismatch]").count(), 0);
    const name = await page.innerText(".th-identity__name");
    assert.match(await page.innerText("#tab-panel"), new RegExp(`If you delete it today.*until ${medium(today + 12)}`));
    await page.fill("#delete-name", name);
    await button(page, "Delete this case").click();
    await page.locator("#deleted-case", { hasText: `${name} was deleted on ${medium(today)}` }).waitFor();
    assert.match(await page.innerText("#deleted-case"), new RegExp(`open copies until ${medium(today + 12)}`));
    assert.deepEqual(await accessibilityFaults(page, "console-keep-gone"), []);
    await page.setViewportSize({ width: 390, height: 844 });
    assert.ok(await page.locator("#deleted-case").isVisible(), "on a phone too");

    const context = await openContext(t, browser, { origins: [served.portal.reporterUrl] });
    const mailbox = await context.newPage();
    await mailbox.goto(`${served.portal.reporterUrl}/en/mailbox`);
    await mailbox.fill("#code", code);
    await mailbox.click("#open");
    await mailbox.waitForSelector("#deleted:not([hidden])");
    assert.equal(await mailbox.innerText("#deleted-title"), `This report was deleted on ${long(today)}`);
    assert.match(
      await mailbox.innerText("#deleted-backups"),
      new RegExp(`backup of its key until ${long(today + 12)}`),
    );
  });

  test("a server that has another hold than readers signed is told on", async (t) => {
    const title = "A hold that nobody signed";
    const { caseId } = await closed(title, ["environment"]);
    await decide(desk, caseId, { phase: "closed", disposition: "referred", reason: "x", on: textOfDay(today) });
    const page = await visitConsole(t, browser, served, served.organisation.members.rosa);
    await openKeep(page, title);
    assert.equal(await page.locator("[data-keeping-mismatch]").count(), 0);
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    assert.ok(await storeState(context, found, { ...found.state, hold: true, deleteOn: today + 3 }));
    await page.locator(".th-case", { hasText: title }).click();
    const notice = page.locator("[data-keeping-mismatch]");
    await notice.waitFor();
    assert.match(
      await notice.innerText(),
      new RegExp(`Signed: no hold, no date.*on hold, to be deleted on ${medium(today + 3)}`),
    );
    assert.deepEqual(await accessibilityFaults(page, "console-keep-mismatch"), []);
  });

  test("the operator takes a proposal away and adds one; readers are shown that", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.olu);
    await button(page, "What reporters see").click();
    await page.locator("#file-retention").click();
    await page.locator("#file-title", { hasText: "How long closed cases are kept" }).waitFor();
    assert.equal(await page.locator("#retention-OTHER").count(), 0, "the last row cannot be taken away");
    await page.getByLabel(/^EMPLOYMENT/).uncheck();
    assert.deepEqual(await accessibilityFaults(page, "console-retention-file"), []);
    await page.locator("#save").click();
    await page.locator(".th-toast", { hasText: "Saved" }).waitFor();
    const presentation = served.portal.context.presentation.current();
    assert.ok(!presentation.retention.some(({ id }) => id === "EMPLOYMENT"));

    const title = "Shouting in the store";
    const { caseId } = await closed(title, ["harassment"]);
    await decide(desk, caseId, { phase: "closed", disposition: "withdrawn", reason: "asked", on: textOfDay(today) });
    const reader = await visitConsole(t, browser, served, served.organisation.members.rosa);
    await openKeep(reader, title);
    await reader.locator("#proposal", { hasText: `Our proposal: ${medium(addMonths(today, 2))}` }).waitFor();
  });
});
