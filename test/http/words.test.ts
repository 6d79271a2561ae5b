import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { errorCodes } from "../../crypto/errors.ts";
import { languages, namespaces, translator } from "../../server/http/i18n.ts";

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
  for (const namespace of namespaces)
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

const sources = ["server", "views"]
  .flatMap((dir) => readdirSync(join(root, dir), { recursive: true, encoding: "utf8" }).map((name) => join(dir, name)))
  .filter((name) => /\.(ts|ejs)$/.test(name) && !name.includes("public"))
  .map((name) => [name, readFileSync(join(root, name), "utf8")] as const);

/** Keys in t("…") as they are written; a key made of parts is a pattern in which each part matches anything. */
const usedKeys = sources.flatMap(([name, source]) =>
  [...source.matchAll(/\bt(?:\(req\))?\(\s*(?:"([^"]+)"|`([^`]+)`)|title: "(\w+:[\w.]+)"/g)].map(
    ([, plain, template, title]) => ({
      name,
      key: plain ?? template ?? title ?? "",
    }),
  ),
);

test("every key that is written out has words", () => {
  const t = translator("en");
  for (const { name, key } of usedKeys.filter(({ key }) => !key.includes("${")))
    assert.notEqual(t(key), key.replace(/^\w+:/, ""), `${name}: ${key}`);
});

test("every word is used somewhere", () => {
  const patterns = usedKeys.map(({ key }) => {
    const full = /^(\w+|\$\{[^}]*\}):/.test(key) ? key : `common:${key}`;
    const parts = full.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".+")}$`);
  });
  // Said by command line programs from the problem's code, see server/config.ts.
  patterns.push(/^setup:config\./);
  const unused = namespaces.flatMap((namespace) =>
    flatten(readWords("en", namespace))
      .map(([key]) => `${namespace}:${key}`)
      .filter((key) => !patterns.some((pattern) => pattern.test(key))),
  );
  assert.deepEqual(unused, []);
});
