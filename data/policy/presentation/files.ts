/** All of an operator's files together: each is judged beside the others, because questions need words. */
import { builtInQuestionnaires } from "../built-in-questionnaires.ts";
import { parseDutiesFile, type DutiesFile } from "../deadlines/duties-file.ts";
import type { FileProblem, ParsedFile } from "../json-file.ts";
import { builtInPresentation, versioned, type Presentation } from "../presentation.ts";
import { parseQuestionnaireFile } from "../questionnaire-file.ts";
import type { Questionnaire } from "../questionnaire.ts";
import { parseRetentionFile } from "../retention-file.ts";
import { retentionOf, type RetentionFile } from "../retention.ts";
import { parseTheme, type Theme } from "./colours.ts";
import { checkLogo, type LogoType } from "./logo.ts";
import { parsePortalFile, type PortalFile } from "./portal.ts";
import { parseTemplates, type Template } from "./templates.ts";
import { beginningOf, isOwnKey, parseTexts, usableTexts, type BuiltInWords, type Texts } from "./texts.ts";

export type FileKind = "portal" | "theme" | "logo" | "templates" | "duties" | "retention" | "texts" | "questionnaire";

const single: readonly FileKind[] = ["portal", "theme", "logo", "templates", "duties", "retention"];

/** `of`: the language of texts, the id of a questionnaire, else "". */
export interface NamedFile {
  kind: FileKind;
  of: string;
}

/** Null: no file of the presentation is called so. */
export function nameOf(name: string, languages: readonly string[]): NamedFile | null {
  const only = single.find((each) => each === name);
  if (only !== undefined) return { kind: only, of: "" };
  const [, kind, of = ""] = /^(texts|questionnaire)-(.+)$/.exec(name) ?? [];
  if (kind === "texts") return languages.includes(of) ? { kind, of } : null;
  return kind === "questionnaire" && /^[a-z][a-z0-9-]{0,39}$/.test(of) && !isInherited(of) ? { kind, of } : null;
}

/** As a name in an object it would be found in every other too. */
const isInherited = (id: string): boolean => id in {};

/** What a file is judged by besides itself. */
export interface Surroundings {
  /** Those that the software has words for, English first. */
  languages: readonly string[];
  builtIn: BuiltInWords;
}

/** By name; a file that was reset is not in it. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface Judged {
  portal: PortalFile;
  theme: Theme | null;
  logo: LogoType | null;
  templates: readonly Template[] | null;
  duties: DutiesFile | null;
  retention: RetentionFile | null;
  questionnaires: Questionnaire[];
  /** By language. */
  texts: Record<string, Texts>;
  /** By name of the file; what is in force leaves those files out, and of texts the keys that are wrong. */
  problems: Record<string, FileProblem[]>;
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const problemAtTop = (key: string, values: FileProblem["values"] = {}): FileProblem => ({
  line: 1,
  column: 1,
  key,
  values,
});

export function judgeFiles(files: Files, { languages, builtIn }: Surroundings): Judged {
  const judged: Judged = {
    portal: {},
    theme: null,
    logo: null,
    templates: null,
    duties: null,
    retention: null,
    questionnaires: [],
    texts: {},
    problems: {},
  };
  const { problems } = judged;
  const named = [...files].flatMap(([name, bytes]) => {
    const is = nameOf(name, languages);
    return is === null ? [] : [{ name, bytes, ...is }];
  });
  function take<T>(name: string, bytes: Uint8Array, parse: (text: string) => ParsedFile<T>): T | null {
    const text = textOf(bytes);
    const parsed = text === null ? { problems: [problemAtTop("presentation:fault.utf8")] } : parse(text);
    if ("value" in parsed) return parsed.value;
    problems[name] = parsed.problems;
    return null;
  }
  const takeTexts = (name: string, bytes: Uint8Array, of: string, ownKeys?: ReadonlySet<string>): Texts => {
    const around = { builtIn, ...(ownKeys && { ownKeys }) };
    return (
      take(name, bytes, (text) => parseTexts(text, of, around)) ?? usableTexts(textOf(bytes) ?? "", of, around).texts
    );
  };

  for (const { name, bytes, kind, of } of named)
    switch (kind) {
      case "portal":
        judged.portal = take(name, bytes, (text) => parsePortalFile(text, languages)) ?? {};
        break;
      case "theme":
        judged.theme = take(name, bytes, parseTheme);
        break;
      case "logo": {
        const checked = checkLogo(bytes);
        if ("value" in checked) judged.logo = checked.value;
        else problems[name] = checked.problems;
        break;
      }
      case "duties":
        judged.duties = take(name, bytes, parseDutiesFile);
        break;
      case "retention":
        judged.retention = take(name, bytes, parseRetentionFile);
        break;
      case "texts":
        judged.texts[of] = takeTexts(name, bytes, of);
        break;
      case "templates":
      case "questionnaire":
    }

  // One language's own key may be the beginning of another's. Hardly ever: only then a file is read again.
  const ownKeys = new Set(Object.values(judged.texts).flatMap((texts) => Object.keys(texts).filter(isOwnKey)));
  const clashes = (key: string): boolean => isOwnKey(key) && beginningOf(key, ownKeys) !== null;
  for (const { name, bytes, kind, of } of named)
    if (kind === "texts" && Object.keys(judged.texts[of] ?? {}).some(clashes))
      judged.texts[of] = takeTexts(name, bytes, of, ownKeys);

  // Only now: what questions and templates say must be there in a language that everybody falls back to.
  const offered = judged.portal.languages ?? languages;
  const has = (language: string, key: string): boolean =>
    builtIn(language, key) !== null ||
    (judged.texts[language] !== undefined && Object.hasOwn(judged.texts[language], key));
  const hasWords = (namespace: string) => (key: string) =>
    has("en", `${namespace}:${key}`) || offered.every((language) => has(language, `${namespace}:${key}`));
  for (const { name, bytes, kind, of } of named) {
    if (kind === "templates")
      judged.templates = take(name, bytes, (text) => parseTemplates(text, hasWords("templates")));
    if (kind !== "questionnaire") continue;
    const questionnaire = take(name, bytes, (text) => parseQuestionnaireFile(text, hasWords("questionnaires")));
    if (questionnaire === null) continue;
    if (questionnaire.id === of) judged.questionnaires.push(questionnaire);
    else problems[name] = [problemAtTop("presentation:fault.fileId", { wanted: of })];
  }
  return judged;
}

/** What is in force: ours, and in its place what the operator set and is right. */
export function presentationOf(
  judged: Judged,
  languages: readonly string[],
  sha256: (text: string) => string,
): Presentation {
  const builtIn = builtInPresentation(languages, sha256);
  const { portal, theme, logo, templates, duties, retention, questionnaires } = judged;
  return {
    languages: portal.languages ?? builtIn.languages,
    metadata: portal.metadata ?? builtIn.metadata,
    outside: builtIn.outside.map((channel) => {
      const known =
        portal.outside !== undefined && Object.hasOwn(portal.outside, channel.id)
          ? portal.outside[channel.id]
          : undefined;
      return known === undefined ? channel : { ...channel, ...known };
    }),
    hasTheme: theme !== null,
    hasLogo: logo !== null,
    questionnaires: versioned([...builtInQuestionnaires, ...questionnaires], sha256),
    templates: templates ?? builtIn.templates,
    duties,
    retention: retentionOf(retention),
  };
}
