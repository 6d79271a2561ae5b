/** Looks for planted words in files the way an adversary would: raw, unpacked, and with exiftool and mat2. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync, inflateSync } from "node:zlib";
import { cleanFile } from "../../../views/browser/metadata/clean.ts";
import type { CleanResult } from "../../../views/browser/metadata/findings.ts";

export type CleanedFile = Extract<CleanResult, { is: "cleaned" }> & { bytes: Buffer };

/** A folder for one test file, removed when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "metadata-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a program and gives what it printed. Fails the test when the program does. */
export function run(program: string, ...words: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, words, { maxBuffer: 1 << 28 });
  assert.equal(status, 0, `${program} ${words.join(" ")}: ${String(stderr)}`);
  return stdout;
}

/** `file` cleaned. Fails the test when it was left alone. */
export async function cleaned(file: Uint8Array): Promise<CleanedFile> {
  const result = await cleanFile(new Blob([new Uint8Array(file)]));
  assert.ok(result.is === "cleaned", result.is === "untouched" ? `untouched: ${result.reason}` : "");
  return { ...result, bytes: Buffer.from(await result.blob.arrayBuffer()) };
}

function unzlib(bytes: Buffer): Buffer | null {
  try {
    return inflateSync(bytes);
  } catch {
    return null;
  }
}

/** Everything of a ZIP archive, and of archives in it. */
export function unzipped(file: Buffer): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  const end = file.lastIndexOf("PK\x05\x06");
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed, name, extra, comment, local] = [
      file.readUInt16LE(at + 10),
      file.readUInt32LE(at + 20),
      file.readUInt16LE(at + 28),
      file.readUInt16LE(at + 30),
      file.readUInt16LE(at + 32),
      file.readUInt32LE(at + 42),
    ];
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const data = file.subarray(start, start + packed);
    parts.set(file.subarray(at + 46, at + 46 + name).toString(), method === 0 ? data : inflateRawSync(data));
    at += 46 + name + extra + comment;
  }
  return parts;
}

/** The file and whatever can be unpacked from it, as one heap of bytes. */
export function heapOf(file: Buffer, folder: string): Buffer {
  const heaps = [file];
  if (file.subarray(0, 2).toString() === "PK")
    for (const [name, part] of unzipped(file)) heaps.push(Buffer.from(name), heapOf(part, folder));
  if (file.subarray(0, 4).toString() === "%PDF") {
    const path = join(folder, "unpack.pdf");
    writeFileSync(path, file);
    const { stdout } = spawnSync("qpdf", ["--qdf", "--object-streams=disable", path, "-"], { maxBuffer: 1 << 28 });
    heaps.push(stdout);
    // qpdf leaves out what the newest version does not use.
    for (let i = file.indexOf("stream"); i >= 0; i = file.indexOf("stream", i + 6)) {
      const start = i + 6 + (file[i + 6] === 13 ? 2 : 1);
      heaps.push(unzlib(file.subarray(start)) ?? Buffer.alloc(0));
    }
  }
  if (file.subarray(1, 4).toString() === "PNG")
    for (const keyword of ["zTXt", "iTXt", "iCCP"])
      for (let i = file.indexOf(keyword); i >= 0; i = file.indexOf(keyword, i + 4))
        for (let skip = 5; skip < 90; skip++) heaps.push(unzlib(file.subarray(i + skip)) ?? Buffer.alloc(0));
  return Buffer.concat(heaps);
}

/** Whether `word` is in the heap, in any of the encodings that formats use. */
export function holds(heap: Buffer, word: string): boolean {
  const little = Buffer.from(word, "utf16le");
  const big = Buffer.from(little).swap16();
  const hex = [Buffer.from(word), big].map((each) => each.toString("hex"));
  const lower = heap.toString("latin1").toLowerCase();
  return (
    [Buffer.from(word), little, big].some((each) => heap.includes(each)) || hex.some((each) => lower.includes(each))
  );
}

/** What exiftool reads of the file and of files in it, names of files and folders apart. */
export function exiftool(file: Uint8Array, extension: string, folder: string): string {
  const path = join(folder, `judged.${extension}`);
  writeFileSync(path, file);
  const { stdout } = spawnSync("exiftool", ["-a", "-u", "-G1", "-ee3", "-api", "RequestAll=2", path]);
  return String(stdout).replace(/^\[(?:System|ExifTool)\].*$/gm, "");
}

/** What mat2 calls metadata and the picture needs: how colours are meant, and which way up it is. */
const drawing =
  /^(?:(?:Red|Green|Blue)(?:MatrixColumn|TRC|X|Y)|WhitePoint[XY]|Gamma|SRGBRendering|CMMFlags|ColorSpaceData|ConnectionSpaceIlluminant|Device\w+|Media\w+Point|PrimaryPlatform|Profile\w+|RenderingIntent|Orientation|ExifByteOrder|PixelUnits|PixelsPerUnit[XY]|BackgroundColor|Animation\w+)$/;

/** The names of what mat2 calls metadata and a picture does not need, or null where it does not know the format. */
export function mat2(file: Uint8Array, extension: string, folder: string): string[] | null {
  const path = join(folder, `judged.${extension}`);
  writeFileSync(path, file);
  const { stdout } = spawnSync("mat2", ["--show", path], { encoding: "utf8" });
  if (stdout.includes("not supported")) return null;
  return [...stdout.matchAll(/^\s{2,}([\w:-]+): /gm)].map(([, name]) => name!).filter((name) => !drawing.test(name));
}

/** Pixels of every frame as a program that is not ours decodes them. */
export function pixels(file: Uint8Array, extension: string, folder: string): Buffer {
  const path = join(folder, `pixels.${extension}`);
  writeFileSync(path, file);
  const named = extension === "png" ? `png:${path}` : path; // or ImageMagick asks ffmpeg for an APNG
  return run("convert", named, "-auto-orient", "-depth", "8", "rgba:-");
}
