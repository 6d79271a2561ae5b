/** Office files lose what was planted in them and keep what people read; exiftool and mat2 judge. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanFile } from "../../views/browser/metadata/clean.ts";
import { requireJudge } from "../support/judges.ts";
import { cleaned, exiftool, heapOf, holds, mat2, scratchFolder, unzipped } from "./support/metadata-judges.ts";
import { cornerContent, cornerOffice, cornerPlants, cornersTold } from "./support/metadata-office-corners.ts";
import { officeContent, officePlants, plantedOffice, zipped, type OfficeKind } from "./support/metadata-office.ts";

const folder = scratchFolder();
const kinds = Object.keys(officePlants) as OfficeKind[];

/** Every text of a Word part as it is read, one line for each paragraph. */
function readWords(part: Buffer): string[] {
  return [...part.toString().matchAll(/<w:p[ >][^]*?<\/w:p>/g)].map(([paragraph]) =>
    [...paragraph.matchAll(/<w:t[ >][^<]*<\/w:t>/g)].map(([text]) => text.replace(/<[^>]*>/g, "")).join(""),
  );
}

for (const kind of kinds)
  test(
    `${kind}: every plant is gone, what people read is there`,
    requireJudge("exiftool", "mat2", "convert"),
    async () => {
      const file = await plantedOffice(kind, folder);
      const result = await cleaned(file);
      const [before, after] = [heapOf(file, folder), heapOf(result.bytes, folder)];
      for (const plant of officePlants[kind]) {
        assert.ok(holds(before, plant), `control: ${plant} was planted`);
        assert.ok(!holds(after, plant), `${plant} is still in the file`);
      }
      for (const content of officeContent[kind]) assert.ok(holds(after, content), `${content} is content`);
      assert.doesNotMatch(exiftool(result.bytes, kind, folder), /Plant|2024/);
      assert.deepEqual(mat2(result.bytes, kind, folder), []);
      assert.deepEqual(
        [...unzipped(result.bytes).keys()].filter((part) =>
          /docProps|thumbnail|printer|customXml|people\.xml/.test(part),
        ),
        [],
      );
      const again = await cleaned(result.bytes);
      assert.deepEqual(again.bytes, result.bytes, "cleaning again changes nothing");
      assert.deepEqual(
        result.remaining.filter(({ group }) => ["author", "place", "time", "history", "thumbnail"].includes(group)),
        [],
      );
    },
  );

/** Every name that a content type or a relationship speaks of is there. */
function assertWhole(parts: Map<string, Buffer>): void {
  for (const [name, bytes] of parts) {
    if (name === "[Content_Types].xml")
      for (const [, part] of bytes.toString().matchAll(/PartName="\/([^"]*)"/g)) assert.ok(parts.has(part!), part);
    if (!name.endsWith(".rels")) continue;
    const base = new URL(`http://x/${name.replace(/_rels\/[^/]*$/, "")}`);
    for (const [, target, , mode] of bytes.toString().matchAll(/Target="([^"]*)"( TargetMode="(\w+)")?/g))
      if (mode !== "External") assert.ok(parts.has(new URL(target!, base).pathname.slice(1)), `${name}: ${target!}`);
  }
}

test("no relationship and no content type leads to a part that is gone", requireJudge("convert"), async () => {
  for (const kind of kinds) assertWhole(unzipped((await cleaned(await plantedOffice(kind, folder))).bytes));
});

for (const kind of kinds)
  test(`${kind}: what lies in corners is gone, or told`, async () => {
    const file = await cornerOffice(kind);
    const result = await cleaned(file);
    const [before, after] = [heapOf(file, folder), heapOf(result.bytes, folder)];
    for (const plant of cornerPlants[kind]) {
      assert.ok(holds(before, plant), `control: ${plant} was planted`);
      assert.ok(!holds(after, plant), `${plant} is still in the file`);
    }
    for (const content of cornerContent[kind]) assert.ok(holds(after, content), `${content} is content`);
    assertWhole(unzipped(result.bytes));
    assert.deepEqual((await cleaned(result.bytes)).bytes, result.bytes, "cleaning again changes nothing");
    const author = result.found.find(({ name }) => name === "author");
    assert.equal(author?.value, "PlantCreator");
    assert.deepEqual(
      result.remaining.map(({ name, value }) => `${name}: ${value}`).sort(),
      cornersTold[kind].toSorted(),
    );
  });

test("tracked changes are accepted: the words are those that Word would show", requireJudge("convert"), async () => {
  const { bytes } = await cleaned(await plantedOffice("docx", folder));
  assert.deepEqual(readWords(unzipped(bytes).get("word/document.xml")!), [
    "KeptBefore KeptInserted formatted",
    "KeptMoved",
    "KeptJoined one two caf\u00e9 &amp; &lt;more&gt;\u2028&#13; ",
    "KeptHidden",
    "cell",
    "",
  ]);
});

test("strings of a sheet stay byte for byte", requireJudge("convert"), async () => {
  const file = await plantedOffice("xlsx", folder);
  const { bytes } = await cleaned(file);
  const [before, after] = [unzipped(file), unzipped(bytes)];
  assert.deepEqual(after.get("xl/sharedStrings.xml"), before.get("xl/sharedStrings.xml"));
  assert.match(after.get("xl/comments1.xml")!.toString(), /<author>Author 1<\/author>.*<t>Author 1:<\/t>.*KeptComment/);
  assert.match(after.get("xl/worksheets/sheet1.xml")!.toString(), /<f>LEN\("KeptFormula&gt;"\)<\/f>/);
});

test(
  "every entry of the new archive has the earliest date and nothing of a system",
  requireJudge("convert"),
  async () => {
    const { bytes } = await cleaned(await plantedOffice("pptx", folder));
    for (let at = bytes.indexOf("PK\x01\x02"); at >= 0; at = bytes.indexOf("PK\x01\x02", at + 1)) {
      assert.deepEqual([bytes.readUInt16LE(at + 12), bytes.readUInt16LE(at + 14)], [0, 0x21]);
      assert.equal(bytes.readUInt16LE(at + 30), 0, "extra fields");
    }
  },
);

test(
  "the person is shown what a document would have told, and what it still tells",
  requireJudge("convert"),
  async () => {
    const told: Record<OfficeKind, string[]> = {
      docx: [
        "author: PlantCreator",
        "lastEditor: PlantEditor",
        "organisation: PlantCompany",
        "editingTime: 42",
        "customField: Matter: PlantCustom",
        "trackedChanges: 10",
        "author: PlantChanger",
        "commentAuthor: PlantCommenter",
        "originalPath: file:///C:\\Users\\PlantTemplate\\Normal.dotm",
        "location: 48.85830, 2.29450",
        "author: PlantInner",
      ],
      xlsx: [
        "commentAuthor: PlantPerson",
        "lastEditor: PlantRefresher",
        "originalPath: C:\\Users\\PlantAbsPath\\",
        "printer: ",
      ],
      pptx: ["commentAuthor: PlantModern", "originalPath: /home/PlantPath/x.png", "trackedChanges: "],
    };
    const remains: Record<OfficeKind, string[]> = {
      docx: [
        "colourProfile: ",
        "comments: KeptComment",
        "embeddedFile: oleObject1.bin",
        "hiddenText: 1",
        "orientation: 6",
      ],
      xlsx: [
        "colourProfile: ",
        "comments: Author 1:KeptComment",
        "comments: KeptThread",
        "hiddenRows: 1",
        "hiddenSheet: KeptHiddenSheet",
      ],
      pptx: [
        "colourProfile: ",
        "comments: KeptComment",
        "comments: KeptModern",
        "hiddenSlide: 2",
        "orientation: 6",
        "speakerNotes: KeptNotes",
      ],
    };
    for (const kind of kinds) {
      const { found, remaining } = await cleaned(await plantedOffice(kind, folder));
      const lines = found.map(({ name, value }) => `${name}: ${value}`);
      for (const line of told[kind]) assert.ok(lines.includes(line), `${kind}: ${line} in ${lines.join(" | ")}`);
      assert.deepEqual(remaining.map(({ name, value }) => `${name}: ${value}`).sort(), remains[kind]);
    }
  },
);

test("macros are content: they stay, and the person is told", requireJudge("convert"), async () => {
  const macros = Buffer.from("\xd0\xcf\x11\xe0 macros", "latin1");
  const { bytes, remaining } = await cleaned(await plantedOffice("docx", folder, { "word/vbaProject.bin": macros }));
  assert.deepEqual(unzipped(bytes).get("word/vbaProject.bin"), macros);
  assert.ok(remaining.some(({ name }) => name === "macros"));
});

const binary = (): Promise<Uint8Array> =>
  plantedOffice("xlsx", folder, {
    "[Content_Types].xml":
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
  });

const refused: [what: string, reason: string, file: () => Promise<Uint8Array>][] = [
  ["a binary workbook", "kind", binary],
  ["an archive that is no document", "kind", () => zipped({ "a.txt": "words" })],
  [
    "a document type (entities)",
    "damaged",
    () => plantedOffice("pptx", folder, { "ppt/presentation.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>' }),
  ],
  ["XML that is cut off", "damaged", () => plantedOffice("pptx", folder, { "ppt/presentation.xml": "<x><y></x>" })],
  ["a bomb", "large", () => packed(Buffer.alloc(300 << 20))],
];

/** One part that hardly takes room. */
async function packed(part: Buffer): Promise<Uint8Array> {
  const { packParts } = await import("../../views/browser/metadata/zip-parts.ts");
  return packParts(new Map([["[Content_Types].xml", new Uint8Array(part)]]), new AbortController().signal);
}

for (const [what, reason, make] of refused)
  test(`${what} is left alone: ${reason}`, requireJudge("convert"), async () => {
    const result = await cleanFile(new Blob([new Uint8Array(await make())]));
    assert.ok(result.is === "untouched");
    assert.equal(result.reason, reason);
  });
