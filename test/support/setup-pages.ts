/** The charter holder and new members at their browser: what both set-up tests do with the pages. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { toBase64Url } from "../../crypto/bytes.ts";
import { issueSetupSecret } from "../../server/app/set-up.ts";
import { axeFaults } from "./axe.ts";
import type { TestPortal } from "./server.ts";

export const passphrase = "quiet otters borrow seven umbrellas";

export async function setupLinkOf(portal: TestPortal): Promise<string> {
  return `${portal.consoleUrl}/setup#${toBase64Url(await issueSetupSecret(portal.context))}`;
}

/** A folder for pictures of every step, or unset: `PICTURES=/tmp/pictures node --test …`. */
const pictures = process.env["PICTURES"];

/**
 * Judges the page as it stands: nothing cut off at 320 px, nothing for axe to say, light and dark.
 * Leaves it as it was.
 */
export async function judgeScreen(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  for (const [scheme, width] of [
    ["light", 1280],
    ["dark", 320],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
      false,
      `${name} is cut off`,
    );
    assert.deepEqual(await axeFaults(page), [], `${name}, ${scheme}`);
    if (pictures === undefined) continue;
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}-${scheme}-${width}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (size !== null) await page.setViewportSize(size);
}

export async function waitForHeading(page: Page, text: string | RegExp): Promise<void> {
  // Argon2id at full cost, six times over, on a machine that has other things to do.
  await page.getByRole("heading", { level: 1, name: text }).waitFor({ timeout: 120_000 });
}

/** Clicks what saves a file and answers its name and bytes. */
export async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

export async function typePassphrases(page: Page, text = passphrase): Promise<void> {
  await page.getByLabel("Passphrase", { exact: true }).fill(text);
  await page.getByLabel("Passphrase again").fill(text);
}

/** The step after a key was made: save the file, choose it again, type the passphrase. */
export async function keepKeyFile(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const file = await saved(page, "Save the key file");
  await proveKeyFile(page, file.bytes);
  return file;
}

export async function proveKeyFile(page: Page, bytes: Buffer, text = passphrase): Promise<void> {
  await page
    .getByLabel("The file you saved")
    .setInputFiles({ name: "key.json", mimeType: "application/json", buffer: bytes });
  await page.getByLabel("Passphrase", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Check the file" }).click();
}

export async function openCharter(page: Page, portal: TestPortal, bytes: Buffer): Promise<void> {
  await page.goto(`${portal.consoleUrl}/charter`);
  await page
    .getByLabel("Charter file")
    .setInputFiles({ name: "charter.json", mimeType: "application/json", buffer: bytes });
  await page.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("heading", { level: 2, name: "People" }).waitFor();
}

/** Invites somebody on the charter page and answers their link. */
export async function invite(page: Page, name: string, title: string, roles: readonly string[]): Promise<string> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Job title").fill(title);
  const form = page.getByRole("group", { name: "Roles", exact: true });
  for (const role of roles) await form.getByLabel(role, { exact: true }).check();
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = page.getByLabel(`Link for ${name}`);
  await link.waitFor();
  return link.inputValue();
}

/** The invited person opens the link, makes a key and joins; answers the key file. */
export async function joinWith(page: Page, link: string): Promise<Buffer> {
  await page.goto(link);
  await waitForHeading(page, "You are invited");
  await typePassphrases(page);
  await page.getByRole("button", { name: "Make my key" }).click();
  const { bytes } = await keepKeyFile(page);
  await waitForHeading(page, "You have joined");
  return bytes;
}

export async function signList(page: Page, number: number): Promise<void> {
  await page.getByRole("button", { name: "Check and sign" }).click();
  await waitForHeading(page, new RegExp(`^List ${number} of `));
  await page.getByRole("button", { name: "Sign and publish" }).click();
  await waitForHeading(page, `List ${number} is signed`);
}
