/** Pieces that several of the console's views draw. Text goes in as text: lit escapes all of it. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { CaseListing } from "../client/casework.ts";
import type { FileView, PersonView } from "../client/case-view.ts";
import type { Translate } from "../i18n.ts";
import { safeFileName } from "../file-names.ts";
import type { Desk } from "./desk.ts";
import type { Place } from "./state.ts";

export type View = TemplateResult | typeof nothing;

export interface Drawing {
  t: Translate;
  desk: Desk;
  /** BCP 47 tag, for dates and numbers. */
  lang: string;
}

/** YYYY-MM-DD as people write it. */
export function dayText(lang: string, day: string): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Bytes in the unit that fits, decimal, as operating systems show them. */
export function sizeText(lang: string, bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const style = {
    style: "unit",
    unit: units[power]!,
    unitDisplay: "short",
    maximumFractionDigits: power > 1 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(lang, style).format(bytes / 1000 ** power);
}

/** A category's words; what no questionnaire of ours lists is shown as it came. */
export function categoryText(t: Translate, category: string): string {
  const key = `questionnaires:categories.${category}`;
  const words = t(key);
  return words === key || words === `categories.${category}` ? category : words;
}

export function personText(person: PersonView): string {
  return person.title === "" ? person.name : `${person.name}, ${person.title}`;
}

const phaseLooks = { received: "th-chip--soon", open: "th-chip--info", closed: "" } as const;

export function phaseChip(t: Translate, phase: CaseListing["phase"]): TemplateResult {
  return html`<span class="th-chip ${phaseLooks[phase]}">${t(`console:phase.${phase}`)}</span>`;
}

/** What went wrong at this place, and that nothing typed is lost. */
export function problemBox({ t, desk }: Drawing, place: Place): View {
  const { problem } = desk.state;
  if (problem?.place !== place) return nothing;
  const key = problem.code === "closed" ? "console:signIn.cannotRun" : `errors:${problem.code}`;
  return html`<div class="govuk-error-summary" role="alert" tabindex="-1" data-focus="${place}">
    <h2 class="govuk-error-summary__title">${t(`${key}.title`)}</h2>
    <div class="govuk-error-summary__body">
      <p>${t(`${key}.what`)}</p>
      <p>${t(`${key}.next`)}</p>
    </div>
  </div>`;
}

/** The bar of the work under way at this place. */
export function jobBar({ t, desk, lang }: Drawing, place: Place): View {
  const { job } = desk.state;
  if (job?.place !== place) return nothing;
  const { progress, cancel } = job;
  const amount =
    progress === null || progress.total === 0
      ? ""
      : t("console:job.amount", { done: sizeText(lang, progress.done), total: sizeText(lang, progress.total) });
  const id = `job-${place}`;
  return html`<div class="th-job">
    <p class="th-job__label" id=${id}>${t(job.label)} ${job.what === "" ? nothing : html`<bdi>${job.what}</bdi>`}</p>
    ${
      progress === null || progress.total === 0
        ? html`<progress class="th-progress" aria-labelledby=${id}></progress>`
        : html`<progress
            class="th-progress"
            aria-labelledby=${id}
            .value=${progress.done}
            max=${progress.total}
          ></progress>`
    }
    <p class="th-progress__text">${amount}</p>
    ${
      cancel === null
        ? nothing
        : html`<button type="button" class="govuk-button govuk-button--secondary" @click=${cancel}>
            ${t("console:job.cancel")}
          </button>`
    }
  </div>`;
}

/** Files with what may be done with them. Names are somebody else's words: isolated and never a path. */
export function fileList(drawing: Drawing, files: readonly FileView[]): View {
  if (files.length === 0) return nothing;
  const { t, desk, lang } = drawing;
  return html`<ul class="th-files">
    ${files.map(
      (file) =>
        html`<li class="th-file">
          <span class="th-file__name"><bdi>${safeFileName(file.name)}</bdi></span>
          <span class="th-file__size">${sizeText(lang, file.size)}</span>
          <button
            type="button"
            class="govuk-button govuk-button--secondary th-file__save"
            ?disabled=${desk.state.job !== null}
            @click=${() => desk.save(file)}
          >
            ${t("console:case.save")}<span class="govuk-visually-hidden"> ${safeFileName(file.name)}</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/** The words of one field that still needs something, or nothing. */
export function missingText({ t, desk }: Drawing, id: string): View {
  const key = desk.state.missing[id];
  if (key === undefined) return nothing;
  return html`<p class="govuk-error-message" id="${id}-error">${t(key)}</p>`;
}

export function describedBy({ desk }: Drawing, id: string, hint: boolean): string | typeof nothing {
  const ids = [...(hint ? [`${id}-hint`] : []), ...(desk.state.missing[id] === undefined ? [] : [`${id}-error`])];
  return ids.length === 0 ? nothing : ids.join(" ");
}

export interface TextArea {
  id: string;
  label: string;
  hint?: string;
  rows: number;
  value: string;
  take: (text: string) => void;
}

export function textArea(drawing: Drawing, { id, label, hint, rows, value, take }: TextArea): TemplateResult {
  const wrong = drawing.desk.state.missing[id] !== undefined;
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for=${id}>${label}</label>
    ${hint === undefined ? nothing : html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`}
    ${missingText(drawing, id)}
    <textarea
      class="govuk-textarea ${wrong ? "govuk-textarea--error" : ""}"
      id=${id}
      rows=${rows}
      dir="auto"
      autocomplete="off"
      aria-describedby=${describedBy(drawing, id, hint !== undefined)}
      aria-invalid=${wrong ? "true" : nothing}
      .value=${value}
      @input=${(event: InputEvent) => take((event.target as HTMLTextAreaElement).value)}
    ></textarea>
  </div>`;
}
