/** Attacks with what happens at the same time: a roster that changes under a report, many sessions, answers lost on the way. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { concat, toBase64Url, toHex, u64le } from "../../crypto/bytes.ts";
import { generateEnvId, sealMessage } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { formatEnvelopeWithSlots, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { parseCaseKey, tokenOf } from "../../crypto/keys.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import { randomBytes, sodium } from "../../crypto/sodium.ts";
import { fileReport, makeMailbox, makeTeamKey, placeAfter, type FiledReport } from "../support/fixtures.ts";
import { ask, askMailbox, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

async function serve(t: TestContext, epochs: 1 | 2, env = {}): Promise<ServedOrganisation> {
  const served = await serveOrganisation(env, epochs);
  t.after(() => served.portal.discard());
  return served;
}

const submit = (served: ServedOrganisation, bytes: Uint8Array): ReturnType<typeof ask> =>
  ask(served.portal.reporterUrl, "POST", "/reports", bytes);

/** Holds the look at the disk's room, which comes after the look at the roster and before the write. */
function holdCheckOfSpace(served: ServedOrganisation): { reached: Promise<void>; letGo(): void } {
  const { objects } = served.portal.context;
  const original = objects.freeBytes.bind(objects);
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  objects.freeBytes = async () => {
    reached.resolve();
    await gate.promise;
    return original();
  };
  const letGo = (): void => {
    objects.freeBytes = original;
    gate.resolve();
  };
  return { reached: reached.promise, letGo };
}

/** A report of the first roster, filed. */
async function filedEarly(served: ServedOrganisation): Promise<FiledReport> {
  const { organisation } = served;
  const report = fileReport(organisation, { roster: organisation.chain.rosters[0]! });
  assert.equal((await submit(served, report.bytes)).status, 201);
  return report;
}

test("a report on its way when a member is removed is not stored with a key for them", async (t) => {
  const served = await serve(t, 1);
  const { organisation } = served;
  const disk = holdCheckOfSpace(served);
  const report = fileReport(organisation, { roster: organisation.chain.rosters[0]! });
  const answer = submit(served, report.bytes);
  await disk.reached;
  const posted = await served.postRoster(2);
  disk.letGo();
  assert.equal(posted.status, 201);
  assert.deepEqual((await answer).json, { error: "superseded" });
  const read = await askMailbox(served, report.mailbox, "/mailbox/read");
  assert.deepEqual(parseMailboxAnswer(read.bytes), []);
  // And the person's text goes through under the new list.
  assert.equal((await submit(served, fileReport(organisation).bytes)).status, 201);
});

test("a reply on its way when its writer is removed is not stored", async (t) => {
  const served = await serve(t, 1);
  const report = await filedEarly(served);
  const { dana } = served.organisation.members;
  const authorization = await served.signIn(dana);
  const reply = sealByMember({
    kind: "reply",
    place: placeAfter(report, report.envelope),
    key: report.caseKey,
    envId: generateEnvId(),
    author: { id: dana.id, secrets: dana.secrets },
    content: { text: "Too late.", files: [], status: null },
    readers: [],
    object: null,
  });
  const disk = holdCheckOfSpace(served);
  const headers = { authorization, "x-case-token": toBase64Url(tokenOf(report.caseKey)) };
  const path = `/cases/${toHex(report.mailbox.caseId)}/streams/0`;
  const answer = ask(served.portal.consoleUrl, "POST", path, formatEnvelopeWithSlots(reply), headers);
  await disk.reached;
  const posted = await served.postRoster(2);
  disk.letGo();
  assert.equal(posted.status, 201);
  assert.deepEqual((await answer).json, { error: "superseded" });
});

test("while a roster is being stored nothing is taken under the one before, and the try after is told why", async (t) => {
  const served = await serve(t, 1);
  const { organisation, portal } = served;
  const { store } = portal.context;
  const append = store.appendRoster.bind(store);
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  store.appendRoster = async (roster) => {
    const outcome = await append(roster);
    reached.resolve();
    await gate.promise; // stored, but the server has not read it yet
    return outcome;
  };
  const posted = served.postRoster(2);
  await reached.promise;
  const report = fileReport(organisation, { roster: organisation.chain.rosters[0]! });
  const meanwhile = await submit(served, report.bytes);
  gate.resolve();
  assert.deepEqual(meanwhile.json, { error: "busy" });
  assert.equal((await posted).status, 201);
  assert.deepEqual((await submit(served, report.bytes)).json, { error: "superseded" });
});

test("sixteen messages at once for one place: one is stored, the others learn it, nothing is half there", async (t) => {
  const served = await serve(t, 2);
  const report = fileReport(served.organisation);
  await submit(served, report.bytes);
  const messages = Array.from({ length: 16 }, (_, i) =>
    formatEnvelopeWithSlots(
      sealMessage({
        mailbox: report.mailbox,
        place: placeAfter(report, report.envelope),
        caseKey: report.caseKey,
        envId: generateEnvId(),
        flags: 0,
        content: { text: `message ${i}`, files: [] },
        object: null,
      }),
    ),
  );
  const answers = await Promise.all(
    messages.map((bytes) => askMailbox(served, report.mailbox, "/mailbox/messages", bytes)),
  );
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, ...Array<number>(15).fill(409)],
  );
  const stored = parseMailboxAnswer((await askMailbox(served, report.mailbox, "/mailbox/read")).bytes);
  assert.deepEqual(
    stored.map((bytes) => parseEnvelope(bytes).header.seq),
    [0, 1],
  );
});

test("sixteen different reports at once from one mailbox are one case, whose receipt nobody else gets", async (t) => {
  const served = await serve(t, 2);
  const mailbox = makeMailbox(served.organisation.portalId, "race");
  const reports = Array.from({ length: 16 }, (_, i) => fileReport(served.organisation, { mailbox, what: `try ${i}` }));
  const answers = await Promise.all(reports.map(({ bytes }) => submit(served, bytes)));
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [201, ...Array<number>(15).fill(409)],
  );
  const [stored] = parseMailboxAnswer((await askMailbox(served, mailbox, "/mailbox/read")).bytes);
  const winner = answers.findIndex(({ status }) => status === 201);
  assert.deepEqual(stored, reports[winner]!.bytes);
});

test("rubbish does not use up the limit on reports of everybody behind one address, as over Tor", async (t) => {
  // Without proof of work: who brings a pass is not counted at all.
  const served = await serve(t, 2, { RATE_REPORTS: "10", WORK_COST: "0" });
  const rubbish = await Promise.all(Array.from({ length: 30 }, () => submit(served, randomBytes(100))));
  assert.ok(rubbish.every(({ status }) => status === 400 || status === 429));
  const report = (i: number): Uint8Array => {
    const mailbox = makeMailbox(served.organisation.portalId, `limit ${i}`);
    return fileReport(served.organisation, { mailbox, caseKey: parseCaseKey(randomBytes(32)) }).bytes;
  };
  const statuses: number[] = [];
  for (let i = 0; i < 11; i++) statuses.push((await submit(served, report(i))).status);
  assert.deepEqual(statuses, [...Array<number>(10).fill(201), 429]);
});

test("who signs in again and again signs out nobody but themselves", async (t) => {
  const served = await serve(t, 2);
  const { rosa, carl } = served.organisation.members;
  const [carls, first] = [await served.signIn(carl), await served.signIn(rosa)];
  for (let i = 0; i < 20; i++) await served.signIn(rosa);
  const feed = async (authorization: string): Promise<number> =>
    (await ask(served.portal.consoleUrl, "GET", "/feed", undefined, { authorization })).status;
  assert.deepEqual([await feed(carls), await feed(first)], [200, 403]);
});

test("a summary whose answer was lost may be sent again", async (t) => {
  const served = await serve(t, 2);
  const report = fileReport(served.organisation);
  await submit(served, report.bytes);
  const { rosa } = served.organisation.members;
  const authorization = await served.signIn(rosa);
  const teamKey = makeTeamKey();
  const team = sealByMember({
    kind: "team",
    place: placeAfter(report, null),
    key: teamKey,
    envId: generateEnvId(),
    author: { id: rosa.id, secrets: rosa.secrets },
    content: { audience: report.readers, conversation: { seq: 0, hash: "00".repeat(32) } },
    readers: report.readers,
    object: null,
  });
  const path = `/cases/${toHex(report.mailbox.caseId)}`;
  const caseToken = { authorization, "x-case-token": toBase64Url(tokenOf(report.caseKey)) };
  const posted = await ask(
    served.portal.consoleUrl,
    "POST",
    `${path}/streams/1`,
    formatEnvelopeWithSlots(team),
    caseToken,
  );
  assert.equal(posted.status, 201);
  const headers = { authorization, "x-team-token": toBase64Url(tokenOf(teamKey)) };
  const put = async (body: Uint8Array): Promise<number> =>
    (await ask(served.portal.consoleUrl, "PUT", `${path}/summary`, body, headers)).status;
  const summary = concat(u64le(1), randomBytes(552));
  assert.deepEqual(
    [await put(summary), await put(summary), await put(concat(u64le(1), randomBytes(552)))],
    [204, 204, 409],
  );
});

test("a mailbox without a case costs the server the same work as one with a new case", async (t) => {
  const served = await serve(t, 2);
  const report = fileReport(served.organisation);
  await submit(served, report.bytes);
  const stranger = makeMailbox(served.organisation.portalId, "stranger");
  await askMailbox(served, stranger, "/mailbox/read"); // what is made once is made now
  const opened: number[] = [];
  const open = sodium.crypto_box_seal_open.bind(sodium);
  t.mock.method(sodium, "crypto_box_seal_open", (sealed: Uint8Array, publicKey: Uint8Array, secretKey: Uint8Array) => {
    opened.push(sealed.length);
    return open(sealed, publicKey, secretKey);
  });
  await askMailbox(served, report.mailbox, "/mailbox/read");
  const known = opened.splice(0);
  await askMailbox(served, stranger, "/mailbox/read");
  assert.deepEqual(opened, known);
  assert.equal(known.length, 3); // the vault, the state, the report
});
