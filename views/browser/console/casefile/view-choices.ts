/** What a case file has in it, and how its pages look. */
import { html } from "lit/html.js";
import { live } from "lit/directives/live.js";
import { field, tickBox } from "../view-fields.ts";
import { missingText, type Drawing, type View } from "../view-parts.ts";
import type { CaseFileState } from "./casefile-state.ts";

type Choices = CaseFileState["choices"];
type Tick = { [K in keyof Choices]: Choices[K] extends boolean ? K : never }[keyof Choices];

const ticks: readonly Tick[] = ["conversation", "attachments", "notes", "log", "originalNames"];

function tick(drawing: Drawing, name: Tick): View {
  const { t, desk } = drawing;
  const { choices } = desk.state.caseFiles;
  return tickBox(drawing, {
    id: `casefile-${name}`,
    label: t(`production:choice.${name}.label`),
    hint: t(`production:choice.${name}.hint`),
    on: choices[name],
    take: (on) => {
      choices[name] = on;
      desk.caseFiles.changed();
    },
  });
}

function short(drawing: Drawing, name: "prefix" | "first" | "designation"): View {
  const { t, desk } = drawing;
  const { choices } = desk.state.caseFiles;
  return field(drawing, {
    id: `casefile-${name}`,
    type: "text",
    label: t(`production:field.${name}.label`),
    hint: t(`production:field.${name}.hint`),
    value: choices[name],
    narrow: name !== "designation",
    digits: name === "first",
    most: name === "designation" ? 60 : 20,
    take: (text) => {
      choices[name] = text;
      desk.caseFiles.changed();
    },
  });
}

export function choicesView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { choices } = desk.state.caseFiles;
  return html`<fieldset class="govuk-fieldset govuk-form-group">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("production:choice.legend")}</legend>
      ${missingText(drawing, "casefile-conversation")}
      <div class="govuk-checkboxes govuk-checkboxes--small">${ticks.map((name) => tick(drawing, name))}</div>
    </fieldset>
    <details class="govuk-details" ?open=${hasFault(drawing)}>
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">${t("production:pages.title")}</span>
      </summary>
      <div class="govuk-details__text">
        ${short(drawing, "prefix")} ${short(drawing, "first")} ${short(drawing, "designation")}
        <fieldset class="govuk-fieldset">
          <legend class="govuk-fieldset__legend">${t("production:pages.paper")}</legend>
          <div class="govuk-radios govuk-radios--small govuk-radios--inline">
            ${(["letter", "a4"] as const).map(
              (paper) =>
                html`<div class="govuk-radios__item">
                  <input
                    class="govuk-radios__input"
                    type="radio"
                    name="casefile-paper"
                    id="casefile-${paper}"
                    .checked=${live(choices.paper === paper)}
                    @change=${() => {
                      choices.paper = paper;
                      desk.caseFiles.changed();
                    }}
                  />
                  <label class="govuk-label govuk-radios__label" for="casefile-${paper}">
                    ${t(`production:pages.${paper}`)}
                  </label>
                </div>`,
            )}
          </div>
        </fieldset>
      </div>
    </details>`;
}

const hasFault = ({ desk }: Drawing): boolean =>
  ["casefile-prefix", "casefile-first"].some((id) => desk.state.missing[id] !== undefined);
