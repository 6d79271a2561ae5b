/** Files of every kind with a redacted string planted in them: found, and what cannot be searched is told. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { translator } from "../../server/http/i18n.ts";
import { needlesOf } from "../../views/browser/client/casefile/leaks.ts";
import { PdfReader } from "../../views/browser/client/casefile/leaks/pdf-text.ts";
import { searchFile, type Searched } from "../../views/browser/client/casefile/leaks/search-file.ts";
import { verifyScript } from "../../views/browser/client/verify-script.ts";
import * as hostile from "../support/hostile-files.ts";
import { requireJudge } from "../support/judges.ts";
import { zipOf } from "../support/make-zip.ts";
import * as sought from "../support/sought-files.ts";

const wasm = new Uint8Array(
  readFileSync(join(import.meta.dirname, "../../node_modules/@embedpdf/pdfium/dist/pdfium.wasm")),
).buffer;
const pdf = new PdfReader(() => Promise.resolve(wasm));

const words = "Anna Kowalska";
type Content = string | Uint8Array;
const bytesOf = (content: Content): Uint8Array => (typeof content === "string" ? Buffer.from(content) : content);

async function search(content: Content, redacted: readonly string[] = [words], piece = 64 * 1024): Promise<Searched> {
  const bytes = bytesOf(content);
  return searchFile("data/file", sought.inPieces(bytes, piece), bytes.length, needlesOf(redacted), { pdf });
}

/** "leak line 2", "leak about in a.zip/b.pdf" */
const told = ({ found }: Searched): string[] =>
  found.map(({ is, inside, where }) => {
    const at = where.is === "line" ? ` ${String(where.line)}` : where.is === "page" ? ` ${String(where.page)}` : "";
    return `${is} ${where.is}${at}${inside.length === 0 ? "" : ` in ${inside.join("/")}`}`;
  });
const missed = ({ unsearched }: Searched): string[] =>
  unsearched.map(({ why, inside, pages }) => [why, ...inside, ...pages].join(" "));

const text = `first line\nsecond by ${words}, so\nthird`;
const png = hostile.png(8, 8);

const plants: [what: string, make: () => Content | Promise<Content>, found: string[], unsearched: string[]][] = [
  ["a text", () => text, ["leak line 2"], []],
  ["a text with CRLF and a mark", () => `\ufeff${text.replaceAll("\n", "\r\n")}`, ["leak line 2"], []],
  ["UTF-16 with its mark", () => Buffer.from(`\ufeff${text}`, "utf16le"), ["leak line 2"], []],
  ["UTF-16 without", () => Buffer.from(text, "utf16le"), ["leak line 2"], []],
  ["UTF-16, the other way", () => Buffer.from(`\ufeff${text}`, "utf16le").swap16(), ["leak line 2"], []],
  ["JSON", () => JSON.stringify({ by: words }), ["leak line 1"], []],
  ["CSV with each name in a cell", () => `id,first,last\r\n1,"Anna","Kowalska"`, ["leak line 2"], []],
  ["Concordance", () => `þIDþ\x14þBYþ\r\nþ1þ\x14þ${words}þ\r\n`, ["leak line 2"], []],
  ["HTML", () => "<!doctype html>\n<p>by <b>An</b>na&nbsp;Kowalska", ["leak line 2"], []],
  ["SVG", () => `<svg><text>\n<tspan>Anna</tspan><tspan>Kowalska</tspan></text></svg>`, ["leak line 2"], []],
  ["rich text", () => String.raw`{\rtf1\ansi by Anna {\b Kow}alska}`, ["leak line 1"], []],
  ["a mail's text in Base64", () => sought.mail(`by ${words}`, png), ["leak line 1 in base64 1"], ["picture base64 2"]],
  [
    "a file in a mail",
    () => sought.mail("nothing", sought.docx(words)),
    ["leak line 1 in base64 2/word/document.xml"],
    [],
  ],
  [
    "a picture in a page",
    () =>
      `<img src="data:image/png;base64,${Buffer.from(hostile.png(8, 8, hostile.pngText(words))).toString("base64")}">`,
    ["leak byte in base64 1"],
    ["picture base64 1"],
  ],
  ["Word, in two runs", () => sought.docx(words), ["leak line 1 in word/document.xml"], []],
  [
    "a mail whose head goes on behind the sign",
    () => `Content-Transfer-Encoding: base64\r\nX: y\r\n\r\n${Buffer.from(words).toString("base64")}\r\n`,
    ["leak line 1 in base64 1"],
    [],
  ],
  [
    "a mail whose head says it in the next line",
    () => `Content-Transfer-Encoding:\n "Base64"\n\n${Buffer.from(words).toString("base64")}`,
    ["leak line 1 in base64 1"],
    [],
  ],
  ["our own script, which speaks of Base64", () => verifyScript(translator("en")), [], []],
  ["a text that speaks of Base64", () => "It is base64, checked\n\nand base64\n\nchecked", [], []],
  ["a text that speaks of mails", () => "Content-Transfer-Encoding: base64\n\nchecked by us", [], []],
  ["a sheet", () => sought.xlsx(words), ["leak line 1 in xl/sharedStrings.xml"], []],
  ["Open Document", () => sought.odt(words), ["leak line 1 in content.xml"], []],
  ["a packed file", () => sought.packed({ "a.txt": text }), ["leak line 2 in a.txt"], []],
  ["the name of a packed file", () => sought.packed({ [`${words}.txt`]: "x" }), [`leak name in ${words}.txt`], []],
  ["a remark in a ZIP", () => zipOf([{ name: "a", bytes: "x", comment: words }]), ["leak about in a"], []],
  [
    "Word in a ZIP",
    () => sought.packed({ "a.docx": sought.docx(words) }),
    ["leak line 1 in a.docx/word/document.xml"],
    [],
  ],
  [
    "a PDF in a ZIP",
    async () => sought.packed({ "a.pdf": await sought.pdfWith({ page: words }) }),
    ["leak page 1 in a.pdf"],
    [],
  ],
  [
    "too many files within files",
    () => sought.packed({ a: sought.packed({ b: sought.packed({ c: sought.packed({ d: text }) }) }) }),
    [],
    ["nested a b c"],
  ],
  ["gzip", () => sought.gzip(text), ["leak line 2 in gzip"], []],
  ["another program's PDF", () => sought.pdfkit(`by ${words}`), ["leak page 1"], []],
  ["a PDF's title", () => sought.pdfWith({ title: words }), ["leak about"], []],
  ["a note in a PDF", () => sought.pdfWith({ note: words }), ["leak about"], []],
  ["a form in a PDF", () => sought.pdfWith({ field: words }), ["leak page 1"], []],
  ["a bookmark in a PDF", () => sought.pdfWith({ bookmark: words }), ["leak about"], []],
  ["a file in a PDF", () => sought.pdfWith({ inside: ["a.txt", Buffer.from(text)] }), ["leak line 2 in a.txt"], []],
  [
    "the name of a file in a PDF",
    () => sought.pdfWith({ inside: [`${words}.txt`, Buffer.from("x")] }),
    [`leak name in ${words}.txt`],
    [],
  ],
  ["a stream that no page shows", () => sought.pdfWith({ left: words }), ["leak byte"], []],
  ["a picture on a page", () => sought.pdfWith({ page: words, picture: png }), ["leak page 1"], ["picture 1"]],
  ["a PDF that is damaged", () => Buffer.from(`%PDF-1.7\n% ${words}`), ["leak line 2"], ["damaged"]],
  ["a PDF that wants a password", () => hostile.lockedPdf(), [], ["locked"]],
  ["words in a picture", () => hostile.png(8, 8, hostile.pngText(words)), ["leak byte"], ["picture"]],
  [
    "a photograph's data",
    () => Buffer.concat([Buffer.from([0xff, 0xd8]), hostile.exif(1, words)]),
    ["leak byte"],
    ["picture"],
  ],
  ["a sound", () => hostile.wav(), [], ["sound"]],
  [
    "a program",
    () => Buffer.concat([hostile.program, Buffer.alloc(99), Buffer.from(words, "utf16le")]),
    ["leak byte"],
    ["kind"],
  ],
  ["an old archive", () => Buffer.from("7z\xbc\xaf\x27\x1c\0\x04\0\0\x01\x02\x03", "latin1"), [], ["kind"]],
  ["nothing", () => "", [], []],
];

for (const [what, make, found, unsearched] of plants)
  test(`${what}: ${found.join("; ") || "nothing"}${unsearched.length === 0 ? "" : `; not searched: ${unsearched.join("; ")}`}`, async () => {
    const searched = await search(await make());
    assert.deepEqual(told(searched).sort(), found.toSorted());
    assert.deepEqual(missed(searched), unsearched);
  });

test("nothing is found of other words", async () => {
  for (const [what, make] of plants) assert.deepEqual((await search(await make(), ["John Miller"])).found, [], what);
});

const encodings: [label: string, redacted: string, bytes: number[]][] = [
  ["windows-1252", "Zoé", [0x5a, 0x6f, 0xe9]],
  ["iso-8859-2", "Łoś", [0xa3, 0x6f, 0xb6]],
  ["windows-1251", "Ждан", [0xc6, 0xe4, 0xe0, 0xed]],
  ["koi8-r", "Ждан", [0xf6, 0xc4, 0xc1, 0xce]],
  ["windows-1253", "Νίκος", [0xcd, 0xdf, 0xea, 0xef, 0xf2]],
  ["windows-1255", "יוסי", [0xe9, 0xe5, 0xf1, 0xe9]],
  ["windows-1256", "محمد", [0xe3, 0xcd, 0xe3, 0xcf]],
  ["gb18030", "王明", [0xcd, 0xf5, 0xc3, 0xf7]],
  ["big5", "王明", [0xa4, 0xfd, 0xa9, 0xfa]],
  ["shift_jis", "田中", [0x93, 0x63, 0x92, 0x86]],
  ["euc-jp", "田中", [0xc5, 0xc4, 0xc3, 0xe6]],
  ["iso-2022-jp", "田中", [0x1b, 0x24, 0x42, 0x45, 0x44, 0x43, 0x66, 0x1b, 0x28, 0x42]],
  ["euc-kr", "김철", [0xb1, 0xe8, 0xc3, 0xb6]],
];

for (const [label, redacted, bytes] of encodings)
  test(`a text in ${label}`, async () => {
    assert.equal(new TextDecoder(label).decode(Uint8Array.from(bytes)), redacted, "control");
    const file = Buffer.concat([Buffer.from("first\nby "), Uint8Array.from(bytes), Buffer.from(" so")]);
    assert.deepEqual(told(await search(file, [redacted])), ["leak line 2"]);
  });

/** Each letter of Hindi with each vowel sign: some glyphs get numbers that are Latin letters to whoever takes them for text. */
const manyGlyphs = Array.from({ length: 37 }, (_, i) =>
  ["", "ा", "ि", "ी", "ु", "े", "ै", "ो", "ौ", "ं", "्र"].map((sign) => String.fromCharCode(0x915 + i) + sign).join(""),
).join(" ");

const scripts: [what: string, text: string, redacted: string][] = [
  ["English", "It was Anna Kowalska of the office.", "Anna Kowalska"],
  ["ligatures", "The official of the ffi office filed it.", "official of the ffi office"],
  ["Polish", "Powiedziała to Żaneta Łoś z Łodzi.", "Żaneta Łoś"],
  ["Ukrainian", "Це сказав Ждан Ґудзь учора.", "Ждан Ґудзь"],
  ["Greek", "Το είπε ο Νίκος Παππάς χθες.", "Νίκος Παππάς"],
  ["Vietnamese", "Ông Nguyễn Văn Tuấn đã báo cáo.", "Nguyễn Văn Tuấn"],
  ["Arabic", "أبلغ العامل أحمد الخالدي عن خلل في المصنع", "أحمد الخالدي"],
  ["a short name in Arabic", "قال علي إن المصنع آمن", "علي"],
  ["Arabic ligatures", "قال السيد لؤي الأسلامي لا", "لؤي الأسلامي"],
  ["Arabic with vowel signs", "قَالَ مُحَمَّدٌ الخَالِدِيُّ ذَلِكَ", "مُحَمَّدٌ الخَالِدِيُّ"],
  ["Arabic with numbers", "الرقم (1234567) للعامل", "1234567"],
  ["Hebrew", "העובד יוסי כהן-לוי דיווח על תקלה", "יוסי כהן-לוי"],
  ["a short name in Hebrew", "אמר דן שהמפעל בטוח", "דן"],
  ["Hebrew with points", "אָמַר יוֹסִי כֹּהֵן הַיּוֹם", "יוֹסִי כֹּהֵן"],
  ["Hindi", "कर्मचारी सुनीता शर्मा ने क्षत्रिय ई-मेल भेजा", "सुनीता शर्मा"],
  ["Hindi vowels in two parts", "कर्मचारी ने क्षत्रिय ई-मेल भेजा", "ई-मेल भेजा"],
  ["Hindi after many other letters", `${manyGlyphs} ने क्षत्रिय ई-मेल भेजा`, "ई-मेल भेजा"],
  ["a short name in Hindi", "मैंने राम को देखा", "राम"],
  ["Chinese", "工人王小明报告了安全问题", "王小明"],
  ["Japanese", "作業員の山田太郎がカタカナで報告した", "山田太郎がカタカナ"],
  ["Korean", "작업자 김철수가 보고했다", "김철수"],
  ["emoji", "He sent 👩🏽‍💻🔥 to all", "👩🏽‍💻🔥"],
];

for (const [what, line, redacted] of scripts)
  test(`a document that we print, in ${what}`, async () => {
    const filler = Array.from({ length: 3 }, () => "Other words of the page.");
    assert.deepEqual(told(await search(await sought.printed([...filler, line]), [redacted])), ["leak page 1"]);
    assert.deepEqual(told(await search(await sought.printed([...filler, "Nothing."]), [redacted])), []);
  });

test("a document that we print over pages: each two words that follow each other, wherever lines and pages end", async () => {
  const row = Array.from({ length: 1500 }, (_, i) => `w${String(i)}x`);
  const pairs = row.slice(1).map((word, i) => `${row[i]!} ${word}`);
  const { found } = await search(await sought.printed([row.join(" ")]), pairs);
  const seen = new Set(found.filter(({ is }) => is === "leak").map(({ needle }) => needle));
  assert.deepEqual(
    pairs.filter((_, needle) => !seen.has(needle)),
    [],
  );
  const pages = new Set(found.map(({ where }) => (where.is === "page" ? where.page : 0)));
  assert.ok(pages.size >= 2 && !pages.has(0));
});

test("what qpdf packs, turns round and locks", requireJudge("qpdf"), async () => {
  const plain = await sought.printed([text]);
  const repacked = ["--object-streams=generate", "--recompress-flate", "--compression-level=9"];
  assert.deepEqual(told(await search(sought.throughQpdf(plain, ...repacked))), ["leak page 1"]);
  const opens = sought.throughQpdf(plain, "--encrypt", "", "owner", "256", "--");
  assert.deepEqual(told(await search(opens)), ["leak page 1"], "it opens without a password");
  const locked = await search(sought.throughQpdf(plain, "--encrypt", "user", "owner", "256", "--"));
  assert.deepEqual([told(locked), missed(locked)], [[], ["locked"]]);
});

test("a ZIP with a password is told, and its names are read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  try {
    writeFileSync(join(folder, `${words}.txt`), text);
    execFileSync("zip", ["-qP", "secret", "a.zip", `${words}.txt`], { cwd: folder });
    const searched = await search(readFileSync(join(folder, "a.zip")));
    assert.deepEqual([told(searched)[0], missed(searched)], [`leak about in ${words}.txt`, [`locked ${words}.txt`]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a redacted document does not stop its neighbours", async () => {
  const redacted =
    "I saw on 2026-11-30 that the valve in hall 3 of the plant was opened by hand, and I told the shift about it.";
  const neighbours = [
    "Reply 2: Thank you for telling us. Who else of the shift saw that the valve was opened, and when?",
    "The plant, hall 3, 2026-11-30. By the reporter. I told the shift. It was opened by hand in hall 3.",
  ];
  for (const neighbour of neighbours) {
    assert.deepEqual((await search(neighbour, [redacted])).found, []);
    assert.deepEqual((await search(await sought.printed([neighbour]), [redacted])).found, []);
  }
});
