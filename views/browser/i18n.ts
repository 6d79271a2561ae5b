/** Words for people in scripts: the same JSON files as on the server, sent with the page. */
import i18next from "i18next";

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

/** Call once at the start of an entry. Keys are `namespace:key`; without namespace: common. */
export async function loadWords(page: PageData): Promise<Translate> {
  const i18n = i18next.createInstance();
  await i18n.init({
    lng: page.lang,
    fallbackLng: "en",
    resources: page.words,
    defaultNS: "common",
    // Words go into the page as text, never as HTML; lit escapes what it prints.
    interpolation: { escapeValue: false },
  });
  const fixed = i18n.getFixedT(page.lang);
  return (key, values) => fixed(key, values ?? {});
}
