/** Several members on one case at once, in a real Chromium: nobody is disturbed, nobody is overwritten, everybody sees. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { tell } from "../support/casework.ts";
import { openCaseOf, signIn, toast, turnTo } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import { openContext, viewports, watchContext, type Watch } from "../support/watched-context.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { draftMessage, openMailboxByCode } from "../../views/browser/client/mailbox.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
type Who = "rosa" | "carl" | "nia" | "paper";

/** What a person who types would notice. */
interface Typing {
  id: string;
  value: string;
  caret: [number | null, number | null];
  top: number;
}

const typing = (page: Page): Promise<Typing> =>
  page.evaluate(() => {
    const field = document.activeElement as HTMLTextAreaElement;
    const { id, value, selectionStart, selectionEnd } = field;
    return { id, value, caret: [selectionStart, selectionEnd], top: Math.round(field.getBoundingClientRect().top) };
  });

const isLive = (page: Page): Promise<void> => page.locator('#live[data-live="on"]').waitFor();
const news = (page: Page, words: string | RegExp): Promise<void> => page.locator("#news", { hasText: words }).waitFor();

/** The requests of a page and its worker, as the server sees them; a case's id is one case's, so it stays. */
function requestsOf(page: Page): string[] {
  const seen: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith("/assets") && pathname !== "/beats") seen.push(`${request.method()} ${pathname}`);
  });
  return seen;
}

/** Answers what the server writes to a member's streams from now on; each has one here. */
function recordLines(served: ServedOrganisation): (memberId: number) => string[] {
  const written = new Map<number, string[]>();
  for (const stream of served.portal.context.beats) {
    const write = stream.write.bind(stream);
    const lines: string[] = [];
    written.set(stream.memberId, lines);
    stream.write = (line) => {
      lines.push(line);
      return write(line);
    };
  }
  return (memberId) => written.get(memberId) ?? [];
}

describe("working together", requireJudge("browser"), () => {
  let trial: ServedOrganisation;
  let real: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    trial = await serveOrganisation({ FEED_ITEMS: "50" });
    real = await serveOrganisation({ FEED_ITEMS: "50" }, 2, { trial: false });
    browser = await launchBrowser();
  });
  after(async () => {
    for (const { watch } of visits.values()) watch.assertClean();
    await browser?.close();
    await trial?.portal.discard();
    await real?.portal.discard();
  });

  /** Opening a key takes its time, on purpose: everybody signs in once. */
  const visits = new Map<string, { page: Page; watch: Watch }>();
  const visit = async (served: ServedOrganisation, who: Who): Promise<Page> => {
    const { consoleUrl } = served.portal;
    const known = visits.get(consoleUrl + who);
    if (known !== undefined) return known.page;
    const context = await browser.newContext(viewports.desktop);
    const watch = await watchContext(context, { origins: [consoleUrl] });
    const page = await context.newPage();
    visits.set(consoleUrl + who, { page, watch });
    await signIn(page, served, served.organisation.members[who]);
    await isLive(page);
    return page;
  };
  const together = async (served: ServedOrganisation, title: string, ...who: Who[]): Promise<Page[]> => {
    const pages: Page[] = [];
    for (const each of who) {
      const page = await visit(served, each);
      await openCaseOf(page, title);
      pages.push(page);
    }
    return pages;
  };

  const writeNote = async (page: Page, text: string): Promise<void> => {
    await page.locator("#note").fill(text);
    await page.getByRole("button", { name: "Keep note" }).click();
    await page.locator(".th-note", { hasText: text }).waitFor();
  };

  test("who types stays where they are while others write; both notes survive; a third sees both, and who was left out nothing", async () => {
    await tell(trial, { title: "Three at one desk", excluded: [6] });
    const [rosa, carl, paper] = (await together(trial, "Three at one desk", "rosa", "carl", "paper")) as [
      Page,
      Page,
      Page,
    ];
    const nia = await visit(trial, "nia");
    const niaAsked = requestsOf(nia);
    const linesTo = recordLines(trial);
    await turnTo(rosa, "Notes");
    await turnTo(carl, "Notes");
    await turnTo(paper, "Notes");
    await writeNote(carl, "First word by Carl");
    await news(rosa, "1 entry in the notes");

    await rosa.locator("#note").click();
    await rosa.keyboard.type("Rosa is half way through a");
    await rosa.evaluate(() => (document.activeElement as HTMLTextAreaElement).setSelectionRange(5, 7));
    const before = await typing(rosa);
    for (const i of [2, 3, 4]) await writeNote(carl, `Word ${i} by Carl, of some length.\nAnd a second line.`);
    await news(rosa, "4 entries in the notes");
    assert.deepEqual(await typing(rosa), before);
    await rosa.keyboard.type("was");
    await rosa.keyboard.press("End");
    await rosa.keyboard.type(" sentence");
    assert.equal(await rosa.inputValue("#note"), "Rosa was half way through a sentence");

    await rosa.getByRole("button", { name: "Keep note" }).click();
    await rosa.locator(".th-note", { hasText: "Rosa was half way" }).waitFor();
    await paper.locator(".th-note[data-new]", { hasText: "Rosa was half way" }).waitFor();
    assert.equal(await paper.locator(".th-note[data-new]").count(), 5);
    assert.equal(await rosa.locator(".th-note[data-new]").count(), 4, "one's own is not new");

    await pause(1500);
    assert.ok(linesTo(6).length > 0);
    assert.deepEqual(linesTo(6), linesTo(5), "the same beats");
    // What every member asks at a beat, whatever they hold.
    assert.deepEqual(
      [...new Set(niaAsked)].toSorted(),
      ["GET /feed", "GET /log/checkpoint"],
      "no token leads to a case",
    );
    assert.equal(await nia.locator(".th-case", { hasText: "Three at one desk" }).count(), 0);
    assert.equal(await nia.locator("#arrived").innerText(), "");
  });

  test("a message that comes in above a reply moves nothing, is told politely, and stays unread until it was seen", async () => {
    const code = await tell(trial, { title: "In the middle of a reply" });
    const [rosa] = (await together(trial, "In the middle of a reply", "rosa")) as [Page];
    await turnTo(rosa, "Report and messages");
    await rosa.locator("#reply").click();
    await rosa.keyboard.type("Dear reporter");
    await rosa.evaluate(() => (document.activeElement as HTMLTextAreaElement).setSelectionRange(4, 4));
    const before = await typing(rosa);
    await sayMore(trial, code, "More of it.\n".repeat(12));
    await news(rosa, "1 message from the reporter");
    assert.deepEqual(await typing(rosa), before);
    await pause(300); // whatever the browser would still move by itself
    assert.deepEqual(await typing(rosa), before);
    const region = rosa.locator('#news [aria-live="polite"]');
    assert.match(await region.innerText(), /New since you opened it/);
    await rosa.click("#news-show");
    assert.ok(await rosa.evaluate(() => document.activeElement?.hasAttribute("data-new")));
    await rosa.click("#news-seen");
    assert.equal(await rosa.locator("[data-new]").count(), 0);
    assert.equal(await rosa.inputValue("#reply"), "Dear reporter");
  });

  test("a message that came while another part was on the screen is not marked as read by a note", async () => {
    const code = await tell(trial, { title: "Not seen yet" });
    const [rosa] = (await together(trial, "Not seen yet", "rosa")) as [Page];
    await turnTo(rosa, "Notes");
    await sayMore(trial, code, "Please read me");
    await news(rosa, "1 message from the reporter");
    await writeNote(rosa, "Written without having read it");
    await rosa.locator(".th-identity .th-chip--late", { hasText: "new" }).waitFor();
    await turnTo(rosa, "Report and messages");
    await turnTo(rosa, "Notes");
    await writeNote(rosa, "Written after");
    await rosa.locator(".th-identity .th-chip--late", { hasText: "new" }).waitFor({ state: "detached" });
  });

  test("requests after a beat are the same, whatever anybody has on the screen", async () => {
    await tell(real, { title: "On the screen of one" });
    const [carl, rosa] = (await together(real, "On the screen of one", "carl", "rosa")) as [Page, Page];
    const paper = await visit(real, "paper");
    await turnTo(rosa, "Notes");
    await writeNote(rosa, "Something to fetch"); // also the list of who only has the list must know the case
    await real.portal.tick();
    await news(carl, "1 entry in the notes");
    await pause(500);
    const [carlAsked, paperAsked] = [requestsOf(carl), requestsOf(paper)];
    await writeNote(rosa, "And more");
    await pause(1500);
    assert.deepEqual([carlAsked, paperAsked], [[], []], "nothing before the beat");
    await real.portal.tick();
    await news(carl, "2 entries in the notes");
    await pause(500);
    assert.deepEqual(carlAsked.sort(), paperAsked.sort());
    assert.ok(carlAsked.some((each) => each.endsWith("/streams/1")));
  });

  test("two decide at once: the second is told by whom and what, keeps their words, and chooses", async () => {
    await tell(real, { title: "Decided twice" });
    const [rosa, carl] = (await together(real, "Decided twice", "rosa", "carl")) as [Page, Page];
    for (const page of [rosa, carl]) {
      await turnTo(page, "Status");
      await page.locator("#phase").check();
    }
    await rosa.locator("#reason").fill("Rosa's reason");
    await carl.locator("#reason").fill("Carl's reason");
    await carl.getByRole("button", { name: "Save status" }).click();
    await toast(carl, "status");
    await rosa.getByRole("button", { name: "Save status" }).click();
    const box = rosa.locator("[data-overtaken=status]");
    await box.waitFor();
    assert.match(await box.innerText(), /Carl Counsel wrote about this while you did[\s\S]*Carl's reason/);
    assert.match(await rosa.locator('[data-focus="status"]').innerText(), /Somebody else was faster/);
    assert.equal(await rosa.inputValue("#reason"), "Rosa's reason");
    await rosa.getByRole("button", { name: "Save status" }).click();
    await box.waitFor();
    await turnTo(carl, "Notes");
    assert.equal(await carl.locator(".th-note", { hasText: "reason" }).count(), 1, "saving again chooses nothing");
    await box.locator("[data-drop]").click();
    await box.waitFor({ state: "detached" });
    assert.equal(await rosa.inputValue("#reason"), "");
  });

  test("two edit one filing: both versions side by side, nothing lost, the newer is based on the one that was seen", async () => {
    await tell(real, { title: "Filed by two", categories: ["csi-3"] });
    const [rosa] = (await together(real, "Filed by two", "rosa")) as [Page];
    await turnTo(rosa, "Incident");
    await rosa.click("#new-filing");
    await rosa.fill("#filing-recipient", "Cal OES");
    await rosa.fill("#filing-statement", "The first version.");
    await rosa.locator("#filing-form [data-keep]").click();
    await rosa.locator("[data-filing]").waitFor();
    const [carl] = (await together(real, "Filed by two", "carl")) as [Page];
    await turnTo(carl, "Incident");
    for (const [page, text] of [
      [rosa, "Rosa's version."],
      [carl, "Carl's version."],
    ] as const) {
      await page.locator('[data-act="edit"]').click();
      await page.fill("#filing-statement", text);
    }
    await carl.locator("#filing-form [data-keep]").click();
    await carl.locator("[data-filing]", { hasText: "Carl's version." }).waitFor();
    await rosa.locator("#filing-form [data-keep]").click();
    const box = rosa.locator(".th-overtaken");
    await box.waitFor();
    const [theirs, mine] = await box.locator("section").allInnerTexts();
    assert.match(theirs ?? "", /Saved by Carl Counsel[\s\S]*Carl's version\./);
    assert.match(mine ?? "", /Yours, not saved[\s\S]*Rosa's version\./);
    assert.equal(await rosa.inputValue("#filing-statement"), "Rosa's version.");
    await box.locator("[data-go-on]").click();
    await rosa.locator("#filing-form [data-keep]").click();
    await rosa.locator("[data-filing]", { hasText: "Rosa's version." }).waitFor();
    await real.portal.tick();
    await carl.locator("[data-filing]", { hasText: "Rosa's version." }).waitFor();
    await turnTo(carl, "Notes");
    for (const version of ["The first version.", "Carl's version.", "Rosa's version."])
      await carl.locator(".th-note", { hasText: version }).waitFor();
  });

  test("what was filed meanwhile is not written over: one's own version becomes an amendment", async () => {
    await tell(trial, { title: "Filed meanwhile", categories: ["csi-3"] });
    const [rosa, carl] = (await together(trial, "Filed meanwhile", "rosa", "carl")) as [Page, Page];
    await turnTo(rosa, "Incident");
    await turnTo(carl, "Incident");
    await rosa.click("#new-filing");
    for (const [field, text] of Object.entries({
      recipient: "Cal OES",
      date: "1 May",
      qualifies: "Yes",
      statement: "One",
    }))
      await rosa.fill(`#filing-${field}`, text);
    await rosa.locator("#filing-form [data-keep]").click();
    await carl.locator("[data-filing]").waitFor();
    await rosa.locator('[data-act="edit"]').click();
    await rosa.fill("#filing-statement", "Two");
    await rosa.evaluate(() => (document.activeElement as HTMLTextAreaElement).setSelectionRange(1, 1));
    await carl.locator('[data-act="proof"]').click();
    await carl.fill("#filing-reference", "OES 17");
    await carl.locator("[data-filing] [data-keep]").click();
    const box = rosa.locator(".th-overtaken");
    await box.waitFor(); // by the beat, before rosa saves
    const { id, value, caret } = await typing(rosa);
    assert.deepEqual({ id, value, caret }, { id: "filing-statement", value: "Two", caret: [1, 1] });
    await box.getByRole("button", { name: "as an amendment" }).click();
    await rosa.locator("#filing-form [data-keep]").click();
    await rosa.locator("[data-filing]").nth(1).waitFor();
    assert.match(await rosa.locator("[data-filing]").nth(0).innerText(), /OES 17[\s\S]*One/);
    assert.match(await rosa.locator("[data-filing]").nth(1).innerText(), /Two/);
  });

  test("a hold that somebody else released meanwhile says so to who meant to release it", async () => {
    await tell(real, { title: "Held twice" });
    const [rosa, carl] = (await together(real, "Held twice", "rosa", "carl")) as [Page, Page];
    for (const page of [rosa, carl]) await turnTo(page, "Keep or delete");
    for (const field of ["matter", "reason"]) await carl.fill(`#hold-${field}`, "A court asked");
    await carl.locator("#hold-form > button").click();
    await carl.locator("[data-hold]").waitFor();
    await real.portal.tick();
    for (const page of [rosa, carl]) {
      await page.locator("[data-release]").click();
      await page.locator("textarea[id^=hold-release]").fill("It is done");
    }
    await carl.locator("[data-hold] form > button").last().click();
    await carl.locator("[data-released]").waitFor({ state: "attached" });
    await rosa.locator("[data-hold] form > button").last().click();
    await rosa.locator('[data-focus="hold"]').waitFor();
    await rosa.locator("[data-overtaken^='hold '] [data-drop]").click();
    await rosa.locator("[data-released]").waitFor({ state: "attached" });
  });

  test("focus in the list stays on its case when another comes in above; half a date stays too", async () => {
    await tell(trial, { title: "Focus stays here" });
    const [rosa] = (await together(trial, "Focus stays here", "rosa")) as [Page];
    const item: Locator = rosa.locator(".th-case", { hasText: "Focus stays here" });
    await item.focus();
    await tell(trial, { title: "A brand new one", flags: 1 });
    await rosa.locator("#arrived", { hasText: "1 new case" }).waitFor();
    assert.match(await rosa.evaluate(() => document.activeElement?.textContent ?? ""), /Focus stays here/);

    await turnTo(rosa, "Report and messages");
    await rosa.locator("#update-by").click();
    await rosa.keyboard.press("Delete"); // one of its three parts: the value is none now
    const partial = await rosa.locator("#update-by").evaluate((field: HTMLInputElement) => field.validity.badInput);
    assert.ok(partial);
    await tell(trial, { title: "And one more" });
    await rosa.locator("#arrived", { hasText: "2 new cases" }).waitFor();
    assert.ok(await rosa.locator("#update-by").evaluate((field: HTMLInputElement) => field.validity.badInput));
  });

  test("a stream that ends is said, comes back by itself, and what was missed is looked for", async () => {
    await tell(trial, { title: "Lost and found" });
    const [rosa, carl] = (await together(trial, "Lost and found", "rosa", "carl")) as [Page, Page];
    await turnTo(carl, "Notes");
    for (const stream of [...trial.portal.context.beats]) {
      stream.end();
      trial.portal.context.beats.forget(stream);
    }
    await rosa.locator('#live[data-live="off"]').waitFor();
    await writeNote(carl, "Written while nobody listened");
    await isLive(rosa);
    await news(rosa, "1 entry in the notes");
  });

  test("beats put no idle lock off", async (t) => {
    const context = await openContext(t, browser, { origins: [trial.portal.consoleUrl] });
    const page = await context.newPage();
    page.on("worker", (worker) => {
      void worker
        .evaluate(() => {
          const own = Date.now.bind(Date);
          const scope = globalThis as unknown as { shift: number };
          scope.shift = 0;
          Date.now = () => own() + scope.shift;
        })
        .catch(() => {});
    });
    await signIn(page, trial, trial.organisation.members.rosa);
    await isLive(page);
    // The list is the last thing for which somebody waits who signs in.
    await page.locator("#queue-count", { hasText: /case/ }).waitFor();
    const worker = page.workers()[0]!;
    const later = (minutes: number): Promise<void> =>
      worker.evaluate((ms) => void ((globalThis as unknown as { shift: number }).shift = ms), minutes * 60_000);
    // Beats a minute before the lock is due, and the page did all that it does at them: the second list is asked for
    // after the first one's cases were.
    await later(14);
    for (const words of ["1 new case", "2 new cases"]) {
      await tell(trial, { title: "While nobody is there" });
      await page.locator("#arrived", { hasText: words }).waitFor();
    }
    assert.equal(await page.locator("#key-file").count(), 0, "control: it is not due yet");
    // Whatever put it off now would put it off until minute 29. Beats go on.
    await later(16);
    await trial.portal.tick();
    await page.locator("#key-file").waitFor();
  });
});

/** The reporter writes again. */
async function sayMore(served: ServedOrganisation, code: string, text: string): Promise<void> {
  const api = { origin: served.portal.reporterUrl };
  const mailbox = (await openMailboxByCode(api, (await fetchPortal(api)).chain!, code))!;
  await draftMessage(mailbox, { text, files: [] }).send();
}
