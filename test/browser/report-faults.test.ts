/** Nothing that was typed, ticked or chosen is lost by any fault between pressing send and the eight words. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page, Route } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openForm, sendForm, walkTo, walkToCheck } from "../support/report-form.ts";
import { postRosterAfter } from "../support/two-places.ts";
import { openContext } from "../support/watched-context.ts";

const answers = { what: "Typed with care\nover two lines", categories: ["other"], law: "some law", when: "in May" };

interface Fault {
  what: string;
  /** Addresses that fail, and how. */
  path: string;
  fail: (route: Route) => Promise<void>;
  says: RegExp;
}

const refuse =
  (status: number, error: string) =>
  (route: Route): Promise<void> =>
    route.fulfill({ status, json: { error } });

const faults: Fault[] = [
  {
    what: "too many tries",
    path: "**/reports",
    fail: refuse(429, "limited"),
    says: /Too many tries/,
  },
  {
    what: "intake closed",
    path: "**/reports",
    fail: refuse(503, "closed"),
    says: /does not take reports/,
  },
  { what: "no room", path: "**/reports", fail: refuse(507, "full"), says: /no room/i },
  { what: "too large", path: "**/reports", fail: refuse(413, "large"), says: /too large/i },
  {
    what: "a broken answer",
    path: "**/reports",
    fail: (route) => route.fulfill({ status: 502, body: "<html>" }),
    says: /no answer/,
  },
  {
    what: "no network",
    path: "**/reports",
    fail: (route) => route.abort("internetdisconnected"),
    says: /no answer/,
  },
];

describe("faults while sending", requireJudge("browser"), () => {
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

  async function fill(t: TestContext, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
    const page = await (await openContext(t, browser, { origins: [origin] })).newPage();
    await prepare?.(page);
    await openForm(page, origin);
    await walkToCheck(page, { exclude: [2], answers });
    return page;
  }

  async function assertNothingLost(page: Page): Promise<void> {
    assert.equal(await page.inputValue("#answer-what"), answers.what);
    assert.equal(await page.inputValue("#answer-law"), answers.law);
    assert.equal(await page.inputValue("#answer-when"), answers.when);
    assert.ok(await page.isChecked("[value=other]"));
    assert.ok(await page.isChecked("#exclude-2"));
  }

  for (const { what, path, fail, says } of faults)
    test(`${what}: said with focus, nothing lost, and sending works afterwards`, async (t) => {
      const page = await fill(t);
      await page.context().route(path, fail);
      await page.click("#submit");
      await page.waitForSelector(".govuk-error-summary");
      assert.match(await page.evaluate(() => document.activeElement?.className ?? ""), /govuk-error-summary/);
      assert.match(await page.locator(".govuk-error-summary").innerText(), says);
      await assertNothingLost(page);
      await page.context().unroute(path);
      assert.equal((await sendForm(page)).length, 8);
    });

  test("the worker breaks down: said, nothing lost, and a new one sends", async (t) => {
    const page = await fill(t, (each) =>
      each.context().route("**/assets/reporter.worker.js", async (route) => {
        const response = await route.fetch();
        const breakDown = `;let broken = 0; addEventListener("message", ({ data }) => {
          if (data.call === "file" && self.name === "reporter") fetch("/broken").then((r) => r.text()).then((text) => { if (text === "yes") setTimeout(() => { throw new Error("broken"); }); });
        });`;
        await route.fulfill({ response, body: (await response.text()) + breakDown });
      }),
    );
    let times = 0;
    await page.context().route("**/broken", (route) => route.fulfill({ body: times++ === 0 ? "yes" : "no" }));
    await page.context().route("**/reports", async (route) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 1500);
      });
      await route.continue().catch(() => {});
    });
    await page.click("#submit");
    await page.waitForSelector(".govuk-error-summary");
    assert.match(await page.locator(".govuk-error-summary").innerText(), /had a fault/);
    await assertNothingLost(page);
    // The new worker knows nothing yet, and cannot be told while there is no network.
    await page.context().route("**/rosters", (route) => route.abort("internetdisconnected"));
    await page.click("#submit");
    await page.waitForFunction(() => /no answer/.test(document.querySelector("#error-summary")?.textContent ?? ""));
    await page.context().unroute("**/rosters");
    await page.context().unroute("**/reports");
    assert.equal((await sendForm(page)).length, 8);
  });

  test("once the report is on its way there is no Stop, and a lost answer is not called stopped", async (t) => {
    const page = await fill(t);
    let reached = (): void => {};
    const held = new Promise<void>((resolve) => (reached = resolve));
    let drop = (): void => {};
    const dropped = new Promise<void>((resolve) => (drop = resolve));
    await page.context().route("**/reports", async (route) => {
      await route.fetch(); // stored
      reached();
      await dropped;
      await route.abort("connectionreset");
    });
    await page.click("#submit");
    await held;
    assert.ok(await page.locator("#sending-cancel").isHidden());
    assert.match(await page.locator("#sending-text").innerText(), /Storing/);
    drop();
    await page.waitForSelector(".govuk-error-summary");
    assert.match(await page.locator(".govuk-error-summary").innerText(), /may have arrived/);
    await page.context().unroute("**/reports");
    assert.equal((await sendForm(page)).length, 8);
  });

  test("more files than one envelope takes are told on their step, before anything is sent", async (t) => {
    const page = await (await openContext(t, browser, { origins: [origin] })).newPage();
    await openForm(page, origin);
    await walkTo(page, "step-files", { answers });
    const note = (i: number): { name: string; mimeType: string; buffer: Buffer } => ({
      name: `${String(i)}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from("x"),
    });
    await page.setInputFiles(
      "#file-input",
      Array.from({ length: 501 }, (_, i) => note(i)),
    );
    await page.click("#continue");
    assert.match(await page.locator(".govuk-error-summary").innerText(), /You chose 501 files\. At most 500/);
    await page.locator("#files .th-file__remove").first().click();
    await walkTo(page, "step-check");
    assert.equal((await sendForm(page, 120_000)).length, 8);
  });

  test("the list of readers changes: back at the readers with words, nothing lost, then it is sent to the new list", async (t) => {
    const page = await fill(t);
    await postRosterAfter(served, (content) => ({
      ...content,
      channels: content.channels.map((each) => ({ ...each, readers: [1, 6] })),
    }));
    await page.click("#submit");
    await page.waitForSelector("#step-readers:not([hidden])");
    assert.ok(await page.locator("#readers-changed").isVisible());
    assert.equal(await page.evaluate(() => document.activeElement?.id), "readers-changed");
    await assertNothingLost(page);
    await page.click("#continue");
    await page.waitForSelector("#step-check:not([hidden])");
    assert.doesNotMatch(await page.locator("#answers").innerText(), /^Carl Counsel.*reads/m);
    assert.equal((await sendForm(page)).length, 8);
  });

  test("a list of readers that nobody renewed is told at the start, and does not stop anybody", async (t) => {
    await postRosterAfter(served, (content) => ({ ...content, expires: "2026-03-03" }));
    const page = await (await openContext(t, browser, { origins: [origin] })).newPage();
    await openForm(page, origin);
    assert.ok(await page.locator("#expired").isVisible());
    await walkToCheck(page, { answers });
    assert.equal((await sendForm(page)).length, 8);
  });
});
