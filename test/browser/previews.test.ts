/** What reporters sent, looked at in the console. Three members, real Chromium, files that wish them ill. Nothing runs. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, fileOfBytes, findByTitle, tell } from "../support/casework.ts";
import { openCaseOf, savedFile, toast, visitConsole } from "../support/console-visit.ts";
import * as hostile from "../support/hostile-files.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import {
  addressesAlive,
  closePreview,
  frameOf,
  keepBlobs,
  look,
  pictureIn,
  rowOf,
  shortFilm,
  statusOf,
  turnedJpeg,
  warningsOf,
} from "../support/preview-visit.ts";

const title = "Files to look at";
const other = "Another case";
const longName = `${"A very long name of a file ".repeat(20)}.png`;

describe("looking at files", requireJudge("browser"), () => {
  let served: ServedOrganisation;
  let browser: Browser;

  before(async () => {
    await ensureBuilt();
    served = await serveOrganisation({ FEED_ITEMS: "50" });
    browser = await launchBrowser();
    const files: Record<string, Uint8Array> = {
      "planted.png": hostile.png(200, 100, hostile.pngText("PlantAuthor")),
      "turned.jpg": await turnedJpeg(browser),
      "bomb.png": hostile.pictureBomb(),
      "cut.png": hostile.png(400, 300).subarray(0, 50),
      "drawing.svg": Buffer.from(hostile.svg),
      "page.html": Buffer.from(hostile.page),
      "polyglot.gif": Buffer.from(hostile.gifScript, "latin1"),
      "active.pdf": await hostile.pdf({ pages: ["First words", "Second words", "Third words"], active: true }),
      "locked.pdf": await hostile.lockedPdf(),
      "cut.pdf": (await hostile.pdf({ pages: ["a"] })).subarray(0, 400),
      "tone.wav": hostile.wav(),
      "film.webm": await shortFilm(browser),
      "broken.webm": (await shortFilm(browser)).subarray(0, 60),
      "not-a-picture.png": hostile.program,
      "invoice.pdf.exe": hostile.program,
      "odd.txt": Buffer.from("plain \u202eturned\u202c and hid\u200bden\n<b onclick=alert(1)>bold</b>\n"),
      "long.txt": Buffer.from(`${"x".repeat(80_000)}\n${"line of words\n".repeat(90_000)}`),
      "wide.txt": Buffer.from("\ufeffПривіт", "utf16le"),
      "photo\u202egpj.exe": hostile.program,
      "../../x": Buffer.from("climbs nowhere"),
      [longName]: hostile.png(20, 20),
      "<img src=x onerror=alert(1)>.txt": Buffer.from("name"),
    };
    await tell(served, { title, files: Object.entries(files).map(([name, bytes]) => fileOfBytes(name, bytes)) });
    await tell(served, { title: other });
    const rosa = await deskOf(served, served.organisation.members.rosa.seed);
    for (const each of [title, other]) assert.ok(await findByTitle(served, rosa, each));
  });
  after(async () => {
    await browser?.close();
    await served?.portal.discard();
  });

  async function open(t: TestContext, who: "rosa" | "carl" | "nia"): Promise<Page> {
    const page = await visitConsole(t, browser, served, served.organisation.members[who]);
    await openCaseOf(page, title);
    await keepBlobs(page);
    return page;
  }

  test("a picture is encoded anew: its pixels are there, what was hidden in it is not", async (t) => {
    const page = await open(t, "rosa");
    await look(page, "planted.png");
    const planted = await pictureIn(page);
    assert.deepEqual([planted.width, planted.height, planted.type], [200, 100, "image/png"]);
    assert.ok(!planted.bytes.includes("Plant"), "the author's name is gone");
    await closePreview(page);
    await look(page, "turned.jpg");
    const turned = await pictureIn(page);
    assert.deepEqual([turned.width, turned.height, turned.type], [40, 80, "image/png"], "the right way up");
    assert.ok(!turned.bytes.includes("Plant"));
    assert.ok(turned.first[0]! > 200 && turned.last[2]! > 200, "red above, blue below");
    const width = (): Promise<number> =>
      frameOf(page)
        .locator("img")
        .evaluate((element) => element.getBoundingClientRect().width);
    const before = await width();
    await page.getByRole("button", { name: "Larger" }).click();
    assert.ok((await width()) > before * 1.4);
  });

  test("pages of a PDF are pictures with their words; its script, its program and its files stay where they are", async (t) => {
    const page = await open(t, "carl");
    await look(page, "active.pdf");
    const drawn = await pictureIn(page);
    assert.equal(drawn.type, "image/png");
    assert.ok(drawn.width > 900 && Math.abs(drawn.width / drawn.height - 1.5) < 0.02);
    assert.deepEqual(drawn.last, [255, 255, 255]);
    assert.equal(await frameOf(page).locator("img").getAttribute("alt"), "Page 1 of active.pdf");
    assert.match(await frameOf(page).locator("details").innerText(), /The words on this page/);
    assert.match((await frameOf(page).locator("details .text").textContent()) ?? "", /First words/);
    assert.equal(await frameOf(page).locator("a, button, input, object, embed, script").count(), 0);
    assert.deepEqual(
      await page
        .locator(".th-preview [data-warning]")
        .evaluateAll((all) => all.map((each) => each.getAttribute("data-warning"))),
      ["active.javaScript", "active.launch", "active.inside"],
    );
    await page.getByRole("button", { name: "Next page" }).click();
    await frameOf(page).locator('img[alt^="Page 2"]').waitFor();
    assert.match(await statusOf(page), /Page 2 of 3/);
    await page.getByLabel("Page", { exact: true }).fill("99");
    await page.keyboard.press("Enter");
    await frameOf(page).locator('img[alt^="Page 3"]').waitFor();
    assert.match((await frameOf(page).locator("details .text").textContent()) ?? "", /Third words/);
    await page.getByRole("button", { name: "Next page" }).click({ force: true });
    assert.match(await statusOf(page), /Page 3 of 3/);
    assert.equal(await addressesAlive(page), 1, "the pages before are let go");
  });

  const refusals: [name: string, words: RegExp][] = [
    ["bomb.png", /too many pixels/],
    ["cut.png", /damaged/],
    ["polyglot.gif", /damaged/],
    ["locked.pdf", /password/],
    ["cut.pdf", /damaged/],
    ["not-a-picture.png", /not shown here/],
  ];
  test("what cannot be shown is told in words, and can be saved", async (t) => {
    const page = await open(t, "nia");
    for (const [name, words] of refusals) {
      await look(page, name);
      assert.match(await statusOf(page), words, name);
      assert.match(await statusOf(page), /You can save it/);
      assert.equal(await page.locator(".th-preview__frame").count(), 0, name);
      await closePreview(page);
    }
    assert.equal(await addressesAlive(page), 0);
  });

  test("markup is shown as text: nothing of it is an element, nothing is asked for, nothing runs", async (t) => {
    const page = await open(t, "rosa");
    for (const [name, source] of [
      ["drawing.svg", hostile.svg],
      ["page.html", hostile.page],
    ] as const) {
      const frame = await look(page, name);
      assert.equal(await page.locator(".th-preview__frame").getAttribute("sandbox"), "allow-same-origin");
      assert.equal((await frame.locator(".text").textContent())?.trim(), source);
      assert.equal(await frame.locator("body *:not(div)").count(), 0);
      await closePreview(page);
    }
  });

  test("text: hidden characters show, long files are cut, odd encodings are read", async (t) => {
    const page = await open(t, "carl");
    const frame = await look(page, "odd.txt");
    assert.deepEqual(await frame.locator("mark").allInnerTexts(), [
      "⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧",
      "⟦U+202C POP DIRECTIONAL FORMATTING⟧",
      "⟦U+200B ZERO WIDTH SPACE⟧",
    ]);
    assert.match((await frame.locator(".text").textContent()) ?? "", /<b onclick=alert\(1\)>bold<\/b>/);
    await closePreview(page);
    await look(page, "long.txt");
    assert.match(await statusOf(page), /first megabyte/);
    assert.equal((await frame.locator(".text").textContent())?.length, 1_000_000);
    const beyond = await frame.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
    assert.ok(beyond <= 0, "long lines wrap");
    await closePreview(page);
    await look(page, "wide.txt");
    assert.equal(await frame.locator(".text").textContent(), "Привіт");
    assert.match(await statusOf(page), /UTF-16LE/);
  });

  test("sound and film play when somebody presses play, and not before", async (t) => {
    const page = await open(t, "nia");
    for (const [name, tag, type] of [
      ["tone.wav", "audio", "audio/wav"],
      ["film.webm", "video", "video/webm"],
    ] as const) {
      const frame = await look(page, name);
      const player = frame.locator(tag);
      await player.waitFor();
      // Nothing in there hears an event, not even the test's own listeners: asked again and again.
      const untilIt = async (is: (element: HTMLMediaElement) => boolean): Promise<void> => {
        while (!(await player.evaluate(is))) await page.waitForTimeout(50);
      };
      await untilIt((element) => element.readyState > 0);
      const state = await player.evaluate((element: HTMLMediaElement) => [element.paused, element.controls]);
      assert.deepEqual(state, [true, true], name);
      await player.focus();
      await page.keyboard.press("Space");
      await untilIt((element) => element.currentTime > 0);
      const kept = await page.evaluate(
        () => [...(window as unknown as { kept: { blobs: Map<string, Blob> } }).kept.blobs.values()].at(-1)?.type,
      );
      assert.equal(kept, type);
      await closePreview(page);
    }
    await look(page, "broken.webm");
    await page.locator(".th-preview__status", { hasText: "cannot play" }).waitFor();
  });

  test("a name says what it hides, and is never a path", async (t) => {
    const page = await open(t, "rosa");
    assert.deepEqual(await warningsOf(page, "photogpj.exe"), ["trick.hidden", "risk.program"]);
    assert.match(await rowOf(page, "photogpj.exe").innerText(), /photo⟦U\+202E RIGHT-TO-LEFT OVERRIDE⟧gpj\.exe/);
    assert.deepEqual(await warningsOf(page, "invoice.pdf.exe"), ["trick.doubleEnding", "risk.program"]);
    assert.equal(await rowOf(page, "invoice.pdf.exe").getByRole("button", { name: "Look at it here" }).count(), 0);
    assert.match(await rowOf(page, "_.._x").innerText(), /The name as it was sent: \.\.\/\.\.\/x/);
    assert.deepEqual(await warningsOf(page, "drawing.svg"), ["risk.webPage"]);
    assert.deepEqual(await warningsOf(page, "planted.png"), []);
    await look(page, "_img src=x");
    assert.equal(await frameOf(page).locator(".text").textContent(), "name");
  });

  test("the SHA-256 can be seen whole and copied", async (t) => {
    const page = await open(t, "carl");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const row = rowOf(page, "planted.png");
    await row.locator("summary").click();
    const whole = await row.locator(".th-hash__whole").innerText();
    assert.match(whole, /^[0-9a-f]{64}$/);
    await row.getByRole("button", { name: "Copy all of it" }).click();
    await toast(page, "SHA-256 is copied");
  });

  test("a file that turns out to be something else is saved at the second asking, with words before", async (t) => {
    const page = await open(t, "nia");
    let downloads = 0;
    page.on("download", () => (downloads += 1));
    for (const [name, found] of [
      ["not-a-picture.png", ["other.program"]],
      ["active.pdf", ["active.javaScript", "active.launch", "active.inside"]],
    ] as const) {
      const save = rowOf(page, name).locator(".th-file__save");
      await save.click();
      await rowOf(page, name).getByRole("alert").filter({ hasText: "Not saved yet" }).waitFor();
      assert.deepEqual(await warningsOf(page, name), found);
      assert.equal(downloads, 0);
      const { download } = await savedFile(page, () => save.click());
      assert.equal(download.suggestedFilename(), name);
      assert.equal(await page.getByText("Not saved yet").count(), 0);
      downloads = 0;
    }
    // What its name already says needs no second asking.
    await savedFile(page, () => rowOf(page, "invoice.pdf.exe").locator(".th-file__save").click());
  });

  test("Esc closes, also from within the frame, and the focus comes back", async (t) => {
    const page = await open(t, "rosa");
    for (const within of [false, true]) {
      const frame = await look(page, "odd.txt");
      await frame.locator(".text").waitFor();
      if (within) await frame.locator(".text").click();
      await page.keyboard.press("Escape");
      await page.locator(".th-preview").waitFor({ state: "detached" });
      assert.match(
        (await page.evaluate(() => document.activeElement?.textContent)) ?? "",
        /Look at it here\s+odd\.txt/,
      );
      assert.ok(await page.locator("#case-title").isVisible(), "the case behind it stays open");
    }
  });

  const endings: [what: string, end: (page: Page) => Promise<unknown>][] = [
    ["closing", (page) => closePreview(page)],
    ["locking", (page) => page.evaluate(() => document.getElementById("lock")!.click())],
    [
      "choosing another case",
      (page) =>
        page
          .locator('.th-case:not([aria-current="true"])')
          .first()
          .evaluate((row: HTMLElement) => row.click()),
    ],
    ["turning to another screen", (page) => page.evaluate(() => document.getElementById("screen-calendar")!.click())],
  ];
  for (const [what, end] of endings)
    test(`nothing of a file stays after ${what}`, async (t) => {
      const page = await open(t, "carl");
      await look(page, "active.pdf");
      await frameOf(page).locator("img").waitFor();
      const running = page.workers().map((worker) => worker.url());
      assert.ok(
        running.some((url) => url.endsWith("/pdfpages.worker.js")),
        "control",
      );
      await end(page);
      await page.locator(".th-preview").waitFor({ state: "detached" });
      assert.equal(await addressesAlive(page), 0);
      assert.equal(page.frames().length, 1);
      await page.waitForTimeout(200);
      const left = page.workers().map((worker) => new URL(worker.url()).pathname);
      assert.deepEqual(left, what === "locking" ? [] : ["/assets/keyholder.worker.js"]);
    });

  test("fetching can be cancelled, and leaves nothing", async (t) => {
    const page = await open(t, "nia");
    await page.context().route("**/objects/*", async (route) => {
      await new Promise((go) => setTimeout(go, 1500));
      await route.continue().catch(() => {});
    });
    await rowOf(page, "planted.png").getByRole("button", { name: "Look at it here" }).click();
    await page.locator(".th-preview").getByRole("button", { name: "Cancel" }).click();
    await page.locator(".th-preview").waitFor({ state: "detached" });
    await page.waitForTimeout(2000);
    assert.equal(await page.locator(".th-preview").count(), 0);
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.deepEqual(page.workers().length, 1);
  });

  test("the frame holds at 320 pixels, in the dark and with forced colours", async (t) => {
    const page = await open(t, "rosa");
    assert.deepEqual(await accessibilityFaults(page, "files of a case", ["desktop-light", "320px"]), []);
    await look(page, "active.pdf");
    await frameOf(page).locator("img").waitFor();
    assert.deepEqual(await accessibilityFaults(page, "preview of a PDF", undefined, ".th-preview__frame"), []);
    await closePreview(page);
    await look(page, "A very long name");
    assert.deepEqual(await accessibilityFaults(page, "preview with a long name", ["320px"], ".th-preview__frame"), []);
  });

  test("no script runs in the frame, whatever is put into it", async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    /** Every way to run something in a document that somebody else may fill; answers how many ran. */
    const tries = async (src: string, sandbox: string | null): Promise<string[]> => {
      const frame = await page.evaluateHandle(
        async ([src, sandbox]) => {
          const frame = document.createElement("iframe");
          if (sandbox !== null) frame.setAttribute("sandbox", sandbox);
          frame.src = src;
          const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
          document.body.append(frame);
          await loaded;
          return frame;
        },
        [src, sandbox] as const,
      );
      return frame.evaluate(async (element) => {
        const target = element.contentDocument!;
        const ways: [string, () => void][] = [
          [
            "script",
            () => target.body.append(Object.assign(target.createElement("script"), { text: "ran('script')" })),
          ],
          ["handler", () => target.body.insertAdjacentHTML("beforeend", `<img src="x:" onerror="ran('handler')">`)],
          [
            "link",
            () => {
              const link = Object.assign(target.createElement("a"), { href: "javascript:ran('link')" });
              target.body.append(link);
              link.click();
            },
          ],
          ["eval", () => (element.contentWindow as unknown as { eval(code: string): void }).eval("ran('eval')")],
        ];
        const did: string[] = [];
        Object.assign(element.contentWindow!, { ran: (way: string) => did.push(way) });
        for (const [, way] of ways)
          try {
            way();
          } catch {
            // refused at once
          }
        await new Promise((resolve) => setTimeout(resolve, 300));
        return did.sort();
      });
    };
    await page.goto("about:blank");
    assert.deepEqual(await tries("about:blank", null), ["eval", "handler", "link", "script"], "control");
    await page.goto(served.portal.consoleUrl);
    assert.deepEqual(await tries("/preview", "allow-same-origin"), []);
    assert.deepEqual(await tries("/preview", null), [], "the page's own policy alone is enough");
  });
});
