/** docs/PROTOCOL.md says what the code does: sizes, sections, labels, kinds. A table that drifts fails here. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import {
  headerBytesOf,
  kinds,
  hasRow,
  isReporters,
  largestEnvelopeBytes,
  sealedSummaryBytes,
  signedHeaderBytes,
  streamOf,
  wrapBytes,
  type Kind,
} from "../../crypto/envelope/wire.ts";
import { feedItemBytes } from "../../crypto/feed.ts";
import { inviteIdBytes, inviteSecret, sealJoin } from "../../crypto/join.ts";
import { memberKeysBytes } from "../../crypto/keys.ts";
import { longestCheckpoint } from "../../crypto/content.ts";
import { logAnswerBytes } from "../../crypto/log-answer.ts";
import { leavesPerDayStep, receiptBytes } from "../../crypto/log.ts";
import { signMailboxRequest } from "../../crypto/mailbox.ts";
import { minimumTextBytes, paddedObjectBytes } from "../../crypto/padding.ts";
import { codeWords } from "../../crypto/receipt.ts";
import { signatureBytes } from "../../crypto/signature.ts";
import { reporterSlotBytes, slotBytes } from "../../crypto/slot.ts";
import { chunkBytes, chunkOverhead, streamHeaderBytes } from "../../crypto/stream.ts";
import { deriveKeyring, sealToVault } from "../../crypto/vault.ts";
import { makeMailbox, makeOrganisation, seedFor } from "../support/fixtures.ts";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "docs/PROTOCOL.md"), "utf8");
const organisation = makeOrganisation();
const { nia } = organisation.members;

/** Rows of the table behind a line, without its header. */
function tableAfter(line: string): string[][] {
  const at = text.indexOf(line);
  assert.notEqual(at, -1, `${line} is not in PROTOCOL.md`);
  const lines = text.slice(at + line.length).split("\n");
  const first = lines.findIndex((each) => each.startsWith("|"));
  const rows: string[][] = [];
  for (let i = first + 2; lines[i]?.startsWith("|") === true; i++)
    rows.push(
      lines[i]!.split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows;
}

const emptyJoin = sealJoin(
  nia.secrets,
  "",
  inviteSecret(organisation.charter, seedFor("invite").subarray(0, 16)),
  organisation.portalId,
);
const request = { portalId: organisation.portalId, origin: "", action: "", body: new Uint8Array() };
const layouts: { [name: string]: number } = {
  "member keys": memberKeysBytes,
  slot: slotBytes,
  "reporter's slot": reporterSlotBytes,
  join: emptyJoin.length,
  "fixed header": signedHeaderBytes,
  "report part": headerBytesOf("report") - headerBytesOf("reply"),
  "feed item": feedItemBytes,
  receipt: receiptBytes,
  "mailbox authorization": signMailboxRequest(makeMailbox(organisation.portalId), request, seedFor("nonce")).length,
};

suite("sizes in PROTOCOL.md", () => {
  const captions = [...text.matchAll(/^\*\*Layout: (.+)\*\*$/gm)].map(([, name]) => name!);

  test("stand for every layout, and no other", () => assert.deepEqual(captions.sort(), Object.keys(layouts).sort()));

  for (const [name, bytes] of Object.entries(layouts))
    test(`of the ${name} add up to what the code makes`, () => {
      const rows = tableAfter(`**Layout: ${name}**`);
      const fields = rows.filter(([field]) => field !== "total");
      const total = rows.find(([field]) => field === "total");
      // A range is of variable length: its least counts.
      const sum = fields.reduce((all, [, size]) => all + Number(/^\d+/.exec(size!)?.[0]), 0);
      assert.equal(sum, bytes);
      if (total !== undefined) assert.equal(Number(total[1]), bytes);
    });

  const sentences: [sentence: string, ...numbers: number[]][] = [
    ["A signature is N bytes", signatureBytes],
    ["in chunks of N plain bytes", chunkBytes],
    ["Each sealed chunk is N bytes longer", chunkOverhead],
    ["length max(N, padme(8 + |c|))", minimumTextBytes],
    ["least 2^k ≥ max(n, N)", paddedObjectBytes(1)],
    ["for n ≤ N, otherwise padme(n)", 64 * 1024 * 1024],
    [
      "the stream's header of N bytes: N bytes for a report, N for every other kind",
      streamHeaderBytes,
      headerBytesOf("report"),
      headerBytesOf("act"),
    ],
    ["More than N bytes are `large`", largestEnvelopeBytes],
    ["512 bytes of plaintext, sealed to N", sealedSummaryBytes],
    ["with random leaves to a multiple of N.", leavesPerDayStep],
    ["(a checkpoint, §18, at most N characters)", longestCheckpoint],
    ["zeros, N bytes in all", logAnswerBytes],
    ["the inside N × 2^k bytes", sealToVault(new Uint8Array(), deriveKeyring(seedFor("m")).box.publicKey).length - 48],
  ];
  for (const [sentence, ...numbers] of sentences)
    test(`"${sentence}"`, () => {
      const pattern = sentence.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/\bN\b/g, "([0-9,]+)");
      const found = new RegExp(pattern).exec(text);
      assert.deepEqual(
        found?.slice(1).map((number) => Number(number.replaceAll(",", ""))),
        numbers,
      );
    });

  test("of parts of the report's header, words and invitations", () => {
    const part = Object.fromEntries(tableAfter("**Layout: report part**"));
    assert.equal(Number(part["wrap: nonce 24, case key 32, tag 16"]), wrapBytes);
    assert.equal(Number(part["summary (§15)"]), sealedSummaryBytes);
    assert.ok(text.includes("eight words of 11 bits") && codeWords === 8);
    assert.ok(text.includes("r 8 random bytes") && inviteIdBytes === 16);
  });

  test("of objects just at 64 MiB and beyond", () => {
    assert.equal(paddedObjectBytes(64 * 1024 * 1024), 64 * 1024 * 1024);
    assert.notEqual(Math.log2(paddedObjectBytes(64 * 1024 * 1024 + 1)) % 1, 0);
  });
});

suite("names in PROTOCOL.md", () => {
  const files = globSync(["crypto/**/*.ts", "server/**/*.ts", "views/browser/**/*.ts"], { cwd: root });
  const sources = files.map((file) => [file, readFileSync(join(root, file), "utf8")] as const);

  test("every section that code cites is there, and every file of crypto/ that makes bytes cites one", () => {
    const sections = new Set([...text.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number)));
    assert.deepEqual(
      [...sections],
      Array.from({ length: sections.size }, (_, i) => i + 1),
    );
    for (const [file, source] of sources)
      for (const [cited] of source.matchAll(/PROTOCOL\.md §\d+(?:(?:, | and )§\d+)*/g))
        for (const [, number] of cited.matchAll(/§(\d+)/g))
          assert.ok(sections.has(Number(number)), `${file}: §${number}`);
    const uncited = sources.filter(([file, source]) => file.startsWith("crypto/") && !/PROTOCOL\.md §/.test(source));
    const without = ["bytes.ts", "errors.ts", "minisign.ts", "shape.ts", "sodium.ts", "timestamp-query.ts", "words.ts"];
    assert.deepEqual(
      uncited.map(([file]) => file).sort(),
      without.map((name) => join("crypto", name)),
    );
  });

  test("the labels of H are exactly those of the code", () => {
    const used = new Set(
      sources.flatMap(([, source]) => [...source.matchAll(/"(th1\/[a-z-]+)"/g)].map(([, label]) => label!)),
    );
    const listed = tableAfter("## Appendix A").map(([label]) => label!.replaceAll("`", ""));
    assert.equal(new Set(listed).size, listed.length);
    assert.deepEqual([...listed].sort(), [...used].sort());
  });

  test("the labels of signatures are exactly those of the code", () => {
    const source = readFileSync(join(root, "crypto/signature.ts"), "utf8");
    const inCode = [...source.matchAll(/^ {2}\| "(\w+)"/gm)].map(([, label]) => label!);
    const listed = tableAfter("## 3. Signatures").flatMap(([labels]) =>
      [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!),
    );
    assert.ok(inCode.length > 10);
    assert.deepEqual(listed.sort(), inCode.sort());
  });

  test("the kinds have their numbers, streams, rows and writers", () => {
    const listed = tableAfter("## 12. Envelope");
    const fromCode = (Object.keys(kinds) as Kind[]).map((kind) => [
      kind,
      String(kinds[kind]),
      String(streamOf(kind)),
      hasRow(kind) ? "yes" : "no",
      isReporters(kind) ? "reporter" : "reader",
    ]);
    assert.deepEqual(listed, fromCode);
  });
});
