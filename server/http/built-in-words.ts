/** The words that come with the software, by key: what an operator's own words are measured by. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { editableNamespaces, isEditable } from "../../data/policy/presentation/texts.ts";
import { languages, namespaces } from "./i18n.ts";

interface Nested {
  [key: string]: string | Nested;
}

const localesDir = join(import.meta.dirname, "../../views/locales");

function flatten(words: Nested, prefix: string, into: Map<string, string>): void {
  for (const [name, value] of Object.entries(words))
    if (typeof value === "string") into.set(prefix + name, value);
    else flatten(value, `${prefix}${name}.`, into);
}

/** "namespace:key" → words, of everything that an operator may put other words for. */
function read(language: string): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const namespace of namespaces) {
    if (namespace !== "common" && !(editableNamespaces as readonly string[]).includes(namespace)) continue;
    const file = join(localesDir, language, `${namespace}.json`);
    flatten(JSON.parse(readFileSync(file, "utf8")) as Nested, `${namespace}:`, all);
  }
  return new Map([...all].filter(([key]) => isEditable(key)));
}

const byLanguage = new Map(languages.map((language) => [language, read(language)]));

export function builtInWords(language: string, key: string): string | null {
  return byLanguage.get(language)?.get(key) ?? null;
}

/** All of them, in the order of the files. */
export function listBuiltInWords(language: string): Record<string, string> {
  return Object.fromEntries(byLanguage.get(language) ?? []);
}
