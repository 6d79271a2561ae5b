/** Damaged, cut and hostile files: never an exception, never a hang, never a broken file that is called clean. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanFile } from "../../views/browser/metadata/clean.ts";
import { limits } from "../../views/browser/metadata/cleaning.ts";
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
