/** What a cleaned PDF shows is what readers show of the file that was chosen: poppler judges, qpdf makes files. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PDFDocument, StandardFonts } from "@cantoo/pdf-lib";
import { cleanFile } from "../../views/browser/metadata/clean.ts";
import { requireJudge } from "../support/judges.ts";
import { cleaned, heapOf, holds, run, scratchFolder } from "./support/metadata-judges.ts";
import { agreeing, chosen, disagreeing, followed, other } from "./support/metadata-pdf-tables.ts";
import { plantedPdf, twoVersions } from "./support/metadata-pdfs.ts";

const folder = scratchFolder();
const bytesOf = (file: string): Buffer => Buffer.from(file, "latin1");

function words(file: Uint8Array): string {
  const path = join(folder, "words.pdf");
  writeFileSync(path, file);
  return run("pdftotext", "-layout", path, "-").toString().trim();
}

for (const [what, make] of Object.entries({ ...agreeing, ...followed }))
  test(`${what}: the words stay those that a reader shows`, requireJudge("pdftotext"), async () => {
    const file = bytesOf(make());
    assert.equal(words(file), chosen, "control");
    const { bytes } = await cleaned(file);
    assert.equal(words(bytes), chosen);
    assert.ok(!holds(heapOf(bytes, folder), other));
  });

for (const [what, make] of Object.entries(disagreeing))
  test(`${what} is damaged`, requireJudge("pdftotext"), async () => {
    const file = bytesOf(make());
    assert.ok(file.includes(other), "control");
    const result = await cleanFile(new Blob([new Uint8Array(file)]));
    assert.deepEqual(result, { is: "untouched", reason: "damaged", kind: "pdf", found: [] });
  });

const writings: string[][] = [
  ["--object-streams=disable"],
  ["--object-streams=generate"],
  ["--linearize"],
  ["--linearize", "--object-streams=generate"],
  ["--object-streams=generate", "--compress-streams=n"],
  ["--qdf"],
  ["--newline-before-endstream"],
];

for (const writing of writings)
  test(`what qpdf writes with ${writing.join(" ")} is cleaned`, requireJudge("qpdf", "convert"), async () => {
    for (const file of [await plantedPdf(folder, true), await twoVersions()]) {
      const [from, to] = [join(folder, "from.pdf"), join(folder, "to.pdf")];
      writeFileSync(from, file);
      run("qpdf", ...writing, from, to);
      const written = run("cat", to);
      assert.equal(words((await cleaned(written)).bytes), words(file));
      assert.equal(words((await cleaned(await updated(written))).bytes), words(await updated(written)));
    }
  });

/** A version more behind the end, in the manner of the file: cross-reference table or stream. */
async function updated(file: Uint8Array): Promise<Buffer> {
  const document = await PDFDocument.load(new Uint8Array(file), { forIncrementalUpdate: true });
  const snapshot = document.takeSnapshot();
  const page = document.getPage(0);
  snapshot.markObjForSave(page.node);
  page.drawText("Words of an update", { x: 20, y: 100, font: await document.embedFont(StandardFonts.Helvetica) });
  const update = await document.saveIncremental(snapshot);
  return Buffer.concat([file, update]);
}
