/** Files of a form without scripts: they stream to the disk, and one that breaks off leaves nothing. */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { deriveMailbox } from "../../crypto/keys.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import { parseEnvelope } from "../../crypto/envelope/wire.ts";
import { readMailbox } from "../../server/app/read-mailbox.ts";
import { AssistedVisitor, inputValue, type SeenPage } from "../support/assisted-visitor.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const MiB = 1024 * 1024;
let served: ServedOrganisation;
let visitor: AssistedVisitor;
before(async () => {
  served = await serveOrganisation();
  visitor = new AssistedVisitor(served.portal.reporterUrl);
});
after(() => served.portal.discard());

const boundary = "a-boundary-of-the-test";

/** The form up to the content of its one file, and what stands behind it. */
function formAround(page: SeenPage): { head: Buffer; tail: Buffer } {
  const fields = { "answer-what": "See the file.", confirm: "yes" };
  const hidden = Object.fromEntries(["code", "seen", "channel"].map((name) => [name, inputValue(page, name)]));
  const lines = Object.entries({ ...hidden, ...fields }).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="big.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return { head: Buffer.from(lines.join("") + file), tail: Buffer.from(`\r\n--${boundary}--\r\n`) };
}

/** A request whose body the test writes itself. */
function begin(length: number): { request: http.ClientRequest; answer: Promise<http.IncomingMessage> } {
  const request = http.request(`${served.portal.reporterUrl}/assisted/report`, {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${boundary}`, "content-length": length },
  });
  const answer = new Promise<http.IncomingMessage>((resolve, reject) =>
    request.on("response", resolve).on("error", reject),
  );
  return { request, answer };
}

const objectsOnDisk = (): Promise<string[]> => readdir(join(served.portal.dataDir, "objects"));

async function writeAll(request: http.ClientRequest, bytes: Uint8Array): Promise<void> {
  if (!request.write(bytes)) await new Promise((resolve) => request.once("drain", resolve));
}

test("the second 64 MiB of a file take no more memory than the first", async () => {
  const page = await visitor.open("/assisted/report");
  const { head, tail } = formAround(page);
  const piece = new Uint8Array(MiB).fill(65);
  const { request, answer } = begin(head.length + 128 * MiB + tail.length);
  await writeAll(request, head);
  // The first half warms up: worker threads, buffers, the arenas of the allocator.
  const most = [0, 0];
  for (let i = 0; i < 128; i++) {
    await writeAll(request, piece);
    const half = i < 64 ? 0 : 1;
    most[half] = Math.max(most[half]!, process.memoryUsage().rss);
  }
  request.end(tail);
  const response = await answer;
  assert.deepEqual([response.statusCode, response.headers.location], [303, "/assisted/sent"]);
  const grown = most[1]! - most[0]!;
  assert.ok(grown < 32 * MiB, `grew by ${Math.round(grown / MiB)} MiB`);
  const mailbox = deriveMailbox(inputValue(page, "code"), served.organisation.portalId);
  const [stored] = parseMailboxAnswer(await readMailbox(served.portal.context, mailbox.caseId));
  const { objLen } = parseEnvelope(stored!).header;
  assert.ok(objLen > 128 * MiB && objLen < 144 * MiB, String(objLen));
});

test("a browser that goes away half-way leaves no object, no reservation and no log line", async () => {
  const before = await objectsOnDisk();
  const { head } = formAround(await visitor.open("/assisted/report"));
  const { request, answer } = begin(100 * MiB);
  answer.catch(() => {});
  await writeAll(request, head);
  // More than a part: something is on the disk by now.
  for (let i = 0; i < 10; i++) await writeAll(request, new Uint8Array(MiB));
  for (let i = 0; i < 100 && (await objectsOnDisk()).length === before.length; i++) await pause(20);
  const during = (await objectsOnDisk()).filter((name) => !before.includes(name));
  assert.equal(during.length, 1);
  const envId = Uint8Array.from(Buffer.from(during[0]!, "hex"));
  assert.notEqual(await served.portal.context.store.findUpload(envId), null);
  request.destroy();
  for (let i = 0; i < 100 && (await objectsOnDisk()).length > before.length; i++) await pause(20);
  assert.deepEqual(await objectsOnDisk(), before);
  assert.equal(await served.portal.context.store.findUpload(envId), null);
  assert.deepEqual(served.portal.lines, []);
});

test("while codes are being opened the server answers others", async () => {
  const pages = Array.from({ length: 6 }, () => visitor.open("/assisted/report"));
  const codes = (await Promise.all(pages)).map((page) => inputValue(page, "code"));
  const opening = Promise.all(codes.map((code) => visitor.send("/assisted/mailbox", { fields: { code } })));
  const waits: number[] = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    await visitor.open("/assisted/sent");
    waits.push(performance.now() - start);
  }
  await opening;
  // One derivation on the event loop alone would take longer than this.
  assert.ok(waits.sort((a, b) => a - b)[10]! < 120, `${Math.round(waits[10]!)} ms`);
});

test("many large forms that never end fill their room, not the memory; ordinary forms go through, large ones after the slowest gave way", async () => {
  const piece = Buffer.alloc(MiB, "a");
  const head = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="answer-what"\r\n\r\n`);
  const forms = Array.from({ length: 80 }, () => begin(100 * MiB));
  try {
    for (const { request, answer } of forms) {
      answer.catch(() => {});
      request.write(head);
      request.write(piece);
    }
    await pause(1000);
    const page = await visitor.open("/assisted/report");
    const fields = { "answer-what": "A short one.", confirm: "yes", seen: inputValue(page, "seen") };
    const form = { fields: { ...fields, code: inputValue(page, "code"), channel: inputValue(page, "channel") } };
    assert.equal(await visitor.send("/assisted/report", form), "/assisted/sent");
    const other = await visitor.open("/assisted/report");
    const more = { code: inputValue(other, "code"), channel: inputValue(other, "channel") };
    const long = { fields: { ...fields, ...more, "answer-what": "a".repeat(90_000) } };
    const began = performance.now();
    assert.equal(await visitor.send("/assisted/report", long), "/assisted/sent");
    assert.ok(performance.now() - began < 20_000);
  } finally {
    for (const { request } of forms) request.destroy();
  }
  await pause(200);
  const page = await visitor.open("/assisted/report");
  const hidden = Object.fromEntries(["code", "seen", "channel"].map((name) => [name, inputValue(page, name)]));
  const fields = { ...hidden, "answer-what": "a".repeat(90_000), confirm: "yes" };
  assert.equal(await visitor.send("/assisted/report", { fields }), "/assisted/sent");
  assert.deepEqual(served.portal.lines, []);
});
