/** `npm run pictures`: takes the pictures of README and gallery from the demo, in the browser that the tests use. */
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { takeGallery } from "./gallery.ts";
import { launchBrowser } from "./support/browser.ts";
import { fileReport, openForm, walkTo } from "./support/report-form.ts";
import { freePort } from "./support/server.ts";
import { openCaseOf } from "./support/console-visit.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, "docs/pictures");

interface Demo {
  reporter: string;
  console: string;
  code: string;
  passphrase: string;
  keyFile: string;
  stop(): void;
}

async function startDemo(): Promise<Demo> {
  const env = { ...process.env, PORT: String(await freePort()), CONSOLE_PORT: String(await freePort()) };
  const child = spawn(process.execPath, ["server/demo/demo.ts"], { cwd: root, env });
  let out = "";
  for await (const chunk of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
    out += chunk;
    if (out.includes("Ctrl+C")) break;
  }
  const told = (pattern: RegExp): string => {
    const found = pattern.exec(out)?.[1];
    if (found === undefined) throw new Error(`the demo did not say ${pattern.source}`);
    return found;
  };
  return {
    reporter: `http://localhost:${env.PORT}`,
    console: `http://localhost:${env.CONSOLE_PORT}`,
    code: told(/come back with +(.+)/),
    passphrase: told(/with passphrase +(.+)/),
    keyFile: told(/(\S+reviewer-one\.json)/),
    stop: () => child.kill("SIGINT"),
  };
}

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

async function pageOf(browser: Browser, size: keyof typeof sizes): Promise<Page> {
  const context = await browser.newContext({ viewport: sizes[size], colorScheme: "light" });
  return context.newPage();
}

const take = (page: Page, name: string): Promise<unknown> => page.screenshot({ path: join(folder, `${name}.png`) });

/** Past the page's own scrolling, which follows the focus. */
async function scrollTo(page: Page, id: string): Promise<void> {
  await page.waitForTimeout(400);
  await page.evaluate((target) => document.getElementById(target)?.scrollIntoView(), id);
}

async function takeReporter(page: Page, demo: Demo): Promise<void> {
  await page.goto(demo.reporter);
  await take(page, "landing");
  await openForm(page, demo.reporter);
  const input = { channel: "AI safety", answers: { what: "Alleged: a log was switched off during a test." } };
  await walkTo(page, "step-readers", input);
  await page.getByLabel("Research Director").first().check();
  await take(page, "report");
  await fileReport(page, input);
  await take(page, "receipt");
  await page.goto(`${demo.reporter}/mailbox`);
  await page.locator("#code").fill(demo.code);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator("#talk-title").waitFor();
  await scrollTo(page, "talk-title");
  await take(page, "mailbox");
}

async function takeConsole(page: Page, demo: Demo): Promise<void> {
  await page.goto(demo.console);
  await page.locator("#key-file").setInputFiles(demo.keyFile);
  await page.getByLabel("Passphrase").fill(demo.passphrase);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.locator(".th-case").first().waitFor();
  await take(page, "console-list");
  await openCaseOf(page, "switched off its own monitor");
  await take(page, "console-case");
}

/** What the law asks for, and what an office needs beside the cases. */
async function takeDuties(page: Page): Promise<void> {
  const shot = async (name: string, at: string): Promise<void> => {
    await page.waitForTimeout(400);
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ block: "start" }), at);
    await take(page, `gallery/${name}`);
  };
  await page.getByRole("tab", { name: "Duties" }).click();
  await shot("console-duties", "duties-title");
  await page.getByRole("tab", { name: "Incident" }).click();
  await shot("console-incident", "incident-title");
  await shot("console-filing", "filings-title");
  await page.getByRole("tab", { name: "Keep or delete" }).click();
  await shot("console-keep", "tab-panel");
  for (const screen of ["calendar", "notices", "processing"]) {
    await page.click(`#screen-${screen}`);
    await page.locator("main h1").waitFor();
    if (screen === "processing") await page.getByText("[to be filled in").first().waitFor();
    await shot(`console-${screen}`, "console");
  }
}

async function takePublic(page: Page, origin: string): Promise<void> {
  for (const path of ["notice", "heartbeat"]) {
    await page.goto(`${origin}/en/${path}`);
    await take(page, `gallery/${path}`);
  }
}

await mkdir(join(folder, "gallery"), { recursive: true });
const demo = await startDemo();
const browser = await launchBrowser();
try {
  await takeReporter(await pageOf(browser, "phone"), demo);
  const office = await pageOf(browser, "desktop");
  await takeConsole(office, demo);
  await takeDuties(office);
  await takePublic(await pageOf(browser, "desktop"), demo.reporter);
  await takeGallery(browser, demo.reporter, demo.code, join(folder, "gallery"));
} finally {
  await browser.close();
  demo.stop();
}
