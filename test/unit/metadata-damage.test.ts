/** Damaged, cut and hostile files: never an exception, never a hang, never a broken file that is called clean. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanFile } from "../../views/browser/metadata/clean.ts";
import { limits } from "../../views/browser/metadata/cleaning.ts";
import { isProperties } from "../../views/browser/metadata/office-properties.ts";
import { scrubSheetText } from "../../views/browser/metadata/sheet-text.ts";
import { requireJudge } from "../support/judges.ts";
import { scratchFolder } from "./support/metadata-judges.ts";
import { plantedOffice } from "./support/metadata-office.ts";
import { plantedPdf, twoVersions } from "./support/metadata-pdfs.ts";
import { plantedPicture, type PictureKind } from "./support/metadata-pictures.ts";

const folder = scratchFolder();
const runs = 60;
const longest = 5000; // ms for one file of some ten kilobytes, on a slow machine

const kinds: [kind: string, make: () => Promise<Buffer>][] = [
  ...(["jpg", "png", "apng", "webp", "animated.webp", "gif"] as PictureKind[]).map(
    (kind): [string, () => Promise<Buffer>] => [kind, async () => plantedPicture(kind, folder)],
  ),
  ["pdf", () => plantedPdf(folder, false)],
  ["pdf with object streams", () => plantedPdf(folder, true)],
  ["pdf with two versions", twoVersions],
  ["docx", () => plantedOffice("docx", folder)],
  ["xlsx", () => plantedOffice("xlsx", folder)],
  ["pptx", () => plantedOffice("pptx", folder)],
];

/** Whatever comes out as cleaned must be readable to the same cleaner, and clean. */
async function survives(file: Uint8Array): Promise<void> {
  const started = performance.now();
  const result = await cleanFile(new Blob([new Uint8Array(file)]));
  assert.ok(performance.now() - started < longest, "it took too long");
  if (result.is === "untouched") return;
  const again = await cleanFile(result.blob);
  assert.ok(again.is === "cleaned", "what was given back cannot be read");
  assert.deepEqual(again.remaining, result.remaining);
}

for (const [kind, make] of kinds) {
  test(`${kind}: cut anywhere`, requireJudge("exiftool", "convert"), async () => {
    const file = await make();
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), (length) => survives(file.subarray(0, length))),
      { numRuns: runs },
    );
  });

  test(`${kind}: bytes changed anywhere`, requireJudge("exiftool", "convert"), async () => {
    const file = await make();
    const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const damaged = Buffer.from(file);
        for (const [at, byte] of changed) damaged[at] = byte;
        await survives(damaged);
      }),
      { numRuns: runs },
    );
  });
}

const heads = ["\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "RIFF....WEBP", "GIF89a", "%PDF-1.7\n", "PK\x03\x04", ""];

test("any bytes behind any beginning", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 400 }), (head, bytes) =>
      survives(Buffer.concat([Buffer.from(head, "latin1"), bytes])),
    ),
    { numRuns: 2000 },
  );
});

test("a file above the limit of its kind is not even read", async () => {
  const huge = new Blob(["%PDF-1.7\n"]);
  Object.defineProperty(huge, "size", { value: limits.pdf + 1 });
  Object.defineProperty(huge, "arrayBuffer", { value: () => assert.fail("it was read") });
  const result = await cleanFile(huge);
  assert.deepEqual(result, { is: "untouched", reason: "large", kind: "pdf", found: [] });
});

test("cancelled work stops with the reason that was given", requireJudge("convert"), async () => {
  for (const [, make] of kinds) {
    const controller = new AbortController();
    const file = new Blob([new Uint8Array(await make())]);
    const work = cleanFile(file, () => controller.abort(new Error("changed my mind")), controller.signal);
    await assert.rejects(work, /changed my mind/);
  }
});

test("progress only grows and ends at 1", requireJudge("convert"), async () => {
  const seen: number[] = [];
  await cleanFile(new Blob([new Uint8Array(await plantedOffice("docx", folder))]), (done) => seen.push(done));
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  assert.equal(seen.at(-1), 1);
});

test("a file that cannot be read is an error, not a result: nothing must be sent as if it were", async () => {
  const gone = new Blob(["%PDF-1.7\n"]);
  Object.defineProperty(gone, "arrayBuffer", { value: () => Promise.reject(new DOMException("", "NotReadableError")) });
  await assert.rejects(cleanFile(gone), { name: "NotReadableError" });
});

const hostile: [what: string, file: () => Uint8Array][] = [
  ["a GIF of a million empty comments", () => repeated("GIF89a\x01\0\x01\0\0\0\0", "\x21\xfe\0")],
  ["a PNG of a million unknown chunks", () => repeated("\x89PNG\r\n\x1a\n", "\0\0\0\0prVt\0\0\0\0")],
  ["a JPEG of a million comments", () => repeated("\xff\xd8", "\xff\xfe\0\x02")],
  ["a PDF that opens a million arrays", () => repeated("%PDF-1.7\n1 0 obj\n", "[", "startxref")],
  [
    "a PDF whose cross-references lead to themselves",
    () => pdfEnd("xref\n0 1\n0000000000 65535 f \ntrailer << /Prev 9 >>"),
  ],
  [
    "a PDF whose cross-references claim a thousand million objects",
    () => pdfEnd("1 0 obj << /Type /XRef /Size 1000000000 /W [1 1 1] /Length 1 >> stream\n0\nendstream endobj"),
  ],
  [
    "a PDF whose table claims a thousand million objects",
    () => pdfEnd(`xref\n0 1000000000\n${"0000000009 00000 n \n".repeat(10_000)}trailer << >>`),
  ],
  ["a PDF of ten thousand objects without end", () => repeated("%PDF-1.7\n", "1 0 obj ((( ", "startxref", 10_000)],
];

/** A file that is nothing but this, as its cross-references. */
function pdfEnd(places: string): Uint8Array {
  return Buffer.from(`%PDF-1.7\n${places}\nstartxref\n9\n%%EOF\n`, "latin1");
}

function repeated(head: string, part: string, end = "", times = 1_000_000): Uint8Array {
  return Buffer.from(head + part.repeat(times) + end, "latin1");
}

for (const [what, make] of hostile) test(`${what} takes no more than seconds`, () => survives(make()));

test("a tag that pretends to be a million attributes takes no more than seconds", () => {
  const started = performance.now();
  for (const text of ["<a " + " xr:uid=".repeat(100_000), "<a " + ' xr:uid="'.repeat(100_000), "<".repeat(1_000_000)])
    scrubSheetText(new TextEncoder().encode(`${text} :uid=`), new Set(), []);
  assert.ok(performance.now() - started < longest);
});

test("a sheet that opens a million remarks takes no more than seconds", () => {
  const started = performance.now();
  for (const part of ["<!--", "<?", "<![CDATA["])
    assert.throws(() => scrubSheetText(new TextEncoder().encode(part.repeat(1_000_000)), new Set(), []), /remark/);
  assert.ok(performance.now() - started < longest);
});

test("a part that begins with a thousand remarks takes no more than seconds", () => {
  const started = performance.now();
  for (const part of ["<!---->", "<!--", "<??>", "<?", " ", "<a:"])
    assert.equal(isProperties(new TextEncoder().encode(part.repeat(4000))), false);
  assert.ok(performance.now() - started < longest);
});

test("a sheet's words stay, also those that look like a mark of Excel", () => {
  const before = '<worksheet xr:uid="{A}" b="1"><c><is><t> xr:uid="{B}"</t></is></c></worksheet>';
  const after = scrubSheetText(new TextEncoder().encode(before), new Set(), []);
  assert.equal(new TextDecoder().decode(after), before.replace(' xr:uid="{A}"', ""));
});
