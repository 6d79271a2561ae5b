/**
 * The accessibility gate: every page and state of the reporter's side, in each look of
 * test/support/accessible.ts, in a language that is written from left to right and in one from right
 * to left. `PICTURES=/tmp/pictures node --test test/browser/accessibility.test.ts` keeps a picture of each.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { toHex, utf8 } from "../../crypto/bytes.ts";
import { minisign } from "../../crypto/minisign.ts";
import { formatNoticePin } from "../../crypto/notice-pin.ts";
import { ensureBuilt } from "../support/built.ts";
import { bandsOf, formatHeartbeat, heartbeatComment } from "../../server/domain/heartbeat.ts";
import { languages } from "../../server/http/i18n.ts";
import { makeReporterApp } from "../../server/http/reporter-app.ts";
import { siteDeps } from "../http/support.ts";
import { accessibilityFaults, accessibilityFaultsOfCopy, type LookName } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { tell } from "../support/casework.ts";
import { makeOrganisation } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { currentStep, fillStep, goOn, openForm, sendForm, walkTo, walkToCheck } from "../support/report-form.ts";
import { postRosterAfter, postTwoPlaces } from "../support/two-places.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";

/** Right to left: looks that change the layout. Colours are the same in all languages. */
const looksIn: Record<string, LookName[] | undefined> = { en: undefined, ar: ["desktop-light", "320px"] };

const answered = (status: number): RegExp => new RegExp(`status of ${String(status)} `);
const note = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("what I saw") };
const inSafety = { channel: "AI safety", answers: { what: "x", categories: ["csi-1", "csi-4", "framework"] } };

/** Two quarters as they are published where much came in, and where little did. */
async function publishQuarters({ portal, organisation }: ServedOrganisation): Promise<void> {
  for (const [quarter, counts] of [
    ["2026-Q2", { received: 3, answered: 2, overdue: 0 }],
    ["2026-Q3", { received: 1200, answered: 60, overdue: 12 }],
  ] as const) {
    const portalId = toHex(organisation.portalId);
    const record = { portalId, quarter, madeOn: "2026-10-15", rosterEpoch: 2, ...bandsOf(counts) };
    const bytes = formatHeartbeat(record);
    const signature = utf8(minisign(bytes, organisation.log, heartbeatComment(record)));
    assert.equal(await portal.context.store.putHeartbeat({ quarter, bytes, signature }, 0), "stored");
  }
}

describe("accessibility", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let unfinished: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation();
    await postTwoPlaces(served);
    unfinished = await serveOrganisation({}, 0);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await unfinished?.portal.discard();
    await served?.portal.discard();
  });

  test("a language from right to left is among those that are judged", () => {
    for (const language of Object.keys(looksIn)) assert.ok(languages.includes(language));
  });

  for (const [fault, html, still] of [
    ["image-alt", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'],
    ["color-contrast", '<p style="color:#aaa">faint</p>'],
    ["small target", '<button style="height:9px;padding:0;border:0">press</button>'],
    ["scrolls sideways", '<p style="width:2000px">wide</p>'],
    ["covers", '<p style="position:fixed;inset:0">over all</p>'],
    ["moves", '<style>@keyframes away { to { width: 0 } }</style><p style="animation: away 9s">to the left</p>', true],
  ] as const)
    test(`the gate fails for a page with a fault: ${fault}`, async (t) => {
      const page = await (await openContext(t, browser, { origins: [] })).newPage();
      const around = (more: string): string =>
        `<!doctype html><html lang="en"><title>a</title><main><h1>a</h1>${more}</main></html>`;
      const look = still === true ? "forced-colours" : "desktop-light";
      await page.setContent(around(""));
      assert.deepEqual(await accessibilityFaults(page, "control", [look]), []);
      await page.setContent(around(html));
      const found = await accessibilityFaults(page, "fault", [look]);
      assert.deepEqual([found.length, found[0]?.includes(fault)], [1, true], found.join("\n"));
    });

  for (const [language, looks] of Object.entries(looksIn)) {
    const home = (): string => `${served.portal.reporterUrl}/${language}`;
    const open = async (t: TestContext, options: Partial<ContextOptions> = {}): Promise<Page> => {
      const context = await openContext(t, browser, { origins: [served.portal.reporterUrl], ...options });
      return context.newPage();
    };
    const judge = async (page: Page, name: string): Promise<void> =>
      assert.deepEqual(await accessibilityFaults(page, `${language}-${name}`, looks), []);
    const judgeCopy = async (page: Page, name: string): Promise<void> =>
      assert.deepEqual(await accessibilityFaultsOfCopy(browser, page, `${language}-plain-${name}`, looks), []);
    const openWithCode = async (page: Page, code: string): Promise<void> => {
      await page.fill("#code", code);
      await page.click("#open");
    };

    test(`${language}: the first page, the check of a proof, an address without a page`, async (t) => {
      const page = await open(t, { provokes: [answered(404)] });
      await page.goto(`${home()}/`);
      await judge(page, "landing");
      await page.goto(`${home()}/check`);
      await judge(page, "proof");
      await page.fill("#proof-text", "{}");
      await page.click("#check-form button");
      await page.waitForSelector("#answer:not([hidden])");
      await judge(page, "proof-refused");
      await page.goto(`${home()}/nothing`);
      await judge(page, "not-found");
    });

    test(`${language}: the numbers of each quarter, before there are any and after`, async (t) => {
      const real = await serveOrganisation({}, 2, { trial: false });
      t.after(() => real.portal.discard());
      const page = await open(t, { origins: [real.portal.reporterUrl] });
      await page.goto(`${real.portal.reporterUrl}/${language}/heartbeat`);
      await judge(page, "heartbeat-first");
      await publishQuarters(real);
      await page.reload();
      assert.equal(await page.locator("table").count(), 2);
      await judge(page, "heartbeat");
    });

    test(`${language}: the first page while many reports come in`, async (t) => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      t.after(() => server.close());
      const origin = `http://localhost:${String((server.address() as AddressInfo).port)}`;
      const { presentation } = served.portal.context;
      server.on("request", makeReporterApp(siteDeps({ origin, presentation, underLoad: () => true })));
      const page = await open(t, { origins: [origin] });
      await page.goto(`${origin}/${language}/`);
      await judge(page, "landing-busy");
    });

    test(`${language}: each step of the form, with every follow-up`, async (t) => {
      const page = await open(t);
      await openForm(page, home());
      await page.evaluate(() => {
        // Of a roster that has expired; the words are there in every portal.
        document.getElementById("expired")!.hidden = false;
      });
      const seen = new Set<string>();
      const input = { ...inSafety, answers: { ...inSafety.answers, more: "yes", senior: "yes" }, files: [note] };
      for (;;) {
        const step = await currentStep(page);
        assert.ok(!seen.has(step));
        seen.add(step);
        await fillStep(page, input);
        // From right to left one step of each kind is enough: text questions are alike.
        const isText = (await page.locator(`#${step} textarea`).count()) > 0 && step !== "step-what";
        if (language === "en" || !isText) await judge(page, step);
        if (step === "step-check") break;
        await goOn(page);
      }
      for (const step of ["step-channel", "step-control", "step-commitment", "step-caution", "step-status"])
        assert.ok(seen.has(step), `${step} was asked`);
    });

    test(`${language}: faults on the form, and everybody left out`, async (t) => {
      const page = await open(t);
      await openForm(page, home());
      await walkTo(page, "step-channel");
      await page.click("#continue");
      await page.waitForSelector(".govuk-error-summary");
      await judge(page, "channel-fault");
      await walkTo(page, "step-readers", { channel: "AI safety" });
      for (const box of await page.locator("#exclude input:visible").all()) await box.check();
      await page.click("#continue");
      await page.waitForSelector(".govuk-error-summary");
      await judge(page, "nobody-left");
      await page.locator("#exclude input:visible").first().uncheck();
      await walkTo(page, "step-what");
      await page.click("#continue");
      await page.waitForSelector(".govuk-error-summary");
      await judge(page, "what-fault");
      await page.fill("#answer-what", "w".repeat(120_000));
      await page.click("#continue");
      await page.waitForSelector(".govuk-error-summary");
      await judge(page, "what-long");
    });

    test(`${language}: sending, stopped by a fault, stored; the eight words and their check`, async (t) => {
      const page = await open(t);
      await openForm(page, home());
      await walkToCheck(page, { ...inSafety, answers: { what: "x" }, files: [note] });
      let go = (): void => {};
      const released = new Promise<void>((resolve) => (go = resolve));
      let faults: "no network" | "no answer" | "none" = "no network";
      // Both stand until the end: a route that is taken away while a request comes may hold that request for ever.
      await page.context().route("**/uploads/*/0", async (route) => {
        await released;
        await (faults === "no network" ? route.abort("connectionreset") : route.continue());
      });
      await page
        .context()
        .route("**/reports", (route) =>
          faults === "none" ? route.continue() : route.fulfill({ status: 503, json: { error: "busy" } }),
        );
      await page.click("#submit");
      await page.waitForSelector("#sending-pause:not([hidden])", { timeout: 60_000 });
      await page.click("#sending-pause");
      await judge(page, "sending-paused");
      await page.click("#sending-pause");
      go();
      await page.waitForFunction(() => document.getElementById("sending-text")!.textContent.length > 30);
      await judge(page, "sending-lost");
      faults = "no answer";
      await page.waitForSelector(".govuk-error-summary", { timeout: 60_000 });
      await judge(page, "sending-fault");
      faults = "none";
      await sendForm(page, 60_000);
      await judge(page, "receipt");
      await page.fill("#check-word", "x");
      await page.click("#check-form button");
      await page.click("#proof summary");
      await page.click("#code-copy");
      await judge(page, "receipt-wrong-word");
    });

    test(`${language}: readers changed while somebody was writing`, async (t) => {
      const page = await open(t);
      await openForm(page, home());
      await walkToCheck(page, { ...inSafety, answers: { what: "x" } });
      await postRosterAfter(served, (content) => content);
      await page.click("#submit");
      await page.waitForSelector("#readers-changed:not([hidden])", { timeout: 30_000 });
      await judge(page, "readers-changed");
    });

    for (const path of ["report", "mailbox"])
      test(`${language}: /${path} where it cannot begin`, async (t) => {
        const portalId = makeOrganisation("Somebody else").portalId;
        const distrusting = await open(t);
        await distrusting.goto(`${home()}/${path}#${formatNoticePin({ portalId, leastEpoch: 1 })}`);
        await distrusting.waitForSelector("#distrusted:not([hidden])");
        await judge(distrusting, `${path}-distrusted`);
        const lonely = await open(t);
        await lonely.context().route("**/rosters", (route) => route.abort("internetdisconnected"));
        await lonely.goto(`${home()}/${path}`);
        await lonely.waitForSelector("#unreachable:not([hidden])");
        await judge(lonely, `${path}-unreachable`);
        const old = await open(t);
        await old.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
        await old.goto(`${home()}/${path}`);
        await old.waitForSelector("#unsupported:not([hidden])");
        await judge(old, `${path}-unsupported`);
        const plain = await open(t, { javaScript: false });
        await plain.goto(`${home()}/${path}`);
        await judgeCopy(plain, path);
      });

    test(`${language}: a portal that is not set up yet`, async (t) => {
      const origin = unfinished.portal.reporterUrl;
      const page = await open(t, { origins: [origin] });
      await page.goto(`${origin}/${language}/report`);
      await page.waitForSelector("#closed:not([hidden])");
      await judge(page, "closed");
      const plain = await open(t, { origins: [origin], javaScript: false, provokes: [answered(503)] });
      await plain.goto(`${origin}/${language}/assisted/report`);
      await judgeCopy(plain, "closed");
    });

    test(`${language}: assisted mode switched off while somebody was writing; a proof page of another notice`, async (t) => {
      const page = await open(t, { javaScript: false, provokes: [answered(403)] });
      await page.goto(`${home()}/assisted/report?channel=safety`);
      const { settings } = served.portal.context.book.requireChain().current;
      settings.assisted = false;
      try {
        await page.fill("#answer-what", "Typed before it was switched off");
        await page.click("form.th-form button[type=submit]");
        await page.getByText("Typed before it was switched off").waitFor();
        await judgeCopy(page, "off-typed");
        await page.goto(`${home()}/report`);
        await judgeCopy(page, "off-report");
      } finally {
        settings.assisted = true;
      }
      const portalId = makeOrganisation("Somebody else").portalId;
      const checking = await open(t);
      await checking.goto(`${home()}/check#${formatNoticePin({ portalId, leastEpoch: 1 })}`);
      await checking.waitForSelector("#distrusted:not([hidden])");
      await judge(checking, "proof-distrusted");
    });

    test(`${language}: coming back: wrong codes, help while typing, an open mailbox, a correction, leaving`, async (t) => {
      const code = await tell(served, { title: "Seen in every look" });
      const page = await open(t);
      await page.goto(`${home()}/mailbox`);
      await page.waitForSelector("#enter:not([hidden])");
      await page.click("#open");
      await page.waitForSelector("#code-error:not([hidden])");
      await judge(page, "code-empty");
      await page.fill("#code", "abandon abilti zzzzzz");
      await page.waitForTimeout(1000);
      await judge(page, "code-help");
      await openWithCode(page, [...code.split(" ").slice(1), code.split(" ")[0]!].join(" "));
      await page.waitForSelector("#code-error:not([hidden])");
      await judge(page, "code-wrong");
      await openWithCode(page, code);
      await page.waitForSelector("#mailbox:not([hidden])");
      await judge(page, "mailbox");
      await page.click("#message-form button[type=submit]");
      await page.waitForSelector("#message-error:not([hidden])");
      await judge(page, "mailbox-message-fault");
      await page.click("#correct");
      await judge(page, "mailbox-correct");
      await page.click("#withdraw-open");
      await judge(page, "mailbox-withdraw");
    });

    test(`${language}: without scripts: places, form, faults, stored, mailbox, left, gone`, async (t) => {
      const page = await open(t, { javaScript: false, provokes: [400, 404, 503].map(answered) });
      const press = (selector: string): Promise<void> => page.click(`${selector} button[type=submit]`);
      await page.goto(`${home()}/assisted/report`);
      await judgeCopy(page, "places");
      await page.goto(`${home()}/assisted/report?channel=safety`);
      await judgeCopy(page, "form");
      const code = (await page.locator(".th-code__word").allTextContents()).join(" ");
      for (const box of await page.locator("input[name=exclude]").all()) if (await box.isVisible()) await box.check();
      await page.setInputFiles("#files", [note]);
      await press("form.th-form");
      await judgeCopy(page, "form-faults");
      for (const box of await page.locator("input[name=exclude]").all()) if (await box.isVisible()) await box.uncheck();
      await page.fill("#answer-what", "Seen without scripts");
      await page.check("input[name=confirm]");
      await press("form.th-form");
      await page.waitForURL("**/assisted/sent**");
      await judgeCopy(page, "sent");
      await page.goto(`${home()}/assisted/mailbox`);
      await judgeCopy(page, "code");
      await page.fill("#code", "one two");
      await press("main form");
      await judgeCopy(page, "code-wrong");
      await page.fill("#code", code);
      await press("main form");
      await page.getByText("Seen without scripts").first().waitFor();
      await judgeCopy(page, "mailbox");
      await page.goBack();
      await page.goForward();
      await judgeCopy(page, "gone");
      await page.goto(`${home()}/assisted/left`);
      await judgeCopy(page, "left");
      await page.goto(`${home()}/assisted/failed/busy`);
      await judgeCopy(page, "failed");
      await page.goto(`${home()}/check`);
      await judgeCopy(page, "check");
    });
  }
});
