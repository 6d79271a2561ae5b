/** The questions of a form without scripts: which ones, what came in, and what was typed where nothing was asked. */
import type { RosterChain } from "../../crypto/roster.ts";
import {
  answerTo,
  askedQuestions,
  checkAnswers,
  findActive,
  type Answers,
  type AnswerProblem,
  type Questionnaire,
  type VersionedQuestionnaire,
} from "../../data/policy/questionnaire.ts";
import type { Context } from "../app/context.ts";
import type { Form } from "./form.ts";
import type { Problem } from "./problems.ts";

export const answerField = (id: string): string => `answer-${id}`;

/** What stands on the form, and what it asked when it was opened, if that was something else. */
export interface Asking {
  asked: VersionedQuestionnaire;
  before: Questionnaire | null;
}

/**
 * What a channel asks. A form that was opened before an operator changed the questions is judged by
 * those that stood on it: `version`, as the form says, "" for none.
 */
export async function findAsked(
  { presentation }: Pick<Context, "presentation">,
  { current }: RosterChain,
  channelId: string,
  version: string,
): Promise<Asking> {
  const channel = current.channels.find(({ id }) => id === channelId);
  const active = findActive(presentation.current().questionnaires, channel?.questionnaire ?? "");
  if (version === active.version || !/^[0-9a-f]{64}$/.test(version)) return { asked: active, before: null };
  // A store that cannot answer now must not keep the page from coming back with what was typed.
  const text = await presentation.findQuestionnaire(version).catch(() => null);
  if (text === null) return { asked: active, before: null };
  const before = JSON.parse(text) as Questionnaire;
  const fits = channel === undefined || before.id === active.questionnaire.id;
  return fits ? { asked: { version, questionnaire: before }, before: null } : { asked: active, before };
}

/** Everything that came in for these questions, also for those that are not asked: an error gives it back. */
export function readAnswers(form: Form, { questions }: Questionnaire): Answers {
  const answers: Answers = {};
  for (const { id, type } of questions) {
    const given = form.all(answerField(id));
    // Browsers send every line break as two characters.
    if (type !== "choices" && given[0] !== undefined) answers[id] = given[0].replaceAll("\r\n", "\n");
    if (type === "choices" && given.length > 0) answers[id] = [...given];
  }
  return answers;
}

/** What was typed for questions that are gone, because another place for the report was chosen. */
export function readLeftovers(form: Form, { asked, before }: Asking): string[] {
  const known = new Set(asked.questionnaire.questions.map(({ id }) => id));
  const gone = (before?.questions ?? []).filter(
    ({ id, type }) => !known.has(id) && (type === "text" || type === "long"),
  );
  const texts = [...gone.map(({ id }) => answerField(id)), "leftover"].flatMap((name) => form.all(name));
  return texts.filter((text) => text.trim() !== "").map((text) => text.replaceAll("\r\n", "\n"));
}

/**
 * What is wrong with the answers, in the order of the page. Without scripts every follow-up stands on
 * the page: what somebody typed into one that is not asked would be dropped without a word, so it is a problem.
 */
export function problemsOfAnswers(questionnaire: Questionnaire, answers: Answers): Problem[] {
  const problems = new Map<string, AnswerProblem["problem"] | "unasked">(
    checkAnswers(questionnaire, answers).map(({ id, problem }) => [id, problem]),
  );
  const asked = new Set(askedQuestions(questionnaire, answers).map(({ id }) => id));
  for (const { id, type } of questionnaire.questions) {
    const answer = answerTo(answers, id);
    const typed = (type === "text" || type === "long") && typeof answer === "string" && answer.trim() !== "";
    if (typed && !asked.has(id)) problems.set(id, "unasked");
  }
  return questionnaire.questions.flatMap(({ id, labelKey }) => {
    const problem = problems.get(id);
    return problem === undefined ? [] : [{ is: "answer", field: answerField(id), question: labelKey, problem }];
  });
}
