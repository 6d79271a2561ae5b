/**
 * The whole main job in a real browser: set up, file, open, answer, read the answer, close, export;
 * one reviewer is left out and stays out. Afterwards nothing that was written is on the server.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { utf8 } from "../../crypto/bytes.ts";
import { openKeyFile } from "../../crypto/keyfile.ts";
import { deriveMember, parseMemberSeed, publicKeysOf } from "../../crypto/keys.ts";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { lookAtCaseFile, saveCaseFile } from "../support/console-visit.ts";
import { requireJudge } from "../support/judges.ts";
import {
  closeCase,
  consoleTab,
  fileInBrowser,
  fileWithoutScript,
  makePlants,
  openMailboxPage,
  openAssistedMailbox,
  openCaseOf,
  plantedStrings,
  reviewCase,
  savedFile,
  setUpForReal,
  signInWithKey,
  type Crew,
} from "../support/main-job.ts";
import { passphrase } from "../support/setup-pages.ts";
import { startTestPortal, type TestPortal } from "../support/server.ts";
import { sweep } from "../support/sweep.ts";
import { slotsOpened, steal, type Thief } from "../support/theft.ts";
import { openContext } from "../support/watched-context.ts";

/** Who the server must forget: an address of TEST-NET-2 (RFC 5737) as a proxy would pass it on, and a browser. */
const address = "198.51.100.77";
const userAgent = "Mozilla/5.0 PlantedBrowser/77.7";

const thief = (keyFile: Buffer): Thief => {
  const secrets = deriveMember(parseMemberSeed(openKeyFile(keyFile, passphrase).seeds[0]!));
  return { secrets, keys: publicKeysOf(secrets) };
};

describe("the main job", requireJudge("browser", "minisign", "unzip"), () => {
  let portal: TestPortal;
  let browser: Browser;
  let crew: Crew;
  let temporary: string;
  const plants = makePlants("kq7w");
  let words: string[] = [];
  /** What is planted without scripts; the server saw it while its requests ran, and must have forgotten it. */
  const plain = makePlants("vv4n");
  let plainWords: string[] = [];

  const reporterContext = (t: TestContext): Promise<BrowserContext> =>
    openContext(t, browser, {
      origins: [portal.reporterUrl],
      more: { userAgent, extraHTTPHeaders: { "x-forwarded-for": address, "x-forwarded-proto": "http" } },
    });
  const consolePage = async (t: TestContext): Promise<Page> =>
    (await openContext(t, browser, { origins: [portal.consoleUrl] })).newPage();

  before(async () => {
    // Only what this portal leaves there is searched, and no other test's folder vanishes meanwhile.
    temporary = await mkdtemp(join(tmpdir(), "tellhaven-main-job-"));
    process.env["TMPDIR"] = temporary;
    await ensureBuilt();
    browser = await launchBrowser();
    portal = await startTestPortal({ BEHIND_PROXY: "1" });
  });
  after(async () => {
    await browser?.close();
    await portal?.discard();
    await rm(temporary, { recursive: true, force: true });
  });

  test("set up: charter, four members and one on paper", async (t) => {
    crew = await setUpForReal(await consolePage(t), portal);
    assert.equal(portal.context.book.intakeOpen, true);
    assert.equal(portal.context.book.chain?.current.trial, false);
  });

  test("file: sealed in the browser, one reviewer left out, eight words come back", async (t) => {
    const page = await (await reporterContext(t)).newPage();
    words = await fileInBrowser(page, portal.reporterUrl, plants, "Nia Named");
    await portal.tick();
  });

  test("open and answer: the reviewer reads, saves the file, replies with a file, keeps a note", async (t) => {
    const page = await consolePage(t);
    await signInWithKey(page, portal.consoleUrl, crew.rosa);
    await reviewCase(page, plants);
  });

  test("mailbox: the reporter reads the answer, saves the file and writes again", async (t) => {
    const page = await (await reporterContext(t)).newPage();
    await openMailboxPage(page, portal.reporterUrl, words);
    await page.locator("#talk", { hasText: plants.reply }).waitFor();
    const { name, bytes } = await savedFile(page, () =>
      page.getByRole("button", { name: new RegExp(plants.reviewerFile.name) }).click(),
    );
    assert.deepEqual([name, bytes.toString()], [plants.reviewerFile.name, plants.reviewerFile.content]);
    await page.getByLabel("Your message").fill(plants.message);
    await page.getByRole("button", { name: "Lock and send" }).click();
    await page.locator("#talk", { hasText: plants.message }).waitFor();
  });

  test("close: the reviewer reads the message and closes; the reporter is told", async (t) => {
    const page = await consolePage(t);
    await signInWithKey(page, portal.consoleUrl, crew.rosa);
    await openCaseOf(page, plants);
    await page.getByText(plants.message).waitFor();
    await closeCase(page, plants);
    const reporter = await (await reporterContext(t)).newPage();
    await openMailboxPage(reporter, portal.reporterUrl, words);
    await reporter.locator("#talk", { hasText: plants.closing }).waitFor();
    assert.ok(!(await reporter.locator("body").innerText()).includes(plants.note), "a note never reaches the reporter");
  });

  test("export: counsel's case file passes minisign, sha256sum and unzip", async (t) => {
    const page = await consolePage(t);
    await signInWithKey(page, portal.consoleUrl, crew.carl);
    await openCaseOf(page, plants);
    await consoleTab(page, "Case file");
    await lookAtCaseFile(page);
    const { bytes } = await savedFile(page, () => saveCaseFile(page));
    const key = await page.locator("#counsel-key").innerText();
    const folder = await mkdtemp(join(tmpdir(), "tellhaven-case-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "case.zip"), bytes);
    await writeFile(join(folder, "counsel.pub"), `${key.trim()}\n`);
    execFileSync("unzip", ["-q", "case.zip"], { cwd: folder });
    const [bag] = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const cwd = join(folder, bag!.name);
    execFileSync("minisign", ["-Vm", "tagmanifest-sha256.txt", "-p", "../counsel.pub"], { cwd });
    for (const manifest of ["tagmanifest-sha256.txt", "manifest-sha256.txt"])
      execFileSync("sha256sum", ["--check", "--strict", "--quiet", manifest], { cwd });
    const hits = await sweep([plants.report, plants.reply, plants.reporterFile.content], [cwd]);
    assert.equal(new Set(hits.hits.map(({ plant }) => plant)).size, 3, "what was said is in the case file");
  });

  test("the left-out reviewer is not shown the case, and with everything stolen opens nothing", async (t) => {
    const page = await consolePage(t);
    await signInWithKey(page, portal.consoleUrl, crew.nia);
    await page.waitForTimeout(500);
    assert.equal(await page.locator(".th-case").count(), 0);
    const { envelopes, feed } = await steal(portal.dataDir);
    const chain = portal.context.book.chain!;
    assert.ok(envelopes.some(({ header }) => header.kind === "note"));
    assert.equal(slotsOpened(chain, thief(crew.nia), envelopes, feed), 0);
    assert.ok(
      slotsOpened(chain, thief(crew.rosa), envelopes, feed) >= 3,
      "the same search finds a reader's keys at work",
    );
  });

  test("the same job with scripts off: file, be answered, read, write again, save the file", async (t) => {
    const context = await openContext(t, browser, {
      origins: [portal.reporterUrl],
      javaScript: false,
      provokes: [/status of 400/], // the page that says what is missing
      more: { userAgent, extraHTTPHeaders: { "x-forwarded-for": address, "x-forwarded-proto": "http" } },
    });
    const page = await context.newPage();
    plainWords = await fileWithoutScript(page, portal.reporterUrl, plain, "Nia Named");
    await portal.tick();
    const reviewer = await consolePage(t);
    await signInWithKey(reviewer, portal.consoleUrl, crew.rosa);
    await reviewCase(reviewer, plain);
    await openAssistedMailbox(page, portal.reporterUrl, plainWords);
    await page.getByText(plain.reply).waitFor();
    assert.ok(!(await page.content()).includes(plain.note));
    const { name, bytes } = await savedFile(page, () =>
      page.getByRole("link", { name: new RegExp(plain.reviewerFile.name) }).click(),
    );
    assert.deepEqual([name, bytes.toString()], [plain.reviewerFile.name, plain.reviewerFile.content]);
    await page.getByLabel("Your message").fill(plain.message);
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".th-talk", { hasText: plain.message }).waitFor();
    await openCaseOf(reviewer, plain);
    await closeCase(reviewer, plain);
    await openAssistedMailbox(page, portal.reporterUrl, plainWords);
    await page.locator(".th-talk", { hasText: plain.closing }).waitFor();
    const { envelopes, feed } = await steal(portal.dataDir);
    assert.equal(slotsOpened(portal.context.book.chain!, thief(crew.nia), envelopes, feed), 0);
  });

  test("a sweep finds no sentence, file name, code, address or browser on the server", async () => {
    const { hits, files } = await sweepServer(portal, [
      ...plantedStrings(plants),
      ...plantedStrings(plain),
      ...[words, plainWords].flatMap((code) => [code.join(" "), code.join("-")]),
      address,
      userAgent,
    ]);
    assert.deepEqual(hits, []);
    assert.ok(files > 5, "there was something to search");
    assert.deepEqual(portal.lines, []);
  });

  test("the same sweep finds every plant in a build that leaks", async (t) => {
    const leaky = makePlants("zz9leak");
    const context = await reporterContext(t);
    await leak(context, portal);
    const page = await context.newPage();
    const code = await fileInBrowser(page, portal.reporterUrl, leaky, "Nia Named");
    const plant = [
      leaky.report,
      leaky.reporterFile.name,
      leaky.reporterFile.content,
      code.join(" "),
      address,
      userAgent,
    ];
    const { hits } = await sweepServer(portal, plant);
    assert.deepEqual(new Set(hits.map(({ plant: found }) => found)), new Set(plant));
    for (const encoding of ["utf8", "base64", "hex", "utf16le"])
      assert.ok(
        hits.some((hit) => normal(hit.encoding).includes(encoding)),
        `${encoding} is among the forms found`,
      );
  });
});

const normal = (encoding: string): string => encoding.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Data folder, temporary files that name us, and every line that was logged. */
async function sweepServer(portal: TestPortal, plants: string[]): ReturnType<typeof sweep> {
  const temporary = (await readdir(tmpdir())).filter((name) => name.startsWith("tellhaven-"));
  const places = [portal.dataDir, ...temporary.map((name) => join(tmpdir(), name))];
  return sweep(plants, [...new Set(places), { label: "log", bytes: utf8(portal.lines.join("\n")) }]);
}

/**
 * A build that leaks on both sides: its page script tells the server what is typed, chosen and
 * shown, and the server keeps that with the sender's headers, in four spellings.
 */
async function leak(context: BrowserContext, portal: TestPortal): Promise<void> {
  await context.route("**/assets/report.js", async (route) => {
    const response = await route.fetch();
    const tell = `;const told = {};
    addEventListener("change", (event) => {
      for (const file of event.target.files ?? []) file.text().then((text) => { told[file.name] = text; });
    }, true);
    setInterval(() => {
      const typed = [...document.querySelectorAll("textarea")].map((field) => field.value);
      const code = [...document.querySelectorAll(".th-code__word")].map((word) => word.textContent).join(" ");
      fetch("/leak", { method: "POST", body: JSON.stringify({ typed, code, files: told }) });
    }, 20);`;
    await route.fulfill({ response, body: (await response.text()) + tell });
  });
  await context.route("**/leak", async (route) => {
    const said = `${route.request().postData() ?? ""}\n${JSON.stringify(await route.request().allHeaders())}\n`;
    const line = Buffer.from(said);
    const spellings = [said, line.toString("base64"), line.toString("hex"), Buffer.from(said, "utf16le")];
    for (const spelling of spellings) await appendFile(join(portal.dataDir, "leak.log"), spelling);
    await route.fulfill({ status: 204 });
  });
}
