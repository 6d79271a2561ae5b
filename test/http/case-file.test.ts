/** The case file that counsel exports, judged with tools that are not ours. */
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import { translator } from "../../server/http/i18n.ts";
import { checkPath } from "../../views/browser/client/bag.ts";
import { decide, prepare, reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase, type Desk } from "../../views/browser/client/casework.ts";
import { planExport, streamExport, type CaseFile, type ExportChoices } from "../../views/browser/client/export.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const plain: ExportChoices = { notes: false, originalNames: false };
const whole: ExportChoices = { notes: true, originalNames: true };
const pressPhoto = randomBytes(500_000);

let served: ServedOrganisation;
let desk: Desk;
let caseId: string;
let folder: string;

before(async () => {
  served = await serveOrganisation();
  folder = mkdtempSync(join(tmpdir(), "tellhaven-case-file-"));
  const title = "Press 4";
  const names = ["Jane Doe's photo.JPG", "../../etc/passwd", "run‮gpj.exe", "nothing.txt"];
  const contents = [pressPhoto, utf8("root"), utf8("MZ"), new Uint8Array()];
  const files = names.map((name, i) => fileOfBytes(name, contents[i]!));
  await tell(served, { title, what: "=1+1\nالحارس غير موجود", files });
  desk = await deskOf(served, served.organisation.members.carl.seed);
  caseId = (await findByTitle(served, desk, title))!;
  await writeNote(desk, caseId, "Privileged thought", await withoutFiles(desk, caseId));
  await decide(desk, caseId, { phase: "open", disposition: null, reason: "Privileged reason" });
  const form = await prepare(desk, (await openCase(desk, caseId)).caseId, [fileOfBytes("form.pdf", utf8("%PDF"))]);
  await reply(desk, caseId, { text: "We are on it.", status: "open" }, form);
});
after(async () => {
  rmSync(folder, { recursive: true });
  await served.portal.discard();
});

async function exportTo(
  name: string,
  choices: ExportChoices,
  today = "2026-11-23",
): Promise<{ bag: string; file: CaseFile }> {
  const open = await openCase(desk, caseId);
  const file = planExport(desk, open, choices, translator("en"), today);
  const bytes = new Uint8Array(await new Response(streamExport(desk, open, file)).arrayBuffer());
  assert.equal(bytes.length, file.length, "the length was foretold");
  const zip = join(folder, `${name}.zip`);
  writeFileSync(zip, bytes);
  writeFileSync(join(folder, "counsel.pub"), file.publicKey);
  execFileSync("unzip", ["-q", zip, "-d", join(folder, name)]);
  return { bag: join(folder, name, file.folder), file };
}

function checks(bag: string): boolean[] {
  return [
    ["minisign", "-Vm", "tagmanifest-sha256.txt", "-p", join(folder, "counsel.pub")],
    ["sha256sum", "-c", "--strict", "tagmanifest-sha256.txt"],
    ["sha256sum", "-c", "--strict", "manifest-sha256.txt"],
  ].map(([program, ...rest]) => spawnSync(program!, rest, { cwd: bag }).status === 0);
}

function digests(bag: string): string[] {
  const files = readdirSync(join(bag, "data"), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  return files
    .map((each) => join(each.parentPath, each.name))
    .sort()
    .map((path) => `${path.slice(bag.length)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
}

const everything = (bag: string): string =>
  readdirSync(bag, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => `${each.name}\n${readFileSync(join(each.parentPath, each.name), "latin1")}`)
    .join("\n");

describe("a case file", requireJudge("minisign", "unzip"), () => {
  test("is checked with unzip, minisign and sha256sum", async () => {
    const { bag } = await exportTo("checked", whole);
    execFileSync("unzip", ["-tq", join(folder, "checked.zip")]);
    assert.deepEqual(checks(bag), [true, true, true]);
    const oxum = /^Payload-Oxum: (\d+)\.(\d+)$/m.exec(readFileSync(join(bag, "bag-info.txt"), "utf8"));
    const manifest = readFileSync(join(bag, "manifest-sha256.txt"), "utf8").trim().split("\n");
    assert.equal(Number(oxum?.[2]), manifest.length);
    assert.equal(digests(bag).length, manifest.length, "no file under data/ that the manifest does not name");
  });

  for (const [what, path, failing] of [
    ["a changed text", "data/case.json", 2],
    ["a changed list of files", "manifest-sha256.txt", 1],
    ["a changed list of lists", "tagmanifest-sha256.txt", 0],
  ] as const)
    test(`${what} is noticed`, async () => {
      const { bag } = await exportTo(`spoilt-${failing}`, plain);
      appendFileSync(join(bag, path), "0".repeat(64) + "  data/case.json\n");
      assert.equal(checks(bag)[failing], false);
    });

  test("is the same under data/ on another day, byte for byte", async () => {
    const [one, two] = [await exportTo("one", whole), await exportTo("two", whole, "2027-01-31")];
    assert.deepEqual(digests(one.bag), digests(two.bag));
    const again = await exportTo("again", whole);
    assert.ok(
      readFileSync(join(folder, "one.zip")).equals(readFileSync(join(folder, "again.zip"))),
      "the same day, the same ZIP",
    );
    assert.equal(again.file.digest, one.file.digest);
  });

  test("has neutral names, and nothing of notes or original names unless chosen", async () => {
    const { bag } = await exportTo("plain", plain);
    const all = everything(bag);
    for (const secret of ["Jane", "passwd", "gpj.exe", "Privileged", served.organisation.members.nia.name + "\n"])
      assert.ok(!all.includes(secret), `${secret} is not in it`);
    assert.deepEqual(readdirSync(join(bag, "data/attachments")).sort(), [
      "attachment-0001.jpg",
      "attachment-0002.bin",
      "attachment-0003.bin",
      "attachment-0004.txt",
      "attachment-0005.pdf",
    ]);
    assert.ok(readFileSync(join(bag, "data/attachments/attachment-0001.jpg")).equals(pressPhoto));
  });

  test("has notes, decisions and original names when they were chosen, names in case.json only", async () => {
    const { bag } = await exportTo("whole", whole);
    const json = JSON.parse(readFileSync(join(bag, "data/case.json"), "utf8")) as {
      team: { text?: string; reason?: string }[];
      conversation: { attachments: { originalName: string }[] }[];
    };
    assert.deepEqual(
      json.team.map(({ text, reason }) => text ?? reason),
      [undefined, "Privileged thought", "Privileged reason"],
    );
    assert.equal(json.conversation[0]?.attachments[1]?.originalName, "../../etc/passwd");
    assert.ok(
      !everything(bag)
        .replace(readFileSync(join(bag, "data/case.json"), "latin1"), "")
        .includes("passwd"),
    );
  });

  test("breaks off when the server gives other bytes than were sent", async () => {
    const objects = join(served.portal.dataDir, "objects");
    const open = await openCase(desk, caseId);
    const file = planExport(desk, open, plain, translator("en"), "2026-11-23");
    for (const each of readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )) {
      const path = join(each.parentPath, each.name);
      const bytes = readFileSync(path);
      bytes[100]! ^= 1;
      writeFileSync(path, bytes);
    }
    await assert.rejects(new Response(streamExport(desk, open, file)).arrayBuffer(), { code: "forged" });
  });
});

for (const path of ["../x", "/x", "data/../../x", "data//x", "data/x y", "data/é", "c:\\x", ".hidden", "data/.x"])
  test(`the path ${path} is refused`, () => assert.throws(() => checkPath(path), { code: "format" }));
