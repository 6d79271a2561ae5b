/** Something is on its way at the desk, and its member turns to something else meanwhile. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { openCase } from "../../views/browser/client/casework.ts";
import { syncFeed } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { deskOf, findByTitle } from "../support/casework.ts";
import { useConsole, type Who } from "../support/console-suite.ts";
import { openCaseOf, signInAgain, toast, turnTo } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { holdBack } from "../support/held-back.ts";

const bin = (name: string, size: number): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.alloc(size, 7),
});

describe("several things at once", requireJudge("browser"), () => {
  const suite = useConsole();
  const { visit } = suite;

  const made = (title: string, who: readonly Who[] = ["rosa"]): Promise<string> => suite.cleared({ title }, ...who);

  const row = (page: Page, title: string): Locator => page.locator(".th-case", { hasText: title });

  async function turnToCase(page: Page, title: string): Promise<void> {
    await row(page, title).click();
    await page.locator("#case-title", { hasText: title }).waitFor();
  }

  test("a reply on its way is not sent again after a look at another case", async (t) => {
    const caseId = await made("Alpha");
    await made("Bravo");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Alpha");
    await page.fill("#reply", "We look into it.");
    await page.locator("#reply-files").setInputFiles(bin("big.bin", 300_000));
    const uploads = await holdBack(page.context(), "**/uploads/**", "PUT");
    const send = page.getByRole("button", { name: "Send reply" });
    await send.click();
    await uploads.held;
    await turnToCase(page, "Bravo");
    assert.equal(await send.isDisabled(), false, "another case is not held up");
    assert.equal(await page.locator(".th-job").count(), 0, "and says nothing of the reply");
    await turnToCase(page, "Alpha");
    assert.equal(await send.isDisabled(), true);
    await page.locator("#job-reply", { hasText: "Sending" }).waitFor();
    uploads.release();
    await toast(page, "Your reply was sent");
    assert.equal(await page.inputValue("#reply"), "");
    const desk = await deskOf(suite.served, suite.served.organisation.members.rosa.seed);
    await findByTitle(suite.served, desk, "Alpha");
    const { entries } = await openCase(desk, caseId);
    assert.equal(entries.filter(({ kind }) => kind === "reply").length, 1);
  });

  test("an error of one case's reply is told in that case, and is there on coming back", async (t) => {
    await made("India");
    await made("Juliet");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "India");
    await page.fill("#reply", "For India only");
    const posts = await holdBack(page.context(), "**/streams/0", "POST");
    await page.getByRole("button", { name: "Send reply" }).click();
    await posts.held;
    await turnToCase(page, "Juliet");
    await page.context().setOffline(true);
    posts.release();
    // It fails at once, which shows nowhere here.
    await page.waitForTimeout(1_500);
    assert.equal(await page.locator(".govuk-error-summary").count(), 0);
    await page.context().setOffline(false);
    await turnToCase(page, "India");
    await page.locator(".govuk-error-summary[data-focus='reply']").waitFor();
    assert.equal(await page.inputValue("#reply"), "For India only");
  });

  test("who steps back from a case and turns to another keeps that one", async (t) => {
    await made("Foxtrot", ["rosa", "nia"]);
    await made("Hotel");
    const page = await visit(t, "nia");
    await openCaseOf(page, "Foxtrot");
    await page.fill("#reply", "A long draft of an answer");
    const undeclared = page.locator('.th-case[data-gate="undeclared"]');
    const before = await page.locator(".th-case").count();
    await undeclared.first().click();
    const name = await page.innerText(".th-case-head__name");
    await page.click("#conflict");
    const posts = await holdBack(page.context(), "**/cases/**", "POST");
    await page.click("#conflict-sure");
    await posts.held;
    await row(page, "Foxtrot").click();
    posts.release();
    await toast(page, "You said that you have a conflict");
    await page.locator("#case-title", { hasText: "Foxtrot" }).waitFor();
    assert.equal(await page.inputValue("#reply"), "A long draft of an answer");
    assert.equal(await page.locator(".th-case").count(), before - 1);
    assert.equal(await row(page, name).count(), 0, "the case that was given up is gone");
  });

  test("deleting one case leaves another open", async (t) => {
    await made("Gone");
    await made("Stays");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Gone");
    await turnTo(page, "Status");
    await page.check("#phase-closed");
    await page.selectOption("#disposition", "referred");
    await page.fill("#reason", "Not ours");
    await page.fill("#tell-reporter", "We passed it on.");
    await page.getByRole("button", { name: "Save status" }).click();
    await toast(page, "The status was saved.");
    await turnTo(page, "Keep or delete");
    await page.fill("#delete-name", await page.innerText(".th-identity__name"));
    const deletion = await holdBack(page.context(), "**/cases/*", "DELETE");
    await page.getByRole("button", { name: "Delete this case" }).click();
    await deletion.held;
    await turnToCase(page, "Stays");
    await turnTo(page, "Report and messages");
    await page.fill("#reply", "Half an answer");
    deletion.release();
    await row(page, "Gone").waitFor({ state: "detached" });
    assert.equal(await page.locator("#case-title", { hasText: "Stays" }).count(), 1);
    assert.equal(await page.inputValue("#reply"), "Half an answer");
  });

  test("closing many as spam can still be stopped after a case was opened", async (t) => {
    for (const title of ["Junk one", "Junk two", "Junk three"]) await made(title);
    const page = await visit(t, "rosa");
    await page.fill("#queue-text", "junk");
    await row(page, "Alpha").waitFor({ state: "detached" });
    await page.click("#queue-all");
    await page.locator('[data-bulk="spam"]').click();
    await page.fill("#bulk-reason", "Adverts");
    const posts = await holdBack(page.context(), "**/streams/**", "POST");
    await page.click("#bulk-run");
    await posts.held;
    await page.locator(".th-case").first().click();
    await page.locator("#case-title").waitFor();
    await page.locator("#bulk-stop:enabled").click();
    posts.release();
    await page.locator("#bulk-over").waitFor();
    assert.match(await page.innerText("#bulk-over"), /2/, "two were not begun");
  });

  test("who said 'conflict' elsewhere is told that the case is gone", async (t) => {
    await made("Kilo");
    const [one, two] = [await visit(t, "nia"), await visit(t, "nia")];
    for (const page of [one, two]) {
      await page.locator('.th-case[data-gate="undeclared"]').first().click();
      await page.locator("#conflict").waitFor();
    }
    assert.equal(await one.innerText(".th-case-head__name"), await two.innerText(".th-case-head__name"));
    await one.click("#conflict");
    await one.click("#conflict-sure");
    await toast(one, "You said that you have a conflict");
    await two.click("#no-conflict");
    await toast(two, "You said that you have a conflict");
    assert.equal(await two.locator("#no-conflict").count(), 0, "nothing is asked any more");
  });

  async function startTaking(page: Page, what: string): Promise<void> {
    await page.click("#screen-taken");
    await page.locator("#take").waitFor();
    await page.getByLabel("By letter").check();
    await page.locator("#answer-what").fill(what);
  }

  async function casesInAll(): Promise<number> {
    for (let i = 0; i < 3; i++) await suite.served.portal.tick();
    const desk = await deskOf(suite.served, suite.served.organisation.members.carl.seed);
    await syncFeed(desk);
    return (await listCases(desk)).listings.length;
  }

  test("a report that was taken is stored once, and every screen says that its words wait", async (t) => {
    const before = await casesInAll();
    const page = await visit(t, "rosa");
    await startTaking(page, "A letter came");
    await page.locator("#taken-files").setInputFiles(bin("scan.bin", 300_000));
    const uploads = await holdBack(page.context(), "**/uploads/**", "PUT");
    await page.click("#take");
    await uploads.held;
    await page.click("#screen-cases");
    await page.click("#screen-taken");
    await page.locator("#job-taken").waitFor();
    assert.equal(await page.locator("#take").isDisabled(), true);
    await page.click("#screen-cases");
    assert.equal(await page.locator("#taken-waits").count(), 0);
    uploads.release();
    await page.locator("#taken-waits", { hasText: "The report is stored. Hand over these words" }).waitFor();
    await page.locator("#taken-waits").getByRole("button").click();
    assert.equal(await page.locator(".th-code-sheet__words li").count(), 8);
    assert.equal(await casesInAll(), before + 1);
  });

  test("after a lock every screen says that the words of a report are gone, until it was read", async (t) => {
    const page = await visit(t, "rosa");
    await startTaking(page, "Another letter came");
    await page.click("#take");
    await page.locator("#receipt-title").waitFor();
    await page.click("#screen-cases");
    await page.click("#lock");
    await page.locator("#key-file").waitFor();
    await signInAgain(page, suite.served, suite.served.organisation.members.rosa);
    await page.locator("#taken-waits", { hasText: "They are gone" }).waitFor();
    await page.locator("#taken-waits").getByRole("button").click();
    await page.locator("#taken-lost").waitFor();
    await page.click("#screen-cases");
    assert.equal(await page.locator("#taken-waits").count(), 0);
  });
});
