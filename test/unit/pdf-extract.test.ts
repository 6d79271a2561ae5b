/** What a stranger's program reads in our PDFs: every script as it was typed, letter by letter, and nothing that is not embedded. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { placeMark } from "../../views/pdf/blocks.ts";
import type { Direction } from "../../views/pdf/lines.ts";
import { countPages, writePdf, type PdfOrder } from "../../views/pdf/write.ts";
import { requireJudge } from "../support/judges.ts";
import { needed, odd } from "../support/odd-texts.ts";

const folder = mkdtempSync(join(tmpdir(), "tellhaven-extract-"));
after(() => rmSync(folder, { recursive: true }));
const fonts = new Fonts(fontFiles);

async function fileOf(texts: readonly string[], change: Partial<PdfOrder> = {}): Promise<string> {
  const order: PdfOrder = {
    title: "Title",
    language: "en",
    dir: "ltr",
    paper: "a4",
    day: "2026-11-30",
    fit: "flow",
    variants: [texts.map((text) => ({ is: "text", role: "P", text, dir: "own" }))],
    foot: "",
    ...change,
  };
  const { bytes, pages } = await writePdf(order, fonts);
  assert.equal(await countPages(order, fonts), pages, "pages are known before they are written");
  const file = join(folder, `${String(Math.round(performance.now() * 1000))}.pdf`);
  writeFileSync(file, bytes);
  return file;
}

const read = (file: string): string => execFileSync("pdftotext", [file, "-"], { encoding: "utf8" });

/** Line breaks are the page's, marks of direction are pdftotext's, and Unicode's two ways to write é are one. */
const plain = (text: string): string =>
  text.normalize("NFC").replaceAll(/\s|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");

// Sentences of our own, with what is easily lost: joined letters, vowels drawn in parts or before what they follow.
const scripts: [language: string, dir: Direction, text: string][] = [
  ["ar", "rtl", "أبلغ العامل عن خلل في المكبس، ولا أحد سجّل الإبلاغ"],
  ["fa", "rtl", "می\u200cخواهم یک گزارش کتبی بدهم"],
  ["he", "rtl", "העובד דיווח על תקלה במכבש (ואיש לא רשם)"],
  ["hi", "ltr", "कर्मचारी ने प्रेस में ख़राबी की सूचना दी। ई ऐ ओ औ क्षत्रिय ऋषि र्कि"],
  ["zh", "ltr", "工人报告了压力机的故障。"],
  ["ja", "ltr", "作業員がプレス機の不具合を報告した。葛\u{e0100}城さん"],
  ["ko", "ltr", "작업자가 프레스 결함을 신고했다."],
  ["uk", "ltr", "Прес зламано, «ніхто» не записав — і Ґрунтовно."],
  ["el", "ltr", "Η πρέσα χάλασε και κανείς δεν το έγραψε"],
  ["vi", "ltr", "Máy ép hỏng, không ai ghi lại điều đó"],
  ["pl", "ltr", "Zażółć gęślą jaźń; fi ffi fl AV To"],
  ["en", "ltr", "👩🏽‍💻 👨‍👩‍👧 ❤️ 1️⃣ 🇩🇪 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 👍🏾 😀 ✓ ☎ → end"],
  ["en", "ltr", "the same glyph: a\u00a0b, \u00c5 \u212b, \u03a9 \u2126, - \u2010 \u2011"],
];
for (const [language, dir, text] of scripts)
  test(`${language} comes back: ${text}`, requireJudge("pdftotext"), async () => {
    for (const weight of ["regular", "bold"] as const) {
      const file = await fileOf([], { language, dir, variants: [[{ is: "text", role: "P", text, weight }]] });
      assert.ok(plain(read(file)).includes(plain(text)), `${weight}: ${read(file)}`);
    }
  });

test("all scripts on one page: every font embedded, none but ours", requireJudge("pdffonts", "qpdf"), async () => {
  const file = await fileOf(scripts.map(([, , text]) => text));
  execFileSync("qpdf", ["--check", file]);
  const rows = execFileSync("pdffonts", [file], { encoding: "utf8" }).trim().split("\n").slice(2);
  assert.ok(rows.length > 8);
  for (const row of rows) assert.match(row, /^[A-Z]{6}\+(?:NotoSans|NotoEmoji|IBMPlexSansArabic)\S* .* yes yes yes /);
});

test("a document's bytes do not depend on those made before it", async () => {
  const order = (text: string, language: string): PdfOrder => ({
    ...{ title: "T", language, dir: "ltr", paper: "a4", day: "2026-11-30", fit: "flow", foot: "" },
    variants: [[{ is: "text", role: "P", text, dir: "own" }]],
  });
  const used = new Fonts(fontFiles);
  // Letters that are parts of others, and letters that look alike.
  for (const text of ["ó Å\u00a0ş", "يكتب ي", "\u212b a b"]) await writePdf(order(text, "en"), used);
  for (const text of ["To go \u00c5", "یکتب ی", "a\u00a0b"])
    assert.deepEqual(
      await writePdf(order(text, "en"), used),
      await writePdf(order(text, "en"), new Fonts(fontFiles)),
      text,
    );
});

test("what no font has is its code, also for programs", requireJudge("pdftotext"), async () => {
  const text = plain(read(await fileOf(["ภาษา", "a\ud800b", "\u{10330}"])));
  for (const code of ["[U+0E20][U+0E32][U+0E29][U+0E32]", "a[U+D800]b", "[U+10330]"])
    assert.ok(text.includes(code), code);
});

/** What can be seen of a text: pdftotext may leave out the rest, and turns full width letters into plain ones. */
const visible = (text: string): string =>
  [...text.normalize("NFKC")]
    .filter((character) => !/[\s\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}]/u.test(character))
    .sort()
    .join("");

for (const [what, text] of [...needed, ...odd.map(([what, text]) => [what, text] as const)])
  test(`nothing of it is lost: ${what}`, requireJudge("pdftotext", "qpdf"), async () => {
    const file = await fileOf([text]);
    execFileSync("qpdf", ["--check", file]);
    assert.equal(visible(read(file)), visible(text));
  });

test("a place mark is not seen and tells its page", requireJudge("pdftotext"), async () => {
  const filler = "Many words of it. ".repeat(300);
  const text = `start ${placeMark}one ${filler} ${placeMark}${placeMark}two ${filler} ${filler} ${placeMark}three`;
  const order: PdfOrder = {
    ...{ title: "T", language: "en", dir: "ltr", paper: "a4", day: "2026-11-30", fit: "flow", foot: "" },
    variants: [[{ is: "text", role: "P", text }]],
  };
  const { bytes, marks, pages } = await writePdf(order, fonts);
  const file = join(folder, "marks.pdf");
  writeFileSync(file, bytes);
  const found = read(file).split("\f");
  const pageOf = (word: string): number => found.findIndex((page) => page.includes(word)) + 1;
  assert.ok(pages > 2);
  assert.deepEqual(marks, [pageOf("one"), pageOf("two"), pageOf("two"), pageOf("three")]);
  assert.ok(!read(file).includes(placeMark));
});

test("head, foot and number stand on every page, the numbers go on", requireJudge("pdftotext"), async () => {
  const text = "Many words of it. ".repeat(2000);
  const series = { prefix: "TH-", digits: 5, first: 98 };
  const file = await fileOf([text], { head: "CONFIDENTIAL", foot: "{page} of {pages}", series });
  const pages = read(file).split("\f").slice(0, -1);
  assert.ok(pages.length > 3);
  for (const [i, page] of pages.entries()) {
    assert.ok(page.includes("CONFIDENTIAL"));
    assert.ok(page.includes(`${String(i + 1)} of ${String(pages.length)}`));
    assert.ok(page.includes(`TH-${String(98 + i).padStart(5, "0")}`), page.slice(-80));
  }
  await assert.rejects(fileOf([text], { series: { prefix: "TH", digits: 2, first: 98 } }), { code: "large" });
});
