/** Pieces that several of the console's views draw. Text goes in as text: lit escapes all of it. */
import { live } from "lit/directives/live.js";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { CaseListing } from "../client/listing.ts";
import type { PersonView } from "../client/case-view.ts";
import type { Translate } from "../i18n.ts";
import type { Desk } from "./desk.ts";
import type { ErrorCode } from "../../../crypto/errors.ts";
import { jobShown, problemShown } from "./shown.ts";
import { draftOf, type Draft, type Place } from "./state.ts";

export type View = TemplateResult | typeof nothing;

export interface Drawing {
  t: Translate;
  desk: Desk;
  /** BCP 47 tag, for dates and numbers. */
  lang: string;
}

/** What somebody typed in the chosen case and has not sent. */
export const theDraft = ({ desk }: Drawing): Draft => draftOf(desk.state, desk.state.chosen ?? "");

/** By language: making one takes longer than using it, and a list says a hundred days. */
const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** YYYY-MM-DD as people write it. */
export function dayText(lang: string, day: string): string {
  const format = dayFormats.get(lang) ?? new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" });
  dayFormats.set(lang, format);
  return format.format(new Date(`${day}T00:00:00Z`));
}

/** Days in sealed content are what the writer's device said: nobody else vouches for them. */
export function dayLine({ t, lang }: Drawing, day: string | null): View {
  if (day === null) return nothing;
  return html`<p class="govuk-body-s th-quiet govuk-!-margin-bottom-1">
    ${t("console:case.day", { day: dayText(lang, day) })}
  </p>`;
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

/** What went wrong at this place, and that nothing typed is lost. `own`: where its words stand, if not with all the others. */
export function problemBox({ t, desk }: Drawing, place: Place, own: { [Code in ErrorCode]?: string } = {}): View {
  const problem = problemShown(desk.state, place);
  if (problem === null) return nothing;
  const key = own[problem.code] ?? (problem.code === "closed" ? "console:signIn.cannotRun" : `errors:${problem.code}`);
  // Nobody here is sent to the reporters' first page: whoever leaves this one leaves what they typed.
  const next = key === "errors:refused" ? "errors:busy" : key;
  return html`<div class="govuk-error-summary" role="alert" tabindex="-1" data-focus="${place}">
    <h2 class="govuk-error-summary__title">${t(`${key}.title`)}</h2>
    <div class="govuk-error-summary__body">
      <p>${t(`${key}.what`)}</p>
      ${problem.part === null ? nothing : html`<p>${t("console:which", { part: problem.part })}</p>`}
      <p>${t(`${next}.next`)}</p>
    </div>
  </div>`;
}

/** The bar of the work under way at this place. */
export function jobBar({ t, desk, lang }: Drawing, place: Place): View {
  const job = jobShown(desk.state, place);
  if (job === null) return nothing;
  const { progress, cancel, counts } = job;
  const inBytes = counts === "bytes" || progress?.label !== undefined;
  const amountText = (amount: number): string => (inBytes ? sizeText(lang, amount) : String(amount));
  const amount =
    progress === null || progress.total === 0
      ? ""
      : t("console:job.amount", { done: amountText(progress.done), total: amountText(progress.total) });
  const id = `job-${place}`;
  return html`<div class="th-job">
    <p class="th-job__label" id=${id}>
      ${t(progress?.label ?? job.label)} ${job.what === "" ? nothing : html`<bdi>${job.what}</bdi>`}
    </p>
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
      .value=${live(value)}
      @input=${(event: InputEvent) => take((event.target as HTMLTextAreaElement).value)}
    ></textarea>
  </div>`;
}
