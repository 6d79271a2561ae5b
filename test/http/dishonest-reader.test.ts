/**
 * A reader holds the tokens, and the server cannot look inside what they post. One who posts
 * rubbish, or words in somebody else's name, must neither be believed nor silence the others.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toBase64Url } from "../../crypto/bytes.ts";
import type { ContentOf } from "../../crypto/team-content.ts";
import type { MembersKind } from "../../crypto/envelope/seal-member.ts";
import { tokenOf } from "../../crypto/keys.ts";
import { draftMessage, openMailboxByCode, type OpenMailbox } from "../../views/browser/client/mailbox.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { reply, withTeam, writeNote } from "../../views/browser/client/case-writing.ts";
import { setReminder, writeAct } from "../../views/browser/client/case-acts.ts";
import { viewCase } from "../../views/browser/client/case-view.ts";
import { remind } from "../../views/browser/console/worker-duties.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { plainChoices } from "../support/case-file-plan.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { forge } from "../support/forging.ts";
import { keyholderOf, told } from "../support/keyholders.ts";
import { postRosterAfter } from "../support/two-places.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const title = "Belts run without covers";
let served: ServedOrganisation;
let code: string;
let rosa: Desk;
let carl: Desk;
let caseId: string;

before(async () => {
  served = await serveOrganisation();
  code = await tell(served, { title });
  const { members } = served.organisation;
  [rosa, carl] = await Promise.all([deskOf(served, members.rosa.seed), deskOf(served, members.carl.seed)]);
  caseId = (await findByTitle(served, rosa, title))!;
  await syncFeed(carl);
  await findByTitle(served, carl, title);
});
after(() => served.portal.discard());

async function mailbox(): Promise<OpenMailbox> {
  const api = { origin: served.portal.reporterUrl };
  return (await openMailboxByCode(api, (await fetchPortal(api)).chain!, code))!;
}

/** Rosa signs with her own key what she says Carl wrote, and posts it with her token. */
async function forgeHere<K extends MembersKind>(kind: K, content: ContentOf[K]): Promise<void> {
  const { rosa: forger, carl: victim } = served.organisation.members;
  await forge(served, rosa, { forger, victim }, caseId, kind, content);
}

test("a reply in another reader's name is shown to nobody, and the conversation goes on around it", async () => {
  await forgeHere("reply", { text: "Go away", files: [], status: "closed" });
  await reply(carl, caseId, { text: "Thank you", status: null }, await withoutFiles(carl, caseId));
  await draftMessage(await mailbox(), { text: "One more thing", files: [] }).send();
  const seen = (await mailbox()).entries;
  assert.deepEqual(
    seen.map(({ kind }) => kind),
    ["report", "damaged", "reply", "message"],
  );
  assert.ok(!JSON.stringify(seen).includes("Go away"));
  const { entries } = await openCase(carl, caseId);
  assert.deepEqual(entries.map(({ kind, author }) => [kind, author]).slice(1, 3), [
    ["damaged", null],
    ["reply", served.organisation.members.carl.id],
  ]);
});

test("a note in another reader's name is shown to nobody, and the notes go on around it", async () => {
  await writeNote(carl, caseId, "First", await withoutFiles(carl, caseId));
  const conversation = { seq: 0, hash: "00".repeat(32) };
  await forgeHere("note", { text: "Planted", files: [], conversation });
  const after = await writeNote(carl, caseId, "Second", await withoutFiles(carl, caseId));
  assert.ok(after.team.state === "open");
  assert.deepEqual(
    after.team.entries.map((entry) => ("text" in entry.content ? entry.content.text : entry.kind)),
    ["team", "First", "damaged", "Second"],
  );
});

test("a note that does not verify could have been a mark: counsel is told before a case file is saved", async () => {
  const { members } = served.organisation;
  const acts = await keyholderOf(served, members.carl, 1);
  await acts.declare({ caseId, has: false, reason: "" }, told());
  const input = { cases: [caseId], choices: plainChoices, dir: "ltr" as const, today: "2026-12-01" };
  const { damagedNotes, cases } = await acts.planCaseFile(input, told());
  assert.deepEqual(damagedNotes, [{ name: cases[0], notes: [2] }]);
});

for (const [what, on, status] of [
  ["before any that the server counts", "1969-12-31", 400],
  ["in the year 0", "0000-01-01", 400],
  ["the first", "1970-01-01", 204],
  ["the last", "9999-12-31", 204],
] as const)
  test(`a reminder for a day ${what} shuts the case to nobody`, async () => {
    const { team } = await openCase(rosa, caseId);
    assert.ok(team.state === "open");
    const headers = { ...rosa.session.headers, "x-team-token": toBase64Url(tokenOf(team.key)) };
    const body = { on, second: null };
    const answer = await ask(served.portal.consoleUrl, "PUT", `/cases/${caseId}/reminder`, body, headers);
    assert.equal(answer.status, status);
    assert.ok((await openCase(carl, caseId)).entries.length > 0);
    assert.ok((await mailbox()).entries.length > 0);
  });

for (const draft of [
  { act: "clock", deadline: "GDPR_DSAR", from: "9999-12-31", reason: "x" },
  { act: "clock", deadline: "GDPR_DSAR", from: "0001-01-01T00:00:00Z", reason: "x" },
  { act: "done", deadline: "CA_UPDATE", on: "9999-12-31", how: "done", reason: "x" },
  { act: "assess", on: "0000-01-01" },
  { act: "retain", deleteOn: "9999-12-31", reason: "x" },
] as const)
  test(`an act of a day that no case has, ${JSON.stringify(draft)}, shuts the case to nobody`, async () => {
    const { entries } = viewCase(carl.session.chain, await openCase(carl, caseId)).team;
    await writeAct(rosa, caseId, draft, {}, await withoutFiles(rosa, caseId));
    const seen = viewCase(carl.session.chain, await openCase(carl, caseId));
    assert.equal(seen.team.entries.length, entries.length + 1, "it stands in the log");
    assert.ok(seen.duties.clocks.length > 0);
    await setReminder(carl, await openCase(carl, caseId), seen.duties.next, null);
    await openCase(rosa, caseId);
  });

test("who names somebody that was left out, to be told of the date, is overruled by the next desk that opens the case", async () => {
  const { nia } = served.organisation.members;
  await tell(served, { title: "Without Nia", excluded: [nia.id] });
  const id = (await findByTitle(served, rosa, "Without Nia"))!;
  await findByTitle(served, carl, "Without Nia");
  const { open } = await withTeam(rosa, id);
  const { next } = viewCase(rosa.session.chain, open).duties;
  await setReminder(rosa, open, next, nia.id);
  const seen = await openCase(carl, id);
  assert.equal(seen.lookup.second, nia.id);
  await remind(carl, seen, viewCase(carl.session.chain, seen).duties);
  const { second } = (await openCase(carl, id)).lookup;
  assert.ok(second !== null && open.readers.includes(second), String(second));
});

test("who was a reader and has another role now is told of no case, and changes and deletes none", async () => {
  const { team, caseKey } = await openCase(carl, caseId);
  assert.ok(team.state === "open");
  const { consoleUrl } = served.portal;
  const tokens = { "x-case-token": toBase64Url(tokenOf(caseKey!)), "x-team-token": toBase64Url(tokenOf(team.key)) };
  const headers = { ...carl.session.headers, ...tokens };
  const lookUp = async (): Promise<unknown> =>
    (await ask(consoleUrl, "POST", "/cases/lookup", tokenOf(caseKey!), carl.session.headers)).json;
  assert.notDeepEqual(await lookUp(), [null]);
  const { id } = served.organisation.members.carl;
  await postRosterAfter(served, (content) => ({
    ...content,
    members: content.members.map((member) => (member.id === id ? { ...member, roles: ["operator"] } : member)),
    channels: content.channels.map((each) => ({ ...each, readers: each.readers.filter((reader) => reader !== id) })),
  }));
  assert.deepEqual(await lookUp(), [null]);
  for (const [method, path, body] of [
    ["GET", "/streams/0"],
    ["GET", "/streams/1"],
    ["POST", "/streams/1", new Uint8Array(1000)],
    ["PUT", "/reminder", { on: null, second: null }],
    ["DELETE", ""],
  ] as const)
    assert.equal((await ask(consoleUrl, method, `/cases/${caseId}${path}`, body, headers)).status, 404, method + path);
  assert.equal((await ask(consoleUrl, "GET", "/feed", undefined, carl.session.headers)).status, 200, "still signed in");
});
