/** Load files and logs of a case file, read by Python's csv and by awk. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { formatDat, formatOpt, type LoadRow } from "../../views/browser/client/casefile/load-files.ts";
import { formatCustody, formatPrivilege, formatRedactions } from "../../views/browser/client/casefile/logs.ts";
import { requireJudge } from "../support/judges.ts";
import { needed, odd } from "../support/odd-texts.ts";

/** Rows of a file as Python's csv module reads them. `newlines`: "" leaves them as they are. */
function python(bytes: Uint8Array | string, dialect: string): string[][] {
  const program = `import csv,io,json,sys
text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
print(json.dumps(list(csv.reader(text, ${dialect}, strict=True))))`;
  return JSON.parse(execFileSync("python3", ["-c", program], { input: bytes, encoding: "utf8" })) as string[][];
}
const dat = 'delimiter="\\x14", quotechar="\\u00fe"';

const row = (change: Partial<LoadRow> = {}): LoadRow => ({
  bates: { begin: "TH000001", end: "TH000003" },
  family: { begin: "TH000001", end: "TH000009" },
  custodian: "Reporter",
  received: "2026-11-03",
  title: "Report",
  confidentiality: "CONFIDENTIAL",
  redacted: true,
  sha256: "ab".repeat(32),
  nativePath: "data/native/TH000001.xlsx",
  textPath: "data/text/TH000001.txt",
  pdfPath: "data/pdf/TH000001.pdf",
  pages: 3,
  ...change,
});

test("a Concordance file, byte by byte", () => {
  const bytes = Buffer.from(formatDat([row({ title: "one\ntwo", nativePath: null, family: null, redacted: false })]));
  assert.equal(bytes.subarray(0, 3).toString("hex"), "efbbbf");
  const lines = bytes.subarray(3).toString("utf8").split("\r\n");
  assert.equal(
    lines[0],
    "þBEGBATESþ\u0014þENDBATESþ\u0014þBEGATTACHþ\u0014þENDATTACHþ\u0014þCUSTODIANþ\u0014þDATERCVDþ\u0014þTITLEþ\u0014þCONFIDENTIALITYþ\u0014þREDACTEDþ\u0014þSHA256HASHþ\u0014þNATIVEPATHþ\u0014þTEXTPATHþ",
  );
  assert.equal(
    lines[1],
    `þTH000001þ\u0014þTH000003þ\u0014þþ\u0014þþ\u0014þReporterþ\u0014þ2026-11-03þ\u0014þone®twoþ\u0014þCONFIDENTIALþ\u0014þNoþ\u0014þ${"ab".repeat(32)}þ\u0014þþ\u0014þdata\\text\\TH000001.txtþ`,
  );
  assert.equal(lines[2], "");
});

const nasty = [
  ...needed.map(([, text]) => text),
  ...odd.map(([, text]) => text),
  "þorn and ®",
  "a\u0014b",
  'quote " and, comma',
  "a\r\nb\rc\nd\u2028e\u0085f",
  "þþ",
  "þ",
];
/** What a cell may become: a line end is ®, other signs that cut cells are room, and ® is written out. */
const asCell = (text: string): string =>
  text
    .replaceAll("®", "(R)")
    .replaceAll(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/g, "®")
    .replaceAll(/\p{Cc}/gu, " ");

test("Python reads of a Concordance file what was put in, whatever it is", requireJudge("python3"), () => {
  const rows = nasty.map((title) => row({ title, custodian: title }));
  const read = python(formatDat(rows), dat);
  assert.equal(read.length, nasty.length + 1);
  assert.deepEqual(
    read.slice(1).map((cells) => [cells[6], cells[4], cells.length]),
    nasty.map((title) => [asCell(title), asCell(title), 12]),
  );
});

test("no text makes a row or a cell more", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 30 }), { maxLength: 8 }), (titles) => {
      const text = Buffer.from(formatDat(titles.map((title) => row({ title })))).toString("utf8");
      const lines = text.split("\r\n");
      assert.equal(lines.length, titles.length + 2);
      for (const line of lines.slice(0, -1)) assert.equal(line.split("\u0014").length, 12);
    }),
  );
});

test("awk reads seven columns of an Opticon file", requireJudge("awk"), () => {
  const rows = [
    row(),
    row({ bates: { begin: "TH000004", end: "TH000004" }, pages: 1, pdfPath: "data/pdf/TH000004.pdf" }),
  ];
  const bytes = formatOpt(rows, "VOL001");
  const program = '{ sub(/\\r$/, ""); print NF "|" $1 "|" $2 "|" $3 "|" $4 "|" $5 "|" $6 "|" $7 }';
  assert.equal(
    execFileSync("awk", ["-F,", program], { input: bytes, encoding: "utf8" }),
    "7|TH000001|VOL001|data\\pdf\\TH000001.pdf|Y|||3\n7|TH000004|VOL001|data\\pdf\\TH000004.pdf|Y|||1\n",
  );
  assert.equal(Buffer.from(bytes).toString("latin1").match(/\r\n/g)?.length, 2);
});

const refused: [what: string, make: () => unknown][] = [
  ["a way out of the bag", () => formatDat([row({ nativePath: "../etc/passwd" })])],
  ["an absolute path", () => formatOpt([row({ pdfPath: "/etc/passwd" })], "VOL001")],
  ["a comma in a path", () => formatOpt([row({ pdfPath: "data/a,b.pdf" })], "VOL001")],
  ["a comma in a number", () => formatOpt([row({ bates: { begin: "T,1", end: "T,1" } })], "VOL001")],
  ["a volume with a comma", () => formatOpt([row()], "VOL,1")],
];
for (const [what, make] of refused) test(`${what} is refused`, () => assert.throws(make, { code: "format" }));

test("redactions, privilege and custody as tables", requireJudge("python3"), () => {
  const sha = "cd".repeat(32);
  assert.deepEqual(
    python(
      formatRedactions([
        {
          document: "data/pdf/TH000001.pdf",
          bates: "TH000002",
          page: 2,
          original: sha,
          redactedSha256: sha,
          reason: "name",
          by: "counsel",
          day: "2026-11-30",
        },
        {
          document: "data/pdf/TH000004.pdf",
          bates: "TH000004",
          page: null,
          original: sha,
          redactedSha256: null,
          reason: "AC",
          by: "counsel",
          day: "2026-11-30",
        },
      ]),
      "'excel'",
    ),
    [
      ["number", "document", "bates", "page", "original", "redacted_sha256", "reason", "by", "day"],
      ["1", "data/pdf/TH000001.pdf", "TH000002", "2", sha, sha, "name", "counsel", "2026-11-30"],
      ["2", "data/pdf/TH000004.pdf", "TH000004", "all", sha, "withheld", "AC", "counsel", "2026-11-30"],
    ],
  );
  assert.deepEqual(
    python(
      formatPrivilege([
        {
          bates: "TH000004",
          day: "2026-11-03",
          type: "note",
          authorRole: "counsel",
          recipients: ["reviewer", "director"],
          description: "advice",
          bases: ["AC", "WP"],
          treatment: "withheld",
        },
      ]),
      "'excel'",
    ),
    [
      ["number", "bates", "date", "type", "author_role", "recipients", "description", "basis", "treatment"],
      ["1", "TH000004", "2026-11-03", "note", "counsel", "reviewer; director", "advice", "AC; WP", "withheld"],
    ],
  );
  assert.deepEqual(
    python(
      formatCustody([{ day: "2026-11-03", event: "received", by: "server", object: "report", sha256: null }]),
      "'excel'",
    ),
    [
      ["number", "day", "event", "by", "object", "sha256"],
      ["1", "2026-11-03", "received", "server", "report", ""],
    ],
  );
});

test("no cell of a log is carried out by a spreadsheet", requireJudge("python3"), () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r", "＝"]) {
    const [, cells] = python(
      formatRedactions([
        {
          document: "d",
          bates: "b",
          page: 1,
          original: "",
          redactedSha256: "",
          reason: `${start}cmd|' /C calc'!A0`,
          by: "counsel",
          day: "2026-11-30",
        },
      ]),
      "'excel'",
    );
    assert.equal(cells![6], `'${start}cmd|' /C calc'!A0`);
  }
  const rows = nasty.map((event) => ({ day: "2026-11-03", event, by: "x", object: "y", sha256: null }));
  const read = python(formatCustody(rows), "'excel'").slice(1);
  for (const [i, text] of nasty.entries()) assert.ok([text, `'${text}`].includes(read[i]![2]!), text);
});
