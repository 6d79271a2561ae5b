/** The last look before sending: every answer, with a way back to its question. */
import type { Translate } from "../i18n.ts";
import { byId, element } from "./dom.ts";

export interface CheckLine {
  /** Step to go back to. */
  step: string;
  name: string;
  /** Empty: nothing was given. */
  values: string[];
}

/** Draws the summary list; `change` is called with the step of the pressed button. */
export function drawCheck(lines: readonly CheckLine[], t: Translate, change: (step: string) => void): void {
  const rows = lines.map(({ step, name, values }) => {
    const button = element(
      "button",
      { type: "button", class: "th-link", "data-change": step },
      t("report:check.change"),
    );
    button.append(element("span", { class: "govuk-visually-hidden" }, ` ${name}`));
    button.addEventListener("click", () => change(step));
    const given = values.map((value) => element("p", { class: "th-written", dir: "auto" }, value));
    const none = element("p", { class: "govuk-hint govuk-!-margin-bottom-0" }, t("report:check.none"));
    return element(
      "div",
      { class: "govuk-summary-list__row" },
      element("dt", { class: "govuk-summary-list__key" }, name),
      element("dd", { class: "govuk-summary-list__value" }, ...(given.length === 0 ? [none] : given)),
      element("dd", { class: "govuk-summary-list__actions" }, button),
    );
  });
  byId("answers").replaceChildren(...rows);
}
