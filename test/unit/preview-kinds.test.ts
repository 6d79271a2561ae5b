/** What a name and what bytes say of a file, and what a member is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, type Content } from "../../views/browser/console/previews/content.ts";
import { kindOfName, mayBeLookedAt, tricksOf } from "../../views/browser/console/previews/kinds.ts";
import { isGrave, warningsOf, type Warning } from "../../views/browser/console/previews/warnings.ts";
import type { Finding } from "../../views/browser/console/previews/worker-api.ts";
import * as hostile from "../support/hostile-files.ts";

const keysOf = (warnings: readonly Warning[]): string[] => warnings.map(({ group, what }) => `${group}.${what}`);

const names: [name: string, kind: string, looks: boolean, warnings: string[]][] = [
  ["photo.JPG", "picture", true, []],
  ["notes.txt", "text", true, []],
  ["report.pdf", "pdf", true, []],
  ["voice.m4a", "audio", true, []],
  ["film.mp4", "video", true, []],
  ["no ending", "unknown", true, []],
  ["setup.exe", "program", false, ["risk.program"]],
  ["setup.exe.", "program", false, ["risk.program"]],
  ["setup.exe ", "program", false, ["risk.program"]],
  ["run.ps1", "script", true, ["risk.script"]],
  ["drawing.svg", "webPage", true, ["risk.webPage"]],
  ["page.xhtml", "webPage", true, ["risk.webPage"]],
  ["letter.docx", "office", false, ["risk.office"]],
  ["letter.docm", "officeMacros", false, ["risk.officeMacros"]],
  ["old.xls", "officeMacros", false, ["risk.officeMacros"]],
  ["all.tar.gz", "archive", false, ["risk.archive"]],
  ["disk.iso", "diskImage", false, ["risk.diskImage"]],
  ["link.lnk", "shortcut", false, ["risk.shortcut"]],
  ["mail.eml", "email", true, ["risk.email"]],
  ["invoice.pdf.exe", "program", false, ["trick.doubleEnding", "risk.program"]],
  ["invoice.pdf  .exe", "program", false, ["trick.doubleEnding", "risk.program"]],
  ["data.csv.zip", "archive", false, ["risk.archive"]],
  ["jquery.min.js", "script", true, ["risk.script"]],
  ["photo\u202egpj.exe", "program", false, ["trick.hidden", "risk.program"]],
  ["pho\u200bto.png", "picture", true, ["trick.hidden"]],
  ["photo.jpg            .scr", "program", false, ["trick.doubleEnding", "trick.spaces", "risk.program"]],
  ["a\u0000b.png", "picture", true, ["trick.hidden"]],
  ["../../etc/passwd", "unknown", true, []],
  ["x.txt:hidden.exe", "program", false, ["risk.program"]],
  ["صورة.png", "picture", true, []],
  ["می\u200cخواهم.png", "picture", true, []],
  ["👩🏽\u200d💻.png", "picture", true, []],
];

for (const [name, kind, looks, warnings] of names)
  test(`by its name, ${JSON.stringify(name)} is ${kind}`, () => {
    assert.equal(kindOfName(name), kind);
    assert.equal(mayBeLookedAt(name), looks);
    assert.deepEqual(keysOf(warningsOf({ name }, null)), warnings);
  });

const ascii = (text: string): Buffer => Buffer.from(text, "latin1");
const ftyp = (brands: string): Buffer => ascii(`\0\0\0\x20ftyp${brands}`);
const bytes: [what: string, bytes: Buffer, content: Content][] = [
  ["PNG", hostile.png(1, 1), "png"],
  ["JPEG", ascii("\xff\xd8\xff\xe0"), "jpeg"],
  ["GIF", ascii("GIF89a\x01\0\x01\0"), "gif"],
  ["a script that begins like a GIF", ascii(hostile.gifScript), "gif"],
  ["WebP", ascii("RIFF\x10\0\0\0WEBPVP8 "), "webp"],
  ["AVIF", ftyp("avif\0\0\0\0mif1"), "avif"],
  ["AVIF under a common brand", ftyp("mif1\0\0\0\0mif1avif"), "avif"],
  ["HEIC", ftyp("heic\0\0\0\0mif1heic"), "heic"],
  ["PDF", ascii("%PDF-1.7\n"), "pdf"],
  ["PDF that begins later", ascii(`${" ".repeat(900)}%PDF-1.4`), "pdf"],
  ["MP4", ftyp("isom\0\0\x02\0isomiso2"), "mp4"],
  ["M4A", ftyp("M4A \0\0\0\0"), "m4a"],
  ["WebM", ascii("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"), "webm"],
  ["Matroska", ascii("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska\0\0"), "unknown"],
  ["Ogg", ascii("OggS\0\x02"), "ogg"],
  ["MP3 with a tag", ascii("ID3\x03\0\0"), "mp3"],
  ["MP3", ascii("\xff\xfb\x90\x64"), "mp3"],
  ["WAV", hostile.wav(), "wav"],
  ["FLAC", ascii("fLaC\0\0"), "flac"],
  ["a program of Windows", hostile.program, "program"],
  ["a program of Linux", ascii("\x7fELF\x02\x01"), "program"],
  ["a program of macOS", ascii("\xcf\xfa\xed\xfe"), "program"],
  ["a script of a shell", ascii("#!/bin/sh\n"), "script"],
  ["SVG", ascii(hostile.svg), "webPage"],
  ["HTML", ascii(hostile.page), "webPage"],
  ["HTML in UTF-16", Buffer.from("\ufeff<html><script>", "utf16le"), "webPage"],
  ["HTML behind words", ascii("Dear all <script>alert(1)</script>"), "webPage"],
  ["XML", ascii('\xef\xbb\xbf<?xml version="1.0"?>'), "webPage"],
  ["ZIP", ascii("PK\x03\x04\x14\0"), "zip"],
  ["old Office", ascii("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "oldOffice"],
  ["RTF", ascii("{\\rtf1\\ansi"), "rtf"],
  ["7z", ascii("7z\xbc\xaf\x27\x1c"), "archive"],
  ["RAR", ascii("Rar!\x1a\x07\x01\0"), "archive"],
  ["ISO 9660", Buffer.concat([Buffer.alloc(32769), ascii("CD001")]), "diskImage"],
  ["a shortcut of Windows", ascii("\x4c\0\0\0\x01\x14\x02\0"), "shortcut"],
  ["an Internet shortcut", ascii("[InternetShortcut]\r\nURL=file:"), "shortcut"],
  ["text", ascii("only words, 1 < 2\r\n"), "text"],
  ["text in UTF-16", Buffer.from("\ufeffwords", "utf16le"), "text"],
  ["nothing", Buffer.alloc(0), "empty"],
  ["noise", Buffer.from([0, 1, 2, 3, 200, 0, 9, 4]), "unknown"],
];

for (const [what, head, content] of bytes)
  test(`by its bytes, ${what} is ${content}`, () => assert.equal(contentOf(head), content));

const found: [name: string, content: Content, warnings: string[]][] = [
  ["photo.png", "png", []],
  ["photo.png", "jpeg", ["other.picture"]],
  ["photo.png", "program", ["other.program"]],
  ["photo.jpg", "webPage", ["other.webPage"]],
  ["photo.tif", "unknown", []],
  ["report.pdf", "zip", ["other.zip"]],
  ["notes.txt", "text", []],
  ["notes.txt", "webPage", []],
  ["notes.txt", "program", ["other.program"]],
  ["letter.docx", "zip", ["risk.office"]],
  ["letter.docx", "program", ["other.program", "risk.office"]],
  ["letter", "program", ["other.program"]],
  ["letter", "text", []],
  ["letter", "png", []],
  ["film.mp4", "empty", ["other.empty"]],
];

for (const [name, content, warnings] of found)
  test(`${name} whose bytes are ${content}: ${warnings.join(", ") || "nothing to say"}`, () => {
    const told = warningsOf({ name }, { content, active: [] });
    assert.deepEqual(keysOf(told), warnings);
  });

const grave: [name: string, finding: Finding, must: boolean][] = [
  ["photo.jpg", { content: "jpeg", active: [] }, false],
  ["photo.jpg", { content: "png", active: [] }, false],
  ["photo.jpg", { content: "unknown", active: [] }, false],
  ["photo.jpg", { content: "program", active: [] }, true],
  ["letter", { content: "zip", active: [] }, true],
  ["letter.docx", { content: "zip", active: [] }, false],
  ["letter.docx", { content: "zip", active: ["macros"] }, true],
  ["setup.exe", { content: "program", active: [] }, false],
  ["report.pdf", { content: "pdf", active: ["locked"] }, false],
  ["report.pdf", { content: "pdf", active: ["javaScript"] }, true],
];
for (const [name, finding, must] of grave)
  test(`${name} (${finding.content}, ${finding.active.join()}) is ${must ? "held back once" : "saved at once"}`, () =>
    assert.equal(isGrave({ name }, finding), must));

test("the longest names are told at once", () => {
  const started = performance.now();
  // crypto/content.ts lets no longer ones through.
  for (const name of ["a.".repeat(500), `${" ".repeat(999)}x`, "\u202e".repeat(333), "_ ".repeat(500)]) {
    kindOfName(name);
    tricksOf(name);
  }
  assert.ok(performance.now() - started < 5_000);
});
