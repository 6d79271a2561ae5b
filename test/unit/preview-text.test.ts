/** Any bytes as text: which encoding, what is cut, and that what cannot be seen is seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { markHidden } from "../../views/browser/console/previews/marks.ts";
import { decodeText, textParts } from "../../views/browser/console/previews/text.ts";
import { needed, odd } from "../support/odd-texts.ts";

const encoded: [what: string, bytes: Uint8Array, encoding: string, text: string][] = [
  ["plain letters", Buffer.from("abc"), "utf-8", "abc"],
  ["UTF-8", Buffer.from("Привіт"), "utf-8", "Привіт"],
  ["UTF-8 with its mark", Buffer.from("\ufeffabc"), "utf-8", "abc"],
  ["UTF-8 that ends within a letter", Buffer.from("Привіт").subarray(0, 11), "utf-8", "Приві"],
  ["UTF-16, little end first", Buffer.from("\ufeffabc", "utf16le"), "utf-16le", "abc"],
  ["UTF-16, big end first", Buffer.from("\ufeffabc", "utf16le").swap16(), "utf-16be", "abc"],
  ["what Windows wrote", Buffer.from([0x93, 0x47, 0x72, 0xfc, 0xdf, 0x65, 0x94]), "windows-1252", "“Grüße”"],
  ["nothing", Buffer.alloc(0), "utf-8", ""],
  ["line ends of all kinds", Buffer.from("a\r\nb\rc\nd"), "utf-8", "a\nb\nc\nd"],
];
for (const [what, bytes, encoding, text] of encoded)
  test(`${what} is read as ${encoding}`, () => assert.deepEqual(decodeText(bytes), { text, encoding }));

/** Characters that are replaced by others and not only hidden are left as they are: they can be seen. */
const hidden = odd.filter(
  ([what]) => !/letter|space|line separator|copy|look-alike/i.test(what) || /zero width/.test(what),
);
for (const [what, text, , name] of hidden)
  test(`${what} is made visible`, () => {
    const marks = markHidden(text).filter(({ mark }) => mark);
    assert.ok(
      marks.length >= 1 && marks.some(({ text }) => name.test(text.slice(1, -1).replace(/ × \d+$/, ""))),
      JSON.stringify(marks),
    );
  });

for (const [what, text] of needed.filter(([what]) => !what.includes("isolates")))
  test(`${what} is shown as it is`, () => assert.deepEqual(markHidden(text), [{ text, mark: false }]));

test("isolates are needed in Hebrew, and show all the same: they turn what follows", () => {
  assert.equal(markHidden("שלום \u2067ABC\u2069").filter(({ mark }) => mark).length, 2);
});

test("the same character over and over is one mark", () => {
  assert.deepEqual(markHidden(`a${"\u200b".repeat(70_000)}b`), [
    { text: "a", mark: false },
    { text: "⟦U+200B ZERO WIDTH SPACE × 70000⟧", mark: true },
    { text: "b", mark: false },
  ]);
});

test("half a character is told, not drawn", () => {
  assert.deepEqual(
    markHidden("a\ud800").map(({ text }) => text),
    ["a", "⟦U+D800⟧"],
  );
});

test("a text made of nothing but hidden characters has a bounded number of marks", () => {
  const pieces = markHidden("a\u200bb\u202e".repeat(100_000));
  assert.ok(pieces.filter(({ mark }) => mark).length <= 2_000);
  assert.ok(!pieces.some(({ text }) => text.includes("\u202e") || text.includes("\u200b")));
});

test("parts put together are the text, mark for mark, and none is too long to draw", () => {
  const letters = fc.constantFrom("a", "\n", "é", "😀", "\u202e", "\u200b", "line of words\n", "x".repeat(9_000));
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 60 }), (some) => {
      const text = some.join("");
      const parts = textParts(text);
      const joined = (pieces: { text: string }[]): string => pieces.map((piece) => piece.text).join("");
      assert.equal(parts.map(joined).join(""), joined(markHidden(text)));
      for (const part of parts) assert.ok(joined(part).length <= 100_000);
      // A part that ends within a line would break it.
      for (const part of parts.slice(0, -1)) assert.ok(joined(part).endsWith("\n") || joined(part).length >= 60_000);
    }),
  );
});

test("a megabyte of anything is ready in seconds", () => {
  for (const text of ["x".repeat(1_000_000), "a\u200b".repeat(60_000), "שלום abc\n".repeat(110_000)]) {
    const started = performance.now();
    textParts(text);
    assert.ok(performance.now() - started < 15_000);
  }
});
