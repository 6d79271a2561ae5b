/** Canaries: characters that nobody typed are found; those that a script needs are not touched. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findOddCharacters, replaceOddCharacters } from "../../data/policy/hints/characters.ts";
import { needed, odd } from "../support/odd-texts.ts";

for (const [what, text, mended, name] of odd)
  test(`found: ${what}`, () => {
    const found = findOddCharacters(text);
    assert.ok(found.length > 0);
    assert.match(found[0]!.name, name);
    assert.equal(replaceOddCharacters(text), mended);
    assert.deepEqual(findOddCharacters(mended), [], "nothing is left");
  });

for (const [what, text] of needed)
  test(`left alone: ${what}`, () => {
    assert.deepEqual(findOddCharacters(text), []);
    assert.equal(replaceOddCharacters(text), text);
  });

test("only what was odd changes", () => {
  const text = "می\u200cخواهم 👨\u200d👩\u200d👧 the pl\u200bant قال\u200f: \u00a0x";
  assert.equal(replaceOddCharacters(text), "می\u200cخواهم 👨\u200d👩\u200d👧 the plant قال\u200f:  x");
});

for (const [what, unit] of [
  ["marks of direction in one long line", "\u05d0\u200f"],
  ["marks of direction in a line that needs none", "a\u200f"],
  ["marks of direction in many lines", "\u05d0\u200f\n"],
  ["flags with hidden characters between", "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}\u200b"],
  ["look-alikes in one word", "\u0430b"],
  ["words of look-alikes", "\u0430b "],
] as const)
  test(`100,000 characters are looked through at once: ${what}`, () => {
    const text = unit.repeat(Math.ceil(100_000 / unit.length));
    const begun = performance.now();
    findOddCharacters(text);
    const took = performance.now() - begun;
    assert.ok(took < 1_000, `${took.toFixed(0)} ms`);
  });

test("a flag after another, and a line after another, are judged each by its own", () => {
  const flag = "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}";
  assert.deepEqual(
    findOddCharacters(`${flag}a\u200b${flag}\n\u05d0\u200f\na\u200f\n\u05d0b\u200f\u200e`).map(({ start }) => start),
    [flag.length + 1, 2 * flag.length + 7],
  );
});
