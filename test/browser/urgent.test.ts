/** The box "This is urgent", in a real browser with and without JavaScript: what it says, and who hears of it. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import {
  arrived,
  odo,
  ombuds,
  receivers,
  safe,
  serveWithOmbuds,
  settingsFor,
  startHook,
  startMailServer,
  type Hook,
  type MailServer,
} from "../support/notify.ts";
import { openForm, sendForm, walkToCheck } from "../support/report-form.ts";
import { postRosterAfter } from "../support/two-places.ts";
import { openContext } from "../support/watched-context.ts";

const label = "This is urgent";
const both = "Odo Ombuds (ombuds) and Paper in the safe (recovery)";

describe("the box for urgent reports", requireJudge("browser"), () => {
  let mail: MailServer;
  let hook: Hook;
  let served: Awaited<ReturnType<typeof serveWithOmbuds>>;
  let origin: string;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    [mail, hook] = await Promise.all([startMailServer(), startHook()]);
    served = await serveWithOmbuds(settingsFor(mail, hook));
    origin = served.portal.reporterUrl;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.end();
    await Promise.all([mail?.close(), hook?.close()]);
  });

  async function newPage(t: TestContext, javaScript: boolean, provokes: RegExp[] = []): Promise<Page> {
    return (await openContext(t, browser, { origins: [origin], javaScript, provokes })).newPage();
  }

  async function isUrgent(title: string): Promise<boolean> {
    const desk = await deskOf(served, odo.seed);
    return (await openCase(desk, (await findByTitle(served, desk, title))!)).listing.urgent;
  }

  function assertHint(hint: string): void {
    for (const name of both.split(" and ")) assert.ok(hint.includes(name), hint);
    for (const part of ["Our server", "even if you left them out", "emergency services"])
      assert.ok(hint.includes(part), hint);
    assert.doesNotMatch(hint, /Rosa|Carl/, "nobody else is told sooner");
  }

  /** As it is read out with the box. */
  const hintOf = async (page: Page): Promise<string> =>
    page.locator(`#${(await page.getByLabel(label).getAttribute("aria-describedby"))!}`).innerText();

  for (const [what, ticks] of [
    ["ticked by keyboard, tells the two at once", true],
    ["left alone, tells nobody", false],
  ] as const)
    test(`with JavaScript, ${what}`, async (t) => {
      const page = await newPage(t, true);
      await openForm(page, origin);
      await walkToCheck(page, { answers: { what: `With scripts, ${what}` } });
      const box = page.getByLabel(label);
      assert.equal(await box.isChecked(), false, "off unless somebody chooses it");
      assertHint(await hintOf(page));
      if (ticks) {
        assert.deepEqual(await accessibilityFaults(page, "urgent"), []);
        await box.focus();
        await page.keyboard.press("Space");
      }
      await sendForm(page);
      if (ticks) await arrived(mail.mails, 2);
      else await new Promise((resolve) => setTimeout(resolve, 500));
      assert.deepEqual(receivers(mail.mails.splice(0)), ticks ? [ombuds, safe].sort() : []);
      assert.equal(await isUrgent(`With scripts, ${what}`), ticks);
    });

  test("without JavaScript, ticked, it marks the report; a fault leaves it ticked", async (t) => {
    // Chromium says so of the form that comes back with a fault.
    const page = await newPage(t, false, [/status of 400 /]);
    await page.goto(`${origin}/assisted/report`);
    assert.equal(await page.getByLabel(label).isChecked(), false);
    assertHint(await hintOf(page));
    await page.getByLabel("What happened?").fill("Without scripts");
    await page.getByLabel(label).check();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("link", { name: /Write down the eight words/ }).waitFor();
    assert.equal(await page.getByLabel(label).isChecked(), true);
    await page.getByLabel("I have written down the eight words").check();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: "Your report is stored" }).waitFor();
    assert.equal(await isUrgent("Without scripts"), true);
  });

  test("where nobody has such a role there is no box, with or without JavaScript", async (t) => {
    await postRosterAfter(served, (content) => ({
      ...content,
      members: content.members.map((member) => ({
        ...member,
        roles: member.roles.map((role) => (role === "ombuds" || role === "recovery" ? "reviewer" : role)),
      })),
    }));
    const page = await newPage(t, true);
    await openForm(page, origin);
    await walkToCheck(page, { answers: { what: "x" } });
    assert.equal(await page.locator("#urgent").isVisible(), false);
    const plain = await newPage(t, false);
    await plain.goto(`${origin}/assisted/report`);
    assert.equal(await plain.locator("#urgent").count(), 0);
  });
});
