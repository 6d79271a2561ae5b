/**
 * The accessibility gate: one page as it stands, judged by axe in every way in which people look
 * at it. WCAG 2.2 A and AA, and what axe calls best practice.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { axeFaults } from "./axe.ts";

interface Look {
  name: LookName;
  media: Parameters<Page["emulateMedia"]>[0];
  size: { width: number; height: number };
}

const plain = { colorScheme: "light", forcedColors: "none", reducedMotion: "no-preference" } as const;

/** 400 % of 1280 × 1024 leaves 320 × 256 CSS pixels (WCAG 2.2, 1.4.10 Reflow): what is sticky must leave room to read. */
const looks: readonly Look[] = [
  { name: "desktop-light", media: plain, size: { width: 1280, height: 900 } },
  { name: "phone-dark", media: { ...plain, colorScheme: "dark" }, size: { width: 390, height: 844 } },
  { name: "320px", media: plain, size: { width: 320, height: 640 } },
  { name: "zoom-400", media: { ...plain, colorScheme: "dark" }, size: { width: 320, height: 256 } },
  {
    name: "forced-colours",
    media: { ...plain, forcedColors: "active", reducedMotion: "reduce" },
    size: { width: 1280, height: 900 },
  },
];

/** A folder for a picture of every page in every look, or unset: `PICTURES=/tmp/pictures node --test …`. */
const pictures = process.env["PICTURES"];

/** What a person would meet there that axe does not look at; runs in the page. */
function meetings(): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("main *")].find((each) => {
      const box = each.getBoundingClientRect();
      return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
    });
    found.push(`scrolls sideways: ${wide?.outerHTML.slice(0, 120) ?? "?"}`);
  }
  const modal = document.querySelector("dialog:modal");
  if (modal !== null && modal.scrollWidth > modal.clientWidth) found.push("the window scrolls sideways");
  // What is behind a modal window covers nothing, and the window itself is what there is to read.
  const sticky = [...(modal ?? document.body).querySelectorAll("*")].filter((each) =>
    ["fixed", "sticky"].includes(getComputedStyle(each).position),
  );
  // A column beside the text covers nothing of it.
  const over = sticky.filter((each) => each.getBoundingClientRect().width > innerWidth / 2);
  const covered = over.reduce((sum, each) => sum + each.getBoundingClientRect().height, 0);
  if (covered > innerHeight / 2) found.push(`what stays in place covers ${String(Math.round(covered))} px`);
  // 2.5.8 Target Size (Minimum): 24 × 24 px, links within sentences apart.
  for (const each of document.querySelectorAll<HTMLElement>("button, input, select, textarea, summary")) {
    const box = each.getBoundingClientRect();
    const label = each instanceof HTMLInputElement ? each.labels?.[0]?.getBoundingClientRect() : undefined;
    if (box.width === 0 || getComputedStyle(each).visibility === "hidden" || each.closest("[hidden]") !== null)
      continue;
    if (Math.max(box.height, label?.height ?? 0) < 24) found.push(`small target: ${each.outerHTML.slice(0, 120)}`);
  }
  return found;
}

/**
 * What moves although the person asked for nothing to move (WCAG 2.2, 2.3.3); runs in the page. What appears at once
 * after a while does not move. A transition too short to be seen counts: `transition-duration: 0.01ms` on everything
 * sends each change of a colour down the page in as many frames as the page is deep.
 */
function motions(): string[] {
  return document
    .getAnimations()
    .filter(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0) > 0)
    .map((each) => {
      const { target } = each.effect as KeyframeEffect;
      return `${each instanceof CSSTransition ? each.transitionProperty : "animation"} of ${target?.outerHTML.slice(0, 80) ?? "?"}`;
    });
}

export type LookName = "desktop-light" | "phone-dark" | "320px" | "zoom-400" | "forced-colours";

/**
 * Everything that is wrong with the page in any look, one line each; the page is left as it was. `without`: a frame in
 * which no script runs, so that axe cannot answer from there.
 */
export async function accessibilityFaults(
  page: Page,
  name: string,
  only?: readonly LookName[],
  without?: string,
): Promise<string[]> {
  const before = page.viewportSize();
  const faults: string[] = [];
  for (const look of looks) {
    if (only?.includes(look.name) === false) continue;
    await page.emulateMedia(look.media);
    await page.setViewportSize(look.size);
    const where = `${name}, ${look.name}`;
    if (look.media?.reducedMotion === "reduce")
      faults.push(...(await page.evaluate(motions)).map((motion) => `${where}: moves: ${motion}`));
    // What is on its way must be judged where it ends. What is folded away would go on for ever.
    await page.evaluate(() => {
      for (const each of document.getAnimations())
        if (each.effect?.getComputedTiming().endTime !== Infinity) each.finish();
    });
    faults.push(...(await page.evaluate(meetings)).map((fault) => `${where}: ${fault}`));
    faults.push(...(await axeFaults(page, without)).map((fault) => `${where}: ${fault}`));
    if (pictures === undefined) continue;
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}-${look.name}.png`), fullPage: true });
  }
  await page.emulateMedia(plain);
  if (before !== null) await page.setViewportSize(before);
  return faults;
}

/**
 * The same for a page whose scripts are off. Axe is a script itself: it looks at a copy of what stands
 * there, in a context that has scripts, without the page's own.
 */
export async function accessibilityFaultsOfCopy(
  browser: Browser,
  page: Page,
  name: string,
  only?: readonly LookName[],
): Promise<string[]> {
  const html = (await page.content())
    .replace(/<script[^]*?<\/script>/g, "")
    .replaceAll(/<(\/?)noscript>/g, "<$1div>")
    .replace('id="starting"', 'id="starting" hidden');
  const { origin } = new URL(page.url());
  const context = await browser.newContext({ viewport: page.viewportSize() });
  try {
    const copy = await context.newPage();
    await copy.route(`${origin}/copy`, (route) =>
      route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
    );
    await copy.goto(`${origin}/copy`);
    return await accessibilityFaults(copy, name, only);
  } finally {
    await context.close();
  }
}
