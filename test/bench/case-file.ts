/**
 * Counsel's case file in a real Chromium, through the service worker to the disk, against saving the same attachments
 * one by one from the same page. What was saved is looked through by `unzip` and by `tellhaven verify`.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import type { NewFile } from "../../crypto/attachments.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { launchBrowser } from "../support/browser.ts";
import { deskOf, findByTitle, tell } from "../support/casework.ts";
import { openCaseOf, saveCaseFile, signIn, turnTo } from "../support/console-visit.ts";
import { missingJudges } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import type { Row } from "./measure.ts";
import { memoryOf, peakDuring } from "./tab-memory.ts";

const patience = { timeout: 3_600_000 };
const run = promisify(execFile);
const title = "Bench";
const megabyte = 1_000_000;
/** Beside the attachment sealed and the attachment saved: pages, tables, padding. */
const spare = 1.1;

/** Megabytes of the tab with its workers, and seconds. */
export interface CaseFileHeld {
  what: string;
  before: number;
  peak: number;
  /** At its highest while the attachment was saved alone. */
  alone: number;
  plannedIn: number;
}

export interface CaseFileResult {
  rows: Row[];
  held: CaseFileHeld[];
  /** What was not measured, and why. */
  words: string[];
}

/** Bytes that no compression shortens, made as they are read. By Node: libsodium's take seconds for a megabyte. */
function noise(name: string, size: number): NewFile {
  const piece = randomBytes(megabyte);
  return {
    name,
    type: "application/octet-stream",
    size,
    async *read() {
      for (let at = 0; at < size; at += piece.length) yield piece.subarray(0, Math.min(piece.length, size - at));
    },
  };
}

/** A portal with one case of these attachments, which counsel may read. */
async function serveCase(files: NewFile[]): Promise<ServedOrganisation> {
  const most = Math.max(...files.map(({ size }) => size));
  const served = await serveOrganisation({
    // What a portal allows by default, or as much as it takes.
    MAX_FILE_BYTES: String(Math.max(most, 2 ** 31)),
    UPLOAD_BUDGET_BYTES: String(most * 4 + 1e9),
    RATE_UPLOADS: "1000000",
    RATE_PAGES: "1000000",
    FEED_ITEMS: "50",
  });
  try {
    await tell(served, { title, files });
    const desk = await deskOf(served, served.organisation.members.carl.seed);
    await declare(desk, (await findByTitle(served, desk, title))!, false, "");
    return served;
  } catch (error) {
    await served.portal.discard();
    throw error;
  }
}

/** Seconds from the click to the whole file on the disk, and where it is. The caller deletes it. */
async function save(
  page: Page,
  click: () => Promise<void>,
): Promise<{ seconds: number; path: string; gone(): Promise<void> }> {
  const waiting = page.waitForEvent("download", patience);
  const start = performance.now();
  await click();
  const download = await waiting;
  const path = await download.path();
  const seconds = (performance.now() - start) / 1000;
  await page.locator(".th-job").waitFor({ state: "detached", ...patience });
  return { seconds, path, gone: () => download.delete() };
}

/** @throws Error when another program, or ours, finds a fault in the ZIP */
async function requireWhole(zip: string, publicKey: string): Promise<void> {
  if (missingJudges(["unzip"]).length === 0) await run("unzip", ["-tqq", zip], { maxBuffer: 2 ** 26 });
  const key = `${zip}.pub`;
  await writeFile(key, `${publicKey.trim()}\n`);
  const cli = join(import.meta.dirname, "../../server/cli/main.ts");
  await run(process.execPath, [cli, "verify", zip, "--key", key], { maxBuffer: 2 ** 26 });
}

async function measure(what: string, files: NewFile[], savedAlone: number): Promise<CaseFileResult> {
  const served = await serveCase(files);
  let browser: Browser | null = null;
  try {
    browser = await launchBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, served, served.organisation.members.carl);
    await openCaseOf(page, title);
    const buttons = page.locator(".th-file__save");
    await buttons.nth(files.length - 1).waitFor(patience);
    let alone = { seconds: 0, bytes: 0 };
    const peakAlone = await peakDuring(browser, async () => {
      for (let i = 0; i < savedAlone; i++) {
        const saved = await save(page, () => buttons.nth(i).click());
        await saved.gone();
        alone = { seconds: alone.seconds + saved.seconds, bytes: alone.bytes + files[i]!.size };
      }
    });
    await turnTo(page, "Case file");
    const start = performance.now();
    await page.getByRole("button", { name: "Look at what would be in it" }).click();
    await page.locator("#casefile-plan").waitFor(patience);
    const plannedIn = (performance.now() - start) / 1000;
    const before = await memoryOf(browser);
    let saved: Awaited<ReturnType<typeof save>> | null = null;
    const peak = await peakDuring(browser, async () => {
      saved = await save(page, () => saveCaseFile(page));
    });
    const { seconds, path, gone } = saved!;
    await requireWhole(path, await page.innerText("#counsel-key"));
    await gone();
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const ours = bytes / megabyte / seconds;
    const theirs = alone.bytes / megabyte / alone.seconds;
    const against =
      savedAlone === 1 ? "the same attachment saved alone" : `${String(savedAlone)} of them saved one by one`;
    return {
      rows: [{ what: `case file saved, ${what}`, unit: "MB/s", ours, theirs, ratio: ours / theirs, against }],
      held: [
        {
          what,
          before: before / megabyte,
          peak: peak / megabyte,
          alone: peakAlone / megabyte,
          plannedIn,
        },
      ],
      words: [],
    };
  } finally {
    await browser?.close();
    await served.portal.discard();
  }
}

const sizeOf = (bytes: number): string => (bytes >= 1e9 ? `${String(bytes / 1e9)} GB` : `${String(bytes / 1e6)} MB`);

export const measureManyAttachments = (): Promise<CaseFileResult> =>
  measure(
    "160 attachments of 1 MB",
    Array.from({ length: 160 }, (_, i) => noise(`${String(i)}.bin`, megabyte)),
    // Each of them fetches the whole object, all 160: a few are enough to tell the rate.
    4,
  );

/** Kept once sealed and once saved, so the disk needs twice as much: without room, words instead of a row. */
export async function measureLargeAttachment(bytes: number): Promise<CaseFileResult> {
  const { bavail, bsize } = await statfs(tmpdir());
  const room = bavail * bsize;
  if (room > bytes * 2 * spare + 1e9)
    return measure(`one attachment of ${sizeOf(bytes)}`, [noise("large.bin", bytes)], 1);
  const free = sizeOf(Math.floor(room / 1e6) * 1e6);
  const words = `Not measured: a case file with an attachment of ${sizeOf(bytes)}. ${tmpdir()} has ${free} free, which is not enough; --attachment takes a smaller number of bytes.`;
  return { rows: [], held: [], words: [words] };
}
