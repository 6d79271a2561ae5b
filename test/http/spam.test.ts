/** Spam: closed by one reader, restored by another, gone by itself after 30 days and no sooner. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { spamDays, spamGoesOn } from "../../data/policy/spam.ts";
import { dayOf, textOfDay } from "../../data/policy/update-date.ts";
import { writeAct } from "../../views/browser/client/case-acts.ts";
import { decide } from "../../views/browser/client/case-writing.ts";
import { actsOf, newestStatus, openCase, type OpenCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import { closeAsSpam, decideStatus, restoreFromSpam, type SpamOutcome } from "../../views/browser/client/spam.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let rosa: Desk;
let nia: Desk;
const on = new Date().toISOString().slice(0, 10);
const words = { reason: "Sells watches", on };
const closing = { ...words, tell: "" };

before(async () => {
  served = await serveOrganisation({ FEED_ITEMS: "50" });
  const { members } = served.organisation;
  rosa = await deskOf(served, members.rosa.seed);
  nia = await deskOf(served, members.nia.seed);
});
after(() => served?.portal.discard());

/** A case that both can read; `by` said "no conflict". */
async function makeCase(title: string, by: readonly Desk[] = [rosa, nia]): Promise<string> {
  await tell(served, { title });
  for (const desk of [rosa, nia]) assert.ok((await findByTitle(served, desk, title)) !== null);
  const caseId = (await findByTitle(served, rosa, title))!;
  for (const desk of by) await declare(desk, caseId, false, "");
  return caseId;
}

function openOf(outcome: SpamOutcome): OpenCase {
  assert.ok(outcome.is === "done");
  return outcome.open;
}

test("the first day on which spam goes is 30 days after it was closed", () => {
  assert.equal(spamGoesOn("2026-12-05"), "2027-01-04");
  assert.equal(spamDays, 30);
  assert.throws(() => spamGoesOn("2026-02-30"), { code: "format" });
});

test("one closes it, with a date; a second person restores it whole, and the date is gone", async () => {
  const caseId = await makeCase("Watches");
  const closed = openOf(await closeAsSpam(rosa, caseId, closing));
  assert.equal(closed.lookup.deleteOn, textOfDay(dayOf(on)! + 30));
  assert.equal(newestStatus(closed.team)?.disposition, "spam");
  assert.equal(actsOf(closed.team, "retain").at(-1)?.content.deleteOn, closed.lookup.deleteOn);
  assert.equal(closed.entries.length, 1, "the reporter is told nothing");
  const restored = openOf(await restoreFromSpam(nia, caseId, { ...words, reason: "It is not" }));
  assert.equal(restored.lookup.phase, "open");
  assert.equal(restored.lookup.deleteOn, null);
  assert.equal(restored.report.content.answers["what"], "Watches");
  assert.deepEqual(await restoreFromSpam(nia, caseId, words), { is: "left", why: "notSpam" });
});

test("doing it again writes nothing more; two at once do no harm", async () => {
  const caseId = await makeCase("Watches twice");
  const told = { ...closing, tell: "We do not answer advertising." };
  const first = openOf(await closeAsSpam(rosa, caseId, told));
  const again = openOf(await closeAsSpam(rosa, caseId, told));
  assert.equal(again.lookup.teamLength, first.lookup.teamLength);
  assert.equal(again.entries.length, 2, "told once");
  const byOther = openOf(await closeAsSpam(nia, caseId, { ...closing, reason: "Other words" }));
  assert.equal(byOther.lookup.teamLength, first.lookup.teamLength);
});

test("what was begun and cut short is finished: closed without a date gets its date", async () => {
  const caseId = await makeCase("Half closed");
  await decide(rosa, caseId, { phase: "closed", disposition: "spam", ...words });
  const { lookup } = openOf(await closeAsSpam(rosa, caseId, closing));
  assert.equal(lookup.deleteOn, spamGoesOn(on));
});

test("closed as spam under its status it goes by itself too, once no hold keeps it; closed otherwise it does not", async () => {
  const [free, held, other] = [await makeCase("Free"), await makeCase("Held"), await makeCase("Other")];
  const hold = { act: "hold", on: true, reason: "court" } as const;
  await writeAct(rosa, held, hold, { hold: true }, await withoutFiles(rosa, held));
  for (const caseId of [free, held]) {
    const { lookup } = await decideStatus(rosa, caseId, { phase: "closed", disposition: "spam", ...words });
    assert.deepEqual([lookup.deleteOn, lookup.hold], [spamGoesOn(on), caseId === held]);
  }
  const { lookup } = await decideStatus(rosa, other, { phase: "closed", disposition: "withdrawn", ...words });
  assert.equal(lookup.deleteOn, null);
});

for (const [why, prepare, by] of [
  ["undeclared", async () => {}, []],
  [
    "held",
    async (caseId: string) => {
      const draft = { act: "hold", on: true, reason: "court" } as const;
      await writeAct(rosa, caseId, draft, { hold: true }, await withoutFiles(rosa, caseId));
    },
    [0],
  ],
  [
    "closed",
    async (caseId: string) => {
      await decide(rosa, caseId, { phase: "closed", disposition: "substantiated", ...words });
    },
    [0],
  ],
] as [string, (caseId: string) => Promise<void>, number[]][])
  test(`${why}: left as it is, and said`, async () => {
    const caseId = await makeCase(
      `Left ${why}`,
      by.map((i) => [rosa, nia][i]!),
    );
    await prepare(caseId);
    const { lookup } = await openCase(rosa, caseId);
    assert.deepEqual(await closeAsSpam(rosa, caseId, closing), { is: "left", why });
    assert.deepEqual((await openCase(rosa, caseId)).lookup, lookup);
  });

test("who has not said that they have no conflict does not restore it either", async () => {
  const caseId = await makeCase("Restored by whom", [rosa]);
  openOf(await closeAsSpam(rosa, caseId, closing));
  assert.deepEqual(await restoreFromSpam(nia, caseId, words), { is: "left", why: "undeclared" });
});
