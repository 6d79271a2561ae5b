/** Pieces that the operator's forms share. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import { languageName } from "../../../locales/say.ts";
import type { Translate } from "../../i18n.ts";
import type { View } from "../view-parts.ts";
import type { Editor } from "./editor.ts";

export interface Drawing {
  t: Translate;
  editor: Editor;
  /** BCP 47 tag of the console's own language. */
  lang: string;
}

interface Field {
  id: string;
  label: string;
  hint?: string | undefined;
  value: string;
  take: (text: string) => void;
  /** Language of what is typed, for spelling and direction. */
  language?: string;
  hidden?: boolean;
  type?: "text" | "date";
}

const describedBy = (id: string, hint: string | undefined): string | typeof nothing =>
  hint === undefined ? nothing : `${id}-hint`;

function labelled({ id, label, hint, hidden }: Field, input: TemplateResult): TemplateResult {
  return html`<div class="govuk-form-group">
    <label class="govuk-label ${hidden === true ? "govuk-visually-hidden" : ""}" for=${id}>${label}</label>
    ${hint === undefined ? nothing : html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`} ${input}
  </div>`;
}

export function lineField(field: Field): TemplateResult {
  const { id, hint, value, take, language, type } = field;
  return labelled(
    field,
    html`<input
      class="govuk-input ${type === "date" ? "govuk-input--width-10" : ""}"
      id=${id}
      type=${type ?? "text"}
      dir="auto"
      lang=${language ?? nothing}
      autocomplete="off"
      aria-describedby=${describedBy(id, hint)}
      .value=${value}
      @input=${(event: InputEvent) => take((event.target as HTMLInputElement).value)}
    />`,
  );
}

export function areaField(field: Field & { rows: number }): TemplateResult {
  const { id, hint, value, take, language, rows } = field;
  return labelled(
    field,
    html`<textarea
      class="govuk-textarea govuk-!-margin-bottom-0"
      id=${id}
      rows=${rows}
      dir="auto"
      lang=${language ?? nothing}
      autocomplete="off"
      aria-describedby=${describedBy(id, hint)}
      .value=${value}
      @input=${(event: InputEvent) => take((event.target as HTMLTextAreaElement).value)}
    ></textarea>`,
  );
}

export function chooseField(
  field: Omit<Field, "value"> & { value: string; choices: readonly (readonly [value: string, label: string])[] },
): TemplateResult {
  const { id, hint, value, take, choices } = field;
  return labelled(
    field,
    html`<select
      class="govuk-select"
      id=${id}
      aria-describedby=${describedBy(id, hint)}
      @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}
    >
      ${choices.map(([each, label]) => html`<option value=${each} .selected=${each === value}>${label}</option>`)}
    </select>`,
  );
}

export function tickField(id: string, label: string, on: boolean, take: (on: boolean) => void): TemplateResult {
  return html`<div class="govuk-checkboxes__item">
    <input
      class="govuk-checkboxes__input"
      type="checkbox"
      id=${id}
      .checked=${on}
      @change=${(event: Event) => take((event.target as HTMLInputElement).checked)}
    />
    <label class="govuk-label govuk-checkboxes__label" for=${id}>${label}</label>
  </div>`;
}

/** A small button beside others of its kind; `of` says for screen readers what it acts on. */
export function smallButton(label: string, of: string, act: () => void, disabled = false): View {
  return html`<button
    type="button"
    class="govuk-button govuk-button--secondary th-small"
    ?disabled=${disabled}
    @click=${act}
  >
    ${label}<span class="govuk-visually-hidden"> ${of}</span>
  </button>`;
}

export function languageChoice({ t, editor, lang }: Drawing): View {
  const { view, language } = editor.state;
  if (view === null || view.languages.length < 2) return nothing;
  return chooseField({
    id: "words-language",
    label: t("presentation:language"),
    value: language,
    take: (chosen) => void editor.useLanguage(chosen),
    choices: view.languages.map((each) => [each, languageName(each, lang)] as const),
  });
}
