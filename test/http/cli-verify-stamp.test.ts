/**
 * The row `stamp`: what is done to a time stamp, and that `tellhaven verify` and verify.sh catch it in the same words.
 * The authority is `openssl ts`.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { formatMinisignKey, minisign } from "../../crypto/minisign.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { makeTimestampQuery, parseTimestampQuery } from "../../crypto/timestamp-query.ts";
import { readStamp } from "../../server/cli/verify/stamp.ts";
import { exportCase, type ExportedCase } from "../support/case-file.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { makeAuthority, type Authority } from "../support/timestamp-authority.ts";
import { check, row, script, type Given, type Said } from "../support/verifying.ts";

const root = join(import.meta.dirname, "../..");
const [tags, query, answer, approval] = ["", ".tsq", ".tsr", ".approver.minisig"].map(
  (end) => `tagmanifest-sha256.txt${end}`,
) as [string, string, string, string];
const second = signKeyPair(seedFor("a second person"));

let exported: ExportedCase;
let authority: Authority;
let stranger: Authority;
let approverFile: string;

const sumOf = (bag: string): Uint8Array =>
  new Uint8Array(
    createHash("sha256")
      .update(readFileSync(join(bag, tags)))
      .digest(),
  );

function stamp(bag: string, by: Authority, question: Uint8Array = makeTimestampQuery(sumOf(bag))): void {
  writeFileSync(join(bag, query), question);
  writeFileSync(join(bag, answer), by.answer(question));
}

const flip = (path: string, at: number): void => {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  writeFileSync(path, bytes);
};

describe("a time stamp", requireJudge("minisign", "unzip", "jq", "dash", "busybox", "openssl"), () => {
  before(async () => {
    exported = await exportCase();
    authority = makeAuthority("Stamps");
    stranger = makeAuthority("Stamps");
    approverFile = join(exported.folder, "approver.pub");
    writeFileSync(approverFile, formatMinisignKey(second.publicKey));
  });
  after(() => {
    exported?.discard();
    authority?.discard();
    stranger?.discard();
  });

  const all = (): Required<Given> => ({ key: exported.key, authority: authority.root, approver: approverFile });

  test("holds beside an approval, with the time: command, function, two shells", async () => {
    const bag = exported.unpack();
    stamp(bag, authority);
    const { portalId } = JSON.parse(readFileSync(join(bag, "data/case.json"), "utf8")) as { portalId: string };
    const comment = `approved: case file of portal ${portalId}, 2026-11-24`;
    writeFileSync(join(bag, approval), minisign(readFileSync(join(bag, tags)), second, comment));
    const said = await check(bag, all());
    assert.equal(said.status, 0, said.out);
    const { mark, said: lines } = row(said, "stamp");
    const time = /^time: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(lines.join("\n"))?.[1];
    assert.equal(mark, "holds");
    assert.ok(Math.abs(Date.parse(time!) - Date.now()) < 120_000, lines.join("\n"));
    assert.deepEqual(row(said, "approver"), {
      mark: "holds",
      said: [`key: ${readFileSync(approverFile, "utf8").split("\n")[1]!}`, `signed comment: ${comment}`],
    });
    assert.deepEqual(script(bag, all()), said);
    assert.deepEqual(script(bag, all(), ["busybox", "sh"]), said);
    const { key, authority: pem, approver } = all();
    const args = ["server/cli/main.ts", "verify", bag, "--key", key, "--authority", pem, "--approver", approver];
    const command = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    assert.deepEqual([command.status, command.stdout, command.stderr], [0, said.out, ""]);
  });

  test("an authority's own certificate will do, and one with elliptic curves", async () => {
    const bag = exported.unpack();
    stamp(bag, authority);
    const own = { key: exported.key, authority: authority.own };
    const curves = makeAuthority("Curves", "ec");
    try {
      for (const given of [own, { key: exported.key, authority: curves.root }]) {
        if (given !== own) stamp(bag, curves);
        const said = await check(bag, given);
        assert.deepEqual([row(said, "stamp").mark, said.status], ["holds", 0], said.out);
        assert.deepEqual(script(bag, given), said);
      }
    } finally {
      curves.discard();
    }
  });

  /** What is done, what of the things to check by is given, the mark, a word of what is said. */
  const stamps: [what: string, spoil: (bag: string) => void, given: () => Given, mark: string, said: RegExp][] = [
    ["there is none", () => {}, () => ({}), "none", /^no time stamp/],
    ["there is none, and one was to be", () => {}, all, "FAILS", /^missing: \S+tsq missing: \S+tsr$/],
    ["nobody to trust is given", (bag) => stamp(bag, authority), () => ({}), "?", /give the authority's certificate/],
    [
      "the answer is missing",
      (bag) => (stamp(bag, authority), rmSync(join(bag, answer))),
      () => ({}),
      "FAILS",
      /^missing: \S+\.tsr$/,
    ],
    [
      "the question is missing",
      (bag) => (stamp(bag, authority), rmSync(join(bag, query))),
      all,
      "FAILS",
      /^missing: \S+\.tsq$/,
    ],
    ["another authority made it", (bag) => stamp(bag, stranger), all, "FAILS", /the authority .* did not make/],
    [
      "question and answer are of another file",
      (bag) => stamp(bag, authority, makeTimestampQuery(new Uint8Array(32))),
      all,
      "FAILS",
      /^says something else: \S+\.tsq$/,
    ],
    ...[all, () => ({})].map((given): [string, (bag: string) => void, () => Given, string, RegExp] => [
      `the answer is that of another file${given === all ? "" : ", and nobody to trust is given"}`,
      (bag) => {
        stamp(bag, authority);
        writeFileSync(join(bag, answer), authority.answer(makeTimestampQuery(new Uint8Array(32))));
      },
      given,
      "FAILS",
      /^says something else: \S+\.tsr$/,
    ]),
    [
      "the answer is to another question about this file",
      (bag) => {
        stamp(bag, authority);
        writeFileSync(join(bag, answer), authority.answer(makeTimestampQuery(sumOf(bag))));
      },
      () => ({}),
      "FAILS",
      /^says something else: \S+\.tsr$/,
    ],
    [
      "the authority said no",
      (bag) => (
        stamp(bag, authority),
        writeFileSync(join(bag, answer), authority.answer(readFileSync(join(bag, query)), true))
      ),
      all,
      "FAILS",
      /^says something else: \S+\.tsr$/,
    ],
    [
      "the authority said no, and there is a stamp all the same",
      (bag) => {
        stamp(bag, authority);
        const bytes = readFileSync(join(bag, answer));
        bytes.writeUInt8(2, bytes.indexOf(Buffer.from("3003020100", "hex")) + 4);
        writeFileSync(join(bag, answer), bytes);
      },
      () => ({}),
      "FAILS",
      /^says something else: \S+\.tsr$/,
    ],
    [
      "the signature is altered",
      (bag) => (stamp(bag, authority), flip(join(bag, answer), -1)),
      all,
      "FAILS",
      /the authority .* did not make/,
    ],
    [
      "the time is altered",
      (bag) => {
        stamp(bag, authority);
        const bytes = readFileSync(join(bag, answer));
        // GeneralizedTime of 15 letters: a century later.
        bytes.write("21", bytes.indexOf(Buffer.from([0x18, 15])) + 2);
        writeFileSync(join(bag, answer), bytes);
      },
      all,
      "FAILS",
      /the authority .* did not make/,
    ],
    [
      "the answer has a byte more",
      (bag) => (stamp(bag, authority), appendFileSync(join(bag, answer), "x")),
      all,
      "FAILS",
      /^says something else: \S+\.tsr$/,
    ],
    [
      "the answer is none",
      (bag) => (stamp(bag, authority), writeFileSync(join(bag, answer), "granted")),
      () => ({}),
      "FAILS",
      /^says something else: \S+\.tsr$/,
    ],
    [
      "the question's number is altered",
      (bag) => (stamp(bag, authority), flip(join(bag, query), 62)),
      all,
      "FAILS",
      /^says something else: \S+\.tsr$/,
    ],
    [
      "the question has a byte more",
      (bag) => (stamp(bag, authority), appendFileSync(join(bag, query), "x")),
      all,
      "FAILS",
      /^says something else: \S+\.tsq$/,
    ],
    [
      "the list of lists is another since",
      (bag) => (stamp(bag, authority), appendFileSync(join(bag, tags), "\n")),
      () => ({}),
      "FAILS",
      /^says something else: \S+\.tsq$/,
    ],
  ];
  for (const [what, spoil, given, mark, words] of stamps)
    test(`${what}: ${mark}`, async () => {
      const bag = exported.unpack();
      spoil(bag);
      const trusted = { key: exported.key, ...given() };
      delete (trusted as Given).approver;
      const said = await check(bag, trusted);
      const { mark: is, said: lines } = row(said, "stamp");
      assert.equal(is, mark, said.out);
      assert.match(lines.join(" "), words);
      assert.equal(said.status, { none: 0, "?": 2, FAILS: 1 }[mark]);
      assert.deepEqual(script(bag, trusted), said);
    });

  const hour = 3600_000;
  /** GeneralizedTime. */
  const written = (time: Date): string => time.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  for (const [what, by, named, later, mark] of [
    ["as the authority would", "own", true, 0, "holds"],
    ["without naming its certificate", "own", false, 0, "FAILS"],
    ["with a certificate of the same house that is for mail as well", "mail", true, 0, "FAILS"],
    ["with a time before its certificate's", "own", true, -hour, "FAILS"],
    ["with the last time for which its certificate is good", "own", true, 30 * 24 * hour - hour, "holds"],
    ["with a time at which its certificate had run out", "own", true, 30 * 24 * hour + hour, "FAILS"],
  ] as const)
    for (const trusted of ["root", "own"] as const)
      test(`signed by hand, ${what}: ${mark} by the ${trusted} certificate`, async () => {
        const bag = exported.unpack();
        stamp(bag, authority);
        const asked = parseTimestampQuery(readFileSync(join(bag, query)));
        const { signed, info } = readStamp(asked, readFileSync(join(bag, answer)))!;
        const content = Buffer.from(signed.encapContentInfo.eContent!.getValue());
        const time = written(new Date(info.genTime.getTime() + later));
        content.write(time, content.indexOf(written(info.genTime)), "latin1");
        writeFileSync(join(bag, answer), authority.signBy(content, by, named));
        const given = { key: exported.key, authority: authority[trusted] };
        const said = await check(bag, given);
        assert.equal(row(said, "stamp").mark, mark, said.out);
        assert.deepEqual(script(bag, given), said);
      });

  test("verify.sh says which program a time stamp takes, and asks for none where there is no time stamp", () => {
    const bag = exported.unpack();
    const programs = join(exported.folder, "few-programs");
    mkdirSync(programs);
    const needed = "awk cat cmp cut dash dirname find jq ls minisign od printf sed sha256sum sort tail tr uniq wc";
    for (const name of needed.split(" "))
      symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(programs, name));
    const ask = (): Said => {
      const env = { PATH: programs };
      const args = [join(bag, "verify.sh"), exported.key, "-", "-"];
      const { status, stdout } = spawnSync("dash", args, { cwd: bag, encoding: "utf8", env });
      return { status, out: stdout };
    };
    assert.equal(ask().status, 0);
    stamp(bag, authority);
    const said = ask();
    assert.deepEqual([said.status, row(said, "stamp").mark], [2, "?"]);
    assert.match(row(said, "stamp").said.join(" "), /program is missing: openssl/);
  });

  for (const [what, given] of [
    ["a certificate that is none", () => ({ authority: exported.key })],
    ["a certificate that is not there", () => ({ authority: "/nonexistent" })],
    ["a second key that is none", () => ({ approver: authority.root })],
  ] as [string, () => Given][])
    test(`${what} is said in words, by both`, () => {
      const bag = exported.unpack();
      const trusted = given();
      const [option, path] = Object.entries(trusted)[0] as [string, string];
      const args = ["server/cli/main.ts", "verify", bag, "--key", exported.key, `--${option}`, path];
      const command = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
      assert.deepEqual([command.status, command.stdout], [2, ""]);
      const words = option === "authority" ? /no certificate of a time-stamping/ : /public key of whoever approved/;
      assert.match(command.stderr, words);
      const list = [join(bag, "verify.sh"), exported.key, trusted.authority ?? "-", trusted.approver ?? "-"];
      const shell = spawnSync("dash", list, { cwd: bag, encoding: "utf8" });
      assert.deepEqual([shell.status, shell.stdout], [2, ""]);
      assert.match(shell.stderr, words);
    });
});
