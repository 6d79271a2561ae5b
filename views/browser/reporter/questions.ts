/** A channel's questionnaire as steps of one question each. Answers stay when another channel asks the same. */
import {
  answersAsked,
  askedQuestions,
  followed,
  longestAnswer,
  problemOfAnswer,
  type Answers,
  type Question,
  type VersionedQuestionnaire,
} from "../../../data/policy/questionnaire.ts";
import type { Translate } from "../i18n.ts";
import { element } from "./dom.ts";
import type { FormError } from "./form-errors.ts";
import type { Step } from "./steps.ts";

/** Where something is written freely. `hints` stands empty below the field for what is found on the device. */
export interface TextField {
  question: Question;
  field: HTMLTextAreaElement | HTMLInputElement;
  hints: HTMLElement;
}

export interface QuestionsOptions {
  t: Translate;
  language: string;
  /** Called when a text field is made, which may hold text already, and whenever its text changes. */
  onText?: (field: TextField) => void;
}

/** A line of the check page. */
export interface AnsweredQuestion {
  step: string;
  question: string;
  /** Empty: not answered. One line for each choice. */
  answer: string[];
}

export interface Questions {
  /** Asks this questionnaire's questions from now on. */
  ask(asked: VersionedQuestionnaire): void;
  /** A step for each question in force. */
  steps(): Step[];
  /** What is sent: nothing blank, nothing that is not in force. */
  answers(): Answers;
  /** Whether anything was typed or ticked, in force or not. */
  isTouched(): boolean;
  answered(): AnsweredQuestion[];
}

type Named = Pick<Question, "id" | "type">;

/**
 * What was answered, also to questions that only another channel asks: who switches back finds it again.
 * By type too: what was ticked in one channel is no text in another that calls a question the same.
 */
export class KeptAnswers {
  readonly #kept = new Map<string, string | string[]>();

  #key({ id, type }: Named): string {
    return `${type} ${id}`;
  }

  keep(question: Named, answer: string | string[]): void {
    this.#kept.set(this.#key(question), answer);
  }

  /** "" when there is none. */
  to(question: Named): string | string[] {
    return this.#kept.get(this.#key(question)) ?? "";
  }

  toAll(questions: readonly Named[]): Answers {
    return Object.fromEntries(questions.map((question) => [question.id, this.to(question)]));
  }

  /** Whether there is any to any question. */
  some(): boolean {
    return [...this.#kept.values()].some((answer) => answer.length > 0);
  }
}

const fieldId = (id: string): string => `answer-${id}`;
const stepId = (id: string): string => `step-${id}`;
const optionId = (id: string, i: number): string => (i === 0 ? fieldId(id) : `${fieldId(id)}-${i + 1}`);

interface Making extends QuestionsOptions {
  question: Question;
  /** Ids of everything that explains the field. */
  describedBy: string;
}

function makeOptions({ question, t }: Making, chosen: readonly string[]): HTMLElement {
  const kind = question.type === "choice" ? "radios" : "checkboxes";
  const items = (question.options ?? []).map(({ value, labelKey, hintKey }, i) => {
    const id = optionId(question.id, i);
    const input = element("input", {
      class: `govuk-${kind}__input`,
      type: question.type === "choice" ? "radio" : "checkbox",
      id,
      value,
      autocomplete: "off",
      // Radio buttons need a shared name to exclude each other; the form itself sends nothing.
      name: question.type === "choice" ? fieldId(question.id) : null,
      "aria-describedby": hintKey === undefined ? null : `${id}-hint`,
    });
    input.checked = chosen.includes(value);
    const label = element(
      "label",
      { class: `govuk-label govuk-${kind}__label`, for: id },
      t(`questionnaires:${labelKey}`),
    );
    const hint =
      hintKey === undefined
        ? []
        : [element("p", { class: `govuk-hint govuk-${kind}__hint`, id: `${id}-hint` }, t(`questionnaires:${hintKey}`))];
    return element("div", { class: `govuk-${kind}__item` }, input, label, ...hint);
  });
  return element("div", { class: `govuk-${kind}`, "data-question": question.id }, ...items);
}

/** Says how much room is left; a screen reader hears it when the writing pauses. */
function makeCount(area: HTMLTextAreaElement, most: number, { t, language }: Making): HTMLElement[] {
  const numbers = new Intl.NumberFormat(language);
  const words = (): string => {
    const left = most - area.value.length;
    const key = left < 0 ? "report:answers.over" : "report:answers.left";
    return t(key, { count: Math.abs(left), number: numbers.format(Math.abs(left)) });
  };
  const seen = element("p", { class: "govuk-hint govuk-character-count__message", "aria-hidden": "true" }, words());
  const heard = element("p", { class: "govuk-visually-hidden", role: "status" });
  let pause: ReturnType<typeof setTimeout> | undefined;
  area.addEventListener("input", () => {
    seen.textContent = words();
    seen.classList.toggle("govuk-error-message", area.value.length > most);
    clearTimeout(pause);
    // Far from the limit a number would only disturb.
    if (area.value.length > most * 0.9) pause = setTimeout(() => void (heard.textContent = words()), 1500);
  });
  return [seen, heard];
}

/** Grows with its text where the browser cannot do that from the style sheet. */
function growWithText(area: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  const fewest = area.rows;
  area.addEventListener("input", () => {
    area.rows = fewest;
    const lines = Math.ceil(area.scrollHeight / Number.parseFloat(getComputedStyle(area).lineHeight));
    area.rows = Math.min(Math.max(lines, fewest), 30);
  });
}

function makeText(making: Making, value: string): HTMLElement[] {
  const { question, onText } = making;
  const shared = {
    id: fieldId(question.id),
    autocomplete: "off",
    // The browser's help with spelling may send what is typed to its maker.
    spellcheck: "false",
    writingsuggestions: "false",
    // No maxlength: it would cut the end off what is pasted, without a word. errors() tells instead.
    "aria-describedby": making.describedBy,
    "aria-required": question.required === true ? "true" : null,
    dir: "auto",
  };
  const type = question.type === "date" ? "date" : "text";
  const field =
    question.type === "long"
      ? element("textarea", { ...shared, class: "govuk-textarea", rows: 8 })
      : element("input", { ...shared, class: `govuk-input${type === "date" ? " govuk-input--width-10" : ""}`, type });
  field.value = value;
  const count = field instanceof HTMLTextAreaElement ? makeCount(field, longestAnswer.long, making) : [];
  if (field instanceof HTMLTextAreaElement) growWithText(field);
  if (question.type === "date") return [field];
  const hints = element("div", { class: "th-hints", id: `${fieldId(question.id)}-found` });
  const told = { question, field, hints };
  field.addEventListener("input", () => onText?.(told));
  onText?.(told);
  return [field, ...count, hints];
}

function makeStep(question: Question, answer: string | string[], options: QuestionsOptions): HTMLElement {
  const { t } = options;
  const id = fieldId(question.id);
  const label = t(`questionnaires:${question.labelKey}`);
  const describedBy: string[] = [];
  const parts: HTMLElement[] = [];
  if (question.hintKey !== undefined) {
    parts.push(element("p", { class: "govuk-hint", id: `${id}-hint` }, t(`questionnaires:${question.hintKey}`)));
    describedBy.push(`${id}-hint`);
  }
  if (question.warningKey !== undefined) {
    const words = element("p", { class: "govuk-body" }, t(`questionnaires:${question.warningKey}`));
    parts.push(element("div", { class: "th-notice", id: `${id}-warning` }, words));
    describedBy.push(`${id}-warning`);
  }
  parts.push(element("p", { class: "govuk-error-message", id: `${id}-error`, hidden: true }));
  describedBy.push(`${id}-error`);
  const making = { ...options, question, describedBy: describedBy.join(" ") };
  const isChoice = question.type === "choice" || question.type === "choices";
  const heading = { class: "govuk-heading-l", tabindex: -1 };
  const chosen = Array.isArray(answer) ? answer : [answer];
  const group = isChoice
    ? element(
        "fieldset",
        { class: "govuk-fieldset", "aria-describedby": making.describedBy },
        element("legend", { class: "govuk-fieldset__legend" }, element("h1", heading, label)),
        ...parts,
        makeOptions(making, chosen),
      )
    : element(
        "div",
        {},
        element("h1", heading, element("label", { for: id }, label)),
        ...parts,
        ...makeText(making, chosen[0] ?? ""),
      );
  return element(
    "section",
    { class: "th-step", id: stepId(question.id), hidden: true },
    element("div", { class: "govuk-form-group" }, group),
  );
}

function readAnswer(question: Question): string | string[] {
  const ticked = [...document.querySelectorAll<HTMLInputElement>(`[data-question="${question.id}"] input:checked`)];
  if (question.type === "choices") return ticked.map((input) => input.value);
  if (question.type === "choice") return ticked[0]?.value ?? "";
  const field = document.getElementById(fieldId(question.id));
  return field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement ? field.value : "";
}

export function buildQuestions(parent: HTMLElement, options: QuestionsOptions): Questions {
  const { t, language } = options;
  let asked: VersionedQuestionnaire | null = null;
  const kept = new KeptAnswers();

  const keep = (): Answers => {
    const questions = asked?.questionnaire.questions ?? [];
    for (const question of questions) kept.keep(question, readAnswer(question));
    return kept.toAll(questions);
  };
  const inForce = (): Question[] => (asked === null ? [] : followed(askedQuestions(asked.questionnaire, keep())));

  const errorsOf = (question: Question): FormError[] => {
    const problem = problemOfAnswer(question, readAnswer(question));
    if (problem === null) return [];
    const key = problem === "required" && question.id !== "what" ? "requiredOther" : problem;
    const words = t(`report:answers.${key}`, { question: t(`questionnaires:${question.labelKey}`) });
    return [{ field: fieldId(question.id), text: words }];
  };

  const wordsOf = (question: Question, answer: string | string[]): string[] => {
    const values = (Array.isArray(answer) ? answer : [answer]).filter((value) => value.trim() !== "");
    if (question.type === "date")
      return values.map((value) =>
        new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(
          new Date(`${value}T00:00:00Z`),
        ),
      );
    const labels = new Map((question.options ?? []).map(({ value, labelKey }) => [value, labelKey]));
    return values.map((value) => {
      const labelKey = labels.get(value);
      return labelKey === undefined ? value : t(`questionnaires:${labelKey}`);
    });
  };

  return {
    ask(next) {
      keep();
      if (asked?.version === next.version) return;
      asked = next;
      parent.replaceChildren(
        ...next.questionnaire.questions.map((question) => makeStep(question, kept.to(question), options)),
      );
    },
    steps: () =>
      inForce().map((question) => ({
        id: stepId(question.id),
        optional: question.required !== true,
        errors: () => errorsOf(question),
      })),
    answers: () => (asked === null ? {} : answersAsked(asked.questionnaire, keep())),
    isTouched() {
      keep();
      return kept.some();
    },
    answered: () =>
      inForce().map((question) => ({
        step: stepId(question.id),
        question: t(`questionnaires:${question.labelKey}`),
        answer: wordsOf(question, kept.to(question)),
      })),
  };
}
