/** What somebody typed at the console stays theirs: in its own case, through a lock, and until they leave it. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { tell } from "../support/casework.ts";
import { useConsole, type Who } from "../support/console-suite.ts";
import { lookAtCaseFile, openCaseOf, signInAgain, toast, turnTo } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { holdBack } from "../support/held-back.ts";

/** Whether the browser would ask before this window is closed. */
const asksFirst = (page: Page): Promise<boolean> =>
  page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));

const rowOf = (page: Page, title: string): Locator => page.locator(".th-case", { hasText: title });
const boxOf = (page: Page, title: string): Locator => rowOf(page, title).locator(".th-listed__box");

describe("what is typed at the console", { ...requireJudge("browser"), timeout: 300_000 }, () => {
  const suite = useConsole();
  const { visit } = suite;

  /** Reports in which this member has no conflict. */
  async function cases(who: Who, ...titles: string[]): Promise<void> {
    for (const title of titles) await suite.cleared({ title }, who);
  }

  async function relock(page: Page, who: Who): Promise<void> {
    await page.click("#lock");
    await page.locator("#key-file").waitFor();
    await signInAgain(page, suite.served, suite.served.organisation.members[who]);
  }

  /** Clicks, turns to another case while that is under way, and lets it end. */
  async function turnAwayFrom(page: Page, click: () => Promise<void>, to: string, done: string): Promise<void> {
    const posts = await holdBack(page.context(), "**/streams/**", "POST");
    await click();
    await posts.held;
    await rowOf(page, to).click();
    await page.locator("#case-title", { hasText: to }).waitFor();
    posts.release();
    await toast(page, done);
    await page.context().unroute("**/streams/**");
  }

  test("what is kept in one case ends the form of that case alone", async (t) => {
    await cases("rosa", "Delta three", "Echo four");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Echo four");
    await turnTo(page, "Work");
    await page.click("#new-task");
    await page.fill("#work-task", "A long task");
    await openCaseOf(page, "Delta three");
    await page.click("#severity");
    await page.check("#work-level-high");
    await page.fill("#work-reason", "because");
    await turnAwayFrom(page, () => page.click("[data-keep]"), "Echo four", "Saved how serious it is.");
    assert.equal(await page.inputValue("#work-task"), "A long task");
    await openCaseOf(page, "Delta three");
    assert.equal(await page.locator("#severity-form").count(), 0, "what was saved is closed");
    await page.locator('[data-severity="high"]').waitFor();
  });

  test("a link that is kept leaves another case's form alone", async (t) => {
    await cases("rosa", "Tango one", "Uniform two");
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Uniform two");
    await turnTo(page, "Work");
    await page.click("#new-task");
    await page.fill("#work-task", "Another task");
    await openCaseOf(page, "Tango one");
    await page.click("#new-link");
    await page.locator("#work-link option", { hasText: "Uniform two" }).waitFor({ state: "attached" });
    const value = await page.locator("#work-link option", { hasText: "Uniform two" }).getAttribute("value");
    await page.selectOption("#work-link", value);
    await page.fill("#work-reason", "the same press");
    await turnAwayFrom(page, () => page.click("[data-keep]"), "Uniform two", "Linked");
    assert.equal(await page.inputValue("#work-task"), "Another task");
    await openCaseOf(page, "Tango one");
    assert.equal(await page.locator("#link-form").count(), 0, "what was saved is closed");
  });

  test("a report to an authority that is kept leaves another case's alone", async (t) => {
    await cases("carl", "Victor three", "Whiskey four");
    const page = await visit(t, "carl");
    for (const [title, recipient] of [
      ["Whiskey four", "Attorney General"],
      ["Victor three", "OES"],
    ] as const) {
      await openCaseOf(page, title);
      await turnTo(page, "Incident");
      await page.click("#new-filing");
      await page.fill("#filing-recipient", recipient);
    }
    await turnAwayFrom(page, () => page.click("#filing-form [data-keep]"), "Whiskey four", "The draft is kept.");
    assert.equal(await page.inputValue("#filing-recipient"), "Attorney General");
    await openCaseOf(page, "Victor three");
    assert.equal(await page.locator("#filing-form").count(), 0, "what was saved is closed");
  });

  test("muting one mailbox leaves the form and the selection, and a lock does too", async (t) => {
    await cases("rosa", "Alpha one", "Bravo two", "Charlie three");
    const page = await visit(t, "rosa");
    await boxOf(page, "Alpha one").check();
    await boxOf(page, "Bravo two").check();
    await page.click('[data-bulk="spam"]');
    assert.equal(await asksFirst(page), false, "nothing was typed");
    await page.fill("#bulk-reason", "An advertisement");
    await page.fill("#bulk-tell", "We do not buy this");
    assert.equal(await asksFirst(page), true);
    await rowOf(page, "Charlie three").locator(".th-listed__mute button").click();
    await rowOf(page, "Charlie three").locator(".th-listed__mute--on").waitFor();
    assert.equal(await page.inputValue("#bulk-reason"), "An advertisement");
    assert.equal(await page.locator(".th-listed__box:checked").count(), 2);
    await relock(page, "rosa");
    await rowOf(page, "Bravo two").waitFor();
    assert.equal(await page.inputValue("#bulk-reason"), "An advertisement");
    assert.equal(await page.inputValue("#bulk-tell"), "We do not buy this");
    await page.click("#bulk-run");
    await toast(page, "Closed as spam");
    assert.equal(await asksFirst(page), false, "it was written");
  });

  test("whoever closes cases that are not on the screen is told which", async (t) => {
    await cases("rosa", "Foxtrot five", "Golf six");
    const page = await visit(t, "rosa");
    await boxOf(page, "Foxtrot five").check();
    await page.click('[data-bulk="spam"]');
    await page.locator("#bulk-run").waitFor();
    assert.equal(await page.locator("#bulk-cases").count(), 0, "all of them are in the list");
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.fill("#queue-text", "golf");
    await rowOf(page, "Foxtrot five").waitFor({ state: "detached" });
    await page.click("#queue-all");
    await page.click('[data-bulk="spam"]');
    assert.match(await page.innerText("#bulk-cases"), /Foxtrot five/);
    assert.match(await page.innerText("#bulk-cases"), /Golf six/);
  });

  test("the reason of a conflict is asked about until there is no conflict", async (t) => {
    await tell(suite.served, { title: "Hotel seven" });
    const page = await visit(t, "nia");
    await page.locator('.th-case[data-gate="undeclared"]').first().click();
    await page.fill("#conflict-reason", "My brother works there");
    assert.equal(await asksFirst(page), true);
    await page.click("#no-conflict");
    await page.locator("#tab-panel").waitFor();
    assert.equal(await asksFirst(page), false);
  });

  test("what was typed under Notice outlives a lock, for its member alone", async (t) => {
    const page = await visit(t, "carl");
    await page.click("#screen-notices");
    await page.fill("#person-name", "Half A. Person");
    assert.equal(await asksFirst(page), true);
    await relock(page, "carl");
    assert.equal(await page.inputValue("#person-name"), "Half A. Person");
    await relock(page, "olu");
    await page.click("#screen-notices");
    assert.equal(await page.inputValue("#person-name"), "");
    assert.equal(await asksFirst(page), false);
  });
});

describe("what is typed for a case file", { ...requireJudge("browser"), timeout: 300_000 }, () => {
  const suite = useConsole({}, 2, { approval: true });
  const { visit } = suite;
  before(async () => {
    for (const title of ["Press 4", "Fraud 5"]) await suite.cleared({ title }, "carl", "nia");
  });

  async function lookIn(page: Page, title: string): Promise<void> {
    await openCaseOf(page, title);
    await turnTo(page, "Case file");
    await lookAtCaseFile(page);
  }

  async function ask(page: Page): Promise<void> {
    await page.selectOption("#casefile-to", { label: "Nia New, reviewer, counsel" });
    await page.getByRole("button", { name: "Ask them" }).click();
    await toast(page, "They were asked");
  }

  async function compareIn(page: Page, title: string): Promise<void> {
    await openCaseOf(page, title);
    await turnTo(page, "Case file");
    await page.getByRole("button", { name: "Make it again and compare" }).click();
    await page.locator("#casefile-answer").waitFor({ timeout: 120_000 });
  }

  test("words about one case never stand in another's", async (t) => {
    const carl = await visit(t, "carl");
    await lookIn(carl, "Press 4");
    await carl.fill("#casefile-reason", "Only about Press 4");
    assert.equal(await asksFirst(carl), true);
    await lookIn(carl, "Fraud 5");
    assert.equal(await carl.inputValue("#casefile-reason"), "");
    await ask(carl);
    await lookIn(carl, "Press 4");
    assert.equal(await carl.inputValue("#casefile-reason"), "Only about Press 4");
    await ask(carl);
    assert.equal(await asksFirst(carl), false, "it was sent");

    const nia = await visit(t, "nia");
    await compareIn(nia, "Press 4");
    await nia.fill("#casefile-answer", "A name is still in Press 4");
    assert.equal(await asksFirst(nia), true);
    await compareIn(nia, "Fraud 5");
    assert.equal(await nia.inputValue("#casefile-answer"), "");
    await compareIn(nia, "Press 4");
    assert.equal(await nia.inputValue("#casefile-answer"), "A name is still in Press 4");
    await nia.click("#casefile-refuse");
    await nia.locator('[data-request="refused"]').waitFor();
    assert.equal(await asksFirst(nia), false, "it was sent");
  });
});
