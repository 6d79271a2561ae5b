/**
 * The extract of the log in a case file: what counsel could do to it with the key that signs, and by which line
 * `tellhaven verify` and verify.sh notice. The two must say the same, word for word.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { toBase64 } from "../../crypto/bytes.ts";
import { openCheckpoint, signCheckpoint } from "../../crypto/checkpoint.ts";
import { extractName } from "../../crypto/log-extract.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { exportCase, signAgain, type ExportedCase } from "../support/case-file.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { onSmallDisk } from "../support/small-disk.ts";
import { check, row, script, type Said } from "../support/verifying.ts";

const path = extractName;
const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

let exported: ExportedCase;
before(async () => {
  exported = await exportCase({ log: true });
});
after(() => exported.discard());

interface Proof {
  index: number;
  blinding: string;
  path: string[];
}
/** A line of the extract, whichever it is. */
interface Line {
  [field: string]: unknown;
  portalId: string;
  logKey: string;
  checkpoint: string;
  envelopeHash: string;
  event: string;
  proof: Proof;
}

const stranger = signKeyPair(seedFor("a stranger"));

/** Puts these lines into the case file, chained anew, and signs as counsel could. */
function write(bag: string, lines: readonly (Line | string)[], chain = true): void {
  let last = "";
  const texts = lines.map((line) => {
    if (typeof line !== "string" && chain && last !== "") line["previous"] = sha256(last);
    last = typeof line === "string" ? line : JSON.stringify(line);
    return `${last}\n`;
  });
  writeFileSync(join(bag, path), texts.join(""));
  sign(bag);
}

/** Lists these files anew, and signs, as counsel could. */
function sign(bag: string): void {
  const list = join(bag, "manifest-sha256.txt");
  const sums = readFileSync(list, "utf8").replaceAll(/^[0-9a-f]{64} {2}(\S+)$/gm, (line, name: string) =>
    name === path || name === "data/case.json" ? `${sha256(readFileSync(join(bag, name)))}  ${name}` : line,
  );
  writeFileSync(list, sums);
  signAgain(bag, exported.secret);
}

const read = (bag: string): Line[] =>
  readFileSync(join(bag, path), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

async function both(bag: string): Promise<Said> {
  const said = await check(bag, { key: exported.key });
  assert.deepEqual(script(bag, { key: exported.key }), said);
  return said;
}

const other = (base64: string): string =>
  toBase64(Buffer.from(base64, "base64").map((byte, i) => (i === 5 ? byte ^ 1 : byte)));
const words = {
  line: "data/logs/audit.jsonl is not as the console writes it, in line",
  chain: "data/logs/audit.jsonl does not go on from the line before, in line",
  note: "a checkpoint that this log did not sign, in line",
  proof: "stands in no log that the checkpoint above it signs, line",
};

/** Lines: 1 the log, 2 a checkpoint, 3 the report, then what readers wrote. `faults`: word and line. */
const damages: [what: string, spoil: (lines: Line[]) => (Line | string)[] | void, faults: string[]][] = [
  ["another envelope", (lines) => void (lines[2]!.envelopeHash = "0".repeat(64)), ["proof 3"]],
  ["another event", (lines) => void (lines[2]!.event = "appended"), ["proof 3"]],
  ["another blinding", ({ 2: line }) => void (line!.proof.blinding = other(line!.proof.blinding)), ["proof 3"]],
  ["another place", ({ 2: line }) => void (line!.proof.index ^= 1), ["proof 3"]],
  ["a place behind the end", ({ 2: line }) => void (line!.proof.index = 2 ** 40), ["proof 3"]],
  ["another way", ({ 2: line }) => void (line!.proof.path[5] = other(line!.proof.path[5]!)), ["proof 3"]],
  ["a shorter way", ({ 2: line }) => void line!.proof.path.pop(), ["proof 3"]],
  ["a longer way", ({ 2: line }) => void line!.proof.path.push(line!.proof.path[0]!), ["proof 3"]],
  ["no way", ({ 2: line }) => void (line!.proof.path = []), ["proof 3"]],
  ["a way that is none", ({ 2: line }) => void (line!.proof.path[0] = "%s*;\u0007"), ["line 3"]],
  [
    "a way of 51 steps",
    ({ 2: line }) => void (line!.proof.path = Array<string>(51).fill(line!.proof.path[0]!)),
    ["line 3"],
  ],
  [
    "a way of 50 steps",
    ({ 2: line }) => void (line!.proof.path = Array<string>(50).fill(line!.proof.path[0]!)),
    ["proof 3"],
  ],
  ["a place that is none", ({ 2: line }) => void (line!.proof.index = 0.5), ["line 3"]],
  ["no proof and no word of it", ({ 2: line }) => void delete (line as Partial<Line>).proof, ["line 3"]],
  ["an event that is none", (lines) => void (lines[2]!.event = "burnt"), ["line 3"]],
  ["a hash in capitals", (lines) => void (lines[2]!.envelopeHash = "A".repeat(64)), ["line 3"]],
  ["a line that is no JSON", (lines) => [...lines.slice(0, 3), "{", ...lines.slice(3)], ["line 4"]],
  [
    "a checkpoint of another size",
    (lines) => void (lines[1]!.checkpoint = changed(lines, /\n\d+\n/, "\n6400\n")),
    ["note 2", "proof 3"],
  ],
  [
    "a checkpoint without its signature",
    (lines) => void (lines[1]!.checkpoint = changed(lines, /— /, "- ")),
    ["line 2", "proof 3"],
  ],
  ["a checkpoint with a line more", (lines) => void (lines[1]!.checkpoint += "x\n"), ["line 2", "proof 3"]],
  ["a checkpoint of another key", (lines) => signedBy(lines, lines[0]!.portalId), ["note 2", "proof 3"]],
  ["a checkpoint of another portal", (lines) => signedBy(lines, "1".repeat(64)), ["note 2", "proof 3"]],
  ["no checkpoint", (lines) => [lines[0]!, ...lines.slice(2)], ["proof 2"]],
  ["another log", (lines) => void (lines[0]!.logKey = toBase64(stranger.publicKey)), ["note 2", "proof 3"]],
  ["another portal", (lines) => void (lines[0]!.portalId = "1".repeat(64)), ["note 2", "proof 3"]],
  ["a head that is none", (lines) => void (lines[0]!.portalId = ""), ["line 1"]],
  ["nothing", () => [""], ["line 1"]],
  ["a checkpoint of no words", (lines) => void (lines[1]!.checkpoint = ""), ["line 2", "proof 3"]],
  [
    "a checkpoint whose signature has bits to spare",
    (lines) => void (lines[1]!.checkpoint = changed(lines, /.=\n$/, "B=\n")),
    ["line 2", "proof 3"],
  ],
  ["a key with which anybody can sign", (lines) => signedByAnybody(lines), ["note 2", "proof 3"]],
];

/** Done to the text of line 3, byte for byte: what a JSON parser, a shell or a decoder might read as if it were the same. */
const spellings: [what: string, spoil: (line: string) => string][] = [
  ["a blank in front", (line) => ` ${line}`],
  ["a blank behind", (line) => `${line} `],
  ["a carriage return behind", (line) => `${line}\r`],
  ["a byte order mark in front", (line) => `\xef\xbb\xbf${line}`],
  ["a NUL inside", (line) => line.replace('"seq"', '"\0seq"')],
  ["a byte that is no UTF-8", (line) => line.replace("report", "repor\xff")],
  ["rubbish behind", (line) => `${line} ]`],
  ["a comment behind", (line) => `${line} # x`],
  ["another object in front", (line) => `{"envelopeHash":"${"f".repeat(64)}"}${line}`],
  ["another object behind", (line) => `${line}{}`],
  ["a field twice", (line) => line.replace('"event"', '"event":"appended","event"')],
  ["a field more", (line) => line.replace('"event"', '"x":1,"event"')],
  ["a field nested deep", (line) => line.replace('"event"', `"x":${"[".repeat(300)}${"]".repeat(300)},"event"`)],
  ["fields in another order", (line) => line.replace(/"seq":0,("kind":"report")/, '$1,"seq":0')],
  ["an escaped letter", (line) => line.replace('"filed"', '"\\u0066iled"')],
  ["a place with a zero in front", (line) => line.replace(/"index":/, '"index":0')],
  ["a place as a fraction", (line) => line.replace(/("index":\d+)/, "$1.0")],
  ["a place as a power", (line) => line.replace(/("index":\d+)/, "$1e0")],
  ["a place beyond all logs", (line) => line.replace(/"index":\d+/, '"index":1000000000000000')],
  ["a hash with a blank", (line) => line.replace('"envelopeHash":"', '"envelopeHash":" ')],
  ["a hash with a line break", (line) => line.replace('"envelopeHash":"', '"envelopeHash":"\\n')],
  [
    "a hash in the field before",
    (line) => line.replace(/"filed","envelopeHash":"(\w+)"/, '"filed $1","envelopeHash":""'),
  ],
  [
    "bits to spare in the blinding",
    (line) =>
      line.replace(/("blinding":"[^"]{42})([^"])=/, (_, start: string, letter: string) => `${start}${after1(letter)}=`),
  ],
  ["one sign too many in the blinding", (line) => line.replace(/("blinding":"[^"]+)/, "$1=")],
  [
    "bits to spare in the way",
    (line) =>
      line.replace(/("path":\["[^"]{42})([^"])=/, (_, start: string, letter: string) => `${start}${after1(letter)}=`),
  ],
  ["a letter for the sign in the way", (line) => line.replace(/("path":\["[^"]{43})=/, "$1A")],
  ["a case named otherwise", (line) => line.replace('"case":"', '"case":"%n$(id)`id`*')],
];

/** The next letter of base64: the same bytes, to who does not look. */
function after1(letter: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return letters[letters.indexOf(letter) + 1]!;
}

function changed([, line]: Line[], from: RegExp, to: string): string {
  assert.match(line!.checkpoint, from);
  return line!.checkpoint.replace(from, to);
}

/** The same head, signed by somebody else. */
function signedBy(lines: Line[], portal: string): void {
  const { portalId, logKey } = lines[0]!;
  const head = openCheckpoint(lines[1]!.checkpoint, Buffer.from(portalId, "hex"), Buffer.from(logKey, "base64"));
  lines[1]!.checkpoint = signCheckpoint(head, Buffer.from(portal, "hex"), stranger);
}

/** The identity is a key for which R = identity, S = 0 fits whatever is signed. */
function signedByAnybody(lines: Line[]): void {
  const identity = Buffer.alloc(32);
  identity[0] = 1;
  lines[0]!.logKey = toBase64(identity);
  const name = Buffer.from(`tellhaven-log/${lines[0]!.portalId}\n`);
  const id = createHash("sha256")
    .update(Buffer.concat([name, Buffer.of(1), identity]))
    .digest()
    .subarray(0, 4);
  const signature = toBase64(Buffer.concat([id, identity, Buffer.alloc(32)]));
  lines[1]!.checkpoint = changed(lines, /(— \S+ ).*\n/, `$1${signature}\n`);
}

describe(
  "the log's extract in a case file",
  requireJudge("minisign", "unzip", "jq", "dash", "busybox", "openssl"),
  () => {
    test("holds, in two shells; its key and what it proves are told", async () => {
      const bag = exported.unpack();
      const said = await both(bag);
      assert.equal(said.status, 0, said.out);
      assert.deepEqual(script(bag, { key: exported.key }, ["busybox", "sh"]), said);
      const lines = read(bag);
      const later = lines.filter(({ proof }) => proof === null).length;
      assert.ok(later > 0, "the note is of a day that is not over");
      assert.deepEqual(row(said, "log"), {
        mark: "holds",
        said: [
          `entries of a day that the log had not closed yet: ${later}`,
          "entries that stand in the log: 1",
          `key of the log; compare it with what the portal publishes: ${lines[0]!.logKey}`,
        ],
      });
    });

    for (const [what, spoil, faults] of damages)
      test(`${what}: ${faults.join(", ")}`, async () => {
        const bag = exported.unpack();
        const lines = read(bag);
        write(bag, spoil(lines) ?? lines);
        const said = await both(bag);
        const { mark, said: told } = row(said, "log");
        const expected = faults.map((fault) => {
          const [word, line] = fault.split(" ") as [keyof typeof words, string];
          return `${words[word]}: ${line}`;
        });
        const found = told.filter((each) => Object.values(words).some((start) => each.startsWith(start)));
        assert.deepEqual([mark, found.toSorted(), said.status], ["FAILS", expected.toSorted(), 1], said.out);
      });

    for (const [what, spoil] of spellings)
      test(`line 3 is not taken with ${what}, chained anew or not`, async () => {
        for (const chain of [true, false]) {
          const bag = exported.unpack();
          const at = join(bag, path);
          const before = readFileSync(at, "latin1").split("\n");
          const spoilt = before.with(2, spoil(before[2]!));
          assert.notDeepEqual(spoilt, before);
          const next = spoilt[3]!.replace(
            /"previous":"\w+"/,
            `"previous":"${sha256(Buffer.from(spoilt[2]!, "latin1"))}"`,
          );
          writeFileSync(at, (chain ? spoilt.with(3, next) : spoilt).join("\n"), "latin1");
          sign(bag);
          const said = await both(bag);
          const { mark, said: told } = row(said, "log");
          assert.deepEqual([mark, told.filter((each) => each.startsWith(words.line))], ["FAILS", [`${words.line}: 3`]]);
        }
      });

    test("an end without a line's end, and lines behind the end", async () => {
      const bag = exported.unpack();
      const text = readFileSync(join(bag, path), "latin1");
      const count = text.split("\n").length - 1;
      for (const [spoilt, line] of [
        [text.trimEnd(), count],
        [`${text}\n`, count + 1],
        [`${text}x`, count + 1],
        [`${text}\0\0`, count + 1],
        ["", 1],
      ] as const) {
        writeFileSync(join(bag, path), spoilt, "latin1");
        sign(bag);
        const said = await both(bag);
        assert.ok(row(said, "log").said.includes(`${words.line}: ${line}`), said.out);
      }
    });

    test("the log of another portal than the case file's", async () => {
      const bag = exported.unpack();
      const at = join(bag, "data/case.json");
      const [{ portalId }] = read(bag) as [Line];
      writeFileSync(at, readFileSync(at, "utf8").replace(portalId, "1".repeat(64)));
      sign(bag);
      assert.ok(row(await both(bag), "log").said.includes(`says something else: ${path}`));
    });

    test("what stands in the environment makes nothing hold", () => {
      const bag = exported.unpack();
      writeFileSync(join(bag, path), "not a head\n");
      sign(bag);
      const names = "key_of_log log_public log_portal failed wrong text said status before tree_root portal work".split(
        " ",
      );
      const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, "0"])) };
      const { stdout } = spawnSync("dash", ["verify.sh", exported.key], { cwd: bag, encoding: "utf8", env });
      assert.match(stdout, /^FAILS {2}log /m);
    });

    test("without room for temporary files it is not known", requireJudge("tmpfs"), () => {
      const bag = exported.unpack();
      write(bag, read(bag).with(1, { ...read(bag)[1]!, checkpoint: "none" }));
      const full = join(exported.folder, "full");
      mkdirSync(full);
      const fill = `dd if=/dev/zero of=${full}/f bs=1024 count=64 2> /dev/null; TMPDIR=${full} dash verify.sh ${exported.key}`;
      const [program, args] = onSmallDisk("8k", full, "sh", "-c", fill);
      const { stdout, stderr } = spawnSync(program, args, { cwd: bag, encoding: "utf8" });
      assert.equal(stderr, "");
      assert.match(stdout, /^\? {6}log .*\n.*no room/m);
      const env = { ...process.env, TMPDIR: "/nonexistent" };
      const without = spawnSync("dash", ["verify.sh", exported.key], { cwd: bag, encoding: "utf8", env });
      assert.match(without.stdout, /^\? {6}log .*\n.*no room/m);
    });

    test("a line that was taken out, or put in another place: the one after it does not go on", async () => {
      const bag = exported.unpack();
      const lines = read(bag);
      for (const [spoilt, line] of [
        [lines.toSpliced(2, 1), 3],
        [lines.with(3, lines[4]!).with(4, lines[3]!), 4],
      ] as const) {
        write(bag, spoilt, false);
        assert.ok(row(await both(bag), "log").said.includes(`${words.chain}: ${line}`));
      }
    });
  },
);
