/** The last step: with a time stamp or without, open or sealed to one lawyer. */
import { live } from "lit/directives/live.js";
import { html, nothing } from "lit/html.js";
import { tickBox } from "../view-fields.ts";
import type { Drawing, View } from "../view-parts.ts";

export function saveForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.caseFiles.save();
  };
  return html`<form id="casefile-save" novalidate @submit=${submit}>
    ${desk.caseFiles.stamps ? stampChoice(drawing) : nothing} ${recipientField(drawing)}
    <p class="govuk-body-s th-quiet">${t("production:logged")}</p>
    <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("production:save")}
    </button>
  </form>`;
}

function stampChoice(drawing: Drawing): View {
  const { t, desk } = drawing;
  const files = desk.state.caseFiles;
  const { unstamped } = files;
  const without = (): void => {
    Object.assign(files, { stamp: false, unstamped: null });
    void desk.caseFiles.save();
  };
  return html`<div class="govuk-form-group ${unstamped === null ? "" : "govuk-form-group--error"}">
    ${
      unstamped === null
        ? nothing
        : html`<p class="govuk-error-message" id="casefile-unstamped" tabindex="-1" role="alert">
              ${t(`production:stamp.${unstamped}`)}
            </p>
            <button type="button" class="govuk-button govuk-button--secondary" id="casefile-without" @click=${without}>
              ${t("production:stamp.without")}
            </button>`
    }
    <div class="govuk-checkboxes govuk-checkboxes--small">
      ${tickBox(drawing, {
        id: "casefile-stamp",
        label: t("production:stamp.label"),
        hint: t("production:stamp.hint"),
        on: files.stamp,
        take: (on) => Object.assign(files, { stamp: on, unstamped: null }),
      })}
    </div>
  </div>`;
}

function recipientField({ t, desk }: Drawing): View {
  const files = desk.state.caseFiles;
  const { wrongKey } = files;
  const id = "casefile-recipient";
  return html`<div class="govuk-form-group ${wrongKey === null ? "" : "govuk-form-group--error"}">
    <label class="govuk-label" for=${id}>${t("production:age.label")}</label>
    <div class="govuk-hint" id="${id}-hint">${t("production:age.hint")}</div>
    ${
      wrongKey === null
        ? nothing
        : html`<p class="govuk-error-message" id="${id}-error">${t(`production:age.${wrongKey}`)}</p>`
    }
    <input
      class="govuk-input ${wrongKey === null ? "" : "govuk-input--error"}"
      id=${id}
      dir="ltr"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      aria-describedby=${wrongKey === null ? `${id}-hint` : `${id}-hint ${id}-error`}
      aria-invalid=${wrongKey === null ? nothing : "true"}
      .value=${live(files.recipient)}
      @input=${(event: Event) => (files.recipient = (event.target as HTMLInputElement).value)}
    />
  </div>`;
}
