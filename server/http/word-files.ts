/** The files of words: how they are read, and how one language's gaps are filled from English. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Words = { [key: string]: string | Words };
/** By namespace. */
export type Locale = Record<string, Words>;

/** views/locales/<language>/about.json */
export interface LanguageAbout {
  /** In its own language, as the chooser of languages shows it. */
  name: string;
  /** Who that speaks it from birth has read all of it, and the day (YYYY-MM-DD); null: nobody yet. */
  reviewed: { by: string; on: string } | null;
  /** "namespace:key" of words that are the same as in English, each with the reason. */
  same?: Record<string, string>;
}

export const localesDir = join(import.meta.dirname, "../../views/locales");

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

/** Folder names are BCP 47 tags; English first, the language of last resort, the others by tag. */
export function listLanguages(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => existsSync(join(dir, name, "about.json")))
    .sort((a, b) => (a === "en" ? -1 : b === "en" ? 1 : a < b ? -1 : 1));
}

/** Namespaces without a file are left out: a language may have words for reporters only. */
export function readLocale(dir: string, language: string, namespaces: readonly string[]): Locale {
  return Object.fromEntries(
    namespaces.flatMap((namespace) => {
      const file = join(dir, language, `${namespace}.json`);
      return existsSync(file) ? [[namespace, readJson(file) as Words]] : [];
    }),
  );
}

export function readAbout(dir: string, language: string): LanguageAbout {
  return readJson(join(dir, language, "about.json")) as LanguageAbout;
}

/** "landing.title" and so on with their words, in the file's order. */
export function flatten(words: Words, prefix = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
}

/** The opposite of `flatten`; later values win. */
export function nest(flat: Iterable<readonly [string, string]>): Words {
  const words: Words = {};
  for (const [key, value] of flat) {
    const path = key.split(".");
    const last = path.pop()!;
    let group = words;
    for (const part of path) {
      const known = group[part];
      group = typeof known === "object" ? known : (group[part] = {});
    }
    group[last] = value;
  }
  return words;
}

const numberEnding = /_(?:zero|one|two|few|many|other)$/;

/** Words that depend on a number are asked for without the ending: docs of i18next, plurals. */
export function withoutNumber(key: string): string {
  return key.replace(numberEnding, "");
}

/** Endings that this language's numbers need, in the order in which Intl names them. */
export function pluralForms(language: string): string[] {
  return new Intl.PluralRules(language).resolvedOptions().pluralCategories;
}

/**
 * "many_one" in English is "many_one", "many_few", … in Polish: what a whole translation of these keys has.
 * Where English has words of its own for none ("_zero"), every language has: with a number they would say something else.
 */
export function keysNeeded(english: readonly string[], language: string): string[] {
  const counted = new Set(english.filter((key) => numberEnding.test(key)).map(withoutNumber));
  const seen = new Set<string>();
  return english.flatMap((key) => {
    const base = withoutNumber(key);
    if (!numberEnding.test(key) || !counted.has(base)) return [key];
    if (seen.has(base)) return [];
    seen.add(base);
    const none = english.includes(`${base}_zero`) ? ["zero"] : [];
    return [...new Set([...none, ...pluralForms(language)])].map((form) => `${base}_${form}`);
  });
}

/** English words for a key of another language: forms that English does not have are its "other". */
export function englishFor(key: string, english: ReadonlyMap<string, string>): string | undefined {
  return english.get(key) ?? english.get(`${withoutNumber(key)}_other`);
}

/** One language whole: its own words, and English where it has none. Complete languages get no English. */
export function fillGaps(own: Words, english: Words, language: string): Words {
  const words = new Map(flatten(own));
  const source = new Map(flatten(english));
  for (const key of keysNeeded([...source.keys()], language))
    if (!words.has(key)) words.set(key, englishFor(key, source) ?? "");
  return nest(words);
}

/** True when nothing of these namespaces is missing; half a language is not offered to anybody. */
export function isComplete(own: Locale, english: Locale, language: string): boolean {
  return Object.entries(english).every(([namespace, words]) => {
    const known = new Set(flatten(own[namespace] ?? {}).map(([key]) => key));
    return keysNeeded(
      flatten(words).map(([key]) => key),
      language,
    ).every((key) => known.has(key));
  });
}
