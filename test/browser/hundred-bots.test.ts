/**
 * A hundred bots for sixty seconds, from the same address as everybody (as over Tor): an honest report
 * with JavaScript and one without are each stored within thirty seconds of pressing Send.
 */
import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { openForm, sendForm, walkToCheck } from "../support/report-form.ts";
import { openContext } from "../support/watched-context.ts";

const support = join(import.meta.dirname, "../support");
const mostSeconds = 30;
type Answers = Record<string, Record<string, number>>;

/** The child and the first thing that it says. */
async function start(file: string, argv: string[]): Promise<[ChildProcess, unknown]> {
  const child = fork(join(support, file), argv);
  const [said] = (await once(child, "message")) as [unknown];
  return [child, said];
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const gone = once(child, "exit");
  if (child.connected) child.disconnect();
  await gone;
}

const stored = (answers: Answers, kind: string): number => answers[kind]?.["201"] ?? 0;

describe("a hundred bots", requireJudge("browser"), () => {
  let browser: Browser;
  before(async () => {
    await ensureBuilt();
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  test("honest reports go through, with JavaScript and without", { timeout: 240_000 }, async (t) => {
    const [server, said] = await start("crowd-server.ts", [
      JSON.stringify({ WORK_COST: "", ASSISTED_WAIT_SECONDS: "" }),
    ]);
    t.after(() => stop(server));
    const origin = String(said);
    const [bots] = await start("crowd-bots.ts", [origin, "60"]);
    const ended = once(bots, "message") as Promise<[Answers]>;
    await new Promise((resolve) => setTimeout(resolve, 10_000)); // in the thick of it

    const withScript = async (): Promise<void> => {
      const context = await openContext(t, browser, { origins: [origin] });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const opened = performance.now();
      await openForm(page, origin);
      const began = performance.now();
      await walkToCheck(page, { answers: { what: "The guard of press 4 was taken off." } });
      const pressed = performance.now();
      assert.equal((await sendForm(page, 60_000)).length, 8);
      report("with JavaScript", opened, began, pressed);
    };
    const withoutScript = async (): Promise<void> => {
      const context = await openContext(t, browser, { origins: [origin], javaScript: false });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const opened = performance.now();
      const form = await page.goto(`${origin}/assisted/report`);
      assert.equal(form?.status(), 200);
      const began = performance.now();
      await page.fill("#answer-what", "The guard of press 4 was taken off.");
      await page.check("#confirm");
      await new Promise((resolve) => setTimeout(resolve, 10_000)); // nobody writes faster
      const pressed = performance.now();
      await page.locator('form[action*="/assisted/report"] button[type="submit"]').click();
      await page.waitForURL(/\/assisted\/sent/, { timeout: 60_000 });
      report("without JavaScript", opened, began, pressed);
    };
    const times: [string, number][] = [];
    const report = (who: string, opened: number, began: number, pressed: number): void => {
      const now = performance.now();
      const s = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
      t.diagnostic(`${who}: form after ${s(opened, began)} s, stored ${s(pressed, now)} s after Send`);
      times.push([who, (now - pressed) / 1000], [`${who}, the form`, (began - opened) / 1000]);
    };
    await Promise.all([withScript(), withoutScript()]);

    const [answers] = await ended;
    t.diagnostic(JSON.stringify(answers));
    for (const [who, seconds] of times) assert.ok(seconds <= mostSeconds, `${who}: ${seconds} s`);
    for (const kind of ["noWork", "garbage", "replayed", "reserve"]) {
      assert.ok((answers[kind]?.["428"] ?? 0) > 0, `${kind} was never refused for want of work`);
      assert.ok(stored(answers, kind) <= (kind === "replayed" ? 1 : 0), `${kind} was stored`);
    }
    assert.ok(stored(answers, "solving") > 0, "who does the work gets in");
  });

  test(
    "control: with the guards off, the bots' reports are stored without work and forms at once",
    { timeout: 120_000 },
    async (t) => {
      const [server, said] = await start("crowd-server.ts", [
        JSON.stringify({ WORK_COST: "0", ASSISTED_WAIT_SECONDS: "0" }),
      ]);
      t.after(() => stop(server));
      const [bots] = await start("crowd-bots.ts", [String(said), "20"]);
      const [answers] = (await once(bots, "message")) as [Answers];
      t.diagnostic(JSON.stringify(answers));
      assert.ok(stored(answers, "noWork") > 0);
      assert.ok(stored(answers, "reserve") > 0);
      assert.ok((answers["formAtOnce"]?.["sent"] ?? 0) > 0);
    },
  );
});
