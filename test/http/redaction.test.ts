/** What counsel marks is in no file of the case file: judged by what other programs read out of it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import { toHex, utf8 } from "../../crypto/bytes.ts";
import { caseFileShape } from "../../data/policy/case-file-shape.ts";
import { schemaFiles } from "../../server/build/schemas.ts";
import { writeAct } from "../../views/browser/client/case-acts.ts";
import { reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { fetchCaseProofs } from "../../views/browser/client/case-proofs.ts";
import { extentOf } from "../../views/browser/client/casefile/case-documents.ts";
import { checkForLeaks } from "../../views/browser/client/casefile/leak-check.ts";
import type { CaseFile } from "../../views/browser/client/casefile/package.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import {
  bytesOfCaseFile,
  nodeSearcher,
  plainChoices,
  planned,
  type PlanOptions,
  markDraft,
  repeatableOf,
} from "../support/case-file-plan.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const what = "Line one is fine.\nThe guard was taken off by Jane Doe on Monday. 作業員が言った。";
const answer = "Please tell us more about the guard.";
const thought = "Our outside firm says that we should wait.";

let served: ServedOrganisation;
let desk: Desk;
let rosa: Desk;
let caseId: string;
let folder: string;
let copies = 0;

before(async () => {
  served = await serveOrganisation();
  folder = mkdtempSync(join(tmpdir(), "tellhaven-redaction-"));
  const files = [fileOfBytes("a.txt", utf8("kept")), fileOfBytes("b.txt", utf8("Jane's letter"))];
  await tell(served, { title: "Press 4", what, files });
  await tell(served, { title: "Press 5", what: "Another matter." });
  desk = await deskOf(served, served.organisation.members.carl.seed);
  rosa = await deskOf(served, served.organisation.members.rosa.seed);
  caseId = (await findByTitle(served, desk, "Press 4"))!;
  await findByTitle(served, rosa, "Press 4");
  await reply(desk, caseId, { text: answer, status: "open" }, await withoutFiles(desk, caseId));
  await writeNote(desk, caseId, thought, await withoutFiles(desk, caseId));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await served.portal.discard();
});

let ids = 0;
async function mark(by: Desk, of: Parameters<typeof markDraft>[0] = {}): Promise<string> {
  const draft = markDraft({ id: String(++ids).padStart(16, "0"), ...of });
  await writeAct(by, caseId, draft, {}, await withoutFiles(by, caseId));
  return draft.id;
}
const unmark = (id: string): Promise<string> => mark(desk, { id, on: false });
const spanOf = (text: string, part: string): { start: number; end: number } => ({
  start: text.indexOf(part),
  end: text.indexOf(part) + part.length,
});

async function exported(options: PlanOptions = {}): Promise<{ bag: string; file: CaseFile }> {
  const file = await planned(desk, [await openCase(desk, caseId)], options);
  const at = join(folder, `copy-${++copies}`);
  writeFileSync(`${at}.zip`, await bytesOfCaseFile(desk, file));
  execFileSync("unzip", ["-q", `${at}.zip`, "-d", at]);
  return { bag: join(at, file.folder), file };
}

/** Every file's text as other programs see it, by path. */
function textsIn(bag: string): Map<string, string> {
  const files = readdirSync(bag, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const text = name.endsWith(".pdf")
        ? execFileSync("pdftotext", ["-raw", path, "-"], { encoding: "utf8" })
        : readFileSync(path, "utf8");
      return [path.slice(bag.length + 1), text.normalize("NFKC").replaceAll(/\s+/g, " ")];
    }),
  );
}
const found = (bag: string, words: string): string[] =>
  [...textsIn(bag)].filter(([, text]) => text.includes(words)).map(([path]) => path);
const table = (bag: string, name: string): Record<string, string>[] =>
  parse(readFileSync(join(bag, "data/logs", name)), { bom: true, columns: true }) as Record<string, string>[];

describe("what counsel marks", requireJudge("unzip", "qpdf", "pdftotext"), () => {
  test("a passage is gone from page, text and JSON; what is around it stays; the log has page and reason", async () => {
    const id = await mark(desk, { span: spanOf(what, "Jane Doe") });
    const { bag, file } = await exported();
    assert.deepEqual(found(bag, "Jane Doe"), []);
    assert.deepEqual(found(bag, "taken off by [REDACTED – name of a person] on Monday."), [
      "data/case.json",
      "data/pdf/TH000001.pdf",
      "data/text/TH000001.txt",
    ]);
    const open = await openCase(desk, caseId);
    const [row] = table(bag, "redactions.csv");
    assert.deepEqual(
      [row?.["document"], row?.["bates"], row?.["page"], row?.["original"], row?.["reason"], row?.["by"], row?.["day"]],
      [
        "data/pdf/TH000001.pdf",
        "TH000001",
        "1",
        `envelope ${toHex(open.report.hash)}`,
        "name of a person",
        "Carl Counsel (counsel)",
        "2026-11-30",
      ],
    );
    assert.deepEqual(file.redacted, ["Jane Doe"]);
    assert.equal(file.counts.leftOut, 1);
    assert.match(readFileSync(join(bag, "data/load/production.dat"), "utf8"), /þYesþ/);
    await unmark(id);
  });

  test("shown again, it is there as before, byte for byte", async () => {
    const before = await exported();
    const id = await mark(desk, { span: spanOf(what, "Monday") });
    assert.notDeepEqual(repeatableOf((await exported()).file), repeatableOf(before.file));
    await unmark(id);
    assert.deepEqual(repeatableOf((await exported()).file), repeatableOf(before.file));
  });

  test("overlapping marks leave out both, one reason after the other", async () => {
    const one = await mark(desk, { span: spanOf(what, "by Jane Doe") });
    const two = await mark(desk, { span: spanOf(what, "Doe on Monday"), reason: "a day" });
    const { bag } = await exported();
    assert.equal(found(bag, "taken off [REDACTED – name of a person; a day].").length, 3);
    assert.equal(table(bag, "redactions.csv").length, 2);
    for (const id of [one, two]) await unmark(id);
  });

  test("a mark that does not fit its text leaves out all of it", async () => {
    const id = await mark(desk, { span: { start: 5, end: what.length + 1 } });
    const { bag } = await exported();
    assert.deepEqual([found(bag, "guard was"), found(bag, "Line one")], [[], []]);
    await unmark(id);
  });

  test("a privileged document is withheld: a page in its place, a row in the privilege log, nothing else", async () => {
    const description = "Message to the reporter about advice";
    const id = await mark(desk, {
      seq: 1,
      part: "document",
      bases: ["AC", "WP"],
      description,
      reason: "advice of counsel",
    });
    const { bag, file } = await exported();
    assert.deepEqual(found(bag, answer), []);
    assert.deepEqual(found(bag, "tell us more"), []);
    assert.match(textsIn(bag).get("data/pdf/TH000004.pdf")!, /Withheld Reason: AC, WP: advice of counsel/);
    const [row] = table(bag, "privilege.csv");
    assert.deepEqual(
      [row?.["bates"], row?.["type"], row?.["author_role"], row?.["description"], row?.["basis"], row?.["treatment"]],
      ["TH000004", "reply", "counsel", description, "AC; WP", "withheld"],
    );
    assert.equal(
      row?.["recipients"],
      "reporter; Rosa Reviewer (reviewer); Paper in the safe (recovery); Nia New (reviewer)",
    );
    assert.equal(file.counts.privileged, 1);
    await unmark(id);
  });

  test("an attachment is withheld: no native file, no hash, no size, and a page in its place", async () => {
    const id = await mark(desk, { part: "file:1", reason: "handwriting" });
    const { bag } = await exported({ choices: { originalNames: true } });
    assert.deepEqual(readdirSync(join(bag, "data/native")), ["TH000002.txt"]);
    const open = await openCase(desk, caseId);
    const { sha256 } = open.report.content.files[1]!;
    for (const gone of [sha256, "b.txt", "Jane's letter"]) assert.deepEqual(found(bag, gone), [], gone);
    assert.match(textsIn(bag).get("data/pdf/TH000003.pdf")!, /Withheld Reason: handwriting/);
    await unmark(id);
  });

  test("notes are marked like messages, where they are chosen", async () => {
    const seq = 1;
    const id = await mark(desk, { stream: 1, seq, part: "text", span: spanOf(thought, "outside firm"), bases: ["AC"] });
    const { bag } = await exported({ choices: { notes: true } });
    assert.deepEqual(found(bag, "outside firm"), []);
    assert.equal(found(bag, "Our [REDACTED – AC: name of a person] says").length, 3);
    assert.equal(table(bag, "privilege.csv")[0]?.["treatment"], "redacted");
    // How long it is would tell which of two names it was.
    assert.doesNotMatch(readFileSync(join(bag, "data/case.json"), "utf8"), /"(?:span|start|end)"/);
    await unmark(id);
  });

  test("the hash of an earlier case file is told only while nothing more is left out", async () => {
    const { digest } = (await exported()).file;
    const extent = extentOf(await openCase(desk, caseId));
    const act = {
      act: "exported",
      id: "aa".repeat(8),
      dated: "2026-11-30",
      extent,
      choices: plainChoices,
      digest,
      approvedBy: null,
      sealed: false,
    } as const;
    await writeAct(desk, caseId, act, {}, await withoutFiles(desk, caseId));
    assert.deepEqual(found((await exported()).bag, digest), ["data/logs/chain-of-custody.csv"]);
    const id = await mark(desk, { span: spanOf(what, "Jane Doe") });
    for (const notes of [false, true])
      assert.deepEqual(found((await exported({ choices: { notes } })).bag, digest), []);
    await unmark(id);
  });

  test("only counsel marks, and only counsel takes a mark back", async () => {
    const ofReader = await mark(rosa, { span: spanOf(what, "Monday") });
    assert.equal((await exported()).file.counts.leftOut, 0);
    const ofCounsel = await mark(desk, { span: spanOf(what, "Monday") });
    await mark(rosa, { id: ofCounsel, on: false });
    assert.equal((await exported()).file.counts.leftOut, 1);
    for (const id of [ofReader, ofCounsel]) await unmark(id);
  });
});

describe("the rest of the case file", requireJudge("unzip", "jq", "pdftotext"), () => {
  test("case.json has the published shape", async () => {
    const { bag } = await exported({ choices: { notes: true, originalNames: true } });
    const json = JSON.parse(readFileSync(join(bag, "data/case.json"), "utf8")) as unknown;
    caseFileShape.parse(json);
    assert.equal(readFileSync(join(bag, "data/case.schema.json"), "utf8"), schemaFiles()["case.schema.json"]);
    assert.throws(() => caseFileShape.parse({ ...(json as object), cases: [{}] }));
  });

  test("the log's extract is chained line by line, and names every entry", async () => {
    const open = await openCase(desk, caseId);
    const { bag } = await exported({ proofs: [await fetchCaseProofs(desk, open)], choices: { log: true } });
    const path = join(bag, "data/logs/audit.jsonl");
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    for (const [i, line] of lines.slice(1).entries()) {
      const sum = execFileSync("sha256sum", { input: lines[i]!, encoding: "utf8" }).slice(0, 64);
      assert.equal((JSON.parse(line) as { previous: string }).previous, sum);
    }
    const hashes = execFileSync("jq", ["-r", "select(.seq != null) | .envelopeHash", path], { encoding: "utf8" });
    assert.deepEqual(
      hashes.trim().split("\n"),
      open.entries.map(({ hash }) => toHex(hash)),
    );
    assert.match(
      execFileSync("jq", ["-r", "select(.checkpoint != null) | .checkpoint", path], { encoding: "utf8" }),
      /^/,
    );
  });

  test("several cases are one series, the oldest first, whichever order they were chosen in", async () => {
    const other = (await findByTitle(served, desk, "Press 5"))!;
    const [one, two] = [await openCase(desk, caseId), await openCase(desk, other)];
    const [forth, back] = [await planned(desk, [one, two]), await planned(desk, [two, one])];
    assert.deepEqual([forth.counts.cases, forth.counts.pages], [2, 5]);
    assert.equal(forth.digest, back.digest);
    assert.match(forth.fileName, /^cases-2-[0-9a-f]{8}\.zip$/);
    assert.equal(back.fileName, forth.fileName);
  });

  test("160 attachments are 160 files and pages, each as it was received, and fetched once for all", async (t) => {
    const files = Array.from({ length: 160 }, (_, i) => fileOfBytes(`${i}.csv`, utf8(`file ${i}`)));
    await tell(served, { title: "Many", files });
    const many = (await findByTitle(served, desk, "Many"))!;
    const file = await planned(desk, [await openCase(desk, many)]);
    assert.deepEqual([file.counts.attachments, file.counts.pages], [160, 161]);
    const zip = join(folder, "many.zip");
    const send = t.mock.method(desk.session, "send");
    writeFileSync(zip, await bytesOfCaseFile(desk, file));
    const fetched = send.mock.calls.filter(({ arguments: [path] }) => path.includes("/objects/"));
    assert.equal(fetched.length, 1, "one object, however many files are in it");
    const sought = { ...file, redacted: ["words that stand nowhere", "file 77"] };
    const { signal } = new AbortController();
    const report = await checkForLeaks(desk, { file: sought, cases: [] }, nodeSearcher, () => {}, signal);
    assert.deepEqual(
      report.leaks.map(({ path }) => path),
      ["data/native/TH000079.csv"],
    );
    const all = send.mock.calls.filter(({ arguments: [path] }) => path.includes("/objects/"));
    assert.equal(all.length, 2, "and once more for the search");
    execFileSync("unzip", ["-q", zip, "-d", join(folder, "many")]);
    const native = join(folder, "many", file.folder, "data/native");
    for (const [i, name] of readdirSync(native).sort().entries())
      assert.equal(readFileSync(join(native, name), "utf8"), `file ${i}`);
    execFileSync("sha256sum", ["-c", "--quiet", "manifest-sha256.txt"], { cwd: join(folder, "many", file.folder) });
  });

  test("where the notes cannot be read nobody knows the marks, and there is no case file", async () => {
    const id = await mark(desk, { span: spanOf(what, "Monday") });
    const open = await openCase(desk, caseId);
    for (const [state, code] of [
      ["damaged", "forged"],
      ["notMine", "refused"],
    ] as const)
      await assert.rejects(planned(desk, [{ ...open, team: { state } }]), { code });
    await unmark(id);
  });

  test("a damaged entry is told as damaged, and keeps nobody from the rest", async () => {
    const open = await openCase(desk, caseId);
    const { seq, envId, hash, flags, objLen, epoch } = open.entries[1]!;
    const damaged = {
      kind: "damaged",
      seq,
      envId,
      hash,
      flags,
      objLen,
      epoch,
      author: null,
      content: { unread: true },
    } as const;
    const file = await planned(desk, [{ ...open, entries: [open.entries[0]!, damaged] }]);
    const json = JSON.parse(
      new TextDecoder().decode(file.files.find(({ path }) => path === "data/case.json")!.bytes),
    ) as { cases: { conversation: { kind: string; author?: number }[] }[] };
    assert.deepEqual(json.cases[0]?.conversation[1]?.kind, "damaged");
  });
});
