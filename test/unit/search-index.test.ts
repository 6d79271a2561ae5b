/** Search in memory: what is found in which script, what is not, and that nothing stays of a case that was taken out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import type { CaseTexts } from "../../views/browser/client/digest-types.ts";
import { SearchIndex, type SearchHit } from "../../views/browser/client/search-index.ts";
import { fold, trace } from "../../views/browser/client/search-text.ts";
import type { Drawing } from "../../views/browser/console/view-parts.ts";
import { countText } from "../../views/browser/console/view-search.ts";
import { translator } from "../../server/http/i18n.ts";

const empty: CaseTexts = {
  caseId: "",
  name: "",
  title: "",
  report: "",
  messages: "",
  notes: "",
  tags: "",
  files: "",
};

function indexOf(...cases: Partial<CaseTexts>[]): SearchIndex {
  const index = new SearchIndex();
  cases.forEach((texts, i) => index.put({ ...empty, caseId: `c${i}`, ...texts }));
  return index;
}

const textOf = ({ snippet }: SearchHit): string => snippet.map(({ text }) => text).join("");
const marked = ({ snippet }: SearchHit): string[] => snippet.filter(({ hit }) => hit).map(({ text }) => text);

/** A text, what is typed, and what is marked of it; null: it is not found. */
const table: [what: string, text: string, query: string, marks: string[] | null][] = [
  ["a word", "The guard was removed", "guard", ["guard"]],
  ["a word in capitals", "The GUARD was removed", "guard", ["GUARD"]],
  ["the beginning of a word", "The guards were removed", "gua", ["guards"]],
  ["one letter is no beginning", "The guards were removed", "g", null],
  ["one letter is a word", "Plan B was chosen", "b", ["B"]],
  ["one slip in a word of four letters", "The guard was removed", "gaurd", null],
  ["one letter wrong", "The guard was removed", "guerd", ["guard"]],
  ["one letter missing", "The weights left", "weihts", ["weights"]],
  ["two slips in a long word", "They were manipulated", "manipalatd", ["manipulated"]],
  ["no slip in a short word", "The cat", "car", null],
  ["no slip in a number", "Invoice 2024118", "2024119", null],
  [
    "all of several words, wherever they are",
    "The guard of press 4 was removed",
    "removed press",
    ["press", "removed"],
  ],
  ["not all of several words", "The guard was removed", "guard press", null],
  ["a phrase", "The guard of press 4", '"guard of press"', ["guard of press"]],
  ["a phrase over a line's end", "The guard\nof press 4", '"guard of"', ["guard of"]],
  ["a phrase in typographic quotation marks", "The guard of press 4", "„guard of“", ["guard of"]],
  ["a phrase that nobody closed", "The guard of press 4", '"guard of', ["guard of"]],
  ["a phrase in another order", "The guard of press 4", '"press guard"', null],
  ["a phrase ends with its word", "The guards of press 4", '"the guard"', null],
  ["a phrase begins with its word", "The bodyguard of it", '"guard of"', null],
  ["a phrase's words elsewhere are not marked", "guard, then the guard of it", '"guard of"', ["guard of"]],
  ["a name with signs", "See quiet-harbor-0412", "quiet-harbor-0412", ["quiet-harbor-0412"]],
  ["the beginning of one", "See quiet-harbor-0412", "quiet-harb", ["quiet-harb"]],
  ["another name is not near", "See quiet-harbor-0413", "quiet-harbor-0412", null],
  ["a file's name", "scan_0012.final.pdf", "scan_0012.final.pdf", ["scan_0012.final.pdf"]],
  ["an address", "write to a.b@example.org", "a.b@example.org", ["a.b@example.org"]],
  ["an apostrophe, typed otherwise", "They don’t care", "don't", ["don’t"]],
  ["French without accents", "L’élève a été renvoyé", "eleve renvoye", ["élève", "renvoyé"]],
  ["French with accents where there are none", "L'eleve", "élève", ["eleve"]],
  ["accents in parts", "re\u0301sume\u0301 perdu", "résumé", ["résumé"]],
  ["German sharp s", "Die Straße", "strasse", ["Straße"]],
  ["Polish", "Złodziej z Łodzi", "zlodziej lodzi", ["Złodziej", "Łodzi"]],
  ["Turkish dotted capital", "İstanbul", "istanbul", ["İstanbul"]],
  ["ligature", "the ﬁle", "file", ["ﬁle"]],
  ["full-width letters", "ＡＢＣ検査", "abc", ["ＡＢＣ"]],
  ["Greek end of word", "Ο ΣΙΣΥΦΟΣ", "σισυφος", ["ΣΙΣΥΦΟΣ"]],
  ["Ukrainian", "Звіт підроблено", "звіт", ["Звіт"]],
  ["Russian yo", "Всё подделано", "все", ["Всё"]],
  ["Arabic with vowel signs", "التقرير مُزَوَّر", "مزور", ["مُزَوَّر"]],
  ["Arabic typed with hamza", "احمد كتب", "أحمد", ["احمد"]],
  ["Arabic drawn out", "مـــزور", "مزور", ["مـــزور"]],
  ["Hebrew with points", "שָׁלוֹם לכם", "שלום", ["שָׁלוֹם"]],
  ["Hindi keeps its vowels", "रिपोर्ट झूठी है", "रिपोर्ट", ["रिपोर्ट"]],
  ["Hindi with other vowels is another word", "कल", "काल", null],
  ["Chinese", "他们隐瞒了安全报告的内容", "安全报告", ["安全报告"]],
  ["Chinese, one letter", "他们隐瞒了报告", "告", ["告"]],
  ["Chinese, in another order", "报告的安全内容", "安全 报告", ["报告", "安全"]],
  ["Chinese, letters that are there but apart", "安心。全体。", "安全", null],
  ["Japanese without spaces", "点検の記録を隠していた", "記録", ["記録"]],
  ["Japanese, other order", "隠していた記録がある", "記録を隠していた", ["隠してい", "記録"]],
  ["Japanese voiced sound is another", "かき", "かぎ", null],
  ["Japanese quoted", "点検の記録を隠していた", "「記録を隠」", ["記録を隠"]],
  ["Korean with an ending", "보고서를 숨겼다", "보고서", ["보고서"]],
  ["Korean in parts", "보고서를 숨겼다".normalize("NFD"), "보고서", ["보고서"]],
  ["Korean within a compound", "안전보고서", "보고서", ["보고서"]],
  ["Thai", "พวกเขาซ่อนรายงานความปลอดภัย", "รายงาน", ["รายงาน"]],
  ["two scripts in one word", "PDF文書を見た", "pdf文書", ["PDF文書"]],
  ["emoji and signs are no words", "💥 !!!", "💥", null],
  ["nothing", "The guard", "   ", null],
  ["only signs", "The guard", '"-" …', null],
  ["signs of patterns are signs", "f(x)=[a]", "f(x)=[a]", ["f(x)=[a"]],
  ["a hidden joiner", "gu\u00adard", "guard", ["gu\u00adard"]],
  ["constructor, a word of the language", "the constructor failed", "constructor", ["constructor"]],
  ["__proto__", "about __proto__ it", "__proto__", ["proto"]],
];

for (const [what, text, query, marks] of table)
  test(`${what}: “${query}”`, () => {
    const hits = indexOf({ report: text }, { report: "nothing of it" }).find(query, 10, "en");
    assert.deepEqual(
      hits.map(({ caseId, field }) => ({ caseId, field })),
      marks === null ? [] : [{ caseId: "c0", field: "report" }],
    );
    if (marks !== null) assert.deepEqual(marked(hits[0]!), marks);
  });

test("words of one search may lie in several fields; shown is the one that has the most", () => {
  const index = indexOf({ title: "Press 4", notes: "the guard was removed", messages: "guard" });
  const [hit] = index.find("press guard removed", 10);
  assert.equal(hit?.field, "notes");
  assert.deepEqual(marked(hit), ["guard", "removed"]);
});

test("what stands in a title comes before what stands in a note", () => {
  const found = indexOf({ notes: "guard" }, { title: "guard" }, { report: "guard" }).find("guard", 10);
  assert.deepEqual(
    found.map(({ caseId }) => caseId),
    ["c1", "c2", "c0"],
  );
  assert.equal(indexOf({ report: "guard" }, { report: "guard" }, { report: "guard" }).find("guard", 2).length, 2);
});

test("a case that is entered again is replaced, in part or as a whole", () => {
  const index = indexOf({ title: "first words" });
  index.put({ ...empty, caseId: "c0", title: "second words" });
  assert.equal(index.find("first", 10).length, 0);
  assert.equal(index.find("second words", 10).length, 1);
  assert.equal(index.size, 1);
});

test("what is changed outside after it was entered does not keep it from being taken out whole", () => {
  const index = new SearchIndex();
  const texts = { ...empty, caseId: "c0", title: "plantedword" };
  index.put(texts);
  texts.title = "other";
  index.remove("c0");
  assert.equal(heldBy(index).includes("planted"), false);
});

/** Everything that the index holds: as it is written out, and as it lies in memory. */
const heldBy = (index: SearchIndex): string =>
  JSON.stringify(index) + inspect(index, { depth: Infinity, maxArrayLength: null, maxStringLength: null });

test("nothing stays of a case that was taken out, nor of any after clearing", () => {
  const planted = "zyxwvut";
  const fields = ["name", "title", "report", "messages", "notes", "tags", "files"] as const;
  const secret = Object.fromEntries(fields.map((field) => [field, `${planted} ${field} 秘密の言葉`]));
  const index = indexOf({ report: "stays" }, secret, { report: "stays too" });
  index.find(`${planted} 秘密`, 10);
  for (const word of [planted, "秘密"]) assert.ok(heldBy(index).includes(word), "the test sees what is held");
  index.remove("c1");
  index.remove("c1");
  for (const word of [planted, "秘密", "c1"]) assert.ok(!heldBy(index).includes(word), word);
  assert.equal(index.find("stays", 10).length, 2);
  index.clear();
  assert.ok(!heldBy(index).includes("stays"));
  assert.deepEqual(index.find("stays", 10), []);
  index.put({ ...empty, caseId: "c9", report: "again" });
  assert.equal(index.find("again", 10).length, 1);
});

test("a snippet is short, says that it is cut, and cuts no letter", () => {
  const long = `${"far before ".repeat(3000)}needle${" far behind".repeat(3000)}`;
  const [hit] = indexOf({ report: long }).find("needle", 10);
  const text = textOf(hit!);
  assert.ok(text.length < 220 && text.startsWith("…") && text.endsWith("…"), text);
  assert.deepEqual(marked(hit!), ["needle"]);
  const [signs] = indexOf({ report: `${"𠮷".repeat(500)}針${"𠮷".repeat(500)}` }).find("針", 10);
  assert.ok(textOf(signs!).isWellFormed());
});

test("work is bounded: a very long query, a very long word, a very long text", () => {
  const index = indexOf({ report: "x".repeat(3_000_000) }, { report: "word ".repeat(500_000) });
  const before = performance.now();
  assert.equal(index.find("word ".repeat(10_000), 10).length, 1);
  assert.equal(index.find("x".repeat(10_000), 10).length, 1);
  assert.equal(index.find('"word word word none"', 10).length, 0);
  assert.ok(performance.now() - before < 20_000);
});

const scripts = ["abcdeé", "абвгґё", "ابتثأُ", "אבגדהָ", "कखगािु", "漢字仮名", "かがきぎーカ", "한국어를", "กขคาิ่"];
const word = fc
  .constantFrom(...scripts)
  .chain((letters) => fc.array(fc.constantFrom(...letters), { minLength: 2, maxLength: 8 }).map((all) => all.join("")));

test("property: whatever stands in a text is found by typing it, as it is and in quotation marks", () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.nat(), (words, at) => {
      const index = indexOf({ notes: words.join(" ") }, { notes: "other" });
      const sought = words[at % words.length]!;
      if (fold(sought) === "" || !/\p{L}/u.test(fold(sought))) return;
      assert.ok(
        index.find(sought, 10).some(({ caseId }) => caseId === "c0"),
        sought,
      );
      assert.ok(index.find(`"${words.join(" ")}"`, 10).length === 1, "quoted");
    }),
    { numRuns: 500 },
  );
});

const anyText = fc.string({ unit: "grapheme", maxLength: 60 });

test("property: marks never change a text, and no text and no query makes it fail", () => {
  fc.assert(
    fc.property(anyText, anyText, (text, query) => {
      const [hit] = indexOf({ report: text }).find(query, 10);
      if (hit === undefined) return;
      assert.equal(
        textOf(hit).replace(/^…|…$/g, ""),
        text.normalize("NFC").replace(/\s+/gu, " ").replace(/^…|…$/g, ""),
      );
    }),
    { numRuns: 1000 },
  );
});

test("property: a text letter by letter folds to what it folds to as a whole", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const composed = text.normalize("NFC");
      assert.equal(trace(composed).folded, fold(composed));
    }),
    { numRuns: 2000 },
  );
});

test("property: an index in which cases came and went is one in which they never were", () => {
  const texts = fc.record({ title: anyText, report: anyText });
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 4 }), fc.array(texts, { maxLength: 4 }), (stay, go) => {
      const index = indexOf(...stay);
      const fresh = JSON.stringify(indexOf(...stay));
      const entries = (json: string): unknown =>
        (JSON.parse(json) as { index: { index: [string, unknown][] } }).index.index.sort(([a], [b]) =>
          a < b ? -1 : 1,
        );
      go.forEach((each, i) => index.put({ ...empty, caseId: `g${i}`, ...each }));
      go.forEach((_each, i) => index.remove(`g${i}`));
      assert.deepEqual(entries(JSON.stringify(index)), entries(fresh));
    }),
    { numRuns: 200 },
  );
});

test("more finds than are asked for are cut, and said to be more", () => {
  const index = indexOf(...Array.from({ length: 4 }, () => ({ title: "Quagmire" })));
  for (const [limit, shown, more] of [
    [3, 3, true],
    [4, 4, false],
    [5, 4, false],
  ] as const) {
    const nearest = index.nearest("quagmire", limit);
    assert.deepEqual([nearest.hits.length, nearest.more], [shown, more]);
  }
});

test("the page tells a cut list from a whole one", () => {
  const hits = indexOf({ title: "Quagmire" }).find("quagmire", 9);
  const told = (more: boolean): string => {
    const search = { query: "quagmire", failed: false, answer: { hits, more, read: 1, total: 1 } };
    return countText({ t: translator("en"), lang: "en", desk: { state: { search } } } as unknown as Drawing);
  };
  assert.equal(told(false), "1 case was found.");
  assert.match(told(true), /^More than 1 cases were found\..*add a word/);
});
