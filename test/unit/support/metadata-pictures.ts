/** Pictures with metadata planted by exiftool, ImageMagick and by hand. Every plant has "Plant" in it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./metadata-judges.ts";

export type PictureKind = "jpg" | "png" | "apng" | "webp" | "animated.webp" | "gif";

/** Words that the tests look for: each must be in the planted file and in nothing that we give back. */
export const plants: Record<PictureKind, string[]> = {
  jpg: "PlantMake PlantModel PlantArtist PlantSerial PlantXmp PlantIptc PlantCity PlantComment PlantMaker PlantThumb PlantTrail PlantAuthor PlantC2pa PlantScreen".split(
    " ",
  ),
  png: "PlantMake PlantArtist PlantXmp PlantText PlantPacked PlantKeyword PlantChunk PlantTrail PlantScreen".split(" "),
  apng: "PlantMake PlantText PlantTrail".split(" "),
  webp: "PlantMake PlantArtist PlantXmp PlantChunk PlantTrail".split(" "),
  "animated.webp": "PlantMake PlantXmp PlantTrail".split(" "),
  gif: "PlantXmp PlantComment PlantApplication PlantPlain PlantTrail".split(" "),
};

const extensionOf = (kind: PictureKind): string => (kind === "apng" ? "png" : kind.replace("animated.", ""));

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc(body), body.length + 4);
  return whole;
}

function insert(file: Buffer, at: number, ...bytes: Buffer[]): Buffer {
  return Buffer.concat([file.subarray(0, at), ...bytes, file.subarray(at)]);
}

function segment(marker: number, text: string): Buffer {
  const data = Buffer.from(text, "latin1");
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** A small matrix profile of version 2 with a description, a maker and a private tag of a screen. */
export function screenProfile(): Buffer {
  const xyz = (x: number, y: number, z: number): Buffer => {
    const tag = Buffer.alloc(20);
    tag.write("XYZ ");
    [x, y, z].forEach((value, i) => tag.writeInt32BE(Math.round(value * 65536), 8 + i * 4));
    return tag;
  };
  const curve = Buffer.from("63757276000000000000000102330000", "hex");
  const text = (type: string, words: string): Buffer => {
    const tag = Buffer.alloc(104);
    tag.write(type);
    tag.writeUInt32BE(words.length + 1, 8);
    tag.write(words, 12);
    return tag;
  };
  const tags: [string, Buffer][] = [
    ["desc", text("desc", "PlantScreen of Jane")],
    ["cprt", text("text", "PlantScreen")],
    ["dmnd", text("desc", "PlantScreen maker")],
    ["mmod", text("mmod", "PlantScreen serial")],
    ["wtpt", xyz(0.9505, 1, 1.0891)],
    ["rXYZ", xyz(0.4361, 0.2225, 0.0139)],
    ["gXYZ", xyz(0.3851, 0.7169, 0.0971)],
    ["bXYZ", xyz(0.1431, 0.0606, 0.7141)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length);
  let offset = 128 + table.length;
  for (const [i, [name, data]] of tags.entries()) {
    table.write(name, 4 + i * 12);
    table.writeUInt32BE(offset, 8 + i * 12);
    table.writeUInt32BE(data.length, 12 + i * 12);
    offset += data.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset);
  header.write("appl", 4);
  header.writeUInt32BE(0x02100000, 8);
  header.write("mntrRGB XYZ ", 12);
  header.writeUInt16BE(2024, 24);
  header.write("acspAPPL", 36);
  header.write("Plnt", 48);
  header.writeUInt32BE(0xf6d6, 68);
  header.writeUInt32BE(0x10000, 72);
  header.writeUInt32BE(0xd32d, 76);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

const place = ["-GPSLatitude=48.8583", "-GPSLatitudeRef=N", "-GPSLongitude=2.2945", "-GPSLongitudeRef=E"];

function plant(path: string, ...words: string[]): void {
  run("exiftool", "-q", "-m", "-overwrite_original", ...words, path);
}

/** Makes the picture of that kind in `folder` and gives its bytes. */
export function plantedPicture(kind: PictureKind, folder: string): Buffer {
  const path = join(folder, `planted-${kind}.${extensionOf(kind)}`);
  const thumb = join(folder, "thumb.jpg");
  const profile = join(folder, "screen.icc");
  writeFileSync(profile, screenProfile());
  run(
    "convert",
    "-size",
    "96x64",
    "gradient:red-blue",
    "-swirl",
    "90",
    "-depth",
    "8",
    "-strip",
    `png24:${join(folder, "base.png")}`,
  );
  const base = join(folder, "base.png");
  const frames = ["-delay", "10", base, "(", base, "-negate", ")", "-loop", "3"];
  if (kind === "gif" || kind === "animated.webp") run("convert", ...frames, path);
  else if (kind !== "apng") run("convert", base, "-quality", "85", path);
  if (kind === "jpg") {
    run("convert", base, "-resize", "24x16", "-set", "comment", "PlantThumb", thumb);
    plant(
      path,
      "-Make=PlantMake",
      "-Model=PlantModel",
      "-Artist=PlantArtist",
      "-SerialNumber=PlantSerial",
      "-Comment=PlantComment",
    );
    plant(
      path,
      ...place,
      "-Orientation#=6",
      "-XMP:Creator=PlantXmp",
      "-IPTC:By-line=PlantIptc",
      "-IPTC:City=PlantCity",
    );
    plant(
      path,
      `-ThumbnailImage<=${thumb}`,
      `-icc_profile<=${profile}`,
      "-XPAuthor=PlantAuthor",
      "-ImageUniqueID=PlantMaker",
    );
    const file = readFileSync(path);
    return Buffer.concat([
      insert(file, 2, segment(0xeb, "JP\0\x01\0\0\0\x01jumbPlantC2pa"), segment(0xe9, "PlantMaker")),
      // A second picture, as motion photos and dual cameras append one.
      readFileSync(thumb),
      Buffer.from("PlantTrail"),
    ]);
  }
  if (kind === "png") {
    plant(
      path,
      "-Make=PlantMake",
      "-Artist=PlantArtist",
      ...place,
      "-XMP:Creator=PlantXmp",
      `-icc_profile<=${profile}`,
    );
    const file = readFileSync(path);
    const text = pngChunk("tEXt", Buffer.from("Author\0PlantText"));
    const packed = Buffer.from(run("node", "-e", 'process.stdout.write(require("zlib").deflateSync("PlantPacked"))'));
    const more = [
      text,
      pngChunk("zTXt", Buffer.concat([Buffer.from("PlantKeyword\0\0"), packed])),
      pngChunk("prVt", Buffer.from("PlantChunk")),
      pngChunk("tIME", Buffer.from([7, 232, 1, 2, 3, 4, 5])),
    ];
    return Buffer.concat([insert(file, 33, ...more), Buffer.from("PlantTrail")]);
  }
  if (kind === "apng") return Buffer.concat([animatedPng(readFileSync(base)), Buffer.from("PlantTrail")]);
  if (kind === "gif") {
    plant(path, "-XMP:Creator=PlantXmp", "-Comment=PlantComment");
    const file = readFileSync(path);
    const application = Buffer.from("\x21\xff\x0bPlantApplic\x10PlantApplication\0", "latin1");
    const plain = Buffer.from(`\x21\xf9\x04\0\0\0\0\0\x21\x01\x0c${"\0".repeat(12)}\x0aPlantPlain\0`, "latin1");
    return Buffer.concat([file.subarray(0, -1), application, plain, Buffer.from(";PlantTrail")]);
  }
  plant(path, "-Make=PlantMake", "-Artist=PlantArtist", ...place, "-XMP:Creator=PlantXmp");
  const chunk = Buffer.from("prvt\x0a\0\0\0PlantChunk", "latin1");
  const file = Buffer.concat([readFileSync(path), chunk]);
  file.writeUInt32LE(file.length - 8, 4);
  return Buffer.concat([file, Buffer.from("PlantTrail")]);
}

/** Two frames that are the same, with text between them. */
function animatedPng(still: Buffer): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const width = still.subarray(16, 24);
  const frame = (sequence: number): Buffer =>
    pngChunk("fcTL", Buffer.concat([number(sequence), width, Buffer.alloc(8), Buffer.from([0, 1, 0, 10, 0, 0])]));
  const data: Buffer[] = [];
  for (let at = 33; at < still.length; at += 12 + still.readUInt32BE(at))
    if (still.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(still.subarray(at + 8, at + 8 + still.readUInt32BE(at)));
  return Buffer.concat([
    still.subarray(0, 33),
    pngChunk("acTL", Buffer.concat([number(2), number(0)])),
    frame(0),
    pngChunk("tEXt", Buffer.from("Make\0PlantMake")),
    ...data.map((each) => pngChunk("IDAT", each)),
    frame(1),
    pngChunk("tEXt", Buffer.from("Author\0PlantText")),
    ...data.map((each, i) => pngChunk("fdAT", Buffer.concat([number(2 + i), each]))),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A chunk of WebP behind all others. */
function webpChunk(file: Buffer, type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type);
  head.writeUInt32LE(data.length, 4);
  const end = file.readUInt32LE(4) + 8; // behind it lies what was appended
  const padding = Buffer.alloc(data.length & 1);
  const whole = Buffer.concat([file.subarray(0, end), head, data, padding, file.subarray(end)]);
  whole.writeUInt32LE(end - 8 + 8 + data.length + padding.length, 4);
  return whole;
}

const hiddenWords = "PlantHidden ";
const behindHeader = 33; // bytes of a PNG

function pngPlace(type: string, length: number): { kind: PictureKind; plant: (file: Buffer) => Buffer } {
  const data = Buffer.alloc(length);
  data.write(hiddenWords);
  return { kind: "png", plant: (file) => insert(file, behindHeader, pngChunk(type, data)) };
}

const jpegPlace = (marker: number): { kind: PictureKind; plant: (file: Buffer) => Buffer } => ({
  kind: "jpg",
  plant: (file) => insert(file, 2, segment(marker, hiddenWords)),
});

/** Places where decoders look and find nothing that they can use. */
export const hiding = {
  "a JPEG segment F7": jpegPlace(0xf7),
  "a JPEG segment FD": jpegPlace(0xfd),
  "a JPEG segment C8": jpegPlace(0xc8),
  "a JPEG segment F0": jpegPlace(0xf0),
  "a suggested palette": pngPlace("sPLT", 20),
  "a gamma that is too long": pngPlace("gAMA", 40),
  "chromaticities that are too long": pngPlace("cHRM", 50),
  "an intent that is too long": pngPlace("sRGB", 20),
  "a density that is too long": pngPlace("pHYs", 20),
  "a transparent colour that is too long": pngPlace("tRNS", 20),
  "significant bits that are too long": pngPlace("sBIT", 20),
  "a background that is too long": pngPlace("bKGD", 20),
  "a histogram without palette": pngPlace("hIST", 20),
  "a frame of a PNG that does not move": pngPlace("fdAT", 20),
  "a second picture of a WebP": { kind: "webp", plant: (file) => webpChunk(file, "VP8 ", Buffer.from(hiddenWords)) },
  "an animation's loop in a WebP that does not move": {
    kind: "webp",
    plant: (file) => webpChunk(file, "ANIM", Buffer.from(hiddenWords)),
  },
  "a second header of a WebP": { kind: "webp", plant: (file) => webpChunk(file, "VP8X", Buffer.from(hiddenWords)) },
  "a picture beside the frames of a WebP": {
    kind: "animated.webp",
    plant: (file) => webpChunk(file, "ALPH", Buffer.from(hiddenWords)),
  },
} satisfies Record<string, { kind: PictureKind; plant: (file: Buffer) => Buffer }>;
export type HidingPlace = keyof typeof hiding;
