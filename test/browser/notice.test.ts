/** The printable notice and its screen at the console in a real Chromium: on screens, on paper, and by people who look after it. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { toBase64Url } from "../../crypto/bytes.ts";
import { ensureBuilt } from "../support/built.ts";
import { languages } from "../../server/http/i18n.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { toast, visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { comeUnderSb53, qrCodesOfPdf, qrCodesOfPicture, readPdf } from "../support/notice.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext, type ContextOptions } from "../support/watched-context.ts";

describe("the printed notice", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let origin: string;
  let code: string;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({}, 2, { trial: false });
    await comeUnderSb53(served);
    origin = served.portal.reporterUrl;
    code = `${origin}/#th1.${toBase64Url(served.organisation.portalId)}.3`;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  const open = async (t: TestContext, path: string, options: Partial<ContextOptions> = {}): Promise<Page> => {
    const context = await openContext(t, browser, { origins: [origin], ...options });
    const page = await context.newPage();
    await page.goto(origin + path);
    return page;
  };

  for (const [name, path] of [
    ["notice-poster", "/en/notice"],
    ["notice-letter", "/de/notice/letter"],
    ["notice-poster-ar", "/ar/notice"],
  ] as const)
    test(`${name} is for everybody`, async (t) => {
      const page = await open(t, path);
      assert.deepEqual(await accessibilityFaults(page, name), []);
    });

  test("its code is read from the screen, in light and in dark", requireJudge("browser", "zbarimg"), async (t) => {
    const page = await open(t, "/en/notice");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await qrCodesOfPicture(await page.screenshot({ fullPage: true })), [code], colorScheme);
    }
  });

  test(
    "printed from the page, the poster is one page in every language and on both papers",
    requireJudge("browser", "pdftotext", "pdftoppm", "zbarimg"),
    async (t) => {
      const page = await open(t, "/en/notice");
      for (const language of languages) {
        await page.goto(`${origin}/${language}/notice`);
        for (const format of ["A4", "Letter"]) {
          const pdf = await page.pdf({ format, printBackground: false, preferCSSPageSize: false });
          const { pages, text } = await readPdf(pdf);
          assert.equal(pages, 1, `${language} ${format}`);
          assert.ok(!text.includes("PDF"), `${language}: links are not printed`);
          if (language === "en" || language === "ar") assert.deepEqual(await qrCodesOfPdf(pdf), [code]);
        }
      }
      await page.goto(`${origin}/en/notice/letter`);
      const letter = await readPdf(await page.pdf({ format: "Letter" }));
      assert.ok(letter.pages >= 2 && letter.pages <= 4, `${String(letter.pages)} pages`);
      assert.match(letter.text, /Signature/);
    },
  );

  test("it needs no script", async (t) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${origin}/en/notice`);
    assert.equal(await page.locator("h1").textContent(), "Your rights and responsibilities when you speak up");
    await page.getByRole("link", { name: "Letter", exact: true }).click();
    assert.ok(await page.getByText("I have received this notice").isVisible());
    assert.equal(await page.locator("script").count(), 0);
  });

  const row = (page: Page, name: string) => page.locator(`tr[data-person="${name}"]`);

  test("an operator publishes it, gives it to people, writes down what they confirm and where it hangs", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.olu);
    await page.locator("#screen-notices").click();
    await page.locator("#version-state", { hasText: "No version was published" }).waitFor();
    // Nothing can be written down of a version that there is not.
    await page.locator("#place-name").fill("Lobby");
    await page.locator("#place-add").click();
    await page.getByText("Publish a version first.").waitFor();
    await page.locator("#publish").click();
    await page.locator("#version-state", { hasText: "Version 1 is published" }).waitFor();

    const [words] = await Promise.all([page.waitForEvent("download"), page.locator("#notice-text").click()]);
    const digest = createHash("sha256")
      .update(await readFile(await words.path()))
      .digest("hex");
    assert.ok(
      (await page.locator(".th-notices__hash").allTextContents()).includes(digest),
      "the file is the version's text",
    );

    const csv = "name,since,remote\nAda Applied,2026-01-05,no\nבלה כהן,2026-02-02,yes\n=SUM(A1),,no\n";
    await page
      .locator("#people-file")
      .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await toast(page, "on the list");
    assert.equal(await page.locator("tr[data-person]").count(), 3);
    await page.locator("#person-name").fill("Cato Controls");
    await page.locator("#person-add").click();
    await row(page, "Cato Controls").waitFor();
    assert.ok(await row(page, "Ada Applied").getByText("Has had no notice yet").isVisible());

    // Without anybody chosen nothing is written, and the page says so.
    await page.locator("#record-sent").click();
    await page.getByText("Choose people in the list first.").waitFor();
    const [reminders] = await Promise.all([page.waitForEvent("download"), page.locator("#reminders-download").click()]);
    assert.equal(reminders.suggestedFilename(), "notice-reminders.txt");
    const text = await readFile(await reminders.path(), "utf8");
    assert.ok(text.includes(`${origin}/notice/letter`));
    assert.match(text, /^Ada Applied: Has had no notice yet\. Overdue since 2026-01-05\.$/m);
    await page.locator("#reminders-choose").click();
    await page.locator("#record-count", { hasText: "4 people are chosen." }).waitFor();
    await page.locator("#record-sent").click();
    await toast(page, "Written down.");
    await row(page, "בלה כהן").getByText("Not confirmed", { exact: true }).waitFor();
    await row(page, "Ada Applied").locator("input[type=checkbox]").check({ force: true });
    await page.locator("#record-acknowledged").click();
    await row(page, "Ada Applied")
      .getByText(/^Confirmed /)
      .waitFor();
    assert.ok(await row(page, "Cato Controls").getByText("Not confirmed", { exact: true }).isVisible());

    const photo = Buffer.from("a picture of the lobby");
    await page.locator("#place-name").fill("Lobby");
    await page.locator("#place-since").fill("2026-01-02");
    await page.locator("#place-add").click();
    await page.getByText("That version was published later than this day.").waitFor();
    await page.locator("#place-since").fill(new Date().toISOString().slice(0, 10));
    await page.locator("#place-by").fill("Ada Applied");
    await page.locator("#place-photo").setInputFiles({ name: "lobby.jpg", mimeType: "image/jpeg", buffer: photo });
    await page.locator("#place-add").click();
    const place = page.locator('tr[data-place="Lobby"]');
    await place.waitFor();
    assert.ok((await place.textContent())!.includes(createHash("sha256").update(photo).digest("hex")));
    await place.getByRole("button", { name: "Taken down today: Lobby" }).click();
    await place.getByText(/^Taken down /).waitFor();
    assert.deepEqual(await accessibilityFaults(page, "notice-desk"), []);

    // Twice: the first click only asks.
    await row(page, "=SUM(A1)").locator("summary").click();
    await row(page, "=SUM(A1)").getByRole("button", { name: "Erase from the list" }).click();
    await row(page, "=SUM(A1)").getByRole("button", { name: "Erase for good" }).click();
    await row(page, "=SUM(A1)").waitFor({ state: "detached" });

    await page.locator("#lock").click();
    await page.locator("#key-file").waitFor();
    assert.ok(!(await page.content()).includes("Ada Applied"), "names leave the page when it is locked");
  });

  test("a file with mistakes is refused with its lines; what comes down can go up again", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.carl);
    await page.locator("#screen-notices").click();
    await page.locator("#people-title").waitFor();
    const before = await page.locator("tr[data-person]").count();
    const bad = "name,since\nDora,2026-02-30\nDora,2026-01-01\n";
    await page
      .locator("#people-file")
      .setInputFiles({ name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from(bad) });
    const trouble = page.locator("#notice-trouble");
    await trouble.waitFor();
    assert.match((await trouble.textContent())!, /Line 2: "2026-02-30" in the column "since" is no day/);
    assert.match((await trouble.textContent())!, /Line 3: "Dora" stands in line 2 already/);
    assert.equal(await page.locator("tr[data-person]").count(), before);
    assert.deepEqual(await accessibilityFaults(page, "notice-desk-refused", ["desktop-light", "320px"]), []);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#people-export").click()]);
    assert.equal(download.suggestedFilename(), "notice-people.csv");
  });

  test("who is neither operator nor counsel has no such screen, and the server refuses them too", async (t) => {
    const page = await visitConsole(t, browser, served, served.organisation.members.rosa);
    assert.equal(await page.locator("#screen-notices").count(), 0);
    const authorization = await served.signIn(served.organisation.members.rosa);
    assert.equal((await ask(served.portal.consoleUrl, "GET", "/notices", undefined, { authorization })).status, 403);
  });
});
