/** A voice recording in a real Chromium with a microphone that is not there: made, heard, sent, read. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { fakeMicrophone, launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openForm, sendForm, walkTo } from "../support/report-form.ts";
import { openContext } from "../support/watched-context.ts";

describe("voice recording", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let origin: string;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation();
    origin = served.portal.reporterUrl;
    browser = await launchBrowser(undefined, fakeMicrophone);
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function atFiles(t: TestContext, from: Browser = browser, spoil = (): void => {}): Promise<Page> {
    const context = await openContext(t, from, { origins: [origin], viewport: "phone" });
    await context.addInitScript(spoil);
    const page = await context.newPage();
    await openForm(page, origin);
    await walkTo(page, "step-files", { answers: { what: "A voice" } });
    return page;
  }
  const open = (page: Page): Promise<void> => page.locator(".th-record summary").click();

  test("recorded, paused, listened to, added, sent, and what the reader gets plays", async (t) => {
    const page = await atFiles(t);
    await open(page);
    assert.match(await page.locator(".th-record").innerText(), /do not change how it sounds[^]*up to 60 minutes/);
    await page.click("#record-start");
    await page.waitForSelector("#record-stop");
    await page.waitForFunction(() => Number(document.querySelector("meter")?.value) > 0);
    assert.deepEqual(await accessibilityFaults(page, "recording"), []);
    await page.waitForTimeout(1500);
    await page.click("#record-pause");
    await page.getByText(/^Paused at/).waitFor();
    await page.click("#record-pause");
    await page.waitForTimeout(700);
    await page.click("#record-stop");
    await page.waitForSelector("#record-keep");
    const length = await page.evaluate(async () => {
      const audio = document.querySelector("audio")!;
      await audio.play();
      // Chromium writes no length: it is known once the end was reached.
      audio.currentTime = 1e6;
      await new Promise((resolve) => audio.addEventListener("timeupdate", resolve, { once: true }));
      return audio.duration === Infinity ? audio.currentTime : audio.duration;
    });
    assert.ok(length > 1.5 && length < 20, `${length} s`);
    await page.click("#continue");
    await page.getByRole("link", { name: "Add your recording to your files, or delete it" }).waitFor();
    await page.click("#record-keep");
    assert.match(await page.locator(".th-file").innerText(), /recording 1\.webm[^]*voice recording/);
    await walkTo(page, "step-check");
    await sendForm(page);
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    const caseId = await findByTitle(served, desk, "A voice");
    const { report } = await openCase(desk, caseId!);
    const [file] = report.content.files;
    assert.deepEqual([file?.name, file?.type], ["recording 1.webm", "audio/webm"]);
    assert.ok(file!.size > 2_000);
  });

  test("deleted: nothing is left to be sent", async (t) => {
    const page = await atFiles(t);
    await open(page);
    await page.click("#record-start");
    await page.waitForSelector("#record-stop");
    await page.waitForTimeout(600);
    await page.click("#record-stop");
    await page.click("#record-discard");
    assert.equal(await page.locator(".th-file").count(), 0);
    await page.waitForSelector("#record-start");
    assert.match(await page.locator(".th-record [role=status]").innerText(), /deleted/);
  });

  test("denied: told, and the form goes on", async (t) => {
    const strict = await launchBrowser();
    t.after(() => strict.close());
    const page = await atFiles(t, strict);
    await open(page);
    await page.click("#record-start");
    await page.getByText(/may not use your microphone|No microphone was found/).waitFor();
    await walkTo(page, "step-check");
  });

  test("where a browser cannot record nothing is offered", async (t) => {
    const page = await atFiles(t, browser, () => {
      Reflect.deleteProperty(globalThis, "MediaRecorder");
    });
    assert.equal(await page.locator(".th-record").count(), 0);
  });
});
