/** ZIPs that `tellhaven verify` and `tellhaven open` are given: read as written, or refused with the reason. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { crc32 } from "node:zlib";
import { makeZip } from "client-zip";
import { runChecks, type Finding } from "../../server/cli/verify/checks.ts";
import { openBag } from "../../server/cli/verify/bag.ts";
import { faultLine } from "../../server/cli/verify/words.ts";
import { translator } from "../../server/http/i18n.ts";
import { openZip } from "../../server/cli/zip.ts";
import { requireJudge } from "../support/judges.ts";
import { zipOf } from "../support/make-zip.ts";
import { collect } from "../support/store-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "tellhaven-zip-"));
after(() => rmSync(folder, { recursive: true }));

const nothing = { key: null, authority: null, approver: null };

/** What the first row says of it, and the rows that hold. */
async function look(path: string): Promise<{ said: string; holds: string[] }> {
  const bag = (await openBag(path))!;
  const findings: (Finding & { id: string })[] = [];
  for await (const finding of runChecks(bag, nothing)) findings.push(finding);
  await bag.close();
  const said = findings[0]!.said.map((each) => faultLine(translator("en"), each)).join("\n");
  return { said, holds: findings.filter(({ is }) => is === "holds").map(({ id }) => id) };
}

const bagit = { name: "bag/bagit.txt", bytes: "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n" };
const at = (bytes: Buffer, place: number, value: number): Buffer => {
  const spoilt = Buffer.from(bytes);
  spoilt.writeUInt32LE(value, place < 0 ? bytes.length + place : place);
  return spoilt;
};
const whole = zipOf([bagit, { name: "bag/x", bytes: "x" }]);

/** Extra field 0x7075: the name that Info-ZIP takes instead. */
const otherName = ((): Buffer => {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + 5, 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc32("bag/x"), 5);
  return Buffer.concat([field, Buffer.from("bag/y")]);
})();

/** With another system in every record of the directory. */
function madeOn(system: number, bytes: Buffer): Buffer {
  const made = Buffer.from(bytes);
  for (let at = made.indexOf("PK\u0001\u0002"); at >= 0; at = made.indexOf("PK\u0001\u0002", at + 1))
    made[at + 5] = system;
  return made;
}

/** What a ZIP is, and with what words it is refused. */
const zips: [what: string, make: () => Buffer, why: RegExp][] = [
  ["text", () => Buffer.from("no ZIP at all, but long enough for one"), /no ZIP/],
  ["nothing", () => Buffer.alloc(0), /no ZIP/],
  ["cut off", () => whole.subarray(0, -1), /no ZIP/],
  ["with a comment", () => Buffer.concat([whole, Buffer.from("x")]), /no ZIP/],
  ["with another ZIP behind", () => Buffer.concat([whole, zipOf([bagit])]), /bytes that no entry/],
  ["with bytes before", () => Buffer.concat([Buffer.from("#!/bin/sh\n"), whole]), /bytes that no entry/],
  [
    "with an entry that no list has",
    () => at(whole, -12, whole.readUInt32LE(whole.length - 10)),
    /no ZIP|bytes that no/,
  ],
  ["with entries on top of each other", () => at(whole, whole.lastIndexOf("bag/x") - 4, 0), /bytes that no entry/],
  ["with two names for one entry", () => zipOf([bagit, { name: "bag/x", local: "bag/y" }]), /bytes that no entry/],
  ["compressed", () => zipOf([bagit, { name: "bag/x", method: 8 }]), /not made by the console.* 2/],
  ["with the same name twice", () => zipOf([bagit, bagit]), /are the same.* 2/],
  ["with names that differ in capitals", () => zipOf([bagit, { ...bagit, name: "bag/BAGIT.txt" }]), /are the same.* 2/],
  ["with a file that is a folder too", () => zipOf([bagit, { name: "bag/bagit.txt/x" }]), /are the same/],
  ["with a path that goes up", () => zipOf([bagit, { name: "bag/../../x" }]), /out of the folder; entry: 2/],
  ["with an absolute path", () => zipOf([bagit, { name: "/etc/passwd" }]), /out of the folder; entry: 2/],
  ["with a backslash", () => zipOf([bagit, { name: "bag\\..\\x" }]), /out of the folder; entry: 2/],
  ["with a NUL in a name", () => zipOf([bagit, { name: "bag/x\0.txt" }]), /out of the folder; entry: 2/],
  ["with a symbolic link", () => zipOf([bagit, { name: "bag/x", bytes: "/etc", mode: 0o120_777 }]), /a link.* 2/],
  ["with a folder that has bytes", () => zipOf([bagit, { name: "bag/x/", bytes: "x", mode: 0 }]), /a link.* 2/],
  [
    "with a link that another system made",
    () => madeOn(30, zipOf([bagit, { name: "bag/x", mode: 0o120_777 }])),
    /a link.* 2/,
  ],
  ["with another name beside a name", () => zipOf([bagit, { name: "bag/x", extra: otherName }]), /bytes that no.* 2/],
  ["with one at the entry itself", () => zipOf([bagit, { name: "bag/x", localExtra: otherName }]), /bytes that no.* 2/],
  ["with a word on an entry", () => zipOf([bagit, { name: "bag/x", comment: "y" }]), /bytes that no.* 2/],
  ["with two folders", () => zipOf([bagit, { name: "other/x" }]), /other files than one folder/],
  ["with a file beside the folder", () => zipOf([bagit, { name: "x" }]), /other files than one folder/],
];

/** A ZIP of client-zip's with `size` zeros in it, of which none reaches the disk. */
async function writeSparse(file: FileHandle, size: number): Promise<void> {
  const piece = new Uint8Array(8 * 1024 * 1024);
  async function* zeros(): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; left -= piece.length) yield left < piece.length ? piece.subarray(0, left) : piece;
  }
  const lastModified = new Date(1980, 0, 1);
  const entries = [
    { name: "a/large.bin", input: zeros(), lastModified, size },
    { name: "a/behind.txt", input: "behind", lastModified, size: 6 },
  ];
  let at = 0;
  for await (const bytes of makeZip(entries)) {
    if (bytes.length < piece.length / 2) await file.write(bytes, 0, bytes.length, at);
    at += bytes.length;
  }
}

describe("a ZIP", requireJudge("unzip"), () => {
  for (const [what, make, why] of zips)
    test(`${what} is refused, and nothing of it is looked at`, async () => {
      const path = join(folder, "made.zip");
      writeFileSync(path, make());
      const { said, holds } = await look(path);
      assert.match(said, why);
      assert.deepEqual(holds, []);
    });

  test("of entries that are plain is read", async () => {
    const path = join(folder, "made.zip");
    writeFileSync(path, whole);
    assert.deepEqual((await look(path)).holds, ["files", "bagit"]);
    execFileSync("unzip", ["-tq", path]);
  });

  test("as the console writes it gives the bytes that were put in; with a byte of its records changed, these or none", async () => {
    const put = new Map([
      ["a/one.txt", Buffer.from("one")],
      ["a/b/two.bin", Buffer.alloc(70_000, 7)],
      ["a/none.txt", Buffer.alloc(0)],
    ]);
    const lastModified = new Date(1980, 0, 1);
    const entries = [...put].map(([name, input]) => ({ name, input, lastModified, size: input.length }));
    const zip = Buffer.from(await new Response(makeZip(entries)).bytes());
    const read = async (bytes: Buffer): Promise<Map<string, Buffer> | string> => {
      const path = join(folder, "made.zip");
      writeFileSync(path, bytes);
      const opened = await openZip(path);
      if (opened.is === "refused") return opened.why;
      const got = new Map<string, Buffer>();
      for (const entry of opened.zip.entries) got.set(entry.name, Buffer.from(await collect(opened.zip.read(entry))));
      await opened.zip.close();
      return got;
    };
    assert.deepEqual(await read(zip), put);
    const start = zip.readUInt32LE(zip.length - 6);
    let refused = 0;
    for (let place = start; place < zip.length; place++) {
      const spoilt = Buffer.from(zip);
      spoilt[place]! ^= 1;
      const got = await read(spoilt);
      if (typeof got === "string") refused += 1;
      // Versions, times and checksums of the records say nothing of the content.
      else assert.deepEqual(got, put, String(place));
    }
    assert.ok(refused > 100, String(refused));
  });

  test("of more than 4 GB is read at its end", async () => {
    const path = join(folder, "large.zip");
    const file = await open(path, "w");
    const size = 2 ** 32 + 5;
    // Holes: the disk keeps nothing of the zeros. What stands around them is taken from the writer, for a stream of this length.
    await writeSparse(file, size);
    await file.close();
    const opened = await openZip(path);
    assert.ok(opened.is === "open", JSON.stringify(opened));
    assert.deepEqual(
      opened.zip.entries.map((entry) => [entry.name, entry.size]),
      [
        ["a/large.bin", size],
        ["a/behind.txt", 6],
      ],
    );
    assert.deepEqual(Buffer.from(await collect(opened.zip.read(opened.zip.entries[1]!))).toString(), "behind");
    await opened.zip.close();
    execFileSync("zipinfo", ["-t", path]);
  });
});
