/** Laws of the smallest constructions: lengths, padding, encodings, streams. PROTOCOL.md §1, §2, §4, §5. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  concat,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  Reader,
  toBase64,
  toBase64Url,
  toHex,
  u16le,
  u32le,
  u64le,
  u8,
  utf8,
} from "../../crypto/bytes.ts";
import { hash } from "../../crypto/hash.ts";
import {
  isPaddedTextLength,
  minimumTextBytes,
  padme,
  paddedObjectBytes,
  padText,
  unpadText,
} from "../../crypto/padding.ts";
import { sign, verify } from "../../crypto/signature.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { seedFor } from "../support/fixtures.ts";
import { codeOf } from "../support/outcome.ts";

const bytes = (maxLength = 64) => fc.uint8Array({ maxLength });
suite("numbers and text", () => {
  test("integers come back, and one that does not fit is refused instead of wrapped", () => {
    for (const [write, read, bits] of [
      [u8, "u8", 8],
      [u16le, "u16le", 16],
      [u32le, "u32le", 32],
      [u64le, "u64le", 53],
    ] as const) {
      const greatest = 2 ** bits - 1;
      fc.assert(
        fc.property(fc.maxSafeNat(), (n) => new Reader(write(n % (greatest + 1)))[read]() === n % (greatest + 1)),
      );
      assert.equal(new Reader(write(greatest))[read](), greatest);
      for (const unfit of [-1, 0.5, Number.NaN, greatest + 1])
        assert.equal(
          codeOf(() => write(unfit)),
          "format",
          `${read} ${String(unfit)}`,
        );
    }
    assert.equal(
      codeOf(() => new Reader(new Uint8Array(8).fill(255)).u64le()),
      "format",
    );
  });

  test("hex, base64, base64url and UTF-8 come back, and have one encoding", () => {
    fc.assert(
      fc.property(bytes(), (data) => {
        assert.deepEqual(fromHex(toHex(data)), data);
        assert.deepEqual(fromBase64(toBase64(data)), data);
        assert.deepEqual(fromBase64Url(toBase64Url(data)), data);
      }),
    );
    const encodings = [
      [fromHex, toHex],
      [fromBase64, toBase64],
      [fromBase64Url, toBase64Url],
    ] as const;
    const letters = fc.string({
      unit: fc.constantFrom("A", "Z", "a", "z", "0", "9", "f", "F", "+", "/", "-", "_", "=", " ", "\n"),
      maxLength: 12,
    });
    for (const [parse, format] of encodings)
      fc.assert(fc.property(letters, (text) => codeOf(() => parse(text)) === "format" || format(parse(text)) === text));
    fc.assert(
      fc.property(bytes(8), (data) => {
        assert.ok(codeOf(() => fromUtf8(data)) === "format" || Buffer.from(utf8(fromUtf8(data))).equals(data));
      }),
    );
    assert.equal(fromUtf8(utf8("\uFEFFa")), "\uFEFFa");
  });

  test("a reader copies, and neither reads past the end nor leaves bytes behind unnoticed", () => {
    const source = new Uint8Array([1, 2, 3]);
    const reader = new Reader(source);
    reader.take(2)[0] = 9;
    assert.equal(source[0], 1);
    assert.equal(
      codeOf(() => reader.take(2)),
      "format",
    );
    assert.equal(
      codeOf(() => reader.end()),
      "format",
    );
    reader.take(1);
    reader.end();
  });
});

suite("H and Sig", () => {
  test("no two lists of parts hash the same bytes", () => {
    const lists = fc.array(bytes(4), { maxLength: 4 });
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const same = a.length === b.length && a.every((part, i) => Buffer.from(part).equals(b[i]!));
        return same === (toHex(hash(32, null, "x", ...a)) === toHex(hash(32, null, "x", ...b)));
      }),
      { numRuns: 300 },
    );
    assert.notEqual(toHex(hash(32, null, "ab", utf8("c"))), toHex(hash(32, null, "a", utf8("bc"))));
    assert.notEqual(toHex(hash(32, seedFor("k"), "a")), toHex(hash(32, null, "a")));
  });

  test("a signature for one purpose, key or part fits no other", () => {
    const pair = signKeyPair(seedFor("signer"));
    const signature = sign(pair.secretKey, "reply", utf8("a"), utf8("b"));
    verify(signature, pair.publicKey, "reply", utf8("a"), utf8("b"));
    assert.equal(
      codeOf(() => verify(signature, pair.publicKey, "note", utf8("a"), utf8("b"))),
      "forged",
    );
    assert.equal(
      codeOf(() => verify(signature, pair.publicKey, "reply", utf8("ab"))),
      "forged",
    );
    assert.equal(
      codeOf(() => verify(signature, signKeyPair(seedFor("x")).publicKey, "reply", utf8("a"), utf8("b"))),
      "forged",
    );
    assert.equal(
      codeOf(() => verify(signature.subarray(1), pair.publicKey, "reply")),
      "format",
    );
    // The neutral element verifies anything for implementations that let points of small order through.
    const neutral = concat(u8(1), new Uint8Array(31));
    assert.equal(
      codeOf(() => verify(concat(neutral, new Uint8Array(32)), neutral, "reply", utf8("a"))),
      "forged",
    );
  });
});

suite("padding", () => {
  const lengths = fc.oneof(
    fc.nat({ max: 70_000 }),
    fc.maxSafeNat(),
    fc.nat({ max: 52 }).chain((k) => fc.integer({ min: -2, max: 2 }).map((d) => Math.max(0, 2 ** k + d))),
  );

  test("Padmé never shrinks, is stable and monotone, and costs at most 12%", () => {
    fc.assert(
      fc.property(lengths, lengths, (a, b) => {
        const padded = padme(a);
        assert.ok(padded >= a && padded <= a * 1.12 + 1, `${a} → ${padded}`);
        assert.equal(padme(padded), padded);
        assert.ok(a > b || padme(a) <= padme(b));
      }),
      { numRuns: 3000 },
    );
    for (const [length, padded] of [
      [0, 0],
      [1, 1],
      [9, 10],
      [100, 104],
      [1000, 1024],
      [16_384, 16_384],
      [16_385, 17_408],
    ] as const)
      assert.equal(padme(length), padded);
  });

  test("objects have few sizes: powers of two to 64 MiB, then Padmé", () => {
    fc.assert(
      fc.property(lengths, lengths, (a, b) => {
        const padded = paddedObjectBytes(a);
        assert.ok(padded >= a && padded >= 256 * 1024);
        assert.equal(paddedObjectBytes(padded), padded);
        assert.ok(a > b || padded <= paddedObjectBytes(b));
        if (a <= 64 * 1024 * 1024) assert.equal(Math.log2(padded) % 1, 0);
      }),
      { numRuns: 3000 },
    );
    const sizes = new Set(Array.from({ length: 4096 }, (_, i) => paddedObjectBytes(i * 16 * 1024)));
    assert.equal(sizes.size, 9);
  });

  test("text comes back, in a few sizes, and no other padding is accepted", () => {
    fc.assert(
      fc.property(bytes(40_000), fc.nat(), (content, at) => {
        const padded = padText(content);
        assert.ok(isPaddedTextLength(padded.length) && padded.length >= minimumTextBytes);
        assert.deepEqual(unpadText(padded), content);
        const tail = 8 + content.length;
        if (padded.length === tail) return;
        padded[tail + (at % (padded.length - tail))]! ^= 1;
        assert.equal(
          codeOf(() => unpadText(padded)),
          "format",
        );
      }),
      { numRuns: 60 },
    );
    for (const wrong of [
      new Uint8Array(minimumTextBytes + 1),
      new Uint8Array(minimumTextBytes - 1),
      new Uint8Array(minimumTextBytes * 2),
      concat(u64le(minimumTextBytes), new Uint8Array(minimumTextBytes - 8)),
      new Uint8Array(minimumTextBytes).fill(255),
      new Uint8Array(7),
    ])
      assert.equal(
        codeOf(() => unpadText(wrong)),
        "format",
      );
  });
});
