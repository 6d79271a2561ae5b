/** A channel's questionnaire as form fields. Answers stay when another channel asks the same question. */
import { findQuestionnaire } from "../../../data/policy/built-in-questionnaires.ts";
import { checkAnswers, type Answers, type Question } from "../../../data/policy/questionnaire.ts";
import type { Translate } from "../i18n.ts";
import { element } from "./dom.ts";
import type { FormError } from "./form-errors.ts";

export interface Questions {
  /** Asks this questionnaire's questions from now on. */
  ask(questionnaireId: string): void;
  /** What was answered, blank answers left out. */
  answers(): Answers;
  errors(): FormError[];
}

const fieldId = (id: string): string => `answer-${id}`;
const optionId = (id: string, i: number): string => (i === 0 ? fieldId(id) : `${fieldId(id)}-${i + 1}`);

function buildText(question: Question, describedBy: string, value: string): HTMLElement {
  const shared = {
    id: fieldId(question.id),
    autocomplete: "off",
    // The browser's help with spelling may send what is typed to its maker.
    spellcheck: "false",
    writingsuggestions: "false",
    // No maxlength: it would cut the end off what is pasted, without a word. errors() tells instead.
    "aria-describedby": describedBy,
    "aria-required": question.required === true ? "true" : null,
    dir: "auto",
  };
  if (question.type === "long") {
    const area = element("textarea", { ...shared, class: "govuk-textarea", rows: 10 });
    area.value = value;
    return area;
  }
  const input = element("input", { ...shared, class: "govuk-input", type: question.type === "date" ? "date" : "text" });
  input.value = value;
  return input;
}

function buildOptions(question: Question, chosen: readonly string[], t: Translate): HTMLElement {
  const kind = question.type === "choice" ? "radios" : "checkboxes";
  const items = (question.options ?? []).map(({ value, labelKey }, i) => {
    const id = optionId(question.id, i);
    const input = element("input", {
      class: `govuk-${kind}__input`,
      type: question.type === "choice" ? "radio" : "checkbox",
      id,
      value,
      autocomplete: "off",
      // Radio buttons need a shared name to exclude each other; the form itself sends nothing.
      name: question.type === "choice" ? fieldId(question.id) : null,
    });
    input.checked = chosen.includes(value);
    const label = element(
      "label",
      { class: `govuk-label govuk-${kind}__label`, for: id },
      t(`questionnaires:${labelKey}`),
    );
    return element("div", { class: `govuk-${kind}__item` }, input, label);
  });
  return element("div", { class: `govuk-${kind} govuk-${kind}--small`, "data-question": question.id }, ...items);
}

function buildQuestion(question: Question, answer: string | string[] | undefined, t: Translate): HTMLElement {
  const id = fieldId(question.id);
  const label = t(`questionnaires:${question.labelKey}`);
  const hint = question.hintKey === undefined ? null : t(`questionnaires:${question.hintKey}`);
  const hintLine = hint === null ? [] : [element("p", { class: "govuk-hint", id: `${id}-hint` }, hint)];
  const errorLine = element("p", { class: "govuk-error-message", id: `${id}-error`, hidden: true });
  const describedBy = `${id}-hint ${id}-error`;
  if (question.type === "choice" || question.type === "choices") {
    const legend = element("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--m" }, label);
    const chosen = Array.isArray(answer) ? answer : answer === undefined ? [] : [answer];
    const options = buildOptions(question, chosen, t);
    const fieldset = element(
      "fieldset",
      { class: "govuk-fieldset", "aria-describedby": describedBy },
      legend,
      ...hintLine,
      errorLine,
      options,
    );
    return element("div", { class: "govuk-form-group" }, fieldset);
  }
  const labelLine = element("label", { class: "govuk-label govuk-label--m", for: id }, label);
  const field = buildText(question, describedBy, typeof answer === "string" ? answer : "");
  return element("div", { class: "govuk-form-group" }, labelLine, ...hintLine, errorLine, field);
}

function readAnswer(question: Question): string | string[] {
  const ticked = [...document.querySelectorAll<HTMLInputElement>(`[data-question="${question.id}"] input:checked`)];
  if (question.type === "choices") return ticked.map((input) => input.value);
  if (question.type === "choice") return ticked[0]?.value ?? "";
  const field = document.getElementById(fieldId(question.id));
  return field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement ? field.value : "";
}

export function buildQuestions(parent: HTMLElement, t: Translate): Questions {
  let asked = findQuestionnaire("");
  /** Also of questions that only another channel asks: who switches back finds them again. */
  const kept: Answers = {};

  const keep = (): void => {
    if (parent.childElementCount === 0) return;
    for (const question of asked.questions) kept[question.id] = readAnswer(question);
  };
  const answers = (): Answers => {
    keep();
    const given = asked.questions.map(({ id }) => [id, kept[id] ?? ""] as const);
    return Object.fromEntries(
      given.filter(([, answer]) => (Array.isArray(answer) ? answer.length > 0 : answer.trim() !== "")),
    );
  };

  return {
    ask(questionnaireId) {
      keep();
      asked = findQuestionnaire(questionnaireId);
      parent.replaceChildren(...asked.questions.map((question) => buildQuestion(question, kept[question.id], t)));
    },
    answers,
    errors: () =>
      checkAnswers(asked, answers()).map(({ id, problem }) => {
        const { labelKey } = asked.questions.find((question) => question.id === id)!;
        const question = t(`questionnaires:${labelKey}`);
        const key = problem === "required" && id !== "what" ? "requiredOther" : problem;
        return { field: fieldId(id), text: t(`report:answers.${key}`, { question }) };
      }),
  };
}
