/** Text into lines and runs: nothing is lost, nothing sticks out, and each script runs its own way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { breakLines, needsOf, type Line, type Style } from "../../views/pdf/lines.ts";

const fonts = new Fonts(fontFiles);
const style = (dir: Style["dir"] = "ltr", language = "en"): Style => ({
  weight: "regular",
  size: 10,
  dir,
  language,
  fonts,
});

async function laid(text: string, width: number, asked: Style): Promise<Line[]> {
  await fonts.load([needsOf(text, asked)]);
  return breakLines(text, width, asked).map((line) => line.lay());
}

/** As it stands on paper from left to right: runs that the font library turns are turned here. */
async function seen(text: string, dir: Style["dir"], language: string): Promise<string> {
  const [line] = await laid(text, 10_000, style(dir, language));
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
  test(`from left to right: ${what}`, async () => assert.equal(await seen(text, dir, language), expected));

// Expected: by the name of the script's font; the file's weight behind it.
const chosen: [text: string, language: string, ...faces: string[]][] = [
  ["aЖα", "en", "noto-sans-latin-400", "noto-sans-cyrillic-400", "noto-sans-greek-400"],
  ["直", "zh", "noto-sans-sc-400"],
  ["直ーページ", "ja", "noto-sans-jp-400"],
  ["한국", "ko", "noto-sans-kr-400"],
  ["हिन्दी", "hi", "noto-sans-devanagari-400"],
  [
    "👩🏽\u200d💻❤\ufe0f1\ufe0f\u20e3🇩🇪🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "en",
    "noto-emoji-emoji-400",
  ],
  ["©1 #", "en", "noto-sans-latin-400"],
];
for (const [text, language, ...faces] of chosen)
  test(`the font for ${text} in ${language}`, async () => {
    const [line] = await laid(text, 1000, style("ltr", language));
    assert.deepEqual(
      line!.runs.map(({ face }) => face.name),
      faces,
    );
  });

// By hand, from what each of them is in Unicode.
const drawn: [what: string, text: string, expected: string][] = [
  ["a character of no font is its code", "ก", "[U+0E01]"],
  ["one beyond the first plane too", "a\u{10330}b", "a[U+10330]b"],
  ["half a surrogate pair", "a\ud800b", "a[U+D800]b"],
  ["codes stand from left to right in Hebrew", "אג\u07ca", "[U+07CA]גא"],
  ["an accent that no font sets is composed", "o\u0306", "\u014f"],
  ["a tab is room", "a\tb", "a    b"],
  ["an unusual space is one", "a\u1680b", "a b"],
  ["what shows nothing is gone", "p\u200bl\u00ada\u200en\u{e0001}t\u3164", "plant"],
];
for (const [what, text, expected] of drawn)
  test(`drawn: ${what}`, async () => assert.equal(await seen(text, "ltr", "en"), expected));

test("each line says what it shows", async () => {
  const [line] = await laid("กa 👍🏾", 1000, style());
  assert.equal(line!.runs.flatMap(({ clusters }) => clusters.map(({ said }) => said)).join(""), "[U+0E01]a 👍🏾");
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

test("nothing is lost, and no line is wider than it may be", async () => {
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.integer({ min: 30, max: 400 }),
      fc.constantFrom("ltr" as const, "rtl" as const),
      fc.constantFrom("en", "ko", "ja"),
      async (text, width, dir, language) => {
        const lines = await laid(text, width, style(dir, language));
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

test("Korean breaks between words, Chinese between signs", async () => {
  const lines = async (text: string, language: string): Promise<string[]> =>
    (await laid(text, 45, style("ltr", language))).map((line) => line.text);
  assert.deepEqual(await lines("누구인지 밝히지 않아도", "ko"), ["누구인지", "밝히지", "않아도"]);
  assert.deepEqual(await lines("您不必说明自己是谁", "zh"), ["您不必说", "明自己是", "谁"]);
});

test("lines break where they must, and an address that is too long anywhere", async () => {
  const lines = async (text: string, width: number): Promise<string[]> =>
    (await laid(text, width, style())).map((line) => line.text);
  assert.deepEqual(await lines("one\ntwo", 500), ["one", "two"]);
  assert.deepEqual(await lines("", 500), [""]);
  assert.ok((await lines("x".repeat(200), 100)).length > 5);
  assert.deepEqual(await lines("aa bb", 14), ["aa", "bb"]);
  assert.ok(
    (await lines("これは。", 25)).every((line) => !line.startsWith("。")),
    "no full stop begins a line",
  );
});
