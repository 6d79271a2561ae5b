/** The address of a printed notice: one spelling, and nothing that was cut or changed is taken for a pin. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatNoticePin, isNoticePin, parseNoticePin } from "../../crypto/notice-pin.ts";
import { makeOrganisation } from "../support/fixtures.ts";
import { refuses } from "../support/outcome.ts";

const { portalId } = makeOrganisation();
const text = formatNoticePin({ portalId, leastEpoch: 2 });

test("what is printed is what is read", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 1, max: 999_999_999 }),
      (id, leastEpoch) => {
        const fragment = formatNoticePin({ portalId: id, leastEpoch });
        assert.ok(isNoticePin(fragment));
        assert.deepEqual(parseNoticePin(fragment), { portalId: id, leastEpoch });
        assert.equal(encodeURI(fragment), fragment, "no character that an address would change");
      },
    ),
  );
});

/** 43 characters hold 258 bits: the last two must be zero. */
function next(character: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return letters[letters.indexOf(character) + 1]!;
}

const damaged: [what: string, fragment: string][] = [
  ["cut off within the id", text.slice(0, 20)],
  ["cut off before the epoch", text.slice(0, text.lastIndexOf("."))],
  ["epoch 0", text.replace(/\d+$/, "0")],
  ["epoch with a leading zero", text.replace(/\d+$/, "02")],
  ["epoch too large", text.replace(/\d+$/, "9".repeat(10))],
  ["a negative epoch", text.replace(/\d+$/, "-1")],
  ["something behind it", `${text}.x`],
  ["a newer notice", text.replace("th1", "th2")],
  [
    "other spelling of the last character",
    text.replace(/(.)\.(\d+)$/, (_all, last: string, n) => `${next(last)}.${n}`),
  ],
];
for (const [what, fragment] of damaged)
  test(`${what} is a notice's address that vouches for nothing`, () => {
    assert.ok(isNoticePin(fragment), "not taken for an ordinary place on the page");
    refuses(() => parseNoticePin(fragment), "format");
  });

for (const fragment of ["", "main-content", "what-it-cannot", "th", "the-end"])
  test(`#${fragment} is no notice's address`, () => assert.equal(isNoticePin(fragment), false));
