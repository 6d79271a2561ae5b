/** Text into lines and runs: nothing is lost, nothing sticks out, and each script runs its own way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { breakLines, type Style } from "../../server/pdf/lines.ts";

const style = (dir: Style["dir"] = "ltr", language = "en"): Style => ({ weight: "regular", size: 10, dir, language });

/** As it stands on paper from left to right: runs that the font library turns are turned here. */
function seen(text: string, dir: Style["dir"], language: string): string {
  const [line] = breakLines(text, 10_000, style(dir, language)).map((each) => each.lay());
  return line!.runs
    .map((run) =>
      run.face.font.layout(run.text, []).direction === "rtl" ? [...run.text].reverse().join("") : run.text,
    )
    .join("");
}

// Expected: the Unicode Bidirectional Algorithm by hand; letters from left to right as they stand on paper.
const visual: [what: string, text: string, dir: "ltr" | "rtl", language: string, expected: string][] = [
  ["Hebrew", "שלום", "rtl", "he", "םולש"],
  ["a full stop ends at the left", "סוף.", "rtl", "he", ".ףוס"],
  ["a number keeps its order", "בשנת 2026 אחד", "rtl", "he", "דחא 2026 תנשב"],
  ["brackets are turned", "אב (גד) הו", "rtl", "he", "וה (דג) בא"],
  ["Latin within Hebrew", "חוק Labor Code 1107.1 כאן", "rtl", "he", "ןאכ Labor Code 1107.1 קוח"],
  ["Hebrew within Latin", "the word שלום here", "ltr", "en", "the word םולש here"],
  ["Arabic digits keep their order", "عام ٢٠٢٦", "rtl", "ar", "٢٠٢٦ ماع"],
  ["an address kept apart", "כאן: \u2066https://a.example/\u2069", "rtl", "he", "https://a.example/ :ןאכ"],
  ["marks that show nothing are gone", "a\u200eb\u2068c\u2069\u00ad", "ltr", "en", "abc"],
];

for (const [what, text, dir, language, expected] of visual)
  test(`from left to right: ${what}`, () => assert.equal(seen(text, dir, language), expected));

test("each character comes from a font that has it; Han characters as the language writes them", () => {
  const cuts = (text: string, language: string): string[] =>
    breakLines(text, 1000, style("ltr", language))[0]!
      .lay()
      .runs.map(({ face }) => face.name);
  assert.deepEqual(cuts("aЖα", "en"), ["noto-sans-latin-400", "noto-sans-cyrillic-400", "noto-sans-greek-400"]);
  assert.deepEqual(cuts("直", "zh"), ["noto-sans-sc-400"]);
  assert.deepEqual(cuts("直ーページ", "ja"), ["noto-sans-jp-400"]);
  assert.deepEqual(cuts("한국", "ko"), ["noto-sans-kr-400"]);
  assert.deepEqual(cuts("हिन्दी", "hi"), ["noto-sans-devanagari-400"]);
});

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from("abcdefghijklmnop")), minLength: 1, maxLength: 14 }),
  fc.string({ unit: fc.constantFrom(...Array.from("אבגדהוזחט")), minLength: 1, maxLength: 9 }),
  fc.string({ unit: fc.constantFrom(...Array.from("漢字仮名交文")), minLength: 1, maxLength: 9 }),
  fc.string({ unit: fc.constantFrom(...Array.from("가나다이을주어서는")), minLength: 1, maxLength: 6 }),
  fc.constantFrom("AV", "To", "WA", "2026", "(x)", "a-b", "§", "https://a.example/b"),
);
const texts = fc.array(word, { minLength: 1, maxLength: 25 }).map((words) => words.join(" "));
const bare = (text: string): string => text.replaceAll(/\s/g, "");

test("nothing is lost, and no line is wider than it may be", () => {
  fc.assert(
    fc.property(
      texts,
      fc.integer({ min: 30, max: 400 }),
      fc.constantFrom("ltr" as const, "rtl" as const),
      fc.constantFrom("en", "ko", "ja"),
      (text, width, dir, language) => {
        const lines = breakLines(text, width, style(dir, language)).map((line) => line.lay());
        assert.equal(bare(lines.map((line) => line.text).join("")), bare(text));
        for (const line of lines) {
          assert.ok(line.width <= width + 0.01 || [...line.text].length === 1, `${line.text}: ${String(line.width)}`);
          const drawn = [...line.runs.map((run) => run.text).join("")].sort().join("");
          assert.equal(
            bare(drawn),
            bare([...line.text].sort().join("")),
            "every character is drawn, brackets perhaps turned",
          );
        }
      },
    ),
  );
});

test("Korean breaks between words, Chinese between signs", () => {
  const lines = (text: string, language: string): string[] =>
    breakLines(text, 45, style("ltr", language)).map((line) => line.lay().text);
  assert.deepEqual(lines("누구인지 밝히지 않아도", "ko"), ["누구인지", "밝히지", "않아도"]);
  assert.deepEqual(lines("您不必说明自己是谁", "zh"), ["您不必说", "明自己是", "谁"]);
});

test("lines break where they must, and an address that is too long anywhere", () => {
  const lines = (text: string, width: number): string[] =>
    breakLines(text, width, style()).map((line) => line.lay().text);
  assert.deepEqual(lines("one\ntwo", 500), ["one", "two"]);
  assert.deepEqual(lines("", 500), [""]);
  assert.ok(lines("x".repeat(200), 100).length > 5);
  assert.deepEqual(lines("aa bb", 14), ["aa", "bb"]);
  assert.ok(
    lines("これは。", 25).every((line) => !line.startsWith("。")),
    "no full stop begins a line",
  );
});
