/** Large files on a bad connection: paused, dropped, the server gone and back; nothing is lost and nothing sent twice. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openForm, walkTo } from "../support/report-form.ts";
import { openContext } from "../support/watched-context.ts";

const large = { name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(30_000_000, 7) };
const small = { name: "small.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(2_000_000, 8) };

describe("sending files", requireJudge("browser"), () => {
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

  /** On the check page, two files chosen. Every part that is sent is counted. */
  async function readyToSend(t: TestContext, provokes: RegExp[] = []): Promise<{ page: Page; parts: string[] }> {
    const context = await openContext(t, browser, { origins: [origin], viewport: "phone", provokes });
    const page = await context.newPage();
    const parts: string[] = [];
    context.on("requestfinished", (request) => {
      if (request.method() === "PUT") parts.push(new URL(request.url()).pathname.split("/").pop()!);
    });
    await openForm(page, origin);
    await walkTo(page, "step-check", { answers: { what: "Press 4" }, files: [large, small] });
    return { page, parts };
  }
  const text = (page: Page): Promise<string> => page.locator("#sending-text").innerText();
  /** Lets one part through, then holds the others until `go`. */
  async function holdParts(
    page: Page,
    act: "hold" | "drop",
  ): Promise<{ held: Promise<void>; go: () => Promise<void> }> {
    let reached = (): void => {};
    const held = new Promise<void>((resolve) => (reached = resolve));
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.context().route(/\/uploads\/\w+\/[1-9]/, async (route) => {
      reached();
      if (act === "drop") return route.abort("connectionreset");
      await released;
      await route.continue().catch(() => {});
    });
    return {
      held,
      async go() {
        release();
        await page.context().unroute(/\/uploads\/\w+\/[1-9]/);
      },
    };
  }
  const stored = (page: Page): Promise<unknown> => page.waitForSelector("#receipt:not([hidden])", { timeout: 90_000 });

  test("pause and go on: files, bytes and the pause are told; every part goes once", async (t) => {
    const { page, parts } = await readyToSend(t);
    const { held, go } = await holdParts(page, "hold");
    await page.click("#submit");
    await held;
    await page.locator("#sending-files li").nth(1).waitFor();
    assert.match(await page.locator("#sending-files").innerText(), /large\.bin[^]*small\.bin/);
    await page.click("#sending-pause");
    await page.waitForFunction(() => /Paused/.test(document.getElementById("sending-text")!.textContent ?? ""));
    assert.equal(await page.locator("#sending-pause").innerText(), "Go on");
    assert.match(await page.locator("#sending-detail").innerText(), /\d.*of.*\d/);
    await go();
    const before = parts.length;
    await page.waitForTimeout(500);
    assert.equal(parts.length, before, "nothing goes while it is paused");
    await page.click("#sending-pause");
    await stored(page);
    assert.deepEqual([...parts].sort(), [...new Set(parts)].sort(), "no part was sent twice");
    assert.ok(parts.length >= 4);
  });

  test("offline: it says so, waits, and goes on by itself", async (t) => {
    const { page, parts } = await readyToSend(t, [/ERR_INTERNET_DISCONNECTED|Failed to load/]);
    const { held, go } = await holdParts(page, "hold");
    await page.click("#submit");
    await held;
    await page.context().setOffline(true);
    await page.waitForFunction(() => /no connection/.test(document.getElementById("sending-text")!.textContent ?? ""));
    await go();
    // A request of its own, so that the browser's word about it is not missed.
    await page.evaluate(() => fetch("/rosters").catch(() => {}));
    await page.waitForTimeout(1000);
    assert.match(await text(page), /no connection/);
    await page.context().setOffline(false);
    await stored(page);
    assert.deepEqual([...parts].sort(), [...new Set(parts)].sort());
  });

  test("a connection that breaks again and again: told, tried again by button, nothing lost", async (t) => {
    const { page, parts } = await readyToSend(t);
    const { held, go } = await holdParts(page, "drop");
    await page.click("#submit");
    await held;
    await page.waitForFunction(
      () => /no answer/.test(document.getElementById("sending-text")!.textContent ?? ""),
      null,
      {
        timeout: 20_000,
      },
    );
    await go();
    await page.getByRole("button", { name: "Try now" }).click();
    await stored(page);
    assert.deepEqual([...parts].sort(), [...new Set(parts)].sort());
  });

  test("stop: back at the form with everything in it, and it can be sent then", async (t) => {
    const { page } = await readyToSend(t);
    const { held, go } = await holdParts(page, "hold");
    await page.click("#submit");
    await held;
    await page.click("#sending-pause");
    await page.click("#sending-cancel");
    await page.waitForSelector("#write:not([hidden])");
    await go();
    assert.match(await page.locator("#form-status").innerText(), /Stopped/);
    await page.click("#submit");
    await stored(page);
  });
});
