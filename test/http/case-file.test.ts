/** The case file that counsel exports, judged with tools that are not ours. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import { checkPath } from "../../views/browser/client/bag.ts";
import { decide, prepare, reply, writeNote } from "../../views/browser/client/case-writing.ts";
import type { CaseFile } from "../../views/browser/client/casefile/package.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { bytesOfCaseFile, planned, type PlanOptions, repeatableOf } from "../support/case-file-plan.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const whole = { notes: true, originalNames: true };
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
  choices: PlanOptions["choices"] = {},
  today = "2026-11-23",
): Promise<{ bag: string; file: CaseFile }> {
  const file = await planned(desk, [await openCase(desk, caseId)], { choices, today });
  const bytes = await bytesOfCaseFile(desk, file);
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

/** Paths under data/, sorted. */
function payload(bag: string): string[] {
  return readdirSync(join(bag, "data"), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(bag.length + 1))
    .sort();
}

const digests = (bag: string): string[] =>
  payload(bag).map(
    (path) =>
      `${path} ${createHash("sha256")
        .update(readFileSync(join(bag, path)))
        .digest("hex")}`,
  );

const everything = (bag: string): string =>
  readdirSync(bag, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && !each.name.endsWith(".pdf"))
    .map((each) => `${each.name}\n${readFileSync(join(each.parentPath, each.name), "latin1")}`)
    .join("\n");

const pdfText = (bag: string, name: string): string =>
  execFileSync("pdftotext", ["-layout", join(bag, "data/pdf", name), "-"], { encoding: "utf8" });

describe("a case file", requireJudge("minisign", "unzip", "qpdf", "pdftotext", "python3", "awk"), () => {
  test("is checked with unzip, minisign and sha256sum", async () => {
    const { bag } = await exportTo("checked", whole);
    execFileSync("unzip", ["-tq", join(folder, "checked.zip")]);
    assert.deepEqual(checks(bag), [true, true, true]);
    const oxum = /^Payload-Oxum: (\d+)\.(\d+)$/m.exec(readFileSync(join(bag, "bag-info.txt"), "utf8"));
    const manifest = readFileSync(join(bag, "manifest-sha256.txt"), "utf8").trim().split("\n");
    assert.equal(Number(oxum?.[2]), manifest.length);
    assert.equal(digests(bag).length, manifest.length, "no file under data/ that the manifest does not name");
  });

  test("has a page for everything, in one series, and a file for each attachment", async () => {
    const { bag, file } = await exportTo("series", { prefix: "ACME-2", first: 41, designation: "CONFIDENTIAL" });
    assert.deepEqual(payload(bag), [
      "data/case.json",
      "data/case.schema.json",
      "data/certificate-902-DRAFT.pdf",
      "data/load/production.dat",
      "data/load/production.opt",
      "data/logs/chain-of-custody.csv",
      "data/logs/privilege.csv",
      "data/logs/redactions.csv",
      "data/native/ACME-2000042.jpg",
      "data/native/ACME-2000043.bin",
      "data/native/ACME-2000044.bin",
      "data/native/ACME-2000045.txt",
      "data/native/ACME-2000047.pdf",
      ...[41, 42, 43, 44, 45, 46, 47].map((n) => `data/pdf/ACME-20000${n}.pdf`),
      "data/text/ACME-2000041.txt",
      "data/text/ACME-2000046.txt",
    ]);
    assert.deepEqual(file.counts, { cases: 1, documents: 2, pages: 7, attachments: 5, leftOut: 0, privileged: 0 });
    assert.ok(readFileSync(join(bag, "data/native/ACME-2000042.jpg")).equals(pressPhoto));
    for (const path of payload(bag).filter((each) => each.endsWith(".pdf") && !each.includes("native")))
      execFileSync("qpdf", ["--check", join(bag, path)]);
    const report = pdfText(bag, "ACME-2000041.pdf");
    for (const told of ["ACME-2000041", "CONFIDENTIAL", "=1+1", "الحارس"]) assert.ok(report.includes(told), told);
    const slip = pdfText(bag, "ACME-2000042.pdf");
    assert.match(slip, /Produced in native form[^]*data\/native\/ACME-2000042\.jpg[^]*SHA-256/);
    assert.match(readFileSync(join(bag, "data/text/ACME-2000046.txt"), "utf8"), /We are on it\./);
  });

  test("is loaded by what review programs read", async () => {
    const { bag } = await exportTo("load", {});
    const rows = JSON.parse(
      execFileSync(
        "python3",
        [
          "-c",
          `import json,sys
text=open(sys.argv[1],encoding="utf-8-sig",newline="").read()
print(json.dumps([[c.strip("þ") for c in line.split("\\x14")] for line in text.split("\\r\\n") if line]))`,
          join(bag, "data/load/production.dat"),
        ],
        { encoding: "utf8" },
      ),
    ) as string[][];
    const cell = (row: string[], name: string): string => row[rows[0]!.indexOf(name)]!;
    assert.deepEqual(
      rows.slice(1).map((row) => [cell(row, "BEGBATES"), cell(row, "BEGATTACH"), cell(row, "ENDATTACH")]),
      [
        ...[1, 2, 3, 4, 5].map((n) => [`TH00000${n}`, "TH000001", "TH000005"]),
        ...[6, 7].map((n) => [`TH00000${n}`, "TH000006", "TH000007"]),
      ],
    );
    for (const row of rows.slice(1)) {
      const path = cell(row, "NATIVEPATH") || cell(row, "TEXTPATH");
      const bytes = readFileSync(join(bag, path.replaceAll("\\", "/")));
      assert.equal(cell(row, "SHA256HASH"), createHash("sha256").update(bytes).digest("hex"));
    }
    const images = execFileSync("awk", ["-F,", '{ print $1 " " $4 " " $7 }', join(bag, "data/load/production.opt")]);
    assert.match(images.toString(), /^TH000001 Y 1\r?\n[^]*TH000007 Y 1/);
  });

  for (const [what, path, failing] of [
    ["a changed text", "data/case.json", 2],
    ["a changed list of files", "manifest-sha256.txt", 1],
    ["a changed list of lists", "tagmanifest-sha256.txt", 0],
  ] as const)
    test(`${what} is noticed`, async () => {
      const { bag } = await exportTo(`spoilt-${failing}`);
      appendFileSync(join(bag, path), "0".repeat(64) + "  data/case.json\n");
      assert.equal(checks(bag)[failing], false);
    });

  test("is the same under data/ on another day, byte for byte, the logs apart", async () => {
    const [one, two] = [await exportTo("one", whole), await exportTo("two", whole, "2027-01-31")];
    const withoutLogs = (bag: string): string[] => digests(bag).filter((line) => !line.startsWith("data/logs/"));
    assert.deepEqual(withoutLogs(one.bag), withoutLogs(two.bag));
    assert.deepEqual(repeatableOf(one.file), repeatableOf(two.file));
    await exportTo("again", whole);
    assert.ok(
      readFileSync(join(folder, "one.zip")).equals(readFileSync(join(folder, "again.zip"))),
      "the same day, the same ZIP",
    );
    assert.notDeepEqual(repeatableOf((await exportTo("other", {})).file), repeatableOf(one.file));
  });

  test("has neutral names, and nothing of notes or original names unless chosen", async () => {
    const { bag } = await exportTo("plain");
    const pages = payload(bag).filter((path) => path.startsWith("data/pdf/"));
    const all = everything(bag) + pages.map((path) => pdfText(bag, path.slice("data/pdf/".length))).join("\n");
    for (const secret of ["Jane", "passwd", "gpj.exe", "Privileged", served.organisation.members.nia.name + "\n"])
      assert.ok(!all.includes(secret), `${secret} is not in it`);
  });

  test("has notes, decisions and original names when they were chosen, names in case.json only", async () => {
    const { bag } = await exportTo("whole", whole);
    const json = JSON.parse(readFileSync(join(bag, "data/case.json"), "utf8")) as {
      cases: {
        team: { text?: string; reason?: string }[];
        conversation: { attachments: { originalName: string }[] }[];
      }[];
    };
    assert.deepEqual(
      json.cases[0]?.team.map(({ text, reason }) => text ?? reason),
      [undefined, "Privileged thought", "Privileged reason"],
    );
    assert.equal(json.cases[0]?.conversation[0]?.attachments[1]?.originalName, "../../etc/passwd");
    assert.ok(
      !everything(bag)
        .replace(readFileSync(join(bag, "data/case.json"), "latin1"), "")
        .includes("passwd"),
    );
  });

  for (const [what, choices] of [
    ["a prefix that no file could be named after", { prefix: "../x" }],
    ["a prefix in small letters", { prefix: "th" }],
    ["no first number", { first: 0 }],
  ] as const)
    test(`${what} is refused`, async () => {
      const open = await openCase(desk, caseId);
      await assert.rejects(planned(desk, [open], { choices }), { code: "format" });
    });

  test("numbers that are used up are refused, and not begun anew", async () => {
    const open = await openCase(desk, caseId);
    await assert.rejects(planned(desk, [open], { choices: { first: 999_998 } }), { code: "large" });
  });

  test("breaks off when the server gives other bytes than were sent, and what is there has no signature", async () => {
    const objects = join(served.portal.dataDir, "objects");
    const file = await planned(desk, [await openCase(desk, caseId)]);
    for (const each of readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )) {
      const path = join(each.parentPath, each.name);
      const bytes = readFileSync(path);
      bytes[100]! ^= 1;
      writeFileSync(path, bytes);
    }
    await assert.rejects(bytesOfCaseFile(desk, file), { code: "forged" });
  });
});

for (const path of ["../x", "/x", "data/../../x", "data//x", "data/x y", "data/é", "c:\\x", ".hidden", "data/.x"])
  test(`the path ${path} is refused`, () => assert.throws(() => checkPath(path), { code: "format" }));
