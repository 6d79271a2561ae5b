/** Drawing a page's one view, telling what went wrong, and saving files. Shared by /setup, /join and /charter. */
import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { failureOf, type ErrorCode } from "../../../crypto/errors.ts";
import type { Translate } from "../i18n.ts";
import type { FileOut } from "./acts.ts";

export type View = TemplateResult | typeof nothing;

/** A complaint about one field, by the id of its input; field null: about the whole page. */
export interface Fault {
  field: string | null;
  text: string;
}

export interface Screen {
  t: Translate;
  /** Draws; "heading" moves focus to the new h1 (one thing per page), "faults" to the error summary. */
  draw(view: View, focus?: "heading" | "faults"): void;
  /** Says something to screen readers without moving the focus. */
  say(text: string): void;
}

export function makeScreen(root: HTMLElement, t: Translate): Screen {
  const main = document.createElement("div");
  const status = document.createElement("div");
  status.setAttribute("role", "status");
  status.className = "govuk-visually-hidden";
  root.replaceChildren(main, status);
  return {
    t,
    draw(view, focus) {
      render(view, main);
      if (focus === undefined) return;
      const target = main.querySelector<HTMLElement>(focus === "heading" ? "h1" : ".govuk-error-summary");
      if (target === null) return;
      target.tabIndex = -1;
      target.focus();
      if (focus === "heading") scrollTo(0, 0);
    },
    say(text) {
      status.textContent = text;
    },
  };
}

export function faultSummary(t: Translate, faults: readonly Fault[]): View {
  if (faults.length === 0) return nothing;
  return html`<div class="govuk-error-summary" tabindex="-1" aria-labelledby="fault-title">
    <div role="alert">
      <h2 class="govuk-error-summary__title" id="fault-title">${t("setup:faults.title")}</h2>
      <div class="govuk-error-summary__body">
        <ul class="govuk-list govuk-error-summary__list">
          ${faults.map(({ field, text }) =>
            field === null ? html`<li>${text}</li>` : html`<li><a href="#${field}">${text}</a></li>`,
          )}
        </ul>
      </div>
    </div>
  </div>`;
}

/** Words for a refusal: the page's own where it knows better, else those of errors.json. */
export function faultOf(
  t: Translate,
  error: unknown,
  own: Partial<Record<ErrorCode, string>> = {},
  field: string | null = null,
): Fault {
  const code = failureOf(error).code;
  const key = own[code];
  if (key !== undefined) return { field, text: t(key) };
  return { field: null, text: `${t(`errors:${code}.what`)} ${t(`errors:${code}.next`)}` };
}

/** Saves through a link: no server sees it, and Content-Security-Policy has nothing to fetch. */
export function saveFile(file: FileOut): void {
  const url = URL.createObjectURL(new Blob([file.bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  // The download has its own hold on the bytes by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export async function chosenBytes(input: HTMLInputElement): Promise<Uint8Array | null> {
  const file = input.files?.[0];
  // A key file has under 2 kB: a film chosen by mistake must not be read into memory.
  if (file === undefined || file.size > 64 * 1024) return null;
  return new Uint8Array(await file.arrayBuffer());
}

/** The long, but never endless steps: what is done, and a bar where the end is known. */
export function working(text: string, done: number | null = null, all = 1): View {
  return html`<div class="th-working">
    <p class="govuk-body" aria-live="polite">${text}</p>
    ${
      done === null
        ? html`<progress class="th-progress" aria-label=${text}></progress>`
        : html`<progress class="th-progress" aria-label=${text} .value=${done} .max=${all}></progress>`
    }
  </div>`;
}

export function trialBanner(t: Translate): View {
  return html`<div class="th-notice" role="note">
    <p class="govuk-body govuk-!-font-weight-bold">${t("setup:trialBanner.title")}</p>
    <p class="govuk-body">${t("setup:trialBanner.text")}</p>
  </div>`;
}

/** Twelve or twenty-four words, numbered, in one order for eyes and for screen readers. */
export function wordList(words: readonly string[], label: string): View {
  return html`<ol class="th-words" aria-label=${label}>
    ${words.map((word) => html`<li>${word}</li>`)}
  </ol>`;
}

export function longDate(lang: string, day: string): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}
