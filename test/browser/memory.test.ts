/** A large attachment takes no more memory than a small one: measured, in MB, in a real Chromium. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { sendForm, walkToCheck } from "../support/report-form.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { canMeasureMemory, watchMemory, type Peak } from "../support/process-memory.ts";
import { openContext } from "../support/watched-context.ts";

/** How much more 100 MB may take than 10 MB, anywhere. */
const mostMore = 20;

const judge = requireJudge("browser");
const options = canMeasureMemory ? judge : { skip: "memory is read from /proc, which only Linux has" };

describe("memory while a file is sent", options, () => {
  let served: ServedOrganisation;
  let browser: Browser;
  let folder: string;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation();
    browser = await launchBrowser();
    folder = await mkdtemp(join(tmpdir(), "tellhaven-memory-"));
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
    await rm(folder, { recursive: true, force: true });
  });

  async function fileWith(t: TestContext, megabytes: number): Promise<Peak> {
    const context = await openContext(t, browser, { origins: [served.portal.reporterUrl] });
    const page = await context.newPage();
    await page.goto(`${served.portal.reporterUrl}/report`);
    const path = join(folder, `${megabytes}.bin`);
    await writeFile(path, Buffer.alloc(megabytes * 1_000_000, megabytes));
    await page.waitForSelector("#write:not([hidden])");
    await walkToCheck(page, { answers: { what: `${megabytes} MB` }, files: [path] });
    const memory = watchMemory();
    await sendForm(page, 180_000);
    await page.close();
    return memory.stop();
  }

  test(`100 MB within ${mostMore} MB of 10 MB, in the tab and beside it`, async (t) => {
    const small = await fileWith(t, 10);
    const large = await fileWith(t, 100);
    t.diagnostic(`peak with 10 MB: ${JSON.stringify(small)}, with 100 MB: ${JSON.stringify(large)}`);
    assert.ok(small.tab > 64, "the measuring works: the slow step alone takes 64 MB");
    assert.ok(large.tab - small.tab < mostMore, `tab: ${small.tab.toFixed(0)} → ${large.tab.toFixed(0)} MB`);
    assert.ok(large.rest - small.rest < mostMore, `beside it: ${small.rest.toFixed(0)} → ${large.rest.toFixed(0)} MB`);
  });
});
