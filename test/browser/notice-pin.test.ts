/** The printed notice's address in a real browser: it vouches for the portal, stops a false one, and is sent to nobody. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, BrowserContext } from "playwright-core";
import { formatNoticePin } from "../../crypto/notice-pin.ts";
import { fingerprintWords } from "../../crypto/roster.ts";
import { english } from "../../crypto/words.ts";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { tell } from "../support/casework.ts";
import { makeOrganisation } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { fileReport } from "../support/report-form.ts";
import { openContext } from "../support/watched-context.ts";

describe("the notice's address", requireJudge("browser"), () => {
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

  const pinOf = (leastEpoch: number, portalId = served.organisation.portalId): string =>
    formatNoticePin({ portalId, leastEpoch });
  const open = (t: TestContext): Promise<BrowserContext> => openContext(t, browser, { origins: [origin] });

  test("one that fits says so, with the notice's words; the way from the first page keeps it", async (t) => {
    const context = await open(t);
    const sent: string[] = [];
    context.on("request", (request) => {
      // Addresses and headers as they go over the wire are taken from the protocol below.
      sent.push(`${JSON.stringify(request.headers())} ${request.postDataBuffer()?.toString("latin1") ?? ""}`);
    });
    const page = await context.newPage();
    const wire = await context.newCDPSession(page);
    await wire.send("Network.enable");
    wire.on("Network.requestWillBeSent", ({ request }) => sent.push(request.url));
    wire.on("Network.requestWillBeSentExtraInfo", ({ headers }) => sent.push(JSON.stringify(headers)));
    const pin = pinOf(2);
    await page.goto(`${origin}/#${pin}`);
    await page.locator("main a[href*='/report']").first().click();
    await page.waitForSelector("#write:not([hidden])");
    assert.ok(page.url().endsWith(`/report#${pin}`));
    assert.ok(await page.locator("#real-match").isVisible());
    assert.ok(await page.locator("#real-compare").isHidden());
    assert.deepEqual(
      await page.locator("#fingerprint li").allTextContents(),
      fingerprintWords(served.organisation.portalId, english),
    );
    await fileReport(page, { answers: { what: "Pinned" } });
    await page.click("#done");
    await page.waitForURL(`${origin}/en/#${pin}`);
    await page.locator("main a[href*='/mailbox']").first().click();
    await page.waitForSelector("#enter:not([hidden])");
    assert.ok(page.url().endsWith(`#${pin}`));
    assert.ok(sent.length > 10);
    const told = pin.split(".")[1]!;
    assert.deepEqual(
      sent.filter((each) => each.includes(told)),
      [],
    );
    assert.deepEqual(served.portal.lines, []);
  });

  test("none: people are asked to compare the words", async (t) => {
    for (const address of ["/report", "/report#main-content"]) {
      const page = await (await open(t)).newPage();
      await page.goto(origin + address);
      await page.waitForSelector("#write:not([hidden])");
      assert.ok(await page.locator("#real-compare").isVisible());
      assert.ok(await page.locator("#real-match").isHidden());
    }
  });

  test("it stays through the skip link, on the way to the check of a proof, and when a mailbox is locked", async (t) => {
    const elsewhere = new URL(served.portal.config.quickExitUrl).origin;
    const context = await openContext(t, browser, { origins: [origin, elsewhere] });
    const page = await context.newPage();
    const pin = pinOf(2);
    await page.goto(`${origin}/en/report#${pin}`);
    await page.waitForSelector("#write:not([hidden])");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "main-content");
    assert.ok(page.url().endsWith(`#${pin}`));
    // One more entry would bring whoever presses Back to this page.
    await page.click("#continue");
    await context.route(`${elsewhere}/**`, (route) => route.fulfill({ body: "weather" }));
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift");
    await page.waitForURL(`${elsewhere}/**`);
    await page.goBack();
    assert.ok(!page.url().startsWith(origin), page.url());

    const code = await tell(served, { title: "Locked again" });
    await page.goto(`${origin}/en/mailbox#${pin}`);
    await page.fill("#code", code);
    await page.click("#open");
    await page.click("#lock");
    await page.waitForURL(`${origin}/en/#${pin}`);
    await page.click("text=Check a proof of filing");
    await page.waitForURL(`${origin}/en/check#${pin}`);
    await page.waitForSelector("#by-browser:not([hidden])");
  });

  test("one of another portal: the page that checks proofs says nothing of itself", async (t) => {
    const page = await (await open(t)).newPage();
    await page.goto(`${origin}/en/check#${pinOf(1, makeOrganisation("Somebody else").portalId)}`);
    await page.waitForSelector("#distrusted:not([hidden])");
    assert.equal(await page.locator("#check-form").count(), 0);
  });

  const wrong: [what: string, fragment: () => string][] = [
    ["of another portal", () => pinOf(1, makeOrganisation("Somebody else").portalId)],
    ["of a newer list of readers than this server shows", () => pinOf(3)],
    ["that was cut off", () => pinOf(2).slice(0, 30)],
    ["of a newer kind of notice", () => pinOf(2).replace("th1", "th2")],
  ];
  for (const [what, fragment] of wrong)
    for (const path of ["/report", "/mailbox"])
      test(`one ${what} stops ${path}: nothing can be typed, other places are named`, async (t) => {
        const page = await (await open(t)).newPage();
        await page.goto(`${origin}${path}#${fragment()}`);
        await page.waitForSelector("#distrusted:not([hidden])");
        assert.match(await page.locator("#distrusted").innerText(), /does not fit your printed notice/);
        assert.ok((await page.locator("#distrusted li:visible").count()) > 2, "other places are named");
        assert.equal(await page.locator("main input:visible, main textarea:visible, main button:visible").count(), 0);
        assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1");
      });
});
