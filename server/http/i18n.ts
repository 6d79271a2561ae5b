/** Words for people on the server: the same JSON files that the browser gets. */
import i18next from "i18next";
import type { Request } from "express";
import { isolated } from "../../views/locales/say.ts";
import { languageOf } from "./language-address.ts";
import {
  fillGaps,
  isComplete,
  listLanguages,
  localesDir,
  nest,
  readAbout,
  readLocale,
  type Words,
} from "./word-files.ts";

/**
 * What reporters can meet: these are in every language that is offered. One JSON file each,
 * views/locales/<language>/<namespace>.json.
 */
export const reporterNamespaces = [
  "common",
  "reporter",
  "report",
  "mailbox",
  "questionnaires",
  "assisted",
  "errors",
  "files",
  "hints",
  "metadata",
  "templates",
  "rights",
  "proof",
  "notice",
  "heartbeat",
] as const;

/** What members meet besides: offered at the console in every language that has all of it. */
export const consoleNamespaces = [
  "console",
  "setup",
  "faults",
  "presentation",
  "deadlines",
  "duties",
  "incident",
  "retention",
  "notify",
  "noticedesk",
  "work",
  "casework",
  "queue",
  "processing",
  "dashboard",
  "search",
  "taken",
  "previews",
  "together",
  "production",
] as const;

/**
 * What translators translate. The demo's stories and what is said in a shell are English, and so are the documents of a
 * case file, which a court in the United States reads.
 */
export const translatedNamespaces = [...reporterNamespaces, ...consoleNamespaces] as const;
export const namespaces = [...translatedNamespaces, "demo", "shell", "casefile"] as const;
export type Namespace = (typeof namespaces)[number];

/** `t("reporter:landing.title", { name })`; a key without namespace is looked up in common. */
export type Translate = (key: string, values?: Record<string, string | number>) => string;

const builtIn = new Map(
  listLanguages(localesDir).map((language) => [language, readLocale(localesDir, language, namespaces)]),
);
const english = readLocale(localesDir, "en", reporterNamespaces);

/** BCP 47 tags of all that reporters can be answered in, English first. */
export const languages: readonly string[] = [...builtIn].flatMap(([language, words]) =>
  isComplete(words, english, language) ? [language] : [],
);
const abouts = new Map(languages.map((language) => [language, readAbout(localesDir, language)]));

/** Those that members can be answered in. */
export const consoleLanguages: readonly string[] = languages.filter((language) =>
  consoleNamespaces.every((namespace) => builtIn.get(language)?.[namespace] !== undefined),
);

const i18n = i18next.createInstance();
await i18n.init({
  resources: {},
  supportedLngs: [...languages],
  fallbackLng: "en",
  ns: [...namespaces],
  defaultNS: "common",
  // EJS escapes what it prints; escaping here as well would show &amp; to people.
  interpolation: { escapeValue: false },
});

/** The operator's own words, by language, then by "namespace:key". */
export type Overrides = Readonly<Record<string, Readonly<Record<string, string>>>>;
let overrides: Overrides = {};
/** What is said, by language and namespace. */
const current = new Map<string, Map<string, Words>>();

/** Keys may be deep: "landing.title". The operator's words win, key for key. */
function overlay(words: Words, own: Words): Words {
  const merged = { ...words };
  for (const [key, value] of Object.entries(own)) {
    const known = merged[key];
    merged[key] = typeof value === "object" && typeof known === "object" ? overlay(known, value) : value;
  }
  return merged;
}

/** Built-in words under the operator's. */
function wordsOf(language: string, namespace: Namespace): Words {
  const own = Object.entries(overrides[language] ?? {}).flatMap(([key, words]) =>
    key.startsWith(`${namespace}:`) ? [[key.slice(namespace.length + 1), words] as const] : [],
  );
  return overlay(builtIn.get(language)?.[namespace] ?? {}, nest(own));
}

/** English is in every other language's gaps, so one change goes through all. */
function rebuild(): void {
  for (const namespace of namespaces) {
    const english = wordsOf("en", namespace);
    for (const language of languages) {
      const words = language === "en" ? english : fillGaps(wordsOf(language, namespace), english, language);
      const known = current.get(language) ?? new Map<string, Words>();
      current.set(language, known.set(namespace, words));
      i18n.removeResourceBundle(language, namespace);
      i18n.addResourceBundle(language, namespace, words);
    }
  }
}
rebuild();

/**
 * The operator's own words of all languages at once: each rebuilding holds everybody up. They take the place of all
 * that were given before, and hold for the whole process: pages, and what is sent to scripts.
 */
export function setOverrides(words: Overrides): void {
  overrides = words;
  rebuild();
}

/** Name in its own language, direction, and whether somebody who speaks it has read it. */
export interface LanguageFacts {
  tag: string;
  name: string;
  dir: "ltr" | "rtl";
  reviewed: boolean;
}

export function describeLanguage(language: string): LanguageFacts {
  const about = abouts.get(language);
  return {
    tag: language,
    name: about?.name ?? language,
    dir: directionOf(language),
    reviewed: about?.reviewed !== null,
  };
}

/** Words in one language. */
export function translator(language: string): Translate {
  const fixed = i18n.getFixedT(language);
  const told = ([name, value]: [string, string | number]): [string, string | number] => [
    name,
    typeof value === "string" ? isolated(value, language) : value,
  ];
  return (key, values = {}) => fixed(key, Object.fromEntries(Object.entries(values).map(told)));
}

/** Words in the language of this request. */
export function t(req: Request): Translate {
  return translator(languageOf(req));
}

/** "rtl" for Arabic, Hebrew and their like. */
export function directionOf(language: string): "ltr" | "rtl" {
  return i18n.dir(language);
}

/** The words that a page's script needs: this language's only. English stands in it where it has none of its own. */
export function wordsFor(language: string, wanted: readonly Namespace[]): Record<string, Record<string, Words>> {
  const known = current.get(language);
  return { [language]: Object.fromEntries(wanted.map((name) => [name, known?.get(name) ?? {}])) };
}
