/** What is wrong with a form, in GOV.UK's pattern: a summary that takes the focus, and a line at each field. */
import type { Translate } from "../i18n.ts";
import { byId, element } from "./dom.ts";

export interface FormError {
  /** Id of the field to go to; null where the fault is not in a field. */
  field: string | null;
  /** Id of the line at the field; "<field>-error" when it is not said. */
  line?: string;
  text: string;
}

/** Takes all lines of an earlier try away. */
export function clearErrors(summaryId: string): void {
  byId(summaryId).replaceChildren();
  for (const line of document.querySelectorAll<HTMLElement>(".govuk-error-message")) {
    line.replaceChildren();
    line.hidden = true;
  }
  for (const name of ["form-group", "input", "textarea", "file-upload"])
    for (const marked of document.querySelectorAll(`.govuk-${name}--error`))
      marked.classList.remove(`govuk-${name}--error`);
  for (const field of document.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

function markField(id: string, lineId: string, text: string, t: Translate): void {
  const field = byId(id);
  field.closest(".govuk-form-group")?.classList.add("govuk-form-group--error");
  if (field instanceof HTMLTextAreaElement) field.classList.add("govuk-textarea--error");
  if (field instanceof HTMLInputElement && field.type === "text") field.classList.add("govuk-input--error");
  field.setAttribute("aria-invalid", "true");
  const line = document.getElementById(lineId);
  if (line === null) return;
  line.replaceChildren(element("span", { class: "govuk-visually-hidden" }, `${t("report:errorPrefix")} `), text);
  line.hidden = false;
}

/** Shows the errors and moves the focus to their summary. What was typed stays as it is. */
export function showErrors(summaryId: string, errors: readonly FormError[], t: Translate): void {
  clearErrors(summaryId);
  const titleId = `${summaryId}-title`;
  const items = errors.map(({ field, line, text }) => {
    if (field === null) return element("li", {}, text);
    markField(field, line ?? `${field}-error`, text, t);
    const link = element("a", { href: `#${field}` }, text);
    link.addEventListener("click", (event) => {
      // A fragment would stand in the history; the focus is what was wanted.
      event.preventDefault();
      const target = byId(field);
      (target.closest(".govuk-form-group") ?? target).scrollIntoView();
      target.focus({ preventScroll: true });
    });
    return element("li", {}, link);
  });
  const summary = element(
    "div",
    { class: "govuk-error-summary", tabindex: -1, role: "alert", "aria-labelledby": titleId },
    element("h2", { class: "govuk-error-summary__title", id: titleId }, t("report:errorsTitle")),
    element(
      "div",
      { class: "govuk-error-summary__body" },
      element("ul", { class: "govuk-list govuk-error-summary__list" }, ...items),
    ),
  );
  byId(summaryId).replaceChildren(summary);
  summary.focus();
}

/** An error of the server or the network in words: title, what happened, what to do next. */
export function wordsForCode(code: string, t: Translate): FormError {
  return {
    field: null,
    text: [t(`errors:${code}.title`), t(`errors:${code}.what`), t(`errors:${code}.next`)]
      .join(". ")
      .replaceAll("..", "."),
  };
}
