/** The row `approver`: a second person's signature, and what may be wrong with it, to `tellhaven verify` and to verify.sh. */
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { formatMinisignKey, minisign } from "../../crypto/minisign.ts";
import { signKeyPair, type KeyPair } from "../../crypto/sodium.ts";
import { exportCase, type ExportedCase } from "../support/case-file.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { check, row, script } from "../support/verifying.ts";

const tags = "tagmanifest-sha256.txt";
const approval = `${tags}.approver.minisig`;
const second = signKeyPair(seedFor("a second person"));

let exported: ExportedCase;
let approverFile: string;

const portalOf = (bag: string): string =>
  (JSON.parse(readFileSync(join(bag, "data/case.json"), "utf8")) as { portalId: string }).portalId;
const about = (bag: string): string => `approved: case file of portal ${portalOf(bag)}, `;

function approve(bag: string, by: KeyPair = second, comment: string = `${about(bag)}2026-11-24`): void {
  writeFileSync(join(bag, approval), minisign(readFileSync(join(bag, tags)), by, comment));
}

const flip = (path: string, at: number): void => {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  writeFileSync(path, bytes);
};

describe("an approval", requireJudge("minisign", "unzip", "jq", "dash", "busybox"), () => {
  before(async () => {
    exported = await exportCase();
    approverFile = join(exported.folder, "approver.pub");
    writeFileSync(approverFile, formatMinisignKey(second.publicKey));
  });
  after(() => exported?.discard());

  test("holds, with key and comment shown, in two shells", async () => {
    const bag = exported.unpack();
    approve(bag);
    const given = { key: exported.key, approver: approverFile };
    const said = await check(bag, given);
    assert.equal(said.status, 0, said.out);
    assert.deepEqual(row(said, "approver"), {
      mark: "holds",
      said: [`key: ${readFileSync(approverFile, "utf8").split("\n")[1]!}`, `signed comment: ${about(bag)}2026-11-24`],
    });
    assert.deepEqual(script(bag, given), said);
    assert.deepEqual(script(bag, given, ["busybox", "sh"]), said);
  });

  const keyOf = (pair: KeyPair, name: string): string => {
    const path = join(exported.folder, name);
    writeFileSync(path, formatMinisignKey(pair.publicKey));
    return path;
  };
  const another = signKeyPair(seedFor("somebody else"));
  const approvals: [
    what: string,
    spoil: (bag: string) => void,
    approver: () => string | null,
    mark: string,
    said: RegExp,
  ][] = [
    ["there is none", () => {}, () => null, "none", /^no approval/],
    ["there is none, and one was to be", () => {}, () => approverFile, "FAILS", /^missing: \S+\.approver\.minisig$/],
    ["the key is not given", (bag) => approve(bag), () => null, "?", /no key was given/],
    ["another signed", (bag) => approve(bag, another), () => approverFile, "FAILS", /does not fit/],
    ["another's key is given", (bag) => approve(bag), () => keyOf(another, "another.pub"), "FAILS", /does not fit/],
    ["the exporter signed", (bag) => approve(bag, exported.secret), () => approverFile, "FAILS", /does not fit/],
    [
      "the exporter signed, and the exporter's key is given for both",
      (bag) => approve(bag, exported.secret),
      () => exported.key,
      "FAILS",
      /no second person's/,
    ],
    [
      "it is altered",
      (bag) => (approve(bag), flip(join(bag, approval), -4)),
      () => approverFile,
      "FAILS",
      /does not fit/,
    ],
    [
      "it has a line more",
      (bag) => (approve(bag), appendFileSync(join(bag, approval), "x\n")),
      () => approverFile,
      "FAILS",
      /does not fit/,
    ],
    [
      "it is of another file",
      (bag) => writeFileSync(join(bag, approval), minisign(Buffer.from("x"), second, `${about(bag)}2026-11-24`)),
      () => approverFile,
      "FAILS",
      /does not fit/,
    ],
    ...(
      [
        ["of a case by its name", (bag) => about(bag).replace("of portal", "calm-lake-0001 of portal") + "2026-11-24"],
        ["of another portal", (bag) => about(bag).replace(portalOf(bag), "00") + "2026-11-24"],
        ["of a day before the case file was made", (bag) => `${about(bag)}2026-11-22`],
        ["of no day", (bag) => `${about(bag)}soon`],
        ["of a day and more", (bag) => `${about(bag)}2026-11-24, not`],
        ["that of an export", (bag) => `case file ${exported.name} of portal ${portalOf(bag)}, exported 2026-11-23`],
      ] as [string, (bag: string) => string][]
    ).map(([what, comment]): [string, (bag: string) => void, () => string, string, RegExp] => [
      `its comment is ${what}`,
      (bag) => approve(bag, second, comment(bag)),
      () => approverFile,
      "FAILS",
      /says something else: \S+\.approver\.minisig/,
    ]),
  ];
  for (const [what, spoil, approver, mark, words] of approvals)
    test(`${what}: ${mark}`, async () => {
      const bag = exported.unpack();
      spoil(bag);
      const file = approver();
      const given = { key: exported.key, ...(file === null ? {} : { approver: file }) };
      const said = await check(bag, given);
      const { mark: is, said: lines } = row(said, "approver");
      assert.equal(is, mark, said.out);
      assert.match(lines.join(" "), words);
      assert.equal(said.status, { none: 0, "?": 2, FAILS: 1 }[mark]);
      assert.deepEqual(script(bag, given), said);
    });
});
