/** Long files, and files made to keep whoever searches them busy. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { needlesOf } from "../../views/browser/client/casefile/leaks.ts";
import { PdfReader } from "../../views/browser/client/casefile/leaks/pdf-text.ts";
import { searchFile, type Searched } from "../../views/browser/client/casefile/leaks/search-file.ts";
import { gzip, inPieces, packed } from "../support/sought-files.ts";

const wasmPath = join(import.meta.dirname, "../../node_modules/@embedpdf/pdfium/dist/pdfium.wasm");
const pdf = new PdfReader(() => Promise.resolve(new Uint8Array(readFileSync(wasmPath)).buffer));
const words = "Anna Kowalska";
const needles = needlesOf([words, "no"]);
const window = 1 << 20;

async function search(bytes: AsyncIterable<Uint8Array>, size: number): Promise<Searched> {
  return searchFile("data/file", bytes, size, needles, { pdf });
}

for (const at of [window, window + (1 << 16), 2 * window, 2 * window + (1 << 16)])
  for (const shift of [-13, -12, -6, -1, 0])
    test(`words that begin ${String(-shift)} bytes before byte ${String(at)}`, async () => {
      const text = Buffer.alloc(3 * window, "x\n");
      text.write(` ${words}.`, at + shift - 1);
      const { found } = await search(inPieces(text, 50_000), text.length);
      assert.deepEqual(
        found.map(({ needle }) => needle),
        [0],
      );
      assert.equal(found[0]!.where.is === "line" && Math.abs(found[0]!.where.line - (at + shift) / 2) <= 1, true);
    });

for (const word of [" note ", " casino "])
  test(`a short word is not found where a piece ends within "${word.trim()}"`, async () => {
    const cuts = [window, window + (1 << 16)];
    const text = Buffer.alloc(3 * window, "x ");
    for (const cut of cuts) text.write(word, cut - word.indexOf("no") - 2);
    for (const cut of cuts) text.write(word, cut + window - word.indexOf("no"));
    assert.deepEqual((await search(inPieces(text), text.length)).found, []);
  });

test("words over pieces of one byte", async () => {
  const text = Buffer.from(`by ${words}, Zoé`);
  assert.equal((await search(inPieces(text, 1), text.length)).found.length, 1);
});

test("200 MB of text take the memory of a window", async () => {
  const line = Buffer.from("The quick brown fox, he said, jumps over twelve lazy dogs.\n".repeat(17_000));
  const pieces = 200;
  let most = 0;
  const before = process.memoryUsage();
  async function* text(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < pieces; i++) {
      yield await Promise.resolve(line);
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      most = Math.max(most, heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers);
    }
    yield Buffer.from(words);
  }
  const { found } = await search(text(), line.length * pieces + words.length);
  assert.deepEqual(found[0]?.where, { is: "line", line: 17_000 * pieces + 1 });
  assert.ok(most < 150_000_000, `${String(most)} bytes`);
});

const bomb = new Uint8Array(64 << 20);

test("a bomb is searched as far as it may unpack, and told", async () => {
  // 64 MB six times, of which each is packed into 64 kB.
  const file = packed(Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${String(i)}.txt`, bomb])));
  const { found, unsearched } = await search(inPieces(file), file.length);
  assert.deepEqual(found, []);
  assert.deepEqual(
    unsearched.filter(({ why }) => why === "large").map(({ why, inside }) => `${why} ${inside.join()}`),
    ["large 4.txt", "large 5.txt"],
  );
});

test("a bomb within a bomb", async () => {
  const inner = gzip(bomb);
  const file = packed(Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`${String(i)}.gz`, inner])));
  const { unsearched } = await search(inPieces(file), file.length);
  assert.deepEqual(
    unsearched.find(({ why }) => why === "large"),
    { path: "data/file", inside: ["3.gz", "gzip"], why: "large", pages: [] },
  );
});

test("more files than are opened", async () => {
  const file = packed(Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [String(i), ""])));
  const { unsearched } = await search(inPieces(file), file.length);
  assert.deepEqual(unsearched, [{ path: "data/file", inside: [], why: "large", pages: [] }]);
});

const hostile: [what: string, text: string][] = [
  ["openings of tags", "<a".repeat(2_000_000)],
  ["halves of escapes", String.raw`\u00`.repeat(1_000_000)],
  ["halves of encoded words", "=?a?b?".repeat(500_000)],
  ["signs that lines go on", `${"= ".repeat(500_000)}=${" ".repeat(2_000_000)}`],
  ["hyphens with nothing behind", `${`a-${" ".repeat(1000)}`.repeat(2000)}a-\n${"\n".repeat(1_000_000)}`],
  ["brackets that move nothing", `${") -".repeat(1_000_000)}${" ".repeat(500_000)}`],
  ["beginnings of rich text", `{\\rtf1 ${"\\u".repeat(1_000_000)}`],
  ["a mail's head without an end", `base64${"\r\n".repeat(1_000_000)}${"base64 ".repeat(300_000)}`],
  ["one endless word", "a".repeat(4_000_000)],
];

for (const [what, text] of hostile)
  test(`takes seconds at most: ${what}`, { timeout: 20_000 }, async () => {
    const file = Buffer.from(text);
    assert.deepEqual((await search(inPieces(file), file.length)).found, []);
  });
