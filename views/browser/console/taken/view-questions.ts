/** The channel's questions as the form for a report that is taken: all on one page, follow-ups behind their questions. */
import { html, nothing } from "lit/html.js";
import { longestAnswer, type Question } from "../../../../data/policy/questionnaire.ts";
import { missingText, type Drawing, type View } from "../view-parts.ts";
import { answerOf, fieldId, questionsAsked, setAnswer } from "./taking.ts";

const words = ({ t }: Drawing, key: string): string => t(`questionnaires:${key}`);

/** What explains a field, with the ids under which it is found. */
function explained(drawing: Drawing, question: Question): { parts: View; describedBy: string | typeof nothing } {
  const id = fieldId(question);
  const { hintKey, warningKey } = question;
  const wrong = drawing.desk.state.missing[id] !== undefined;
  const ids = [
    ...(hintKey === undefined ? [] : [`${id}-hint`]),
    ...(warningKey === undefined ? [] : [`${id}-warning`]),
    ...(wrong ? [`${id}-error`] : []),
  ];
  const parts = html`${hintKey === undefined ? nothing : html`<p class="govuk-hint" id="${id}-hint">${words(drawing, hintKey)}</p>`}
  ${
    warningKey === undefined
      ? nothing
      : html`<p class="govuk-body-s th-quiet" id="${id}-warning">${words(drawing, warningKey)}</p>`
  }
  ${missingText(drawing, id)}`;
  return { parts, describedBy: ids.length === 0 ? nothing : ids.join(" ") };
}

function labelText(drawing: Drawing, question: Question): string {
  const label = words(drawing, question.labelKey);
  return question.required === true ? drawing.t("taken:required", { label }) : label;
}

function textField(drawing: Drawing, question: Question, describedBy: string | typeof nothing): View {
  const { desk } = drawing;
  const { draft } = desk.state.taking;
  const id = fieldId(question);
  const wrong = desk.state.missing[id] !== undefined;
  const value = String(answerOf(draft, question));
  const take = (event: Event): void => {
    const { value: typed } = event.target as HTMLInputElement | HTMLTextAreaElement;
    // Text is in no condition: nothing else of the page hangs on it.
    setAnswer(draft, question, typed);
  };
  const invalid = wrong ? "true" : nothing;
  if (question.type === "long")
    return html`<textarea
      class="govuk-textarea ${wrong ? "govuk-textarea--error" : ""}"
      id=${id}
      rows=${question.id === "what" ? 10 : 4}
      dir="auto"
      autocomplete="off"
      aria-describedby=${describedBy}
      aria-invalid=${invalid}
      aria-required=${question.required === true ? "true" : nothing}
      .value=${value}
      @input=${take}
    ></textarea>`;
  return html`<input
    class="govuk-input ${question.type === "date" ? "govuk-input--width-10" : ""} ${wrong ? "govuk-input--error" : ""}"
    type=${question.type === "date" ? "date" : "text"}
    id=${id}
    dir="auto"
    autocomplete="off"
    maxlength=${question.type === "text" ? longestAnswer.text : nothing}
    aria-describedby=${describedBy}
    aria-invalid=${invalid}
    aria-required=${question.required === true ? "true" : nothing}
    .value=${value}
    @input=${take}
  />`;
}

function choices(drawing: Drawing, question: Question): View {
  const { desk } = drawing;
  const { draft } = desk.state.taking;
  const answer = answerOf(draft, question);
  const ticked = Array.isArray(answer) ? answer : [answer];
  const kind = question.type === "choice" ? "radios" : "checkboxes";
  const take = (value: string, on: boolean): void => {
    const rest = ticked.filter((each) => each !== value && each !== "");
    setAnswer(draft, question, question.type === "choice" ? value : on ? [...rest, value] : rest);
    desk.redraw();
  };
  return html`<div class="govuk-${kind} govuk-${kind}--small">
    ${(question.options ?? []).map(({ value, labelKey, hintKey }, i) => {
      const id = i === 0 ? fieldId(question) : `${fieldId(question)}-${i + 1}`;
      return html`<div class="govuk-${kind}__item">
        <input
          class="govuk-${kind}__input"
          type=${question.type === "choice" ? "radio" : "checkbox"}
          name=${question.type === "choice" ? fieldId(question) : nothing}
          id=${id}
          aria-describedby=${hintKey === undefined ? nothing : `${id}-hint`}
          .checked=${ticked.includes(value)}
          @change=${(event: Event) => take(value, (event.target as HTMLInputElement).checked)}
        />
        <label class="govuk-label govuk-${kind}__label" for=${id}>${words(drawing, labelKey)}</label>
        ${
          hintKey === undefined
            ? nothing
            : html`<p class="govuk-hint govuk-${kind}__hint" id="${id}-hint">${words(drawing, hintKey)}</p>`
        }
      </div>`;
    })}
  </div>`;
}

function questionView(drawing: Drawing, question: Question): View {
  const { parts, describedBy } = explained(drawing, question);
  const wrong = drawing.desk.state.missing[fieldId(question)] !== undefined;
  const group = `govuk-form-group ${wrong ? "govuk-form-group--error" : ""}`;
  if (question.type === "choice" || question.type === "choices")
    return html`<div class=${group}>
      <fieldset class="govuk-fieldset" aria-describedby=${describedBy}>
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${labelText(drawing, question)}</legend>
        ${parts} ${choices(drawing, question)}
      </fieldset>
    </div>`;
  return html`<div class=${group}>
    <label class="govuk-label govuk-label--s" for=${fieldId(question)}>${labelText(drawing, question)}</label>
    ${parts} ${textField(drawing, question, describedBy)}
  </div>`;
}

export function questionsView(drawing: Drawing): View {
  return html`${questionsAsked(drawing.desk.state.taking).map((question) => questionView(drawing, question))}`;
}
