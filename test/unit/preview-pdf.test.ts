/** PDFs drawn by PDFium, and what is found in them and in Office files without running anything. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { activeIn, examine, type Active } from "../../views/browser/console/previews/active.ts";
import { mostPagePixels, openPages, pixelsOf, Refused } from "../../views/browser/console/previews/pdf-pages.ts";
import type { Refusal } from "../../views/browser/console/previews/worker-api.ts";
import * as hostile from "../support/hostile-files.ts";

const wasm = new Uint8Array(
  readFileSync(join(import.meta.dirname, "../../node_modules/@embedpdf/pdfium/dist/pdfium.wasm")),
).buffer;
const active = ["javaScript", "launch", "inside"];

for (const objectStreams of [true, false])
  test(`scripts, programs and files are found, ${objectStreams ? "packed" : "in the clear"}; pages are drawn all the same`, async () => {
    const file = await hostile.pdf({ pages: ["First", "Second"], active: true, objectStreams });
    assert.equal(file.includes("Launch"), !objectStreams, "control");
    assert.deepEqual(await examine(new Blob([file])), { content: "pdf", active });
    const pages = await openPages(wasm, file);
    assert.equal(pages.count, 2);
    assert.equal(pages.draw(1, 600).text, "Second");
    pages.draw(0, 300);
    const drawn = pages.draw(0, 600);
    assert.deepEqual(
      [drawn.width, drawn.height, drawn.size, drawn.text],
      [600, 400, { width: 300, height: 200 }, "First\r\nTyped in"],
    );
    const dark = (top: number, bottom: number): number =>
      drawn.pixels.filter((value, at) => at % 4 === 0 && value < 100 && at >= top * 2400 && at < bottom * 2400).length;
    assert.ok(dark(60, 110) > 100, "the words are there");
    assert.ok(dark(310, 390) > 100, "and what was typed into a form");
    assert.equal(dark(120, 300), 0);
  });

test("a plain PDF has nothing to tell", async () => {
  const file = await hostile.pdf({ pages: ["Words of JavaScript and /JavaScriptures"] });
  assert.deepEqual(await activeIn(new Blob([file]), "pdf"), []);
});

const marks: [what: string, text: string, found: Active[]][] = [
  ["a name written with numbers", "<< /S /J#61va#53cript /JS (x) >>", ["javaScript"]],
  ["an order to start a program", "<< /S /Launch /F (cmd.exe) >>", ["launch"]],
  ["a form of the old kind", "<< /XFA [ 1 0 R ] >>", ["xfa"]],
  ["a form that sends", "<< /S /SubmitForm >>", ["submit"]],
  ["a film inside", "<< /Subtype /RichMedia >>", ["media"]],
  ["a protected file", "trailer << /Encrypt 9 0 R >>", ["locked"]],
  ["a longer name", "<< /LaunchPad true /XFAB 1 >>", []],
  ["packed objects that are damaged", "<< /Type /ObjStm >>\nstream\nnothing of the kind", []],
  ["a name far into the file", `${" ".repeat(4 * 1024 * 1024 - 4)}/Launch `, ["launch"]],
];
for (const [what, text, found] of marks)
  test(`${what}: ${found.join() || "nothing"}`, async () => {
    assert.deepEqual(await activeIn(new Blob([`%PDF-1.7\n${text}`]), "pdf"), found);
  });

const macros: [what: string, bytes: Buffer, content: "zip" | "oldOffice", found: Active[]][] = [
  ["a new Office file with macros", Buffer.from("PK\x03\x04…word/vbaProject.bin"), "zip", ["macros"]],
  ["a new one without", Buffer.from("PK\x03\x04…word/document.xml"), "zip", []],
  ["an old Office file with macros", Buffer.from("_VBA_PROJECT", "utf16le"), "oldOffice", ["macros"]],
  ["an old one without", Buffer.from("WordDocument", "utf16le"), "oldOffice", []],
];
for (const [what, bytes, content, found] of macros)
  test(`${what}: ${found.join() || "nothing"}`, async () =>
    assert.deepEqual(await activeIn(new Blob([new Uint8Array(bytes)]), content), found));

const refused: [what: string, make: () => Promise<Uint8Array>, why: Refusal][] = [
  ["a cut file", async () => (await hostile.pdf({ pages: ["a"] })).subarray(0, 300), "damaged"],
  ["noise behind the beginning", async () => Buffer.from(`%PDF-1.7\n${"x".repeat(1000)}`), "damaged"],
  ["a file with a password", hostile.lockedPdf, "password"],
  ["nothing", async () => new Uint8Array(0), "damaged"],
];
for (const [what, make, why] of refused)
  test(`${what} is refused as ${why}`, async () => {
    await assert.rejects(openPages(wasm, await make()), (error) => error instanceof Refused && error.why === why);
  });

test("a page that is not there is damaged", async () => {
  const pages = await openPages(wasm, await hostile.pdf({ pages: ["a"] }));
  assert.throws(() => pages.draw(7, 100), Refused);
});

for (const [width, height, wanted] of [
  [300, 200, 600],
  [14_400, 14_400, 9_000],
  [1, 14_400, 1_000],
  [14_400, 1, 60_000],
  [0.001, 0.001, 1_000],
] as const)
  test(`a page of ${width} by ${height} points fits the memory at ${wanted} pixels`, () => {
    const pixels = pixelsOf({ width, height }, wanted);
    assert.ok(pixels.width >= 1 && pixels.height >= 1);
    assert.ok(pixels.width * pixels.height <= mostPagePixels);
    assert.ok(Math.max(pixels.width, pixels.height) <= 16_384);
  });
