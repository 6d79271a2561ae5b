/** A case saved sealed at the console of a real portal, and opened with `tellhaven open` where there is none. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, suite, test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import { parseMemberSeed } from "../../crypto/keys.ts";
import { formatRecoveryWords } from "../../crypto/words.ts";
import { prepare, reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { declare, openAndRenew } from "../../views/browser/client/recusal.ts";
import { planSealedCase, streamSealedCase } from "../../views/browser/client/sealed-case.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { seedFor } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { openCopy, partsOf, passphrase, saveCopy, writeKeyFile, writeParts } from "../support/sealed-copy.ts";
import { onSmallDisk } from "../support/small-disk.ts";

const root = join(import.meta.dirname, "../..");
const title = "What only a reader may know";
const photo = randomBytes(300_000);
let served: ServedOrganisation;
let rosa: Desk;
let caseId: string;
let folder: string;
const at = (name: string): string => join(folder, name);
/** Members' key files, by name. */
const keyOf = (name: string): string => at(`${name}.json`);

before(async () => {
  served = await serveOrganisation();
  folder = mkdtempSync(join(tmpdir(), "tellhaven-open-"));
  const { members, portalId } = served.organisation;
  for (const [name, { seed }] of Object.entries(members)) writeKeyFile(keyOf(name), seed, portalId);
  const files = [fileOfBytes("Jane Doe's photo.JPG", photo), fileOfBytes("../../etc/passwd", utf8("root"))];
  await tell(served, { title, what: "=1+1\nالحارس", files, excluded: [members.nia.id] });
  rosa = await deskOf(served, members.rosa.seed);
  caseId = (await findByTitle(served, rosa, title))!;
  await declare(rosa, caseId, false, "");
  const form = await prepare(rosa, (await openCase(rosa, caseId)).caseId, [fileOfBytes("form.pdf", utf8("%PDF"))]);
  await reply(rosa, caseId, { text: "We are on it.", status: "open" }, form);
  await writeNote(rosa, caseId, "A thought among readers", await withoutFiles(rosa, caseId));
  await saveCopy(rosa, caseId, at("copy.zip"));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await served.portal.discard();
});

let count = 0;
/** A folder that is not there yet. */
const fresh = (): string => at(`out-${++count}`);
const files = (out: string): string[] =>
  readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(out.length + 1))
    .sort();
const hidden = (): string[] => readdirSync(folder).filter((name) => name.startsWith("."));
const everything = (out: string): string =>
  files(out)
    .map((path) => readFileSync(join(out, path), "utf8"))
    .join("\n");

describe("a sealed copy", requireJudge("unzip"), () => {
  test("has what the server keeps and nothing that was opened; the same each time", async () => {
    const again = await saveCopy(rosa, caseId, at("again.zip"));
    const bytes = readFileSync(at("again.zip"));
    assert.equal(bytes.length, again.length, "the length was foretold");
    assert.ok(bytes.equals(readFileSync(at("copy.zip"))));
    assert.equal(spawnSync("unzip", ["-tq", at("copy.zip")]).status, 0);
    const names = [...partsOf(at("copy.zip")).keys()];
    assert.deepEqual(
      names.map((name) => name.replace(/[0-9a-f]{32}/, "…")),
      [
        "sealed-case.json",
        ...["0", "1"].flatMap((n) => [`rosters/00000${n}.json`, `rosters/00000${n}.json.minisig`]),
        ...["0", "1"].map((n) => `conversation/00000${n}.bin`),
        ...["0", "1", "2"].map((n) => `team/00000${n}.bin`),
        "objects/….bin",
        "objects/….bin",
      ],
    );
    const inside = bytes.toString("latin1");
    for (const secret of [title, "photo", "passwd", "on it", "thought"]) assert.ok(!inside.includes(secret), secret);
    assert.ok(!inside.includes(photo.subarray(0, 32).toString("latin1")));
  });

  test("breaks off when an object arrives with another length", async () => {
    const open = await openCase(rosa, caseId);
    const sealed = await planSealedCase(rosa, open);
    sealed.objects[0]!.size += 1;
    await assert.rejects(new Response(streamSealedCase(rosa, open, sealed)).bytes(), { code: "busy" });
  });

  test("is refused when the case is another than was read", async () => {
    const open = await openCase(rosa, caseId);
    open.entries[1]!.hash[0]! ^= 1;
    await assert.rejects(planSealedCase(rosa, open), { code: "conflict" });
  });
});

suite("opened by a reader", () => {
  test("it is the case, in files of this user's alone", async () => {
    const out = fresh();
    const { whole, lines, asked } = await openCopy(at("copy.zip"), { key: keyOf("rosa"), out }, passphrase);
    assert.deepEqual([whole, asked.length], [true, 1], lines.join("\n"));
    assert.deepEqual(files(out), [
      "attachments/attachment-0001.jpg",
      "attachments/attachment-0002.bin",
      "attachments/attachment-0003.pdf",
      "case.json",
      "text/conversation-0000-report.txt",
      "text/conversation-0001-reply.txt",
      "text/team-0001-act.txt",
      "text/team-0002-note.txt",
    ]);
    assert.ok(readFileSync(join(out, "attachments/attachment-0001.jpg")).equals(photo));
    assert.match(
      readFileSync(join(out, "text/team-0002-note.txt"), "utf8"),
      /By: Rosa Reviewer, reviewer · .*\n\nA thought among readers/,
    );
    assert.match(readFileSync(join(out, "text/conversation-0000-report.txt"), "utf8"), /الحارس/);
    const modes = new Set(
      [out, ...files(out).map((path) => join(out, path))].map((path) => statSync(path).mode & 0o777),
    );
    assert.deepEqual(modes, new Set([0o700, 0o600]));
    assert.deepEqual(hidden(), []);
  });

  test("with the recovery words, after the question that nobody answered yet", async () => {
    const words = formatRecoveryWords(served.organisation.members.paper.seed).join(" ");
    const out = fresh();
    mkdirSync(out);
    const { whole, asked } = await openCopy(at("copy.zip"), { words: true, out }, words, "none");
    assert.deepEqual([whole, asked.length], [true, 2]);
    assert.match(everything(out), /A thought among readers/);
  });

  for (const [what, spoil, problem, lacks] of [
    [
      "a reply that was altered",
      (parts) => flip(parts, "conversation/000001.bin"),
      /Entry 1 of the conversation did not pass/,
      "on it",
    ],
    ["a note that was altered", (parts) => flip(parts, "team/000002.bin"), /Entry 2 of the notes did not/, "A thought"],
    [
      "a team key that was altered",
      (parts) => flip(parts, "team/000000.bin"),
      /notes do not pass the check/,
      "A thought",
    ],
    ["an attachment that is missing", (parts) => parts.delete(objects(parts)[0]!), /not in the copy.*-0002/s, "\u0000"],
    [
      "an attachment that was altered",
      (parts) => flip(parts, objects(parts)[0]!, 200),
      /left out: attach.*-0001/,
      "\u0000",
    ],
    [
      "an attachment that was cut",
      (parts) => parts.set(objects(parts)[0]!, parts.get(objects(parts)[0]!)!.subarray(0, 1000)),
      /left out: attachments\/attachment-0001/,
      "\u0000",
    ],
    ["a reply that is missing", (parts) => parts.delete("conversation/000001.bin"), /more or other messages/, "on it"],
  ] as [string, (parts: Map<string, Buffer>) => void, RegExp, string][])
    test(`${what} is left out and said; all else is there`, async () => {
      const parts = partsOf(at("copy.zip"));
      spoil(parts);
      writeParts(at("spoilt.zip"), parts);
      const out = fresh();
      const { whole, lines } = await openCopy(at("spoilt.zip"), { key: keyOf("rosa"), out }, passphrase, "none");
      assert.equal(whole, false);
      assert.match(lines.join("\n"), problem);
      assert.match(readFileSync(join(out, "PROBLEMS.txt"), "utf8"), problem);
      assert.ok(!everything(out).includes(lacks));
      assert.match(everything(out), /الحارس/);
      for (const path of files(out).filter((name) => name.endsWith("0001.jpg")))
        assert.ok(readFileSync(join(out, path)).equals(photo), "no half a file");
    });
});

const objects = (parts: Map<string, Buffer>): string[] =>
  [...parts.keys()].filter((name) => name.startsWith("objects/"));

/** Changes a bit near the end of what an envelope says, before the slots; or at a place. */
function flip(parts: Map<string, Buffer>, name: string, place = 1000): void {
  const bytes = Buffer.from(parts.get(name)!);
  bytes[place]! ^= 1;
  parts.set(name, bytes);
}

/** Nothing is written, and the words say why. */
async function refuses(why: RegExp, copy: string, options: object, ...answers: string[]): Promise<void> {
  const out = fresh();
  await assert.rejects(openCopy(copy, { out, ...options }, ...answers), ({ message }: Error) => {
    assert.match(message, why);
    assert.ok(!message.includes(passphrase));
    return true;
  });
  assert.throws(() => statSync(out), { code: "ENOENT" });
  assert.deepEqual(hidden(), []);
}

suite("nothing is opened", () => {
  test("with a wrong passphrase", () =>
    refuses(/passphrase does not open/, at("copy.zip"), { key: keyOf("rosa") }, "x"));
  test("by the member whom the reporter left out", () =>
    refuses(/is no reader/, at("copy.zip"), { key: keyOf("nia") }, passphrase, "none"));
  test("by a former member", () => refuses(/is no reader/, at("copy.zip"), { key: keyOf("dana") }, passphrase, "none"));
  test("by somebody who has not said that they have no conflict", () =>
    refuses(/Nothing was opened/, at("copy.zip"), { key: keyOf("carl") }, passphrase, "yes"));

  test("by a stranger, with the charter's file, with another portal's, with a file that is none", async () => {
    const { portalId } = served.organisation;
    const stranger = parseMemberSeed(seedFor("stranger"));
    writeKeyFile(keyOf("stranger"), stranger, portalId);
    await refuses(/never on a list/, at("copy.zip"), { key: keyOf("stranger") }, passphrase);
    writeKeyFile(keyOf("charter"), stranger, portalId, "charter");
    await refuses(/not a member's key file/, at("copy.zip"), { key: keyOf("charter") }, passphrase);
    writeKeyFile(keyOf("elsewhere"), served.organisation.members.rosa.seed, seedFor("another portal"));
    await refuses(/another portal/, at("copy.zip"), { key: keyOf("elsewhere") }, passphrase);
    await refuses(/not a member's key file/, at("copy.zip"), { key: at("copy.zip") }, passphrase);
    await refuses(/not a member's key file/, at("copy.zip"), { key: at("nowhere") }, passphrase);
  });

  test("with wrong words, or two keys, or none", async () => {
    await refuses(/not the 24 recovery words/, at("copy.zip"), { words: true }, "one two three");
    await refuses(/either --key/, at("copy.zip"), { words: true, key: keyOf("rosa") });
    await refuses(/either --key/, at("copy.zip"), {});
  });

  for (const [what, spoil, why] of [
    ["the report was altered", (parts) => flip(parts, "conversation/000000.bin", 3000), /order of what follows/],
    ["the report is missing", (parts) => parts.delete("conversation/000000.bin"), /parts of it are missing/],
    ["a note in the middle is missing", (parts) => parts.delete("team/000001.bin"), /parts of it are missing/],
    ["a list of members was altered", (parts) => flip(parts, "rosters/000001.json", 900), /lists of members/],
    ["a list of members is missing", (parts) => parts.delete("rosters/000000.json"), /parts of it are missing/],
    ["a signature is missing", (parts) => parts.delete("rosters/000001.json.minisig"), /parts of it are missing/],
    ["the index is missing", (parts) => parts.delete("sealed-case.json"), /parts of it are missing/],
    ["the index is of another case", (parts) => index(parts, "caseId", "00".repeat(32)), /order of what follows/],
    ["the index is of another portal", (parts) => index(parts, "portalId", "00".repeat(32)), /another portal/],
    ["the index is of a later format", (parts) => index(parts, "format", "tellhaven-sealed-case-2"), /parts of it/],
    ["something else lies in it", (parts) => parts.set("run.sh", Buffer.from("x")), /none of ours|parts of it/],
    [
      "envelopes changed places",
      (parts) => parts.set("conversation/000001.bin", parts.get("conversation/000000.bin")!),
      /order of what follows/,
    ],
  ] as [string, (parts: Map<string, Buffer>) => void, RegExp][])
    test(`when ${what}`, async () => {
      const parts = partsOf(at("copy.zip"));
      spoil(parts);
      writeParts(at("spoilt.zip"), parts);
      await refuses(why, at("spoilt.zip"), { key: keyOf("rosa") }, passphrase, "none");
    });

  test("out of a file that is cut, is none, or is not there", async () => {
    writeFileSync(at("cut.zip"), readFileSync(at("copy.zip")).subarray(0, -100));
    await refuses(/cut off/, at("cut.zip"), { key: keyOf("rosa") }, passphrase);
    await refuses(/no sealed copy/, keyOf("rosa"), { key: keyOf("rosa") }, passphrase);
    await refuses(/cannot be read/, at("nowhere"), { key: keyOf("rosa") }, passphrase);
  });

  test("into a folder that has something in it, and nobody is asked for a passphrase first", async () => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(out, "mine"), "");
    await assert.rejects(openCopy(at("copy.zip"), { key: keyOf("rosa"), out }), /no new or empty folder/);
    assert.deepEqual(readdirSync(out), ["mine"]);
    assert.deepEqual(hidden(), []);
  });
});

const index = (parts: Map<string, Buffer>, field: string, value: string): void => {
  const content = JSON.parse(parts.get("sealed-case.json")!.toString()) as Record<string, unknown>;
  parts.set("sealed-case.json", Buffer.from(`${JSON.stringify({ ...content, [field]: value }, null, 2)}\n`));
};

describe("a full disk", requireJudge("tmpfs"), () => {
  test("is said, and nothing half-written is left", () => {
    const disk = at("disk");
    mkdirSync(disk);
    const child = [process.execPath, join(root, "test/support/open-copy-child.ts")];
    const args = [at("copy.zip"), keyOf("rosa"), join(disk, "out")];
    const ran = spawnSync(...onSmallDisk("200k", disk, ...child, ...args), { encoding: "utf8" });
    assert.deepEqual(JSON.parse(ran.stdout || ran.stderr), { thrown: "full", left: [] });
  });
});

describe("the command", requireJudge("script"), () => {
  const command = (...args: string[]): string[] => [
    process.execPath,
    join(root, "server/cli/main.ts"),
    "open",
    ...args,
  ];

  test("takes no passphrase but from a terminal", () => {
    const [program, ...args] = command(at("copy.zip"), "--key", keyOf("rosa"), "--out", fresh());
    const { status, stdout, stderr } = spawnSync(program!, args, { input: `${passphrase}\n`, encoding: "utf8" });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /Run this in a terminal/);
  });

  for (const [what, typed, code] of [
    ["asks without showing what is typed, and opens", `wrong\u0015${passphrase}x\u007f\r`, 0],
    ["stops at Ctrl-C, and nothing is written", "half\u0003", 2],
  ] as const)
    test(`in a terminal ${what}`, async () => {
      const out = fresh();
      const line = command(at("copy.zip"), "--key", keyOf("rosa"), "--out", out)
        .map((each) => `'${each}'`)
        .join(" ");
      const child = spawn("script", ["-qec", line, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
      let screen = "";
      let isTyped = false;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        screen += text;
        if (isTyped || !/Passphrase.*: $/.test(screen)) return;
        isTyped = true;
        // The prompt stands before the terminal was told to show nothing.
        setTimeout(() => child.stdin.write(typed), 500);
      });
      const ended = await new Promise((resolve) => child.on("close", resolve));
      assert.equal(ended, code, screen);
      for (const secret of [passphrase, "wrong", "half"]) assert.ok(!screen.includes(secret), screen);
      assert.equal(hidden().length, 0);
      if (code === 0) assert.ok(files(out).includes("case.json"));
      else assert.throws(() => statSync(out));
    });
});

suite("a reader with a conflict", () => {
  test("gets nothing of the copy in which they said so, nor of one under the keys that came after", async () => {
    const carl = await deskOf(served, served.organisation.members.carl.seed);
    await findByTitle(served, carl, title);
    assert.equal((await declare(carl, caseId, true, "A friend is named")).is, "gone");
    await saveCopy(rosa, caseId, at("declared.zip"));
    await refuses(/declared a conflict/, at("declared.zip"), { key: keyOf("carl") }, passphrase, "none");
    await openAndRenew(rosa, caseId);
    await saveCopy(rosa, caseId, at("renewed.zip"));
    await refuses(/were not given/, at("renewed.zip"), { key: keyOf("carl") }, passphrase, "none");
    const out = fresh();
    const { whole, lines } = await openCopy(at("renewed.zip"), { key: keyOf("rosa"), out }, passphrase);
    assert.equal(whole, true, lines.join("\n"));
    assert.match(everything(out), /A thought among readers/);
  });

  test("an attachment that the server lost is left out of the copy, which says so", async () => {
    const dir = join(served.portal.dataDir, "objects");
    const before = createHash("sha256")
      .update(readFileSync(at("copy.zip")))
      .digest("hex");
    const [first] = objects(partsOf(at("copy.zip")));
    rmSync(join(dir, first!.slice("objects/".length, -".bin".length)));
    const { missing } = await saveCopy(rosa, caseId, at("lost.zip"));
    assert.equal(missing, 1);
    const parts = partsOf(at("lost.zip"));
    assert.deepEqual((JSON.parse(parts.get("sealed-case.json")!.toString()) as { missing: string[] }).missing, [
      first!.slice("objects/".length, -".bin".length),
    ]);
    const { whole } = await openCopy(at("lost.zip"), { key: keyOf("rosa"), out: fresh() }, passphrase);
    assert.equal(whole, false);
    assert.notEqual(
      before,
      createHash("sha256")
        .update(readFileSync(at("lost.zip")))
        .digest("hex"),
    );
  });
});
