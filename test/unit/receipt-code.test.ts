/** Receipt codes: every code that is given out can be typed back, in whatever way people write it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeReceiptCode, generateReceiptCode, readReceiptCode } from "../../crypto/receipt.ts";
import { english } from "../../crypto/words.ts";

const entropy = fc.uint8Array({ minLength: 10, maxLength: 10 });

test("what is encoded reads back, with any separators and capitals", () => {
  fc.assert(
    fc.property(
      entropy,
      fc.constantFrom(" ", "-", ", ", "\n", " 1. ", "\u3000"),
      fc.boolean(),
      (bits, between, loud) => {
        const code = encodeReceiptCode(bits, english);
        const typed = code.words.join(between);
        const read = readReceiptCode(loud ? typed.toUpperCase() : typed, english);
        assert.deepEqual(read, { is: "code", code });
      },
    ),
  );
  assert.equal(readReceiptCode(generateReceiptCode(english).canonical, english).is, "code");
});

for (const length of [0, 9, 11, 32])
  test(`${length} bytes are no receipt code`, () =>
    assert.throws(() => encodeReceiptCode(new Uint8Array(length), english), { code: "format" }));

test("one wrong word is a wrong checksum, nearly always", () => {
  let missed = 0;
  fc.assert(
    fc.property(entropy, fc.nat({ max: 7 }), fc.nat({ max: 2047 }), (bits, place, index) => {
      const words = [...encodeReceiptCode(bits, english).words];
      fc.pre(words[place] !== english[index]);
      words[place] = english[index]!;
      if (readReceiptCode(words.join(" "), english).is !== "checksum") missed += 1;
    }),
    { numRuns: 500 },
  );
  assert.ok(missed < 20, `${missed} of 500 wrong codes were taken (1 in 256 is expected)`);
});
