/** The operator's own words in place of ours, and for the operator's own questions. */
import { z } from "../../../crypto/shape.ts";
import { parseJsonFile, type ParsedFile, type RuleProblem } from "../json-file.ts";

/**
 * What reporters read. Not "errors" and not most of "common": the console shows those too, and
 * what a member is told there is not the operator's to change.
 */
export const editableNamespaces = [
  "reporter",
  "report",
  "mailbox",
  "questionnaires",
  "assisted",
  "rights",
  "files",
  "hints",
  "metadata",
  "proof",
  "templates",
] as const;

/** Words outside those namespaces that are still the operator's: the name at the top of the page. */
const editableKeys: ReadonlySet<string> = new Set(["common:siteName.reporter"]);

/** By "namespace:key". */
export type Texts = Record<string, string>;

/** The words that come with the software; null where there are none. */
export type BuiltInWords = (language: string, key: string) => string | null;

const longestText = 5_000;

export function isEditable(key: string): boolean {
  const [namespace] = key.split(":", 1);
  return editableKeys.has(key) || (editableNamespaces as readonly string[]).includes(namespace ?? "");
}

/** Keys of the operator's own questions and templates: such as own.budget.label in "questionnaires". */
const ownKey = /^(?:questionnaires|templates):own(?:\.[a-z0-9-]{1,40}){1,4}$/;
const dangerous = /(?:^|[.:])(?:constructor|prototype|__proto__)(?:[.:]|$)/;

export function isOwnKey(key: string): boolean {
  return ownKey.test(key) && !dangerous.test(key);
}

/**
 * Another key that is this one's beginning: "questionnaires:own.team" for "questionnaires:own.team.a". Words lie in
 * a tree; where one has words there is no room for others behind it.
 */
export function beginningOf(key: string, keys: ReadonlySet<string>): string | null {
  for (let end = key.lastIndexOf("."); end > 0; end = key.lastIndexOf(".", end - 1))
    if (keys.has(key.slice(0, end))) return key.slice(0, end);
  return null;
}

const placeholder = /\{\{\s*-?\s*([^{},]*?)\s*(?:,[^}]*)?\}\}/g;

/** Names in {{double braces}}, sorted. */
export function placeholdersOf(words: string): string[] {
  return [...new Set([...words.matchAll(placeholder)].map(([, name]) => name ?? ""))].sort();
}

/** Why these words cannot stand for this key; null: they can. */
export function problemOfText(
  language: string,
  key: string,
  words: string,
  builtIn: BuiltInWords,
): Omit<RuleProblem, "path"> | null {
  const fault = (what: string, values: RuleProblem["values"] = {}): Omit<RuleProblem, "path"> => ({
    key: `presentation:fault.${what}`,
    values: { field: key, ...values },
  });
  const ours = isEditable(key) && !dangerous.test(key) ? (builtIn(language, key) ?? builtIn("en", key)) : null;
  if (ours === null && !isOwnKey(key)) return fault("unknownText");
  if (words.trim() === "") return fault("blankText");
  // i18next would look up other words there, or run a formatter.
  if (/\$t\s*\(/.test(words)) return fault("nesting");
  // eslint-disable-next-line no-control-regex -- control characters, and those that turn the direction of text around
  if (/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/.test(words)) return fault("invisible");
  const wanted = ours === null ? [] : placeholdersOf(ours);
  const given = placeholdersOf(words);
  const stray = words.replaceAll(placeholder, "").includes("{{") || given.some((name) => !wanted.includes(name));
  if (stray || given.length !== wanted.length) {
    if (wanted.length === 0) return fault("noPlaceholders");
    return fault("placeholders", { wanted: wanted.map((name) => `{{${name}}}`).join(", ") });
  }
  // Only the plain form: a format or an unescape mark would do something else with the value.
  if (words.replaceAll(/\{\{\w+\}\}/g, "").includes("{{"))
    return fault("placeholders", { wanted: wanted.map((name) => `{{${name}}}`).join(", ") });
  return null;
}

/** What one file of texts is judged by besides itself. */
export interface TextsAround {
  builtIn: BuiltInWords;
  /** Own keys of the other languages' files: English stands in every language's gaps, so all share one tree. */
  ownKeys?: ReadonlySet<string>;
}

/** Why a key cannot stand with these words, beside the other keys; null: it can. */
function makeJudge(
  texts: Texts,
  language: string,
  { builtIn, ownKeys = new Set() }: TextsAround,
): (key: string) => Omit<RuleProblem, "path"> | null {
  const keys = new Set([...Object.keys(texts), ...ownKeys]);
  return (key) => {
    const problem = problemOfText(language, key, texts[key]!, builtIn);
    if (problem !== null || !isOwnKey(key)) return problem;
    const beginning = beginningOf(key, keys);
    return beginning === null
      ? null
      : { key: "presentation:fault.beginning", values: { field: key, other: beginning } };
  };
}

const shape: z.ZodMiniType<Texts> = z.record(z.string(), z.string().check(z.maxLength(longestText)));

export function parseTexts(source: string, language: string, around: TextsAround): ParsedFile<Texts> {
  return parseJsonFile(source, shape, {
    most: 400_000,
    rules: (texts) => {
      const judge = makeJudge(texts, language, around);
      return Object.keys(texts).flatMap((key) => {
        const problem = judge(key);
        return problem === null ? [] : [{ path: [key], ...problem }];
      });
    },
  });
}

/** Of a file saved under older software: what can still stand. */
export function usableTexts(
  source: string,
  language: string,
  around: TextsAround,
): { texts: Texts; dropped: string[] } {
  const parsed = parseJsonFile(source, shape, { most: 400_000 });
  if ("problems" in parsed) return { texts: {}, dropped: [`texts-${language}`] };
  const texts: Texts = {};
  const dropped: string[] = [];
  const judge = makeJudge(parsed.value, language, around);
  for (const [key, words] of Object.entries(parsed.value))
    if (judge(key) === null) texts[key] = words;
    else dropped.push(key);
  return { texts, dropped };
}
