/** The filing flow as a person walks it: one step after the other, in a real browser. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** What Playwright takes as a file. */
export type FormFile = string | { name: string; mimeType: string; buffer: Buffer };

export interface FormInput {
  /** Name of the place to send to, where there is a choice. */
  channel?: string;
  /** Person ids or the labels of people who must not get it. */
  exclude?: readonly (number | string)[];
  /** By question id: text for text, values for ticks. What is not named is left empty. */
  answers?: Readonly<Record<string, string | readonly string[]>>;
  files?: readonly FormFile[];
}

/** Id of the step on the page, e.g. "step-what". */
export async function currentStep(page: Page): Promise<string> {
  return page.locator(".th-step:visible").getAttribute("id") as Promise<string>;
}

/** Waits until the form is there. */
export async function openForm(page: Page, origin: string, fragment = ""): Promise<void> {
  await page.goto(`${origin}/report${fragment}`);
  await page.waitForSelector("#write:not([hidden])");
}

/** Presses Continue; the next step must come. */
export async function goOn(page: Page): Promise<string> {
  const before = await currentStep(page);
  await page.click("#continue");
  await page.locator(`#${before}`).waitFor({ state: "hidden" });
  return currentStep(page);
}

/** Gives the answers that belong to the step on the page. */
export async function fillStep(
  page: Page,
  { channel, exclude = [], answers = {}, files = [] }: FormInput,
): Promise<void> {
  const step = await currentStep(page);
  switch (step) {
    case "step-start":
    case "step-check":
      return;
    case "step-channel":
      if (channel !== undefined) await page.locator("#channel").getByLabel(channel).check();
      return;
    case "step-readers":
      for (const who of exclude)
        if (typeof who === "number") await page.check(`#exclude-${who}`);
        else await page.locator("#exclude").getByLabel(who).check();
      return;
    case "step-files":
      // One by one, as the field adds to what is there.
      for (const file of files) await page.setInputFiles("#file-input", file);
      // Looked into, and cleaned where that can be done.
      await page.locator("#step-files .th-file .th-progress").first().waitFor({ state: "detached" });
      return;
    default:
      await answerStep(page, step, answers);
  }
}

async function answerStep(page: Page, step: string, answers: NonNullable<FormInput["answers"]>): Promise<void> {
  const question = step.replace(/^step-/, "");
  const answer = answers[question];
  if (answer === undefined) return;
  if (typeof answer === "string" && (await page.locator(`#${step} [data-question]`).count()) === 0) {
    await page.fill(`#answer-${question}`, answer);
    return;
  }
  for (const value of [answer].flat()) await page.check(`#${step} [data-question] [value="${value}"]`);
}

/** From wherever the form stands to the given step, answering on the way. */
export async function walkTo(page: Page, step: string, input: FormInput = {}): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await currentStep(page)) === step) return;
    await fillStep(page, input);
    await goOn(page);
  }
  assert.fail(`the form never comes to ${step}`);
}

export const walkToCheck = (page: Page, input: FormInput): Promise<void> => walkTo(page, "step-check", input);

/** Sends from the check page; the eight words. */
export async function sendForm(page: Page, timeout = 30_000): Promise<string[]> {
  await page.click("#submit");
  await page.waitForSelector("#receipt:not([hidden])", { timeout });
  return page.locator("#code li").allTextContents();
}

/** The whole way, on a form that is open: start to receipt. Answers the eight words. */
export async function fileReport(page: Page, input: FormInput): Promise<string[]> {
  await page.waitForSelector("#write:not([hidden])");
  await walkToCheck(page, input);
  return sendForm(page);
}
