/** Names, lists and sizes as languages say them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isolated, languageName, listOf, sizeOf } from "../../views/locales/say.ts";

const apart = (text: string): string => `\u2068${text}\u2069`;

for (const [text, language, told] of [
  ["Rosa Reviewer (reviewer)", "en", "Rosa Reviewer (reviewer)"],
  ["Rosa Reviewer (reviewer)", "ar", apart("Rosa Reviewer (reviewer)")],
  ["https://example.org", "he", apart("https://example.org")],
  ["نورة", "ar", "نورة"],
  ["نورة", "de", apart("نورة")],
  ["רות (Ruth)", "en", apart("רות (Ruth)")],
  ["30 %", "ar", "30 %"],
  ["三月", "he", apart("三月")],
  ["三月", "ja", "三月"],
] as const)
  test(`${JSON.stringify(text)} on a page in ${language}`, () => assert.equal(isolated(text, language), told));

test("each name of a list is kept apart, not the list", () => {
  assert.equal(listOf(["Rosa", "Carl"], "ar"), `${apart("Rosa")} و${apart("Carl")}`);
  assert.equal(listOf(["Rosa", "נועה", "Carl"], "en"), `Rosa, ${apart("נועה")}, and Carl`);
});

for (const [bytes, language, told] of [
  [0, "en", "0 bytes"],
  [999, "en", "999 bytes"],
  [1000, "en", "1 kB"],
  [3_565_158, "en", "3.4 MB"],
  [3_565_158, "de", "3,4 MB"],
  [2 * 1024 ** 3, "en", "2 GB"],
  [3 * 1024 ** 4, "en", "3,072 GB"],
] as const)
  test(`${String(bytes)} bytes in ${language}`, () => assert.equal(sizeOf(bytes, language), told));

for (const [tag, language, told] of [
  ["ar", "en", "Arabic"],
  ["en", "de", "Englisch"],
  ["tlh-x-nobody", "en", "tlh-x-nobody"],
  ["//elsewhere.example", "en", "//elsewhere.example"],
  ["", "en", ""],
] as const)
  test(`${JSON.stringify(tag)} as a language's tag, named in ${language}`, () =>
    assert.equal(languageName(tag, language), told));
