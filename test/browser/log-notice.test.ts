/** A portal that shows another log than before: the list says so, across sign-ins, and the desk goes on working. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import SQLite from "better-sqlite3";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { tell } from "../support/casework.ts";
import { declareNext, signInAgain, visitConsole } from "../support/console-visit.ts";
import { TurnedClock } from "../support/dated-cases.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { ensureBuilt } from "../support/built.ts";

describe("the log's notice", requireJudge("browser"), () => {
  const clock = new TurnedClock();
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({}, 2, { clock });
    await tell(served, { title: "Press 4" });
    clock.ahead += 1;
    await served.portal.context.store.padLog(clock.today());
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  test("stands at the list with both signed states, also after signing in again; cases still open", async (t) => {
    const { rosa } = served.organisation.members;
    const page = await visitConsole(t, browser, served, rosa);
    await page.locator(".th-case").first().waitFor();
    const notice = page.locator("#log-notice");
    assert.equal(await notice.count(), 0);

    const db = new SQLite(`${served.portal.dataDir}/portal.sqlite`);
    const [seq, leaf] = db.prepare("SELECT seq, leaf FROM log_leaves LIMIT 1").raw().get() as [number, Buffer];
    db.prepare("UPDATE log_leaves SET leaf = randomblob(32) WHERE seq = ?").run(seq);
    db.exec("DELETE FROM log_nodes");
    await page.getByRole("button", { name: "Check for new cases" }).click();
    await notice.waitFor();
    assert.match(await notice.innerText(), /another log than before/);
    await notice.locator("summary").click();
    const notes = await notice.locator("pre").allInnerTexts();
    assert.equal(notes.length, 2);
    for (const note of notes) assert.match(note, /^tellhaven-log\/[0-9a-f]{64}\n\d+\n/);
    assert.notEqual(notes[0], notes[1]);

    // Put back, and in a page that was loaded anew: this browser does not forget.
    db.prepare("UPDATE log_leaves SET leaf = ? WHERE seq = ?").run(leaf, seq);
    db.exec("DELETE FROM log_nodes");
    db.close();
    await page.reload();
    await signInAgain(page, served, rosa);
    await notice.waitFor();
    await declareNext(page);
  });
});
