/** Spam and noise in Chromium: closed in bulk, restored by a second person, kept for 30 days; one mailbox muted. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { spamGoesOn } from "../../data/policy/spam.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import { ensureBuilt } from "../support/built.ts";
import { writeAct } from "../../views/browser/client/case-acts.ts";
import { summarise } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { draftMessage, findMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { openCaseOf, toast, turnTo, visitConsole } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const today = new Date().toISOString().slice(0, 10);

describe("spam", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let rosa: Desk;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    rosa = await deskOf(served, served.organisation.members.rosa.seed);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  /** Of a case in which each of these said "no conflict". */
  async function makeCase(title: string, desks: readonly Desk[] = [rosa]): Promise<{ caseId: string; code: string }> {
    const code = await tell(served, { title });
    const caseId = (await findByTitle(served, rosa, title))!;
    for (const desk of desks) {
      assert.ok((await findByTitle(served, desk, title)) !== null);
      await declare(desk, caseId, false, "");
    }
    return { caseId, code };
  }

  const visit = (t: TestContext, who: "rosa" | "carl" | "nia"): Promise<Page> =>
    visitConsole(t, browser, served, served.organisation.members[who]);
  const row = (page: Page, title: string) => page.locator(".th-case", { hasText: title });
  const select = (page: Page, title: string): Promise<void> => row(page, title).locator(".th-listed__box").check();
  const serverSays = async (caseId: string) => (await openCase(rosa, caseId)).lookup;

  test("three are closed at once, one on hold is left out and said; another member restores one of them", async (t) => {
    const { carl, nia } = served.organisation.members;
    const carlDesk = await deskOf(served, carl.seed);
    const niaDesk = await deskOf(served, nia.seed);
    const first = await makeCase("Cheap watches", [rosa, carlDesk, niaDesk]);
    const second = await makeCase("Cheap bags", [rosa]);
    const held = await makeCase("Cheap, but asked for by a court", [rosa]);
    const draft = { act: "hold", on: true, reason: "court" } as const;
    await writeAct(rosa, held.caseId, draft, { hold: true }, await withoutFiles(rosa, held.caseId));
    await summarise(rosa, held.caseId, 0);
    await tell(served, { title: "Not opened yet" });
    await served.portal.tick();

    const page = await visit(t, "rosa");
    await row(page, "Cheap bags").waitFor();
    for (const title of ["Cheap watches", "Cheap bags", "asked for by a court"]) await select(page, title);
    assert.equal(await page.locator('.th-case[data-gate="undeclared"] input').count(), 0, "cannot be selected");
    await page.locator('[data-bulk="spam"]').click();
    await page.locator("#bulk-title", { hasText: "Close 2 cases as spam?" }).waitFor();
    assert.match(await page.innerText("#bulk-left"), /It is on hold/);
    assert.deepEqual(await accessibilityFaults(page, "spam-asking"), []);
    await page.click("#bulk-run");
    await page.locator("#bulk-reason-error", { hasText: "Say why" }).waitFor();
    await page.fill("#bulk-reason", "Advertising");
    await page.click("#bulk-run");
    await toast(page, "Closed as spam");
    await page.locator('[data-view="spam"]').click();
    assert.equal(await page.innerText("#queue-count"), "2 of 4 cases");
    assert.equal((await serverSays(first.caseId)).deleteOn, spamGoesOn(today));
    assert.equal((await serverSays(held.caseId)).phase, "received");
    assert.equal((await openCase(rosa, second.caseId)).entries.length, 1, "the reporter is told nothing");

    const other = await visit(t, "nia");
    await other.locator('[data-view="spam"]').click();
    await openCaseOf(other, "Cheap watches");
    await turnTo(other, "Keep or delete");
    await other.getByText("For 30 days a second person must be able to restore it").first().waitFor();
    assert.equal(await other.locator("#delete-name").count(), 0, "nobody deletes it now");
    await other.fill("#delete-on", textOfDay(dayOf(today)! + 29));
    await other.fill("#delete-on-reason", "Away with it");
    await other.locator("#date-form button.govuk-button").first().click();
    await other.locator("#delete-on-error", { hasText: "Spam is kept for 30 days" }).waitFor();
    await other.click("#case-restore");
    await other.fill("#bulk-reason", "It is a report after all");
    await other.locator('[data-view="all"]').click();
    await openCaseOf(other, "Not opened yet");
    assert.equal(await other.locator("#bulk-reason").count(), 0, "what is asked of one case is not asked in another");
    await openCaseOf(other, "Cheap watches");
    assert.equal(await other.inputValue("#bulk-reason"), "It is a report after all");
    await other.click("#bulk-run");
    await toast(other, "Restored from spam");
    await other.locator("#case-spam").waitFor({ state: "detached" });
    const restored = await serverSays(first.caseId);
    assert.deepEqual([restored.phase, restored.deleteOn], ["open", null]);

    const third = await visit(t, "carl");
    await row(third, "Cheap watches").filter({ hasText: "Open" }).waitFor();
    assert.equal(await row(third, "Cheap bags").count(), 0, "and of what Carl has not opened, no word");
  });

  test("in bulk back again; one that fails is told, the others are done", async (t) => {
    const made = [await makeCase("Pills one"), await makeCase("Pills two"), await makeCase("Pills three")];
    const page = await visit(t, "rosa");
    await row(page, "Pills one").waitFor();
    await page.fill("#queue-text", "pills");
    await page.check("#queue-all");
    await page.locator('[data-bulk="spam"]').click();
    await page.fill("#bulk-reason", "Advertising");
    await page.fill("#bulk-tell", "We do not answer advertising.");
    await page.route(`**/cases/${made[1]!.caseId}/streams/1`, (route) =>
      route.request().method() === "POST"
        ? route.fulfill({ status: 503, contentType: "application/json", body: '{"error":"busy"}' })
        : route.continue(),
    );
    await page.click("#bulk-run");
    await page.locator("#bulk-over").waitFor({ timeout: 60_000 });
    assert.match(await page.innerText("#bulk-over"), /2 cases closed as spam[^]*This one did not work/);
    await page.unroute(`**/cases/${made[1]!.caseId}/streams/1`);
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByText("1 selected").waitFor();
    await page.locator('[data-bulk="spam"]').click();
    await page.fill("#bulk-reason", "Advertising");
    await page.click("#bulk-run");
    await toast(page, "Closed as spam");
    const { entries } = await openCase(rosa, made[0]!.caseId);
    assert.deepEqual(
      entries.slice(1).map(({ content }) => ("text" in content ? content.text : "")),
      ["We do not answer advertising."],
    );
    await page.check("#queue-all");
    await page.locator('[data-bulk="restore"]').click();
    await page.fill("#bulk-reason", "A mistake");
    await page.click("#bulk-run");
    await toast(page, "Restored from spam");
    for (const { caseId } of made) assert.equal((await serverSays(caseId)).phase, "open");
  });

  test("stopped on the way: what was not touched stays selected and as it was", async (t) => {
    const made = [];
    for (const title of ["Lottery one", "Lottery two", "Lottery three"]) made.push(await makeCase(title));
    const page = await visit(t, "rosa");
    await row(page, "Lottery one").waitFor();
    await page.fill("#queue-text", "lottery");
    await page.check("#queue-all");
    await page.locator('[data-bulk="spam"]').click();
    await page.fill("#bulk-reason", "Advertising");
    let slow = (): void => {};
    const held = new Promise<void>((resolve) => (slow = resolve));
    await page.route("**/cases/lookup", async (route) => {
      await held;
      await route.continue();
    });
    await page.click("#bulk-run");
    await page.click("#bulk-stop");
    await page.getByText("Stopping after this case").waitFor();
    slow();
    await page.locator("#bulk-over", { hasText: "2 cases were not touched." }).waitFor();
    const phases = await Promise.all(made.map(async ({ caseId }) => (await serverSays(caseId)).phase));
    assert.deepEqual(phases.toSorted(), ["closed", "received", "received"]);
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByText("2 selected").waitFor();
  });

  test("a muted mailbox calls nobody, keeps what comes, and can be heard again", async (t) => {
    const { carl } = served.organisation.members;
    const carlDesk = await deskOf(served, carl.seed);
    const { code } = await makeCase("Noisy neighbour", [rosa, carlDesk]);
    const page = await visit(t, "rosa");
    await row(page, "Noisy neighbour").hover();
    await row(page, "Noisy neighbour").getByRole("button", { name: "Mute" }).click();
    await toast(page, "Muted");
    const api = { origin: served.portal.reporterUrl };
    const found = await findMailboxByCode(api, (await fetchPortal(api)).chain!, code);
    assert.ok(found.is === "open");
    await draftMessage(found.open, { text: "And another thing", files: [], day: today }).send();
    await page.getByRole("button", { name: "Check for new cases" }).click();
    await row(page, "Noisy neighbour").getByText("Muted: 1 new").waitFor();
    assert.doesNotMatch(await page.title(), /\(\d/);

    const other = await visit(t, "carl");
    await row(other, "Noisy neighbour").getByText("Muted: 1 new").waitFor();
    await openCaseOf(other, "Noisy neighbour");
    await other.getByText("And another thing").waitFor();
    await row(other, "Noisy neighbour").getByRole("button", { name: "Unmute" }).click();
    await toast(other, "Unmuted");
    await page.getByRole("button", { name: "Check for new cases" }).click();
    await row(page, "Noisy neighbour").getByText("1 new", { exact: true }).waitFor();
    assert.match(await page.title(), /^\(1\) /);
  });
});
