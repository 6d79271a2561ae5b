/** Attacks on memory: a stranger's mailbox, filled as far as the server lets it, and read by many at once. */
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { after, before, test } from "node:test";
import { toBase64Url, toHex } from "../../crypto/bytes.ts";
import { generateEnvId, sealMessage } from "../../crypto/envelope/seal.ts";
import { sealByMember } from "../../crypto/envelope/seal-member.ts";
import { formatEnvelopeWithSlots, type Envelope } from "../../crypto/envelope/wire.ts";
import { parseCaseKey, tokenOf, type Mailbox } from "../../crypto/keys.ts";
import { parseMailboxAnswer, signMailboxRequest } from "../../crypto/mailbox.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { fileReport, makeMailbox, placeAfter, type FiledReport } from "../support/fixtures.ts";
import {
  ask,
  askMailbox,
  serveOrganisation,
  type Answer,
  type ServedOrganisation,
} from "../support/organisation-server.ts";

const MiB = 1024 * 1024;
/** The largest that content may be: each of these characters takes six bytes in JSON. */
const longest = "\u0001".repeat(500_000);

let served: ServedOrganisation;
let full: { report: FiledReport; sent: number; tip: Envelope; refusal: Answer };
before(async () => {
  served = await serveOrganisation();
  full = await fill("flood");
});
after(() => served.portal.discard());

const mailboxOf = (name: string): Mailbox => makeMailbox(served.organisation.portalId, name);

async function filed(name: string): Promise<FiledReport> {
  const report = fileReport(served.organisation, { mailbox: mailboxOf(name), caseKey: parseCaseKey(randomBytes(32)) });
  assert.equal((await ask(served.portal.reporterUrl, "POST", "/reports", report.bytes)).status, 201);
  return report;
}

function message(report: FiledReport, previous: Envelope, text: string): Envelope {
  return sealMessage({
    mailbox: report.mailbox,
    place: placeAfter(report, previous),
    caseKey: report.caseKey,
    envId: generateEnvId(),
    flags: 0,
    content: { text, files: [] },
    object: null,
  });
}

/** Messages of nearly 3 MiB until one is refused, or far too many were taken. */
async function fill(name: string): Promise<typeof full> {
  const report = await filed(name);
  let sent = report.bytes.length;
  let tip = report.envelope;
  for (;;) {
    const next = message(report, tip, longest);
    const bytes = formatEnvelopeWithSlots(next);
    const answer = await askMailbox(served, report.mailbox, "/mailbox/messages", bytes);
    if (answer.status !== 201 || sent > 40 * MiB) return { report, sent, tip, refusal: answer };
    sent += bytes.length;
    tip = next;
  }
}

function reply(report: FiledReport, previous: Envelope, text: string): Envelope {
  return sealByMember({
    kind: "reply",
    place: placeAfter(report, previous),
    key: report.caseKey,
    envId: generateEnvId(),
    author: served.organisation.members.rosa,
    content: { text, files: [], status: null },
    readers: [],
    object: null,
  });
}

async function postReply(report: FiledReport, envelope: Envelope): Promise<Answer> {
  const headers = {
    authorization: await served.signIn(served.organisation.members.rosa),
    "x-case-token": toBase64Url(tokenOf(report.caseKey)),
  };
  const path = `/cases/${toHex(report.mailbox.caseId)}/streams/0`;
  return ask(served.portal.consoleUrl, "POST", path, formatEnvelopeWithSlots(envelope), headers);
}

test("a mailbox takes so much and no more, and stays readable", async () => {
  assert.deepEqual([full.refusal.status, full.refusal.json], [413, { error: "large" }]);
  assert.ok(full.sent <= 8 * MiB, `${full.sent} bytes were taken`);
  const answer = await askMailbox(served, full.report.mailbox, "/mailbox/read");
  assert.equal(answer.status, 200);
  assert.equal(parseMailboxAnswer(answer.bytes).length, full.tip.header.seq + 1);
});

test("who fills their own side silences nobody: a reply still goes through, and a short message", async () => {
  const answered = reply(full.report, full.tip, "We have read it.");
  assert.equal((await postReply(full.report, answered)).status, 201);
  const short = formatEnvelopeWithSlots(message(full.report, answered, "Thank you."));
  assert.equal((await askMailbox(served, full.report.mailbox, "/mailbox/messages", short)).status, 201);
});

test("a dishonest reader who fills the replies does not silence the reporter", async () => {
  const report = await filed("filled by a reader");
  let tip = report.envelope;
  for (let i = 0; i < 5; i++) {
    const next = reply(report, tip, longest);
    const { status, json } = await postReply(report, next);
    if (status !== 201) {
      assert.deepEqual([status, json], [413, { error: "large" }]);
      const bytes = formatEnvelopeWithSlots(message(report, tip, "I am still here."));
      assert.equal((await askMailbox(served, report.mailbox, "/mailbox/messages", bytes)).status, 201);
      return;
    }
    tip = next;
  }
  assert.fail("replies were taken without end");
});

/** Begins to read a mailbox and never takes the answer. */
async function stall(mailbox: Mailbox): Promise<http.ClientRequest> {
  const origin = served.portal.reporterUrl;
  const { json } = await ask(origin, "POST", "/mailbox/nonce");
  const nonce = Uint8Array.from(Buffer.from(String(json?.["nonce"]), "hex"));
  const body = new Uint8Array();
  const request = { portalId: served.organisation.portalId, origin, action: "POST /mailbox/read", body };
  const auth = toBase64Url(signMailboxRequest(mailbox, request, nonce));
  const headers = { "x-mailbox-auth": auth, "content-type": "application/octet-stream", "content-length": 0 };
  const asked = http.request(`${origin}/mailbox/read`, { method: "POST", headers, agent: false });
  asked.on("error", () => {});
  asked.on("response", (response) => response.on("error", () => {}));
  asked.end();
  return asked;
}

test("a hundred readers who do not take their answers cost a bounded amount, and keep nobody else from reading", async () => {
  const honest = await filed("honest");
  const before = process.memoryUsage().arrayBuffers;
  const stalled = await Promise.all(Array.from({ length: 100 }, () => stall(full.report.mailbox)));
  try {
    const answer = await askMailbox(served, honest.mailbox, "/mailbox/read");
    assert.equal(answer.status, 200);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    globalThis.gc?.();
    const held = process.memoryUsage().arrayBuffers - before;
    assert.ok(held < 500 * MiB, `${Math.round(held / MiB)} MiB are held`);
  } finally {
    for (const request of stalled) request.destroy();
  }
  // The room comes back once they are gone.
  for (let attempt = 0; attempt < 20; attempt++) {
    const { status } = await askMailbox(served, full.report.mailbox, "/mailbox/read");
    if (status === 200) return;
    assert.equal(status, 503);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.fail("the room never came back");
});

test("two hundred large bodies that never end cost a bounded amount, and keep no ordinary report out", async () => {
  const before = process.memoryUsage().arrayBuffers;
  const piece = Buffer.alloc(4 * MiB - 1);
  const { host, port } = new URL(served.portal.reporterUrl);
  const sockets = Array.from({ length: 200 }, () => {
    const socket = net.connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    const type = "content-type: application/octet-stream";
    socket.write(`POST /reports HTTP/1.1\r\nhost: ${host}\r\n${type}\r\ncontent-length: ${4 * MiB}\r\n\r\n`);
    socket.write(piece);
    return socket;
  });
  try {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await filed("while bodies stall");
    globalThis.gc?.();
    const held = process.memoryUsage().arrayBuffers - before;
    assert.ok(held < 500 * MiB, `${Math.round(held / MiB)} MiB are held`);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test("no fault of the server was logged in all of this", () => {
  assert.deepEqual(served.portal.lines, []);
});
