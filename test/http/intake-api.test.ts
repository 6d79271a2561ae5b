/** The reporter's API on a real server: what it accepts, what it refuses with which code, and that nothing half is stored. */
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, equal, toHex } from "../../crypto/bytes.ts";
import { parseReceipt, verifyReceipt } from "../../crypto/log.ts";
import { envelopeHashOf, formatEnvelopeWithSlots, parseEnvelope } from "../../crypto/envelope/wire.ts";
import { generateEnvId, sealMessage } from "../../crypto/envelope/seal.ts";
import { parseCaseKey } from "../../crypto/keys.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import { Sha256 } from "../../crypto/sodium.ts";
import { fileReport, makeMailbox, placeAfter, type FiledReport, type ReportOptions } from "../support/fixtures.ts";
import { ask, askMailbox, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
before(async () => {
  served = await serveOrganisation();
});
after(() => served.portal.discard());

const submit = (bytes: Uint8Array): ReturnType<typeof ask> => ask(served.portal.reporterUrl, "POST", "/reports", bytes);
/** A report of its own: mailbox and case key used nowhere else. */
const file = (options: ReportOptions = {}): FiledReport =>
  fileReport(served.organisation, { mailbox: freshMailbox(), caseKey: parseCaseKey(randomBytes(32)), ...options });
let counter = 0;
const freshMailbox = () => makeMailbox(served.organisation.portalId, `intake ${counter++}`);

async function upload(envId: Uint8Array, object: Uint8Array): Promise<void> {
  const origin = served.portal.reporterUrl;
  const reserved = await ask(origin, "POST", "/uploads", { envId: toHex(envId), length: object.length });
  assert.equal(reserved.status, 201);
  const ticket = { "x-upload-ticket": String(reserved.json?.["ticket"]) };
  assert.equal((await ask(origin, "PUT", `/uploads/${toHex(envId)}/0`, object, ticket)).status, 204);
}

function objectOf(bytes: Uint8Array): { length: number; hash: Uint8Array } {
  const digest = new Sha256();
  digest.update(bytes);
  return { length: bytes.length, hash: digest.digest() };
}

test("a report is stored, its receipt is signed by the log, and its mailbox gives it back", async () => {
  const report = file();
  const { status, bytes } = await submit(report.bytes);
  assert.equal(status, 201);
  const { portalId, log } = served.organisation;
  verifyReceipt(parseReceipt(bytes), envelopeHashOf(report.envelope), portalId, log.publicKey);
  const answer = await askMailbox(served, report.mailbox, "/mailbox/read");
  assert.equal(answer.status, 200);
  assert.equal(answer.bytes.length, 64 * 1024);
  assert.ok(equal(parseMailboxAnswer(answer.bytes)[0]!, report.bytes));
});

test("fifty identical submissions at once are one report with one receipt", async () => {
  const report = file();
  const answers = await Promise.all(Array.from({ length: 50 }, () => submit(report.bytes)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
  assert.equal(new Set(answers.map(({ bytes }) => toHex(bytes))).size, 1);
});

test("thirty-two different submissions at once all succeed", async () => {
  const reports = Array.from({ length: 32 }, () => file());
  const answers = await Promise.all(reports.map(({ bytes }) => submit(bytes)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
});

const flip = (at: (length: number) => number) => (bytes: Uint8Array) => {
  const spoiled = bytes.slice();
  spoiled[at(bytes.length)]! ^= 1;
  return spoiled;
};
const refusals: [string, (bytes: Uint8Array) => Uint8Array, string, number][] = [
  ["nothing", () => new Uint8Array(), "format", 400],
  ["noise", () => randomBytes(30_000), "format", 400],
  ["a truncated report", (bytes) => bytes.subarray(0, -1), "format", 400],
  ["a report with a byte too many", (bytes) => concat(bytes, new Uint8Array(1)), "format", 400],
  ["a flipped bit in the body", flip((length) => length - 1216 * 4 - 64 - 100), "forged", 400],
  ["a flipped bit in a slot", flip((length) => length - 10), "forged", 400],
  ["a flipped bit in the case id", flip(() => 80), "forged", 400],
  ["a flipped bit in the summary", flip(() => 302 + 32 + 1216 + 72 + 30), "forged", 400],
  ["more than the largest envelope", () => new Uint8Array(4 * 1024 * 1024 + 1), "large", 413],
];
for (const [what, spoil, code, status] of refusals)
  test(`${what} is refused as ${code} and leaves no case`, async () => {
    const report = file();
    const answer = await submit(spoil(report.bytes));
    assert.equal(answer.json?.["error"], code);
    assert.equal(answer.status, status);
    const mailbox = await askMailbox(served, report.mailbox, "/mailbox/read");
    assert.deepEqual(parseMailboxAnswer(mailbox.bytes), []);
  });

test("a report for another portal is forged", async () => {
  const report = fileReport({ ...served.organisation, portalId: randomBytes(32) });
  assert.equal((await submit(report.bytes)).json?.["error"], "forged");
});

test("a report sealed under the roster before is superseded, and the same text goes through under the new one", async () => {
  const mailbox = freshMailbox();
  const old = file({ mailbox, roster: served.organisation.chain.rosters[0]! });
  const answer = await submit(old.bytes);
  assert.deepEqual([answer.status, answer.json], [409, { error: "superseded" }]);
  assert.equal((await submit(file({ mailbox }).bytes)).status, 201);
});

test("an acknowledged report gets its receipt again even after the roster changed", async () => {
  const early = await serveOrganisation({}, 1);
  try {
    const { organisation, portal } = early;
    const report = fileReport(organisation, { roster: organisation.chain.rosters[0]! });
    const first = await ask(portal.reporterUrl, "POST", "/reports", report.bytes);
    assert.equal(first.status, 201);
    assert.equal((await early.postRoster(2)).status, 201);
    const again = await ask(portal.reporterUrl, "POST", "/reports", report.bytes);
    assert.deepEqual([again.status, toHex(again.bytes)], [201, toHex(first.bytes)]);
  } finally {
    await early.portal.discard();
  }
});

test("another report with the same mailbox or the same envelope id is a conflict", async () => {
  const report = file();
  assert.equal((await submit(report.bytes)).status, 201);
  const sameCase = file({ mailbox: report.mailbox });
  const sameEnvelopeId = file({ envId: report.envId });
  for (const { bytes } of [sameCase, sameEnvelopeId])
    assert.deepEqual([(await submit(bytes)).json?.["error"]], ["conflict"]);
});

test("before a roster is signed intake is closed", async () => {
  const empty = await serveOrganisation({}, 0);
  try {
    const answer = await ask(empty.portal.reporterUrl, "POST", "/reports", fileReport(empty.organisation).bytes);
    assert.deepEqual([answer.status, answer.json], [503, { error: "closed" }]);
  } finally {
    await empty.portal.discard();
  }
});

test("a report waits for its attachments, and takes exactly the ones it was sealed with", async () => {
  const bytes = randomBytes(256 * 1024);
  const envId = generateEnvId();
  const report = file({ envId, object: objectOf(bytes) });
  assert.equal((await submit(report.bytes)).json?.["error"], "missing");
  await upload(envId, bytes);
  const forged = fileReport(served.organisation, {
    mailbox: freshMailbox(),
    envId,
    object: objectOf(randomBytes(256 * 1024)),
  });
  assert.equal((await submit(forged.bytes)).json?.["error"], "forged");
  assert.equal((await submit(report.bytes)).status, 201);
  const path = `/mailbox/objects/${toHex(envId)}`;
  assert.ok(equal((await askMailbox(served, report.mailbox, path)).bytes, bytes));
  assert.equal((await askMailbox(served, freshMailbox(), path)).json?.["error"], "missing");
});

test("uploads: order, size, ticket and budget are checked", async () => {
  const origin = served.portal.reporterUrl;
  const reserve = (length: number, envId = generateEnvId()): ReturnType<typeof ask> =>
    ask(origin, "POST", "/uploads", { envId: toHex(envId), length });
  assert.equal((await reserve(256 * 1024 + 1)).json?.["error"], "format");
  assert.equal((await reserve(2 ** 40)).json?.["error"], "large");
  const envId = generateEnvId();
  const { json } = await reserve(16 * 1024 * 1024, envId);
  const ticket = { "x-upload-ticket": String(json?.["ticket"]) };
  const put = (part: number, bytes: Uint8Array, headers = ticket): ReturnType<typeof ask> =>
    ask(origin, "PUT", `/uploads/${toHex(envId)}/${part}`, bytes, headers);
  const full = new Uint8Array(8 * 1024 * 1024);
  assert.equal((await put(1, full)).json?.["error"], "conflict");
  assert.equal((await put(0, full.subarray(1))).json?.["error"], "format");
  assert.equal((await put(0, full)).status, 204);
  assert.equal((await put(0, full)).status, 204);
  assert.equal((await put(0, full, { "x-upload-ticket": "A".repeat(43) })).json?.["error"], "missing");
  assert.deepEqual((await ask(origin, "GET", `/uploads/${toHex(envId)}`, undefined, ticket)).json, {
    received: full.length,
  });
  assert.equal((await reserve(16 * 1024 * 1024, envId)).json?.["error"], "conflict");
});

test("a small budget refuses attachments and still takes text", async () => {
  const small = await serveOrganisation({ UPLOAD_BUDGET_BYTES: "300000" });
  try {
    const reserve = (): ReturnType<typeof ask> =>
      ask(small.portal.reporterUrl, "POST", "/uploads", { envId: toHex(generateEnvId()), length: 256 * 1024 });
    assert.equal((await reserve()).status, 201);
    assert.deepEqual([(await reserve()).status, (await reserve()).json], [507, { error: "full" }]);
    assert.equal(
      (await ask(small.portal.reporterUrl, "POST", "/reports", fileReport(small.organisation).bytes)).status,
      201,
    );
  } finally {
    await small.portal.discard();
  }
});

test("a full disk refuses reports with its own code, and what was stored stays readable", async () => {
  const report = file();
  assert.equal((await submit(report.bytes)).status, 201);
  const { settings } = served.portal.context;
  const before = settings.minFreeBytes;
  settings.minFreeBytes = Number.MAX_SAFE_INTEGER;
  try {
    const next = file();
    assert.deepEqual([(await submit(next.bytes)).status, (await submit(next.bytes)).json], [507, { error: "full" }]);
    assert.equal(parseMailboxAnswer((await askMailbox(served, report.mailbox, "/mailbox/read")).bytes).length, 1);
    settings.minFreeBytes = before;
    assert.equal((await submit(next.bytes)).status, 201);
  } finally {
    settings.minFreeBytes = before;
  }
});

test("a message continues the conversation; a late one learns that it came late; a repeated one is the same", async () => {
  const report = file();
  await submit(report.bytes);
  const message = (text: string): Uint8Array =>
    formatEnvelopeWithSlots(
      sealMessage({
        mailbox: report.mailbox,
        place: placeAfter(report, report.envelope),
        caseKey: report.caseKey,
        envId: generateEnvId(),
        flags: 0,
        content: { text, files: [] },
        object: null,
      }),
    );
  const [one, two] = [message("One thing more."), message("Another.")];
  const send = (bytes: Uint8Array, mailbox = report.mailbox): ReturnType<typeof ask> =>
    askMailbox(served, mailbox, "/mailbox/messages", bytes);
  assert.equal((await send(one)).status, 201);
  assert.equal((await send(one)).status, 201);
  assert.equal((await send(two)).json?.["error"], "conflict");
  assert.equal((await send(two, freshMailbox())).json?.["error"], "missing");
  const stored = parseMailboxAnswer((await askMailbox(served, report.mailbox, "/mailbox/read")).bytes);
  assert.deepEqual(
    stored.map((bytes) => parseEnvelope(bytes).header.seq),
    [0, 1],
  );
});

test("an unknown mailbox gets an empty answer of the least size, as a new one does", async () => {
  const answer = await askMailbox(served, freshMailbox(), "/mailbox/read");
  assert.deepEqual([answer.status, answer.bytes.length], [200, 64 * 1024]);
});

const badAuth: [string, (auth: Uint8Array) => Uint8Array, string][] = [
  ["a flipped signature", flip((length) => length - 1), "forged"],
  ["a nonce nobody issued", flip(() => 32 + 1216), "forged"],
  ["another mailbox's key", flip(() => 40), "forged"],
  ["nothing", () => new Uint8Array(), "format"],
];
for (const [what, spoil, code] of badAuth)
  test(`a mailbox request with ${what} is ${code}`, async () => {
    const answer = await askMailbox(served, freshMailbox(), "/mailbox/read", new Uint8Array(), spoil);
    assert.equal(answer.json?.["error"], code);
  });

test("a mailbox request cannot be replayed, nor used for another path", async () => {
  const mailbox = freshMailbox();
  let kept = new Uint8Array();
  const keep = (auth: Uint8Array): Uint8Array => (kept = auth.slice());
  assert.equal((await askMailbox(served, mailbox, "/mailbox/read", new Uint8Array(), keep)).status, 200);
  const replay = await askMailbox(served, mailbox, "/mailbox/read", new Uint8Array(), () => kept);
  assert.equal(replay.json?.["error"], "refused");
  const elsewhere = await askMailbox(
    served,
    mailbox,
    `/mailbox/objects/${"00".repeat(16)}`,
    new Uint8Array(),
    () => kept,
  );
  assert.equal(elsewhere.json?.["error"], "forged");
});

test("no fault of the server was logged in all of this", () => {
  assert.deepEqual(served.portal.lines, []);
});
