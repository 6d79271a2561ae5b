/** Two readers write about the same thing at once: nobody replaces what they have not seen. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setReminder, writeAct, type ActDraft } from "../../views/browser/client/case-acts.ts";
import { actsIn, newestAbout, thingOf } from "../../views/browser/client/act-things.ts";
import { decide, summarise, writeNote } from "../../views/browser/client/case-writing.ts";
import { lookForNew } from "../../views/browser/client/grown.ts";
import { actsOf, openCase, type OpenCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let rosa: Desk;
let carl: Desk;
before(async () => {
  served = await serveOrganisation({ FEED_ITEMS: "50" });
  const { members } = served.organisation;
  rosa = await deskOf(served, members.rosa.seed);
  carl = await deskOf(served, members.carl.seed);
});
after(() => served.portal.discard());

/** Both desks know the case. */
async function shared(title: string): Promise<string> {
  await tell(served, { title });
  await findByTitle(served, carl, title);
  return (await findByTitle(served, rosa, title))!;
}

const filing: ActDraft<"filing"> = {
  act: "filing",
  id: "00".repeat(8),
  deadlines: [],
  recipient: "Cal OES",
  date: "",
  qualifies: "",
  statement: "",
  internalUse: "unsure",
  amends: null,
  filed: null,
  files: [],
};
const day = "2026-05-01";
const reason = "Because";
/** Two acts about one thing, and one about another. */
const things: [first: ActDraft, second: ActDraft, other: ActDraft][] = [
  [filing, { ...filing, statement: "Two" }, { ...filing, id: "01".repeat(8) }],
  [
    { act: "hold", on: true, reason },
    { act: "hold", on: true, reason: "Another" },
    { act: "retain", deleteOn: null, reason },
  ],
  [
    { act: "clock", deadline: "GDPR_72", from: day, reason },
    { act: "clock", deadline: "GDPR_72", from: "2026-05-02", reason },
    { act: "done", deadline: "GDPR_72", on: day, how: "done", reason },
  ],
  [
    { act: "tag", tag: "a", on: true },
    { act: "tag", tag: "a", on: false },
    { act: "tag", tag: "b", on: true },
  ],
];

const seqOf = ({ team }: OpenCase, thing: string): number | null =>
  team.state === "open" ? (newestAbout(actsIn(team.entries), thing)?.seq ?? null) : null;

for (const [first, second, other] of things)
  test(`of two acts about "${thingOf(first)}" the second must have seen the first`, async () => {
    const caseId = await shared(`About ${thingOf(first)}`);
    const write = async (desk: Desk, draft: ActDraft, basedOn: number | null): Promise<OpenCase> =>
      writeAct(desk, caseId, draft, {}, await withoutFiles(desk, caseId), basedOn);
    const thing = thingOf(first);
    const one = seqOf(await write(carl, first, null), thing);
    await write(rosa, other, null);
    await assert.rejects(write(rosa, second, null), { code: "conflict" });
    const two = await write(rosa, second, one);
    const written = actsOf(two.team, second.act);
    if (second.act === "filing") assert.equal((written.at(-1)!.content as { basedOn?: number }).basedOn, one);
    await assert.rejects(write(carl, first, one), { code: "conflict" });
    assert.equal(seqOf(await openCase(carl, caseId), thing), seqOf(two, thing));
  });

test("two at the very same moment: one is written, the other told", async () => {
  const caseId = await shared("The same moment");
  const hold = { act: "hold", on: true, reason } as const;
  const ready = await Promise.all([rosa, carl].map((desk) => withoutFiles(desk, caseId)));
  const outcomes = await Promise.allSettled(
    [rosa, carl].map((desk, i) => writeAct(desk, caseId, hold, {}, ready[i]!, null)),
  );
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const failed = outcomes.find((each) => each.status === "rejected");
  assert.equal((failed!.reason as { code: string }).code, "conflict");
  assert.equal(actsOf((await openCase(rosa, caseId)).team, "hold").length, 1);
});

test("the same act again, after an answer that was lost, is no conflict", async () => {
  const caseId = await shared("Lost answer");
  const prepared = await withoutFiles(rosa, caseId);
  const hold = { act: "hold", on: true, reason } as const;
  await writeAct(rosa, caseId, hold, {}, prepared, null);
  const again = await writeAct(rosa, caseId, hold, {}, prepared, null);
  assert.equal(actsOf(again.team, "hold").length, 1);
});

test("a decision that the writer has not seen is not decided over; the same decision again is nothing", async () => {
  const caseId = await shared("Decided by two");
  const closed = { phase: "closed", disposition: "outside-scope", reason } as const;
  const one = seqOf(await decide(carl, caseId, closed, null), "status");
  await assert.rejects(decide(rosa, caseId, { ...closed, reason: "Mine" }, null), { code: "conflict" });
  const same = await decide(rosa, caseId, closed, null);
  assert.equal(actsOf(same.team, "status").length, 1);
  await decide(rosa, caseId, { phase: "open", disposition: null, reason: "Mine" }, one);
});

test("a second reader who was named meanwhile stays named", async () => {
  const caseId = await shared("Named by two");
  await writeNote(rosa, caseId, "For the team's key", await withoutFiles(rosa, caseId));
  const [a, b] = [await openCase(rosa, caseId), await openCase(carl, caseId)];
  await setReminder(rosa, a, 25_000, 2);
  await assert.rejects(setReminder(carl, b, 25_000, 6), { code: "conflict" });
  await setReminder(carl, b, 25_001, 2); // the same person: no quarrel
  assert.equal((await openCase(rosa, caseId)).lookup.second, 2);
});

test("two summaries at once: what the acts say is in the newer, and nobody's mark of what was read goes back", async () => {
  const caseId = await shared("Summed up by two");
  const describe = { act: "describe", title: "Carl's title", category: "safety" } as const;
  await writeAct(carl, caseId, describe, {}, await withoutFiles(carl, caseId), null);
  await Promise.all([summarise(rosa, caseId, 0), summarise(carl, caseId, 0), summarise(rosa, caseId, 0)]);
  const { summary } = await openCase(rosa, caseId);
  assert.equal(summary?.title, "Carl's title");
  assert.equal(summary?.seen, 0);
});

test("a look reads again every case that grew, and no other", async () => {
  const [grew, still] = [await shared("It grew"), await shared("It did not")];
  await lookForNew(rosa, Infinity);
  assert.deepEqual((await lookForNew(rosa, Infinity)).grown, []);
  await writeNote(carl, grew, "More", await withoutFiles(carl, grew));
  const { grown } = await lookForNew(rosa, Infinity);
  assert.deepEqual(
    grown.map(({ listing }) => listing.caseId),
    [grew],
  );
  assert.notEqual(grew, still);
});
