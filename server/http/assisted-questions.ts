/** A questionnaire on one long page: follow-ups below the question that they hang on, closed until they are of use. */
import { answerTo, type Answers, type Question, type Questionnaire } from "../../data/policy/questionnaire.ts";
import { answerField } from "../assisted/questions.ts";
import type { Speech } from "./assisted-words.ts";

export interface QuestionView {
  field: string;
  type: Question["type"];
  required: boolean;
  label: string;
  hint: string;
  warning: string;
  answer: string;
  options: { value: string; label: string; hint: string; chosen: boolean }[];
  followUps: FollowUps[];
}

/** Questions that one condition opens. */
export interface FollowUps {
  /** "Answer if you ticked …" */
  summary: string;
  /** All of the condition's options, when the summary names only some. */
  choices: string[];
  /** Something in it is filled in, ticked for, or wrong. */
  open: boolean;
  questions: QuestionView[];
}

/** So many options are named in a summary; of more, it says what is asked first and how many they are. */
const mostNamed = 3;

/** `faults`: ids of the fields that need mending. */
export function questionViews(
  { questions }: Questionnaire,
  answers: Answers,
  faults: ReadonlySet<string>,
  speech: Speech,
): QuestionView[] {
  const words = (key: string | undefined): string => (key === undefined ? "" : speech.t(`questionnaires:${key}`));

  const labelsOf = (question: Question, values: readonly string[]): string[] =>
    (question.options ?? []).filter(({ value }) => values.includes(value)).map(({ labelKey }) => words(labelKey));

  const summaryOf = (labels: readonly string[], first: Question): string => {
    if (labels.length > mostNamed)
      return speech.t("assisted:report.followUpMore", { count: labels.length, question: words(first.labelKey) });
    const quoted = labels.map((label) => speech.t("assisted:report.quoted", { label }));
    const choices = new Intl.ListFormat(speech.language, { type: "disjunction" }).format(quoted);
    return speech.t("assisted:report.followUp", { choices });
  };

  const followUpsOf = (parent: Question): FollowUps[] => {
    const children = questions.filter(({ showIf }) => showIf?.question === parent.id);
    const conditions = new Map<string, { any: readonly string[]; children: Question[] }>();
    for (const child of children) {
      const { any } = child.showIf!;
      const key = [...any].sort().join(" ");
      conditions.set(key, { any, children: [...(conditions.get(key)?.children ?? []), child] });
    }
    return [...conditions.values()].map(({ any, children: together }) => {
      const labels = labelsOf(parent, any);
      const given = [answerTo(answers, parent.id)].flat();
      const views = together.map(viewOf);
      const open = any.some((value) => given.includes(value)) || views.some((view) => isInUse(view, faults));
      return {
        summary: summaryOf(labels, together[0]!),
        choices: labels.length > mostNamed ? labels : [],
        open,
        questions: views,
      };
    });
  };

  const viewOf = (question: Question): QuestionView => {
    const answer = answerTo(answers, question.id);
    const chosen = [answer].flat();
    return {
      field: answerField(question.id),
      type: question.type,
      required: question.required === true,
      label: words(question.labelKey),
      hint: words(question.hintKey),
      warning: words(question.warningKey),
      answer: typeof answer === "string" ? answer : "",
      options: (question.options ?? []).map(({ value, labelKey, hintKey }) => ({
        value,
        label: words(labelKey),
        hint: words(hintKey),
        chosen: chosen.includes(value),
      })),
      followUps: followUpsOf(question),
    };
  };

  return questions.filter(({ showIf }) => showIf === undefined).map(viewOf);
}

function isInUse({ field, answer, options, followUps }: QuestionView, faults: ReadonlySet<string>): boolean {
  return (
    faults.has(field) || answer !== "" || options.some(({ chosen }) => chosen) || followUps.some(({ open }) => open)
  );
}
