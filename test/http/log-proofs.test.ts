/** The log from outside: checkpoints, proofs for members, readers and reporters, and who gets none. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import SQLite from "better-sqlite3";
import { equal, fromBase64, fromHex, toBase64Url, u64le, utf8 } from "../../crypto/bytes.ts";
import { openCheckpoint } from "../../crypto/checkpoint.ts";
import { deriveMailbox, tokenOf } from "../../crypto/keys.ts";
import { parseLogAnswer } from "../../crypto/log-answer.ts";
import { verifyConsistency } from "../../crypto/log-tree.ts";
import { leafOf, type Receipt } from "../../crypto/log.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { openFromVault } from "../../crypto/vault.ts";
import { english } from "../../crypto/words.ts";
import { eventRow, findCase, readEnvelopes } from "../../server/app/case-state.ts";
import { envelopeHashOf, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { fetchCaseProofs } from "../../views/browser/client/case-proofs.ts";
import { deleteCase, reply, writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { newestKey, type Desk } from "../../views/browser/client/held-cases.ts";
import { proveFiling } from "../../views/browser/client/mailbox-log.ts";
import { startFiling } from "../../views/browser/client/report.ts";
import { deskOf, findByTitle, withoutFiles } from "../support/casework.ts";
import { closedCase, TurnedClock } from "../support/dated-cases.ts";
import { makeMailbox } from "../support/fixtures.ts";
import {
  ask,
  askMailbox,
  serveOrganisation,
  type Answer,
  type ServedOrganisation,
} from "../support/organisation-server.ts";
import { startTestPortal } from "../support/server.ts";

const clock = new TurnedClock();
let served: ServedOrganisation;
let rosa: Desk;
let caseId: string;
let code: string;
let receipt: Receipt;

/** The day ends, and the hourly housekeeping closes it. */
async function nextDay(): Promise<void> {
  clock.ahead += 1;
  await served.portal.context.store.padLog(clock.today());
  // Sessions end within the day.
  const again = await deskOf(served, served.organisation.members.rosa.seed);
  Object.assign(rosa, { session: again.session });
}

before(async () => {
  served = await serveOrganisation({}, 2, { clock });
  const api = { origin: served.portal.reporterUrl };
  code = generateReceiptCode(english).canonical;
  const filing = startFiling({
    api,
    chain: served.organisation.chain,
    code,
    channel: "general",
    answers: { what: "Something" },
    category: "",
    title: "Proved",
    language: "en",
    excluded: [],
    files: [],
    flags: 0,
  });
  const filed = await filing.send();
  assert.ok(filed.is === "filed" && filed.receipt !== null);
  receipt = filed.receipt;
  rosa = await deskOf(served, served.organisation.members.rosa.seed);
  caseId = (await findByTitle(served, rosa, "Proved"))!;
  await reply(rosa, caseId, { text: "We look.", status: "open" }, await withoutFiles(rosa, caseId));
  await writeNote(rosa, caseId, "A note", await withoutFiles(rosa, caseId));
});
after(() => served.portal.discard());

const member = (path: string, headers = {}): Promise<Answer> =>
  ask(served.portal.consoleUrl, "GET", path, undefined, { ...rosa.session.headers, ...headers });
const textOf = ({ bytes }: Answer): string => Buffer.from(bytes).toString();
const headOf = (text: string) =>
  openCheckpoint(text, served.organisation.portalId, served.portal.context.keys.log.publicKey);
const checkpoint = async () => headOf(textOf(await member("/log/checkpoint")));
const consistency = async (from: number, to: number): Promise<Uint8Array[]> =>
  ((await member(`/log/consistency?from=${from}&to=${to}`)).json as unknown as string[]).map((hash) =>
    fromBase64(hash, 32),
  );
const mailbox = () => deriveMailbox(code, served.organisation.portalId);

describe("while the day is not over", () => {
  test("the checkpoint is of the days before, and nothing of today is proved, to nobody", async () => {
    assert.equal((await checkpoint()).size % 64, 0);
    const open = await openCase(rosa, caseId);
    const { conversation, team } = await fetchCaseProofs(rosa, open);
    assert.deepEqual(conversation.proofs, [null, null]);
    assert.ok(team !== null && team.proofs.length >= 2 && team.proofs.every((proof) => proof === null));
    const { chain } = served.organisation;
    assert.equal(await proveFiling({ origin: served.portal.reporterUrl }, chain, mailbox(), receipt), null);
  });
});

describe("once it is", () => {
  before(nextDay);

  test("every envelope of both streams is proved to a reader, in one checkpoint", async () => {
    const open = await openCase(rosa, caseId);
    const { conversation, team } = await fetchCaseProofs(rosa, open);
    assert.ok(team !== null);
    const all = [...conversation.proofs, ...team.proofs];
    assert.equal(all.length, open.entries.length + (open.team.state === "open" ? open.team.entries.length : 0));
    assert.ok(all.every((proof) => proof !== null));
    assert.equal(new Set(all.map((proof) => proof.index)).size, all.length);
    assert.ok(equal(conversation.proofs[0]!.blinding, receipt.blinding), "the filing's is the receipt's");
    assert.equal(conversation.head.size % 64, 0);
  });

  test("the filing is proved to who has the receipt and the code", async () => {
    const { chain } = served.organisation;
    const api = { origin: served.portal.reporterUrl };
    const proof = await proveFiling(api, chain, mailbox(), receipt);
    assert.ok(proof !== null);
    const other = { ...receipt, leaf: leafOf({ name: "filed", envelopeHash: receipt.leaf }, receipt.blinding) };
    await assert.rejects(proveFiling(api, chain, mailbox(), other), { code: "forged" });
  });

  test("the log goes on from what it was, day by day; an idle day is as long as a busy one", async () => {
    const seen = [await checkpoint()];
    for (let day = 0; day < 5; day++) {
      await nextDay();
      seen.push(await checkpoint());
    }
    for (const [i, now] of seen.entries()) {
      assert.equal(now.size, seen[0]!.size + 64 * i);
      for (const earlier of seen.slice(0, i + 1))
        verifyConsistency(earlier, now, await consistency(earlier.size, now.size));
    }
    const [first, , third] = seen as [(typeof seen)[0], unknown, (typeof seen)[0]];
    // A proof between two sizes that both are behind us.
    verifyConsistency(first, third, await consistency(first.size, third.size));
    assert.deepEqual(await consistency(0, third.size), []);
  });

  test("an envelope from before its blinding was kept has no proof, the others have", async () => {
    const { context } = served.portal;
    const found = (await findCase(context, fromHex(caseId)))!;
    const [second] = await readEnvelopes(context, found, 0, 1, 2);
    const row = eventRow(context, parseEnvelope(second!), null, found.vault.publicKey);
    const file = new SQLite(`${served.portal.dataDir}/portal.sqlite`);
    const kept = file.prepare("SELECT sealed FROM events WHERE row_key = ?").pluck().get(row.rowKey);
    file.prepare("UPDATE events SET sealed = ? WHERE row_key = ?").run(row.sealed, row.rowKey);
    try {
      const open = await openCase(rosa, caseId);
      const { conversation } = await fetchCaseProofs(rosa, open);
      assert.deepEqual(
        conversation.proofs.map((proof) => proof === null),
        [false, true],
      );
    } finally {
      file.prepare("UPDATE events SET sealed = ? WHERE row_key = ?").run(kept, row.rowKey);
      file.close();
    }
  });

  test("hashes that were lost are worked out again; the checkpoint stays the same", async () => {
    const before = textOf(await member("/log/checkpoint"));
    const file = new SQLite(`${served.portal.dataDir}/portal.sqlite`);
    file.exec("DELETE FROM log_nodes");
    file.close();
    // Several ask at once.
    const answers = await Promise.all(Array.from({ length: 4 }, () => member("/log/checkpoint")));
    assert.deepEqual(answers.map(textOf), [before, before, before, before]);
  });
});

describe("who gets none", () => {
  const noToken = "missing";
  const path = (stream: number): string => `/cases/${caseId}/streams/${stream}/proofs`;
  const caseTokenOf = async () => ({
    "x-case-token": toBase64Url(tokenOf(newestKey((await openCase(rosa, caseId)).held))),
  });

  test("of the team's stream: who has the case's token alone", async () => {
    const answer = await member(path(1), await caseTokenOf());
    assert.deepEqual([answer.status, answer.json], [404, { error: noToken }]);
  });

  test("of a case: who has no token, or another", async () => {
    for (const headers of [{}, { "x-case-token": toBase64Url(new Uint8Array(32)) }]) {
      const answer = await member(path(0), headers);
      assert.deepEqual([answer.status, answer.json], [404, { error: noToken }]);
    }
  });

  test("of the log: who is no member", async () => {
    const charter = { authorization: await served.signIn("charter") };
    for (const headers of [{}, charter])
      for (const each of ["/log/checkpoint", "/log/consistency?from=0&to=64", path(0)]) {
        const { status } = await ask(served.portal.consoleUrl, "GET", each, undefined, {
          ...(await caseTokenOf()),
          ...headers,
        });
        assert.equal(status, 403, each);
      }
  });

  test("a member who is no recipient has nothing of a case, with its token", async () => {
    const { olu } = served.organisation.members;
    const authorization = await served.signIn(olu);
    const answer = await ask(served.portal.consoleUrl, "GET", path(0), undefined, {
      ...(await caseTokenOf()),
      authorization,
    });
    assert.equal(answer.status, 404);
  });

  test("a code that nobody filed with is answered like one whose day is not over, in as many bytes", async () => {
    const { portalId } = served.organisation;
    const nobody = await askMailbox(served, makeMailbox(portalId, "nobody"), "/mailbox/log", u64le(0));
    const somebody = await askMailbox(served, mailbox(), "/mailbox/log", u64le(0));
    assert.equal(nobody.status, 200);
    assert.equal(nobody.bytes.length, somebody.bytes.length);
    assert.deepEqual(nobody.headers.get("content-type"), somebody.headers.get("content-type"));
    const [none, own] = [parseLogAnswer(nobody.bytes), parseLogAnswer(somebody.bytes)];
    assert.deepEqual([none.place, none.checkpoint, none.consistency], [null, own.checkpoint, own.consistency]);
    assert.notEqual(own.place, null);
  });
});

describe("bad requests", () => {
  for (const [query, status, error] of [
    ["from=64&to=0", 400, "format"],
    ["from=1&to=64", 400, "format"],
    ["from=0&to=63", 400, "format"],
    ["from=-64&to=64", 400, "format"],
    ["from=64", 400, "format"],
    ["from=064&to=64", 400, "format"],
    ["from=0&to=9007199254740992", 400, "format"],
    ["from=0&to=999999999999936", 404, "missing"],
    ["from=64&to=640000", 404, "missing"],
  ] as const)
    test(`a proof ${query} is ${error}`, async () => {
      const answer = await member(`/log/consistency?${query}`);
      assert.deepEqual([answer.status, answer.json], [status, { error }]);
    });

  for (const [what, body, status] of [
    ["without a size", new Uint8Array(), 400],
    ["with 9 bytes", new Uint8Array(9), 400],
    ["of half a day", u64le(65), 400],
    ["of 2^53", Uint8Array.from([0, 0, 0, 0, 0, 0, 32, 0]), 400],
    ["of more than there is", u64le(64 * 10_000), 200],
    ["signed for another body", utf8("forged"), 400],
  ] as const)
    test(`a mailbox's question ${what}`, async () => {
      const answer = await askMailbox(served, mailbox(), "/mailbox/log", body);
      assert.equal(answer.status, status, textOf(answer).slice(0, 200));
    });
});

test("a restart in between: the same log, and it goes on", async () => {
  const before = await checkpoint();
  const { dataDir } = served.portal;
  await served.portal.close();
  served.portal = await startTestPortal({}, { dataDir, clock });
  rosa = await deskOf(served, served.organisation.members.rosa.seed);
  assert.deepEqual(await checkpoint(), before);
  await nextDay();
  const now = await checkpoint();
  verifyConsistency(before, now, await consistency(before.size, now.size));
});

test("a day that ends while a case is proved: every proof is of one checkpoint", async () => {
  assert.equal(await findByTitle(served, rosa, "Proved"), caseId);
  const open = await openCase(rosa, caseId);
  const { store } = served.portal.context;
  const asked = Array.from({ length: 6 }, () => fetchCaseProofs(rosa, open));
  clock.ahead += 1;
  await store.padLog(clock.today());
  for (const { conversation, team } of await Promise.all(asked))
    assert.equal(conversation.checkpoint, team?.checkpoint);
});

test("a deleted case: its leaves stay in the log, and nothing is left that says whose they are", async () => {
  const { context } = served.portal;
  rosa = await deskOf(served, served.organisation.members.rosa.seed);
  const closed = await closedCase(served, rosa, "Goes");
  await reply(rosa, closed.caseId, { text: "Closed.", status: "closed" }, await withoutFiles(rosa, closed.caseId));
  await nextDay();
  const { conversation } = await fetchCaseProofs(rosa, await openCase(rosa, closed.caseId));
  const { blinding, index } = conversation.proofs[1]!;
  const found = (await findCase(context, fromHex(closed.caseId)))!;
  const [sent] = await readEnvelopes(context, found, 0, 1, 2);
  const envelope = parseEnvelope(sent!);
  const { rowKey } = eventRow(context, envelope, null, found.vault.publicKey);
  const [sealed] = await context.store.findEvents([rowKey]);
  assert.ok(
    Buffer.from(openFromVault(sealed!, found.vault)).includes(Buffer.from(blinding)),
    "it was beside the envelope",
  );
  const [leaf] = await context.store.listLeaves(index, 1);
  assert.deepEqual(leaf!.leaf, leafOf({ name: "appended", envelopeHash: envelopeHashOf(envelope) }, blinding));

  await deleteCase(rosa, closed.caseId);
  assert.deepEqual(await context.store.findEvents([rowKey]), [null]);
  assert.equal(await findCase(context, fromHex(closed.caseId)), null);
  assert.deepEqual(await context.store.listLeaves(index, 1), [leaf]);
  const own = deriveMailbox(closed.code, served.organisation.portalId);
  assert.equal(parseLogAnswer((await askMailbox(served, own, "/mailbox/log", u64le(0))).bytes).place, null);
});
