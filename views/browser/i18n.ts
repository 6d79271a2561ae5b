/**
 * Words for people in scripts: the same JSON files as on the server, sent with the page. What the
 * files use of i18next's format is done here: i18next itself is 15 kB of a page that a phone loads
 * over Tor (test/unit/browser-words.test.ts holds both to the same words).
 */

import { isolated } from "../locales/say.ts";

type Words = { [key: string]: string | Words };

export interface PageData {
  /** BCP 47 tag; also the key of the first set of words. */
  lang: string;
  /** Words of that language alone, by namespace. */
  words: Record<string, Record<string, Words>>;
  /** What the page's route put into `data`. */
  data: Record<string, unknown>;
}

export type Translate = (key: string, values?: Record<string, string | number>) => string;

/** The JSON block that server/http/pages.ts puts at the end of the page. Throws when there is none. */
export function readPageData(): PageData {
  const block = document.getElementById("page-data");
  if (block === null) throw new Error("this page has no data block");
  return JSON.parse(block.textContent) as PageData;
}

/** A page's address in this language; the API has one address for all. `path` may have a fragment. */
export function hrefIn(lang: string, path: string): string {
  return `/${lang}${path}`;
}

function find(words: Words | undefined, key: string): string | undefined {
  let found: string | Words | undefined = words;
  for (const part of key.split("."))
    found = typeof found === "object" && Object.hasOwn(found, part) ? found[part] : undefined;
  return typeof found === "string" ? found : undefined;
}

/**
 * Call once at the start of an entry. Keys are `namespace:key`; without namespace: common. With a
 * `count`, words are looked up under the ending of its plural form first. No words: the key.
 */
export async function loadWords(page: PageData): Promise<Translate> {
  const forms = new Intl.PluralRules(page.lang);
  return (key, values = {}) => {
    const [namespace, rest] = key.includes(":") ? (key.split(/:(.*)/s) as [string, string]) : ["common", key];
    const words = page.words[page.lang]?.[namespace];
    const { count } = values;
    const endings =
      typeof count === "number" ? [...(count === 0 ? ["_zero"] : []), `_${forms.select(count)}`, ""] : [""];
    const found = endings.map((ending) => find(words, rest + ending)).find((each) => each !== undefined) ?? rest;
    // Words go into the page as text, never as HTML; lit escapes what it prints.
    return found.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => {
      const value = values[name] ?? "";
      return typeof value === "string" ? isolated(value, page.lang) : String(value);
    });
  };
}
