/** What counsel marks to be left out of case files, signed by real members over the real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { actsIn, newestAbout, thingOf } from "../../views/browser/client/act-things.ts";
import { writeAct, type ActDraft } from "../../views/browser/client/case-acts.ts";
import { viewCase, type CaseView } from "../../views/browser/client/case-view.ts";
import { reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { elsewhere, gapsOf } from "../../views/browser/client/casefile/mark-rules.ts";
import { markTargets, targetAt, wordsAt, type MarkPlace } from "../../views/browser/client/casefile/mark-targets.ts";
import { redactText } from "../../views/browser/client/casefile/redact.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { placeMark } from "../../views/pdf/place-mark.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const secret = "Emma Roth";
const what = `It was\r\n${secret} who signed.\r\nI saw it.`;
let served: ServedOrganisation;
/** Counsel, twice: at two desks. */
let carl: Desk;
let carlToo: Desk;
/** A reviewer. */
let rosa: Desk;
let caseId: string;

before(async () => {
  served = await serveOrganisation();
  const { members } = served.organisation;
  rosa = await deskOf(served, members.rosa.seed);
  [carl, carlToo] = [await deskOf(served, members.carl.seed), await deskOf(served, members.carl.seed)];
  await tell(served, { title: "Marked", what, files: [fileOfBytes("a.txt", Uint8Array.of(1))] });
  for (const desk of [rosa, carl, carlToo]) caseId = (await findByTitle(served, desk, "Marked"))!;
  const words = { text: `Was ${secret.toUpperCase()} alone?`, status: null };
  await reply(rosa, caseId, words, await withoutFiles(rosa, caseId));
  await writeNote(rosa, caseId, "Ask emma\u00a0roth.", await withoutFiles(rosa, caseId));
});
after(() => served.portal.discard());

const shown = async (desk: Desk): Promise<CaseView> => viewCase(desk.session.chain, await openCase(desk, caseId));
const start = what.indexOf(secret);
const passage: MarkPlace = { stream: 0, seq: 0, part: "answer:what", span: { start, end: start + secret.length } };
const about = (id: string, place: MarkPlace, on = true): ActDraft<"redact"> => ({
  act: "redact",
  id: id.repeat(8),
  ...place,
  bases: [],
  description: "",
  on,
  dated: "2026-11-30",
  reason: "third person",
});
async function write(desk: Desk, draft: ActDraft, basedOn?: number | null): Promise<void> {
  await writeAct(desk, caseId, draft, {}, await withoutFiles(desk, caseId), basedOn);
}
async function newest(desk: Desk, draft: ActDraft): Promise<number | null> {
  const { team } = await openCase(desk, caseId);
  return team.state === "open" ? (newestAbout(actsIn(team.entries), thingOf(draft))?.seq ?? null) : null;
}

test("targets are the texts as they were sent, and the same words are found in conversation and notes", async () => {
  const view = await shown(carl);
  const targets = markTargets(view);
  assert.equal(targetAt(targets, passage)!.parts.find(({ part }) => part === "answer:what")!.text, what);
  assert.equal(wordsAt(targetAt(targets, passage)!, passage), secret);
  const { free } = elsewhere(targets, view.marks, passage);
  assert.deepEqual(
    free.map((place) => wordsAt(targetAt(targets, place)!, place)),
    ["EMMA ROTH", "emma\u00a0roth"],
  );
});

test("what counsel marks every reader sees as a mark, and no act repeats the words", async () => {
  const view = await shown(carl);
  const { free } = elsewhere(markTargets(view), view.marks, passage);
  for (const [i, place] of [passage, ...free].entries()) await write(carl, about(`a${String(i)}`, place), null);
  const { marks, team } = await shown(rosa);
  assert.deepEqual(
    marks.map(({ stream, seq, part, span }) => ({ stream, seq, part, span })),
    [passage, ...free],
  );
  const acts = team.entries.filter(({ act }) => act?.act === "redact");
  assert.equal(acts.length, 3);
  assert.ok(
    !JSON.stringify(acts.map(({ act }) => act))
      .toLowerCase()
      .includes("emma"),
  );
  const redacted = redactText(what, gapsOf(marks.slice(0, 1), what), (reason) => `[${reason}]`);
  assert.equal(redacted.replaceAll(placeMark, ""), "It was\r\n[third person] who signed.\r\nI saw it.");
  assert.deepEqual(elsewhere(markTargets(view), marks, passage).free, [], "nothing of it is left");
});

test("a reviewer marks nothing and shows nothing again: what they sign about it does not count", async () => {
  const { marks } = await shown(carl);
  await write(rosa, about("b0", { ...passage, part: "document", span: null }));
  await write(rosa, about("a0", passage, false));
  assert.deepEqual((await shown(carl)).marks, marks);
});

test("taken back from two desks at once: the second is told", async () => {
  const { stream, seq, part, span } = (await shown(carl)).marks[1]!;
  const draft = about("a1", { stream, seq, part, span }, false);
  const seen = await newest(carlToo, draft);
  await write(carl, draft, seen);
  await assert.rejects(write(carlToo, { ...draft, on: true }, seen), { code: "conflict" });
  assert.deepEqual(
    (await shown(rosa)).marks.map(({ id }) => id.slice(0, 2)),
    ["a0", "a2"],
  );
});

test("the same words marked at two desks at once are one gap", async () => {
  const wider: MarkPlace = { ...passage, span: { start: start - 3, end: start + 4 } };
  await Promise.all([write(carl, about("c0", wider), null), write(carlToo, about("c1", passage), null)]);
  const { marks } = await shown(rosa);
  const own = marks.filter(({ part }) => part === "answer:what");
  assert.equal(own.length, 3);
  const redacted = redactText(what, gapsOf(own, what), (reason) => `[${reason}]`).replaceAll(placeMark, "");
  assert.equal(redacted, "It wa[third person] who signed.\r\nI saw it.");
});
