/** Redacted words in texts, however a program may have written them out; and words that only look like them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findIn, findInBytes, lineOf, needlesOf } from "../../views/browser/client/casefile/leaks.ts";
import { layersOf } from "../../views/browser/client/casefile/leaks/layers.ts";
import { acrossPages } from "../../views/browser/client/casefile/leaks/page-text.ts";

const seen = (redacted: string, text: string): string[] =>
  findIn(text, needlesOf([redacted])).map(({ how, is }) => `${is} ${how}`);
const isLeak = (redacted: string, text: string): boolean => seen(redacted, text).includes("leak whole");

const paragraph =
  "On the ninth of May the valve was opened by hand although everybody on the shift had been told that the pressure " +
  "was above what the certificate allows, and nobody wrote it into the log of that day.";

const leaks: [what: string, redacted: string, text: string][] = [
  ["as it was written", "Anna Kowalska", "It was Anna Kowalska who said so."],
  ["in capitals", "Anna Kowalska", "ANNA KOWALSKA"],
  ["over a line end", "Anna Kowalska", "It was Anna\r\nKowalska."],
  ["over a page end", "Anna Kowalska", "It was Anna\f\n Kowalska."],
  ["with more white space", "Anna Kowalska", "Anna \u00a0\t\u3000 Kowalska"],
  ["without white space", "Anna Kowalska", "wasAnnaKowalskawho"],
  ["with white space between letters", "Anna Kowalska", "A n n a K o w a l s k a"],
  ["parted at a line end", "Anna Kowalska", "Anna Kowal-\nska"],
  ["a short word parted at a line end", "Anna", "was An-\n  na, who"],
  ["a short word parted as PDFium says it", "Anna", "was An\ufffe\r\nna, who"],
  ["with a soft hyphen", "Anna", "An\u00adna"],
  ["with a zero width space", "Anna", "An\u200bna"],
  ["with a filler", "Anna", "An\u3164na"],
  ["with marks of direction", "Anna", "\u202eAn\u2066na\u200f"],
  ["with a glyph that says nothing", "Anna", "An\u0016na"],
  ["other quotes", "the “old” man's", 'the "old" man’s'],
  ["other dashes", "Ann-Lee", "Ann–Lee"],
  ["with its accent apart", "Zoé", "Zoe\u0301"],
  ["without its accent", "Zoé", "Zoe"],
  ["one sign for two letters", "office", "o\ufb03ce"],
  ["ß and ss", "Fluß", "Fluss"],
  ["full width", "Anna12", "Ａｎｎａ１２"],
  ["mathematical letters", "Anna", "𝐀𝐧𝐧𝐚"],
  ["Arabic in presentation forms", "محمد", "\ufee3\ufea4\ufee4\ufeaa"],
  ["Arabic with vowel signs", "محمد", "مُحَمَّد"],
  ["Arabic drawn longer", "محمد", "محـــمد"],
  ["Arabic grown to the word before", "أحمد الخالدي", "لأحمدالخالدي"],
  ["Hebrew with points", "שלום", "שָׁלוֹם"],
  ["Hindi with spaces where glyphs are put together", "सुनीता शर्मा", "सु नीता शर्मा"],
  ["Chinese within a sentence", "王小明", "工人王小明报告了"],
  ["Chinese over a line end", "王小明", "工人王小\n明报告了"],
  ["one Chinese letter", "王", "工人王报告了"],
  ["Japanese in half width", "カタカナ", "ｶﾀｶﾅ"],
  ["Korean with an ending", "김철수", "김철수는 보고했다"],
  ["Thai within a sentence", "ประวิตร", "คนงานประวิตรรายงาน"],
  ["emoji", "👩🏽‍💻", "it was 👩🏽‍💻."],
  ["emoji without their skin tone, as pages show them", "👩🏽‍💻", "it was 👩‍💻."],
  ["a short name with an ending after an apostrophe", "Ann", "Ann's"],
  ["a short name between signs", "Ann", "_ann_"],
  ["two short words that run together", "Li Wu", "by LiWu."],
  ["a sum", "€ 1,250.00", "€1,250.00"],
  ["a day in a sentence", "3 May 2026", "on 3 May, 2026 it"],
  ["a letter outside the first plane", "𠮷野家", "私は𠮷野家で"],
];

for (const [what, redacted, text] of leaks)
  test(`a leak: ${what}`, () => assert.ok(isLeak(redacted, text), JSON.stringify(seen(redacted, text))));

const harmless: [what: string, redacted: string, text: string][] = [
  ["a short word inside another", "no", "note"],
  ["at the end of another", "no", "casino"],
  ["a short name that a longer one begins with", "Ann", "Annabel"],
  ["a short word over two words", "Anna", "an Na"],
  ["a number inside a longer one", "1234", "91234 and 12345"],
  ["a number with other points", "1.5", "15"],
  ["digits of another day", "3 May 2026", "13 May 2026"],
  ["a year that goes on", "3 May 2026", "3 May 20261"],
  ["a short word beside digits", "Ann", "Ann2"],
  [
    "ordinary words of a paragraph",
    paragraph,
    "On the ninth of May the valve was closed. Everybody on the shift had been told.",
  ],
  ["its date", "Seen on 2026-11-30 by all", "Report of 2026-11-30"],
  ["a redaction of punctuation only", "…!?", "What…!?"],
  ["a redaction of white space only", " \n", "What now \n"],
  ["Hebrew in short within a longer word", "דן", "דניאל"],
];

for (const [what, redacted, text] of harmless)
  test(`no leak: ${what}`, () => assert.deepEqual(seen(redacted, text), []));

const parts: [what: string, redacted: string, text: string, how: string[]][] = [
  ["half a paragraph", paragraph, `He wrote: ${paragraph.slice(60, 150)}`, ["leak run"]],
  ["seven words of it", paragraph, "above what the certificate allows, and nobody wrote", ["leak run"]],
  ["five words of it", paragraph, "what the certificate allows, and", []],
  ["its first words in capitals", paragraph, "ON THE NINTH OF MAY THE VALVE WAS OPENED", ["leak run"]],
  ["its last words", paragraph, "nobody wrote it into the log of that day", ["leak run"]],
  [
    "half a Chinese paragraph",
    "昨天晚上工人王小明向主管报告了安全阀的问题但是没有人把这件事写进当天的日志里",
    "他说安全阀的问题但是没有人把这件事",
    ["leak run"],
  ],
  ["a name out of a short one", "Anna Kowalska, head of purchasing", "Mrs Kowalska", ["remark word"]],
  ["a word out of a short one", "Anna Kowalska, head of purchasing", "the head", []],
  ["a name out of a long one", `${paragraph} It was Anna Kowalska.`, "Kowalska", ["remark word"]],
  ["a word out of a long one", `${paragraph} It was Anna Kowalska.`, "the pressure of everybody", []],
  ["an address out of a long one", `${paragraph} Write to anna@example.org.`, "from Anna@Example.org", ["remark word"]],
  ["a long number out of a long one", `${paragraph} Call +49 151 234567.`, "+49151234567", ["remark word"]],
  ["a code out of a long one", `${paragraph} It is TX-4471-B.`, "Part TX4471B", ["remark word"]],
  ["one that says nothing by itself", "no", "I say no.", ["remark whole"]],
  ["one figure", "5", "5 men", ["remark whole"]],
];

for (const [what, redacted, text, how] of parts)
  test(`${what}: ${how.join() || "nothing"}`, () => assert.deepEqual(seen(redacted, text), how));

test("a text that goes on may end within a word", () => {
  const needles = needlesOf(["no"]);
  assert.equal(findIn("say no", needles, { first: true, last: false }).length, 0);
  assert.equal(findIn("no say", needles, { first: false, last: true }).length, 0);
  assert.equal(findIn("say no, ", needles, { first: true, last: false }).length, 0, "the comma does not count");
  assert.equal(findIn("say no more", needles, { first: true, last: false }).length, 1);
});

test("findings name the redaction and the line, and no words", () => {
  const text = "first\nsecond Anna Kowalska\nthird Anna Kowalska, John Miller";
  const sights = findIn(text, needlesOf(["John Miller", "…", "Anna Kowalska"]));
  const lines = new Map(sights.map(({ needle, at }) => [needle, lineOf(text, at)]));
  assert.deepEqual([lines.get(0), lines.get(1), lines.get(2)], [3, undefined, 2]);
  assert.doesNotMatch(JSON.stringify(sights), /kowalska|miller/i);
});

const written: [what: string, redacted: string, text: string][] = [
  ["JSON escapes", "Zoé Müller", String.raw`{"by":"Zo\u00e9 M\u00fcller"}`],
  ["JSON line ends", "Anna", String.raw`{"by":"said\nAnna\n"}`],
  ["JSON of an emoji", "😀", String.raw`"\ud83d\ude00"`],
  ["numbered entities", "Zoé", "Zo&#233; and &#xE9;"],
  ["numbered entities in hexadecimal", "Ждан", "&#x416;&#x434;&#x430;&#x43d;"],
  ["named entities", "Fluß Müller", "Flu&szlig;&nbsp;M&uuml;ller"],
  ["a word in several elements", "Anna", "<w:t>An</w:t></w:r><w:r><w:t>na</w:t>"],
  ["words in elements side by side", "Anna", "<td>said</td><td>Anna</td><td>so</td>"],
  ["two short words in elements side by side", "Li Wu", "<td>by</td><td>Li</td><td>Wu</td><td>so</td>"],
  ["an attribute", "Anna", '<img alt="Anna">'],
  ["a remark of HTML", "Anna", "<!--Anna-->"],
  ["an address with escapes", "Anna Kowalska", "https://example.org/Anna%20Kowalska"],
  ["an address with letters escaped", "Müller", "https://example.org/M%C3%BCller"],
  ["quoted-printable", "Zoé Kowalska", "by Zo=C3=A9 Ko=\r\nwalska"],
  ["quoted-printable of the West", "Müller", "by M=FCller"],
  ["a head of a mail in Base64", "Müller", "Subject: =?utf-8?B?TcO8bGxlcg==?="],
  ["a head of a mail in Q", "Anna Müller", "From: =?iso-8859-1?Q?Anna_M=FCller?="],
  ["a head of a mail in two parts", "Anna", "=?utf-8?Q?An?=\r\n =?utf-8?Q?na?="],
  ["rich text", "Zoé", String.raw`{\rtf1\ansi\ansicpg1252 by Zo\'e9 and}`],
  ["rich text with escapes of Unicode", "Ждан", String.raw`{\rtf1 \u1046?\u1076?\u1072?\u1085?}`],
  ["rich text in groups", "Anna", String.raw`{\rtf1 by {\b An}{\i0 na}\par so}`],
  ["letters that are moved together", "Anna", "[(An) -20 (na)] TJ"],
];

for (const [what, redacted, text] of written)
  test(`written as ${what}`, () => assert.ok(layersOf(text).some((layer) => isLeak(redacted, layer))));

const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
const stored: [what: string, redacted: string, bytes: Buffer][] = [
  ["ASCII", "Anna Kowalska", Buffer.from("Anna Kowalska")],
  ["capitals", "Anna Kowalska", Buffer.from("ANNA_KOWALSKA")],
  ["UTF-8", "Zoé Müller", Buffer.from("Zoé Müller")],
  ["UTF-8 in capitals", "Żaneta Łoś", Buffer.from("ŻANETA ŁOŚ")],
  ["UTF-8 with accents apart", "Zoé Müller", Buffer.from("Zoé Müller".normalize("NFD"))],
  ["Latin-1", "Zoé Müller", Buffer.from("Zoé Müller", "latin1")],
  ["UTF-16", "Anna Kowalska", utf16("Anna Kowalska")],
  ["UTF-16, the other way", "Anna Kowalska", utf16("Anna Kowalska").swap16()],
  ["UTF-16 of Arabic", "أحمد الخالدي", utf16("أحمد الخالدي")],
  ["UTF-16 of Cyrillic", "Ждан Петренко", utf16("Ждан Петренко")],
];

for (const [what, redacted, bytes] of stored)
  test(`bytes that are no text: ${what}`, () => {
    const around = Buffer.concat([Buffer.from([0x89, 1, 0xff, 0]), bytes, Buffer.from([0, 0, 2, 0xfe])]);
    assert.deepEqual(
      findInBytes(around, needlesOf([redacted])).map(({ is, how }) => `${is} ${how}`),
      ["leak whole"],
    );
  });

test("bytes that are no text: less than six would be found by chance", () => {
  assert.deepEqual(findInBytes(Buffer.from("\0Anna\0"), needlesOf(["Anna"])), []);
});

test("bytes that are no text: numbers are not cut, in UTF-16 neither", () => {
  assert.deepEqual(findInBytes(utf16("\u000191234567 12345678"), needlesOf(["1234567"])), []);
});

test("bytes that are no text: half a paragraph", () => {
  const half = Buffer.from(paragraph.slice(40, 180));
  assert.deepEqual(
    findInBytes(half, needlesOf([paragraph])).map(({ how }) => how),
    ["run"],
  );
});

test("a sentence over two pages is not parted by their head and foot", () => {
  const page = "first\nIt was Anna\nCONFIDENTIAL\n1/2 TH0001\n";
  for (const next of ["Kowalska who\nlast\nCONFIDENTIAL\n2/2", "CONFIDENTIAL\n\nKowalska who\nlast"])
    assert.ok(acrossPages(page, next).some((text) => isLeak("Anna Kowalska", text)));
});
