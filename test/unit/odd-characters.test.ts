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
