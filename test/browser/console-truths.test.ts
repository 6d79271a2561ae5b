/** The console says what is so: calls, counts, finds, saved views, copied text, what is too long. In Chromium. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { deskOf, findByTitle, type Told } from "../support/casework.ts";
import { useConsole, type Who } from "../support/console-suite.ts";
import { openCaseOf, signIn, signInAgain, toast, turnTo } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { openContext } from "../support/watched-context.ts";

describe("what the console says", requireJudge("browser"), () => {
  const suite = useConsole();
  const { visit } = suite;

  const made = (title: string, who: Who = "rosa", more: Partial<Told> = {}): Promise<string> =>
    suite.cleared({ title, ...more }, who);

  const button = (page: Page, name: string): ReturnType<Page["getByRole"]> => page.getByRole("button", { name });

  test("who is called before they open a case sees the call when they do", async (t) => {
    await made("Hotel seven");
    const rosa = await visit(t, "rosa");
    await openCaseOf(rosa, "Hotel seven");
    await turnTo(rosa, "Notes");
    await rosa.fill("#note", "Nia, please look at this today");
    await rosa.check("#call-6");
    await button(rosa, "Keep note").click();
    await toast(rosa, "Your note was kept.");
    const nia = await visit(t, "nia");
    await openCaseOf(nia, "Hotel seven");
    await nia.locator("#called").waitFor();
    assert.match(await nia.innerText("#called"), /By Rosa Reviewer/);
  });

  test("spam that was closed under Status goes by itself, and its own day is proposed", async (t) => {
    const caseId = await made("Juliet nine");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Juliet nine");
    await turnTo(page, "Status");
    await page.check("#phase-closed");
    await page.selectOption("#disposition", "spam");
    await page.fill("#reason", "An advertisement");
    await page.fill("#tell-reporter", "We cannot use this");
    await button(page, "Save status").click();
    await toast(page, "The status was saved.");
    const desk = await deskOf(suite.served, suite.served.organisation.members.rosa.seed);
    await findByTitle(suite.served, desk, "Juliet nine");
    const today = new Date().toISOString().slice(0, 10);
    assert.equal((await openCase(desk, caseId)).lookup.deleteOn, textOfDay(dayOf(today)! + 30));
    assert.match(await page.innerText("#case-spam"), /goes|deleted/);
    await turnTo(page, "Keep or delete");
    assert.match(await page.innerText("#proposal"), /For 30 days a second person must be able to restore it/);
    assert.doesNotMatch(await page.innerText("#proposal"), /months|Something was found/);
  });

  test("what was not found is found once it was read, without typing on", async (t) => {
    await made("Kilo ten", "rosa", { what: "The zeppelin leaks helium at night" });
    const page = await visit(t, "rosa");
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    await page.reload();
    for (const path of ["**/streams/**", "**/cases/*"])
      await page.context().route(path, async (route) => {
        if (route.request().method() === "GET") await gate;
        await route.continue().catch(() => {});
      });
    await signInAgain(page, suite.served, suite.served.organisation.members.rosa);
    await page.locator(".th-case").first().waitFor();
    await page.fill("#search", "helium");
    await page.getByText("Try fewer words").waitFor();
    open();
    await page.locator(".th-search__mark", { hasText: "helium" }).waitFor();
    assert.equal(await page.inputValue("#search"), "helium");
  });

  test("two windows keep each other's views", async (t) => {
    const first = await visit(t, "nia");
    const second = await first.context().newPage();
    await signIn(second, suite.served, suite.served.organisation.members.nia);
    for (const [page, name] of [
      [first, "View A"],
      [second, "View B"],
    ] as const) {
      await page.click("#queue-filter");
      await page.fill("#view-name", name);
      await page.press("#view-name", "Enter");
      await toast(page, "The view was kept");
    }
    assert.match(await second.innerText(".th-queue__views"), /View A[^]*View B/);
    await first.reload();
    await signInAgain(first, suite.served, suite.served.organisation.members.nia);
    await first.getByText("View A").first().waitFor();
    assert.match(await first.innerText(".th-queue__views"), /View A[^]*View B/);
  });

  test("a second reader who was not saved is not shown", async (t) => {
    await made("Second");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Second");
    await turnTo(page, "Duties");
    await page.locator("#second").waitFor();
    const shown = (): Promise<string> => page.locator("#second option:checked").innerText();
    const before = await shown();
    const other = (await page.locator("#second option").allInnerTexts()).find((each) => each !== before)!;
    await page.context().route("**/reminder**", (route) => route.abort());
    await page.selectOption("#second", { label: other });
    await page.locator("#tab-panel .govuk-error-summary").waitFor();
    assert.equal(await shown(), before);
  });

  async function openFiling(page: Page, title: string): Promise<void> {
    await openCaseOf(page, title);
    await turnTo(page, "Incident");
    await page.click("#new-filing");
  }
  const keepFiling = (page: Page): Promise<void> => page.locator("#filing-form [data-keep]").click();

  test("what is too long in a filing is told at its field, with the limit", async (t) => {
    await made("Golf six", "carl");
    const page = await visit(t, "carl");
    await openFiling(page, "Golf six");
    await page.fill("#filing-date", "x".repeat(201));
    await page.fill("#filing-recipient", "x".repeat(301));
    await keepFiling(page);
    assert.match(await page.innerText("#filing-date-error"), /200 characters at most/);
    assert.match(await page.innerText("#filing-recipient-error"), /300 characters at most/);
    await page.fill("#filing-date", "x".repeat(200));
    await page.fill("#filing-recipient", "x".repeat(300));
    await keepFiling(page);
    await toast(page, "The draft is kept.");
    await page.locator('[data-act="proof"]').click();
    await page.fill("#filing-reference", "x".repeat(301));
    await page.locator(".th-card [data-keep]").click();
    assert.match(await page.innerText("#filing-reference-error"), /300 characters at most/);
  });

  test("a filing's text is copied as text, and a browser that refuses is told", async (t) => {
    await made("Lima", "carl");
    const page = await visit(t, "carl");
    await openFiling(page, "Lima");
    await page.fill("#filing-recipient", "OES");
    await keepFiling(page);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator('[data-act="copy"]').click();
    await toast(page, "The text was copied.");
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await page.locator('[data-act="copy"]').click();
    await toast(page, "This browser did not let us copy.");
  });

  test("[ and ] of a keyboard that writes them with AltGr turn pages; commands of the browser do not", async (t) => {
    await made("Mike");
    const page = await visit(t, "rosa");
    await page.locator(".th-case").first().waitFor();
    const taken = (held: Record<string, boolean>): Promise<boolean> =>
      page.evaluate(
        (init) =>
          !document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key: "[", bubbles: true, cancelable: true, ...init }),
          ),
        held,
      );
    assert.equal(await taken({}), true);
    assert.equal(await taken({ ctrlKey: true, altKey: true, modifierAltGraph: true }), true);
    assert.equal(await taken({ ctrlKey: true, altKey: true }), false);
    assert.equal(await taken({ altKey: true }), false);
    assert.equal(await taken({ metaKey: true }), false);
  });

  test("the language of the form is told where it is another than the page's", async (t) => {
    await made("English words");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "English words");
    assert.equal(await page.locator("#report-language").count(), 0);
    await page.goto(new URL("/de/", suite.served.portal.consoleUrl).href);
    await signInAgain(page, suite.served, suite.served.organisation.members.rosa);
    await page.locator(".th-case", { hasText: "English words" }).click();
    assert.equal((await page.innerText("#report-language")).trim(), "Sprache des Formulars: Englisch");
  });

  test("who reads with the wheel is there", async (t) => {
    const context = await openContext(t, suite.browser, { origins: [suite.served.portal.consoleUrl] });
    const page = await context.newPage();
    const shiftClock = (): void => {
      const own = Date.now.bind(Date);
      const scope = globalThis as unknown as { shift: number };
      scope.shift = 0;
      Date.now = () => own() + scope.shift;
    };
    page.on("worker", (worker) => void worker.evaluate(shiftClock).catch(() => {}));
    await signIn(page, suite.served, suite.served.organisation.members.rosa);
    await page.locator("#queue-count", { hasText: /case/ }).waitFor();
    await page.evaluate(shiftClock);
    const worker = page.workers()[0]!;
    const shift = (ms: number): void => void ((globalThis as unknown as { shift: number }).shift = ms);
    const later = async (minutes: number): Promise<void> => {
      await worker.evaluate(shift, minutes * 60_000);
      await page.evaluate(shift, minutes * 60_000);
    };
    await later(14);
    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, 120);
    await page.waitForTimeout(500);
    await later(28);
    // The worker looks at its clock every few seconds.
    await page.waitForTimeout(7_000);
    assert.equal(await page.locator("#key-file").count(), 0);
    await later(30);
    await page.locator("#key-file").waitFor();
  });
});
