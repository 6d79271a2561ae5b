/**
 * Files that one program reads in more ways than another: signatures, keys and case.json. `tellhaven verify` and
 * verify.sh must take the same ones, and say the same, also of what the holder of the key signed in an odd spelling.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PortalError } from "../../crypto/errors.ts";
import { formatMinisignKey, minisign } from "../../crypto/minisign.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { exportCase, signAgain, type ExportedCase } from "../support/case-file.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { check, row, script, type Given, type Said } from "../support/verifying.ts";

const tags = "tagmanifest-sha256.txt";
const list = "manifest-sha256.txt";
const approval = `${tags}.approver.minisig`;
const second = signKeyPair(seedFor("a second person"));

let exported: ExportedCase;
let approver: string;
let comment: string;
before(async () => {
  exported = await exportCase({ log: true });
  approver = join(exported.folder, "approver.pub");
  writeFileSync(approver, formatMinisignKey(second.publicKey));
  const { portalId } = JSON.parse(readFileSync(join(exported.unpack(), "data/case.json"), "utf8")) as {
    portalId: string;
  };
  comment = `approved: case file of portal ${portalId}, 2026-11-24`;
});
after(() => exported.discard());

type Change = (was: string) => string;
/** One byte a letter. */
function change(path: string, how: Change): void {
  writeFileSync(path, how(readFileSync(path, "latin1")), "latin1");
}
const fails = ({ out }: Said): string => [...out.matchAll(/^FAILS +(\w+)/gm)].map(([, id]) => id).join(" ");

/** What both say; to a key that is refused, nothing. */
async function allSay(bag: string, given: Given): Promise<Said> {
  const said = await check(bag, given).catch((error: unknown): Said => {
    assert.ok(error instanceof PortalError && error.code === "format");
    return { status: 2, out: "" };
  });
  if (said.status !== 2) assert.deepEqual(script(bag, given), said);
  else assert.deepEqual(refused(bag, given), said);
  return said;
}

function refused(bag: string, { key = "-", approver: by = "-" }: Given): Said {
  const args = [join(bag, "verify.sh"), key, "-", by];
  const { status, stdout } = spawnSync("dash", args, { cwd: bag, encoding: "utf8" });
  return { status, out: stdout };
}

const firstLine =
  (line: string): Change =>
  (was) =>
    was.replace(/.*/, `untrusted comment: ${line}`);
const letters = (bytes: number): Change => {
  const rest = (was: string): number => was.length - was.indexOf("\n");
  return (was) => firstLine("x".repeat(bytes - rest(was) - "untrusted comment: ".length))(was);
};
const line = (number: number, how: Change): Change => {
  return (was) =>
    was
      .split("\n")
      .map((each, i) => (i === number - 1 ? how(each) : each))
      .join("\n");
};
/** The last letter before the padding has bits that say nothing. */
const idleBit: Change = (was) => was.replace(/.(?==+$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1));

const signatures: [what: string, how: Change, holds: boolean][] = [
  ["with another untrusted comment", firstLine("~ me, @home !"), true],
  ["of 1,024 bytes", letters(1024), true],
  ["of 1,025 bytes", letters(1025), false],
  ["with an untrusted comment of 2,000 letters", firstLine("x".repeat(2000)), false],
  ["with CRLF", (was) => was.replaceAll("\n", "\r\n"), false],
  ["with CR behind the untrusted comment", line(1, (was) => `${was}\r`), false],
  ["with CR behind the signature", line(2, (was) => `${was}\r`), false],
  ["with CR behind the trusted comment", line(3, (was) => `${was}\r`), false],
  ["with CR behind the last line", line(4, (was) => `${was}\r`), false],
  ["with CR within the untrusted comment", firstLine("a\rb"), false],
  ["with a byte that is not UTF-8", firstLine("caf\xe9"), false],
  ["with a letter that is not ASCII", firstLine("caf\xc3\xa9"), false],
  ["with a NUL", firstLine("a\0b"), false],
  ["with a NUL for a line's end", (was) => was.replace("\n", "\0"), false],
  ["with a tab", firstLine("a\tb"), false],
  ["with DEL", firstLine("a\x7fb"), false],
  ["with a BOM", (was) => `\xef\xbb\xbf${was}`, false],
  ["without its last line's end", (was) => was.slice(0, -1), false],
  ["with an empty line more", (was) => `${was}\n`, false],
  ["with half a line more", (was) => `${was}x`, false],
  ["with half a line more, and a line less", (was) => `${was.replace("\n", " ")}x`, false],
  ["with no space before the untrusted comment", line(1, () => "untrusted comment:x"), false],
  ["with a space behind the signature", line(2, (was) => `${was} `), false],
  ["with an idle bit in the signature", line(2, idleBit), false],
  ["with an idle bit in the last line", line(4, idleBit), false],
  ["without padding", line(4, (was) => was.replace("==", "")), false],
  ["with a space behind the trusted comment", line(3, (was) => `${was} `), false],
  ["said to be of the bytes themselves", line(2, (was) => was.replace(/^RUR|^RU/, "RW")), false],
  ["with another key's id", line(2, (was) => `${was.slice(0, 5)}${was[5] === "A" ? "B" : "A"}${was.slice(6)}`), false],
];

describe("a signature", requireJudge("minisign", "unzip", "jq", "dash", "busybox"), () => {
  for (const [what, how, holds] of signatures)
    test(`${what}: ${holds ? "holds" : "FAILS"}, counsel's and the approver's`, async () => {
      const bag = exported.unpack();
      const [by, approved] = [join(bag, `${tags}.minisig`), join(bag, approval)];
      writeFileSync(approved, minisign(readFileSync(join(bag, tags)), second, comment));
      for (const path of [by, approved]) change(path, how);
      const said = await allSay(bag, { key: exported.key, approver });
      assert.deepEqual([fails(said), said.status], holds ? ["", 0] : ["signature approver", 1], said.out);
    });
});

const begin = (was: string): string => was.split("\n")[0]!;
const keyIn = (was: string): string => was.split("\n")[1]!;
const keys: [what: string, how: Change, taken: boolean][] = [
  ["as it is", (was) => was, true],
  ["with another comment", firstLine("Carl's key"), true],
  ["with no comment", (was) => `untrusted comment:\n${keyIn(was)}\n`, true],
  ["with a comment that is not ASCII", firstLine("caf\xc3\xa9"), true],
  ["with a comment that is not UTF-8", firstLine("caf\xe9"), true],
  ["with CRLF", (was) => was.replaceAll("\n", "\r\n"), true],
  ["without its last line's end", (was) => was.slice(0, -1), true],
  ["of 1,024 bytes", letters(1024), true],
  ["of 1,025 bytes", letters(1025), false],
  ["with a third line", (was) => `${was}more\n`, false],
  ["with an empty line more", (was) => `${was}\n`, false],
  ["with the key twice", (was) => `${was}${keyIn(was)}\n`, false],
  ["after an empty line", (was) => `\n${was}`, false],
  ["with a BOM", (was) => `\xef\xbb\xbf${was}`, false],
  ["with a NUL in the comment", firstLine("a\0b"), false],
  ["with a NUL for a line's end", (was) => was.replace("\n", "\0"), false],
  ["with a tab in the comment", firstLine("a\tb"), false],
  ["with CR within the comment", firstLine("a\rb"), false],
  ["with a space behind the key", (was) => `${begin(was)}\n${keyIn(was)} \n`, false],
  ["cut short", (was) => was.slice(0, -3), false],
  ["one letter longer", (was) => `${was.trimEnd()}A\n`, false],
  ["without a comment's line", (was) => `${keyIn(was)}\n`, false],
  ["without a key's line", (was) => `${begin(was)}\n`, false],
  ["of another kind", line(2, (was) => was.replace("RW", "RU")), false],
  ["that is empty", () => "", false],
];

describe("a key", requireJudge("minisign", "unzip", "jq", "dash", "busybox"), () => {
  for (const [what, how, taken] of keys)
    test(`${what}: ${taken ? "taken" : "refused"}, counsel's and the approver's`, async () => {
      const bag = exported.unpack();
      writeFileSync(join(bag, approval), minisign(readFileSync(join(bag, tags)), second, comment));
      const odd = (from: string): string => {
        const path = from.replace(".pub", "-odd.pub");
        copyFileSync(from, path);
        change(path, how);
        return path;
      };
      for (const given of [
        { key: odd(exported.key), approver },
        { key: exported.key, approver: odd(approver) },
      ])
        assert.equal((await allSay(bag, given)).status, taken ? 0 : 2);
    });

  test("that minisign made is taken, and what it signed holds", async () => {
    const bag = exported.unpack();
    const [pub, secret] = [join(exported.folder, "stock.pub"), join(exported.folder, "stock.key")];
    execFileSync("minisign", ["-GWf", "-p", pub, "-s", secret]);
    const signature = join(bag, `${tags}.minisig`);
    const said = /^trusted comment: (.*)$/m.exec(readFileSync(signature, "latin1"))![1]!;
    const sign = (...how: string[]): void => {
      rmSync(signature);
      execFileSync("minisign", [...how, "-s", secret, "-m", tags, "-t", said], { cwd: bag });
    };
    sign("-SH");
    const held = await allSay(bag, { key: pub });
    assert.deepEqual([held.status, row(held, "signature").said], [0, [`key: ${keyIn(readFileSync(pub, "utf8"))}`]]);
    assert.equal((await allSay(bag, { key: exported.key })).status, 1);
    // The old way, of the bytes and not of their hash.
    sign("-Sl");
    assert.deepEqual(fails(await allSay(bag, { key: pub })), "signature");
  });

  test("under another id is still the same person's", async () => {
    const bag = exported.unpack();
    const other = join(exported.folder, "other-id.pub");
    const withId: Change = (was) => `${was.slice(0, 4)}AAAAAAAA${was.slice(12)}`;
    writeFileSync(other, line(2, withId)(formatMinisignKey(exported.secret.publicKey)));
    const signature = minisign(readFileSync(join(bag, tags)), exported.secret, comment);
    writeFileSync(join(bag, approval), line(2, withId)(signature));
    const said = await allSay(bag, { key: exported.key, approver: other });
    assert.equal(fails(said), "approver", said.out);
    assert.match(row(said, "approver").said.join(" "), /no second person's/);
  });
});

const indented = (was: string, by: number): string => `${JSON.stringify(JSON.parse(was), null, by)}\n`;
const deep = (depth: number): string => {
  const opened = Array.from({ length: depth }, (_, i) => `${"  ".repeat(i + 1)}${i === 0 ? '"deep": ' : ""}[\n`).join(
    "",
  );
  return `${opened}${Array.from({ length: depth }, (_, i) => `${"  ".repeat(depth - i)}]`).join("\n")},\n`;
};
/** A value of a field more, before the others. */
const also = (value: string): Change => {
  return (was) => was.replace("{\n", `{\n  "also": ${value},\n`);
};

/** Done by who can sign. */
const documents: [what: string, how: Change, holds: boolean][] = [
  [
    "with letters of all lengths",
    also('"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xed\x9f\xbf \xee\x80\x80 \x7f"'),
    true,
  ],
  [
    "with the last letters of each length",
    also('"\xdf\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf\xe0\xa0\x80\xf0\x90\x80\x80"'),
    true,
  ],
  ["with escapes", also(String.raw`"\"\\\b\f\n\r\t\/\u0000\ud83d"`), true],
  ["with numbers", also("[\n    0,\n    -1,\n    10,\n    1.5,\n    2e+30\n  ]"), true],
  ["with what is empty, and words", also('[\n    [],\n    {},\n    "",\n    true,\n    false,\n    null\n  ]'), true],
  ["with a field of an odd name", (was) => was.replace("{\n", '{\n  "a\\"b: c": 1,\n'), true],
  ["with 30 lists in each other", (was) => was.replace("{\n", `{\n${deep(30)}`), true],
  ["with 300 lists in each other", (was) => was.replace("{\n", `{\n${deep(300)}`), false],
  ["with a BOM", (was) => `\xef\xbb\xbf${was}`, false],
  ["with a second document", (was) => `${was}{"x":1}\n`, false],
  ["with the same again", (was) => `${was}${was}`, false],
  ["with a second document on its last line", (was) => `${was.trimEnd()}{}\n`, false],
  ["of two that are set in", (was) => was.replace("{\n", '{\n    "x": 1\n  }\n  {\n'), false],
  ["with a byte that is not UTF-8", also('"e\xff"'), false],
  ["with a letter cut off", also('"e\xe2\x82"'), false],
  ["with a letter cut off at a line's end", (was) => was.replace(",\n", ",\xc3\n\xa9"), false],
  ["with a letter that begins in its midst", also('"\x80"'), false],
  ["with a letter spelled too long", also('"\xc0\xaf \xe0\x80\xaf"'), false],
  ["with three bytes for what needs two", also('"\xe0\x9f\xbf"'), false],
  ["with four bytes for what needs three", also('"\xf0\x8f\xbf\xbf"'), false],
  ["with half of a pair in UTF-8", also('"\xed\xa0\x80"'), false],
  ["with a letter beyond Unicode", also('"\xf4\x90\x80\x80"'), false],
  ["with a NUL", also('"a\0b"'), false],
  ["with a tab in a text", also('"a\tb"'), false],
  ["with a line's end in a text", also('"a\nb"'), false],
  ["with CRLF", (was) => was.replaceAll("\n", "\r\n"), false],
  ["without its last line's end", (was) => was.slice(0, -1), false],
  ["on one line", (was) => indented(was, 0), false],
  ["set in by four", (was) => indented(was, 4), false],
  ["with what is no number", also("nan"), false],
  ["with a number that begins with 0", also("01"), false],
  ["with a number that begins with a dot", also(".5"), false],
  ["with a number that ends with a dot", also("1."), false],
  ["with an escape that is none", also(String.raw`"\x"`), false],
  ["with quotes of another kind", also("'x'"), false],
  ["with a comment", (was) => was.replace("{\n", "{\n  # x\n"), false],
  ["with a comma too many", (was) => was.replace(/\n\}\n$/, ",\n}\n"), false],
  ["with a comma too few", (was) => was.replace(",\n", "\n"), false],
  ["with a field without a value", (was) => was.replace("{\n", '{\n  "also",\n'), false],
  ["with a bracket of the other kind", also("[\n    1\n  }"), false],
  ["that ends early", (was) => `${was.slice(0, was.indexOf('  "cases"'))}}\n`, false],
  ["that is a list", (was) => `[\n${was}]\n`, false],
  ["with a NUL in the case's name", (was) => was.replace(/("case": ")/, "$1\\u0000"), false],
  ["that is empty", () => "", false],
];

describe("case.json", requireJudge("minisign", "unzip", "jq", "dash", "busybox"), () => {
  for (const [what, how, holds] of documents)
    test(`${what}: ${holds ? "holds" : "FAILS"}`, async () => {
      const bag = exported.unpack();
      const path = join(bag, "data/case.json");
      const length = readFileSync(path).length;
      change(path, how);
      const bytes = readFileSync(path);
      const sum = createHash("sha256").update(bytes).digest("hex");
      change(join(bag, list), (was) => was.replace(/^\S+(?=  data\/case\.json$)/m, sum));
      const more = bytes.length - length;
      change(join(bag, "bag-info.txt"), (was) =>
        was.replace(/(?<=Payload-Oxum: )\d+/, (told) => String(Number(told) + more)),
      );
      signAgain(bag, exported.secret);
      const said = await allSay(bag, { key: exported.key });
      // Of a name with a NUL the portal is still known.
      const expected = what.includes("NUL in the case's name") ? "comment" : "comment log";
      assert.deepEqual([fails(said), said.status], holds ? ["", 0] : [expected, 1], said.out);
    });
  test("that is not there: FAILS", async () => {
    const bag = exported.unpack();
    rmSync(join(bag, "data/case.json"));
    change(join(bag, list), (was) => was.replace(/^.* {2}data\/case\.json\n/m, ""));
    signAgain(bag, exported.secret);
    assert.equal(fails(await allSay(bag, { key: exported.key })), "oxum comment log");
  });
});
