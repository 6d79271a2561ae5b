/** PDFs lose what was planted in them and keep their pages, words, comments and fields; qpdf and poppler judge. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PDFDocument } from "@cantoo/pdf-lib";
import { cleanFile } from "../../views/browser/metadata/clean.ts";
import { requireJudge } from "../support/judges.ts";
import { cleaned, exiftool, heapOf, holds, mat2, run, scratchFolder } from "./support/metadata-judges.ts";
import { cornerContent, cornerPdf, cornerPlants } from "./support/metadata-pdf-corners.ts";
import { newText, pdfContent, pdfPlants, plantedPdf, twoVersions } from "./support/metadata-pdfs.ts";

const folder = scratchFolder();

function words(file: Uint8Array): string {
  const path = join(folder, "words.pdf");
  writeFileSync(path, file);
  return run("pdftotext", "-layout", path, "-").toString();
}

/** Every page as pixels. */
function drawn(file: Uint8Array): Buffer {
  const path = join(folder, "drawn.pdf");
  writeFileSync(path, file);
  return run("pdftoppm", "-r", "60", path);
}

function check(file: Uint8Array): void {
  const path = join(folder, "checked.pdf");
  writeFileSync(path, file);
  assert.match(run("qpdf", "--check", path).toString(), /No syntax or stream encoding errors/);
}

for (const objectStreams of [false, true])
  test(
    `a PDF ${objectStreams ? "with" : "without"} object streams: every plant is gone, all content is there`,
    requireJudge("exiftool", "mat2", "convert", "qpdf", "pdftotext"),
    async () => {
      const file = await plantedPdf(folder, objectStreams);
      const result = await cleaned(file);
      const [before, after] = [heapOf(file, folder), heapOf(result.bytes, folder)];
      for (const plant of pdfPlants.filter((each) => each !== "PlantOld")) {
        assert.ok(holds(before, plant), `control: ${plant} was planted`);
        assert.ok(!holds(after, plant), `${plant} is still in the file`);
      }
      for (const content of pdfContent) assert.ok(holds(after, content), `${content} is content`);
      check(result.bytes);
      assert.equal(words(result.bytes), words(file));
      assert.ok(drawn(result.bytes).equals(drawn(file)), "every page looks the same");
      assert.match(exiftool(file, "pdf", folder), /Plant/, "control: exiftool finds plants");
      const read = exiftool(result.bytes, "pdf", folder).replace(/^.ICC.*$/gm, "");
      assert.doesNotMatch(read, /Plant|GPS|Author|Creat|Producer|Modif/);
      // It names these three for every PDF, also one that has no dates: exiftool's answer above counts.
      const always = ["creation-date", "mod-date", "format"];
      assert.deepEqual(
        mat2(result.bytes, "pdf", folder)?.filter((name) => !always.includes(name)),
        [],
      );
    },
  );

test("an earlier version of a PDF is not in the new file", requireJudge("qpdf", "pdftotext"), async () => {
  const file = await twoVersions();
  check(file);
  assert.match(words(file), new RegExp(newText));
  assert.ok(holds(heapOf(file, folder), "PlantOld"), "control");
  const result = await cleaned(file);
  check(result.bytes);
  assert.equal(words(result.bytes), words(file));
  assert.ok(!holds(heapOf(result.bytes, folder), "PlantOld"));
  assert.ok(result.found.some(({ name, value }) => name === "earlierVersion" && value === "1"));
  assert.deepEqual(result.remaining, []);
});

test("the person is shown what a PDF would have told, and what it still tells", requireJudge("convert"), async () => {
  const { found, remaining } = await cleaned(await plantedPdf(folder, true));
  const told = found.map(({ group, name, value }) => `${group}/${name}: ${value}`);
  for (const line of [
    "other/title: PlantTitle",
    "author/author: PlantAuthor",
    "other/customField: Matter: PlantCustom",
    "author/author: PlantXmp",
    "time/created: 2024-01-31 12:00",
    "author/signature: PlantSigner",
    "author/commentAuthor: PlantCommenter",
    "history/documentId: ",
    "history/originalPath: C:/Users/PlantPath/inside.png",
    "history/privateData: Plant",
    "device/camera: PlantMake",
  ])
    assert.ok(told.includes(line), `${line} in ${told.join(" | ")}`);
  assert.deepEqual(
    remaining.map(({ name, value }) => `${name}: ${value}`).sort(),
    [
      "colourProfile: ",
      "comments: KeptComment",
      "embeddedFile: inside.png",
      "formFields: 2",
      "hiddenLayer: KeptLayer",
      "scripts: ",
    ].sort(),
  );
});

for (const xfaIsArray of [false, true])
  test(
    `the corners of a PDF whose form is ${xfaIsArray ? "an array" : "one stream"}`,
    requireJudge("exiftool", "convert", "qpdf", "pdftotext"),
    async () => {
      const file = await cornerPdf(folder, xfaIsArray);
      const result = await cleaned(file);
      const [before, after] = [heapOf(file, folder), heapOf(result.bytes, folder)];
      for (const plant of cornerPlants) {
        assert.ok(holds(before, plant), `control: ${plant} was planted`);
        assert.ok(!holds(after, plant), `${plant} is still in the file`);
      }
      for (const content of cornerContent) assert.ok(holds(after, content), `${content} is content`);
      check(result.bytes);
      assert.equal(words(result.bytes), words(file));
      assert.ok(drawn(result.bytes).equals(drawn(file)), "every page looks the same");
      const told = result.found.map(({ name, value }) => `${name}: ${value}`);
      for (const line of [
        "originalPath: /home/PlantFigure/figure.pdf",
        "author: PlantIncluded",
        "created: 2024-02-29 12:00",
        "created: 2024-02-28 12:00",
        "originalPath: file:///home/PlantBase/",
        "note: PlantCode",
        "note: PlantTilePart",
      ])
        assert.ok(told.includes(line), `${line} in ${told.join(" | ")}`);
      assert.deepEqual(
        result.remaining.map(({ name, value }) => `${name}: ${value}`).sort(),
        [
          "colourProfile: ",
          "embeddedFile: photo.jpg",
          "embeddedFile: words.txt",
          "externalLink: file:///C:/Users/jane.link/plan.pdf",
          "formFields: ",
          "orientation: 6",
        ].sort(),
      );
    },
  );

test("a PDF with a password is left alone, and said to have one", async () => {
  const document = await PDFDocument.create();
  document.addPage();
  document.encrypt({ userPassword: "secret", ownerPassword: "owner" });
  const file = new Uint8Array(await document.save());
  assert.deepEqual(await cleanFile(new Blob([file])), { is: "untouched", reason: "encrypted", kind: "pdf", found: [] });
});
