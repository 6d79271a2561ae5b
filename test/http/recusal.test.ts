/**
 * Conflict first: who steps back, or leaves the list of members, reads nothing of what comes after, whatever they kept
 * and whatever the server hands them; everybody else goes on as before, the reporter too.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { fromBase64, fromHex, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { openConversation, openOwnSlot } from "../../crypto/envelope/open.ts";
import { openTeamStream } from "../../crypto/envelope/open-team.ts";
import { parseWithoutSlots } from "../../crypto/envelope/wire.ts";
import { tokenOf } from "../../crypto/keys.ts";
import { readEnvelopes, findCase } from "../../server/app/case-state.ts";
import { decide, reply, summarise, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase, type OpenCase } from "../../views/browser/client/casework.ts";
import { lookForNew } from "../../views/browser/client/grown.ts";
import { newestKey, syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { formatKept, parseKept } from "../../views/browser/client/key-cache.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { draftMessage, openMailboxByCode, type OpenMailbox } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { declare, gateOf, openAndRenew } from "../../views/browser/client/recusal.ts";
import { leftOutWithoutReason, staleKeys } from "../../views/browser/client/rekeying.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const title = "The press was switched back on";
let served: ServedOrganisation;
let rosa: Desk;
let carl: Desk;
let nia: Desk;
let caseId: string;
let code: string;

before(async () => {
  served = await serveOrganisation();
  code = await tell(served, { title });
  const { members } = served.organisation;
  rosa = await deskOf(served, members.rosa.seed);
  carl = await deskOf(served, members.carl.seed);
  nia = await deskOf(served, members.nia.seed);
  caseId = (await findByTitle(served, rosa, title))!;
  for (const desk of [carl, nia]) assert.equal(await findByTitle(served, desk, title), caseId);
});
after(() => served.portal.discard());

const mailboxOf = async (words: string): Promise<OpenMailbox> => {
  const api = { origin: served.portal.reporterUrl };
  return (await openMailboxByCode(api, (await fetchPortal(api)).chain!, words))!;
};
const note = async (desk: Desk, text: string): Promise<OpenCase> =>
  writeNote(desk, caseId, text, await withoutFiles(desk, caseId));
const textsOf = ({ entries }: Pick<OpenCase, "entries">): string[] =>
  entries.flatMap(({ content }) => ("text" in content ? [content.text] : []));
const notesOf = ({ team }: OpenCase): string[] => (team.state === "open" ? textsOf(team) : []);

suite("a reader with a conflict", () => {
  let before: OpenCase;
  let mailbox: OpenMailbox;

  test("is asked first, and whoever declares none opens the case", async () => {
    assert.equal(gateOf(rosa, await openCase(rosa, caseId)), "ask");
    const listed = async (): Promise<unknown> =>
      (await listCases(rosa)).listings.map((each) => [each.gate, each.title]);
    assert.deepEqual(await listed(), [["undeclared", ""]]);
    assert.equal((await declare(rosa, caseId, false, "")).is, "open");
    assert.deepEqual(await listed(), [["cleared", title]]);
    assert.deepEqual(
      (await listCases(carl)).listings.map((each) => [each.gate, each.title]),
      [["undeclared", ""]],
      "for another reader nothing was said",
    );
    await note(rosa, "before");
    await declare(nia, caseId, false, "");
    before = await openCase(carl, caseId);
    assert.deepEqual(notesOf(before), ["before"], "until they step back, the keys are theirs");
    mailbox = await mailboxOf(code);
  });

  test("loses it at once, also in a browser that kept nothing", async () => {
    assert.deepEqual(await declare(carl, caseId, true, "A friend is named"), { is: "gone" });
    assert.deepEqual((await listCases(carl)).listings, []);
    assert.equal(carl.held.length, 0, "no key of it is kept");
    const kept = parseKept(formatKept(carl));
    assert.equal(kept.held.length, 0);
    carl.tick = 0;
    await syncFeed(carl);
    assert.equal(carl.held.length, 0, "nor opened from the feed again");
    const fresh = await deskOf(served, served.organisation.members.carl.seed);
    assert.deepEqual((await lookForNew(fresh, Infinity)).listings, [], "their own act says so");
    assert.equal(fresh.held.length, 0);
  });

  test("gets no part in the keys that the next reader makes", async () => {
    const open = await openAndRenew(rosa, caseId);
    assert.deepEqual(staleKeys(rosa, open), { team: null, conversation: null }, "once is enough");
    assert.deepEqual([open.keyEpoch, open.team.state === "open" && open.team.keys.length], [1, 2]);
    const { carl: left } = served.organisation.members;
    assert.ok(!open.readers.includes(left.id));
    assert.deepEqual(leftOutWithoutReason(rosa, open), []);
    await summarise(rosa, caseId, 0);
    const fresh = await deskOf(served, left.seed);
    await syncFeed(fresh);
    assert.deepEqual([(await listCases(fresh)).listings, fresh.withdrawn], [[], 1]);
  });

  test("and the others go on: the reporter with an old page, a second reader with an old key, a first one", async () => {
    await reply(rosa, caseId, { text: "under the new key", status: null }, await withoutFiles(rosa, caseId));
    const sent = await draftMessage(mailbox, { text: "from an old page", files: [] }).send();
    assert.deepEqual([sent.keys.length, sent.readers.includes(carl.session.me.id)], [2, false]);
    assert.deepEqual(textsOf(sent), ["under the new key", "from an old page"]);
    await note(nia, "second reader");
    await note(rosa, "first reader");
    const open = await openCase(nia, caseId);
    assert.deepEqual(textsOf(open), ["under the new key", "from an old page"]);
    assert.deepEqual(notesOf(open), ["before", "second reader", "first reader"]);
    const again = await mailboxOf(code);
    assert.deepEqual(textsOf(again), textsOf(sent));
    assert.equal((await listCases(nia)).listings[0]!.title, title, "its summary is under the new keys");
  });

  test("opens nothing of that with all that is stored and all that they ever had", async () => {
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    const conversation = await readEnvelopes(context, found, 0, 0, found.state.conversation.length);
    const team = await readEnvelopes(context, found, 1, 0, found.state.team.length);
    const { chain, secrets, me } = carl.session;
    const id = fromHex(caseId, 32);
    const opened = openConversation(conversation, chain, id, before.held.caseKeys[0]!, "mark", (rekey, roster) =>
      openOwnSlot(rekey, roster, me.id, secrets),
    );
    assert.deepEqual(
      opened.entries.map(({ kind }) => kind),
      ["report", "damaged", "damaged", "damaged"],
      "the new key's envelope and everything behind it",
    );
    assert.deepEqual(textsOf(opened), []);
    assert.ok(before.team.state === "open");
    const { key } = before.team;
    assert.throws(() => openTeamStream(team, chain, id, key, before.report, "mark"), { code: "forged" });
    // What was theirs before the new key still opens: nobody can take back what was read.
    const old = team.slice(0, before.team.entries.length);
    assert.equal(openTeamStream(old, chain, id, key, before.report).entries.length, old.length);
  });

  test("is refused by the server with every token they had, and told no more than that there is a newer key", async () => {
    const { consoleUrl } = served.portal;
    assert.ok(before.team.state === "open");
    const caseToken = toBase64Url(tokenOf(newestKey({ ...before.held, caseKeys: before.held.caseKeys })));
    const teamToken = toBase64Url(tokenOf(before.team.key));
    const get = async (stream: number, headers: Record<string, string>): Promise<number> => {
      const path = `/cases/${caseId}/streams/${stream}`;
      return (await ask(consoleUrl, "GET", path, undefined, { ...carl.session.headers, ...headers })).status;
    };
    assert.deepEqual(
      [
        await get(0, { "x-case-token": caseToken }),
        await get(1, { "x-case-token": caseToken }),
        await get(1, { "x-team-token": teamToken }),
      ],
      [409, 409, 409],
    );
    const looked = await ask(consoleUrl, "POST", "/cases/lookup", tokenOf(before.caseKey!), carl.session.headers);
    const [answer] = looked.json as unknown as { moved: { envelope: string; slot: string } }[];
    assert.deepEqual(Object.keys(answer!), ["moved"]);
    assert.deepEqual(Object.keys(answer!.moved), ["envelope", "slot"]);
    const rekey = parseWithoutSlots(fromBase64(answer!.moved.envelope));
    assert.deepEqual([rekey.header.kind, rekey.slots.length], ["rekey", 0], "sealed under the key that is not theirs");
    const keys = await ask(consoleUrl, "POST", "/cases/team-keys", tokenOf(before.caseKey!), carl.session.headers);
    assert.deepEqual(keys.json, [null]);
  });
});

test("two readers who make new keys at the same moment end with the same ones", async () => {
  const other = await tell(served, { title: "At the same moment" });
  const [first, second, third] = [rosa, nia, carl];
  const id = (await findByTitle(served, first, "At the same moment"))!;
  for (const desk of [second, third]) await findByTitle(served, desk, "At the same moment");
  for (const desk of [first, second]) await declare(desk, id, false, "");
  await declare(third, id, true, "");
  const opened = await Promise.all([openAndRenew(first, id), openAndRenew(second, id)]);
  const now = await Promise.all([openCase(first, id), openCase(second, id)]);
  assert.deepEqual(
    now.map(({ keyEpoch, team }) => [keyEpoch, team.state === "open" ? team.keys.length : 0]),
    [
      [1, 2],
      [1, 2],
    ],
  );
  assert.equal(toHex(now[0].caseKey!), toHex(now[1].caseKey!));
  assert.equal(opened.length, 2);
  assert.equal((await mailboxOf(other)).keys.length, 2);
});

test("who said 'conflict' in one browser cannot say 'none' in another, and is told that the case is gone", async () => {
  await tell(served, { title: "Two browsers" });
  const id = (await findByTitle(served, rosa, "Two browsers"))!;
  const [one, two] = [nia, await deskOf(served, served.organisation.members.nia.seed)];
  for (const desk of [one, two]) await findByTitle(served, desk, "Two browsers");
  await declare(rosa, id, false, "");
  await declare(one, id, true, "");
  assert.deepEqual(await declare(two, id, false, ""), { is: "gone" }, "before a look at the list saw it");
  assert.deepEqual(await declare(two, id, false, ""), { is: "gone" }, "and after");
});

test("who steps back while a colleague has the case open reads nothing that the colleague writes next", async () => {
  await tell(served, { title: "Open at that moment" });
  const id = (await findByTitle(served, rosa, "Open at that moment"))!;
  await findByTitle(served, nia, "Open at that moment");
  await declare(rosa, id, false, "");
  await writeNote(rosa, id, "before", await withoutFiles(rosa, id));
  const theirs = await openCase(nia, id);
  assert.deepEqual(notesOf(theirs), ["before"]);
  const { caseKeys } = theirs.held;
  await declare(nia, id, true, "");
  // Rosa's page does not know of it yet.
  await reply(rosa, id, { text: "not for her", status: null }, await withoutFiles(rosa, id));
  const open = await writeNote(rosa, id, "nor this", await withoutFiles(rosa, id));
  assert.deepEqual([open.keyEpoch, open.team.state === "open" ? open.team.keys.length : 0], [1, 2]);
  const found = (await findCase(served.portal.context, fromHex(id)))!;
  const raw = await readEnvelopes(served.portal.context, found, 0, 0, found.state.conversation.length);
  const { chain } = nia.session;
  const opened = openConversation(raw, chain, fromHex(id, 32), caseKeys.at(-1)!, "mark");
  assert.deepEqual(textsOf(opened), []);
});

test("nobody steps back from a case that nobody else could read", async () => {
  const { members } = served.organisation;
  const others = [members.carl.id, members.nia.id];
  await tell(served, { title: "Only one", excluded: others });
  const id = (await findByTitle(served, rosa, "Only one"))!;
  const paper = await deskOf(served, members.paper.seed);
  await findByTitle(served, paper, "Only one");
  assert.equal((await declare(paper, id, true, "")).is, "gone", "while Rosa can");
  assert.deepEqual(await declare(rosa, id, true, ""), { is: "alone" });
  assert.equal((await declare(rosa, id, false, "")).is, "open");
});

test("closing and reopening go on under new keys, and the server's phase with them", async () => {
  const done = { phase: "closed", disposition: "substantiated", reason: "Shown" } as const;
  assert.equal((await decide(rosa, caseId, done)).lookup.phase, "closed");
  assert.equal((await decide(nia, caseId, { phase: "open", disposition: null, reason: "More" })).lookup.phase, "open");
});

suite("a reader who leaves the list of members", () => {
  let own: ServedOrganisation;
  before(async () => {
    own = await serveOrganisation({}, 1);
  });
  after(() => own.portal.discard());

  test("has no part in the keys that the next reader makes, and nobody else is left out", async () => {
    await tell(own, { title: "Before she left" });
    const { members } = own.organisation;
    const first = await deskOf(own, members.rosa.seed);
    const id = (await findByTitle(own, first, "Before she left"))!;
    const dana = await deskOf(own, members.dana.seed);
    assert.equal(await findByTitle(own, dana, "Before she left"), id);
    await declare(first, id, false, "");
    assert.equal((await own.postRoster(2)).status, 201);
    await first.session.refreshRosters();
    const open = await openAndRenew(first, id);
    assert.equal(open.keyEpoch, 1);
    assert.deepEqual(
      [...open.readers].toSorted((a, b) => a - b),
      [members.rosa.id, members.carl.id, members.paper.id],
      "not Dana, who left, and not Nia, who came later",
    );
    const counsel = await deskOf(own, members.carl.seed);
    assert.equal(await findByTitle(own, counsel, "Before she left"), id);
    assert.equal((await openCase(counsel, id)).caseKey !== null, true);
  });
});
