/** The smaller forms of duties as people work with them: several at once, by keyboard, in other time zones, on closed cases. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { textOfDay, updateDueBy } from "../../data/policy/update-date.ts";
import { launchBrowser } from "../support/browser.ts";
import { tell } from "../support/casework.ts";
import { giveKey, openCaseOf, toast, turnTo, visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const msPerDay = 86_400_000;
const today = Math.floor(Date.now() / msPerDay);
const medium = (day: number): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day * msPerDay));
const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");

describe("forms of duties", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" }, 2);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  const visit = (
    t: Parameters<typeof visitConsole>[0],
    who: "rosa" | "carl",
    more: BrowserContextOptions = {},
  ): Promise<Page> => visitConsole(t, browser, served, served.organisation.members[who], { more });

  const clockOf = (page: Page, id: string) => page.locator(`[data-clock="${id}"]`);

  test("two forms open at once: neither takes what was typed in the other, and cancelling goes back", async (t) => {
    await tell(served, { title: "Many things at once", categories: ["csi-3"] });
    const page = await visit(t, "carl");
    await openCaseOf(page, "Many things at once");
    await turnTo(page, "Incident");
    await page.click("#new-filing");
    await page.fill("#filing-recipient", "Cal OES");
    await page.fill("#filing-statement", "An alleged loss of control.");
    await turnTo(page, "Duties");
    await page.click('[data-form="done:CA_CSI"]');
    await page.fill("#done-reason", "Filed by hand");
    await page.click('[data-form="rebase:CA_CSI_24"]');
    await page.fill("#clock-reason", "We knew at noon");
    await page.click('[data-form="done:CA_CSI"]');
    assert.equal(await page.inputValue("#done-reason"), "Filed by hand");
    await page.fill("#done-on", textOfDay(today + 2));
    await page.click("[data-keep]");
    assert.equal(await page.locator("#done-on-error").count(), 1);
    assert.equal(await page.inputValue("#done-reason"), "Filed by hand", "an error keeps what was typed");
    await page.click('[data-form="rebase:CA_CSI_24"]');
    assert.equal(await page.inputValue("#clock-reason"), "We knew at noon");
    assert.equal(await page.locator(".govuk-error-message").count(), 0, "another form has not failed yet");
    await turnTo(page, "Incident");
    assert.equal(await page.inputValue("#filing-statement"), "An alleged loss of control.");
    await page.click("#lock");
    await page.locator("#key-file").waitFor();
    await giveKey(page, served, served.organisation.members.carl);
    await page.locator("#filing-statement").waitFor();
    assert.equal(await page.inputValue("#filing-statement"), "An alleged loss of control.", "locking keeps it too");
    await page.locator("#filing-form").getByRole("button", { name: "Cancel" }).click();
    assert.equal(await focused(page), "new-filing");
  });

  test("by keyboard: focus goes into a form, to its fault each time, and back to what opened it", async (t) => {
    await tell(served, { title: "Without a mouse", categories: ["csi-2"] });
    const page = await visit(t, "carl");
    await openCaseOf(page, "Without a mouse");
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.keyboard.press("ArrowRight");
    const opener = page.locator('[data-form="done:CA_CSI"]');
    await opener.focus();
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "done-on");
    for (let i = 0; i < 2; i++) {
      await page.locator("[data-keep]").focus();
      await page.keyboard.press("Enter");
      assert.equal(await focused(page), "done-reason", "the same fault again is told again");
    }
    await page.getByRole("button", { name: "Cancel" }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-form")), "done:CA_CSI");
    await page.keyboard.press("Enter");
    await page.fill("#done-reason", "Filed by hand");
    await page.locator("[data-keep]").focus();
    await page.keyboard.press("Enter");
    await toast(page, "Recorded as done.");
    assert.equal(await focused(page), "clock-title-CA_CSI");
    await page.locator("#assess").focus();
    await page.keyboard.press("Enter");
    await toast(page, "Recorded.");
    assert.equal(await focused(page), "duties-title");
    await turnTo(page, "Incident");
    await page.fill("#triage-reason", "Not clear yet");
    await page.locator("#keep-triage").focus();
    await page.keyboard.press("Enter");
    await toast(page, "Your answers are kept");
    assert.equal(await focused(page), "keep-triage", "a button that was off while it worked has the focus again");
  });

  test("an exception is not done, and a second start runs though the first is over", async (t) => {
    await tell(served, { title: "Somebody asks for their data" });
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Somebody asks for their data");
    await turnTo(page, "Duties");
    const start = async (from: number): Promise<void> => {
      await page.click("#start-clock");
      await page.selectOption("#clock-deadline", "GDPR_DSAR");
      await page.fill("#clock-from", textOfDay(from));
      await page.fill("#clock-reason", "A letter came in");
      await page.click("[data-keep]");
      await toast(page, "The clock was set.");
    };
    await start(today - 9);
    await page.click('[data-form="done:GDPR_DSAR"]');
    await page.fill("#done-on", textOfDay(today - 10));
    await page.check("#done-how-exception");
    await page.fill("#done-reason", "The letter was taken back");
    await page.click("[data-keep]");
    assert.match(await page.innerText("#done-on-error"), /started later/, "nothing is done before its clock starts");
    await page.fill("#done-on", textOfDay(today - 8));
    await page.click("[data-keep]");
    await toast(page, "Recorded as done.");
    const over = await clockOf(page, "GDPR_DSAR").innerText();
    assert.ok(over.includes("Not owed, by an exception") && !over.includes("Done on"), over);
    await start(today - 8);
    assert.ok((await clockOf(page, "GDPR_DSAR").innerText()).includes(medium(updateDueBy(today - 8))));
  });

  test("members elsewhere write their own day and time; what is counted is shown in both", async (t) => {
    await tell(served, { title: "Around the world", categories: ["csi-1"] });
    for (const timezoneId of ["America/Los_Angeles", "Pacific/Kiritimati"]) {
      const page = await visit(t, "carl", { timezoneId });
      await openCaseOf(page, "Around the world");
      await turnTo(page, "Duties");
      const text = await clockOf(page, "CA_CSI_24").innerText();
      assert.ok(text.includes("UTC") && text.includes("by your device's clock"), text);
      assert.match(text, /Due (in \d+ hours?|within the hour)/);
      const own = await page.evaluate(() => {
        const now = new Date(Date.now() - 60_000);
        const two = (n: number): string => String(n).padStart(2, "0");
        return {
          day: [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-"),
          time: `${two(now.getHours())}:${two(now.getMinutes())}`,
          instant: `${now.toISOString().slice(0, 16)}:00Z`,
        };
      });
      await page.click('[data-form="rebase:CA_CSI_24"]');
      assert.ok((await page.innerText("#clock-time-hint")).includes(timezoneId));
      await page.fill("#clock-from", own.day);
      await page.fill("#clock-time", own.time);
      await page.fill("#clock-reason", `Seen in ${timezoneId}`);
      await page.click("[data-keep]");
      await toast(page, "The clock was set.");
      const utc = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
      const until = utc.format(Date.parse(own.instant) + msPerDay);
      const moved = await clockOf(page, "CA_CSI_24").innerText();
      assert.ok(moved.includes(`${until} UTC`), `${moved} until ${until}`);
    }
  });

  test("a closed case still says what it owes", async (t) => {
    await tell(served, { title: "Closed too soon", categories: ["csi-1"] });
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Closed too soon");
    await turnTo(page, "Status");
    await page.check("#phase-closed");
    await page.selectOption("#disposition", "substantiated");
    await page.fill("#reason", "We have seen enough");
    await page.fill("#tell-reporter", "We looked into it and found what you wrote.");
    await page.getByRole("button", { name: "Save status" }).click();
    await toast(page, "The status was saved.");
    await turnTo(page, "Duties");
    assert.match(await clockOf(page, "CA_UPDATE").innerText(), /Ended on .* when the case was closed/);
    assert.doesNotMatch(await clockOf(page, "EU_ACK").innerText(), /Overdue|Due in/);
    assert.match(await clockOf(page, "CA_CSI").innerText(), /Due in|Running/);
    await page.getByRole("button", { name: "Check for new cases" }).click();
    const item = page.locator(".th-case", { hasText: "Closed too soon" });
    await item.getByText(`Next date: ${medium(today)}`).waitFor();
  });

  test("another draft takes the place of one that nobody touched, never of what was typed", async (t) => {
    await tell(served, { title: "Which letter" });
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Which letter");
    await turnTo(page, "Duties");
    await clockOf(page, "EU_ACK").locator("[data-write]").click();
    assert.ok(await page.isChecked("#duty-acknowledgement"), "the card says which message it is");
    assert.equal(await focused(page), "reply");
    const first = await page.inputValue("#reply");
    await page.check("#duty-update");
    const second = await page.inputValue("#reply");
    assert.ok(first !== "" && second !== first);
    await page.fill("#reply", `${second} And more.`);
    await page.check("#duty-acknowledgement");
    assert.equal(await page.inputValue("#reply"), `${second} And more.`);
    await page.fill("#reply", "");
  });
});
