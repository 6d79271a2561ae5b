/** Streams and the attachments made of them, at every boundary. PROTOCOL.md §5 and §16. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { objectBytesFor, openFile, rechunk, sealObject } from "../../crypto/attachments.ts";
import { concat, u8 } from "../../crypto/bytes.ts";
import { fillRandom, randomBytes } from "../../crypto/sodium.ts";
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
import { codeOf } from "../support/outcome.ts";

const bytes = (maxLength = 64) => fc.uint8Array({ maxLength });

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
