/** The people of the main job at their browsers: charter holder, reporter, reviewers, counsel. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { openCaseOf as openByTitle } from "./console-visit.ts";
import { fileReport, fillStep, goOn, openForm, walkTo } from "./report-form.ts";
import type { TestPortal } from "./server.ts";
import {
  invite,
  joinWith,
  keepKeyFile,
  openCharter,
  passphrase,
  setupLinkOf,
  signList,
  typePassphrases,
  waitForHeading,
} from "./setup-pages.ts";

/** What is planted; nothing of it may be found on the server afterwards. */
export interface Plants {
  report: string;
  reply: string;
  note: string;
  message: string;
  closing: string;
  reporterFile: { name: string; content: string };
  reviewerFile: { name: string; content: string };
}

export function makePlants(mark: string): Plants {
  return {
    report: `Alleged-${mark}: the guard of furnace nine was unscrewed before the audit`,
    reply: `Answer-${mark}: we have begun to look into the furnace`,
    note: `Note-${mark}: compare with the maintenance book`,
    message: `Addition-${mark}: the screws lie in the blue cupboard`,
    closing: `Closing-${mark}: the guard is back and the shift was told`,
    reporterFile: { name: `furnace-photo-${mark}.txt`, content: `Content-${mark}: what the photograph shows` },
    reviewerFile: { name: `questions-${mark}.txt`, content: `Questions-${mark}: please tell us more` },
  };
}

/** Every string that must not be found. */
export function plantedStrings(plants: Plants): string[] {
  const { reporterFile, reviewerFile, ...texts } = plants;
  return [...Object.values(texts), ...[reporterFile, reviewerFile].flatMap(({ name, content }) => [name, content])];
}

export interface Crew {
  charter: Buffer;
  rosa: Buffer;
  nia: Buffer;
  carl: Buffer;
  olga: Buffer;
  paperWords: string[];
}

/** Sets up for real: two reviewers, counsel, the outside recipient and the recovery member; key files come back. */
export async function setUpForReal(page: Page, portal: TestPortal): Promise<Crew> {
  await page.goto(await setupLinkOf(portal));
  await page.getByRole("button", { name: "Set up for real" }).click();
  await page.getByLabel("Name of your organisation").fill("Example Furnaces");
  await typePassphrases(page);
  await page.getByRole("button", { name: "Make the charter" }).click();
  await waitForHeading(page, "Save the charter");
  const charter = (await keepKeyFile(page)).bytes;
  await waitForHeading(page, "Your charter is made");
  await openCharter(page, portal, charter);
  const people = [
    ["Rosa Reviewer", "Ethics office", "Reviewer"],
    ["Nia Named", "Head of furnaces", "Reviewer"],
    ["Carl Counsel", "Legal", "Counsel"],
    ["Olga Outside", "Ombuds office", "Outside recipient"],
  ] as const;
  const links: string[] = [];
  for (const [name, title, role] of people) links.push(await invite(page, name, title, [role]));
  const member = await page.context().newPage();
  const files: Buffer[] = [];
  for (const link of links) {
    await member.goto("about:blank");
    files.push(await joinWith(member, link));
  }
  await member.close();
  const paperWords = await makePaperMember(page);
  await page.getByRole("button", { name: "See who has joined" }).click();
  await page.locator('[data-invite="Olga Outside"]', { hasText: "Ready to be admitted" }).waitFor();
  await signList(page, 1);
  const [rosa, nia, carl, olga] = files as [Buffer, Buffer, Buffer, Buffer];
  return { charter, rosa, nia, carl, olga, paperWords };
}

async function makePaperMember(page: Page): Promise<string[]> {
  await page.getByRole("button", { name: "Make the member on paper" }).click();
  await waitForHeading(page, "Recovery words");
  const words = await page.locator(".th-words li").allTextContents();
  await page.getByRole("button", { name: "I have them on paper" }).click();
  for (const input of await page.getByLabel(/^Word \d+$/).all()) {
    const place = Number((await input.getAttribute("id"))!.replace("word-", ""));
    await input.fill(words[place]!);
  }
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.getByRole("heading", { level: 2, name: "People" }).waitFor();
  return words;
}

const fileOf = ({
  name,
  content,
}: {
  name: string;
  content: string;
}): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(content),
});

/** Files with the script on: answers the eight words. */
export async function fileInBrowser(page: Page, origin: string, plants: Plants, excluded: string): Promise<string[]> {
  await openForm(page, origin);
  await walkTo(page, "step-readers");
  await fillStep(page, { exclude: [excluded] });
  await page.locator("#readers-now").getByText(excluded).waitFor({ state: "detached" });
  await goOn(page);
  const words = await fileReport(page, {
    answers: { what: plants.report, categories: ["danger"], when: "last spring" },
    files: [fileOf(plants.reporterFile), fileOf({ name: "empty.bin", content: "" })],
  });
  assert.equal(words.length, 8);
  const asked = Number(/\d+/.exec((await page.locator("#check-label").textContent()) ?? "")?.[0]);
  await page.locator("#check-word").fill(words[asked - 1]!);
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("That is right.").waitFor();
  return words;
}

/** Opens the mailbox with the script on. */
export async function openMailboxPage(page: Page, origin: string, words: readonly string[]): Promise<void> {
  await page.goto(`${origin}/mailbox`);
  await page.locator("#code").fill(words.join("-").toUpperCase());
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator("#mailbox-title").waitFor();
}

export async function savedFile(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Signs a member in on a fresh page of the console. */
export async function signInWithKey(page: Page, origin: string, keyFile: Buffer): Promise<void> {
  await page.goto(origin);
  await page.locator("#key-file").setInputFiles({ name: "key.json", mimeType: "application/json", buffer: keyFile });
  await page.getByLabel("Passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator(".th-bar__who").waitFor();
}

export const consoleTab = (page: Page, name: string): Promise<void> => page.getByRole("tab", { name }).click();

/** A case is titled with the first line of its report. */
export async function openCaseOf(page: Page, plants: Plants): Promise<void> {
  await openByTitle(page, plants.report);
}

/** Reviewer Rosa's day: reads, saves the file, answers with a file, keeps a note, opens the case. */
export async function reviewCase(page: Page, plants: Plants): Promise<void> {
  await openCaseOf(page, plants);
  await page.locator(".th-answers", { hasText: plants.report }).waitFor();
  const saved = await savedFile(page, () =>
    page.getByRole("button", { name: `Save ${plants.reporterFile.name}` }).click(),
  );
  assert.deepEqual([saved.name, saved.bytes.toString()], [plants.reporterFile.name, plants.reporterFile.content]);
  await page.getByLabel("Your reply").fill(plants.reply);
  await page.getByLabel("Add files").setInputFiles(fileOf(plants.reviewerFile));
  await page.getByRole("button", { name: "Send reply" }).click();
  await page.getByText("Your reply was sent.").waitFor();
  await consoleTab(page, "Notes");
  await page.getByLabel("New note").fill(plants.note);
  await page.getByRole("button", { name: "Keep note" }).click();
  await page.locator(".th-note", { hasText: plants.note }).waitFor();
}

/** Closes the case with an outcome and words for the reporter. */
export async function closeCase(page: Page, plants: Plants): Promise<void> {
  await consoleTab(page, "Status");
  await page.getByLabel("Closed: the work is done").check();
  await page.getByLabel("Outcome").selectOption("substantiated");
  await page.getByLabel("Why").fill("Seen on site");
  await page.getByLabel("Tell the reporter").fill(plants.closing);
  await page.getByRole("button", { name: "Save status" }).click();
  await page.getByText("The status was saved.").waitFor();
}

/** Files with scripts off: one long page, the code shown before sending. */
export async function fileWithoutScript(
  page: Page,
  origin: string,
  plants: Plants,
  excluded: string,
): Promise<string[]> {
  await page.goto(`${origin}/assisted/report`);
  const words = await page.locator(".th-code__word").allTextContents();
  assert.equal(words.length, 8);
  await page.getByLabel("What happened?").fill(plants.report);
  await page.getByLabel("A clear and serious danger to people").check();
  await page.getByLabel(excluded).check();
  await page.locator("input[type=file]").setInputFiles(fileOf(plants.reporterFile));
  await page.getByRole("button", { name: "Send" }).click();
  // The first try lacks the tick: nothing typed may be lost, and the words stay the same.
  await page.getByRole("link", { name: /Write down the eight words/ }).waitFor();
  assert.equal(await page.getByLabel("What happened?").inputValue(), plants.report);
  assert.equal(await page.getByLabel(excluded).isChecked(), true);
  assert.deepEqual(await page.locator(".th-code__word").allTextContents(), words);
  await page.getByLabel("I have written down the eight words").check();
  await page.locator("input[type=file]").setInputFiles(fileOf(plants.reporterFile));
  await page.getByRole("button", { name: "Send" }).click();
  await waitForHeading(page, "Your report is stored");
  return words;
}

/** Opens the mailbox with scripts off. */
export async function openAssistedMailbox(page: Page, origin: string, words: readonly string[]): Promise<void> {
  await page.goto(`${origin}/assisted/mailbox`);
  await page.locator("#code").fill(words.join(" "));
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator("#talk-title").waitFor();
}
