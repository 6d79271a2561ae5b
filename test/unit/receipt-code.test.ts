/** Receipt codes: every code that is given out can be typed back, in whatever way people write it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  completeWord,
  completedLanguages,
  findWord,
  nearestWord,
  plainWord,
  type CodeLanguage,
  type WordList,
} from "../../crypto/code-words.ts";
import { encodeReceiptCode, generateReceiptCode, readCodeIn, readReceiptCode } from "../../crypto/receipt.ts";
import { listsFor, wordLists } from "../../crypto/word-lists.ts";
import { english } from "../../crypto/words.ts";

const entropy = fc.uint8Array({ minLength: 10, maxLength: 10 });

test("what is encoded reads back, with any separators and capitals", () => {
  fc.assert(
    fc.property(
      entropy,
      fc.constantFrom(" ", "-", ", ", "\n", " 1. ", "\u3000"),
      fc.boolean(),
      (bits, between, loud) => {
        const code = encodeReceiptCode(bits, english);
        const typed = code.words.join(between);
        const read = readReceiptCode(loud ? typed.toUpperCase() : typed, english);
        assert.deepEqual(read, { is: "code", code });
      },
    ),
  );
  assert.equal(readReceiptCode(generateReceiptCode(english).canonical, english).is, "code");
});

for (const length of [0, 9, 11, 32])
  test(`${length} bytes are no receipt code`, () =>
    assert.throws(() => encodeReceiptCode(new Uint8Array(length), english), { code: "format" }));

test("one wrong word is a wrong checksum, nearly always", () => {
  let missed = 0;
  fc.assert(
    fc.property(entropy, fc.nat({ max: 7 }), fc.nat({ max: 2047 }), (bits, place, index) => {
      const words = [...encodeReceiptCode(bits, english).words];
      fc.pre(words[place] !== english[index]);
      words[place] = english[index]!;
      if (readReceiptCode(words.join(" "), english).is !== "checksum") missed += 1;
    }),
    { numRuns: 500 },
  );
  assert.ok(missed < 20, `${missed} of 500 wrong codes were taken (1 in 256 is expected)`);
});

const lists = Object.entries(wordLists) as [CodeLanguage, WordList][];
const katakana = (text: string): string =>
  text.normalize("NFC").replace(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));

for (const [language, list] of lists) {
  test(`${language}: what is encoded reads back in every way of typing, and as a code of this list`, () => {
    fc.assert(
      fc.property(
        entropy,
        fc.constantFrom(" ", "\u3000", ", ", "\n2. ", "\u00A0"),
        fc.constantFrom<(text: string) => string>(
          (text) => text,
          (text) => text.normalize("NFD"),
          (text) => text.toUpperCase(),
          katakana,
          // Marks are left out where that leaves the word the only one.
          (text) => (language === "ja" || language === "ko" ? text : text.normalize("NFD").replace(/\p{M}/gu, "")),
        ),
        (bits, between, typing) => {
          const code = encodeReceiptCode(bits, list);
          assert.equal(code.canonical, code.canonical.normalize("NFC"));
          const { typed, list: found } = readCodeIn(typing(code.words.join(between)), listsFor("en"));
          assert.deepEqual([typed, found.language], [{ is: "code", code }, language]);
        },
      ),
      { numRuns: 60 },
    );
  });
}

test("Chinese characters need no blanks between them", () => {
  const code = encodeReceiptCode(new Uint8Array(10).fill(7), wordLists.zh);
  assert.deepEqual(readReceiptCode(code.words.join(""), wordLists.zh), { is: "code", code });
});

/** PROTOCOL.md §9 has these numbers: how many words of one list are also found in another. */
const shared: Record<string, number> = { "en fr": 123, "es en": 12, "es fr": 13, "es it": 28, "fr it": 2 };

test("words that two lists share are few: how often a code could be read in both", () => {
  const found: Record<string, number> = {};
  for (const [i, [a, words]] of lists.entries())
    for (const [b, others] of lists.slice(i + 1)) {
      const both = words.filter((word) => findWord(word, others) !== -1).length;
      if (both > 0) found[[a, b].sort().join(" ")] = both;
    }
  const sorted = Object.fromEntries(Object.entries(shared).map(([pair, n]) => [pair.split(" ").sort().join(" "), n]));
  assert.deepEqual(found, sorted);
  assert.ok((123 / 2048) ** 8 / 256 < 1e-12);
});

test("a code all of whose words are in two lists opens in the one where the checksum fits", () => {
  const both = wordLists.en.filter((word) => findWord(word, wordLists.fr) !== -1);
  const tried = fc.sample(fc.array(fc.constantFrom(...both), { minLength: 8, maxLength: 8 }), {
    numRuns: 4000,
    seed: 1,
  });
  let decided = 0;
  for (const words of tried) {
    const inEnglish = readReceiptCode(words.join(" "), wordLists.en).is === "code";
    const inFrench = readReceiptCode(words.join(" "), wordLists.fr).is === "code";
    if (inEnglish === inFrench) continue;
    decided += 1;
    assert.equal(readCodeIn(words.join(" "), listsFor("en")).list.language, inEnglish ? "en" : "fr");
  }
  assert.ok(decided > 10, String(decided));
});

for (const [language, list] of lists)
  test(`${language}: every word is found, also without marks; four letters ${completedLanguages.includes(language) ? "name one word only" : "are not enough"}`, () => {
    assert.equal(list.length, 2048);
    for (const [i, word] of list.entries()) assert.equal(findWord(word.toUpperCase(), list), i);
    const beginnings = new Set(list.map((word) => [...plainWord(word)].slice(0, 4).join("")));
    const telling = beginnings.size === 2048 && list.some((word) => [...plainWord(word)].length > 4);
    assert.equal(telling, completedLanguages.includes(language));
  });

for (const [typed, language, near] of [
  ["abandn", "en", "abandon"],
  ["zooo", "en", "zoo"],
  ["abandonments", "en", null],
  ["cat", "en", "cat"],
  ["xqzvw", "en", null],
  ["ábaco", "es", "ábaco"],
  ["abacoo", "es", "ábaco"],
] as const)
  test(`${typed} in ${language} is near ${near}`, () =>
    assert.equal(nearestWord(typed, wordLists[language])?.normalize("NFC") ?? null, near));

test("completion: four letters at least, and never in Korean or Chinese", () => {
  const complete = (typed: string, language: CodeLanguage): string | null =>
    completeWord(typed, { language, words: wordLists[language] });
  assert.equal(complete("aba", "en"), null);
  assert.equal(complete("aban", "en"), "abandon");
  assert.equal(complete("ABAN", "en"), "abandon");
  assert.equal(complete(wordLists.ko[0]!.slice(0, 1), "ko"), null);
  assert.equal(complete(wordLists.zh[0]!, "zh"), null);
});

test("one wrong word is told in the list that knows the others", () => {
  const words = [...encodeReceiptCode(new Uint8Array(10).fill(3), wordLists.pt).words];
  words[2] = "xxxxxxx";
  const { typed, list } = readCodeIn(words.join(" "), listsFor("ko"));
  assert.deepEqual([typed, list.language], [{ is: "unknown", words: ["xxxxxxx"] }, "pt"]);
});

for (const [page, first] of [
  ["es", "es"],
  ["pt-BR", "pt"],
  ["de", "en"],
  ["zh", "zh"],
  ["ar", "en"],
] as const)
  test(`a page in ${page} gives codes in ${first}`, () => assert.equal(listsFor(page)[0]!.language, first));
