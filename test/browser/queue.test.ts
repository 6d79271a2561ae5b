/** The list of cases in Chromium: 10,000 of them, by keyboard, filtered, kept as views, and what is not told. */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import * as esbuild from "esbuild";
import type { Browser, Page } from "playwright-core";
import { flagUrgent } from "../../crypto/envelope/wire.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import { ensureBuilt } from "../support/built.ts";
import { setReminder, writeAct } from "../../views/browser/client/case-acts.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { CaseListing } from "../../views/browser/client/listing.ts";
import { summarise } from "../../views/browser/client/case-writing.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { orders } from "../../views/browser/console/queue/queue.ts";
import { builtInViews } from "../../views/browser/console/queue/saved-views.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { openCaseOf, signInAgain, visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const pictures = process.env["PICTURES"];
async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

const today = new Date().toISOString().slice(0, 10);
const inDays = (days: number): string => textOfDay(dayOf(today)! + days);

/** Made up in the page, and all alike at every run. */
function manyCases(count: number): CaseListing[] {
  return Array.from({ length: count }, (_, i) => ({
    caseId: i.toString(16).padStart(64, "0"),
    name: `case-number-${i}`,
    gate: i % 50 === 7 ? "undeclared" : "cleared",
    title: i % 50 === 7 ? "" : `What somebody saw, number ${i}`,
    category: ["fraud", "safety", "privacy", "harassment"][i % 4]!,
    channel: "general",
    language: "en",
    phase: (["received", "open", "closed"] as const)[i % 3]!,
    disposition: i % 3 === 2 ? "withdrawn" : null,
    receivedOn: inDays(-(i % 400)),
    hold: i % 40 === 0,
    remindOn: i % 3 === 2 ? null : inDays((i % 90) - 30),
    deleteOn: null,
    heardOn: null,
    urgent: i % 33 === 0,
    assisted: false,
    conversationLength: 2,
    teamLength: 2,
    unread: i % 5 === 0 ? 1 : 0,
    assignee: [null, 1, 2][i % 3]!,
    severity: i % 10 === 0 ? "critical" : null,
    tags: i % 4 === 0 ? ["north", "lawyer"] : [],
    muted: false,
    teamDamaged: false,
  }));
}

/**
 * Milliseconds of the processor that each takes, drawing and layout included: the middle of several. What a clock on
 * the wall says depends on who else is at work.
 */
async function processorTimes(page: Page): Promise<Record<string, number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async (): Promise<number> => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
  };
  const median = async (times: number, act: (round: number) => Promise<unknown>): Promise<number> => {
    const all: number[] = [];
    for (let round = 0; round < times; round++) {
      const from = await spent();
      await act(round);
      all.push((await spent()) - from);
    }
    return Math.round(all.toSorted((a, b) => a - b)[times >> 1]! * 10) / 10;
  };
  return {
    typing: await median(7, (round) =>
      page.evaluate((text) => globalThis.queued.change((each) => each.find(text)), "number".slice(0, round)),
    ),
    filtering: await median(7, (round) =>
      page.evaluate(
        (value) => globalThis.queued.change((each) => each.toggle("category", value)),
        ["fraud", "safety", "privacy"][round % 3]!,
      ),
    ),
    sorting: await median(8, (round) =>
      page.evaluate((order) => globalThis.queued.change((each) => each.order(order)), orders[round % orders.length]!),
    ),
    turning: await median(7, (round) =>
      page.evaluate((to) => globalThis.queued.change((each) => each.turnTo(to)), round + 1),
    ),
    viewing: await median(7, (round) =>
      page.evaluate(
        (view) => globalThis.queued.change((each) => each.showView(view)),
        builtInViews[round % builtInViews.length]!,
      ),
    ),
  };
}

describe("the list of cases", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let harness: string;

  before(async () => {
    await ensureBuilt();
    browser = await launchBrowser();
    const made = await esbuild.build({
      entryPoints: [join(import.meta.dirname, "support/queue-page.ts")],
      bundle: true,
      write: false,
      format: "iife",
    });
    harness = made.outputFiles[0]!.text;
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    await fillCases();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  /** One overdue, one due soon and urgent, one far off, one that Nia was left out of, one that nobody has opened. */
  async function fillCases(): Promise<void> {
    const { rosa, nia } = served.organisation.members;
    await tell(served, { title: "Late invoices", categories: ["fraud"] });
    await tell(served, { title: "Guard rails gone", categories: ["safety"], flags: flagUrgent });
    await tell(served, { title: "Far away", categories: ["fraud"] });
    await tell(served, { title: "About Nia", categories: ["harassment"], excluded: [nia.id] });
    const desk = await deskOf(served, rosa.seed);
    for (const [title, days] of [
      ["Late invoices", -4],
      ["Guard rails gone", 2],
      ["Far away", 60],
      ["About Nia", 1],
    ] as const) {
      const caseId = (await findByTitle(served, desk, title))!;
      await declare(desk, caseId, false, "");
      const empty = await withoutFiles(desk, caseId);
      if (title === "Late invoices")
        await writeAct(desk, caseId, { act: "assign", to: rosa.id, reason: "" }, {}, empty);
      if (title === "Far away") await writeAct(desk, caseId, { act: "tag", tag: "plant north", on: true }, {}, empty);
      await setReminder(desk, await summarise(desk, caseId, 0), dayOf(inDays(days)), null);
    }
    await tell(served, { title: "Nobody has seen this", categories: ["privacy"] });
    for (let ticks = 0; ticks < 3; ticks++) await served.portal.tick();
    await openCase(desk, (await findByTitle(served, desk, "Far away"))!);
  }

  const visit = (
    t: TestContext,
    who: keyof ServedOrganisation["organisation"]["members"],
    more: Record<string, unknown> = {},
  ): Promise<Page> => visitConsole(t, browser, served, served.organisation.members[who], { more });

  const titles = (page: Page): Promise<string[]> => page.locator(".th-case .th-listed__title").allInnerTexts();
  const count = (page: Page): Promise<string> => page.locator("#queue-count").innerText();
  const inRow = (page: Page, title: string) => page.locator(".th-case", { hasText: title });
  const focusedTitle = (page: Page): Promise<string> =>
    page.evaluate(() => document.activeElement?.querySelector(".th-listed__title")?.textContent?.trim() ?? "");

  async function manyPage(t: TestContext): Promise<Page> {
    const home = await (await fetch(served.portal.consoleUrl)).text();
    const [, styles] = /<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"|$/.exec(home)!;
    const css = await (await fetch(new URL(styles!, served.portal.consoleUrl))).text();
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    t.after(() => page.close());
    await page.setContent(`<!doctype html><html lang="en"><main><div id="console"></div></main></html>`);
    await page.addStyleTag({ content: css });
    await page.addScriptTag({ content: harness });
    return page;
  }

  test("10,000 cases: one page of them is drawn; pages and keys keep the place", async (t) => {
    const page = await manyPage(t);
    await page.evaluate((listings) => (globalThis.queued = globalThis.queuePage(listings)), manyCases(10_000));
    // Told, not judged: how long something takes is the machine's business, what is drawn is ours.
    t.diagnostic(JSON.stringify(await processorTimes(page)));
    await page.evaluate(() => globalThis.queued.desk.queue.showView("all"));
    assert.equal(await page.locator(".th-case").count(), 50);
    await page.getByRole("button", { name: "queue:pages.page 2 200" }).click();
    assert.equal(await page.locator('.th-pages__page[aria-current="page"]').innerText(), "2");
    await page.keyboard.press("]");
    assert.equal(await page.locator('.th-pages__page[aria-current="page"]').innerText(), "3");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const at = await focusedTitle(page);
    assert.equal(at, (await titles(page))[2]);
    await page.keyboard.press("x");
    assert.equal(await page.locator('.th-case[aria-selected="true"]').count(), 1);
    assert.equal(await page.locator('.th-case[tabindex="0"]').count(), 1, "one stop for Tab");
    await picture(page, "queue-10000");
  });

  test("the next date first; late and soon in words; what somebody has not opened tells next to nothing", async (t) => {
    const page = await visit(t, "rosa");
    await inRow(page, "Late invoices").waitFor();
    const order = await titles(page);
    assert.deepEqual(
      order.filter((title) => title !== "Not opened by you yet"),
      ["Late invoices", "About Nia", "Guard rails gone", "Far away"],
    );
    await inRow(page, "Late invoices").getByText("Overdue").waitFor();
    await inRow(page, "Guard rails gone").getByText("Due in 2 days").waitFor();
    await inRow(page, "Guard rails gone").getByText("Urgent").waitFor();
    const told = await inRow(page, "Not opened by you yet").innerText();
    assert.match(
      told,
      /^[^]*Not opened by you yet\s+[a-z]+-[a-z]+-\d{4}\s+Received [^\n]*\s+Misuse of personal data\s*$/,
    );
    assert.equal(await inRow(page, "Not opened by you yet").locator(".th-chip, input").count(), 0);
    assert.deepEqual(await accessibilityFaults(page, "queue"), []);
    await picture(page, "queue-list");
  });

  test("a member who was left out has neither row nor count of the case", async (t) => {
    const page = await visit(t, "nia");
    await page.locator(".th-case").first().waitFor();
    assert.equal(await count(page), "4 of 4 cases");
    assert.deepEqual([...new Set(await titles(page))], ["Not opened by you yet"], "and of the others no title");
    assert.equal(await page.locator(".th-case", { hasText: "Harassment" }).count(), 0);
    await page.click("#queue-filter");
    assert.equal(await page.locator("#filter-category-harassment").count(), 0);
    assert.equal(await page.locator("#filter-assignee-me, #filter-tag-plant\\ north").count(), 0);
  });

  test("filters say what is left of how many, are taken off one by one, and live together with the words", async (t) => {
    const page = await visit(t, "rosa");
    await inRow(page, "Far away").waitFor();
    await page.click("#queue-filter");
    assert.equal(await page.locator('label[for="filter-category-fraud"] .th-filter__count').innerText(), "2");
    await page.getByLabel("Fraud, theft or false books").check();
    assert.equal(await count(page), "2 of 5 cases");
    await page.getByLabel("Overdue").check();
    assert.deepEqual(await titles(page), ["Late invoices"]);
    assert.deepEqual(await accessibilityFaults(page, "queue-filters"), []);
    await picture(page, "queue-filters");
    await page.getByRole("button", { name: /Take off .*Overdue/ }).click();
    await page.fill("#queue-text", "FÁR");
    assert.deepEqual(await titles(page), ["Far away"]);
    await page.fill("#queue-text", "nothing like it");
    await page.getByText("No case is in this state.").waitFor();
    await page.locator("#queue-clear").click();
    assert.equal(await count(page), "5 of 5 cases");
    assert.equal(await page.inputValue("#queue-text"), "");
    await page.getByRole("button", { name: "Mine" }).click();
    assert.deepEqual(await titles(page), ["Late invoices"]);
    await page.selectOption("#queue-order", "newest");
    assert.equal(await page.locator('[data-view="mine"]').getAttribute("aria-pressed"), "true");
  });

  test("a view is kept sealed, comes first at the next sign-in, and goes when it is removed", async (t) => {
    const page = await visit(t, "rosa");
    await inRow(page, "Far away").waitFor();
    await page.click("#queue-filter");
    await page.getByLabel("plant north").check();
    await page.getByRole("button", { name: "Keep view" }).click();
    await page.getByText("Give the view a name").waitFor();
    await page.fill("#view-name", "Rossi's plant");
    await page.getByRole("button", { name: "Keep view" }).click();
    await page.getByRole("button", { name: "Rossi's plant", exact: true }).waitFor();
    await page.click("#view-first");
    await page.getByText("This view comes first when you sign in.").waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["tellhaven-rosters"]);
    await page.getByRole("button", { name: "Lock now" }).click();
    await page.getByRole("heading", { name: "The case desk is locked" }).waitFor();
    assert.ok(!(await page.locator("body").innerText()).includes("Rossi"), "names of views go with the keys");
    await page.reload();
    await signInAgain(page, served, served.organisation.members.rosa);
    await page.getByRole("button", { name: "Rossi's plant", exact: true }).waitFor();
    assert.deepEqual(await titles(page), ["Far away"]);
    await page.click("#queue-filter");
    await page.click("#view-remove");
    await page.getByText("The view was removed.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Rossi's plant", exact: true }).count(), 0);
  });

  test("views of one member are nothing to another in the same browser", async (t) => {
    const { rosa, carl } = served.organisation.members;
    const page = await visit(t, "rosa");
    await inRow(page, "Far away").waitFor();
    await page.click("#queue-filter");
    await page.fill("#view-name", "Rosa's own");
    await page.getByRole("button", { name: "Keep view" }).click();
    const own = page.getByRole("button", { name: "Rosa's own", exact: true });
    await own.waitFor();
    await page.getByRole("button", { name: "Lock now" }).click();
    await signInAgain(page, served, carl);
    await page.locator(".th-case").first().waitFor();
    assert.equal(await own.count(), 0);
    await page.getByRole("button", { name: "Lock now" }).click();
    await signInAgain(page, served, rosa);
    await own.waitFor();
  });

  test("by keyboard: to a case, into it, back to its row; letters write where somebody types, and can be off", async (t) => {
    const page = await visit(t, "rosa");
    await inRow(page, "Far away").waitFor();
    await page.keyboard.press("j");
    const [first, second] = await titles(page);
    assert.equal(await focusedTitle(page), first);
    await page.keyboard.press("ArrowDown");
    assert.equal(await focusedTitle(page), second);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("x");
    await page.getByText("1 selected").waitFor();
    await page.keyboard.press("x");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement).type), "checkbox");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.locator("#case-title", { hasText: first! }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "case-title");
    await page.locator("#reply").focus();
    await page.keyboard.type("jkx[]?f/");
    await page.keyboard.press("Escape");
    assert.equal(await page.inputValue("#reply"), "jkx[]?f/", "keys are letters there");
    await page.fill("#reply", "");
    await page.locator("#case-title").focus();
    await page.keyboard.press("Escape");
    await page.locator("#case-title").waitFor({ state: "detached" });
    assert.equal(await focusedTitle(page), first);
    await page.keyboard.press("f");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "queue-text");
    await page.keyboard.press("Tab");
    await page.locator("#queue-keys-button").focus();
    await page.keyboard.press("?");
    await page.locator("#queue-keys").waitFor();
    assert.deepEqual(await accessibilityFaults(page, "queue-keys", ["desktop-light", "320px"]), []);
    await page.getByLabel("Single letters and signs work as keys").uncheck();
    await page.getByText("Single letters do nothing now").waitFor();
    await page.locator("#queue-keys-button").focus();
    await page.keyboard.press("?");
    assert.equal(await page.locator("#queue-keys").count(), 1);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#queue-keys").count(), 0);
  });

  for (const [width, colorScheme] of [
    [320, "light"],
    [320, "dark"],
    [1280, "dark"],
  ] as const)
    test(`at ${width} px, ${colorScheme}, from right to left as well: nothing is wider than the window`, async (t) => {
      const page = await visit(t, "rosa", { viewport: { width, height: 700 }, colorScheme });
      await inRow(page, "Far away").waitFor();
      for (const dir of ["ltr", "rtl"]) {
        await page.evaluate((to) => (document.documentElement.dir = to), dir);
        const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(isWider, false, dir);
        await picture(page, `queue-${width}-${colorScheme}-${dir}`);
      }
      await page.evaluate(() => (document.documentElement.dir = "ltr"));
      await openCaseOf(page, "Far away");
      await picture(page, `queue-${width}-${colorScheme}-case`);
    });
});
