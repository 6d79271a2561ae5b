/** Help while a code is typed, and where the browser's word lists come from. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeLanguages, type CodeLanguage, type WordList } from "../../crypto/code-words.ts";
import { encodeReceiptCode } from "../../crypto/receipt.ts";
import { listsFor, wordLists } from "../../crypto/word-lists.ts";
import { CodeLists } from "../../views/browser/client/code-lists.ts";
import { readField } from "../../views/browser/reporter/code-field.ts";

for (const [typed, known, offers, lost] of [
  ["", 0, [], []],
  ["abandon", 1, [], []],
  ["abandon abi", 1, [], []],
  ["abandon abil", 1, ["ability"], []],
  ["abandon abil ", 1, ["ability"], []],
  ["abandon abble ", 1, ["able"], []],
  ["1. Abandon; 2. ABILITY;", 2, [], []],
  ["abandon qqqqqqqq ", 1, [], ["qqqqqqqq"]],
  ["abandon qqqqqqqq", 1, [], []],
] as const)
  test(`typed: "${typed}"`, () => {
    const view = readField(typed, [listsFor("en")[0]!])!;
    assert.deepEqual([view.known, view.offers.map(({ better }) => better), view.lost], [known, offers, lost]);
  });

test("the list that knows the most words judges; without lists nothing is said", () => {
  assert.equal(readField("ábaco abdomen abeja", listsFor("en"))?.language, "es");
  assert.equal(readField("abandon", []), null);
});

function countingLists(fails = false): { lists: CodeLists; asked: CodeLanguage[] } {
  const asked: CodeLanguage[] = [];
  const lists = new CodeLists(async (language): Promise<WordList> => {
    asked.push(language);
    if (fails) throw new Error("offline");
    return wordLists[language];
  });
  return { lists, asked };
}

const codeIn = (language: CodeLanguage): string =>
  encodeReceiptCode(new Uint8Array(10).fill(9), wordLists[language]).canonical;

for (const [language, expected, asked] of [
  ["es", "es", ["es"]],
  ["pt-BR", "pt", ["pt"]],
  ["de", "en", []],
  ["en", "en", []],
] as const)
  test(`a new code on a page in ${language}`, async () => {
    const { lists, asked: were } = countingLists();
    assert.equal((await lists.forNewCode(language)).language, expected);
    assert.deepEqual(were, asked);
  });

test("without its list a new code has English words: the report does not wait", async () =>
  assert.equal((await countingLists(true).lists.forNewCode("es")).language, "en"));

test("an English code asks for no list; any other for all of them, once", async () => {
  const { lists, asked } = countingLists();
  assert.equal((await lists.read(codeIn("en"))).typed.is, "code");
  assert.deepEqual(asked, []);
  for (const language of ["ko", "fr"] as const) {
    const { typed, list } = await lists.read(codeIn(language));
    assert.deepEqual([typed.is, list.language], ["code", language]);
  }
  assert.deepEqual(asked, codeLanguages.slice(1));
});

test("when the lists do not come, right words of another language are not called wrong", async () => {
  await assert.rejects(countingLists(true).lists.read(codeIn("fr")), { code: "busy" });
  const wrong = codeIn("en").split(" ").reverse().join(" ");
  assert.equal(
    (await countingLists(true).lists.read(wrong)).typed.is,
    "checksum",
    "English words are judged all the same",
  );
});

test("one list that does not come is no matter for a code of another, and is asked for again", async () => {
  let fails = true;
  const lists = new CodeLists(async (language): Promise<WordList> => {
    if (language === "ja" && fails) throw new Error("offline");
    return wordLists[language];
  });
  assert.equal((await lists.read(codeIn("fr"))).typed.is, "code");
  await assert.rejects(lists.read(codeIn("ja")), { code: "busy" });
  fails = false;
  assert.equal((await lists.read(codeIn("ja"))).typed.is, "code");
  assert.equal((await lists.read("qqqq")).typed.is, "unknown");
});
