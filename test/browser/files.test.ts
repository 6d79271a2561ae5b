/** Choosing, dropping, cleaning and naming files in a real Chromium, under each of the operator's policies. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openForm, sendForm, walkTo } from "../support/report-form.ts";
import { openContext } from "../support/watched-context.ts";

/** A JPEG of 1 × 1 with a comment that names somebody. */
const plain = Buffer.from(
  "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==",
  "base64",
);
const secret = "Anna Kowalczyk, desk 14";
const comment = Buffer.from(secret);
const withComment = Buffer.concat([
  plain.subarray(0, 2),
  Buffer.from([0xff, 0xfe, 0, comment.length + 2]),
  comment,
  plain.subarray(2),
]);
const photo = { name: "anna-desk.jpg", mimeType: "image/jpeg", buffer: withComment };
const text = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("what I saw") };

describe("files", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let origin: string;
  let browser: Browser;

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

  /** `policy`: as the operator's presentation says, put into the page's data on its way. */
  async function atFiles(t: TestContext, policy: "always" | "ask" | "keep"): Promise<Page> {
    const context = await openContext(t, browser, { origins: [origin], viewport: "phone" });
    await context.route(/\/report$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/"metadata":"(?:always|ask|keep)"/, `"metadata":"${policy}"`);
      await route.fulfill({ response, body });
    });
    const page = await context.newPage();
    await openForm(page, origin);
    await walkTo(page, "step-files", { answers: { what: `Files ${policy}` } });
    return page;
  }
  async function choose(page: Page, files: Parameters<Page["setInputFiles"]>[1]): Promise<void> {
    await page.setInputFiles("#file-input", files);
    await page.locator(".th-file .th-progress").first().waitFor({ state: "detached" });
  }
  async function sent(page: Page, title: string): Promise<{ name: string; size: number }[]> {
    await walkTo(page, "step-check");
    await sendForm(page);
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    const { report } = await openCase(desk, (await findByTitle(served, desk, title))!);
    return report.content.files.map(({ name, size }) => ({ name, size }));
  }

  test("always: cleaned, shown before and after, told of the kinds that cannot be, neutral names offered", async (t) => {
    const page = await atFiles(t, "always");
    await choose(page, [photo, text]);
    const [first, second] = [page.locator(".th-file").first(), page.locator(".th-file").nth(1)];
    assert.match(await first.innerText(), /hidden facts? (?:was|were) removed/);
    assert.equal(await first.locator("input[type=radio]").count(), 0, "no choice: the operator has chosen");
    await first.locator("summary").click();
    assert.match(await first.locator("table").innerText(), /Anna Kowalczyk, desk 14[^]*Removed/);
    assert.match(
      await second.innerText(),
      /Nothing was removed from this file\. We cannot look into files of this kind/,
    );
    await first.getByRole("button", { name: 'Call it "file 1.jpg"' }).click();
    await second.getByLabel("Name that readers see for notes.txt").fill("what happened.txt");
    assert.deepEqual(await accessibilityFaults(page, "files"), []);
    const files = await sent(page, "Files always");
    assert.deepEqual(
      files.map(({ name }) => name),
      ["file 1.jpg", "what happened.txt"],
    );
    assert.ok(files[0]!.size < withComment.length, "the cleaned file went, not the first one");
  });

  test("ask: cleaned unless the person says otherwise", async (t) => {
    const page = await atFiles(t, "ask");
    await choose(page, [photo]);
    assert.equal(await page.getByLabel("Without the hidden facts").isChecked(), true);
    await page.getByLabel("As it is").check();
    assert.match(await page.locator(".th-file").innerText(), /sent as it is, with \d+ hidden facts? in it/);
    assert.deepEqual(await sent(page, "Files ask"), [{ name: photo.name, size: withComment.length }]);
  });

  test("keep: as it is, with a warning, and cleaned for whom wants it", async (t) => {
    const page = await atFiles(t, "keep");
    await choose(page, [photo]);
    assert.equal(await page.getByLabel("As it is").isChecked(), true);
    assert.match(await page.locator(".th-file").innerText(), /worth less as evidence/);
    await page.getByLabel("Without the hidden facts").check();
    const [file] = await sent(page, "Files keep");
    assert.ok(file!.size < withComment.length);
  });

  test("a damaged picture says so in its own words", async (t) => {
    const page = await atFiles(t, "always");
    await choose(page, [{ ...photo, buffer: withComment.subarray(0, 60) }]);
    assert.match(await page.locator(".th-file").innerText(), /Nothing was removed[^]*damaged/);
  });

  test("dropped files are taken, those dropped beside it do not open, and removing keeps the focus", async (t) => {
    const page = await atFiles(t, "always");
    const drop = (selector: string): Promise<void> =>
      page.evaluate((where) => {
        const data = new DataTransfer();
        data.items.add(new File(["a"], "a.txt"));
        data.items.add(new File(["b"], "b.txt"));
        for (const type of ["dragover", "drop"])
          document
            .querySelector(where)!
            .dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }, selector);
    await drop("h1:not([hidden])");
    assert.equal(await page.locator(".th-file").count(), 0);
    await drop("#file-input");
    assert.equal(await page.locator(".th-file").count(), 2);
    await page.getByRole("button", { name: "Remove a.txt" }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Remove b.txt");
  });

  test("no script but the reporter's is loaded before a file of such a kind is chosen", async (t) => {
    const page = await atFiles(t, "always");
    const loaded: string[] = [];
    page.context().on("request", (request) => void loaded.push(new URL(request.url()).pathname));
    await choose(page, [text]);
    assert.ok(!loaded.some((path) => path.includes("metadata")));
    await choose(page, [photo]);
    assert.ok(loaded.some((path) => path.includes("metadata")));
    assert.ok(readFileSync(join(import.meta.dirname, "../../views/public/built/report.js")).length < 200_000);
  });
});
