/** Which questions a channel asks, and whether answers can be taken: the same in browser, assisted mode and console. */

export const questionTypes = ["text", "long", "choice", "choices", "date"] as const;
export type QuestionType = (typeof questionTypes)[number];

export interface Option {
  value: string;
  /** In the namespace "questionnaires", like every key here. */
  labelKey: string;
  hintKey?: string;
}

/** The question is asked when the answer to an earlier one is, or contains, one of `any`. */
export interface Condition {
  question: string;
  any: string[];
}

export interface Question {
  id: string;
  type: QuestionType;
  labelKey: string;
  hintKey?: string;
  /** What answering may give away. */
  warningKey?: string;
  required?: boolean;
  /** For choice and choices only. */
  options?: Option[];
  showIf?: Condition;
}

export interface Questionnaire {
  id: string;
  questions: Question[];
}

/** `version`: lower-case hex SHA-256 of `canonicalQuestionnaire`. */
export interface VersionedQuestionnaire {
  version: string;
  questionnaire: Questionnaire;
}

/** Those that a portal asks now, by id; "general" is always among them. */
export type ActiveQuestionnaires = Readonly<Record<string, VersionedQuestionnaire>>;

/** A channel may name a questionnaire that is gone: the general one still lets the person write. */
export function findActive(active: ActiveQuestionnaires, id: string): VersionedQuestionnaire {
  return Object.hasOwn(active, id) ? active[id]! : active["general"]!;
}

/** By question id: text, or the values ticked. */
export type Answers = Record<string, string | string[]>;

/** One answer, "" when there is none; never something inherited. */
export function answerTo(answers: Answers, id: string): string | string[] {
  return Object.hasOwn(answers, id) ? answers[id]! : "";
}

function isBlank(answer: string | string[]): boolean {
  return Array.isArray(answer) ? answer.every((value) => value.trim() === "") : answer.trim() === "";
}

/** The questions in force for these answers, in order. What hangs on a hidden question is hidden with it. */
export function askedQuestions(questionnaire: Questionnaire, answers: Answers): Question[] {
  const asked = new Set<string>();
  return questionnaire.questions.filter(({ id, showIf }) => {
    if (showIf !== undefined) {
      if (!asked.has(showIf.question)) return false;
      const given = answerTo(answers, showIf.question);
      const values = Array.isArray(given) ? given : [given];
      if (!values.some((value) => showIf.any.includes(value))) return false;
    }
    asked.add(id);
    return true;
  });
}

/** Each follow-up right after the question that calls for it, wherever the questionnaire has it. */
export function followed(questions: readonly Question[], after?: string): Question[] {
  return questions
    .filter(({ showIf }) => showIf?.question === after)
    .flatMap((question) => [question, ...followed(questions, question.id)]);
}

/** What is sent: answers to the questions in force, in their order, blank ones and those of hidden questions left out. */
export function answersAsked(questionnaire: Questionnaire, answers: Answers): Answers {
  return Object.fromEntries(
    askedQuestions(questionnaire, answers)
      .map(({ id }) => [id, answerTo(answers, id)] as const)
      .filter(([, answer]) => !isBlank(answer)),
  );
}

/** Characters of one answer; longer accounts go into a file. */
export const longestAnswer: Record<QuestionType, number> = {
  text: 2_000,
  long: 100_000,
  choice: 200,
  choices: 200,
  date: 10,
};

export type AnswerProblem = { id: string; problem: "required" | "long" | "format" };

/** Whether YYYY-MM-DD names a day. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** What is wrong with this answer to this question; null: it can be sent. */
export function problemOfAnswer(question: Question, answer: string | string[]): AnswerProblem["problem"] | null {
  if (isBlank(answer)) return question.required === true ? "required" : null;
  const values = Array.isArray(answer) ? answer : [answer];
  if (values.some((value) => value.trim().length > longestAnswer[question.type])) return "long";
  const listed = (value: string): boolean => question.options?.some((option) => option.value === value) ?? false;
  switch (question.type) {
    case "text":
    case "long":
      return Array.isArray(answer) ? "format" : null;
    case "choice":
      return Array.isArray(answer) || !listed(answer) ? "format" : null;
    case "choices":
      return !Array.isArray(answer) || !answer.every(listed) ? "format" : null;
    case "date":
      return Array.isArray(answer) || !isDay(answer) ? "format" : null;
  }
}

/** What a person still has to mend, in the order of the questions in force. Empty: the answers can be sent. */
export function checkAnswers(questionnaire: Questionnaire, answers: Answers): AnswerProblem[] {
  return askedQuestions(questionnaire, answers).flatMap((question) => {
    const problem = problemOfAnswer(question, answerTo(answers, question.id));
    return problem === null ? [] : [{ id: question.id, problem }];
  });
}

/**
 * The text whose SHA-256 names this version of a questionnaire: fields in one order, nothing that
 * says the same as its absence. What people were asked is known again by it.
 */
export function canonicalQuestionnaire({ id, questions }: Questionnaire): string {
  const option = ({ value, labelKey, hintKey }: Option): Option => ({ value, labelKey, ...(hintKey && { hintKey }) });
  return JSON.stringify({
    id,
    questions: questions.map((each) => ({
      id: each.id,
      type: each.type,
      labelKey: each.labelKey,
      hintKey: each.hintKey,
      warningKey: each.warningKey,
      required: each.required === true ? true : undefined,
      options: each.options?.map(option),
      showIf: each.showIf && { question: each.showIf.question, any: each.showIf.any },
    })),
  });
}

/** For the sealed summary: the first category ticked or "", and the first line of the report, cut to 120 characters. */
export function summarize(answers: Answers): { category: string; title: string } {
  const [categories, what] = [answerTo(answers, "categories"), answerTo(answers, "what")];
  const category = (Array.isArray(categories) ? categories[0] : undefined) ?? "";
  const line = typeof what === "string" ? (what.split("\n").find((text) => text.trim() !== "") ?? "").trim() : "";
  const chars = [...line];
  // By UTF-16 length, which is what the summary's shape counts.
  while (chars.join("").length > 120) chars.length = Math.min(chars.length - 1, 120);
  return { category, title: chars.join("") };
}
