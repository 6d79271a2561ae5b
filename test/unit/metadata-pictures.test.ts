/** Pictures lose what was planted in them and no pixel; exiftool and mat2 judge. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanFile } from "../../views/browser/metadata/clean.ts";
import { requireJudge } from "../support/judges.ts";
import { cleaned, exiftool, heapOf, holds, mat2, pixels, scratchFolder } from "./support/metadata-judges.ts";
import { hiding, plantedPicture, plants, type HidingPlace, type PictureKind } from "./support/metadata-pictures.ts";

const folder = scratchFolder();
const kinds = Object.keys(plants) as PictureKind[];
const extension = (kind: PictureKind): string => (kind === "apng" ? "png" : kind.replace("animated.", ""));
for (const kind of kinds)
  test(
    `${kind}: every plant is gone, every pixel is there`,
    requireJudge("exiftool", "mat2", "convert", "qpdf"),
    async () => {
      const file = plantedPicture(kind, folder);
      const result = await cleaned(file);
      const [before, after] = [heapOf(file, folder), heapOf(result.bytes, folder)];
      for (const plant of plants[kind]) {
        assert.ok(holds(before, plant), `control: ${plant} was planted`);
        assert.ok(!holds(after, plant), `${plant} is still in the file`);
      }
      assert.match(exiftool(file, extension(kind), folder), /Plant/, "control: exiftool finds plants");
      assert.doesNotMatch(exiftool(result.bytes, extension(kind), folder), /Plant|GPS|48\.85|48 deg/);
      assert.deepEqual(mat2(result.bytes, extension(kind), folder) ?? [], []);
      assert.ok(pixels(file, extension(kind), folder).equals(pixels(result.bytes, extension(kind), folder)), "pixels");
      assert.ok(result.found.length > 2);
      assert.deepEqual(
        result.remaining.filter(({ name }) => !["orientation", "colourProfile"].includes(name)),
        [],
      );
      assert.deepEqual((await cleaned(result.bytes)).bytes, result.bytes, "cleaning again changes nothing");
    },
  );

test("the person is shown what a photograph would have told", requireJudge("exiftool", "convert"), async () => {
  const { found, remaining } = await cleaned(plantedPicture("jpg", folder));
  const told = found.map(({ group, name, value }) => `${group}/${name}: ${value}`);
  for (const line of [
    "place/location: 48.85830, 2.29450",
    "place/location: PlantCity",
    "author/author: PlantArtist",
    "author/author: PlantXmp",
    "author/author: PlantIptc",
    "device/camera: PlantMake",
    "device/serialNumber: PlantSerial",
    "thumbnail/preview: ",
    "comment/note: PlantComment",
    "history/provenance: C2PA",
    "device/colourProfile: PlantScreen of Jane",
  ])
    assert.ok(told.includes(line), `${line} in ${told.join(" | ")}`);
  assert.deepEqual(
    remaining.map(({ name, value }) => [name, value]),
    [
      ["orientation", "6"],
      ["colourProfile", ""],
    ],
  );
});

test(
  "a picture that lies on its side still does, by an EXIF of one entry",
  requireJudge("exiftool", "convert"),
  async () => {
    for (const kind of ["jpg", "png", "webp"] as const) {
      const file = plantedPicture(kind, folder);
      const path = `${folder}/planted-${kind}.${kind}`;
      const { bytes } = await cleaned(file);
      const read = exiftool(bytes, kind, folder);
      assert.equal(/Orientation\s+: Rotate 90 CW/.test(read), kind === "jpg", `${path}: ${read}`);
      assert.equal(read.match(/^\[IFD0\]/gm)?.length ?? 0, kind === "jpg" ? 1 : 0);
    }
  },
);

test("kinds are told by their bytes, not by name or type", async () => {
  const result = await cleanFile(new File([new Uint8Array([1, 2, 3])], "photo.jpg", { type: "image/jpeg" }));
  assert.deepEqual(result, { is: "untouched", reason: "kind", kind: null, found: [] });
});

const plains: Partial<Record<PictureKind, Buffer>> = {};
for (const place of Object.keys(hiding) as HidingPlace[])
  test(`words in ${place} go, all else is there`, requireJudge("exiftool", "convert"), async () => {
    const { kind, plant } = hiding[place];
    const plain = (plains[kind] ??= plantedPicture(kind, folder));
    const file = plant(plain);
    assert.ok(file.includes("PlantHidden"), "control");
    const { bytes, found, remaining } = await cleaned(file);
    assert.ok(!bytes.includes("PlantHidden"));
    assert.ok(found.some(({ name }) => name === "unknownPart"));
    assert.ok(!remaining.some(({ name }) => name === "unknownPart"));
    assert.deepEqual(bytes, (await cleaned(plain)).bytes, "as if they had never been there");
  });

test(
  "a JPEG whose tables do not end where their segment ends is damaged",
  requireJudge("exiftool", "convert"),
  async () => {
    const { bytes: file } = await cleaned(plantedPicture("jpg", folder)); // without a thumbnail that has tables too
    const tables = file.indexOf(Buffer.from([0xff, 0xdb]));
    const longer = Buffer.from("PlantHidden");
    const end = tables + 2 + file.readUInt16BE(tables + 2);
    const changed = Buffer.concat([file.subarray(0, end), longer, file.subarray(end)]);
    changed.writeUInt16BE(file.readUInt16BE(tables + 2) + longer.length, tables + 2);
    const result = await cleanFile(new Blob([changed]));
    assert.ok(result.is === "untouched" && result.reason === "damaged");
  },
);
