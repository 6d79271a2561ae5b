/** The date of deletion and the hold: who sets them, what they do, and who may not. What is left afterwards: shredding.test.ts. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import SQLite from "better-sqlite3";
import { fromHex, toBase64Url } from "../../crypto/bytes.ts";
import { tokenOf } from "../../crypto/keys.ts";
import { caseIndex } from "../../crypto/vault.ts";
import { shredDue } from "../../server/app/shred-case.ts";
import type { ActDraft, VisibleChange } from "../../views/browser/client/case-acts.ts";
import { tipOf } from "../../views/browser/client/appending.ts";
import { appendToTeam, decide, deleteCase, withTeam } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { draftMessage } from "../../views/browser/client/mailbox.ts";
import { goingDay } from "../../views/browser/console/keeping.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { aCase, act, closedCase, setDate, setHold, TurnedClock, visit, type Case } from "../support/dated-cases.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";

const clock = new TurnedClock();
const inDays = (days: number): string => clock.inDays(days);

let served: ServedOrganisation;
let rosa: Desk;

before(async () => {
  served = await serveOrganisation({}, 2, { clock });
  rosa = await deskOf(served, served.organisation.members.rosa.seed);
});
after(() => served.portal.discard());

async function seen(desk: Desk, caseId: string): Promise<{ deleteOn: string | null; hold: boolean }> {
  const { deleteOn, hold } = (await openCase(desk, caseId)).lookup as unknown as {
    deleteOn: string | null;
    hold: boolean;
  };
  return { deleteOn, hold };
}

/** Sessions end within the day: whoever comes back signs in again. */
async function later(days: number): Promise<void> {
  clock.ahead += days;
  rosa = await deskOf(served, served.organisation.members.rosa.seed);
  await syncFeed(rosa);
  await listCases(rosa);
}

describe("the date", () => {
  test("set by one reader, seen by another, it deletes on its day and not before; the mailbox says when", async () => {
    const { code, caseId } = await closedCase(served, rosa, "Goes by itself");
    const other = await deskOf(served, served.organisation.members.carl.seed);
    assert.equal(await findByTitle(served, other, "Goes by itself"), caseId);
    assert.deepEqual(await seen(other, caseId), { deleteOn: null, hold: false });
    await setDate(rosa, caseId, inDays(3));
    assert.deepEqual(await seen(other, caseId), { deleteOn: inDays(3), hold: false });
    const signed = await openCase(other, caseId);
    assert.ok(signed.team.state === "open");
    const content = signed.team.entries.at(-1)!.content;
    assert.ok("act" in content && content.act === "retain");
    assert.deepEqual([content.deleteOn, content.reason], [inDays(3), "Our rule"]);

    assert.equal(await shredDue(served.portal.context), 0);
    await later(2);
    assert.equal(await shredDue(served.portal.context), 0);
    assert.equal((await visit(served, code)).is, "open");
    await later(1);
    assert.equal(await shredDue(served.portal.context), 1);
    assert.deepEqual(await visit(served, code), { is: "deleted", on: clock.today() });
    assert.equal(await shredDue(served.portal.context), 0);
  });

  test("another reader moves it and takes it back; then nothing happens on any day", async () => {
    const { code, caseId } = await closedCase(served, rosa, "Moved");
    const other = await deskOf(served, served.organisation.members.carl.seed);
    await findByTitle(served, other, "Moved");
    await setDate(rosa, caseId, inDays(2));
    await setDate(other, caseId, inDays(400));
    assert.equal((await seen(rosa, caseId)).deleteOn, inDays(400));
    await setDate(rosa, caseId, null);
    assert.equal((await seen(other, caseId)).deleteOn, null);
    await later(401);
    assert.equal(await shredDue(served.portal.context), 0);
    assert.equal((await visit(served, code)).is, "open");
  });

  test("opening the case again takes it away", async () => {
    const { code, caseId } = await closedCase(served, rosa, "Opened again");
    await setDate(rosa, caseId, inDays(2));
    await decide(rosa, caseId, { phase: "open", disposition: null, reason: "new facts" });
    assert.equal((await seen(rosa, caseId)).deleteOn, null);
    await decide(rosa, caseId, { phase: "closed", disposition: "substantiated", reason: "done" });
    await later(3);
    assert.equal(await shredDue(served.portal.context), 0);
    assert.equal((await visit(served, code)).is, "open");
  });

  test("what the reporter writes to a closed case stays for thirty days, so that somebody can read it", async () => {
    const { code, caseId } = await closedCase(served, rosa, "Written to");
    await setDate(rosa, caseId, inDays(2));
    await later(1);
    const found = await visit(served, code);
    assert.ok(found.is === "open");
    await draftMessage(found.open, { text: "One more thing.", files: [] }).send();
    const listing = (await openCase(rosa, caseId)).listing;
    assert.equal(goingDay(listing), inDays(30), "readers see when it goes");
    await later(29);
    assert.equal(await shredDue(served.portal.context), 0);
    assert.equal((await visit(served, code)).is, "open");
    await later(1);
    assert.equal(await shredDue(served.portal.context), 1);
  });

  test("one damaged case hides no other, and keeps none from going", async () => {
    const [damaged, sound] = [await closedCase(served, rosa, "Damaged"), await closedCase(served, rosa, "Sound")];
    for (const { caseId } of [damaged, sound]) await setDate(rosa, caseId, inDays(1));
    const { context, dataDir } = served.portal;
    const idx = caseIndex(context.keys.index, fromHex(damaged.caseId));
    const db = new SQLite(join(dataDir, "portal.sqlite"));
    const kept = db.prepare<[Uint8Array], Buffer>("SELECT state FROM cases WHERE idx = ?").pluck().get(idx)!;
    const spoiled = Buffer.from(kept);
    spoiled[100]! ^= 1;
    db.prepare("UPDATE cases SET state = ? WHERE idx = ?").run(spoiled, idx);
    const listed = (await listCases(rosa)).listings.map((each) => each.caseId);
    assert.deepEqual([listed.includes(sound.caseId), listed.includes(damaged.caseId), rosa.damaged], [true, false, 1]);
    clock.ahead += 1;
    assert.equal(await shredDue(context), 1);
    assert.equal((await visit(served, sound.code)).is, "deleted");
    db.prepare("UPDATE cases SET state = ? WHERE idx = ?").run(kept, idx);
    db.close();
    assert.equal(await shredDue(context), 1);
    assert.equal((await visit(served, damaged.code)).is, "deleted");
    await later(0);
  });
});

describe("the hold", () => {
  test("blocks the hand and the date; lifted after the day, the case goes at the next turn", async () => {
    const { code, caseId } = await closedCase(served, rosa, "Held");
    const other = await deskOf(served, served.organisation.members.carl.seed);
    await findByTitle(served, other, "Held");
    await setDate(rosa, caseId, inDays(1));
    await setHold(other, caseId, true);
    assert.deepEqual(await seen(rosa, caseId), { deleteOn: inDays(1), hold: true });
    await assert.rejects(deleteCase(rosa, caseId), { code: "refused" });
    await later(5);
    assert.equal(await shredDue(served.portal.context), 0);
    assert.equal((await visit(served, code)).is, "open");
    await setHold(rosa, caseId, false);
    assert.equal(await shredDue(served.portal.context), 1);
    assert.deepEqual(await visit(served, code), { is: "deleted", on: clock.today() });
  });

  test("put on at the very moment at which the case is due: either it holds, or the case was gone first", async () => {
    for (let i = 0; i < 2; i++) {
      const { code, caseId } = await closedCase(served, rosa, `At once ${i}`);
      await setDate(rosa, caseId, inDays(1));
      await later(1);
      const [held, gone] = await Promise.allSettled([setHold(rosa, caseId, true), shredDue(served.portal.context)]);
      assert.equal(gone.status, "fulfilled");
      const { is } = await visit(served, code);
      if (held.status === "fulfilled") assert.deepEqual([is, gone.value], ["open", 0]);
      else assert.deepEqual([is, gone.value, held.reason.code], ["deleted", 1, "missing"]);
    }
  });

  test("is put on a case that is open, stays through closing, and once lifted the hand deletes", async () => {
    const { code, caseId } = await aCase(served, rosa, "Held while open");
    await setHold(rosa, caseId, true);
    await decide(rosa, caseId, { phase: "closed", disposition: "referred", reason: "to the court" });
    assert.deepEqual(await seen(rosa, caseId), { deleteOn: null, hold: true });
    await assert.rejects(deleteCase(rosa, caseId), { code: "refused" });
    await setHold(rosa, caseId, false);
    assert.notEqual(await deleteCase(rosa, caseId), null);
    assert.equal((await visit(served, code)).is, "deleted");
  });
});

describe("refused, and nothing changes", () => {
  let open: Case;
  let closed: Case;
  before(async () => {
    open = await aCase(served, rosa, "Refused while open");
    closed = await closedCase(served, rosa, "Refused when closed");
    await withTeam(rosa, open.caseId);
  });

  const retain = (deleteOn: string | null): ActDraft => ({ act: "retain", deleteOn, reason: "" });
  for (const [what, attempt, code] of [
    ["a date for a case that is open", () => setDate(rosa, open.caseId, inDays(9)), "refused"],
    ["a day that is over", () => setDate(rosa, closed.caseId, inDays(-1)), "refused"],
    ["today: deleting now is done by hand", () => setDate(rosa, closed.caseId, inDays(0)), "refused"],
    ["a day that there is not", () => act(rosa, closed.caseId, retain(null), { deleteOn: "2027-02-30" }), "format"],
    ["a day in words", () => act(rosa, closed.caseId, retain(null), { deleteOn: "tomorrow" }), "format"],
    [
      "a date with the act that opens the case",
      () => act(rosa, closed.caseId, retain(inDays(9)), { phase: "open", deleteOn: inDays(9) }),
      "refused",
    ],
  ] as [string, () => Promise<unknown>, string][])
    test(what, async () => {
      const before = [await seen(rosa, open.caseId), await seen(rosa, closed.caseId)];
      await assert.rejects(attempt, { code });
      assert.deepEqual([await seen(rosa, open.caseId), await seen(rosa, closed.caseId)], before);
    });

  for (const headers of [{ "x-delete-on": "none" }, { "x-hold": "on" }] as Record<string, string>[])
    test(`${Object.keys(headers)[0]} on a note`, async () => {
      await withTeam(rosa, closed.caseId);
      const { envId } = await withoutFiles(rosa, closed.caseId);
      const content = (now: Awaited<ReturnType<typeof openCase>>) => ({
        text: "x",
        files: [],
        conversation: tipOf(now),
      });
      await assert.rejects(appendToTeam(rosa, closed.caseId, { kind: "note", envId, object: null, content, headers }), {
        code: "format",
      });
      assert.deepEqual(await seen(rosa, closed.caseId), { deleteOn: null, hold: false });
    });

  /** The very request that an act makes, not sent. */
  async function requestOf(
    caseId: string,
    draft: ActDraft,
    visible: VisibleChange,
  ): Promise<{ path: string; body: Uint8Array; headers: Record<string, string> }> {
    const { session } = rosa;
    const send = session.send.bind(session);
    const caught: { path: string; body: Uint8Array; headers: Record<string, string> }[] = [];
    session.send = async (path, options) => {
      if (options?.method !== "POST" || !path.endsWith("/streams/1")) return send(path, options);
      caught.push({ path, body: options.body as Uint8Array, headers: options.headers as Record<string, string> });
      throw new Error("caught");
    };
    try {
      await assert.rejects(act(rosa, caseId, draft, visible), /caught/);
    } finally {
      Reflect.deleteProperty(session, "send");
    }
    return caught[0]!;
  }

  test("without a session, without or with another case's token, by the charter holder, spoiled, for another case", async () => {
    const { consoleUrl } = served.portal;
    const request = await requestOf(closed.caseId, retain(inDays(9)), { deleteOn: inDays(9) });
    assert.equal(request.headers["x-delete-on"], inDays(9));
    const team = async (id: string): Promise<string> => toBase64Url(tokenOf((await withTeam(rosa, id)).key));
    const authorization = await served.signIn(served.organisation.members.rosa);
    const dated = { "x-delete-on": inDays(9) };
    const token = { "x-team-token": await team(closed.caseId) };
    const { caseKey } = await openCase(rosa, closed.caseId);
    const post = (headers: Record<string, string>, path = request.path, body = request.body): Promise<Answer> =>
      ask(consoleUrl, "POST", path, body, headers);
    const spoiled = request.body.slice();
    spoiled[12]! ^= 1;
    const elsewhere = request.path.replace(closed.caseId, open.caseId);
    const answers = [
      await post({ ...dated, ...token }),
      await post({ ...dated, authorization }),
      await post({ ...dated, authorization, "x-case-token": toBase64Url(tokenOf(caseKey!)) }),
      await post({ ...dated, authorization, "x-team-token": await team(open.caseId) }),
      await post({ ...dated, ...token, authorization: await served.signIn("charter") }),
      await post({ ...dated, ...token, authorization, "x-hold": "perhaps" }),
      await post({ ...dated, ...token, authorization }, request.path, spoiled),
      await post({ ...dated, authorization, "x-team-token": await team(open.caseId) }, elsewhere),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [403, 404, 404, 404, 403, 400, 400, 400],
    );
    assert.deepEqual(await seen(rosa, closed.caseId), { deleteOn: null, hold: false });
    assert.deepEqual(await seen(rosa, open.caseId), { deleteOn: null, hold: false });
    // Control: as it was made it is taken, and once only.
    assert.equal((await post({ ...dated, ...token, authorization })).status, 201);
    assert.equal((await seen(rosa, closed.caseId)).deleteOn, inDays(9));
    await setDate(rosa, closed.caseId, null);
    assert.equal((await post({ ...dated, ...token, authorization })).status, 201);
    assert.equal((await seen(rosa, closed.caseId)).deleteOn, null, "sent again it sets no date");
  });

  test("a member whom the reporter left out finds no case to put a date on", async () => {
    const { carl } = served.organisation.members;
    const title = "Without Carl";
    await tell(served, { title, excluded: [carl.id] });
    const caseId = (await findByTitle(served, rosa, title))!;
    await decide(rosa, caseId, { phase: "closed", disposition: "withdrawn", reason: "asked" });
    const desk = await deskOf(served, carl.seed);
    assert.equal(await findByTitle(served, desk, title), null);
    await assert.rejects(openCase(desk, caseId), { code: "missing" });
    const { consoleUrl } = served.portal;
    const authorization = await served.signIn(carl);
    const guess = { authorization, "x-team-token": toBase64Url(randomBytes(32)), "x-delete-on": inDays(1) };
    const request = await requestOf(caseId, retain(inDays(1)), { deleteOn: inDays(1) });
    assert.equal((await ask(consoleUrl, "POST", request.path, request.body, guess)).status, 404);
  });
});
