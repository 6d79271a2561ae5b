/**
 * What can go wrong with a case file in a real browser, and what counsel is told: nothing half exported passes
 * verification, and what was chosen stays. Other people's programs judge what was saved.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { toHex, utf8 } from "../../crypto/bytes.ts";
import type { NewFile } from "../../crypto/attachments.ts";
import { ensureBuilt } from "../support/built.ts";
import { writeAct, type ActDraft } from "../../views/browser/client/case-acts.ts";
import { reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { declare, openAndRenew } from "../../views/browser/client/recusal.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { accessibilityFaults } from "../support/accessible.ts";
import { launchBrowser } from "../support/browser.ts";
import { bytesOfCaseFile, planned } from "../support/case-file-plan.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import {
  lookAtCaseFile,
  openCaseOf,
  saveCaseFile,
  savedFile,
  toast,
  turnTo,
  visitConsole,
} from "../support/console-visit.ts";
import { forge } from "../support/forging.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { makeAuthority, serveAuthority, type Authority, type ServedAuthority } from "../support/timestamp-authority.ts";

/** More than what the page gathers in memory: it is streamed to the disk. */
const large = 40 * 1024 * 1024;
/** Who it is that counsel leaves out. */
const name = "Jonathan Featherstone";
const what = `The guard was taken off by ${name} on Monday.`;
const looks = ["desktop-light", "phone-dark", "320px"] as const;

let browser: Browser;
let folder: string;
before(async () => {
  await ensureBuilt();
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), "tellhaven-case-file-faults-"));
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Case {
  caseId: string;
  /** Of counsel, in Node. */
  desk: Desk;
}

/** A report that counsel may read. */
async function newCase(served: ServedOrganisation, title: string, files: NewFile[], text = title): Promise<Case> {
  await tell(served, { title, what: text, files });
  const desk = await deskOf(served, served.organisation.members.carl.seed);
  const caseId = (await findByTitle(served, desk, title))!;
  await declare(desk, caseId, false, "");
  return { caseId, desk };
}

/** Counsel, before the case file's form of this case. */
async function atCaseFile(t: TestContext, served: ServedOrganisation, title: string): Promise<Page> {
  const page = await visitConsole(t, browser, served, served.organisation.members.carl);
  await openCaseOf(page, title);
  await turnTo(page, "Case file");
  return page;
}

const problem = (page: Page): Promise<string> => page.locator('[data-focus="export"]').innerText({ timeout: 60_000 });

/** Unpacks what was saved and has other programs check all of it; answers the bag's folder. */
function unpacked(bytes: Uint8Array, publicKey: string): string {
  const at = mkdtempSync(join(folder, "saved-"));
  writeFileSync(join(at, "case.zip"), bytes);
  writeFileSync(join(at, "counsel.pub"), `${publicKey.trim()}\n`);
  execFileSync("unzip", ["-q", "case.zip", "-d", "bag"], { cwd: at });
  const cwd = join(at, "bag", readdirSync(join(at, "bag"))[0]!);
  execFileSync("minisign", ["-Vm", "tagmanifest-sha256.txt", "-p", join(at, "counsel.pub")], { cwd });
  for (const list of ["tagmanifest-sha256.txt", "manifest-sha256.txt"])
    execFileSync("sha256sum", ["-c", "--strict", "--quiet", list], { cwd });
  return cwd;
}

async function savedBag(page: Page, click: () => Promise<void> = () => saveCaseFile(page)): Promise<string> {
  const { bytes } = await savedFile(page, click);
  await toast(page, "The case file was saved.");
  return unpacked(bytes, await page.innerText("#counsel-key"));
}

describe("attachments that fail while a case file is saved", requireJudge("browser", "minisign", "unzip"), () => {
  let served: ServedOrganisation;
  before(async () => {
    served = await serveOrganisation({ FEED_ITEMS: "50" });
  });
  after(() => served?.portal.discard());

  const objectOf = async ({ desk, caseId }: Case): Promise<string> =>
    join(served.portal.dataDir, "objects", toHex((await openCase(desk, caseId)).report.envId));

  /** Tries to save; answers whether a download came to its end. */
  async function tryToSave(page: Page): Promise<boolean> {
    const ended: Promise<boolean>[] = [];
    page.on("download", (download) =>
      ended.push(
        download.failure().then(async (failure) => {
          if (failure === null) return true;
          await assert.rejects(download.path(), "what broke off is no file");
          return false;
        }),
      ),
    );
    await saveCaseFile(page);
    await problem(page);
    return (await Promise.all(ended)).some(Boolean);
  }

  for (const [size, bytes] of [
    ["a small one", 1000],
    ["one that streams to the disk", large],
  ] as const) {
    test(`${size} that is missing on the server: told, no file; saved once it is back`, async (t) => {
      const title = `Missing ${bytes}`;
      const of = await newCase(served, title, [fileOfBytes("a.bin", new Uint8Array(bytes).fill(7))]);
      const page = await atCaseFile(t, served, title);
      await lookAtCaseFile(page);
      const object = await objectOf(of);
      renameSync(object, `${object}.away`);
      assert.equal(await tryToSave(page), false);
      assert.match(await problem(page), /Something is missing on the server[^]+This one: \S+: Attachment 1 of: Report/);
      assert.deepEqual(await accessibilityFaults(page, `casefile-missing-${bytes}`, looks), []);
      renameSync(`${object}.away`, object);
      const bag = await savedBag(page);
      assert.equal(readdirSync(join(bag, "data/native")).length, 1);
    });

    test(`${size} that was altered on the server: told, and what came of it is no ZIP`, async (t) => {
      const title = `Altered ${bytes}`;
      const of = await newCase(served, title, [fileOfBytes("a.bin", new Uint8Array(bytes).fill(7))]);
      const page = await atCaseFile(t, served, title);
      await lookAtCaseFile(page);
      const object = await objectOf(of);
      const sound = readFileSync(object);
      const spoilt = Buffer.from(sound);
      spoilt[bytes - 1]! ^= 1;
      writeFileSync(object, spoilt);
      assert.equal(await tryToSave(page), false);
      assert.match(await problem(page), /Something did not pass our check[^]+This one: \S+: Attachment 1 of: Report/);
      assert.equal(await page.locator("#counsel-key").count(), 0, "no key to a file that is none");
      writeFileSync(object, sound);
      await savedBag(page);
    });
  }

  test("what came before the break is nothing that unzip takes, were it kept", async () => {
    // The last of what streamed: everything but the end, with the ZIP's list and the signatures.
    const { caseId, desk } = await newCase(served, "Broken off", [fileOfBytes("a.bin", new Uint8Array(1000))]);
    const bytes = await bytesOfCaseFile(desk, await planned(desk, [await openCase(desk, caseId)]));
    const at = join(folder, "cut.zip");
    for (const part of [0.5, 0.9, 0.99]) {
      writeFileSync(at, bytes.subarray(0, Math.floor(bytes.length * part)));
      assert.notEqual(spawnSync("unzip", ["-tqq", at]).status, 0, String(part));
    }
  });

  test("a message and new keys that come between looking and saving: saved as it was looked at", async (t) => {
    const title = "Grows";
    const of = await newCase(served, title, [fileOfBytes("a.txt", utf8("a list\n"))]);
    const { rosa, nia } = served.organisation.members;
    const [other, leaving] = [await deskOf(served, rosa.seed), await deskOf(served, nia.seed)];
    for (const desk of [other, leaving]) await declare(desk, (await findByTitle(served, desk, title))!, false, "");
    const page = await atCaseFile(t, served, title);
    await lookAtCaseFile(page);
    const words = "Written while counsel looked.";
    await reply(other, of.caseId, { text: words, status: "open" }, await withoutFiles(other, of.caseId));
    assert.equal((await declare(leaving, of.caseId, true, "a relative")).is, "gone");
    const epoch = (await openCase(of.desk, of.caseId)).keyEpoch;
    await openAndRenew(other, of.caseId);
    assert.ok((await openCase(other, of.caseId)).keyEpoch > epoch, "the keys are new");
    const bag = await savedBag(page);
    assert.ok(!readFileSync(join(bag, "data/case.json"), "utf8").includes(words));
    await lookAtCaseFile(page);
    const anew = await savedBag(page);
    assert.ok(readFileSync(join(anew, "data/case.json"), "utf8").includes(words), "made anew, it is in it");
  });

  test("a name that was left out and stands in an attachment: named, no way to save it, until that is left out too", async (t) => {
    const title = "Leaks";
    const files = [fileOfBytes("kept.txt", utf8("nothing\n")), fileOfBytes("b.txt", utf8(`signed\n${name}\n`))];
    const { caseId, desk } = await newCase(served, title, files, what);
    const mark = async (id: string, more: Partial<Extract<ActDraft, { act: "redact" }>>): Promise<void> => {
      const draft = { act: "redact", id, stream: 0, seq: 0, part: "answer:what", span: null } as const;
      const rest = { bases: [], description: "", on: true, dated: "2026-11-30", reason: "name of a person" };
      await writeAct(desk, caseId, { ...draft, ...rest, ...more }, {}, await withoutFiles(desk, caseId));
    };
    const start = what.indexOf(name);
    await mark("0000000000000001", { span: { start, end: start + name.length } });
    const page = await atCaseFile(t, served, title);
    await lookAtCaseFile(page);
    const leaks = await page.locator("#casefile-leaks").innerText();
    assert.match(leaks, /What was left out still stands in it/);
    assert.match(leaks, new RegExp(`“${name}” in data/native/TH000003\\.txt, line 2`));
    assert.equal(await page.getByRole("button", { name: "Save case file" }).count(), 0);
    assert.deepEqual(await accessibilityFaults(page, "casefile-leaks", looks), []);
    await mark("0000000000000002", { part: "file:1" });
    await lookAtCaseFile(page);
    await page.locator("#casefile-clean").waitFor();
    const bag = await savedBag(page);
    const found = spawnSync("grep", ["-rl", "Featherstone", bag], { encoding: "utf8" });
    assert.deepEqual([found.status, found.stdout], [1, ""]);
  });

  test("a note that does not verify, and may have been a mark: told before anything is saved", async (t) => {
    const of = await newCase(served, "Spoilt", []);
    const { rosa: forger, carl: victim } = served.organisation.members;
    const rosa = await deskOf(served, forger.seed);
    await declare(rosa, (await findByTitle(served, rosa, "Spoilt"))!, false, "");
    const content = { text: "Planted", files: [], conversation: { seq: 0, hash: "00".repeat(32) } };
    await forge(served, rosa, { forger, victim }, of.caseId, "note", content);
    const page = await atCaseFile(t, served, "Spoilt");
    await lookAtCaseFile(page);
    assert.match(
      await page.innerText("#casefile-damaged"),
      /did not pass our check: \S+ \(\d\)\. If it said that something is left out/,
    );
    assert.deepEqual(await accessibilityFaults(page, "casefile-damaged", looks), []);
  });

  test("an age key: mistyped, a secret one, and a right one, which Debian's age opens", async (t) => {
    await newCase(served, "Sealed", [fileOfBytes("a.txt", utf8("a list\n"))]);
    execFileSync("age-keygen", ["-o", join(folder, "key.txt")], { stdio: "pipe" });
    const own = execFileSync("age-keygen", ["-y", join(folder, "key.txt")], { encoding: "utf8" }).trim();
    const secret = /^AGE-SECRET-KEY-.*$/m.exec(readFileSync(join(folder, "key.txt"), "utf8"))![0];
    const page = await atCaseFile(t, served, "Sealed");
    await lookAtCaseFile(page);
    const field = page.locator("#casefile-recipient");
    const mistyped = own.slice(0, -1) + (own.endsWith("q") ? "p" : "q");
    await field.fill(mistyped);
    await saveCaseFile(page);
    await page.locator("#casefile-recipient-error", { hasText: "A letter of this key is wrong" }).waitFor();
    assert.equal(await field.inputValue(), mistyped, "what was typed stays, to be mended");
    assert.deepEqual(await accessibilityFaults(page, "casefile-age", looks), []);
    await field.fill(secret);
    await saveCaseFile(page);
    await page.locator("#casefile-recipient-error", { hasText: "This is a secret key." }).waitFor();
    assert.equal(await field.inputValue(), "");
    assert.ok(!(await page.content()).includes(secret));
    await field.fill(own);
    const { download, bytes } = await savedFile(page, () => saveCaseFile(page));
    assert.match(download.suggestedFilename(), /\.zip\.age$/);
    await toast(page, "The case file was saved.");
    writeFileSync(join(folder, "sealed.age"), bytes);
    const args = ["-d", "-i", join(folder, "key.txt"), join(folder, "sealed.age")];
    const opened = execFileSync("age", args, { maxBuffer: 2 ** 26 });
    unpacked(opened, await page.innerText("#counsel-key"));
  });
});

describe("time stamps on a case file", requireJudge("browser", "minisign", "unzip", "openssl"), () => {
  let authority: Authority;
  let tsa: ServedAuthority;
  let served: ServedOrganisation;
  before(async () => {
    authority = makeAuthority("Stamps");
    tsa = await serveAuthority(
      (query, res) =>
        void res.writeHead(200, { "content-type": "application/timestamp-reply" }).end(authority.answer(query)),
    );
    served = await serveOrganisation({ FEED_ITEMS: "50", TIMESTAMP_URL: tsa.url });
    await newCase(served, "Stamped", []);
  });
  after(async () => {
    await served?.portal.discard();
    await tsa?.close();
    authority?.discard();
  });

  const stamps = (bag: string): string[] => readdirSync(bag).filter((path) => /\.ts[qr]$/.test(path));

  test("the authority's answer is in it, and openssl verifies it", async (t) => {
    const page = await atCaseFile(t, served, "Stamped");
    await lookAtCaseFile(page);
    const bag = await savedBag(page);
    assert.deepEqual(stamps(bag).sort(), ["tagmanifest-sha256.txt.tsq", "tagmanifest-sha256.txt.tsr"]);
    for (const by of [
      ["-data", "tagmanifest-sha256.txt"],
      ["-queryfile", "tagmanifest-sha256.txt.tsq"],
    ]) {
      const args = ["ts", "-verify", ...by, "-in", "tagmanifest-sha256.txt.tsr", "-CAfile", authority.root];
      assert.match(execFileSync("openssl", args, { cwd: bag, encoding: "utf8", stdio: "pipe" }), /Verification: OK/);
    }
  });

  test("nobody at its address: told, and saved without one", async (t) => {
    await tsa.close();
    const page = await atCaseFile(t, served, "Stamped");
    await lookAtCaseFile(page);
    await saveCaseFile(page);
    await page.locator("#casefile-unstamped", { hasText: "the authority did not answer" }).waitFor();
    assert.deepEqual(await accessibilityFaults(page, "casefile-unstamped", looks), []);
    const without = page.getByRole("button", { name: "Save it without a time stamp" });
    assert.deepEqual(stamps(await savedBag(page, () => without.click())), []);
  });
});
