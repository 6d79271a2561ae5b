/**
 * A colleague or the server that wants a reader out of a case, or in it: by a word in a summary, a stream that does
 * not verify or is full, a renewal at the wrong moment. Who did not step back keeps the case; who did is out.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { concat, fromHex, toBase64, u64le } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { sealTeamSummary } from "../../crypto/team-summary.ts";
import { findCase, nothingWritten, storeState } from "../../server/app/case-state.ts";
import { writeAct } from "../../views/browser/client/case-acts.ts";
import { summaryOf } from "../../views/browser/client/case-work.ts";
import { reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { forgetHeld, syncFeed, teamToken, type Desk } from "../../views/browser/client/held-cases.ts";
import { formatKept, parseKept } from "../../views/browser/client/key-cache.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { declare, gateOf, openAndRenew } from "../../views/browser/client/recusal.ts";
import { leftOutWithoutReason } from "../../views/browser/client/rekeying.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import { type ServedOrganisation } from "../support/organisation-server.ts";
import { listed, serveReaders, type Readers } from "../support/three-readers.ts";

let served: ServedOrganisation;
let [rosa, carl]: Desk[] = [];
let newCase: Readers["newCase"];
let newest: Readers["newest"];

before(async () => {
  ({ served, rosa, carl, newCase, newest } = await serveReaders());
});
after(() => served.portal.discard());

/** A summary that says of Carl what Rosa wants. */
async function lie(caseId: string, said: { recused?: number[]; cleared?: number[] }): Promise<void> {
  const open = await openCase(rosa!, caseId);
  assert.ok(open.team.state === "open");
  const { session } = rosa!;
  const version = (open.lookup.summary?.version ?? 0) + 1;
  const of = { portalId: session.chain.portalId, caseId: open.caseId, caseKey: open.caseKey!, teamKey: open.team.key };
  const summary = { ...summaryOf(open, 0), ...said };
  const writer = { id: session.me.id, signKey: session.secrets.sign.secretKey };
  const body = concat(u64le(version), sealTeamSummary(summary, version, writer, of));
  await session.send(`/cases/${caseId}/summary`, { method: "PUT", headers: teamToken(open.team.key), body });
}

suite("what a colleague's summary says of another reader", () => {
  for (const [what, cleared] of [
    ["who declared none", true],
    ["who said nothing yet", false],
  ] as const)
    test(`that they stepped back takes nothing from one ${what}`, async () => {
      const caseId = await newCase();
      await declare(rosa!, caseId, false, "");
      if (cleared) await declare(carl!, caseId, false, "");
      await lie(caseId, { recused: [carl!.session.me.id] });
      const expected = cleared ? [`cleared${newest().title}`] : ["undeclared"];
      assert.deepEqual(await listed(carl!, caseId), expected);
      const fresh = await deskOf(served, served.organisation.members.carl.seed);
      assert.deepEqual(await listed(fresh, caseId), expected, "nor in a browser that kept nothing");
      assert.equal((await openCase(carl!, caseId)).entries.length, 1);
    });

  test("that they declared none opens nothing to one who stepped back", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    const fresh = await deskOf(served, served.organisation.members.carl.seed);
    await declare(carl!, caseId, true, "A friend");
    await lie(caseId, { recused: [], cleared: [carl!.session.me.id] });
    await syncFeed(fresh);
    await listCases(fresh);
    assert.equal(gateOf(fresh, await openCase(fresh, caseId)), "gone");
  });
});

suite("a team's stream that does not verify", () => {
  /** The server loses what stands where the team's key stood. */
  const shut = async (caseId: string): Promise<void> => {
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    // To a place where something stands that carries no team key.
    await storeState(context, found, { ...found.state, teamKeySeq: found.state.team.length - 1 });
  };

  test("leaves the conversation to who declares, on this device, that they have no conflict", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await writeNote(rosa!, caseId, "a note", await withoutFiles(rosa!, caseId));
    await shut(caseId);
    const open = await openCase(carl!, caseId);
    assert.deepEqual([open.team.state, gateOf(carl!, open)], ["damaged", "ask"]);
    const declared = await declare(carl!, caseId, false, "");
    assert.ok(declared.is === "open");
    assert.deepEqual([declared.open.entries.length, declared.open.listing.gate], [1, "cleared"]);
    assert.equal(gateOf(carl!, declared.open), "open", "and is not asked again");
    assert.equal(declared.open.listing.teamDamaged, true, "and says what is wrong");
    const told = await reply(carl!, caseId, { text: "I read it", status: null }, await withoutFiles(carl!, caseId));
    assert.equal(told.entries.length, 2);
    const kept = parseKept(formatKept(carl!));
    assert.equal(kept.held.find(({ ctx }) => toBase64(ctx) === toBase64(open.held.ctx))?.cleared, true);
  });

  test("keeps nobody from stepping back", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await shut(caseId);
    assert.deepEqual(await declare(carl!, caseId, true, ""), { is: "gone" });
    assert.deepEqual(await listed(carl!, caseId), []);
  });
});

suite("a team's stream that a colleague filled", () => {
  const fill = async (caseId: string): Promise<void> => {
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    await storeState(context, found, { ...found.state, written: { ...nothingWritten, team: 16 * 1024 * 1024 } });
  };

  test("keeps nobody from reading who has no conflict", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await fill(caseId);
    const declared = await declare(carl!, caseId, false, "");
    assert.ok(declared.is === "open");
    assert.equal(gateOf(carl!, await openCase(carl!, caseId)), "open", "and is not asked again on this device");
    assert.deepEqual(await listed(carl!, caseId), [`cleared${newest().title}`]);
  });

  test("keeps nobody in the case who has one", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await fill(caseId);
    assert.deepEqual(await declare(carl!, caseId, true, ""), { is: "gone" });
    assert.deepEqual(await listed(carl!, caseId), []);
  });
});

suite("who steps back", () => {
  test("last of two at the same moment is told that nobody else is left", async () => {
    const { members } = served.organisation;
    await tell(served, { title: "Two of them", excluded: [members.nia.id, members.paper.id] });
    const id = (await findByTitle(served, rosa!, "Two of them"))!;
    await findByTitle(served, carl!, "Two of them");
    await declare(rosa!, id, false, "");
    const said = await Promise.all([declare(rosa!, id, true, ""), declare(carl!, id, true, "")]);
    assert.deepEqual(said.map(({ is }) => is).toSorted(), ["alone", "gone"]);
    const [left, gone] = said[0].is === "alone" ? [rosa!, carl!] : [carl!, rosa!];
    assert.ok(left.cases.has(id) && !gone.cases.has(id));
  });

  test("is out, and told so, however soon the next reader makes new keys", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    const session = carl!.session;
    let renewed = false;
    // Rosa opens the case between Carl's act and what his console does next.
    const racing = Object.create(session) as Desk["session"];
    Object.defineProperties(racing, {
      send: {
        value: async (path: string, call: object = {}) => {
          const answer = await session.send(path, call);
          if (!renewed && (call as { method?: string }).method === "POST" && path.endsWith("/streams/1")) {
            renewed = true;
            await openAndRenew(rosa!, caseId);
          }
          return answer;
        },
      },
      ...Object.fromEntries(
        (["chain", "me", "secrets", "headers", "api"] as const).map((name) => [name, { get: () => session[name] }]),
      ),
      sendForBytes: { value: session.sendForBytes.bind(session) },
      sendForJson: { value: session.sendForJson.bind(session) },
      refreshRosters: { value: session.refreshRosters.bind(session) },
    });
    carl!.session = racing;
    assert.deepEqual(await declare(carl!, caseId, true, "A friend"), { is: "gone" });
    carl!.session = session;
    assert.ok(renewed);
    const open = await openCase(rosa!, caseId);
    assert.deepEqual([open.keyEpoch, leftOutWithoutReason(rosa!, open)], [1, []], "their act stands in the log");
    assert.deepEqual(await listed(carl!, caseId), []);
  });

  test("does not see it come back with a list that was on its way", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await declare(carl!, caseId, false, "");
    const ask = carl!.session.sendForJson.bind(carl!.session);
    const session = carl!.session;
    carl!.session = Object.assign(Object.create(session) as Desk["session"], {
      sendForJson: async (...call: Parameters<typeof ask>) => {
        const answer = await ask(...call);
        forgetHeld(carl!, caseId);
        return answer;
      },
    });
    Object.defineProperties(carl!.session, {
      ...Object.fromEntries((["chain", "me", "secrets"] as const).map((name) => [name, { get: () => session[name] }])),
    });
    const { listings } = await listCases(carl!);
    carl!.session = session;
    assert.deepEqual([listings.some((each) => each.caseId === caseId), carl!.cases.has(caseId)], [false, false]);
  });

  test("writes nothing more from a page that does not know of it", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await declare(carl!, caseId, false, "");
    const other = await deskOf(served, served.organisation.members.carl.seed);
    await findByTitle(served, other, newest().title);
    await declare(carl!, caseId, true, "Now I know");
    const draft = { act: "assess", on: "2026-01-01" } as const;
    const empty = { envId: generateEnvId(), files: [], object: null };
    await assert.rejects(writeAct(other, caseId, draft, {}, empty), { code: "refused" });
    await assert.rejects(reply(other, caseId, { text: "still here", status: null }, empty), { code: "refused" });
  });

  test("is not opened again from the feed, under whatever item id, nor by a lookup that was on its way", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    const { held } = await openCase(carl!, caseId);
    const onItsWay = openCase(carl!, caseId).then(
      (open) => open.listing.caseId,
      (error: { code: string }) => error.code,
    );
    await declare(carl!, caseId, true, "");
    await onItsWay;
    assert.equal(carl!.cases.has(caseId), false);
    carl!.cases.set(caseId, { held, lookup: (await openCase(rosa!, caseId)).lookup });
    await assert.rejects(openCase(carl!, caseId), { code: "missing" });
    carl!.cases.delete(caseId);
    carl!.tick = 0;
    await syncFeed(carl!);
    assert.equal(new Set(carl!.held.map(({ ctx }) => toBase64(ctx))).size, carl!.held.length, "no item twice");
    assert.ok(!carl!.held.some(({ ctx }) => toBase64(ctx) === toBase64(held.ctx)));
  });
});
