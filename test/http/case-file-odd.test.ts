/** What reporters and readers may write, in whatever software, and what the server may say, stops no case file. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import type { Entry } from "../../crypto/envelope/open.ts";
import { caseFileShape } from "../../data/policy/case-file-shape.ts";
import { writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { plainChoices, planned, repeatableOf } from "../support/case-file-plan.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let desk: Desk;
let caseId: string;

before(async () => {
  served = await serveOrganisation();
  await tell(served, { title: "Press 4", files: [fileOfBytes("a.txt", utf8("kept"))] });
  desk = await deskOf(served, served.organisation.members.carl.seed);
  caseId = (await findByTitle(served, desk, "Press 4"))!;
  await writeNote(desk, caseId, "A note", await withoutFiles(desk, caseId));
});
after(() => served.portal.discard());

describe("a case file of odd entries", () => {
  test("a language that is none keeps nobody from the rest", async () => {
    const open = await openCase(desk, caseId);
    const content = { ...open.report.content, language: "no tag!", answers: { what: "x".repeat(500) } };
    const report = { ...open.report, content };
    const file = await planned(desk, [{ ...open, report, entries: [report] }]);
    assert.equal(file.counts.documents, 1);
  });

  test("whatever shapes allow in texts, days, names and ids, there is a case file", async () => {
    const open = await openCase(desk, caseId);
    const odd = "\ud800 \u0000 \u2063 \u202e $& {page} {{name}} \u0007 ".repeat(3) + "ก".repeat(300);
    const files = open.report.content.files.map((file) => ({ ...file, name: "../../\u0000.JSON", type: odd }));
    const answers = JSON.parse(`{"__proto__": "x", "toString": ["y"], "7": ${JSON.stringify(odd)}, "": "z"}`) as Record<
      string,
      string
    >;
    const content = { ...open.report.content, language: "x-ü", channel: "toString", answers, files, day: "0001-01-01" };
    const report = { ...open.report, content };
    const { team } = open;
    assert.ok(team.state === "open");
    const conversation = { seq: 99999, hash: "00".repeat(32) };
    const acts = [
      { act: "task", id: "0".repeat(16), text: odd, to: 2 ** 53 - 1, due: "9999-12-31", state: "open" },
      { act: "link", case: "ff".repeat(32), on: true, reason: odd },
      {
        act: "triage",
        on: "0000-01-01",
        tests: { ["__proto__x"]: "met", constructor: "unsure" },
        imminent: "no",
        reason: odd,
      },
      {
        act: "redact",
        id: "0".repeat(16),
        stream: 1,
        seq: 2 ** 53 - 1,
        part: "file:99999",
        span: { start: 9, end: 1 },
        bases: ["AC", "AC"],
        description: odd,
        on: true,
        dated: "0000-02-29",
        reason: odd,
      },
      {
        act: "askExport",
        id: "0".repeat(16),
        dated: "9999-12-31",
        extent: { conversation: 2 ** 53 - 1, team: 0 },
        choices: { ...plainChoices, prefix: odd.slice(0, 20), first: 2 ** 53 - 1, language: "!" },
        digest: "00".repeat(32),
        to: 2 ** 53 - 1,
        checkpoint: odd,
        reason: odd,
      },
      {
        act: "exported",
        id: "0".repeat(16),
        dated: "0000-01-01",
        extent: { conversation: 0, team: 2 ** 53 - 1 },
        choices: plainChoices,
        digest: "00".repeat(32),
        approvedBy: 2 ** 53 - 1,
        sealed: true,
      },
    ].map((act, i) => {
      const like: Entry = team.entries.at(-1)!;
      return {
        ...like,
        kind: "act",
        seq: team.entries.length + i,
        content: { ...act, conversation },
      } as unknown as Entry;
    });
    const hostile = {
      ...open,
      report,
      entries: [report, ...open.entries.slice(1)],
      team: { ...team, entries: [...team.entries, ...acts] },
    };
    const file = await planned(desk, [hostile], { choices: { notes: true, originalNames: true } });
    assert.ok(file.counts.documents > acts.length);
    const json = JSON.parse(
      new TextDecoder().decode(file.files.find(({ path }) => path === "data/case.json")!.bytes),
    ) as unknown;
    caseFileShape.parse(json);
  });

  test("the phase is that of the entries that are in it, whatever the server says now", async () => {
    const open = await openCase(desk, caseId);
    const lookup = { ...open.lookup, phase: "closed" } as const;
    const [one, two] = [await planned(desk, [open]), await planned(desk, [{ ...open, lookup }])];
    assert.deepEqual(repeatableOf(one), repeatableOf(two));
  });
});
