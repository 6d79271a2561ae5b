/**
 * privilege.csv and chain-of-custody.csv tell of the day on which something was written: who could read it then, as what
 * its writer wrote it. A claim of privilege is told also where what it is about was not chosen.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import { utf8 } from "../../crypto/bytes.ts";
import type { RosterContent } from "../../crypto/roster.ts";
import { writeAct } from "../../views/browser/client/case-acts.ts";
import { writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { CaseFile } from "../../views/browser/client/casefile/package.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { declare, openAndRenew } from "../../views/browser/client/recusal.ts";
import { markDraft, planned, type PlanOptions } from "../support/case-file-plan.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { postRosterAfter } from "../support/two-places.ts";

type Row = Record<string, string>;

const table = ({ files }: CaseFile, name: string): Row[] =>
  parse(Buffer.from(files.find(({ path }) => path === `data/logs/${name}.csv`)!.bytes), {
    bom: true,
    columns: true,
  }) as Row[];

describe("logs of a case file", () => {
  let served: ServedOrganisation;
  let carl: Desk;
  let caseId: string;
  let ids = 0;

  /** That member's desk, on which the case is. */
  const at = async (who: "carl" | "rosa" | "nia"): Promise<Desk> => {
    const desk = await deskOf(served, served.organisation.members[who].seed);
    await findByTitle(served, desk, "Press 4");
    return desk;
  };
  const mark = async (of: Parameters<typeof markDraft>[0]): Promise<void> => {
    const draft = markDraft({ id: String(++ids).padStart(16, "0"), ...of });
    await writeAct(carl, caseId, draft, {}, await withoutFiles(carl, caseId));
  };
  const made = async (options: PlanOptions = {}): Promise<CaseFile> =>
    planned(carl, [await openCase(carl, caseId)], options);

  before(async () => {
    served = await serveOrganisation();
    const files = [fileOfBytes("advice.txt", utf8("what the firm wrote"))];
    await tell(served, { title: "Press 4", what: "The guard is off.", files });
    carl = await at("carl");
    const [rosa, nia] = [await at("rosa"), await at("nia")];
    caseId = (await findByTitle(served, carl, "Press 4"))!;
    for (const desk of [carl, rosa, nia]) await declare(desk, caseId, false, "");
    await writeNote(rosa, caseId, "What our firm said.", await withoutFiles(rosa, caseId), [], "2026-11-20");
    const { team } = await openCase(carl, caseId);
    const note = team.state === "open" ? team.entries.at(-1)! : assert.fail("no notes");
    await mark({ stream: 1, seq: note.seq, part: "document", bases: ["AC"], description: "advice on the guard" });
    await mark({ part: "file:0", bases: ["WP"], description: "a letter" });
  });
  after(() => served?.portal.discard());

  for (const [what, choices, rows] of [
    ["all of it", { notes: true }, ["AC withheld numbered", "WP withheld numbered"]],
    ["no notes", {}, ["AC withheld nothing", "WP withheld numbered"]],
    ["no attachments", { notes: true, attachments: false }, ["AC withheld numbered", "WP withheld nothing"]],
    ["neither", { attachments: false }, ["AC withheld nothing", "WP withheld nothing"]],
  ] as const)
    test(`of a case file with ${what}, every claim is told and counted`, async () => {
      const file = await made({ choices });
      const told = table(file, "privilege").map(
        (row) => `${row["basis"]} ${row["treatment"]} ${row["bates"] === "" ? "nothing" : "numbered"}`,
      );
      assert.deepEqual(told.sort(), rows);
      assert.deepEqual([file.counts.leftOut, file.counts.privileged], [2, 2]);
    });

  const claim = async (): Promise<Row> =>
    table(await made({ choices: { notes: true } }), "privilege").find(({ basis }) => basis === "AC")!;
  const written = async (): Promise<string | undefined> =>
    table(await made({ choices: { notes: true } }), "chain-of-custody").find(({ event }) => event === "note written")?.[
      "by"
    ];

  test("roles and readers of then: not of today, when one is counsel and another has stepped back", async () => {
    const before = await claim();
    assert.deepEqual([before["author_role"], before["date"]], ["reviewer", "2026-11-20"]);
    assert.match(before["recipients"]!, /Nia New/);
    assert.equal(await written(), "Rosa Reviewer (reviewer)");

    const { members } = served.organisation;
    await declare(await at("nia"), caseId, true, "A friend");
    await openAndRenew(carl, caseId);
    await postRosterAfter(served, (content: RosterContent) => ({
      ...content,
      members: content.members.map((each) => (each.id === members.rosa.id ? { ...each, roles: ["counsel"] } : each)),
    }));
    carl = await at("carl");
    assert.deepEqual(await claim(), before);
    assert.equal(await written(), "Rosa Reviewer (reviewer)");

    const rosa = await at("rosa");
    await writeNote(rosa, caseId, "A later thought.", await withoutFiles(rosa, caseId));
    const { team } = await openCase(carl, caseId);
    await mark({
      stream: 1,
      seq: team.state === "open" ? team.entries.at(-1)!.seq : -1,
      part: "document",
      bases: ["WP"],
    });
    const later = table(await made({ choices: { notes: true } }), "privilege").at(-1)!;
    assert.equal(later["author_role"], "counsel");
    assert.doesNotMatch(later["recipients"]!, /Nia New/, "who had stepped back by then never read it");
  });
});
