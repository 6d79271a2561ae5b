/** The words that come with the software, by key: what an operator's own words are measured by. */
import { editableNamespaces, isEditable } from "../../data/policy/presentation/texts.ts";
import { languages } from "./i18n.ts";
import { flatten, localesDir, readLocale } from "./word-files.ts";

/** "namespace:key" → words, of everything that an operator may put other words for. */
function read(language: string): ReadonlyMap<string, string> {
  const locale = readLocale(localesDir, language, ["common", ...editableNamespaces]);
  const all = Object.entries(locale).flatMap(([namespace, words]) =>
    flatten(words, "").map(([key, text]) => [`${namespace}:${key}`, text] as const),
  );
  return new Map(all.filter(([key]) => isEditable(key)));
}

const byLanguage = new Map(languages.map((language) => [language, read(language)]));

export function builtInWords(language: string, key: string): string | null {
  return byLanguage.get(language)?.get(key) ?? null;
}

/** All of them, in the order of the files. */
export function listBuiltInWords(language: string): Record<string, string> {
  return Object.fromEntries(byLanguage.get(language) ?? []);
}
