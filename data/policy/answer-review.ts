/** Answers judged again by whoever opens them: the server that took the report could not see them. */
import { answerTo, askedQuestions, problemOfAnswer, type Answers, type Questionnaire } from "./questionnaire.ts";

/**
 * unknown: to no question of this questionnaire · unasked: to one that was not in force · required:
 * missing · long, format: the form would not have taken it · unlisted: a value that is no option
 */
export const answerWarnings = ["unknown", "unasked", "required", "long", "format", "unlisted"] as const;
export type AnswerWarning = (typeof answerWarnings)[number];

export interface ReviewedValue {
  /** As it was sent. */
  text: string;
  /** Words of the option that it names; null: it names none, and stands for itself. */
  labelKey: string | null;
}

export interface ReviewedAnswer {
  id: string;
  /** Words of the question; null: there is none. */
  labelKey: string | null;
  /** A list was sent, which may be empty. */
  isList: boolean;
  values: ReviewedValue[];
  warnings: AnswerWarning[];
}

/** Everything that was sent, in the order of the questions, then what no question asked for; and what is missing. Hides nothing. */
export function reviewAnswers(questionnaire: Questionnaire, answers: Answers): ReviewedAnswer[] {
  const { questions } = questionnaire;
  const inForce = new Set(askedQuestions(questionnaire, answers).map(({ id }) => id));
  const known = questions.flatMap((question): ReviewedAnswer[] => {
    const { id, labelKey, options = [] } = question;
    const given = Object.hasOwn(answers, id);
    const answer = answerTo(answers, id);
    const problem = inForce.has(id) ? problemOfAnswer(question, answer) : null;
    if (!given && problem === null) return [];
    const choice = question.type === "choice" || question.type === "choices";
    const values = (given ? [answer].flat() : []).map((text) => {
      const option = choice ? options.find(({ value }) => value === text) : undefined;
      return { text, labelKey: option?.labelKey ?? null };
    });
    const warnings: AnswerWarning[] = [
      ...(inForce.has(id) ? [] : ["unasked" as const]),
      ...(problem === null ? [] : [problem]),
      ...(choice && values.some((value) => value.labelKey === null) ? ["unlisted" as const] : []),
    ];
    return [{ id, labelKey, isList: Array.isArray(answer), values, warnings }];
  });
  const ids = new Set(questions.map(({ id }) => id));
  const strangers = Object.keys(answers)
    .filter((id) => !ids.has(id))
    .map((id): ReviewedAnswer => {
      const values = [answerTo(answers, id)].flat().map((text) => ({ text, labelKey: null }));
      return { id, labelKey: null, isList: Array.isArray(answerTo(answers, id)), values, warnings: ["unknown"] };
    });
  return [...known, ...strangers];
}
