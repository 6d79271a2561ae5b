/** A reader deletes a closed case in Chromium: only by its typed name, and then it is gone from the desk. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { updateDueBy, textOfDay } from "../../data/policy/update-date.ts";
import { decide } from "../../views/browser/client/case-writing.ts";
import { draftMessage, findMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openContext } from "../support/watched-context.ts";
import { giveKey, openCaseOf } from "../support/console-visit.ts";

const today = Math.floor(Date.now() / 86_400_000);

describe("deleting a case", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  test("a withdrawn case: seen, answered with a promise, closed, deleted", async (t) => {
    const { rosa } = served.organisation.members;
    const code = await tell(served, { title: "To be deleted" });
    const desk = await deskOf(served, rosa.seed);
    const caseId = (await findByTitle(served, desk, "To be deleted"))!;
    const api = { origin: served.portal.reporterUrl };
    const { chain } = await fetchPortal(api);
    const found = await findMailboxByCode(api, chain!, code);
    assert.ok(found.is === "open");
    const message = { text: "Please stop", files: [], purpose: "withdraw", day: textOfDay(today) } as const;
    let { open } = found;
    open = await draftMessage(open, message).send();

    const context = await openContext(t, browser, { origins: [served.portal.consoleUrl] });
    const page = await context.newPage();
    await page.goto(served.portal.consoleUrl);
    await giveKey(page, served, rosa);
    await openCaseOf(page, "To be deleted");
    assert.equal(await page.locator(".th-case-facts .th-chip", { hasText: "Reporter asks to withdraw" }).count(), 1);
    await page.getByRole("tab", { name: "Keep or delete" }).click();
    assert.equal(await page.locator("#delete-name").count(), 0, "a case that is open is not deleted");
    await page.getByRole("tab", { name: "Report and messages" }).click();

    // In California the report may have come in on the day before.
    assert.equal(await page.inputValue("#update-by"), textOfDay(updateDueBy(today - 1)));
    await page.fill("#update-by", textOfDay(today - 1));
    await page.fill("#reply", "We understand");
    await page.getByRole("button", { name: "Send reply" }).click();
    await page.locator("#update-by-error").waitFor();
    await page.fill("#update-by", textOfDay(today + 3));
    await page.getByRole("button", { name: "Send reply" }).click();
    await page.locator(".th-message", { hasText: "Promised the next update by" }).waitFor();
    assert.deepEqual(await accessibilityFaults(page, "console-promise"), []);

    await decide(desk, caseId, { phase: "closed", disposition: "withdrawn", reason: "asked" });
    await page.getByRole("button", { name: "Check for new cases" }).click();
    await page.getByRole("tab", { name: "Keep or delete" }).click();
    const name = await page.innerText(".th-identity__name");
    const remove = page.getByRole("button", { name: "Delete this case" });
    await page.fill("#delete-name", "something else");
    await remove.click();
    await page.locator("#delete-name-error").waitFor();
    assert.deepEqual(await accessibilityFaults(page, "console-delete"), []);
    await page.fill("#delete-name", name);
    await remove.click();
    await page.locator(".th-case", { hasText: "To be deleted" }).waitFor({ state: "detached" });
    assert.equal((await findMailboxByCode(api, chain!, code)).is, "deleted");
  });
});
