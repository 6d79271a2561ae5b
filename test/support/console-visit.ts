/** A member at the console in a real Chromium: signs in with a key file, opens a case, turns to a tab. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import type { Browser, Download, Page } from "playwright-core";
import { leastCost, sealKeyFile } from "../../crypto/keyfile.ts";
import type { FixtureMember } from "./fixtures.ts";
import type { ServedOrganisation } from "./organisation-server.ts";
import { openContext, type ContextOptions } from "./watched-context.ts";

export const passphrase = "correct horse";

/** At the least cost that opens: hundreds of sign-ins at the usual one are minutes. Set-up's own tests make files at that. */
export function keyFileOf({ name, seed }: FixtureMember, portalId: Uint8Array): Buffer {
  return Buffer.from(sealKeyFile([seed], passphrase, { purpose: "member", label: name, portalId }, leastCost));
}

/** A page on which the member is signed in. Dialogs and requests to anywhere else fail the test. */
export async function visitConsole(
  t: TestContext,
  browser: Browser,
  served: ServedOrganisation,
  who: FixtureMember,
  options: Partial<ContextOptions> = {},
): Promise<Page> {
  const context = await openContext(t, browser, { origins: [served.portal.consoleUrl], ...options });
  const page = await context.newPage();
  page.on("dialog", (dialog) => assert.fail(`a dialog said ${dialog.message()}`));
  await signIn(page, served, who);
  return page;
}

export async function signIn(page: Page, served: ServedOrganisation, who: FixtureMember): Promise<void> {
  await page.goto(served.portal.consoleUrl);
  await signInAgain(page, served, who);
}

/** Says "no conflict" in the first case of which nothing was said yet; its title shows from then on. */
export async function declareNext(page: Page): Promise<void> {
  await page.locator('.th-case[data-gate="undeclared"]').first().click();
  await page.locator("#no-conflict").click();
  await page.locator("#tab-panel").waitFor();
}

/** Opens a case by its title, which rows tell only after "no conflict" was said. */
export async function openCaseOf(page: Page, title: string): Promise<void> {
  const row = page.locator(".th-case", { hasText: title });
  await page.locator(".th-case").first().waitFor();
  while ((await row.count()) === 0) await declareNext(page);
  if ((await row.getAttribute("aria-current")) !== "true") await row.click();
  await page.locator("#case-title", { hasText: title }).waitFor();
}

export const turnTo = (page: Page, tab: string): Promise<void> => page.getByRole("tab", { name: tab }).click();

/** What the newest thing that went well says; waits for it. */
export const toast = (page: Page, words: string): Promise<void> =>
  page.locator(".th-toast", { hasText: words }).waitFor();

export async function savedFile(
  page: Page,
  click: () => Promise<void>,
): Promise<{ download: Download; bytes: Buffer; text: string }> {
  const waiting = page.waitForEvent("download", { timeout: 30_000 });
  await click();
  const download = await waiting;
  const bytes = readFileSync(await download.path());
  return { download, bytes, text: bytes.toString("utf8") };
}

/** On a page that was loaded anew, or locked. */
export async function signInAgain(page: Page, served: ServedOrganisation, who: FixtureMember): Promise<void> {
  await giveKey(page, served, who);
  await page.locator(".th-bar").waitFor();
}

/** In whatever language the page is. */
export async function giveKey(page: Page, served: ServedOrganisation, who: FixtureMember): Promise<void> {
  await chooseKey(page, served, who);
  await page.fill("#passphrase", passphrase);
  await page.press("#passphrase", "Enter");
}

export async function chooseKey(page: Page, { organisation }: ServedOrganisation, who: FixtureMember): Promise<void> {
  const buffer = keyFileOf(who, organisation.portalId);
  await page.locator("#key-file").setInputFiles({ name: "key.json", mimeType: "application/json", buffer });
}

/** Has a case file's pages made, which its tab shows in figures before it can be saved. */
export async function lookAtCaseFile(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Look at what would be in it" }).click();
  await page.locator("#casefile-plan").waitFor({ timeout: 120_000 });
}

export const saveCaseFile = (page: Page): Promise<void> => page.getByRole("button", { name: "Save case file" }).click();
