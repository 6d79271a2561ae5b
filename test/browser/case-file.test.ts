/**
 * Counsel's case file in a real browser: chosen, looked at, saved, and what other people's programs say of it. Leaves the
 * export of several cases and counsel.pub in test/output/, for anyone to check.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { utf8 } from "../../crypto/bytes.ts";
import { ensureBuilt } from "../support/built.ts";
import { reply } from "../../views/browser/client/case-writing.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import {
  lookAtCaseFile,
  openCaseOf,
  saveCaseFile,
  savedFile,
  toast,
  turnTo,
  visitConsole,
  signInAgain,
} from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const output = join(import.meta.dirname, "../output");
const scripts = "Report: تقرير · דוח · रिपोर्ट · 报告 · 報告書 · 보고서 · 😀";

describe("counsel's case file", requireJudge("browser", "minisign", "unzip", "qpdf", "pdftotext"), () => {
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    browser = await launchBrowser();
    await tell(served, { title: "Press 4", what: scripts, files: [fileOfBytes("a.txt", utf8("a list\n"))] });
    await tell(served, { title: "Press 5", categories: ["fraud"] });
    const files = Array.from({ length: 150 }, (_, i) => fileOfBytes(`${i}.txt`, utf8(String(i))));
    await tell(served, { title: "Not declared", files });
    const desk = await deskOf(served, served.organisation.members.carl.seed);
    for (const title of ["Press 4", "Press 5"]) {
      const caseId = (await findByTitle(served, desk, title))!;
      await declare(desk, caseId, false, "");
      await reply(desk, caseId, { text: "We look into it.", status: "open" }, await withoutFiles(desk, caseId));
    }
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  const visit = (t: TestContext): Promise<Page> => visitConsole(t, browser, served, served.organisation.members.carl);
  const figure = (page: Page, name: string): Promise<string> =>
    page
      .locator(".govuk-summary-list__row", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
      .locator("dd")
      .innerText();

  test("of one case: wrong choices are told at their field, and what is in it is shown before it is saved", async (t) => {
    const page = await visit(t);
    await openCaseOf(page, "Press 4");
    await turnTo(page, "Case file");
    await page.getByText("Numbers and pages").click();
    await page.fill("#casefile-prefix", "th 1");
    await page.fill("#casefile-first", "0");
    await page.getByRole("button", { name: "Look at what would be in it" }).click();
    assert.equal(await page.locator("#casefile-prefix-error, #casefile-first-error").count(), 2);
    assert.equal(await page.inputValue("#casefile-prefix"), "th 1", "what was typed stays");
    await page.fill("#casefile-prefix", "ACME-2");
    await page.fill("#casefile-first", "41");
    await page.fill("#casefile-designation", "CONFIDENTIAL");
    await page.uncheck("#casefile-conversation");
    await page.getByRole("button", { name: "Look at what would be in it" }).click();
    assert.equal(await page.locator("#casefile-conversation-error, .govuk-error-message").count(), 1);
    await page.check("#casefile-conversation");
    await lookAtCaseFile(page);
    assert.deepEqual(
      [await figure(page, "Documents"), await figure(page, "Pages"), await figure(page, "Attachments")],
      ["2", "3", "1"],
    );
    assert.deepEqual(await accessibilityFaults(page, "casefile-plan"), []);
    await page.check("#casefile-notes");
    assert.equal(await page.locator("#casefile-plan").count(), 0, "what was looked at is not what would be made now");
  });

  test("of several cases, by category and one by one; the export is left for anyone to check", async (t) => {
    const page = await visit(t);
    await page.click("#screen-casefiles");
    assert.match(await page.innerText("#casefile-count"), /^2 of 2/, "no case in which nothing was declared");
    assert.deepEqual(await accessibilityFaults(page, "casefiles"), []);
    await page.selectOption("#casefile-category", "fraud");
    assert.match(await page.innerText("#casefile-count"), /^1 of 1/);
    await page.selectOption("#casefile-category", "");
    await page.fill("#casefile-from", "2999-01-01");
    await page.getByRole("button", { name: "Look at what would be in it" }).click();
    assert.equal(await page.locator("#casefile-scope .govuk-error-message").count(), 1);
    await page.fill("#casefile-from", "");
    await lookAtCaseFile(page);
    assert.equal(await figure(page, "Cases"), "2");
    assert.match(await page.innerText("#casefile-names"), /^[a-z]+-[a-z]+-\d{4}, [a-z]+-[a-z]+-\d{4}$/);
    const { bytes } = await savedFile(page, () => saveCaseFile(page));
    await toast(page, "The case file was saved.");
    const key = await page.innerText("#counsel-key");
    rmSync(output, { recursive: true, force: true });
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, "case-file.zip"), bytes);
    writeFileSync(join(output, "counsel.pub"), `${key.trim()}\n`);
    execFileSync("unzip", ["-q", "case-file.zip", "-d", "unpacked"], { cwd: output });
    const [name] = readdirSync(join(output, "unpacked"));
    const cwd = join(output, "unpacked", name!);
    execFileSync("minisign", ["-Vm", "tagmanifest-sha256.txt", "-p", "../../counsel.pub"], { cwd });
    for (const list of ["tagmanifest-sha256.txt", "manifest-sha256.txt"])
      execFileSync("sha256sum", ["-c", "--strict", "--quiet", list], { cwd });
    const said = execFileSync("sh", ["verify.sh", "../../counsel.pub"], { cwd, encoding: "utf8" });
    assert.match(said, /signature/);
    const pdfs = readdirSync(join(cwd, "data/pdf"));
    assert.equal(pdfs.length, 5);
    for (const pdf of pdfs) execFileSync("qpdf", ["--check", join("data/pdf", pdf)], { cwd });
    const text = pdfs
      .map((pdf) => execFileSync("pdftotext", [join("data/pdf", pdf), "-"], { cwd, encoding: "utf8" }))
      .join("\n");
    for (const word of ["تقرير", "דוח", "रिपोर्ट", "报告", "報告書", "보고서", "😀"])
      assert.ok(text.includes(word), word);
    assert.match(readFileSync(join(cwd, "data/logs/audit.jsonl"), "utf8"), /"checkpoint"/);
    for (const title of ["Press 4", "Press 5"]) {
      await page.click("#screen-cases");
      await openCaseOf(page, title);
      await turnTo(page, "Timeline");
      await page.getByText("A case file with this case was exported").waitFor();
    }
  });

  test("cancelled while pages are made: nothing is saved, and it can be made again", async (t) => {
    const page = await visit(t);
    await openCaseOf(page, "Not declared");
    await turnTo(page, "Case file");
    await page.getByRole("button", { name: "Look at what would be in it" }).click();
    const cancel = page.getByRole("button", { name: "Cancel" });
    await cancel.waitFor();
    // At once: a mouse would wait until the bar stands still.
    await cancel.dispatchEvent("click");
    await page.locator(".th-job").waitFor({ state: "detached" });
    assert.equal(await page.locator("#casefile-plan").count(), 0);
    await lookAtCaseFile(page);
    assert.equal(await figure(page, "Attachments"), "150");
  });

  test("a locked console forgets what was looked at, and keeps what was chosen", async (t) => {
    const page = await visit(t);
    await page.click("#screen-casefiles");
    await page.getByText("Numbers and pages").click();
    await page.fill("#casefile-prefix", "ACME");
    await lookAtCaseFile(page);
    await page.click("#lock");
    await page.locator("#key-file").waitFor();
    assert.ok(!(await page.content()).includes("casefile-plan"));
  });
});

describe("a case file that needs approval", requireJudge("browser", "minisign", "unzip"), () => {
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" }, 2, { approval: true });
    browser = await launchBrowser();
    await tell(served, { title: "Press 4" });
    for (const member of [served.organisation.members.carl, served.organisation.members.rosa]) {
      const desk = await deskOf(served, member.seed);
      await declare(desk, (await findByTitle(served, desk, "Press 4"))!, false, "");
    }
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  test("is asked for, made again and signed by another reader, and saved with both signatures", async (t) => {
    const { carl, rosa } = served.organisation.members;
    const counsel = await visitConsole(t, browser, served, carl);
    await openCaseOf(counsel, "Press 4");
    await turnTo(counsel, "Case file");
    await lookAtCaseFile(counsel);
    assert.equal(await counsel.getByRole("button", { name: "Save case file" }).count(), 0);
    await counsel.getByRole("button", { name: "Ask them" }).click();
    assert.equal(await counsel.locator("#casefile-to-error").count(), 1);
    await counsel.selectOption("#casefile-to", { label: "Rosa Reviewer, reviewer" });
    await counsel.fill("#casefile-reason", "For the hearing");
    assert.deepEqual(await accessibilityFaults(counsel, "casefile-ask"), []);
    await counsel.getByRole("button", { name: "Ask them" }).click();
    await toast(counsel, "They were asked.");
    await counsel.locator('[data-request="waiting"]').waitFor();

    const reader = await visitConsole(t, browser, served, rosa);
    await reader.getByRole("link", { name: "Deutsch", exact: true }).click();
    await reader.getByRole("heading", { level: 1, name: "Ihren Schlüssel öffnen" }).waitFor();
    await signInAgain(reader, served, rosa);
    await openCaseOf(reader, "Press 4");
    await turnTo(reader, "Fallakte");
    await reader.getByText("For the hearing").waitFor();
    assert.equal(await reader.getByRole("button", { name: "vergleichen" }).count(), 0, "its words are in English");
    await reader.getByRole("link", { name: "Melden Sie sich unter /en/ dieses Portals an" }).click();
    await signInAgain(reader, served, rosa);
    await openCaseOf(reader, "Press 4");
    await turnTo(reader, "Case file");
    await reader.getByRole("button", { name: "Make it again and compare" }).click();
    await reader.getByText("it is the same, byte for byte").waitFor({ timeout: 120_000 });
    assert.match(await reader.innerText("#casefile-chosen"), /Report and messages[^]*Attachments[^]*Log/);
    assert.equal(await reader.getByText("Show it again").count(), 0, "whoever approves takes no mark back");
    assert.deepEqual(await accessibilityFaults(reader, "casefile-approve"), []);
    await reader.click("#casefile-refuse");
    assert.equal(await reader.locator("#casefile-answer-error").count(), 1, "a refusal needs a reason");
    await reader.click("#casefile-approve");
    await toast(reader, "You approved the case file and signed it.");
    const key = await savedFile(reader, () => reader.getByRole("button", { name: "Save approver.pub" }).click());
    assert.equal(key.download.suggestedFilename(), "approver.pub");
    assert.deepEqual(await accessibilityFaults(reader, "casefile-approved"), []);

    await counsel.getByRole("button", { name: "Check for new cases" }).click();
    await openCaseOf(counsel, "Press 4");
    await turnTo(counsel, "Case file");
    await counsel.getByRole("button", { name: "Make it again to save it" }).click();
    await counsel.getByRole("button", { name: "Save case file" }).waitFor({ timeout: 120_000 });
    const { bytes } = await savedFile(counsel, () => saveCaseFile(counsel));
    const folder = mkdtempSync(join(tmpdir(), "tellhaven-approved-"));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "case.zip"), bytes);
    writeFileSync(join(folder, "approver.pub"), key.bytes);
    execFileSync("unzip", ["-q", "-j", "case.zip"], { cwd: folder });
    const judge = ["-Vm", "tagmanifest-sha256.txt", "-x", "tagmanifest-sha256.txt.approver.minisig"];
    execFileSync("minisign", [...judge, "-p", "approver.pub"], { cwd: folder, stdio: "ignore" });
    await counsel.locator('[data-request="exported"]').waitFor();
  });
});
