/** The last look at a case file: what was left out and stands elsewhere in it stops it, or is told. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import { writeAct, type ActDraft } from "../../views/browser/client/case-acts.ts";
import { prepare, reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { teamEntries } from "../../views/browser/client/casefile/case-documents.ts";
import { checkForLeaks, type LeakReport } from "../../views/browser/client/casefile/leak-check.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { markDraft, nodeSearcher, planned } from "../support/case-file-plan.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const letter = "The other letter";
let served: ServedOrganisation;
let desk: Desk;
let caseId: string;

const act = async (draft: ActDraft): Promise<string> =>
  writeAct(desk, caseId, draft, {}, await withoutFiles(desk, caseId)).then(() => "");

before(async () => {
  served = await serveOrganisation();
  desk = await deskOf(served, served.organisation.members.carl.seed);
  const { organisation } = desk.session.chain.current;
  const what = `On Monday the guard was taken off the press by Jane Kowalska, and nobody at ${organisation} wrote it into the log.`;
  const files = [fileOfBytes("kept.txt", utf8("from hall 4")), fileOfBytes("secret.txt", utf8(letter))];
  await tell(served, { title: "Press 6", what, files });
  await tell(served, { title: "Press 7", what: "The same.", files: [fileOfBytes("b.txt", utf8("from hall 4"))] });
  caseId = (await findByTitle(served, desk, "Press 6"))!;
  const again = await prepare(desk, (await openCase(desk, caseId)).caseId, [fileOfBytes("copy.txt", utf8(letter))]);
  await reply(desk, caseId, { text: "Did you speak with Ms Kowalska of Kowalska v. Acme?", status: "open" }, again);
  await act({ act: "hold", on: true, id: "22".repeat(8), matter: "Kowalska v. Acme", scope: "", reason: "a claim" });
  await act({ act: "tag", tag: "hall 4", on: true });
  await act({ act: "tag", tag: "report", on: true });
});
after(() => served.portal.discard());

const seqOf = async (which: (draft: { act: string; tag?: string }) => boolean): Promise<number> =>
  teamEntries(await openCase(desk, caseId)).find(({ kind, content }) => kind === "act" && which(content))!.seq;

type Marked = Partial<ActDraft<"redact">>;
const documentOf = async (which: Parameters<typeof seqOf>[0]): Promise<Marked> => ({
  stream: 1,
  seq: await seqOf(which),
  part: "document",
});
const inReply = ["data/case.json", "data/pdf/", "data/text/"];

interface Told {
  leaks?: string[];
  remarks?: string[];
  ordinary?: string[];
}

const marks: [what: string, mark: () => Promise<Marked> | Marked, told: Told][] = [
  ["nothing that there is", () => ({ part: "file:9" }), {}],
  ["a file that was sent again", () => ({ part: "file:1" }), { leaks: ["secret.txt in copy.txt"] }],
  ["a file that was sent in another case", () => ({ part: "file:0" }), { leaks: ["kept.txt in b.txt"] }],
  [
    "a long answer with a name in it, and with that of the organisation",
    () => ({}),
    { remarks: inReply.map((path) => `Kowalska in ${path}`) },
  ],
  [
    "a hold with a matter",
    () => documentOf((draft) => draft.act === "hold"),
    { leaks: inReply.map((path) => `Kowalska v. Acme in ${path}`) },
  ],
  ["a tag", () => documentOf(({ tag }) => tag === "hall 4"), { remarks: ["hall 4 in b.txt", "hall 4 in kept.txt"] }],
  ["a tag that every case file says", () => documentOf(({ tag }) => tag === "report"), { ordinary: ["report"] }],
];

for (const [i, [what, mark, told]] of marks.entries())
  test(`left out: ${what}`, async () => {
    const draft = { id: `aa${String(i).padStart(14, "0")}`, ...(await mark()) };
    await act(markDraft(draft));
    const ids = [caseId, (await findByTitle(served, desk, "Press 7"))!];
    const cases = [await openCase(desk, ids[0]!), await openCase(desk, ids[1]!)];
    const file = await planned(desk, cases);
    const { signal } = new AbortController();
    const report = await checkForLeaks(desk, { file, cases }, nodeSearcher, () => {}, signal);
    await act(markDraft({ ...draft, on: false }));
    // Which case is numbered first is chance: an attachment is told by its name, a page or text by its folder.
    const placeOf = (at: string): string =>
      file.attachments.find(({ path }) => path === at)?.file.name ?? at.replace(/TH.*/, "");
    const lines = (found: LeakReport["leaks"]): string[] =>
      found.map(({ text, path }) => `${text} in ${placeOf(path)}`).sort();
    const { leaks = [], remarks = [], ordinary = [] } = told;
    assert.deepEqual([lines(report.leaks), lines(report.remarks)], [leaks, remarks]);
    assert.deepEqual([report.ordinary, report.unsearched], [ordinary, []]);
  });
