/** The page's small translator says what i18next says: every word of every language, every plural form, values put in. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import i18next from "i18next";
import { listLanguages } from "../../server/http/word-files.ts";
import { loadWords } from "../../views/browser/i18n.ts";
import { isolated } from "../../views/locales/say.ts";

type Words = { [key: string]: string | Words };
const localesDir = join(import.meta.dirname, "../../views/locales");
const counts = [0, 1, 2, 3, 5, 7, 11, 21, 22, 100, 101, 1_000_000];

function keysOf(words: Words, prefix = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
}

for (const lang of listLanguages(localesDir))
  test(`${lang}: every key, count and value as i18next has it`, async () => {
    const files = readdirSync(join(localesDir, lang)).filter((name) => !["about.json", "source.json"].includes(name));
    const words = Object.fromEntries(
      files.map((name) => [
        name.replace(/\.json$/, ""),
        JSON.parse(readFileSync(join(localesDir, lang, name), "utf8")) as Words,
      ]),
    );
    const page = { lang, words: { [lang]: words }, data: {} };
    const ours = await loadWords(page);
    const i18n = i18next.createInstance();
    await i18n.init({
      lng: lang,
      fallbackLng: "en",
      resources: page.words,
      defaultNS: "common",
      interpolation: { escapeValue: false },
    });
    const fixed = i18n.getFixedT(lang);
    // What runs against the language is kept apart, on the server too: server/http/i18n.ts.
    const theirs = (key: string, given: Record<string, string | number> = {}): string => {
      const told = Object.entries(given).map(([name, value]) => [
        name,
        typeof value === "string" ? isolated(value, lang) : value,
      ]);
      return fixed(key, Object.fromEntries(told)) as string;
    };
    // Values that a careless replacement would take for a pattern or for another placeholder.
    const values: Record<string, string> = {};
    for (const [, name] of JSON.stringify(words).matchAll(/\{\{(\w+)\}\}/g)) values[name!] = `<${name!} $& %>`;
    let compared = 0;
    for (const [namespace, each] of Object.entries(words))
      for (const key of keysOf(each)) {
        const full = `${namespace}:${key}`;
        assert.equal(ours(full, values), theirs(full, values), full);
        compared++;
        if (!/_(zero|one|two|few|many|other)$/.test(key)) continue;
        const base = full.replace(/_[a-z]+$/, "");
        for (const count of counts)
          assert.equal(ours(base, { ...values, count }), theirs(base, { ...values, count }), `${base} ${count}`);
      }
    assert.ok(compared > 3);
    assert.equal(ours("skipLink"), theirs("skipLink"), "without a namespace: common");
    assert.equal(ours("report:not.there"), theirs("report:not.there"));
  });
