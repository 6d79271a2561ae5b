import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { errorCodes } from "../../crypto/errors.ts";
import { languages, namespaces, reporterNamespaces } from "../../server/http/i18n.ts";

const root = join(import.meta.dirname, "../..");
type Words = { [key: string]: string | Words };

function readWords(language: string, namespace: string): Words {
  return JSON.parse(readFileSync(join(root, "views/locales", language, `${namespace}.json`), "utf8")) as Words;
}

/** "landing.title" and so on, with their words. */
function flatten(words: Words, prefix = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
}

const errors = readWords("en", "errors");

test("every error code has a title, what happened and what to do next", () => {
  for (const code of errorCodes) assert.deepEqual(Object.keys(errors[code] ?? {}), ["title", "what", "next"], code);
});

test("no words for errors that do not exist", () => {
  const known = [...errorCodes, "title", "home", "host"];
  assert.deepEqual(
    Object.keys(errors).filter((key) => !known.includes(key)),
    [],
  );
});

for (const language of languages)
  for (const namespace of language === "en" ? namespaces : reporterNamespaces)
    test(`${language}/${namespace} has words behind every key`, () => {
      for (const [key, words] of flatten(readWords(language, namespace))) {
        assert.ok(words.trim() !== "", key);
        assert.equal(words, words.trim(), key);
      }
    });

test("words that the product does not use", () => {
  for (const namespace of namespaces)
    for (const [key, words] of flatten(readWords("en", namespace)))
      assert.doesNotMatch(
        words,
        /\b(tips?|informants?|allegations?|100 ?%|whistle-?blowers?)\b/i,
        `${namespace}:${key}`,
      );
});

const sources = ["server", "views", "data/policy"]
  .flatMap((dir) => readdirSync(join(root, dir), { recursive: true, encoding: "utf8" }).map((name) => join(dir, name)))
  .filter((name) => /\.(ts|ejs)$|policy.*\.json$/.test(name) && !name.includes("public"))
  .map((name) => [name, readFileSync(join(root, name), "utf8")] as const);

const anyKey = new RegExp(`"((?:${namespaces.join("|")}):[\\w.-]+)"`, "g");

/**
 * Keys in t("…"), and wherever else one is written with its namespace; a key made of parts is a
 * pattern in which each part matches anything. One that names a group stands for all in it.
 */
const usedKeys = sources.flatMap(([name, source]) => [
  ...[...source.matchAll(/\bt(?:\(req\))?\(\s*(?:"([^"]+)"|`([^`]+)`)/g)].map(([, plain, template]) => ({
    name,
    key: plain ?? template ?? "",
  })),
  ...[...source.matchAll(anyKey)].map(([, key = ""]) => ({ name, key })),
]);

/** Words that depend on a number are asked for without the ending: docs of i18next, plurals. */
const withoutNumber = (key: string): string => key.replace(/_(?:zero|one|two|few|many|other)$/, "");

test("every key that is written out has words", () => {
  const known = namespaces.flatMap((namespace) =>
    flatten(readWords("en", namespace)).map(([key]) => `${namespace}:${withoutNumber(key)}`),
  );
  for (const { name, key } of usedKeys.filter(({ key }) => !key.includes("${") && !key.includes(":own."))) {
    const full = key.includes(":") ? key : `common:${key}`;
    assert.ok(
      known.some((each) => each === full || each.startsWith(`${full}.`)),
      `${name}: ${key}`,
    );
  }
});

test("every word is used somewhere", () => {
  const patterns = usedKeys.map(({ key }) => {
    const full = /^(\w+|\$\{[^}]*\}):/.test(key) ? key : `common:${key}`;
    const parts = full.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".+")}(?:\\..+)?$`);
  });
  // Said by command line programs from the problem's code, see server/config.ts.
  patterns.push(/^setup:config\./);
  // Named by what reads files, see data/policy/json-file.ts; test/unit/json-file.test.ts holds that every one is said.
  patterns.push(/^faults:/);
  // Named by the rules of data/policy/presentation; test/unit/presentation-files.test.ts has a file for each.
  patterns.push(/^presentation:fault\./);
  const unused = namespaces.flatMap((namespace) =>
    flatten(readWords("en", namespace))
      .map(([key]) => `${namespace}:${key}`)
      .filter((key) => !patterns.some((pattern) => pattern.test(withoutNumber(key)))),
  );
  assert.deepEqual(unused, []);
});
