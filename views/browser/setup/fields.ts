/** Form fields in GOV.UK's markup, with their complaints; and the passphrase rules. */
import { html, nothing } from "lit/html.js";
import type { Translate } from "../i18n.ts";
import { isStrongEnough } from "./passphrase.ts";
import type { Fault, View } from "./screen.ts";

interface Field {
  id: string;
  label: string;
  hint?: string;
  faults: readonly Fault[];
}

interface TextField extends Field {
  type?: "text" | "password";
  value?: string;
  autocomplete?: string;
  maxLength?: number;
  onInput?: (value: string) => void;
  narrow?: boolean;
}

const faultFor = (field: Field): string | undefined => field.faults.find((fault) => fault.field === field.id)?.text;

function describedBy(field: Field): string | typeof nothing {
  const ids = [
    field.hint === undefined ? "" : `${field.id}-hint`,
    faultFor(field) === undefined ? "" : `${field.id}-fault`,
  ];
  const joined = ids.filter((id) => id !== "").join(" ");
  return joined === "" ? nothing : joined;
}

function around(field: Field, input: View): View {
  const fault = faultFor(field);
  return html`<div class="govuk-form-group ${fault === undefined ? "" : "govuk-form-group--error"}">
    <label class="govuk-label govuk-!-font-weight-bold" for=${field.id}>${field.label}</label>
    ${field.hint === undefined ? nothing : html`<div class="govuk-hint" id="${field.id}-hint">${field.hint}</div>`}
    ${fault === undefined ? nothing : html`<p class="govuk-error-message" id="${field.id}-fault">${fault}</p>`} ${input}
  </div>`;
}

export function textField(field: TextField): View {
  const onInput = (event: Event): void => field.onInput?.((event.target as HTMLInputElement).value);
  return around(
    field,
    html`<input
      class="govuk-input ${field.narrow === true ? "govuk-input--width-20" : ""} ${
        faultFor(field) === undefined ? "" : "govuk-input--error"
      }"
      id=${field.id}
      name=${field.id}
      type=${field.type ?? "text"}
      autocomplete=${field.autocomplete ?? "off"}
      autocapitalize=${field.type === "password" ? "none" : "sentences"}
      spellcheck="false"
      maxlength=${field.maxLength ?? 200}
      aria-describedby=${describedBy(field)}
      .value=${field.value ?? ""}
      @input=${onInput}
    />`,
  );
}

export function fileField(field: Field): View {
  return around(
    field,
    html`<input
      class="govuk-file-upload"
      id=${field.id}
      name=${field.id}
      type="file"
      accept=".json,application/json"
      aria-describedby=${describedBy(field)}
    />`,
  );
}

export interface Tick {
  id: string;
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function ticks(legend: string, hint: string | null, items: readonly Tick[], fault?: string, id = ""): View {
  return html`<div class="govuk-form-group ${fault === undefined ? "" : "govuk-form-group--error"}">
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend govuk-!-font-weight-bold">${legend}</legend>
      ${hint === null ? nothing : html`<div class="govuk-hint">${hint}</div>`}
      ${fault === undefined ? nothing : html`<p class="govuk-error-message" id="${id}-fault">${fault}</p>`}
      <div class="govuk-checkboxes govuk-checkboxes--small th-ticks">
        ${items.map(
          (item) =>
            html`<div class="govuk-checkboxes__item">
              <input
                class="govuk-checkboxes__input"
                id=${item.id}
                type="checkbox"
                aria-describedby=${item.hint === undefined ? nothing : `${item.id}-hint`}
                .checked=${item.checked}
                @change=${(event: Event) => item.onChange((event.target as HTMLInputElement).checked)}
              />
              <label class="govuk-label govuk-checkboxes__label" for=${item.id}>${item.label}</label>
              ${
                item.hint === undefined
                  ? nothing
                  : html`<div class="govuk-hint govuk-checkboxes__hint" id="${item.id}-hint">${item.hint}</div>`
              }
            </div>`,
        )}
      </div>
    </fieldset>
  </div>`;
}

export interface Choice {
  value: string;
  label: string;
}

export function selectField(
  field: Field & { value: string; choices: readonly Choice[]; onChange: (value: string) => void },
): View {
  return around(
    field,
    html`<select
      class="govuk-select"
      id=${field.id}
      @change=${(event: Event) => field.onChange((event.target as HTMLSelectElement).value)}
    >
      ${field.choices.map(
        ({ value, label }) => html`<option value=${value} ?selected=${value === field.value}>${label}</option>`,
      )}
    </select>`,
  );
}

/** Twice, with a suggestion to take. What is typed stays in the inputs: no script variable keeps it. */
export function passphrasePair(
  t: Translate,
  faults: readonly Fault[],
  suggestion: string | null,
  suggest: () => void,
): View {
  return html`${textField({
      id: "passphrase",
      label: t("setup:passphrase.label"),
      hint: t("setup:passphrase.hint"),
      type: "password",
      autocomplete: "new-password",
      maxLength: 400,
      faults,
    })}
    <div class="th-suggest">
      <button type="button" class="govuk-button govuk-button--secondary" @click=${suggest}>
        ${t(suggestion === null ? "setup:passphrase.suggest" : "setup:passphrase.another")}
      </button>
      <div aria-live="polite">
        ${
          suggestion === null
            ? nothing
            : html`<p class="th-suggestion">${suggestion}</p>
                <p class="govuk-body-s">${t("setup:passphrase.suggestHint")}</p>`
        }
      </div>
    </div>
    ${textField({
      id: "repeat",
      label: t("setup:passphrase.repeat"),
      type: "password",
      autocomplete: "new-password",
      maxLength: 400,
      faults,
    })}`;
}

/** What was typed into a form's field; empty when there is no such field. */
export function typed(form: HTMLFormElement, field: string): string {
  const value = new FormData(form).get(field);
  return typeof value === "string" ? value : "";
}

/** Reads both inputs; the faults are empty when they can be used. */
export function readPassphrases(t: Translate, form: HTMLFormElement): { passphrase: string; faults: Fault[] } {
  const passphrase = typed(form, "passphrase");
  const faults: Fault[] = [];
  if (!isStrongEnough(passphrase)) faults.push({ field: "passphrase", text: t("setup:passphrase.weak") });
  else if (passphrase !== typed(form, "repeat")) faults.push({ field: "repeat", text: t("setup:passphrase.differs") });
  return { passphrase, faults };
}
