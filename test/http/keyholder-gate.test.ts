/**
 * The keyholder, asked by a page that was taken over: of a case in which its member said nothing of a conflict, or
 * said that they have one, no call gives or writes anything.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { PortalError } from "../../crypto/errors.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { declare } from "../../views/browser/client/recusal.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import type { CallName, Input } from "../../views/browser/console/keyholder-api.ts";
import { plainChoices } from "../support/case-file-plan.ts";
import type { Acts, Told } from "../../views/browser/console/worker-acts.ts";
import { deskOf, fileOfBytes, findByTitle, tell } from "../support/casework.ts";
import { keyholderOf } from "../support/keyholders.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const told: Told = { progress: () => {}, signal: new AbortController().signal };
const secret = "What only a reader may know";
let served: ServedOrganisation;
let rosa: Desk;
let acts: Acts;
let caseId: string;
let other: string;

before(async () => {
  served = await serveOrganisation();
  const { members } = served.organisation;
  const files = [fileOfBytes("ledger.txt", new TextEncoder().encode(secret))];
  await tell(served, { title: secret, files });
  await tell(served, { title: "Another" });
  rosa = await deskOf(served, members.rosa.seed);
  caseId = (await findByTitle(served, rosa, secret))!;
  other = (await findByTitle(served, rosa, "Another"))!;
  for (const id of [caseId, other]) await declare(rosa, id, false, "");
  acts = await keyholderOf(served, members.carl, 2);
});
after(() => served.portal.discard());

const on = "2026-01-01";
const draft = { act: "assess", on } as const;
const spam = { phase: "closed", disposition: "spam", reason: "x", on } as const;
const file = (): { caseId: string; stream: 0; seq: number; index: number } => ({ caseId, stream: 0, seq: 0, index: 0 });
type Ask = { [K in CallName]: [call: K, input: () => Input<K>] }[CallName];
/** Every call that names a case, but those that declare. */
const calls: Ask[] = [
  ["reply", () => ({ caseId, text: "x", files: [], status: null, day: on, updateBy: null, duty: null, viewed: 0 })],
  ["act", () => ({ caseId, draft, visible: {}, files: [], viewed: 0 })],
  ["link", () => ({ caseId, other, on: true, reason: "x", viewed: 0 })],
  ["setSecond", () => ({ caseId, second: null, was: null })],
  ["note", () => ({ caseId, text: "x", day: "2026-11-30", mentions: [], files: [], viewed: 0 })],
  ["decide", () => ({ caseId, ...spam, viewed: 0, basedOn: null })],
  ["deleteCase", () => ({ caseId })],
  ["markRead", () => ({ caseId, viewed: 0 })],
  ["checkFile", file],
  ["saveFile", () => ({ ...file(), port: null })],
  ["planCaseFile", () => ({ cases: [caseId], choices: { ...plainChoices, notes: true }, dir: "ltr", today: on })],
  ["remakeCaseFile", () => ({ caseId, id: "00".repeat(8), dir: "ltr" })],
  ["planSealed", () => ({ caseId })],
];
/** These answer why they did nothing. */
const left: Ask[] = [
  ["closeAsSpam", () => ({ caseId, reason: "x", on, tell: "" })],
  ["restore", () => ({ caseId, reason: "x", on })],
  ["mute", () => ({ caseId, on: true })],
];
const run = ([call, input]: Ask): Promise<unknown> =>
  (acts[call] as (input: unknown, told: Told) => Promise<unknown>)(input(), told);
const lengths = async (): Promise<number[]> => {
  const { lookup } = await openCase(rosa, caseId);
  return [lookup.conversationLength, lookup.teamLength, lookup.summary?.version ?? 0];
};

const refuses = (expected: string[]) => async (): Promise<void> => {
  const before = await lengths();
  for (const ask of calls)
    await assert.rejects(run(ask), (error) => error instanceof PortalError && expected.includes(error.code), ask[0]);
  assert.deepEqual(await lengths(), before, "nothing was written");
  assert.ok(!JSON.stringify(await acts.list({ most: null, shown: caseId }, told)).includes(secret));
  assert.deepEqual((await acts.search({ query: "reader", language: "en" }, told)).hits, []);
  assert.deepEqual(
    (await acts.readings({ figures: true }, told)).figures?.filter((each) => each.caseId === caseId),
    [],
  );
};

/** Of no case, or of cases only as lists, which this test looks at; what `planCaseFile` and `planSealed` made is saved. */
const rest: CallName[] = [
  ...([
    "open",
    "declare",
    "list",
    "search",
    "readings",
    "saveCaseFile",
    "readyCaseFile",
    "askApproval",
    "answerApproval",
    "saveSealed",
    "unlock",
    "lock",
    "office",
  ] as const),
  ...(["presentation", "presentationWords", "savePresentation", "views", "keepViews"] as const),
  ...(["takeReport", "takingForm"] as const),
];
test("no call of the keyholder is forgotten here", () =>
  assert.deepEqual([...[...calls, ...left].map(([call]) => call), ...rest].toSorted(), Object.keys(acts).toSorted()));

suite("a member who said nothing of a conflict", () => {
  test("is asked, and told nothing but the case's name, category and dates", async () => {
    const opened = await acts.open({ caseId }, told);
    assert.equal(opened.is, "gate");
    assert.ok(!JSON.stringify(opened).includes(secret));
  });
  test("gets nothing by any call", refuses(["refused"]));
  test("and closes, restores and mutes nothing", async () => {
    for (const ask of left) assert.deepEqual(await run(ask), { is: "left", why: "undeclared" }, ask[0]);
  });
});

suite("a member who declared none", () => {
  test("may do all of it, but write a declaration past the question", async () => {
    assert.equal((await acts.declare({ caseId, has: false, reason: "" }, told)).is, "case");
    assert.ok((await (await acts.checkFile(file(), told)).text()).includes(secret));
    const conflict = { act: "conflict", has: true, reason: "x" } as const;
    await assert.rejects(acts.act({ caseId, draft: conflict, visible: {}, files: [], viewed: 0 }, told), {
      code: "refused",
    });
    assert.ok((await acts.search({ query: "reader", language: "en" }, told)).hits.length > 0);
    const choices = { ...plainChoices, notes: true };
    await acts.planCaseFile({ cases: [caseId], choices, dir: "ltr", today: on }, told);
    assert.equal((await acts.planSealed({ caseId }, told)).missing, 0);
  });
});

suite("a member who stepped back in another browser", () => {
  test("loses at the next look all that this one kept, the export that was prepared too", async () => {
    const elsewhere = await deskOf(served, served.organisation.members.carl.seed);
    await findByTitle(served, elsewhere, secret);
    assert.equal((await declare(elsewhere, caseId, true, "A friend is named")).is, "gone");
    const { listings } = await acts.list({ most: null, shown: caseId }, told);
    assert.deepEqual(
      listings.filter((each) => each.caseId === caseId),
      [],
    );
    await assert.rejects(acts.readyCaseFile({ recipient: "", stamp: false }, told), { code: "missing" });
    await assert.rejects(acts.saveSealed({ port: null }, told), { code: "missing" });
  });
  test("gets nothing by any call", refuses(["refused", "missing"]));
});
