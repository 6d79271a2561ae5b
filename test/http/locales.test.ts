/** Every translation is whole and in step with English; and the tool that says so can find each fault. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { checkLocale, listWork, mergeWords } from "../../server/build/locales.ts";
import {
  describeLanguage,
  languages,
  translatedNamespaces,
  setOverrides,
  translator,
  wordsFor,
} from "../../server/http/i18n.ts";
import {
  flatten,
  fillGaps,
  keysNeeded,
  listLanguages,
  localesDir,
  nest,
  readAbout,
} from "../../server/http/word-files.ts";

const nothingWrong = {
  missing: [],
  extra: [],
  outOfStep: [],
  placeholders: [],
  untranslated: [],
  notSame: [],
  malformed: [],
};

for (const language of listLanguages(localesDir)) {
  test(`${language} has a name and says whether somebody read it`, () => {
    const { name, reviewed } = readAbout(localesDir, language);
    assert.ok(name.trim() !== "");
    assert.deepEqual(Intl.getCanonicalLocales(language), [language]);
    if (reviewed !== null) assert.match(`${reviewed.by} ${reviewed.on}`, /^\S.* \d{4}-\d\d-\d\d$/);
  });
  if (language !== "en")
    test(`${language} is whole: nothing missing, unknown, out of step, equal to English, no placeholder differs`, () =>
      assert.deepEqual(checkLocale(localesDir, language, translatedNamespaces), nothingWrong));
}

test("every whole language is offered, English first", () => assert.deepEqual(languages, listLanguages(localesDir)));

const spaces = ["one", "two"];
const english = {
  one: {
    title: "A title",
    deep: { hint: "Hello {{name}}" },
    many_one: "{{count}} word",
    many_other: "{{count}} words",
  },
  two: { brand: "GOV" },
};

/** A folder with English words and, for Polish, what `merged` puts there. */
function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "locales-"));
  t.after(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, "en"));
  writeFileSync(join(dir, "en/about.json"), `{"name":"English","reviewed":null}`);
  for (const [name, words] of Object.entries(english))
    writeFileSync(join(dir, "en", `${name}.json`), JSON.stringify(words));
  return dir;
}

const polish = {
  one: {
    "deep.hint": "Witaj {{name}}",
    title: "Tytuł",
    many_one: "jedno słowo",
    many_few: "{{count}} słowa",
    many_many: "{{count}} słów",
    many_other: "{{count}} słowa",
  },
};

function merge(dir: string, words: Record<string, Record<string, string>>): string[] {
  return mergeWords(dir, "pl", words, spaces);
}

function withPolish(t: TestContext): string {
  const dir = folder(t);
  assert.deepEqual(merge(dir, polish), []);
  const about = JSON.parse(readFileSync(join(dir, "pl/about.json"), "utf8")) as object;
  writeFileSync(join(dir, "pl/about.json"), JSON.stringify({ ...about, same: { "two:brand": "a name" } }));
  assert.deepEqual(merge(dir, { two: { brand: "GOV" } }), []);
  return dir;
}

test("a translator gets the forms that the language needs, in English's order, and the files keep that order", (t) => {
  const dir = folder(t);
  assert.deepEqual(listWork(dir, "pl", spaces), {
    one: {
      title: "A title",
      "deep.hint": "Hello {{name}}",
      many_one: "{{count}} word",
      many_few: "{{count}} words",
      many_many: "{{count}} words",
      many_other: "{{count}} words",
    },
    two: { brand: "GOV" },
  });
  const whole = withPolish(t);
  assert.deepEqual(checkLocale(whole, "pl", spaces), nothingWrong);
  assert.deepEqual(listWork(whole, "pl", spaces), {});
  const written = JSON.parse(readFileSync(join(whole, "pl/one.json"), "utf8")) as object;
  assert.deepEqual(Object.keys(written), ["title", "deep", "many_one", "many_few", "many_many", "many_other"]);
  assert.equal(readAbout(whole, "pl").name, "Polski");
});

test("forms of numbers by language", () => {
  for (const [language, forms] of [
    ["ja", ["other"]],
    ["en", ["one", "other"]],
    ["ar", ["zero", "one", "two", "few", "many", "other"]],
  ] as const)
    assert.deepEqual(
      keysNeeded(["a", "n_one", "n_other"], language).sort(),
      ["a", ...forms.map((form) => `n_${form}`)].sort(),
    );
  // "0 hidden facts were removed" is not "we found none that we know of".
  assert.deepEqual(keysNeeded(["n_zero", "n_one", "n_other"], "ja"), ["n_zero", "n_other"]);
});

for (const [what, words, complaint] of [
  ["a placeholder left out", { one: { "deep.hint": "Witaj" } }, /^one:deep\.hint: must have \{\{name\}\}, has none$/],
  ["a placeholder renamed", { one: { "deep.hint": "Witaj {{imię}}" } }, /^one:deep\.hint: must have/],
  [
    "a number left out where there are several",
    { one: { many_few: "słowa" } },
    /^one:many_few: must have \{\{count\}\}/,
  ],
  ["an unknown key", { one: { tilte: "Tytuł" } }, /^one:tilte: there is no such key$/],
  ["a form that the language has not", { one: { many_two: "dwa" } }, /no such key/],
  ["nothing", { one: { title: " " } }, /^one:title: empty/],
  ["other words looked up", { one: { title: "$t(one:title)" } }, /^one:title: empty, blanks/],
  ["English", { one: { title: "A title" } }, /^one:title: equal to English/],
] as [string, Record<string, Record<string, string>>, RegExp][])
  test(`the tool refuses ${what} and writes nothing`, (t) => {
    const dir = withPolish(t);
    const before = readFileSync(join(dir, "pl/one.json"), "utf8");
    const faults = merge(dir, { one: { ...polish.one, ...words["one"] } });
    assert.equal(faults.length, 1);
    assert.match(faults[0]!, complaint);
    assert.equal(readFileSync(join(dir, "pl/one.json"), "utf8"), before);
  });

const changed = (dir: string, file: string, change: (text: string) => string): void =>
  writeFileSync(join(dir, file), change(readFileSync(join(dir, file), "utf8")));

for (const [kind, file, change, found] of [
  ["missing", "pl/one.json", (s) => s.replace(/ *"many_few": .*\n/, ""), ["one:many_few"]],
  ["missing", "en/two.json", () => `{"brand":"GOV","more":"More"}`, ["two:more"]],
  ["extra", "pl/two.json", (s) => s.replace(`"brand"`, `"more": "x", "brand"`), ["two:more"]],
  ["outOfStep", "en/one.json", (s) => s.replace("A title", "Another title"), ["one:title"]],
  [
    "outOfStep",
    "en/one.json",
    (s) => s.replace('{{count}} word"', 'just {{count}} word"'),
    ["one:many_one", "one:many_few", "one:many_many", "one:many_other"],
  ],
  [
    "placeholders",
    "pl/one.json",
    (s) => s.replace("{{name}}", "{{names}}"),
    ["one:deep.hint must have {{name}}, has {{names}}"],
  ],
  ["untranslated", "pl/one.json", (s) => s.replace("Tytuł", "A title"), ["one:title"]],
  ["notSame", "pl/two.json", () => `{"brand":"RZĄD"}`, ["two:brand"]],
  ["malformed", "pl/one.json", (s) => s.replace("Tytuł", "Tytuł "), ["one:title"]],
] as [keyof typeof nothingWrong, string, (text: string) => string, string[]][])
  test(`the check finds what is ${kind} in ${file}: ${found[0]}`, (t) => {
    const dir = withPolish(t);
    changed(dir, file, change);
    assert.deepEqual(checkLocale(dir, "pl", spaces)[kind], found);
  });

test("what is out of step or missing is work again", (t) => {
  const dir = withPolish(t);
  changed(dir, "en/one.json", (s) => s.replace("A title", "Another title"));
  assert.deepEqual(listWork(dir, "pl", spaces), { one: { title: "Another title" } });
});

test("English stands in a gap until it is filled, in the forms that the language asks for", () => {
  const filled = fillGaps(nest(Object.entries({ title: "Tytuł" })), english.one, "pl");
  assert.deepEqual(Object.fromEntries(flatten(filled)), {
    title: "Tytuł",
    "deep.hint": "Hello {{name}}",
    many_one: "{{count}} word",
    many_few: "{{count}} words",
    many_many: "{{count}} words",
    many_other: "{{count}} words",
  });
});

test("the operator's own words take the place of ours, on pages and in what scripts get, and leave again", () => {
  const ours = translator("en")("siteName.reporter");
  setOverrides({
    en: { "common:siteName.reporter": "Acme desk", "questionnaires:own.budget.label": "Which budget?" },
    de: { "common:siteName.reporter": "Acme-Stelle" },
  });
  try {
    assert.equal(translator("en")("siteName.reporter"), "Acme desk");
    assert.equal(translator("de")("siteName.reporter"), "Acme-Stelle");
    assert.equal(translator("de")("questionnaires:own.budget.label"), "Which budget?");
    assert.equal(translator("en")("siteName.console"), "Case desk");
    assert.equal(translator("en")("questionnaires:own.budget.label"), "Which budget?");
    const sent = wordsFor("en", ["common", "questionnaires"]) as Record<
      string,
      Record<string, Record<string, Record<string, unknown>>>
    >;
    assert.equal(sent["en"]!["common"]!["siteName"]!["reporter"], "Acme desk");
    assert.deepEqual(sent["en"]!["questionnaires"]!["own"]!["budget"], { label: "Which budget?" });
  } finally {
    setOverrides({});
  }
  assert.equal(translator("en")("siteName.reporter"), ours);
  assert.equal(describeLanguage("en").reviewed, true);
});
