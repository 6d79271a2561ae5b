/** PDF files: the same bytes for the same content, whole, tagged, titled, and on as many pages as it takes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { heightOf, layBlocks, type Block, type Pen, type Piece } from "../../views/pdf/blocks.ts";
import { readCuts } from "../../server/build/fonts.ts";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { orderName, Press } from "../../server/pdf/press.ts";
import { cuts } from "../../views/pdf/coverage.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { sfntOf } from "../../views/pdf/woff.ts";
import { writePdf, type PdfOrder } from "../../views/pdf/write.ts";
import { requireJudge } from "../support/judges.ts";
import { readPdf } from "../support/notice.ts";

const folder = mkdtempSync(join(tmpdir(), "tellhaven-pdf-"));
after(() => rmSync(folder, { recursive: true }));

const fonts = new Fonts(fontFiles);
const print = async (change: Partial<PdfOrder> = {}): Promise<Uint8Array> =>
  (await writePdf(order(change), fonts)).bytes;
const paragraph = (text: string): Block => ({ is: "text", role: "P", text });
const order = (change: Partial<PdfOrder> = {}): PdfOrder => ({
  title: "A title (with brackets) – שלום",
  language: "en",
  dir: "ltr",
  paper: "a4",
  day: "2026-11-30",
  fit: "flow",
  variants: [
    [
      { is: "text", role: "H1", text: "Heading", size: 18, weight: "bold" },
      paragraph("Words. שלום عام ٢٠٢٦ 漢字 हिन्दी Ж."),
      { is: "text", role: "LI", text: "one", bullet: true },
      { is: "text", role: "LI", text: "two", bullet: true },
      { is: "columns", gap: 10, blocks: [paragraph("left"), paragraph("right")] },
      {
        is: "panel",
        blocks: [paragraph("in a frame")],
        picture: {
          squares: [
            [true, false],
            [false, true],
          ],
          size: 30,
          alt: "Squares",
        },
      },
      { is: "rule" },
      { is: "field", label: "Name", keep: false },
    ],
  ],
  foot: "Foot {page}/{pages}",
  ...change,
});

test("the same content is the same bytes; any change is another name", async () => {
  const [one, two] = [await print(), await print()];
  assert.deepEqual(one, two);
  assert.equal(orderName(order()), orderName(order()));
  for (const change of [{ title: "B" }, { day: "2026-12-01" }, { foot: "" }, { dir: "rtl" } as const])
    assert.notEqual(orderName(order(change)), orderName(order()));
  assert.doesNotMatch(Buffer.from(one).toString("latin1"), new RegExp(tmpdir()), "no path of this machine");
});

test(
  "whole, tagged, with title, language and the day that it was told",
  requireJudge("qpdf", "pdftotext"),
  async () => {
    const bytes = await print();
    const file = join(folder, "a.pdf");
    writeFileSync(file, bytes);
    const check = spawnSync("qpdf", ["--check", file], { encoding: "utf8" });
    assert.equal(check.status, 0, check.stdout + check.stderr);
    const { info, text, pages } = await readPdf(bytes);
    assert.equal(pages, 1);
    assert.equal(info["Title"], order().title);
    assert.equal(info["Tagged"], "yes");
    assert.match(info["CreationDate"]!, /Nov 30 .*2026/);
    for (const words of ["Heading", "Words.", "漢字", "left", "right", "in a frame", "Name", "Foot 1/1"])
      assert.ok(text.includes(words), words);
    const plain = spawnSync("qpdf", ["--qdf", "--object-streams=disable", file, "-"], { encoding: "latin1" }).stdout;
    assert.match(plain, /\/Lang \(en\)/);
    assert.match(plain, /\/Alt \(Squares\)/);
    for (const role of ["H1", "P", "L", "LI", "LBody", "Figure"])
      assert.match(plain, new RegExp(`/S /${role}\\b`), role);
    assert.doesNotMatch(plain, /\/JavaScript|\/URI|\/EmbeddedFile/);
  },
);

const long = Array.from({ length: 120 }, (_, i) =>
  paragraph(`Paragraph ${String(i)}. ${"Many words of it. ".repeat(12)}`),
);

test("what is long goes on on the next pages, and nothing of it is lost", requireJudge("pdftotext"), async () => {
  const { pages, text } = await readPdf(await print({ variants: [long] }));
  assert.ok(pages > 3);
  for (let i = 0; i < long.length; i++) assert.ok(text.includes(`Paragraph ${String(i)}.`), String(i));
  assert.ok(text.includes(`Foot ${String(pages)}/${String(pages)}`));
});

test("a heading is not left alone at the foot of a page", requireJudge("pdftotext"), async () => {
  for (let before = 20; before < 60; before++) {
    const heading: Block = { is: "text", role: "H2", text: "Lonely", size: 14 };
    const blocks = [
      ...Array.from({ length: before }, (_, i) => paragraph(`row ${String(i)}`)),
      heading,
      paragraph("followed"),
    ];
    const { text } = await readPdf(await print({ variants: [blocks], foot: "" }));
    const page = text.split("\f").find((each) => each.includes("Lonely"));
    assert.ok(page?.includes("followed"), `${String(before)} rows before it`);
  }
});

test(
  "on one page it is as large as it can be, or the next variant; or it is too long",
  requireJudge("pdftotext"),
  async () => {
    const short = await readPdf(await print({ fit: "page", variants: [long, [paragraph("short enough")]] }));
    assert.equal(short.pages, 1);
    assert.match(short.text, /short enough/);
    await assert.rejects(print({ fit: "page", variants: [long] }), { code: "large" });
  },
);

test("columns are about equally long, in order, and no heading ends the first", () => {
  const frame = { language: "en", dir: "ltr", scale: 1, fonts } as const;
  const heading: Block = { is: "text", role: "H2", text: "Heading", size: 14 };
  const words = paragraph("Many words of it. ".repeat(6));
  for (let before = 1; before < 12; before++) {
    const blocks = [...Array.from({ length: before }, () => words), heading, ...Array.from({ length: 6 }, () => words)];
    const [columns] = layBlocks([{ is: "columns", blocks, gap: 20 }], 420, frame);
    const all = layBlocks(blocks, 200, frame);
    const drawn: { x: number; text: string }[] = [];
    const pen = {
      line: ({ text }: { text: string }, _size: number, x: number) => void drawn.push({ x, text }),
      tagged: (_element: unknown, draw: () => void) => draw(),
    } as unknown as Pen;
    columns!.draw(pen, 0, 0);
    assert.equal(drawn.map(({ text }) => text).join("|"), linesOf(all).join("|"), "nothing is lost or moved");
    const first = drawn.filter(({ x }) => x === 0);
    assert.notEqual(first.at(-1)?.text, "Heading", `${String(before)} before it`);
    const most = heightOf(all) / 2 + heightOf(layBlocks([heading, words], 200, frame));
    assert.ok(columns!.height <= most, `${String(columns!.height)} of ${String(heightOf(all))}`);
  }
});

function linesOf(pieces: readonly Piece[]): string[] {
  const texts: string[] = [];
  const pen = {
    line: ({ text }: { text: string }) => void texts.push(text),
    tagged: (_element: unknown, draw: () => void) => draw(),
  } as unknown as Pen;
  for (const piece of pieces) piece.draw(pen, 0, 0);
  return texts;
}

test("every font is the file that was taken over", () => {
  const fonts = join(import.meta.dirname, "../../views/pdf/fonts");
  const sums = readFileSync(join(fonts, "SHA256SUMS"), "utf8").trim().split("\n");
  assert.ok(sums.length >= 24);
  for (const line of sums) {
    const [sum, name] = line.split(/\s+/) as [string, string];
    assert.equal(
      createHash("sha256")
        .update(readFileSync(join(fonts, name)))
        .digest("hex"),
      sum,
      name,
    );
  }
});

test("the table of characters is that of the fonts", () => assert.deepEqual(cuts, readCuts()));

const font = readFileSync(join(import.meta.dirname, "../../views/pdf/fonts/noto-sans-hebrew-400-normal.woff"));
const damages: [what: string, bytes: Buffer][] = [
  ["empty", Buffer.alloc(0)],
  ["another format", Buffer.concat([Buffer.from("wOF2"), font.subarray(4)])],
  ["a header alone", font.subarray(0, 44)],
  ["cut within a table", font.subarray(0, 4000)],
];
for (const [what, bytes] of damages)
  test(`a font that is ${what} is refused`, () => assert.throws(() => sfntOf(bytes)));

test("a font is unpacked to tables with the sums that they name", () => {
  const sfnt = Buffer.from(sfntOf(font));
  const tables = sfnt.readUInt16BE(4);
  assert.ok(tables > 8);
  for (let i = 0; i < tables; i++) {
    const at = 12 + 16 * i;
    const [wanted, offset, length] = [4, 8, 12].map((field) => sfnt.readUInt32BE(at + field)) as [
      number,
      number,
      number,
    ];
    if (sfnt.toString("latin1", at, at + 4) === "head") continue; // its sum leaves out a field of its own
    let sum = 0;
    for (let word = 0; word < Math.ceil(length / 4); word++) sum = (sum + sfnt.readUInt32BE(offset + 4 * word)) >>> 0;
    assert.equal(sum, wanted, sfnt.toString("latin1", at, at + 4));
  }
});

test("the press makes one at a time in its own thread, keeps what it made, and says no when it is closed", async () => {
  const press = new Press();
  const [one, two] = await Promise.all([press.print(order()), press.print(order({ title: "Two" }))]);
  assert.deepEqual(one, await print());
  assert.notDeepEqual(one, two);
  assert.equal(await press.print(order()), one, "kept, not made again");
  await assert.rejects(press.print(order({ fit: "page", variants: [long] })), { code: "large" });
  assert.ok((await press.print(order({ title: "After a refusal" }))).length > 1000);
  const many = Array.from({ length: 60 }, (_, i) => press.print(order({ title: `Many ${String(i)}` })));
  const refused = (await Promise.allSettled(many)).filter(({ status }) => status === "rejected");
  assert.equal(refused.length, 10, "fifty wait, no more");
  await press.close();
  await assert.rejects(press.print(order({ title: "Late" })), { code: "busy" });
});

test("beyond its room the press forgets the longest unused, and no more than it must", async (t) => {
  const { length } = await print({ title: "0" });
  const press = new Press({ keptBytes: Math.ceil(length * 2.5) });
  t.after(() => press.close());
  const make = (title: string): Promise<Uint8Array> => press.print(order({ title }));
  // All are asked for before the first is made.
  const made = await Promise.all(["0", "1", "2", "3", "4"].map(make));
  assert.equal(await make("4"), made[4]);
  assert.equal(await make("3"), made[3]);
  assert.notEqual(await make("0"), made[0], "forgotten, and made again");
  assert.equal(await make("3"), made[3], "used since");
});

test("an order that does not end is given up, and the next one is taken", async (t) => {
  const press = new Press({ ms: 1 });
  t.after(() => press.close());
  for (const title of ["One", "Two"]) await assert.rejects(press.print(order({ title })), { code: "busy" });
});
