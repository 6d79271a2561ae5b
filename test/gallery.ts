/**
 * The gallery of docs/GALLERY.md: the reporter's screens as people meet them, on a phone and wider, light
 * and dark, in several scripts, with and without JavaScript. Taken by `npm run pictures` from the demo.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { fillStep, goOn, openForm, walkTo } from "./support/report-form.ts";
import { plantedPicture } from "./unit/support/metadata-pictures.ts";

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 860 };

/** A shot writes the page as it stands; `at`: what has to be in view first. */
type Shot = (name: string, at?: string) => Promise<void>;
type Open = (options?: BrowserContextOptions) => Promise<{ page: Page; shot: Shot }>;

/** @param folder where pictures go; @param code receipt code of a case with replies */
export async function takeGallery(browser: Browser, origin: string, code: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const open: Open = async (options = {}) => {
    const context = await browser.newContext({ viewport: phone, colorScheme: "light", ...options });
    const page = await context.newPage();
    const shot: Shot = async (name, at) => {
      await page.waitForTimeout(400);
      if (at !== undefined)
        await page.evaluate((selector) => document.querySelector(selector)?.scrollIntoView({ block: "start" }), at);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    };
    return { page, shot };
  };
  await takeForm(open, origin);
  await takeMailbox(open, origin, code);
  await takePlain(open, origin, code);
  await takeLanguages(open, origin);
}

const story =
  "I was the only one in the room at 10:32. Mary Smith, mary@example.com, switched the log off. I think it was not the first time.";

async function takeForm(open: Open, origin: string): Promise<void> {
  const { page, shot } = await open();
  const input = {
    channel: "AI safety",
    answers: { categories: ["csi-4", "framework"], framework: "The published framework, version 2" },
  };
  await openForm(page, origin);
  await shot("who-reads");
  await shot("real-page", "#real-title");
  await walkTo(page, "step-what", input);
  await page.fill("#answer-what", story);
  await page.locator(".th-hints__box li").first().waitFor();
  await shot("hints");
  await goOn(page);
  await fillStep(page, input);
  await shot("categories");
  await walkTo(page, "step-commitment", input);
  await shot("commitment");
  await walkTo(page, "step-files", input);
  const scratch = await mkdtemp(join(tmpdir(), "gallery-"));
  const photo = { name: "IMG_2041.jpg", mimeType: "image/jpeg", buffer: plantedPicture("jpg", scratch) };
  await rm(scratch, { recursive: true });
  await page.setInputFiles("#file-input", photo);
  await page.locator("#step-files .th-file details summary").first().click({ timeout: 20_000 });
  await shot("files", "#step-files .th-file");
  await walkTo(page, "step-check", input);
  await shot("check");
  await page.click("#submit");
  await page.waitForSelector("#receipt:not([hidden])", { timeout: 60_000 });
  await shot("receipt-check", "#check-form");

  const dark = await open({ colorScheme: "dark", viewport: desktop });
  await openForm(dark.page, origin);
  await walkTo(dark.page, "step-readers", { channel: "AI safety" });
  for (const box of await dark.page.locator("#exclude input:visible").all()) await box.check();
  await dark.shot("everybody-left-out", "#readers-title");
}

async function takeMailbox(open: Open, origin: string, code: string): Promise<void> {
  const { page, shot } = await open();
  await page.goto(`${origin}/mailbox`);
  await page.locator("#code").fill(code.split(" ").slice(0, 3).join(" ").slice(0, -2));
  await page.waitForTimeout(1000);
  await shot("code-help");
  await page.locator("#code").fill(code);
  await page.click("#open");
  await page.locator("#talk-title").waitFor();
  await shot("mailbox-news", "#news");
  await page.click("#withdraw-open");
  await shot("withdraw");
  await page.goto(`${origin}/en/check`);
  await shot("check-proof");
}

async function takePlain(open: Open, origin: string, code: string): Promise<void> {
  const { page, shot } = await open({ javaScriptEnabled: false });
  await page.goto(`${origin}/en/report`);
  await shot("plain-start");
  await page.goto(`${origin}/en/assisted/report`);
  await page.getByRole("link", { name: "AI safety" }).click();
  await shot("plain-form");
  await page.click("main button[type=submit]");
  await shot("plain-faults");
  await page.goto(`${origin}/en/assisted/mailbox`);
  await page.fill("#code", code);
  await page.click("main button[type=submit]");
  await shot("plain-mailbox");
}

async function takeLanguages(open: Open, origin: string): Promise<void> {
  for (const [language, colorScheme] of [
    ["ar", "light"],
    ["he", "dark"],
    ["hi", "light"],
    ["ja", "light"],
    ["uk", "dark"],
  ] as const) {
    const { page, shot } = await open({ colorScheme });
    await page.goto(`${origin}/${language}/`);
    await shot(`landing-${language}`);
  }
  const { page, shot } = await open();
  await openForm(page, `${origin}/ar`);
  await walkTo(page, "step-readers", { channel: "AI safety" });
  await shot("readers-ar");
  const wide = await open({ viewport: desktop });
  await wide.page.goto(`${origin}/de/`);
  await wide.shot("landing-de-desktop");
  await wide.page.emulateMedia({ forcedColors: "active" });
  await wide.shot("landing-forced-colours");
}
