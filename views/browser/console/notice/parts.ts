/** Pieces of the notice's screen. Text goes in as text: lit escapes all of it. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Translate } from "../../i18n.ts";
import type { View } from "../view-parts.ts";
import type { NoticeDesk, NoticeView } from "./notice-desk.ts";

export interface Drawing {
  t: Translate;
  lang: string;
  notice: NoticeDesk;
}

/** With what the server answered: there is something to show. */
export interface Shown extends Drawing {
  view: NoticeView;
}

interface Field {
  id: string;
  label: string;
  type: "text" | "date";
  hint?: string;
  /** Shown while nothing was typed. */
  value?: string;
}

function missingText({ t, notice }: Drawing, id: string): View {
  const key = notice.state.missing[id];
  return key === undefined
    ? nothing
    : html`<p class="govuk-error-message" id="${id}-missing" role="alert">${t(key)}</p>`;
}

const describedBy = ({ notice }: Drawing, id: string, hint: string | undefined): string | typeof nothing => {
  const ids = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(notice.state.missing[id] === undefined ? [] : [`${id}-missing`]),
  ];
  return ids.length === 0 ? nothing : ids.join(" ");
};

export function field(drawing: Drawing, { id, label, type, hint, value }: Field): TemplateResult {
  const { state } = drawing.notice;
  const wrong = state.missing[id] !== undefined;
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for=${id}>${label}</label>
    ${hint === undefined ? nothing : html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`}
    ${missingText(drawing, id)}
    <input
      class="govuk-input ${type === "date" ? "govuk-input--width-10" : ""} ${wrong ? "govuk-input--error" : ""}"
      id=${id}
      type=${type}
      dir=${type === "text" ? "auto" : nothing}
      autocomplete="off"
      aria-describedby=${describedBy(drawing, id, hint)}
      aria-invalid=${wrong ? "true" : nothing}
      .value=${state.fields[id] ?? value ?? ""}
      @input=${(event: InputEvent) => (state.fields[id] = (event.target as HTMLInputElement).value)}
    />
  </div>`;
}

export function versionField(drawing: Shown, id: string, label: string): TemplateResult {
  const { notice, view } = drawing;
  const newest = view.versions.at(-1)?.number;
  const wrong = notice.state.missing[id] !== undefined;
  const chosen = notice.state.fields[id] ?? String(newest ?? "");
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for=${id}>${label}</label>
    ${missingText(drawing, id)}
    <select
      class="govuk-select ${wrong ? "govuk-select--error" : ""}"
      id=${id}
      aria-describedby=${describedBy(drawing, id, undefined)}
      @change=${(event: Event) => (notice.state.fields[id] = (event.target as HTMLSelectElement).value)}
    >
      ${view.versions
        .toReversed()
        .map(
          ({ number }) =>
            html`<option value=${number} .selected=${chosen === String(number)}>${String(number)}</option>`,
        )}
    </select>
  </div>`;
}

export function button(
  { notice }: Drawing,
  {
    id,
    label,
    said,
    act,
    look = "secondary",
  }: {
    id?: string;
    label: string;
    /** What a screen reader hears instead, where the label alone could be of any row. */
    said?: string;
    act: () => unknown;
    look?: "primary" | "secondary" | "warning" | "small";
  },
): TemplateResult {
  const looks = {
    primary: "",
    secondary: "govuk-button--secondary",
    warning: "govuk-button--warning th-small",
    small: "govuk-button--secondary th-small",
  };
  return html`<button
    type="button"
    class="govuk-button ${looks[look]}"
    id=${id ?? nothing}
    aria-label=${said ?? nothing}
    ?disabled=${notice.state.busy}
    @click=${() => void act()}
  >
    ${label}
  </button>`;
}

/** A table that scrolls within itself on a narrow window. */
export function table(label: string, heads: readonly string[], rows: readonly TemplateResult[]): TemplateResult {
  return html`<div class="th-scroll" tabindex="0" role="region" aria-label=${label}>
    <table class="govuk-table">
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          ${heads.map((head) => html`<th scope="col" class="govuk-table__header">${head}</th>`)}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        ${rows}
      </tbody>
    </table>
  </div>`;
}
