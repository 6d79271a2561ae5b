/** Duties at the console: clocks, triage, filings, updates. Three members, real Chromium, a server whose clock is ours. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import type { Clock } from "../../server/ports.ts";
import { textOfDay, updateDueBy } from "../../data/policy/update-date.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { openCaseOf, savedFile, toast, turnTo, visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext } from "../support/watched-context.ts";

const msPerDay = 86_400_000;
const today = Math.floor(Date.now() / msPerDay);
const medium = (day: number): string =>
  new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day * msPerDay));

describe("duties of a case", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  /** Days that the server's clock is behind: for reports that came in long ago. */
  let behind = 0;
  const clock: Clock = {
    today: () => Math.floor(clock.now() / msPerDay),
    now: () => Date.now() - behind * msPerDay,
  };

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" }, 2, { clock });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  const visit = (t: Parameters<typeof visitConsole>[0], who: "rosa" | "carl" | "nia"): Promise<Page> =>
    visitConsole(t, browser, served, served.organisation.members[who]);

  const clockOf = (page: Page, id: string) => page.locator(`[data-clock="${id}"]`);

  test("an alleged incident starts its clocks from the day before; what each reader records all see", async (t) => {
    await tell(served, { title: "The weights left the building", categories: ["csi-1"] });
    const rosa = await visit(t, "rosa");
    await openCaseOf(rosa, "The weights left the building");
    await turnTo(rosa, "Duties");
    assert.ok((await clockOf(rosa, "CA_CSI").innerText()).includes(medium(today + 14)));
    assert.match(await clockOf(rosa, "CA_CSI").innerText(), /22757\.13\(c\)\(1\)/);
    await clockOf(rosa, "CA_CSI").getByText("How this was counted").click();
    assert.ok((await clockOf(rosa, "CA_CSI").innerText()).includes("In America it was still"));
    assert.match(await clockOf(rosa, "CA_CSI_24").innerText(), /UTC/);
    assert.equal(await rosa.locator('[data-form^="rebase"]').count(), 0, "who is not counsel moves no clock");
    await rosa.click("#assess");
    await toast(rosa, "Recorded.");
    assert.ok((await rosa.innerText("#tab-panel")).includes(medium(today)));
    assert.deepEqual(await accessibilityFaults(rosa, "console-duties"), []);

    const carl = await visit(t, "carl");
    await openCaseOf(carl, "The weights left the building");
    await turnTo(carl, "Duties");
    assert.equal(await carl.locator("#assess").count(), 0, "somebody has read it");
    await carl.click('[data-form="rebase:CA_CSI"]');
    await carl.click("[data-keep]");
    assert.equal(await carl.locator("#clock-reason-error").count(), 1, "without a reason nothing moves");
    assert.equal(await carl.locator("#clock-from-error").count(), 1);
    await carl.fill("#clock-from", textOfDay(today - 2));
    await carl.fill("#clock-reason", "The log shows that we knew two days ago");
    await carl.click("[data-keep]");
    await toast(carl, "The clock was set.");
    const moved = await clockOf(carl, "CA_CSI").innerText();
    assert.ok(moved.includes(medium(today + 13)) && moved.includes("The log shows"), moved);
    assert.ok(moved.includes(`Set by ${served.organisation.members.carl.name}`), "who moved it");
    assert.ok(moved.includes(`Otherwise it would count from ${medium(today - 1)}.`), "and from where");
    for (const id of ["CA_UPDATE", "EU_ACK", "EU_FEEDBACK"])
      assert.equal(await carl.locator(`[data-form="rebase:${id}"]`).count(), 0, "nobody moves what the portal saw");

    await openCaseOf(rosa, "The weights left the building");
    await turnTo(rosa, "Duties");
    // It was on her screen already: what Carl wrote comes with the next beat.
    await clockOf(rosa, "CA_CSI")
      .filter({ hasText: medium(today + 13) })
      .waitFor();
    await turnTo(rosa, "Notes");
    await rosa.locator("#tab-panel", { hasText: "Clock CA_CSI counts from" }).waitFor();
  });

  test("triage by both laws: the outcome is told, and clocks follow it", async (t) => {
    await tell(served, { title: "It hid what it did", categories: ["csi-4"] });
    const page = await visit(t, "nia");
    await openCaseOf(page, "It hid what it did");
    await turnTo(page, "Incident");
    assert.match(await page.innerText("#triage-outcome"), /keep running/);
    assert.deepEqual(await accessibilityFaults(page, "console-incident"), []);
    for (const law of ["bpc", "lc"])
      for (const type of [1, 2, 3, 4]) await page.check(`#triage-${law}-${type}-not-met`);
    await page.check("#triage-imminent-no");
    assert.match(await page.innerText("#triage-outcome"), /its clocks stop/);
    await page.click("#keep-triage");
    assert.equal(await page.locator("#triage-reason-error").count(), 1);
    await page.fill("#triage-reason", "It was a test made to bring this out");
    await page.click("#keep-triage");
    await toast(page, "Your answers are kept");
    await turnTo(page, "Duties");
    assert.equal(await clockOf(page, "CA_CSI").count(), 0);
    assert.match(await page.innerText("#stopped"), /CA_CSI/, "what stopped does not vanish");
    await turnTo(page, "Incident");
    assert.ok(await page.isChecked("#triage-bpc-4-not-met"), "what was kept is shown");
    await page.check("#triage-bpc-4");
    await page.fill("#triage-reason", "The test had ended by then");
    await page.click("#keep-triage");
    await toast(page, "Your answers are kept");
    await turnTo(page, "Duties");
    assert.equal(await clockOf(page, "CA_CSI").count(), 1);
    assert.equal(await clockOf(page, "CA_CSI_24").count(), 0, "nobody is in danger");
  });

  test("a report to an authority: draft, change, proof with a file, amendment; its clock is done", async (t) => {
    await tell(served, { title: "Somebody was hurt", categories: ["csi-3"] });
    const page = await visit(t, "carl");
    await openCaseOf(page, "Somebody was hurt");
    await turnTo(page, "Incident");
    await page.click("#new-filing");
    await page.click("#filing-form [data-keep]");
    assert.equal(await page.locator("#filing-recipient-error").count(), 1);
    await page.fill("#filing-recipient", "Cal OES");
    await page.check("#filing-for-CA_CSI");
    await page.fill("#filing-date", "Some day last week");
    await page.fill("#filing-qualifies", "Alleged loss of control with injury");
    await page.fill("#filing-statement", "A model acted outside its limits.");
    await page.check("#filing-use-no");
    assert.deepEqual(await accessibilityFaults(page, "console-filing"), []);
    await page.click("#filing-form [data-keep]");
    await toast(page, "The draft is kept.");
    const card = page.locator("[data-filing]").first();
    await card.locator('[data-act="edit"]').click();
    assert.equal(await page.inputValue("#filing-date"), "Some day last week");
    await page.fill("#filing-date", "Between Monday and Wednesday");
    await page.click("#filing-form [data-keep]");
    await toast(page, "The draft is kept.");
    assert.equal(await page.locator("[data-filing]").count(), 1, "a change is no second report");
    await card.locator('[data-act="proof"]').click();
    await page.fill("#filing-on", textOfDay(today + 2));
    await card.locator("[data-keep]").click();
    assert.equal(await page.locator("#filing-reference-error").count(), 1);
    assert.equal(await page.locator("#filing-on-error").count(), 1, "nothing was filed in the future");
    await page.fill("#filing-on", textOfDay(today));
    await page.fill("#filing-reference", "OES-77");
    await page.setInputFiles("#filing-files", {
      name: "confirmation.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("received by the authority"),
    });
    await turnTo(page, "Notes");
    await turnTo(page, "Incident");
    assert.match(await card.innerText(), /confirmation\.txt/, "what was chosen is still shown");
    await card.locator("[data-keep]").click();
    await toast(page, "The filing is recorded.");
    assert.match(await card.innerText(), /Filed on .* reference OES-77/);
    assert.equal(await card.locator('[data-act="edit"]').count(), 0, "what was filed is not changed");
    const { text } = await savedFile(page, () => card.getByRole("button", { name: "Save confirmation.txt" }).click());
    assert.equal(text, "received by the authority");
    await card.locator('[data-act="amend"]').click();
    await page.fill("#filing-statement", "Two people were hurt, not one.");
    await page.click("#filing-form [data-keep]");
    await toast(page, "The draft is kept.");
    const id = await card.getAttribute("data-filing");
    assert.ok((await page.locator("[data-filing]").last().innerText()).includes(`amends ${id}`));
    await page.click("#new-filing");
    await page.fill("#filing-recipient", "Another authority");
    await page.click("#filing-form [data-keep]");
    await toast(page, "The draft is kept.");
    const empty = page.locator("[data-filing]", { hasText: "Another authority" });
    await empty.locator('[data-act="proof"]').click();
    await empty.locator("[data-keep]").click();
    assert.match(await empty.locator("#filing-on-error").innerText(), /empty fields/);
    await turnTo(page, "Duties");
    assert.match(await clockOf(page, "CA_CSI").innerText(), /Done on/);
  });

  test("acknowledgement and update: drafted, not to be skipped, logged when posted, and told to the reporter", async (t) => {
    const code = await tell(served, { title: "The guard is off" });
    const page = await visit(t, "rosa");
    await openCaseOf(page, "The guard is off");
    await page.check("#duty-acknowledgement");
    assert.match(await page.inputValue("#reply"), /^Thank you for writing to us\./);
    await page.getByRole("button", { name: "Send reply" }).click();
    await toast(page, "sent");
    await page.check("#duty-update");
    await page.fill("#reply", "  ");
    await page.check("#unchanged");
    await page.getByRole("button", { name: "Send reply" }).click();
    assert.equal(await page.locator("#reply-error").count(), 1, "an update without words is none");
    assert.equal(await page.locator("#unchanged-reason-error").count(), 1);
    await page.fill("#reply", "We still wait for the maker of the press.");
    await page.fill("#unchanged-reason", "The maker is on holiday");
    assert.deepEqual(await accessibilityFaults(page, "console-update"), []);
    await page.getByRole("button", { name: "Send reply" }).click();
    await toast(page, "sent");
    await turnTo(page, "Duties");
    assert.match(await clockOf(page, "EU_ACK").innerText(), /Done on/);
    assert.ok((await clockOf(page, "CA_UPDATE").innerText()).includes(medium(updateDueBy(today))));
    await turnTo(page, "Notes");
    const notes = await page.innerText("#tab-panel");
    assert.ok(notes.includes("Acknowledgement posted on") && notes.includes("Regular update posted on"), notes);
    assert.ok(notes.includes("It says that nothing has changed") && notes.includes("The maker is on holiday"));

    const context = await openContext(t, browser, { origins: [served.portal.reporterUrl] });
    const mailbox = await context.newPage();
    await mailbox.goto(`${served.portal.reporterUrl}/en/mailbox`);
    await mailbox.locator("#code").waitFor();
    await mailbox.fill("#code", code);
    await mailbox.click("#open");
    await mailbox.getByText("This is your regular update.").waitFor();
    const told = await mailbox.innerText("main");
    assert.ok(told.includes("This confirms that we have your report."));
    assert.ok(!told.includes("holiday"), "the reason is for the readers");
  });

  test("a missed update is flagged to readers and to the reporter; answers put nothing off", async (t) => {
    behind = 45;
    const code = await tell(served, { title: "Nobody wrote for weeks" });
    behind = 0;
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Nobody wrote for weeks");
    await page.fill("#reply", "A short answer.");
    await page.getByRole("button", { name: "Send reply" }).click();
    await toast(page, "sent");
    await turnTo(page, "Duties");
    assert.match(await clockOf(page, "CA_UPDATE").innerText(), /Overdue/);
    assert.equal(
      await clockOf(page, "CA_UPDATE").locator('[data-form^="done"]').count(),
      0,
      "nothing but writing does it",
    );
    await clockOf(page, "CA_UPDATE").getByRole("button", { name: "Write to the reporter" }).click();
    assert.ok(await page.isVisible("#reply"));
    await page.getByRole("button", { name: "Check for new cases" }).click();
    await page.locator(".th-case", { hasText: "Nobody wrote for weeks" }).getByText("A date has passed").waitFor();
    assert.ok(code.length > 0);
  });

  test("dates for a calendar say nothing but that something is due", async (t) => {
    await tell(served, { title: "Dates to take along", categories: ["csi-2"] });
    const page = await visit(t, "nia");
    await openCaseOf(page, "Dates to take along");
    await turnTo(page, "Duties");
    const { text, download } = await savedFile(page, () => page.click("#calendar"));
    assert.equal(download.suggestedFilename(), "dates.ics");
    assert.match(text, /^BEGIN:VCALENDAR\r\n/);
    assert.match(text, /\r\nEND:VCALENDAR\r\n$/);
    const lines = text.split("\r\n");
    assert.ok(
      lines.every((line) => Buffer.byteLength(line) <= 75),
      "RFC 5545 §3.1",
    );
    assert.ok(lines.includes(`DTSTART;VALUE=DATE:${textOfDay(today + 14).replaceAll("-", "")}`), text);
    // The first whole day before 24 hours from its start are over.
    assert.ok(lines.includes(`DTSTART;VALUE=DATE:${textOfDay(today).replaceAll("-", "")}`), text);
    assert.ok(lines.filter((line) => line === "BEGIN:VEVENT").length >= 5);
    for (const secret of ["Dates to take along", "csi", served.portal.consoleUrl, "weights", "incident", "Nia"])
      assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), secret);
  });

  test("the server is told the next date and whom to tell, and only readers can be chosen", async (t) => {
    await tell(served, { title: "Carl must not know", excluded: [2] });
    const page = await visit(t, "rosa");
    await openCaseOf(page, "Carl must not know");
    await turnTo(page, "Duties");
    await page.click("#assess");
    await toast(page, "Recorded.");
    const options = await page.locator("#second option").allInnerTexts();
    assert.ok(options.some((name) => name.startsWith("Nia")) && !options.some((name) => name.startsWith("Carl")));
    assert.ok(!options.some((name) => name.startsWith("Rosa")), "nobody is their own second");
    assert.ok(!options.some((name) => name.startsWith("The ombuds")), "somebody is named already");
    await page.selectOption("#second", { label: options.find((name) => name.startsWith("Paper"))! });
    await toast(page, "Kept.");
    const desk = await deskOf(served, served.organisation.members.nia.seed);
    const { lookup } = await openCase(desk, (await findByTitle(served, desk, "Carl must not know"))!);
    // The acknowledgement is the first to fall due, seven days after the report.
    assert.deepEqual([lookup.second, lookup.remindOn], [5, textOfDay(today + 7)]);
  });

  test("the calendar names every duty with its law, and says what was not read first-hand", async (t) => {
    const page = await visit(t, "carl");
    await page.click("#screen-calendar");
    assert.equal(await page.locator("[data-row]").count(), 22);
    assert.match(await page.innerText('[data-row="CA_CSI"]'), /15 days/);
    assert.match(await page.innerText('[data-row="IL_CSI"]'), /applies from/);
    assert.match(await page.innerText("main"), /not legal advice/);
    assert.deepEqual(await accessibilityFaults(page, "console-calendar"), []);
  });
});
