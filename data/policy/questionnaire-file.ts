/** What a questionnaire file must be. The same is said by questionnaire.schema.json, in words by docs/QUESTIONNAIRES.md. */
import { z } from "../../crypto/shape.ts";
import { parseJsonFile, type ParsedFile, type RuleProblem } from "./json-file.ts";
import { questionTypes, type Question, type Questionnaire } from "./questionnaire.ts";

/** Each is a page, or a part of one, that somebody reads under stress. */
const mostQuestions = 60;
/** What sealed content takes: crypto/content.ts. */
const mostOptions = 100;

const id = z.string().check(z.maxLength(60), z.regex(/^[a-z][a-z0-9-]*$/, "id"));
/** A roster's channel names its questionnaire so: crypto/roster.ts. */
const fileId = z.string().check(z.maxLength(40), z.regex(/^[a-z][a-z0-9-]*$/, "id"));
/** A category goes into the sealed summary: crypto/summary.ts. */
const value = z.string().check(z.maxLength(40), z.regex(/^[a-z0-9-]+$/, "value"));
const key = z.string().check(z.maxLength(120), z.regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, "key"));
const list = <T>(entry: z.ZodMiniType<T>, most: number) => z.array(entry).check(z.minLength(1), z.maxLength(most));

const option = z.strictObject({ value, labelKey: key, hintKey: z.optional(key) });
const question = z.strictObject({
  id,
  type: z.enum(questionTypes),
  labelKey: key,
  hintKey: z.optional(key),
  warningKey: z.optional(key),
  required: z.optional(z.boolean()),
  options: z.optional(list(option, mostOptions)),
  showIf: z.optional(z.strictObject({ question: id, any: list(value, mostOptions) })),
});

export const questionnaireShape = z.strictObject({ id: fileId, questions: list(question, mostQuestions) });

/** Taken as the names of fields, they would be found in every list of answers. */
const impossibleIds = new Set(["constructor", "prototype"]);

/** `hasWords`: whether there are words behind a key of the namespace "questionnaires". */
export function parseQuestionnaireFile(text: string, hasWords: (key: string) => boolean): ParsedFile<Questionnaire> {
  const parsed = parseJsonFile(text, questionnaireShape, {
    most: 100_000,
    rules: (found) => questionnaireRules(found as Questionnaire, hasWords),
  });
  return parsed as ParsedFile<Questionnaire>;
}

function questionnaireRules({ questions }: Questionnaire, hasWords: (key: string) => boolean): RuleProblem[] {
  const earlier = new Map<string, Question>();
  const found = questions.flatMap((each, i) => {
    const at = (path: (string | number)[], name: string, values: RuleProblem["values"] = {}): RuleProblem => ({
      path: ["questions", i, ...path],
      key: name,
      values,
    });
    const problems = [
      ...idProblems(each, earlier, at),
      ...optionProblems(each, at),
      ...conditionProblems(each, questions.slice(i), earlier, at),
      ...keysOf(each)
        .filter(([, name]) => !hasWords(name))
        .map(([path, name]) => at(path, "words", { key: name })),
    ];
    if (!earlier.has(each.id)) earlier.set(each.id, each);
    return problems;
  });
  const what = questions.findIndex((each) => each.id === "what");
  const text = questions[what];
  // Every report says in words what happened: the desk's list shows its first line.
  if (text === undefined) return [...found, { path: ["questions"], key: "what.missing" }];
  if (text.type !== "long" || text.required !== true || text.showIf !== undefined)
    found.push({ path: ["questions", what], key: "what.form" });
  return found;
}

type At = (path: (string | number)[], key: string, values?: RuleProblem["values"]) => RuleProblem;

function idProblems({ id: name, type }: Question, earlier: ReadonlyMap<string, Question>, at: At): RuleProblem[] {
  if (impossibleIds.has(name)) return [at(["id"], "forbidden", { field: name })];
  if (earlier.has(name)) return [at(["id"], "question.twice", { id: name })];
  return name === "categories" && type !== "choices" ? [at(["type"], "question.categories")] : [];
}

function optionProblems({ type, options }: Question, at: At): RuleProblem[] {
  const chosen = type === "choice" || type === "choices";
  if (options === undefined) return chosen ? [at([], "options.missing", { type })] : [];
  if (!chosen) return [at(["options"], "options.useless", { type })];
  const values = options.map((each) => each.value);
  return values.flatMap((each, i) =>
    values.indexOf(each) < i ? [at(["options", i, "value"], "options.twice", { value: each })] : [],
  );
}

function conditionProblems(
  { showIf }: Question,
  later: readonly Question[],
  earlier: ReadonlyMap<string, Question>,
  at: At,
): RuleProblem[] {
  if (showIf === undefined) return [];
  const named = earlier.get(showIf.question);
  if (named === undefined) {
    const forward = later.some((each) => each.id === showIf.question);
    return [at(["showIf", "question"], forward ? "showIf.later" : "showIf.unknown", { id: showIf.question })];
  }
  if (named.type !== "choice" && named.type !== "choices")
    return [at(["showIf", "question"], "showIf.text", { id: named.id })];
  const values = new Set(named.options?.map((each) => each.value));
  return showIf.any.flatMap((each, i) =>
    values.has(each) ? [] : [at(["showIf", "any", i], "showIf.value", { id: named.id, value: each })],
  );
}

/** Every key of words in a question, with the path to it. */
export function keysOf({ labelKey, hintKey, warningKey, options = [] }: Question): [(string | number)[], string][] {
  const all: [(string | number)[], string | undefined][] = [
    [["labelKey"], labelKey],
    [["hintKey"], hintKey],
    [["warningKey"], warningKey],
    ...options.flatMap((each, i): [(string | number)[], string | undefined][] => [
      [["options", i, "labelKey"], each.labelKey],
      [["options", i, "hintKey"], each.hintKey],
    ]),
  ];
  return all.filter((each): each is [(string | number)[], string] => each[1] !== undefined);
}
