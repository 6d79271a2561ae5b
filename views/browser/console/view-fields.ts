/** Fields of a case's forms that keep what is typed in the case's draft, by element id. */
import { live } from "lit/directives/live.js";
import { html, noChange, nothing } from "lit/html.js";
import { draftOf, type Draft } from "./state.ts";
import { describedBy, missingText, sizeText, type Drawing, type View } from "./view-parts.ts";

const fieldsOf = ({ desk }: Drawing): Draft["fields"] => draftOf(desk.state, desk.state.chosen ?? "").fields;

/** Of something that unfolds: unfolds it, and leaves it as people left it otherwise. */
export const openIf = (on: boolean): true | typeof noChange => (on ? true : noChange);

export interface Field {
  id: string;
  type: "text" | "date" | "time";
  label: string;
  hint?: string;
  value: string;
  /** For a few letters or digits. */
  narrow?: boolean;
  digits?: boolean;
  /** Characters at most. */
  most?: number;
  /** Where it is kept; the case's draft when it is not said. */
  take?: (text: string) => void;
}

export function field(drawing: Drawing, { id, type, label, hint, value, take, ...more }: Field): View {
  const { narrow = type !== "text", digits = false, most } = more;
  const wrong = drawing.desk.state.missing[id] !== undefined;
  const width = narrow ? "govuk-input--width-10" : "";
  const keep = take ?? ((text: string) => (fieldsOf(drawing)[id] = text));
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for=${id}>${label}</label>
    ${hint === undefined ? nothing : html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`}
    ${missingText(drawing, id)}
    <input
      class="govuk-input ${width} ${wrong ? "govuk-input--error" : ""}"
      type=${type}
      id=${id}
      dir=${type === "text" ? "auto" : nothing}
      autocomplete="off"
      maxlength=${most ?? nothing}
      inputmode=${digits ? "numeric" : nothing}
      aria-describedby=${describedBy(drawing, id, hint !== undefined)}
      aria-invalid=${wrong ? "true" : nothing}
      .value=${live(value)}
      @input=${(event: InputEvent) => keep((event.target as HTMLInputElement).value)}
    />
  </div>`;
}

export interface TickBox {
  id: string;
  label: string | View;
  /** "": none. */
  hint?: string;
  on: boolean;
  take: (on: boolean) => void;
}

/** One of a group of boxes to tick: stands in an element of class govuk-checkboxes. */
export function tickBox({ desk }: Drawing, { id, label, hint = "", on, take }: TickBox): View {
  const change = (event: Event): void => {
    take((event.target as HTMLInputElement).checked);
    desk.redraw();
  };
  return html`<div class="govuk-checkboxes__item">
    <input
      class="govuk-checkboxes__input"
      type="checkbox"
      id=${id}
      aria-describedby=${hint === "" ? nothing : `${id}-hint`}
      .checked=${live(on)}
      @change=${change}
    />
    <label class="govuk-label govuk-checkboxes__label" for=${id}>${label}</label>
    ${hint === "" ? nothing : html`<div class="govuk-hint govuk-checkboxes__hint" id="${id}-hint">${hint}</div>`}
  </div>`;
}

export interface FileChoice {
  id: string;
  label: string;
  files: readonly File[];
  take: (files: File[]) => void;
}

/** What was chosen stays chosen and is shown, wherever people went meanwhile. */
export function fileChoice(drawing: Drawing, { id, label, files, take }: FileChoice): View {
  const { t, desk, lang } = drawing;
  const add = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    take([...files, ...(input.files ?? [])]);
    input.value = "";
    desk.redraw();
  };
  const remove = (file: File): void => {
    take(files.filter((each) => each !== file));
    desk.state.focus = [`#${id}`];
    desk.redraw();
  };
  return html`<div class="govuk-form-group">
    <label class="govuk-label" for=${id}>${label}</label>
    <input class="govuk-file-upload" type="file" id=${id} multiple @change=${add} />
    ${
      files.length === 0
        ? nothing
        : html`<ul class="th-files">
            ${files.map(
              (file) =>
                html`<li class="th-file">
                  <span class="th-file__name"><bdi>${file.name}</bdi></span>
                  <span class="th-file__size">${sizeText(lang, file.size)}</span>
                  <button type="button" class="th-link-button" @click=${() => remove(file)}>
                    ${t("console:reply.remove")}
                    <span class="govuk-visually-hidden">${file.name}</span>
                  </button>
                </li>`,
            )}
          </ul>`
    }
  </div>`;
}

export interface Choices {
  id: string;
  legend: string;
  hint?: string;
  value: string;
  choices: readonly { value: string; label: string; hint?: string }[];
  inline?: boolean;
}

export function radios(drawing: Drawing, { id, legend, hint, value, choices, inline = false }: Choices): View {
  const { desk } = drawing;
  const wrong = desk.state.missing[id] !== undefined;
  const choose = (chosen: string): void => {
    fieldsOf(drawing)[id] = chosen;
    desk.redraw();
  };
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <fieldset class="govuk-fieldset" aria-describedby=${describedBy(drawing, id, hint !== undefined)}>
      <legend class="govuk-fieldset__legend">${legend}</legend>
      ${hint === undefined ? nothing : html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`}
      ${missingText(drawing, id)}
      <div class="govuk-radios govuk-radios--small ${inline ? "govuk-radios--inline" : ""}">
        ${choices.map((choice, i) => {
          const own = i === 0 ? id : `${id}-${choice.value}`;
          const told = choice.hint === undefined || choice.hint === "" ? nothing : `${own}-told`;
          return html`<div class="govuk-radios__item">
            <input
              class="govuk-radios__input"
              type="radio"
              name=${id}
              id=${own}
              aria-describedby=${told}
              .checked=${value === choice.value}
              @change=${() => choose(choice.value)}
            />
            <label class="govuk-label govuk-radios__label" for=${own}>${choice.label}</label>
            ${told === nothing ? nothing : html`<div class="govuk-hint govuk-radios__hint" id=${told}>${choice.hint}</div>`}
          </div>`;
        })}
      </div>
    </fieldset>
  </div>`;
}

export interface Select {
  id: string;
  label: string;
  hint?: string;
  value: string;
  /** The first is chosen where nothing fits. */
  options: readonly { value: string; label: string }[];
  take: (value: string) => void;
}

export function select(drawing: Drawing, { id, label, hint, value, options, take }: Select): View {
  return html`<div class="govuk-form-group">
    <label class="govuk-label" for=${id}>${label}</label>
    ${hint === undefined ? nothing : html`<div class="govuk-hint" id="${id}-hint">${hint}</div>`}
    ${missingText(drawing, id)}
    <select
      class="govuk-select"
      id=${id}
      aria-describedby=${describedBy(drawing, id, hint !== undefined)}
      @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}
    >
      ${options.map(
        (option) =>
          html`<option value=${option.value} .selected=${live(option.value === value)}>${option.label}</option>`,
      )}
    </select>
  </div>`;
}
