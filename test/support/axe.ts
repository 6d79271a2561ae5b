/** Axe's judgement of a page as it stands: WCAG 2.2 A and AA, and what axe calls best practice. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One line each. `without`: a frame in which no script runs, so that axe cannot answer from there. */
export async function axeFaults(page: Page, without?: string): Promise<string[]> {
  // Once for a document. Axe's own package for Playwright brings it anew each time, and a second page for the sum.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  return page.evaluate(async (exclude) => {
    const { axe } = window as unknown as { axe: { run(context: object, options: RunOptions): Promise<AxeResults> } };
    const context = { include: [["html"]], exclude: exclude === undefined ? [] : [[exclude]] };
    const { violations } = await axe.run(context, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  }, without);
}
