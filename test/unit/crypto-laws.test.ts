/** Laws of the smallest constructions: lengths, padding, encodings, streams. PROTOCOL.md §1, §2, §4, §5. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { objectBytesFor, openFile, rechunk, sealObject } from "../../crypto/attachments.ts";
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
import { PortalError } from "../../crypto/errors.ts";
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
import { fillRandom, randomBytes, signKeyPair } from "../../crypto/sodium.ts";
import {
  chunkBytes,
  chunkOverhead,
  openChunks,
  plainStreamBytes,
  sealChunks,
  sealedStreamBytes,
  startOpening,
  startSealing,
} from "../../crypto/stream.ts";
import { seedFor } from "../support/fixtures.ts";

const bytes = (maxLength = 64) => fc.uint8Array({ maxLength });
const codeOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof PortalError) return error.code;
    throw error;
  }
};

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

suite("streams", () => {
  const key = seedFor("stream");
  const ad = seedFor("ad");
  const sizes = [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes];
  const seal = (plain: Uint8Array): { header: Uint8Array; sealed: Uint8Array } => {
    const sealing = startSealing(key, () => ad);
    return { header: sealing.header, sealed: sealChunks(sealing, plain) };
  };
  const open = ({ header, sealed }: ReturnType<typeof seal>): Uint8Array =>
    openChunks(startOpening(key, header, ad), sealed);

  for (const size of sizes)
    test(`of ${size} bytes come back, and damaged do not`, () => {
      const plain = new Uint8Array(size);
      fillRandom(plain);
      const { header, sealed } = seal(plain);
      assert.equal(sealed.length, sealedStreamBytes(size));
      assert.equal(plainStreamBytes(sealed.length), size);
      assert.ok(Buffer.from(open({ header, sealed })).equals(plain));
      const step = chunkBytes + chunkOverhead;
      for (const at of [0, 1, 16, sealed.length - 1, step - 1, step].filter((i) => i < sealed.length))
        for (const bit of [0, 7]) {
          const flipped = sealed.slice();
          flipped[at]! ^= 1 << bit;
          assert.equal(
            codeOf(() => open({ header, sealed: flipped })),
            "forged",
          );
        }
      for (let at = 0; at < 24; at++) {
        const flipped = header.slice();
        flipped[at]! ^= 1;
        assert.equal(
          codeOf(() => open({ header: flipped, sealed })),
          "forged",
        );
      }
      assert.notEqual(
        codeOf(() => open({ header, sealed: sealed.subarray(0, -1) })),
        null,
      );
      assert.notEqual(
        codeOf(() => open({ header, sealed: concat(sealed, u8(0)) })),
        null,
      );
      assert.notEqual(
        codeOf(() => open({ header, sealed: concat(sealed, seal(plain).sealed) })),
        null,
      );
      if (sealed.length > step) {
        assert.equal(
          codeOf(() => open({ header, sealed: sealed.subarray(0, step) })),
          "forged",
          "cut after a chunk",
        );
        const swapped = concat(sealed.subarray(step), sealed.subarray(0, step));
        assert.notEqual(
          codeOf(() => open({ header, sealed: swapped })),
          null,
          "chunks in another order",
        );
      }
    });

  test("sealed lengths: every plain length has one, and no other is accepted", () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 34 }), (n) => plainStreamBytes(sealedStreamBytes(n)) === n));
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 34 }), (n) => {
        const plain = plainStreamBytes(n);
        return plain === null || sealedStreamBytes(plain) === n;
      }),
    );
    for (const impossible of [0, 16, chunkBytes + chunkOverhead + 1, chunkBytes + 2 * chunkOverhead])
      assert.equal(plainStreamBytes(impossible), null);
  });

  test("a chunk after the last, too long or too short is refused by sealer and opener", () => {
    const sealing = startSealing(key, () => ad);
    assert.equal(
      codeOf(() => sealing.push(new Uint8Array(1), false)),
      "format",
    );
    assert.equal(
      codeOf(() => sealing.push(new Uint8Array(chunkBytes + 1), true)),
      "format",
    );
    const last = sealing.push(new Uint8Array(1), true);
    assert.equal(
      codeOf(() => sealing.push(new Uint8Array(1), true)),
      "format",
    );
    const opening = startOpening(key, sealing.header, ad);
    assert.equal(
      codeOf(() => opening.pull(new Uint8Array(16), true)),
      "format",
    );
    assert.equal(
      codeOf(() => opening.pull(last, false)),
      "format",
    );
    opening.pull(last, true);
    assert.equal(
      codeOf(() => opening.pull(last, true)),
      "format",
    );
  });

  test("rechunk gives the same bytes in full pieces, exactly one of them last", async () => {
    const pieces = fc.array(bytes(20), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 16 }), async (source, size) => {
        const out: { piece: Uint8Array; last: boolean }[] = [];
        for await (const each of rechunk(gives(source), size)) out.push(each);
        assert.deepEqual(concat(...out.map(({ piece }) => piece)), concat(...source));
        assert.deepEqual(
          out.map(({ last }) => last),
          out.map((_, i) => i === out.length - 1),
        );
        assert.ok(out.slice(0, -1).every(({ piece }) => piece.length === size));
        assert.ok(out.length === 1 || out.at(-1)!.piece.length > 0);
      }),
    );
  });
});

async function* gives(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield piece;
}

suite("attachments", () => {
  const place = { portalId: seedFor("portal"), caseId: seedFor("case"), envId: seedFor("env").subarray(0, 16) };
  const sizes = [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes];
  const contents = sizes.map((size) => {
    const content = new Uint8Array(size);
    fillRandom(content);
    return content;
  });
  const files = contents.map((content, i) => ({
    name: `${i}.bin`,
    type: "",
    size: content.length,
    read: () => gives([content.subarray(0, 1000), content.subarray(1000)]),
  }));

  async function sealAll(): Promise<{ object: Uint8Array; sealed: Awaited<ReturnType<typeof sealObject>> }> {
    const pieces: Uint8Array[] = [];
    const sealed = await sealObject(files, place, async (piece) => {
      pieces.push(piece.slice());
      await Promise.resolve();
    });
    return { object: concat(...pieces), sealed };
  }

  async function openOne(
    index: number,
    object: Uint8Array,
    { sealed }: Awaited<ReturnType<typeof sealAll>>,
    at = place,
    asIndex = index,
  ) {
    const entry = sealed.files[index]!;
    const part = object.subarray(entry.offset, entry.offset + entry.length);
    const cuts = [part.subarray(0, 7), part.subarray(7, 5000), part.subarray(5000)];
    const out: Uint8Array[] = [];
    for await (const piece of openFile(entry, asIndex, at, gives(cuts))) out.push(piece);
    return concat(...out);
  }

  test("of every boundary size come back from one padded object", async () => {
    const made = await sealAll();
    assert.equal(made.object.length, objectBytesFor(sizes));
    assert.equal(made.sealed.length, made.object.length);
    for (const [i, content] of contents.entries())
      assert.ok(Buffer.from(await openOne(i, made.object, made)).equals(content));
    const end = made.sealed.files.at(-1)!;
    const padding = made.object.subarray(end.offset + end.length);
    // Zeros would show the true length: a long run of them has probability 2^-128.
    assert.ok(padding.length > 1000 && !Buffer.from(padding).includes(Buffer.alloc(16)));
  });

  test("whose bit was flipped, place changed or end cut are forged", async () => {
    const made = await sealAll();
    const refused = (act: () => Promise<unknown>) => assert.rejects(act, { code: "forged" });
    for (const [i, entry] of made.sealed.files.entries()) {
      for (const at of [0, 23, 24, entry.length - 1]) {
        const object = made.object.slice();
        object[entry.offset + at]! ^= 0x40;
        await refused(() => openOne(i, object, made));
      }
      await refused(() => openOne(i, made.object, made, { ...place, envId: randomBytes(16) }));
      await refused(() => openOne(i, made.object, made, { ...place, caseId: randomBytes(32) }));
      await refused(() => openOne(i, made.object, made, place, i + 1));
      await refused(() => openOne(i, made.object.subarray(0, entry.offset + entry.length - 1), made));
      await refused(() => openOne(i, made.object.subarray(0, entry.offset + 20), made));
      const other = {
        ...made,
        sealed: { ...made.sealed, files: made.sealed.files.map((each) => ({ ...each, sha256: "00".repeat(32) })) },
      };
      await refused(() => openOne(i, made.object, other));
      const longer = {
        ...made,
        sealed: { ...made.sealed, files: made.sealed.files.map((each) => ({ ...each, size: each.size + 1 })) },
      };
      await assert.rejects(() => openOne(i, made.object, longer), { code: "format" });
    }
  });

  test("that changed while they were read are a conflict", async () => {
    const file = { ...files[1]!, size: 2 };
    await assert.rejects(() => sealObject([file], place, () => Promise.resolve()), { code: "conflict" });
  });
});
