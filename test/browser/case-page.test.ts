/** A reviewer's day with one case: who works on it, tasks, tags, links, calls, timeline, closing and what comes after. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { textOfDay } from "../../data/policy/update-date.ts";
import { writeAct, type ActDraft } from "../../views/browser/client/case-acts.ts";
import { decide } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { useConsole } from "../support/console-suite.ts";
import { openCaseOf, signInAgain, toast, turnTo } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";

const today = Math.floor(Date.now() / 86_400_000);

describe("the case page", requireJudge("browser"), () => {
  const suite = useConsole();
  const { visit } = suite;

  async function work(page: Page, title: string): Promise<void> {
    await openCaseOf(page, title);
    await turnTo(page, "Work");
  }

  const keep = (page: Page): Promise<void> => page.click("[data-keep]");
  const bar = (page: Page): Promise<string> => page.innerText(".th-identity");

  /** Somebody else wrote: the case is read again. */
  async function again(page: Page, title: string): Promise<void> {
    await page.getByRole("button", { name: "Check for new cases" }).click();
    await page.locator(".th-job").waitFor({ state: "detached" });
    await openCaseOf(page, title);
  }

  test("who works on it, how serious it is, its title, tags and tasks show at the head and to the others", async (t) => {
    await tell(suite.served, { title: "The press again", excluded: [2] });
    const rosa = await visit(t, "rosa");
    await work(rosa, "The press again");
    assert.match(await rosa.innerText("#silence"), /Do not speak of this case with: Carl Counsel/);
    assert.match(await bar(rosa), /Nobody works on it yet/);
    await rosa.click("#take");
    await toast(rosa, "You work on this case now.");
    assert.match(await bar(rosa), /Works on it: Rosa Reviewer \(you\)/);
    assert.equal(await rosa.locator("#take").count(), 0);

    await rosa.click("#severity");
    await keep(rosa);
    assert.equal(await rosa.locator("#work-level-error").count(), 1);
    assert.equal(await rosa.locator("#work-reason-error").count(), 1, "without a reason nothing is kept");
    await rosa.check("#work-level-critical");
    await rosa.fill("#work-reason", "Somebody could lose a hand");
    await keep(rosa);
    await toast(rosa, "Saved how serious it is.");
    assert.match(await bar(rosa), /Serious: critical/);

    await rosa.click("#rename");
    await rosa.fill("#work-name", "Press 4, third time");
    await rosa.selectOption("#work-category", { index: 1 });
    await keep(rosa);
    await toast(rosa, "Title and category were saved.");
    assert.match(await bar(rosa), /Press 4, third time/);

    for (const tag of ["press", "night shift"]) {
      await rosa.fill("#tag-new", tag);
      await rosa.press("#tag-new", "Enter");
      await rosa.locator(`[data-tag="${tag}"]`).waitFor();
    }
    await rosa.fill("#tag-new", "press");
    await rosa.press("#tag-new", "Enter");
    assert.equal(await rosa.locator("#tag-new-error").count(), 1, "it has this tag");
    await rosa.fill("#tag-new", "");
    await rosa.getByRole("button", { name: "Take off night shift" }).click();
    await toast(rosa, "The tag was taken off.");

    await rosa.click("#new-task");
    const options = await rosa.locator("#work-task-to option").allInnerTexts();
    assert.ok(!options.some((name) => name.startsWith("Carl")), "who was left out is given no task");
    await rosa.fill("#work-task", "Call the maker of the press");
    await rosa.selectOption("#work-task-to", { label: options.find((name) => name.startsWith("Nia"))! });
    await rosa.fill("#work-task-due", textOfDay(today - 1));
    await keep(rosa);
    await toast(rosa, "The task was saved.");
    assert.match(await rosa.innerText(".th-task"), /overdue since/);
    assert.deepEqual(await accessibilityFaults(rosa, "console-work"), []);

    const nia = await visit(t, "nia");
    await work(nia, "Press 4, third time");
    assert.match(await bar(nia), /Works on it: Rosa Reviewer(?! \(you\))/);
    await nia.click('[data-task="done"]');
    await toast(nia, "The task is done.");
    assert.match(await nia.innerText("#tasks-title + p"), /nothing to do/);
    await nia.click("#tasks-over summary");
    await nia.click('[data-task="again"]');
    await toast(nia, "The task is open again.");
    await nia.click("#mute");
    await toast(nia, "The mailbox is muted.");
    await turnTo(nia, "Timeline");
    const told = await nia.innerText(".th-timeline");
    for (const words of [
      "The report came in",
      "How serious: critical",
      "Somebody could lose a hand",
      "Tagged: press",
      "Call the maker",
      "muted",
    ])
      assert.ok(told.includes(words), words);
    await nia.click('[data-show="messages"]');
    assert.equal(await nia.locator(".th-timeline > li").count(), 1);
    await nia.click('[data-show="all"]');
    assert.deepEqual(await accessibilityFaults(nia, "console-timeline"), []);
  });

  test("two at once lose nothing of each other's", async (t) => {
    await tell(suite.served, { title: "Two at once" });
    const [rosa, nia] = [await visit(t, "rosa"), await visit(t, "nia")];
    for (const page of [rosa, nia]) await work(page, "Two at once");
    await Promise.all(
      [rosa, nia].map(async (page, i) => {
        await page.fill("#tag-new", `tag ${i}`);
        await page.press("#tag-new", "Enter");
        await page.locator(`[data-tag="tag ${i}"]`).waitFor();
      }),
    );
    await again(rosa, "Two at once");
    await rosa.locator('[data-tag="tag 1"]').waitFor();
    assert.equal(await rosa.locator("[data-tag]").count(), 2);
  });

  test("a note calls a reader by typing their name; it waits at the head until they write something", async (t) => {
    await tell(suite.served, { title: "Look at this" });
    const rosa = await visit(t, "rosa");
    await openCaseOf(rosa, "Look at this");
    await turnTo(rosa, "Notes");
    await rosa.locator("#note").pressSequentially("Please read this @ni");
    await rosa.locator("#note-calls li").waitFor();
    assert.deepEqual(await accessibilityFaults(rosa, "console-mention"), []);
    await rosa.press("#note", "Enter");
    assert.equal(await rosa.inputValue("#note"), "Please read this @Nia New ");
    assert.ok(await rosa.isChecked("#call-6"));
    assert.ok(!(await rosa.isChecked("#call-2")));
    await rosa.locator("#note").pressSequentially("@");
    await rosa.press("#note", "Escape");
    assert.equal(await rosa.locator("#note-calls").isVisible(), false);
    await rosa.getByRole("button", { name: "Keep note" }).click();
    await toast(rosa, "Your note was kept.");
    assert.equal(await rosa.isChecked("#call-6"), false);

    const nia = await visit(t, "nia");
    await openCaseOf(nia, "Look at this");
    // Saying "no conflict", which came after the call, is no answer to it.
    await nia.locator("#called").waitFor();
    assert.match(await nia.innerText("#called"), /By Rosa Reviewer/);
    await nia.click("#called button");
    assert.equal(await nia.locator('[data-called="6"]').last().innerText(), "You are called");
    await nia.fill("#note", "I have");
    await nia.getByRole("button", { name: "Keep note" }).click();
    await toast(nia, "Your note was kept.");
    assert.equal(await nia.locator("#called").count(), 0);
  });

  test("closing asks for check-ins, days can be changed, and the case can be opened again with a reason", async (t) => {
    await tell(suite.served, { title: "All is done" });
    const page = await visit(t, "rosa");
    await openCaseOf(page, "All is done");
    await turnTo(page, "Status");
    await page.check("#phase-closed");
    await page.selectOption("#disposition", "substantiated");
    await page.fill("#reason", "The guard is back");
    await page.fill("#tell-reporter", "The guard is back. Thank you.");
    await page.getByRole("button", { name: "Save status" }).click();
    await toast(page, "The status was saved.");
    await page.click("#plan-check-ins button");
    assert.deepEqual(
      await Promise.all([0, 1, 2].map((i) => page.inputValue(`#work-day-${i}`))),
      [30, 90, 180].map((days) => textOfDay(today + days)),
    );
    await page
      .locator("#days-form")
      .getByRole("button", { name: /^Remove\s*: 3$/ })
      .click();
    await page.fill("#work-day-0", textOfDay(today - 3));
    await keep(page);
    assert.equal(await page.locator("#work-day-0-error").count(), 1, "nobody asks on a day that is over");
    await page.fill("#work-day-0", textOfDay(today + 14));
    assert.deepEqual(await accessibilityFaults(page, "console-check-ins"), []);
    await keep(page);
    await toast(page, "The days were saved.");
    assert.equal(await page.locator("#plan-check-ins").count(), 0);
    assert.match(await bar(page), /Ask how the reporter fares: due in 14 days/);
    await turnTo(page, "Status");
    await page.check("#phase");
    await page.fill("#reason", "It came off again");
    await page.getByRole("button", { name: "Save status" }).click();
    await toast(page, "The status was saved.");
    assert.match(await bar(page), /Open/);
    const desk = await deskOf(suite.served, suite.served.organisation.members.nia.seed);
    const { lookup } = await openCase(desk, (await findByTitle(suite.served, desk, "All is done"))!);
    assert.ok(lookup.remindOn !== null && lookup.remindOn <= textOfDay(today + 14), "the server's date follows");
  });

  test("a check-in that is due shows at the head, is asked with an editable message, and what is alleged says what to do", async (t) => {
    const code = await tell(suite.served, { title: "Closed long ago" });
    const desk = await deskOf(suite.served, suite.served.organisation.members.nia.seed);
    const caseId = (await findByTitle(suite.served, desk, "Closed long ago"))!;
    await declare(desk, caseId, false, "");
    await decide(desk, caseId, { phase: "closed", disposition: "referred", reason: "r", on: textOfDay(today - 31) });
    const plan: ActDraft = { act: "checkIns", days: [textOfDay(today - 1), textOfDay(today + 59)] };
    await writeAct(desk, caseId, plan, {}, await withoutFiles(desk, caseId));
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Closed long ago");
    assert.match(await bar(page), /Ask how the reporter fares: overdue since/);
    await page.click("#check-in-due button");
    assert.match(await page.inputValue("#work-message"), /^Some time has passed/);
    await page.fill("#work-message", "How are you? We would like to know.");
    await keep(page);
    await toast(page, "The message was sent");
    assert.match(await bar(page), /due|by /);
    assert.equal(await page.locator("#check-in-due").count(), 0);
    await turnTo(page, "Report and messages");
    assert.match(await page.innerText(".th-messages"), /How are you\? We would like to know\./);
    await turnTo(page, "Work");
    await page.getByRole("button", { name: "Record what they answered" }).click();
    await page.check("#work-outcome-retaliation");
    await keep(page);
    assert.equal(await page.locator("#work-reason-error").count(), 1);
    await page.fill("#work-reason", "Moved to nights the week after");
    await keep(page);
    await toast(page, "Recorded. See below what to do now.");
    const guide = await page.innerText("#retaliation");
    for (const words of ["alleged", "1102.5", "1107.1", "counsel", "not legal advice"])
      assert.ok(guide.includes(words), words);
    assert.deepEqual(await accessibilityFaults(page, "console-retaliation"), []);
    await page.locator("#retaliation").getByRole("button", { name: "Open it again" }).click();
    assert.ok(await page.isVisible("#phase"));
    assert.ok(code.length > 0);
  });

  test("what was typed survives a lock for the same member, and is nobody else's", async (t) => {
    await tell(suite.served, { title: "Half typed" });
    const { rosa, nia } = suite.served.organisation.members;
    const page = await visit(t, "rosa");
    await work(page, "Half typed");
    await page.fill("#tag-new", "half a tag");
    await page.click("#new-task");
    await page.fill("#work-task", "Half a task");
    await page.click("#severity");
    await page.fill("#work-reason", "Half a reason");
    await turnTo(page, "Notes");
    await page.fill("#note", "Half a note");
    await page.check("#call-6");
    const signIn = async (who: typeof rosa): Promise<void> => {
      await page.click("#lock");
      await page.locator("#key-file").waitFor();
      await signInAgain(page, suite.served, who);
    };
    await signIn(rosa);
    await page.locator("#note").waitFor();
    assert.equal(await page.inputValue("#note"), "Half a note");
    assert.ok(await page.isChecked("#call-6"));
    await turnTo(page, "Work");
    assert.equal(await page.inputValue("#tag-new"), "half a tag");
    assert.equal(await page.inputValue("#work-reason"), "Half a reason");
    await page.click("#new-task");
    assert.equal(await page.inputValue("#work-task"), "Half a task");
    await signIn(nia);
    await work(page, "Half typed");
    assert.equal(await page.inputValue("#tag-new"), "");
    assert.equal(await page.locator("form.th-work-form").count(), 0);
    await page.click("#new-task");
    assert.equal(await page.inputValue("#work-task"), "");
    assert.ok(!(await page.content()).includes("Half a"));
  });

  test("linked cases: only what everybody who reads the one may know of the other", async (t) => {
    await tell(suite.served, { title: "Everybody's case" });
    await tell(suite.served, { title: "Carl's boss", excluded: [2] });
    const rosa = await visit(t, "rosa");
    await openCaseOf(rosa, "Carl's boss");
    const secret = await rosa.innerText(".th-identity__name");
    await work(rosa, "Everybody's case");
    await rosa.click("#new-link");
    await rosa.selectOption("#work-link", { label: `${secret}: Carl's boss` });
    await rosa.fill("#work-reason", "The same boss");
    await keep(rosa);
    await toast(rosa, "this one says nothing");
    assert.equal(await rosa.locator("[data-link]").count(), 0);
    await work(rosa, "Carl's boss");
    assert.equal(await rosa.locator("[data-link]").count(), 1);
    await rosa.locator("[data-link] button").first().click();
    await rosa.locator("#case-title", { hasText: "Everybody's case" }).waitFor();

    const carl = await visit(t, "carl");
    await openCaseOf(carl, "Everybody's case");
    for (const tab of ["Work", "Notes", "Timeline"]) {
      await turnTo(carl, tab);
      assert.ok(!(await carl.content()).includes(secret), tab);
    }
  });
});
