/** Documents of a case file: numbered, in their author's words, redacted before a page is made; read with strangers' programs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { translator } from "../../server/http/i18n.ts";
import { checkSeries, rangeOf, seriesAfter } from "../../views/browser/client/casefile/bates.ts";
import { certificateOrder } from "../../views/browser/client/casefile/certificate.ts";
import {
  documentOrder,
  documentText,
  slipOrder,
  type CaseDocument,
  type Production,
} from "../../views/browser/client/casefile/documents.ts";
import { redactText, type RedactedSpan } from "../../views/browser/client/casefile/redact.ts";
import { placeMark } from "../../views/pdf/blocks.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { writePdf, type PdfOrder } from "../../views/pdf/write.ts";
import { requireJudge } from "../support/judges.ts";
import { needed, odd } from "../support/odd-texts.ts";

const folder = mkdtempSync(join(tmpdir(), "tellhaven-casefile-"));
after(() => rmSync(folder, { recursive: true }));
const fonts = new Fonts(fontFiles);
const t = translator("en");
const production: Production = {
  caseName: "amber falcon",
  receivedOn: "2026-11-01",
  paper: "letter",
  language: "en",
  dir: "ltr",
  designation: "CONFIDENTIAL",
  t,
};
const series = { prefix: "TH", digits: 6, first: 41 };

async function print(order: PdfOrder): Promise<{ pages: number; text: string; marks: number[]; file: string }> {
  const { bytes, pages, marks } = await writePdf(order, fonts);
  const file = join(folder, "document.pdf");
  writeFileSync(file, bytes);
  execFileSync("qpdf", ["--check", file]);
  return { pages, marks, file, text: execFileSync("pdftotext", [file, "-"], { encoding: "utf8" }) };
}
const bare = (text: string): string => text.normalize("NFC").replaceAll(/\s/g, "");

const long = "The guard was off and nobody wrote it down. ".repeat(300);
const report: CaseDocument = {
  title: "Report",
  by: "Reporter",
  day: "2026-11-03",
  language: "ja",
  parts: [
    { heading: "What happened?", text: "プレス機が壊れた。\n\n二行目 SECRETNAME 終わり", redactions: [] },
    { heading: "", text: long, redactions: [] },
  ],
};

test(
  "a document has its title, author's role, day, text, and a number on every page",
  requireJudge("pdftotext", "qpdf"),
  async () => {
    const { text, pages, file } = await print(documentOrder(report, series, production));
    assert.ok(pages > 2);
    for (const words of ["Report", "By: Reporter · Day: 2026-11-03 · Case: amber falcon", "What happened?", "二行目"])
      assert.ok(bare(text).includes(bare(words)), words);
    assert.ok(
      bare(text.replaceAll(/amber falcon · page.*|CONFIDENTIAL|TH0000\d\d/g, "")).includes(bare(long)),
      "all of it",
    );
    const found = text.split("\f").slice(0, -1);
    for (const [i, page] of found.entries()) {
      assert.ok(page.includes(`TH0000${String(41 + i)}`), page);
      assert.ok(page.includes("CONFIDENTIAL"));
      assert.ok(page.includes(`amber falcon · page ${String(i + 1)} of ${String(pages)}`));
    }
    const info = execFileSync("pdfinfo", [file], { encoding: "utf8" });
    assert.match(info, /CreationDate:\s+Tue Nov {2}3 .*2026/);
    assert.doesNotMatch(info, /Author|Keywords|Subject/);
    assert.match(info, /JavaScript:\s+no/);
  },
);

test(
  "what is redacted is in no byte of the file, and the log hears on which page it was",
  requireJudge("pdftotext", "qpdf"),
  async () => {
    const part = report.parts[0]!;
    const start = part.text.indexOf("SECRETNAME");
    const redactions: RedactedSpan[] = [{ start, end: start + 10, reason: "personal data" }];
    const document = { ...report, parts: [report.parts[1]!, { ...part, redactions }] };
    const { text, marks, pages, file } = await print(documentOrder(document, series, production));
    assert.ok(text.includes("[REDACTED – personal data]"));
    assert.deepEqual(marks, [pages], "on the last page");
    const unpacked = execFileSync("qpdf", ["--qdf", "--object-streams=disable", file, "-"]).toString("latin1");
    for (const hidden of ["SECRETNAME", Buffer.from("SECRETNAME", "utf16le").swap16().toString("latin1")])
      assert.ok(!unpacked.includes(hidden) && !text.includes(hidden));
    const plain = documentText(document, production);
    assert.ok(
      plain.includes("[REDACTED – personal data]") && !plain.includes("SECRETNAME") && !plain.includes(placeMark),
    );
  },
);

test("no redaction leaves a letter of its span, whatever the text is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.nat(), fc.nat(), (text, a, b) => {
      const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [number, number];
      if (start === end || text.includes(placeMark)) return;
      const redacted = redactText(text, [{ start, end, reason: "x" }], () => "█");
      const [before, behind] = redacted.split(`${placeMark}█`) as [string, string];
      assert.ok(text.startsWith(before) && text.endsWith(behind));
      assert.ok(before.length <= start && behind.length <= text.length - end, "nothing of the span is left");
      assert.ok(before.isWellFormed() && behind.isWellFormed(), "no half of a letter");
    }),
  );
});

const text = "née\u0301 👩🏽‍💻 end";
const widened: [what: string, spans: [number, number][], expected: string][] = [
  ["an accent takes its letter with it", [[3, 4]], "né[1]\u{0020}👩🏽‍💻 end"],
  ["part of an emoji takes all of it", [[6, 7]], "née\u0301 [1] end"],
  [
    "two halves of one",
    [
      [5, 7],
      [7, 9],
    ],
    "née\u0301 [1][2] end",
  ],
  ["everything", [[0, text.length]], "[1]"],
];
for (const [what, spans, expected] of widened)
  test(`redaction: ${what}`, () => {
    const asked = spans.map(([start, end], i) => ({ start, end, reason: String(i + 1) }));
    assert.equal(redactText(text, asked, (reason) => `[${reason}]`).replaceAll(placeMark, ""), expected);
  });

const refused: [what: string, spans: RedactedSpan[]][] = [
  ["empty", [{ start: 2, end: 2, reason: "x" }]],
  ["turned round", [{ start: 3, end: 2, reason: "x" }]],
  ["before the text", [{ start: -1, end: 2, reason: "x" }]],
  ["behind the text", [{ start: 0, end: 99, reason: "x" }]],
  ["between characters", [{ start: 0.5, end: 2, reason: "x" }]],
  [
    "overlapping",
    [
      { start: 0, end: 3, reason: "x" },
      { start: 2, end: 4, reason: "y" },
    ],
  ],
  ["without a reason", [{ start: 0, end: 3, reason: " " }]],
];
for (const [what, spans] of refused)
  test(`a redaction that is ${what} is refused`, () =>
    assert.throws(() => redactText("some text", spans, (reason) => reason), { code: "format" }));

test("a typed place mark is not taken for a redaction", async () => {
  const part = { heading: `H${placeMark}`, text: `a${placeMark}b`, redactions: [] };
  const document = { ...report, title: `T${placeMark}`, parts: [part] };
  const { marks } = await writePdf(documentOrder(document, series, production), fonts);
  assert.deepEqual(marks, []);
});

test("slip sheets", requireJudge("pdftotext", "qpdf"), async () => {
  const sha256 = "ab".repeat(32);
  const about = { title: "Attachment 7", by: "Reporter", day: "2026-11-03" };
  const native = await print(
    slipOrder(
      { ...about, why: { is: "native", path: "data/native/TH000041.xlsx", sha256, bytes: 12 } },
      series,
      production,
    ),
  );
  for (const words of ["Produced in native form", "data/native/TH000041.xlsx", sha256, "12 bytes", "TH000041"])
    assert.ok(native.text.replaceAll("\n", "").includes(words), words);
  assert.equal(native.pages, 1);
  const withheld = await print(
    slipOrder({ ...about, why: { is: "withheld", reason: "work product" } }, series, production),
  );
  assert.match(withheld.text, /Withheld\s+Reason: work product/);
});

test("letters that would turn others round are shown as what they are", requireJudge("pdftotext", "qpdf"), async () => {
  const part = { heading: "", text: "invoice\u202efdp.exe", redactions: [] };
  const { text } = await print(documentOrder({ ...report, parts: [part] }, series, production));
  assert.ok(text.includes("invoice[U+202E]fdp.exe"));
});

test("odd texts, all in one document", requireJudge("pdftotext", "qpdf"), async () => {
  const texts = [...needed.map(([, each]) => each), ...odd.map(([, each]) => each)];
  const parts = texts.map((each, i) => ({ heading: `Heading ${String(i)}`, text: each, redactions: [] }));
  const { text } = await print(documentOrder({ ...report, parts }, series, production));
  for (const i of texts.keys()) assert.ok(text.includes(`Heading ${String(i)}`));
});

test(
  "the draft certificate is a draft, has blanks and promises nothing",
  requireJudge("pdftotext", "qpdf"),
  async () => {
    const order = certificateOrder(
      { organisation: "Example", documents: 9, attachments: 3, day: "2026-11-30" },
      production,
    );
    const { text, pages } = await print(order);
    for (const page of text.split("\f").slice(0, -1)) assert.ok(page.includes("DRAFT – not signed, not reviewed"));
    for (const words of [
      "Have a lawyer review this",
      "902(13)",
      "902(14)",
      "unaudited",
      "Signature",
      "amber falcon",
      "Documents: 9. Attachments: 3.",
    ])
      assert.ok(text.replaceAll("\n", " ").includes(words), words);
    assert.ok(pages <= 2);
  },
);

const badSeries: [what: string, change: object][] = [
  ["an empty prefix", { prefix: "" }],
  ["small letters", { prefix: "th" }],
  ["a comma", { prefix: "T,H" }],
  ["too few digits", { digits: 3 }],
  ["too many digits", { digits: 11 }],
  ["half a digit", { digits: 4.5 }],
  ["zero", { first: 0 }],
  ["no whole number", { first: Number.NaN }],
];
for (const [what, change] of badSeries)
  test(`a series with ${what} is refused`, () =>
    assert.throws(() => checkSeries({ ...series, ...change }), { code: "format" }));

test("numbers go on without a gap, until the digits are used up", () => {
  assert.deepEqual(checkSeries(series), series);
  assert.deepEqual(rangeOf(series, 3), { begin: "TH000041", end: "TH000043" });
  assert.deepEqual(rangeOf(seriesAfter(series, 3), 1), { begin: "TH000044", end: "TH000044" });
  assert.throws(() => rangeOf({ ...series, digits: 4, first: 9_999 }, 2), { code: "large" });
});
