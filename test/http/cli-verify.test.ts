/**
 * The tamper table: what is done to a case file, by which check `tellhaven verify` and verify.sh catch it, and what
 * plain sha256sum and minisign say of it. The two must say the same, word for word.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { formatMinisignKey, minisign, parseMinisignKey } from "../../crypto/minisign.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { exits, tellAll } from "../../server/cli/verify.ts";
import { openBag } from "../../server/cli/verify/bag.ts";
import { exportCase, signAgain, type ExportedCase } from "../support/case-file.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";

const root = join(import.meta.dirname, "../..");
let exported: ExportedCase;
before(async () => {
  exported = await exportCase();
});
after(() => exported.discard());

interface Said {
  status: number | null;
  out: string;
  err: string;
}
const run = (program: string, args: string[], cwd: string, env = process.env): Said => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8", timeout: 60_000 });
  return { status, out: stdout, err: stderr };
};
const tellhaven = (...args: string[]): Said =>
  run(process.execPath, [join(root, "server/cli/main.ts"), "verify", ...args], root);
const script = (shell: string[], bag: string, ...args: string[]): Said =>
  run(shell[0]!, [...shell.slice(1), join(bag, "verify.sh"), ...args], bag);

/** As the command does, in this process. */
async function check(path: string): Promise<Said> {
  const lines: string[] = [];
  const bag = (await openBag(path))!;
  const trusted = { key: parseMinisignKey(readFileSync(exported.key)), authority: null, approver: null };
  const verdict = await tellAll(bag, trusted, (line) => lines.push(`${line}\n`));
  await bag.close();
  return { status: exits[verdict], out: lines.join(""), err: "" };
}

/** Ids of the rows with this mark. */
const rows = ({ out }: Said, mark: string): string[] =>
  [...out.matchAll(/^(holds|FAILS|none|\?) +(\w+) {2}/gm)].flatMap(([, is, id]) => (is === mark ? [id!] : []));

/** Which of the three commands in VERIFY.md ends with an error. */
function judged(bag: string): string {
  return [
    ["minisign", "minisign", "-Vm", "tagmanifest-sha256.txt", "-p", exported.key],
    ["tags", "sha256sum", "-c", "--strict", "tagmanifest-sha256.txt"],
    ["payload", "sha256sum", "-c", "--strict", "manifest-sha256.txt"],
  ]
    .filter(([, program, ...args]) => run(program!, args, bag).status !== 0)
    .map(([name]) => name)
    .join(" ");
}

const stranger = signKeyPair(seedFor("a stranger"));
const list = "manifest-sha256.txt";
const tags = "tagmanifest-sha256.txt";
const text = (bag: string, path: string, change: (text: string) => string): void =>
  writeFileSync(join(bag, path), change(readFileSync(join(bag, path), "latin1")), "latin1");
const photo = "data/native/TH000002.jpg";
const sum = "0".repeat(64);
/** Done to a list by somebody who can sign: only then its own rules matter. */
const signed = (path: string, change: (text: string) => string) => (bag: string) => {
  text(bag, path, change);
  signAgain(bag, exported.secret);
};
const upper = (path: string): string => path.replace("TH000002", "Th000002");
const lineOf = (text: string, path: string): string => text.split("\n").find((each) => each.endsWith(`  ${path}`))!;

/** What is done; the rows that fail; what the plain commands notice, "" nothing. */
const damages: [what: string, spoil: (bag: string) => void, fails: string, plain: string][] = [
  ["a text is altered", (bag) => appendFileSync(join(bag, "data/case.json"), " "), "payload oxum", "payload"],
  [
    "a file is altered, its length kept",
    (bag) => text(bag, photo, (was) => was.replace("a", "b")),
    "payload",
    "payload",
  ],
  ["a file is added", (bag) => writeFileSync(join(bag, "data/more.txt"), "x"), "extra oxum", ""],
  ["a file is added beside data/", (bag) => writeFileSync(join(bag, "counsel.pub"), "x"), "extra", ""],
  ["a hidden file is added", (bag) => writeFileSync(join(bag, ".DS_Store"), "x"), "extra", ""],
  ["a file is removed", (bag) => rmSync(join(bag, photo)), "payload oxum", "payload"],
  ["a file is renamed", (bag) => renameSync(join(bag, photo), join(bag, "data/x.jpg")), "payload extra", "payload"],
  [
    "two files change places",
    (bag) => {
      renameSync(join(bag, photo), join(bag, "x"));
      renameSync(join(bag, "data/native/TH000003.txt"), join(bag, photo));
      renameSync(join(bag, "x"), join(bag, "data/native/TH000003.txt"));
    },
    "payload",
    "payload",
  ],
  ["VERIFY.md is altered", (bag) => appendFileSync(join(bag, "VERIFY.md"), "x"), "tags", "tags"],
  ["VERIFY.md is removed", (bag) => rmSync(join(bag, "VERIFY.md")), "tags", "tags"],
  ["bagit.txt is altered", (bag) => text(bag, "bagit.txt", (was) => was.replace("1.0", "0.97")), "bagit tags", "tags"],
  ["bagit.txt is removed", (bag) => rmSync(join(bag, "bagit.txt")), "bagit tags", "tags"],
  [
    "Payload-Oxum is altered",
    (bag) => text(bag, "bag-info.txt", (was) => was.replace(/Oxum: /, "Oxum: 1")),
    "tags oxum",
    "tags",
  ],
  ["bag-info.txt is removed", (bag) => rmSync(join(bag, "bag-info.txt")), "tags oxum", "tags"],
  ["the list of files is removed", (bag) => rmSync(join(bag, list)), "tags list", "tags payload"],
  ["the list of lists is removed", (bag) => rmSync(join(bag, tags)), "signature taglist", "minisign tags"],
  ["the signature is removed", (bag) => rmSync(join(bag, `${tags}.minisig`)), "signature", "minisign"],
  [
    "the signature is another's",
    (bag) => writeFileSync(join(bag, `${tags}.minisig`), minisign(readFileSync(join(bag, tags)), stranger, "x")),
    "signature",
    "minisign",
  ],
  [
    "all is made anew and signed by a stranger",
    (bag) => {
      text(bag, photo, () => "another picture");
      execFileSync("sh", ["-c", `sha256sum $(cut -c 67- ${list}) > l && mv l ${list}`], { cwd: bag });
      signAgain(bag, stranger);
    },
    "signature oxum",
    "minisign",
  ],
  [
    "the signature is that of another file",
    (bag) => writeFileSync(join(bag, `${tags}.minisig`), minisign(Buffer.from("x"), exported.secret, "x")),
    "signature",
    "minisign",
  ],
  [
    "the signed comment is altered",
    (bag) => text(bag, `${tags}.minisig`, (was) => was.replace("2026-11-23", "2026-11-24")),
    "signature",
    "minisign",
  ],
  ["the signature has a line more", (bag) => appendFileSync(join(bag, `${tags}.minisig`), "x\n"), "signature", ""],
  [
    "the signed comment is of another case",
    (bag) => signAgain(bag, exported.secret, "case file calm-lake-0001 of portal 00, exported 2026-11-23"),
    "comment",
    "",
  ],
  [
    "bag-info.txt is of another day",
    signed("bag-info.txt", (was) => was.replace("2026-11-23", "2026-11-24")),
    "comment",
    "",
  ],
  ["the list of files is empty", signed(list, () => ""), "list", "payload"],
  ["the list of lists is empty", signed(tags, () => ""), "taglist", "tags"],
  [
    "the list of lists leaves the list of files out",
    signed(tags, (was) => was.replace(/^.* manifest-.*\n/m, "")),
    "taglist",
    "",
  ],
  ["lines end with CRLF", signed(list, (was) => was.replaceAll("\n", "\r\n")), "list", ""],
  ["the last line does not end", signed(list, (was) => was.trimEnd()), "list", ""],
  ["a path is absolute", signed(list, (was) => `${was}${sum}  /etc/passwd\n`), "list", "payload"],
  ["a path goes up", signed(list, (was) => `${was}${sum}  data/../../x\n`), "list", "payload"],
  ["a path goes up and comes back", signed(list, (was) => was.replace("  data/", "  data/../data/")), "list", ""],
  ["a line stands twice", signed(list, (was) => `${was}${lineOf(was, photo)}\n`), "list", ""],
  [
    "a line stands twice, the second time with other capitals",
    signed(list, (was) => `${was}${upper(lineOf(was, photo))}\n`),
    "list",
    "payload",
  ],
  ["the list names itself", signed(list, (was) => `${was}${sum}  ${list}\n`), "list", "payload"],
  ["the list of lists names itself", signed(tags, (was) => `${was}${sum}  ${tags}\n`), "taglist", "tags"],
  ["the list of lists names a file of the case", signed(tags, (was) => `${was}${sum}  ${photo}\n`), "taglist", ""],
  ["sums are in capitals", signed(list, (was) => was.replace(/^\S+/, (hex) => hex.toUpperCase())), "list", ""],
  ["a name is escaped", signed(list, (was) => `\\${was}`), "list", ""],
  ["a line has a NUL", signed(list, (was) => was.replace("\n", "\0\n")), "list", ""],
  [
    "a file is a symbolic link to the same bytes",
    (bag) => {
      renameSync(join(bag, photo), join(exported.folder, "photo"));
      symlinkSync(join(exported.folder, "photo"), join(bag, photo));
    },
    "files",
    "",
  ],
  ["data/ has a link to a folder", (bag) => symlinkSync("/etc", join(bag, "data/etc")), "files", ""],
  [
    "a file is a pipe",
    (bag) => {
      rmSync(join(bag, photo));
      execFileSync("mkfifo", [join(bag, photo)]);
    },
    "files",
    "hangs",
  ],
  ["a name has other letters", (bag) => writeFileSync(join(bag, "data/é\u001b[31m.txt"), ""), "files", ""],
  ["a name begins with a dash", (bag) => writeFileSync(join(bag, "data/-rf"), ""), "files", ""],
  ["two names differ in capitals", (bag) => copyFileSync(join(bag, photo), join(bag, upper(photo))), "files", ""],
];

describe("a case file", requireJudge("minisign", "unzip", "jq", "dash", "busybox"), () => {
  test("holds: as a folder, as a ZIP, in two shells, to the tools by themselves", () => {
    const bag = exported.unpack();
    const expected = tellhaven(bag, "--key", exported.key);
    assert.deepEqual([expected.status, expected.err], [0, ""], expected.out);
    assert.equal(rows(expected, "holds").length, 10);
    assert.deepEqual(rows(expected, "none"), ["stamp", "approver", "log"]);
    assert.deepEqual(tellhaven(exported.zip, "--key", exported.key), expected);
    assert.deepEqual(script(["dash"], bag, exported.key), expected);
    assert.deepEqual(script(["busybox", "sh"], bag, exported.key), expected);
    assert.equal(judged(bag), "");
    assert.ok(expected.out.includes(readFileSync(exported.key, "utf8").split("\n")[1]!), "the key is shown");
  });

  test("with a key beside the folder, from another folder, with a space in its name", () => {
    const bag = exported.unpack();
    mkdirSync(join(exported.folder, "a b"));
    const moved = join(exported.folder, "a b", "it's a case");
    renameSync(bag, moved);
    copyFileSync(exported.key, join(exported.folder, "a b", "counsel.pub"));
    assert.equal(run("dash", ["it's a case/verify.sh", "counsel.pub"], join(moved, "..")).status, 0);
    assert.equal(run("dash", ["verify.sh", "../counsel.pub"], moved).status, 0);
  });

  test("of which a file cannot be read does not hold", () => {
    const bag = exported.unpack();
    writeFileSync(
      join(bag, photo),
      readFileSync(join(bag, photo)).map((byte) => byte ^ 1),
    );
    chmodSync(join(bag, photo), 0o000);
    // Root reads everything.
    const isRoot = process.getuid?.() === 0;
    for (const path of [join(bag, ".."), exported.key]) chmodSync(path, 0o755);
    for (let path = bag; path !== tmpdir() && path !== "/"; path = join(path, "..")) chmodSync(path, 0o755);
    const as = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const said = spawnSync("dash", ["verify.sh", exported.key], { cwd: bag, encoding: "utf8", ...as });
    chmodSync(join(bag, photo), 0o644);
    assert.deepEqual([said.status, rows({ out: said.stdout, status: 1, err: "" }, "FAILS")], [1, ["payload"]]);
  });

  test("without a key: who signed is unknown, and so the code is not 0", () => {
    const bag = exported.unpack();
    const said = tellhaven(bag);
    assert.equal(said.status, 2);
    assert.deepEqual([rows(said, "FAILS"), rows(said, "?")], [[], ["signature", "comment"]]);
    assert.match(said.out, /the signature could be by anybody/);
    assert.deepEqual(script(["dash"], bag), said);
  });

  test("with the key of somebody else", () => {
    const other = join(exported.folder, "other.pub");
    writeFileSync(other, formatMinisignKey(stranger.publicKey));
    const bag = exported.unpack();
    const said = tellhaven(bag, "--key", other);
    assert.deepEqual([said.status, rows(said, "FAILS")], [1, ["signature"]]);
    assert.deepEqual(script(["dash"], bag, other), said);
  });

  for (const [what, spoil, fails, plain] of damages)
    test(`${what}: ${fails}`, async () => {
      const bag = exported.unpack();
      spoil(bag);
      const said = await check(bag);
      assert.deepEqual([rows(said, "FAILS").join(" "), said.status], [fails, 1], said.out);
      assert.ok(!/[^\n -~]/.test(said.out), "nothing that steers a terminal");
      assert.deepEqual(script(["dash"], bag, exported.key), said);
      if (plain !== "hangs") assert.equal(judged(bag), plain, "what the plain commands notice");
    });

  test("a name has a line break: files", async () => {
    const bag = exported.unpack();
    writeFileSync(join(bag, "data/a\nb"), "");
    // To a shell these are two lines.
    for (const said of [await check(bag), script(["dash"], bag, exported.key)])
      assert.deepEqual([rows(said, "FAILS"), said.status], [["files"], 1]);
  });

  test("a gigabyte is checked in the memory of a few pieces", () => {
    const bag = exported.unpack();
    const large = "data/native/large.bin";
    writeFileSync(join(bag, large), "");
    // A hole: the disk keeps nothing of the zeros.
    truncateSync(join(bag, large), 2 ** 30);
    appendFileSync(join(bag, list), execFileSync("sha256sum", [large], { cwd: bag }));
    const ran = run(process.execPath, [join(root, "test/support/verify-memory-child.ts"), bag], root);
    const { holds, megabytes } = JSON.parse(ran.out || ran.err) as { holds: string[]; megabytes: number };
    assert.ok(holds.includes("payload"));
    assert.ok(megabytes < 400, `${megabytes} MB`);
  });

  test("verify.sh says which program is missing", () => {
    const bag = exported.unpack();
    const programs = join(exported.folder, "programs");
    mkdirSync(programs);
    const needed = "awk cat cmp cut dash dirname find ls printf sed sha256sum sort tail tr uniq wc".split(" ");
    for (const name of needed)
      symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(programs, name));
    const said = run("dash", ["verify.sh", exported.key], bag, { PATH: programs });
    assert.deepEqual([rows(said, "FAILS"), rows(said, "?"), said.status], [[], ["signature", "comment"], 2], said.out);
    assert.match(said.out, /program is missing: minisign/);
    rmSync(join(programs, "sha256sum"));
    const less = run("dash", ["verify.sh", exported.key], bag, { PATH: programs });
    assert.deepEqual(rows(less, "?"), ["signature", "tags", "payload", "comment", "approver", "log"]);
    assert.match(less.out, /program is missing: sha256sum/);
  });
});

for (const [what, args, words] of [
  ["nothing there", ["/nonexistent"], /no folder and no ZIP here/],
  ["a folder that is no case file", [root], /no case file/],
  ["a key that is none", [root, "--key", join(root, "README.md")], /not the public key/],
  ["a key that is not there", [root, "--key", "/nonexistent"], /not the public key/],
] as const)
  test(`${what} is said in words`, () => {
    const said = tellhaven(...args);
    assert.deepEqual([said.status, said.out], [2, ""]);
    assert.match(said.err, words);
  });
