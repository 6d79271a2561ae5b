/**
 * New keys, and what a server or a colleague may say of them: one that was made up is not taken, one that leads
 * nowhere loses no case, one that is due finds room and brings its summary.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { fromHex, toBase64 } from "../../crypto/bytes.ts";
import { generateEnvId, type Place } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { formatEnvelope, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { parseCaseKey, tokenOf } from "../../crypto/keys.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { findCase, nothingWritten, readEnvelopes, storeState, writtenWith } from "../../server/app/case-state.ts";
import { reply } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { lookUp, syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { formatKept, parseKept } from "../../views/browser/client/key-cache.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { draftMessage, openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { declare, openAndRenew } from "../../views/browser/client/recusal.ts";
import { staleKeys } from "../../views/browser/client/rekeying.ts";
import { deskOf, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { listed, serveReaders, type Readers } from "../support/three-readers.ts";

let served: ServedOrganisation;
let [rosa, carl, nia]: Desk[] = [];
let newCase: Readers["newCase"];
let newest: Readers["newest"];

before(async () => {
  ({ served, rosa, carl, nia, newCase, newest } = await serveReaders());
});
after(() => served.portal.discard());

suite("a new key that a server made up", () => {
  test("is not taken, and the reader's keys stay as they were", async () => {
    const caseId = await newCase();
    const { held, caseId: id, entries } = await openCase(carl!, caseId);
    const { chain } = carl!.session;
    const { olu, carl: victim } = served.organisation.members;
    const place: Place = {
      portalId: chain.portalId,
      caseId: id,
      roster: chain.current,
      seq: 1,
      keyEpoch: 1,
      prevHash: entries[0]!.hash,
    };
    const forged = sealByMember({
      kind: "rekey",
      place,
      key: parseCaseKey(randomBytes(32)),
      envId: generateEnvId(),
      author: { id: olu.id, secrets: olu.secrets },
      content: { previous: toBase64(randomBytes(32)), readers: [victim.id] },
      readers: [victim.id],
      object: null,
      mailbox: (await openCase(carl!, caseId)).mailbox,
    });
    const slot = forged.slots[chain.current.recipients.findIndex((each) => each.id === victim.id)]!;
    const before = [...held.caseKeys];
    const answer = [{ moved: { envelope: toBase64(formatEnvelope(forged)), slot: toBase64(slot) } }];
    assert.deepEqual(await lookUp(answering(carl!, answer), [held]), ["damaged"]);
    assert.deepEqual(held.caseKeys, before);
    assert.equal((await openCase(carl!, caseId)).entries.length, 1, "an honest answer leads to it again");
  });
});

suite("what a server says of a new key", () => {
  test("that it is not this reader's takes nothing: the case is there again once it tells the truth", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await declare(carl!, caseId, true, "");
    const before = { ...rosa!.cases.get(caseId)!.held };
    await openAndRenew(rosa!, caseId);
    const { caseKeys } = before;
    const asked = await rosa!.session.sendForJson("/cases/lookup", { method: "POST", body: tokenOf(caseKeys[0]!) });
    const [{ moved }] = asked as [{ moved: { envelope: string } }];
    const lie = [{ moved: { ...moved, slot: toBase64(randomBytes(1216)) } }];
    const desk = answering(rosa!, lie);
    Object.assign(desk, { held: [{ ...before, caseKeys: [caseKeys[0]!] }], cases: new Map(), withdrawn: 0 });
    for (const _ of [1, 2]) assert.deepEqual([(await listCases(desk)).listings, desk.withdrawn], [[], 1]);
    const { held } = parseKept(formatKept(desk));
    const honest = { ...desk, held, session: rosa!.session };
    assert.equal((await listCases(honest)).listings[0]?.caseId, caseId);
  });

  test("that leads nowhere any more sends the reader back to the first, and on from there", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    const { held } = rosa!.cases.get(caseId)!;
    const [first] = held.caseKeys;
    held.caseKeys.push(parseCaseKey(randomBytes(32)));
    assert.equal((await openCase(rosa!, caseId)).keyEpoch, 0, "as after a backup was restored");
    assert.deepEqual(held.caseKeys, [first]);
    await declare(carl!, caseId, true, "");
    await openAndRenew(rosa!, caseId);
    const renewed = [...held.caseKeys];
    held.caseKeys[1] = parseCaseKey(randomBytes(32));
    assert.equal((await openCase(rosa!, caseId)).keyEpoch, 1, "nor does a key that never came to count");
    assert.deepEqual(held.caseKeys, renewed);
    held.caseKeys = [parseCaseKey(randomBytes(32)), parseCaseKey(randomBytes(32))];
    assert.deepEqual(await lookUp(rosa!, [held]), [null], "and no key at all leads to none");
  });
});

/** The same desk, whose server answers every lookup with this. */
const answering = (desk: Desk, answer: unknown): Desk => {
  const session = Object.create(desk.session) as Desk["session"];
  Object.defineProperties(session, {
    sendForJson: { value: () => Promise.resolve(answer) },
    ...Object.fromEntries(
      (["chain", "me", "secrets"] as const).map((name) => [name, { get: () => desk.session[name] }]),
    ),
  });
  return { ...desk, session };
};

suite("new keys", () => {
  test("find room in a case whose members' side is full", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await declare(carl!, caseId, true, "");
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    const most = 8 * 1024 * 1024;
    const full = { ...nothingWritten, reporter: most, members: most, team: 2 * most };
    await storeState(context, found, { ...found.state, written: full });
    const open = await openAndRenew(rosa!, caseId);
    assert.deepEqual([open.keyEpoch, staleKeys(rosa!, open)], [1, { team: null, conversation: null }]);
  });

  test("are not made long, to leave no room for others", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await declare(carl!, caseId, true, "");
    await openAndRenew(rosa!, caseId);
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    for (const [stream, seq] of [
      [0, found.state.conversation.length - 1],
      [1, found.state.teamKeySeq],
    ] as const) {
      const [bytes] = await readEnvelopes(context, found, stream, seq, seq + 1);
      const rekey = parseEnvelope(bytes!);
      assert.ok(writtenWith(nothingWritten, rekey).keys > 0);
      const long = { ...rekey, chunks: new Uint8Array(64 * 1024) };
      assert.throws(() => writtenWith(nothingWritten, long), { code: "large" }, rekey.header.kind);
    }
  });

  test("for which there is no room leave the case to be read, and writing says so", async () => {
    const caseId = await newCase();
    await declare(rosa!, caseId, false, "");
    await declare(carl!, caseId, true, "");
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    const full = { ...found.state.written, keys: 8 * 1024 * 1024 };
    await storeState(context, found, { ...found.state, written: full });
    assert.deepEqual([(await openAndRenew(rosa!, caseId)).keyEpoch], [0]);
    const empty = await withoutFiles(rosa!, caseId);
    await assert.rejects(reply(rosa!, caseId, { text: "not to Carl", status: null }, empty), { code: "large" });
  });

  test("come with a summary under them, so that every list shows the case", async () => {
    const own = await serveOrganisation({}, 1);
    try {
      const { members } = own.organisation;
      const [first, second] = [await deskOf(own, members.rosa.seed), await deskOf(own, members.carl.seed)];
      const dana = await deskOf(own, members.dana.seed);
      const caseId = await newCase(own, [first, second, dana]);
      for (const desk of [first, second]) await declare(desk, caseId, false, "");
      const api = { origin: own.portal.reporterUrl };
      const mailbox = await openMailboxByCode(api, (await fetchPortal(api)).chain!, newest().code);
      // Nobody has read it: what the summary says stays the same, word for word.
      await draftMessage(mailbox!, { text: "And then", files: [] }).send();
      const before = (await openCase(first, caseId)).summary;
      assert.equal((await own.postRoster(2)).status, 201);
      await first.session.refreshRosters();
      const renewed = await openAndRenew(first, caseId);
      assert.deepEqual([renewed.summaryIsOld, renewed.summary], [false, before]);
      const fresh = await deskOf(own, members.carl.seed);
      assert.deepEqual(await listed(fresh, caseId), [`cleared${newest().title}`]);
    } finally {
      await own.portal.discard();
    }
  });

  test("of many cases are followed in as many requests as there are steps, not cases", async () => {
    const ids = [await newCase(), await newCase(), await newCase()];
    for (const id of ids) {
      await declare(rosa!, id, false, "");
      await declare(nia!, id, false, "");
      await declare(carl!, id, true, "");
    }
    const fresh = await deskOf(served, served.organisation.members.nia.seed);
    await syncFeed(fresh);
    await listCases(fresh);
    const held = ids.map((id) => fresh.cases.get(id)!.held);
    for (const id of ids) await openAndRenew(rosa!, id);
    const ask = fresh.session.sendForJson.bind(fresh.session);
    let asked = 0;
    const { promise: bothAsked, resolve } = Promise.withResolvers<void>();
    fresh.session.sendForJson = async (...call) => {
      asked += 1;
      if (asked === 2) resolve();
      const answer = await ask(...call);
      await bothAsked;
      return answer;
    };
    // Two at the same moment, as a look of the page beside a case that is opened.
    const [found] = await Promise.all([lookUp(fresh, held), lookUp(fresh, held)]);
    assert.deepEqual(
      found.map((each) => (typeof each === "object" ? each?.caseId : each)),
      ids,
    );
    assert.equal(asked, 2 * 2);
    assert.deepEqual(
      held.map(({ caseKeys }) => caseKeys.length),
      [2, 2, 2],
    );
  });
});
