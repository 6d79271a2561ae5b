/** Which questions a channel asks, and whether answers can be taken: the same in browser and assisted mode. */
import general from "./questionnaires/general.json" with { type: "json" };
import sb53 from "./questionnaires/sb53.json" with { type: "json" };

export const questionTypes = ["text", "long", "choice", "choices", "date"] as const;
export type QuestionType = (typeof questionTypes)[number];

export interface Option {
  value: string;
  /** In the namespace "questionnaires", like every key here. */
  labelKey: string;
}

export interface Question {
  id: string;
  type: QuestionType;
  labelKey: string;
  hintKey?: string;
  required?: boolean;
  /** For choice and choices only. */
  options?: Option[];
}

export interface Questionnaire {
  id: string;
  questions: Question[];
}

/** By question id: text, or the values ticked. */
export type Answers = Record<string, string | string[]>;

/** The files are ours and a test holds them to this shape; `type` is a plain string to the compiler. */
const questionnaires = [sb53, general] as Questionnaire[];

export const questionnaireIds: readonly string[] = questionnaires.map(({ id }) => id);

/** A channel may name a questionnaire of a newer version: the general one still lets the person write. */
export function findQuestionnaire(id: string): Questionnaire {
  return questionnaires.find((each) => each.id === id) ?? questionnaires.at(-1)!;
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

function problemOf(question: Question, answer: string | string[]): AnswerProblem["problem"] | null {
  const values = (Array.isArray(answer) ? answer : [answer])
    .map((value) => value.trim())
    .filter((value) => value !== "");
  if (values.length === 0) return question.required === true ? "required" : null;
  if (values.some((value) => value.length > longestAnswer[question.type])) return "long";
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
      return Array.isArray(answer) || !/^\d{4}-\d{2}-\d{2}$/.test(answer) ? "format" : null;
  }
}

/** What a person still has to mend, in the order of the questions. Empty: the answers can be sent. */
export function checkAnswers(questionnaire: Questionnaire, answers: Answers): AnswerProblem[] {
  return questionnaire.questions.flatMap((question) => {
    const problem = problemOf(question, answers[question.id] ?? "");
    return problem === null ? [] : [{ id: question.id, problem }];
  });
}

/** For the sealed summary: the first category ticked or "", and the first line of the report, cut to 120 characters. */
export function summarize(answers: Answers): { category: string; title: string } {
  const { categories, what } = answers;
  const category = (Array.isArray(categories) ? categories[0] : undefined) ?? "";
  const line = typeof what === "string" ? (what.split("\n").find((text) => text.trim() !== "") ?? "").trim() : "";
  const chars = [...line];
  // By UTF-16 length, which is what the summary's shape counts.
  while (chars.join("").length > 120) chars.length = Math.min(chars.length - 1, 120);
  return { category, title: chars.join("") };
}
