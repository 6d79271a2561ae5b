/** The dashboard and the search box in a real Chromium: three members, each with what they may read and nothing else. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import type { Clock } from "../../server/ports.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { decide, summarise } from "../../views/browser/client/case-writing.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { savedFile, visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const msPerDay = 86_400_000;
const today = Math.floor(Date.now() / msPerDay);
/** What is in every spreadsheet's list of formulas. */
const formula = '=HYPERLINK("https://example.org")';

/** What the page says as long as cases are read in the background. */
const soFar = /still being read: (\d+) of (\d+) so far/;

describe("the dashboard", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let behind = 0;
  const clock: Clock = {
    today: () => Math.floor(clock.now() / msPerDay),
    now: () => Date.now() - behind * msPerDay,
  };

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" }, 2, { clock });
    // Nia (6) reads neither of the first two, Rosa (1) not the third.
    const cases: [days: number, title: string, categories: string[], excluded: number[]][] = [
      [70, "The valve was painted shut", ["safety"], [6]],
      [40, "Invoices that nobody ordered", [formula], [6]],
      [40, "A letter about Rosa", ["fraud"], [1]],
      [3, "The guard of press 4", ["safety"], []],
      [0, "Der Prüfbericht fehlt", ["safety"], []],
    ];
    for (const [days, title, categories, excluded] of cases) {
      behind = days;
      await tell(served, { title, categories, excluded });
    }
    behind = 0;
    const { carl, nia, rosa } = served.organisation.members;
    for (const who of [carl, nia, rosa]) {
      const desk = await deskOf(served, who.seed);
      for (const [, title, , excluded] of cases)
        if (!excluded.includes(who.id)) await declare(desk, (await findByTitle(served, desk, title))!, false, "");
      if (who !== carl) continue;
      const closed = await findByTitle(served, desk, "The valve was painted shut");
      await decide(desk, closed!, { phase: "closed", disposition: "substantiated", reason: "seen" });
      await summarise(desk, closed!, 1);
    }
    await tell(served, { title: "Nobody said yet whether they have a conflict", categories: ["privacy"] });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  type Who = "rosa" | "carl" | "nia" | "olu";
  const visit = (t: TestContext, who: Who): Promise<Page> =>
    visitConsole(t, browser, served, served.organisation.members[who]);

  async function dashboardOf(t: TestContext, who: Who): Promise<Page> {
    const page = await visit(t, who);
    await page.locator(".th-cases").waitFor();
    await page.click("#screen-dashboard");
    await page.selectOption("#dashboard-period", "all");
    // Cases are read in the background, and until all are the figures say so.
    await page.locator(".th-dashboard__basis", { hasNotText: soFar }).waitFor();
    return page;
  }

  /** The rows of a figure's table, as they are read out. */
  async function rowsOf(page: Page, id: string): Promise<Record<string, string>> {
    const figure = page.locator(`#figure-${id}`);
    const rows = await figure
      .locator("details tbody tr")
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
    return Object.fromEntries(rows.map(([first = "", ...others]) => [first, others.join(" | ")]));
  }

  const seen: [who: Who, cases: number, categories: Record<string, string>, outcomes: Record<string, string>][] = [
    ["rosa", 4, { "Unsafe work or unsafe products": "3 | 75%", [formula]: "1 | 25%" }, { Substantiated: "1 | 100%" }],
    [
      "carl",
      5,
      { "Unsafe work or unsafe products": "3 | 60%", [formula]: "1 | 20%", "Fraud, theft or false books": "1 | 20%" },
      { Substantiated: "1 | 100%" },
    ],
    ["nia", 3, { "Unsafe work or unsafe products": "2 | 67%", "Fraud, theft or false books": "1 | 33%" }, {}],
  ];
  for (const [who, cases, categories, outcomes] of seen)
    test(`${who} sees the figures of ${cases} cases, and the others leave no trace`, async (t) => {
      const page = await dashboardOf(t, who);
      assert.ok((await page.innerText(".th-dashboard__basis")).includes(`stand on ${cases} cases`));
      assert.deepEqual(await rowsOf(page, "categories"), categories);
      assert.deepEqual(await rowsOf(page, "outcomes"), outcomes);
      const months = Object.values(await rowsOf(page, "received"));
      assert.equal(
        months.reduce((sum, row) => sum + Number(row.split(" | ").at(-1)), 0),
        cases,
      );
      const { text } = await savedFile(page, () => page.click("#save-cases"));
      assert.equal(text.trim().split("\r\n").length, cases + 1);
      assert.doesNotMatch(text, /valve|Invoices that|letter|guard|Prüfbericht/, "no titles");
      assert.equal(text.includes(`"'${formula.replaceAll('"', '""')}"`), who !== "nia", "formulas are neutralised");
    });

  test("figures of which some are still being read say so, of how many, and show nothing as if it were all", async (t) => {
    const page = await visit(t, "carl");
    await page.locator(".th-cases").waitFor();
    const said = await page.evaluateHandle(() => {
      const all: string[] = [];
      new MutationObserver(() => {
        const words = document.querySelector<HTMLElement>(".th-dashboard")?.innerText ?? "";
        if (words.includes("These figures stand on") && all.at(-1) !== words) all.push(words);
      }).observe(document, { subtree: true, childList: true, characterData: true });
      return all;
    });
    await page.click("#screen-dashboard");
    await page.locator(".th-dashboard__basis", { hasNotText: soFar }).waitFor();
    const all = await said.jsonValue();
    assert.ok(all.length > 0, "control");
    for (const [i, words] of all.entries()) {
      const [, done, total] = soFar.exec(words) ?? [];
      assert.equal(total === undefined, i === all.length - 1, `only the last says nothing of reading: ${words}`);
      if (total !== undefined) assert.equal(total, "5");
      assert.ok(done === undefined || Number(done) < 5);
      assert.doesNotMatch(words, /No case that you may read|nothing to count/);
    }
  });

  test("the dashboard of somebody who was left out is that of a portal where the case never was", async (t) => {
    const page = await dashboardOf(t, "nia");
    const html = await page.locator("main").innerHTML();
    assert.doesNotMatch(html, /HYPERLINK|valve|Substantiated/);
    assert.equal(await page.locator("#dashboard-channel option").count(), 2);
    const years = await page.locator("#dashboard-period option").allInnerTexts();
    const own = [40, 3, 0].map((days) => textOfDay(today - days).slice(0, 4));
    assert.deepEqual(
      years.filter((year) => /^\d{4}$/.test(year)),
      [...new Set(own)].sort().reverse(),
    );
  });

  test("who reads no cases has no dashboard", async (t) => {
    const page = await visit(t, "olu");
    await page.locator("#screen-cases").waitFor();
    assert.equal(await page.locator("#screen-dashboard").count(), 0);
  });

  test("a period between two days; what was typed wrong is said and stays", async (t) => {
    const page = await dashboardOf(t, "carl");
    await page.selectOption("#dashboard-period", "own");
    await page.fill("#dashboard-from", textOfDay(today - 5));
    await page.locator("#dashboard-from").blur();
    await page.locator(".th-dashboard__basis", { hasText: "2 cases" }).waitFor();
    await page.fill("#dashboard-to", textOfDay(today - 10));
    await page.locator("#dashboard-to").blur();
    await page.locator("#dashboard-to-error").waitFor();
    assert.equal(await page.inputValue("#dashboard-to"), textOfDay(today - 10));
    assert.equal(await page.locator(".th-dashboard__basis").count(), 0, "no figures of a period that is none");
    await page.fill("#dashboard-from", textOfDay(today - 50));
    await page.locator("#dashboard-from").blur();
    await page.locator(".th-dashboard__basis", { hasText: "2 cases" }).waitFor();
    await page.fill("#dashboard-to", textOfDay(today - 11));
    await page.fill("#dashboard-from", textOfDay(today - 20));
    await page.locator("#dashboard-from").blur();
    await page.getByText("No case that you may read came in").waitFor();
  });

  test("a table goes into a file with the numbers that stand there", async (t) => {
    const page = await dashboardOf(t, "carl");
    const figure = page.locator("#figure-categories");
    await figure.getByText("The same as a table").click();
    const { text, download } = await savedFile(page, () => figure.locator('[data-csv="categories"]').click());
    assert.match(download.suggestedFilename(), /^dashboard-categories-\d{4}-\d\d-\d\d\.csv$/);
    assert.ok(text.startsWith('\ufeff"Category","Cases","Share"\r\n"Unsafe work or unsafe products","3","60%"'), text);
  });

  test("accessible in every look, also with tables open; the same in a window that writes from right to left", async (t) => {
    const page = await dashboardOf(t, "carl");
    await page.locator(".th-figure details").evaluateAll((all) => all.forEach((each) => each.setAttribute("open", "")));
    assert.deepEqual(await accessibilityFaults(page, "console-dashboard"), []);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    await page.selectOption("#dashboard-period", "quarters");
    assert.deepEqual(await accessibilityFaults(page, "console-dashboard-rtl", ["desktop-light", "320px"]), []);
    const bar = await page.locator("#figure-categories .th-bars__fill").nth(1).boundingBox();
    const box = await page.locator("#figure-categories .th-bars__bar").nth(1).boundingBox();
    assert.ok(Math.abs(bar!.x + bar!.width - (box!.x + box!.width)) < 2, "bars begin where lines of text begin");
  });

  test("search finds own cases only, marks words, says how many, and Esc leads back", async (t) => {
    const page = await visit(t, "nia");
    await page.locator(".th-cases").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("prufber");
    await page.locator(".th-search__mark", { hasText: "Prüfbericht" }).waitFor();
    assert.match(await page.locator(".th-search [role=status]").innerText(), /^1 case was found\./);
    assert.deepEqual(await accessibilityFaults(page, "console-search"), []);
    for (const hidden of ["valve", "conflict"]) {
      await page.fill("#search", hidden);
      await page.locator(".th-search [role=status]", { hasText: "No case was found" }).waitFor();
      await page.fill("#search", "prufbericht");
      await page.locator(".th-search__mark").waitFor();
    }
    await page.fill("#search", "guard press");
    await page.locator(".th-case", { hasText: "The guard of press 4" }).click();
    await page.locator("#case-title", { hasText: "The guard of press 4" }).waitFor();
    await page.locator(".th-case", { hasText: "The guard of press 4" }).focus();
    await page.keyboard.press("Escape");
    await page.locator("#cases-title").waitFor();
    assert.ok(await page.locator("#case-title").isVisible(), "one press leads one step back");
    await page.fill("#search", "guard press");
    await page.locator(".th-search__mark").first().waitFor();
    await page.focus("#search");
    await page.keyboard.press("Escape");
    await page.locator("#cases-title").waitFor();
    assert.equal(await page.inputValue("#search"), "");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "search");
  });

  test("locking takes the search and what it found off the page", async (t) => {
    const page = await visit(t, "carl");
    await page.locator(".th-cases").waitFor();
    await page.fill("#search", "invoices");
    await page.locator(".th-search__mark").waitFor();
    await page.click("#lock");
    await page.locator("#key-file").waitFor();
    assert.doesNotMatch(await page.locator("main").innerHTML(), /invoices/i);
  });
});
