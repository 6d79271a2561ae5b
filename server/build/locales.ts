/**
 * What a translation has and lacks, and how a translator's words get into the files.
 *
 *   npm run locales -- check [language]        what is wrong, for one language or all
 *   npm run locales -- todo <language>         JSON {namespace: {key: English}} of what is to be translated
 *   npm run locales -- merge <language> <file> puts words of the same form into the files and stamps them
 *
 * docs/TRANSLATING.md is the how-to. source.json of a language keeps, for each key, a hash of the
 * English words that it was translated from: when English changes, the key is out of step.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { translatedNamespaces } from "../http/i18n.ts";
import {
  englishFor,
  flatten,
  keysNeeded,
  listLanguages,
  localesDir,
  nest,
  readAbout,
  readLocale,
  withoutNumber,
  type LanguageAbout,
} from "../http/word-files.ts";

/** By "namespace:key". */
type Flat = Map<string, string>;

/** Every list holds "namespace:key", with what is wrong behind it where that is not plain. */
export interface LocaleFaults {
  missing: string[];
  extra: string[];
  /** English changed since. */
  outOfStep: string[];
  placeholders: string[];
  /** Equal to English and not in about.json's list of those that are right so. */
  untranslated: string[];
  /** In that list and not equal to English (any more). */
  notSame: string[];
  /** Empty, with blanks around, or looking up other words. */
  malformed: string[];
}

export function placeholdersIn(words: string): string[] {
  return [...new Set([...words.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map(([, name]) => name ?? ""))].sort();
}

/** Null when right. A form for one or two things may say the number in words. */
export function placeholderFault(key: string, words: string, english: string): string | null {
  const wanted = placeholdersIn(english);
  const given = placeholdersIn(words);
  const mayDrop = /_(?:zero|one|two)$/.test(key) ? ["count"] : [];
  const absent = wanted.filter((name) => !given.includes(name) && !mayDrop.includes(name));
  const stray = given.filter((name) => !wanted.includes(name) && !(name === "count" && key !== withoutNumber(key)));
  if (absent.length === 0 && stray.length === 0) return null;
  const list = (names: string[]): string => names.map((name) => `{{${name}}}`).join(", ") || "none";
  return `must have ${list(wanted)}, has ${list(given)}`;
}

function malformed(words: string): boolean {
  // i18next would look up other words at a dollar sign and t; the last are marks that turn text around.
  return words.trim() === "" || words !== words.trim() || /\$t\(/.test(words) || /[\u202A-\u202E]/u.test(words);
}

function flatLocale(dir: string, language: string, namespaces: readonly string[]): Flat {
  return new Map(
    Object.entries(readLocale(dir, language, namespaces)).flatMap(([namespace, words]) =>
      flatten(words).map(([key, value]) => [`${namespace}:${key}`, value] as const),
    ),
  );
}

/** Of the English words that a key is translated from; of all forms where it depends on a number. */
function stampOf(key: string, english: Flat): string {
  const base = withoutNumber(key);
  const own = english.get(key) !== undefined && base === key;
  const words = own ? [english.get(key)] : [...english].filter(([each]) => withoutNumber(each) === base);
  return createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 8);
}

function readStamps(dir: string, language: string): Record<string, string> {
  const file = join(dir, language, "source.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
}

/** Words that have letters of their own, apart from placeholders. */
const saysSomething = (words: string): boolean => /\p{L}/u.test(words.replaceAll(/\{\{[^}]*\}\}/g, ""));

/** Everything that keeps a language from being whole and in step with English. */
export function checkLocale(dir: string, language: string, namespaces: readonly string[]): LocaleFaults {
  const english = flatLocale(dir, "en", namespaces);
  const own = flatLocale(dir, language, namespaces);
  const stamps = readStamps(dir, language);
  const same = readAbout(dir, language).same ?? {};
  const needed = keysNeeded([...english.keys()], language);
  const there = needed.filter((key) => own.has(key));
  const isSame = (key: string): boolean => own.get(key) === englishFor(key, english);
  return {
    missing: needed.filter((key) => !own.has(key)),
    extra: [...own.keys(), ...Object.keys(stamps)].filter((key) => !needed.includes(key)),
    outOfStep: there.filter((key) => stamps[key] !== stampOf(key, english)),
    placeholders: there.flatMap((key) => {
      const fault = placeholderFault(key, own.get(key)!, englishFor(key, english)!);
      return fault === null ? [] : [`${key} ${fault}`];
    }),
    untranslated: there.filter((key) => isSame(key) && saysSomething(own.get(key)!) && same[key] === undefined),
    notSame: Object.keys(same).filter((key) => !isSame(key) || same[key]!.trim() === ""),
    malformed: there.filter((key) => malformed(own.get(key)!)),
  };
}

type ByNamespace = Record<string, Record<string, string>>;

/** What a translator has to do: what is missing or out of step, with the English words. */
export function listWork(dir: string, language: string, namespaces: readonly string[]): ByNamespace {
  const english = flatLocale(dir, "en", namespaces);
  const known = existsSync(join(dir, language, "about.json"));
  const faults = known ? checkLocale(dir, language, namespaces) : null;
  const wanted = faults === null ? null : new Set([...faults.missing, ...faults.outOfStep, ...faults.untranslated]);
  const work: ByNamespace = {};
  for (const key of keysNeeded([...english.keys()], language)) {
    if (wanted !== null && !wanted.has(key)) continue;
    const [namespace = "", ...rest] = key.split(":");
    (work[namespace] ??= {})[rest.join(":")] = englishFor(key, english) ?? "";
  }
  return work;
}

const printed = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Writes translated words into the language's files in English's order and stamps them. Nothing is
 * written when anything is wrong. Words equal to English must be in about.json's `same`, with the reason.
 * @returns what is wrong, a line each; empty: done
 */
export function mergeWords(
  dir: string,
  language: string,
  translated: ByNamespace,
  namespaces: readonly string[],
): string[] {
  const english = flatLocale(dir, "en", namespaces);
  const needed = keysNeeded([...english.keys()], language);
  const isNew = !existsSync(join(dir, language, "about.json"));
  const about = isNew ? newAbout(language) : readAbout(dir, language);
  const given = new Map(
    Object.entries(translated).flatMap(([namespace, words]) =>
      flatten(words).map(([key, value]) => [`${namespace}:${key}`, value] as const),
    ),
  );
  const faults = [...given].flatMap(([key, words]) => {
    if (!needed.includes(key)) return [`${key}: there is no such key`];
    if (typeof words !== "string" || malformed(words))
      return [`${key}: empty, blanks around, or a mark that is not allowed`];
    const source = englishFor(key, english)!;
    const fault = placeholderFault(key, words, source);
    if (fault !== null) return [`${key}: ${fault}`];
    const untranslated = words === source && saysSomething(words) && about.same?.[key] === undefined;
    return untranslated ? [`${key}: equal to English; if that is right, say why under "same" in about.json`] : [];
  });
  if (faults.length > 0) return faults;
  const words = flatLocale(dir, language, namespaces);
  const stamps = readStamps(dir, language);
  for (const [key, value] of given) {
    words.set(key, value);
    stamps[key] = stampOf(key, english);
  }
  mkdirSync(join(dir, language), { recursive: true });
  for (const namespace of namespaces) {
    const own = needed.flatMap((key) =>
      key.startsWith(`${namespace}:`) && words.has(key)
        ? [[key.slice(namespace.length + 1), words.get(key)!] as const]
        : [],
    );
    if (own.length > 0) writeFileSync(join(dir, language, `${namespace}.json`), printed(nest(own)));
  }
  const kept = needed.flatMap((key) => (stamps[key] === undefined ? [] : [[key, stamps[key]] as const]));
  writeFileSync(join(dir, language, "source.json"), printed(Object.fromEntries(kept)));
  if (isNew) writeFileSync(join(dir, language, "about.json"), printed(about));
  return [];
}

/** The name as Unicode's data has it in the language itself; a translator may write it better. */
function newAbout(language: string): LanguageAbout {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return { name: name.charAt(0).toLocaleUpperCase(language) + name.slice(1), reviewed: null, same: {} };
}

function run([command, language, file]: string[]): number {
  const known = listLanguages(localesDir).filter((each) => each !== "en");
  if (command === "check") {
    let wrong = 0;
    for (const each of language === undefined ? known : [language])
      for (const [kind, keys] of Object.entries(checkLocale(localesDir, each, translatedNamespaces) as object))
        for (const key of keys as string[]) {
          console.log(`${each} ${kind}: ${key}`);
          wrong++;
        }
    return wrong === 0 ? 0 : 1;
  }
  if (command === "todo" && language !== undefined) {
    process.stdout.write(printed(listWork(localesDir, language, translatedNamespaces)));
    return 0;
  }
  if (command === "merge" && language !== undefined && language !== "en" && file !== undefined) {
    const words = JSON.parse(readFileSync(file, "utf8")) as ByNamespace;
    const faults = mergeWords(localesDir, language, words, translatedNamespaces);
    for (const fault of faults) console.error(fault);
    return faults.length === 0 ? 0 : 1;
  }
  console.error("usage: npm run -s locales -- check [language] | todo <language> | merge <language> <file>");
  return 2;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = run(process.argv.slice(2));
