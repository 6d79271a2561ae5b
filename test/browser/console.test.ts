/** The case desk in a real Chromium: what reviewers and counsel see, and what never leaves the worker. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Download, Page } from "playwright-core";
import { flagUrgent } from "../../crypto/envelope/wire.ts";
import { formatRecoveryWords } from "../../crypto/words.ts";
import { axeFaults } from "../support/axe.ts";
import { ensureBuilt } from "../support/built.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { launchBrowser } from "../support/browser.ts";
import { fileOfBytes, tell } from "../support/casework.ts";
import type { FixtureMember } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";
import {
  chooseKey,
  giveKey,
  lookAtCaseFile,
  openCaseOf,
  passphrase,
  saveCaseFile,
  toast,
} from "../support/console-visit.ts";
import { openCopy, passphrase as copyPassphrase, writeKeyFile } from "../support/sealed-copy.ts";

/** More than is verified in memory: goes through the service worker. */
const largeBytes = 40 * 1024 * 1024 + 12_345;
const naughty = `<img src=x onerror=alert(1)><script>alert(1)</script>"'><svg onload=alert(1)>\${7*7}{{7*7}}`;

describe("the case desk", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  const large = randomBytes(largeBytes);
  const codes: Record<string, string> = {};

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    codes["press"] = await tell(served, {
      title: "Press 4 runs without its guard",
      what: "The guard was taken off.\nNobody put it back.",
      excluded: [6],
      files: [fileOfBytes("small photo.jpg", randomBytes(100_000)), fileOfBytes("large film.mp4", large)],
    });
    codes["naughty"] = await tell(served, { title: naughty.slice(0, 120), what: naughty, categories: [naughty] });
    codes["other"] = await tell(served, { title: "Another one", flags: flagUrgent });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function open(t: TestContext, options: Partial<ContextOptions> = {}): Promise<Page> {
    const context = await openContext(t, browser, { origins: [served.portal.consoleUrl], ...options });
    const page = await context.newPage();
    page.on("dialog", (dialog) => assert.fail(`a dialog said ${dialog.message()}`));
    await page.goto(served.portal.consoleUrl);
    return page;
  }

  async function signIn(page: Page, who: FixtureMember): Promise<void> {
    await giveKey(page, served, who);
    await page.locator(".th-cases").waitFor();
  }

  const tab = (page: Page, name: string): Promise<void> => page.getByRole("tab", { name }).click();

  async function saved(page: Page, click: () => Promise<void>): Promise<{ download: Download; bytes: Buffer }> {
    const waiting = page.waitForEvent("download", { timeout: 60_000 });
    await click();
    const download = await waiting;
    return { download, bytes: readFileSync(await download.path()) };
  }

  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

  test("a wrong passphrase and a key of somebody who left are told in words", async (t) => {
    const page = await open(t);
    const { rosa, dana } = served.organisation.members;
    await page.getByRole("button", { name: "Open", exact: true }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "key-file");
    for (const [who, typed, words] of [
      [rosa, "wrong horse", /does not open this key file/],
      [dana, passphrase, /not on the current list of members/],
    ] as const) {
      await chooseKey(page, served, who);
      await page.getByLabel("Passphrase").fill(typed);
      await page.getByRole("button", { name: "Open", exact: true }).click();
      await page.getByRole("alert").filter({ hasText: words }).waitFor();
    }
  });

  test("the recovery member signs in with 24 words", async (t) => {
    const page = await open(t);
    await page.getByRole("button", { name: "Use recovery words instead" }).click();
    await page
      .getByLabel("Your 24 recovery words")
      .fill(formatRecoveryWords(served.organisation.members.paper.seed).join(" "));
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.locator(".th-bar__who", { hasText: "Paper in the safe" }).waitFor();
  });

  test("what a reporter wrote stays text", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.rosa);
    await openCaseOf(page, naughty.slice(0, 60));
    assert.equal(await page.locator(".th-answers .th-written").first().innerText(), naughty);
    assert.equal(await page.locator("#console img, #console svg, #console script").count(), 0);
  });

  test("a reply with a file, a note and a decision reach those they are for", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.rosa);
    await openCaseOf(page, "Another one");
    await page.getByRole("button", { name: "Send reply" }).click();
    await page.getByText("Write something or add a file").waitFor();
    await page.getByLabel("Your reply").fill("Thank you.\nWe will look into it.");
    await page
      .getByLabel("Add files")
      .setInputFiles({ name: "form.pdf", mimeType: "application/pdf", buffer: Buffer.from("a form") });
    await page.getByRole("button", { name: "Send reply" }).click();
    await page.getByText("Your reply was sent.").waitFor();
    assert.equal(await page.getByLabel("Your reply").inputValue(), "");

    await tab(page, "Notes");
    await page.getByLabel("New note").fill("For us alone");
    await page.getByRole("button", { name: "Keep note" }).click();
    await page.locator(".th-note", { hasText: "For us alone" }).waitFor();

    await tab(page, "Status");
    await page.getByLabel("Closed: the work is done").check();
    await page.getByLabel("Outcome").selectOption("referred");
    await page.getByLabel("Why").fill("Not ours");
    await page.getByRole("button", { name: "Save status" }).click();
    await page.locator("#tell-reporter-error", { hasText: "Say what came of it" }).waitFor();
    await page.getByLabel("Tell the reporter").fill("We passed it on.");
    await page.getByRole("button", { name: "Save status" }).click();
    await page.getByText("The status was saved.").waitFor();
    await page.locator(".th-case", { hasText: "Another one" }).filter({ hasText: "Closed" }).waitFor();

    const api = { origin: served.portal.reporterUrl };
    const mailbox = (await openMailboxByCode(api, (await fetchPortal(api)).chain!, codes["other"]!))!;
    assert.deepEqual(
      mailbox.entries.slice(1).map(({ content }) => ("text" in content ? content.text : null)),
      ["Thank you.\nWe will look into it.", "We passed it on."],
    );
  });

  test("without a network the text stays, and sending again sends it once", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.rosa);
    await openCaseOf(page, "Press 4");
    await page.getByLabel("Your reply").fill("Typed in a tunnel");
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Send reply" }).click();
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByLabel("Your reply").inputValue(), "Typed in a tunnel");
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Send reply" }).click();
    await page.getByText("Your reply was sent.").waitFor();
    assert.equal(await page.locator(".th-message", { hasText: "Typed in a tunnel" }).count(), 1);
  });

  test("locking takes what was decrypted off the page and keeps what was typed", async (t) => {
    const page = await open(t);
    const { rosa } = served.organisation.members;
    await signIn(page, rosa);
    await openCaseOf(page, "Press 4");
    await page.getByLabel("Your reply").fill("A long thought");
    await page.getByRole("button", { name: "Lock now" }).click();
    await page.getByRole("heading", { name: "The case desk is locked" }).waitFor();
    assert.ok(!(await page.locator("body").innerText()).includes("guard"));
    assert.equal(page.workers().filter((worker) => worker.url().includes("keyholder")).length, 0, "the worker is gone");
    await signIn(page, rosa);
    await page.locator("#case-title", { hasText: "Press 4" }).waitFor();
    assert.equal(await page.getByLabel("Your reply").inputValue(), "A long thought");
  });

  test("keys, tokens and case ids stay out of addresses and storage", async (t) => {
    const page = await open(t);
    const asked: string[] = [];
    page.context().on("request", (request) => asked.push(request.url()));
    await signIn(page, served.organisation.members.rosa);
    await openCaseOf(page, "Press 4");
    assert.equal(page.url(), `${served.portal.consoleUrl}/`);
    assert.match(await page.title(), /^(?:\(\d+\) )?Case desk$/);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["tellhaven-rosters"]);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    assert.equal(await page.evaluate(() => document.cookie), "");
    for (const url of asked) assert.doesNotMatch(url, /[?&](?!after=\d+$)/, "nothing but the feed's tick in a query");
  });

  test("a small file is checked, then saved; its name cannot lie", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.rosa);
    await openCaseOf(page, "Press 4");
    const { download, bytes } = await saved(page, () =>
      page.getByRole("button", { name: "Save small photo.jpg" }).click(),
    );
    assert.equal(download.suggestedFilename(), "small photo.jpg");
    assert.equal(bytes.length, 100_000);
  });

  test("a large file streams to the disk after all of it was checked", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.rosa);
    await openCaseOf(page, "Press 4");
    await page.getByLabel("Your reply").fill("half a reply, so that leaving would ask");
    const { download, bytes } = await saved(page, () =>
      page.getByRole("button", { name: "Save large film.mp4" }).click(),
    );
    assert.equal(download.suggestedFilename(), "large film.mp4");
    assert.equal(sha256(bytes), sha256(large));
    await page.getByText("The file was checked and saved.").waitFor();
    assert.equal(await page.locator("#case-title").count(), 1, "the page is still there");
  });

  test("counsel, and nobody else, makes a case file", async (t) => {
    const reviewer = await open(t);
    await signIn(reviewer, served.organisation.members.rosa);
    await openCaseOf(reviewer, "Press 4");
    await tab(reviewer, "Case file");
    assert.equal(await reviewer.locator("#casefile-form").count(), 0);
    const page = await open(t);
    await signIn(page, served.organisation.members.carl);
    await openCaseOf(page, "Press 4");
    await tab(page, "Case file");
    await lookAtCaseFile(page);
    const { download, bytes } = await saved(page, () => saveCaseFile(page));
    assert.match(download.suggestedFilename(), /^[a-z]+-[a-z]+-\d{4}\.zip$/);
    assert.equal(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
    assert.ok(bytes.length > largeBytes);
    assert.match(await page.locator("#counsel-key").innerText(), /^untrusted comment: minisign public key/);
    await tab(page, "Timeline");
    await page.getByText("A case file with this case was exported").waitFor();
  });

  test("any reader saves a sealed copy, which opens without the portal; the others see that it was saved", async (t) => {
    const page = await open(t);
    const { rosa } = served.organisation.members;
    await signIn(page, rosa);
    await openCaseOf(page, "Press 4");
    await tab(page, "Case file");
    const { download, bytes } = await saved(page, () => page.getByRole("button", { name: "Save sealed copy" }).click());
    assert.match(download.suggestedFilename(), /^[a-z]+-[a-z]+-\d{4}-sealed\.zip$/);
    await toast(page, "The sealed copy was saved.");
    await tab(page, "Notes");
    await page.locator(".th-note", { hasText: "Saved a sealed copy" }).waitFor();
    const folder = mkdtempSync(join(tmpdir(), "tellhaven-copy-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const [copy, key, out] = ["copy.zip", "key.json", "out"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(copy, bytes);
    writeKeyFile(key, rosa.seed, served.organisation.portalId);
    const { whole } = await openCopy(copy, { key, out }, copyPassphrase);
    assert.equal(whole, true);
    assert.equal(sha256(readFileSync(join(out, "attachments/attachment-0002.mp4"))), sha256(large));
  });

  for (const [colorScheme, width] of [
    ["light", 320],
    ["dark", 320],
    ["light", 1280],
    ["dark", 1280],
  ] as const)
    test(`at ${width} px, ${colorScheme}: nothing is cut off, axe finds nothing`, async (t) => {
      const page = await open(t, { more: { colorScheme, viewport: { width, height: 800 } } });
      const judge = async (what: string): Promise<void> => {
        assert.equal(
          await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
          false,
          `${what} fits`,
        );
        assert.deepEqual(await axeFaults(page), [], what);
      };
      await judge("signing in");
      await signIn(page, served.organisation.members.carl);
      await judge("the list");
      await openCaseOf(page, "Press 4");
      await judge("a case");
      for (const name of ["Notes", "Status", "Case file"]) {
        await tab(page, name);
        await judge(name);
      }
    });

  test("tabs go by arrow keys, and a case by Enter", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.carl);
    await page.locator(".th-case", { hasText: "Press 4" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#case-title").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "case-title");
    await page.getByRole("tab", { name: "Report and messages" }).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "tab-work");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "tab-export");
  });

  // The last: it damages what the others read.
  test("a file that was changed on the server is not saved", async (t) => {
    const page = await open(t);
    await signIn(page, served.organisation.members.rosa);
    await openCaseOf(page, "Press 4");
    const objects = join(served.portal.dataDir, "objects");
    for (const each of readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )) {
      const path = join(each.parentPath, each.name);
      const bytes = readFileSync(path);
      for (let at = 50_000; at < bytes.length; at += 1_000_000) bytes[at]! ^= 1;
      writeFileSync(path, bytes);
    }
    let downloads = 0;
    page.on("download", () => {
      downloads += 1;
    });
    for (const name of ["small photo.jpg", "large film.mp4"]) {
      await page.getByRole("button", { name: `Save ${name}` }).click();
      await page.getByRole("alert").filter({ hasText: "This did not pass our check" }).waitFor();
    }
    assert.equal(downloads, 0);
  });
});
