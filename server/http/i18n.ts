/** Words for people on the server: the same JSON files that the browser gets. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import type { Request } from "express";

/** One JSON file each: views/locales/<language>/<namespace>.json. */
export const namespaces = [
  "common",
  "reporter",
  "report",
  "mailbox",
  "questionnaires",
  "assisted",
  "console",
  "setup",
  "demo",
  "errors",
  "metadata",
  "faults",
  "templates",
  "presentation",
] as const;
export type Namespace = (typeof namespaces)[number];

/** `t("reporter:landing.title", { name })`; a key without namespace is looked up in common. */
export type Translate = (key: string, values?: Record<string, string | number>) => string;

type Words = { [key: string]: string | Words };

const localesDir = join(import.meta.dirname, "../../views/locales");
/** Folder names are BCP 47 tags; English first, the language of last resort. */
export const languages: readonly string[] = readdirSync(localesDir).sort((a, b) =>
  a === "en" ? -1 : b === "en" ? 1 : a.localeCompare(b),
);

function readWords(language: string, namespace: Namespace): Words {
  return JSON.parse(readFileSync(join(localesDir, language, `${namespace}.json`), "utf8")) as Words;
}

const resources = Object.fromEntries(
  languages.map((language) => [
    language,
    Object.fromEntries(namespaces.map((namespace) => [namespace, readWords(language, namespace)])),
  ]),
);

const i18n = i18next.createInstance();
await i18n.init({
  resources,
  supportedLngs: [...languages],
  fallbackLng: "en",
  ns: [...namespaces],
  defaultNS: "common",
  // EJS escapes what it prints; escaping here as well would show &amp; to people.
  interpolation: { escapeValue: false },
});

/** The best language for this browser among those there are words for. */
export function languageOf(req: Request): string {
  const match = req.acceptsLanguages(...languages);
  return match === false ? "en" : match;
}

/** Words in one language. */
export function translator(language: string): Translate {
  const fixed = i18n.getFixedT(language);
  return (key, values) => fixed(key, values ?? {});
}

/** Words in the language of this request. */
export function t(req: Request): Translate {
  return translator(languageOf(req));
}

/** "rtl" for Arabic, Hebrew and their like. */
export function directionOf(language: string): "ltr" | "rtl" {
  return i18n.dir(language);
}

/** The words that a page's script needs, English filling the gaps of other languages in the browser. */
export function wordsFor(language: string, wanted: readonly Namespace[]): Record<string, Record<string, Words>> {
  const sent = language === "en" ? ["en"] : [language, "en"];
  return Object.fromEntries(
    sent.map((each) => [each, Object.fromEntries(wanted.map((name) => [name, resources[each]?.[name] ?? {}]))]),
  );
}
