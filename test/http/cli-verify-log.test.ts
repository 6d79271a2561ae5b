/**
 * The extract of the log in a case file: what counsel could do to it with the key that signs, and by which line
 * `tellhaven verify` and verify.sh notice. The two must say the same, word for word.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { toBase64 } from "../../crypto/bytes.ts";
import { openCheckpoint, signCheckpoint } from "../../crypto/checkpoint.ts";
import { signKeyPair } from "../../crypto/sodium.ts";
import { exportCase, signAgain, type ExportedCase } from "../support/case-file.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { check, row, script, type Said } from "../support/verifying.ts";

const path = "data/logs/audit.jsonl";
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
  const list = join(bag, "manifest-sha256.txt");
  const sum = sha256(readFileSync(join(bag, path)));
  writeFileSync(
    list,
    readFileSync(list, "utf8").replace(new RegExp(`^[0-9a-f]{64} {2}${path}$`, "m"), `${sum}  ${path}`),
  );
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
    ["note 2", "proof 3"],
  ],
  ["a checkpoint with a line more", (lines) => void (lines[1]!.checkpoint += "x\n"), ["note 2", "proof 3"]],
  ["a checkpoint of another key", (lines) => signedBy(lines, lines[0]!.portalId), ["note 2", "proof 3"]],
  ["a checkpoint of another portal", (lines) => signedBy(lines, "1".repeat(64)), ["note 2", "proof 3"]],
  ["no checkpoint", (lines) => [lines[0]!, ...lines.slice(2)], ["proof 2"]],
  ["another log", (lines) => void (lines[0]!.logKey = toBase64(stranger.publicKey)), ["note 2", "proof 3"]],
  ["another portal", (lines) => void (lines[0]!.portalId = "1".repeat(64)), ["note 2", "proof 3"]],
  ["a head that is none", (lines) => void (lines[0]!.portalId = ""), ["line 1"]],
  ["nothing", () => [""], ["line 1"]],
];

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
