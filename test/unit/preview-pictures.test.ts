/** The size that a picture claims, before anything decodes it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  pictureFormats,
  sizeOf,
  type PictureFormat,
  type Size,
} from "../../views/browser/console/previews/picture-size.ts";
import * as hostile from "../support/hostile-files.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const ascii = (text: string): Buffer => Buffer.from(text, "latin1");

const sof = (marker: string): Buffer => hex(`ffd8 ffe0 0004 0000 ff${marker} 000b 08 0028 0050 01 01 11 00`);
const ispe = (width: number, height: number): Buffer => {
  const box = Buffer.alloc(20);
  box.writeUInt32BE(20);
  box.write("ispe", 4);
  box.writeUInt32BE(width, 12);
  box.writeUInt32BE(height, 16);
  return box;
};
const bmp = (height: number): Buffer => {
  const file = Buffer.alloc(54);
  file.write("BM");
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(80, 18);
  file.writeInt32LE(height, 22);
  return file;
};

const is = { width: 80, height: 40 };
const rows: [what: string, format: PictureFormat, head: Buffer, size: Size | null][] = [
  ["PNG", "png", hostile.png(80, 40), is],
  ["a PNG that claims a field of pixels", "png", hostile.pictureBomb(), { width: 60_000, height: 60_000 }],
  ["a PNG of no width", "png", hostile.png(0, 0), null],
  ["GIF", "gif", ascii("GIF89a\x50\0\x28\0"), is],
  ["JPEG", "jpeg", sof("c0"), is],
  ["progressive JPEG", "jpeg", sof("c2"), is],
  [
    "JPEG with EXIF before its size",
    "jpeg",
    Buffer.concat([hex("ffd8"), hostile.exif(6, "x".repeat(5000)), sof("c0").subarray(2)]),
    is,
  ],
  ["JPEG without a frame", "jpeg", sof("c4"), null],
  ["JPEG that loses its way", "jpeg", hex("ffd8 ffe0 0004 0000 0000 0000 0000 0000 0000"), null],
  ["lossy WebP", "webp", Buffer.concat([ascii("RIFF....WEBPVP8 ...."), hex("000000 9d012a 5000 2800")]), is],
  ["lossless WebP", "webp", Buffer.concat([ascii("RIFF....WEBPVP8L...."), hex("2f 4fc00900 00")]), is],
  ["extended WebP", "webp", Buffer.concat([ascii("RIFF....WEBPVP8X...."), hex("00000000 4f0000 270000")]), is],
  ["WebP of another kind", "webp", ascii("RIFF....WEBPXXXX............"), null],
  ["BMP", "bmp", bmp(40), is],
  ["BMP from the top", "bmp", bmp(-40), is],
  [
    "AVIF of tiles: the whole counts",
    "avif",
    Buffer.concat([Buffer.alloc(30), ispe(10, 10), ispe(80, 40), Buffer.alloc(8)]),
    is,
  ],
  ["AVIF that does not say", "avif", Buffer.alloc(100), null],
];

for (const [what, format, head, size] of rows)
  test(`${what}: ${size === null ? "no size" : `${size.width} by ${size.height}`}`, () =>
    assert.deepEqual(sizeOf(format, head), size));

test("whatever the bytes are, there is a size or none", () => {
  const beginnings = rows.map(([, , head]) => new Uint8Array(head));
  fc.assert(
    fc.property(
      fc.constantFrom(...pictureFormats),
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.tuple(fc.constantFrom(...beginnings), fc.nat(60)).map(([head, length]) => head.slice(0, length)),
      ),
      (format, bytes) => {
        const size = sizeOf(format, bytes);
        assert.ok(size === null || (size.width > 0 && size.height > 0));
      },
    ),
  );
});
