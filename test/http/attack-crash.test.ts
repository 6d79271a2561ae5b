/** The server is killed between the keyring's entry, the finished attachments and the case: sending again makes it whole. */
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { equal, toHex } from "../../crypto/bytes.ts";
import { parseReceipt, verifyReceipt } from "../../crypto/log.ts";
import { envelopeHashOf } from "../../crypto/envelope/wire.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { caseIndex } from "../../crypto/vault.ts";
import { parseMailboxAnswer } from "../../crypto/mailbox.ts";
import { Sha256 } from "../../crypto/sodium.ts";
import { fileReport } from "../support/fixtures.ts";
import { ask, askMailbox, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { freePort, startTestPortal } from "../support/server.ts";

let dataDir: string;
let served: ServedOrganisation;
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tellhaven-crash-"));
  served = await serveOrganisation({}, 2, { dataDir });
  await served.portal.close();
});
after(() => rm(dataDir, { recursive: true, force: true }));

test("killed before the case is admitted: the same bytes again get a receipt, and everything is readable", async () => {
  const port = String(await freePort());
  const env = { PORT: port, CONSOLE_PORT: String(await freePort()), DATA_DIR: dataDir, MIN_FREE_BYTES: "1000000" };
  const child = fork(join(import.meta.dirname, "../support/kill-portal-child.ts"), [JSON.stringify(env)]);
  const died = once(child, "exit");
  await once(child, "message");
  const object = randomBytes(256 * 1024);
  const envId = generateEnvId();
  const digest = new Sha256();
  digest.update(object);
  const report = fileReport(served.organisation, { envId, object: { length: object.length, hash: digest.digest() } });
  const origin = `http://localhost:${port}`;
  const reserved = await ask(origin, "POST", "/uploads", { envId: toHex(envId), length: object.length });
  const ticket = { "x-upload-ticket": String(reserved.json?.["ticket"]) };
  assert.equal((await ask(origin, "PUT", `/uploads/${toHex(envId)}/0`, object, ticket)).status, 204);
  await assert.rejects(ask(origin, "POST", "/reports", report.bytes));
  assert.deepEqual((await died)[1], "SIGKILL");

  const portal = await startTestPortal({}, { dataDir });
  try {
    const { keyring, keys, store } = portal.context;
    const idx = caseIndex(keys.index, report.mailbox.caseId);
    assert.notEqual(await keyring.find(idx), null, "it was killed too early to prove anything");
    assert.equal(await store.findCase(idx), null, "it was killed too late to prove anything");
    const again = { ...served, portal };
    assert.deepEqual(parseMailboxAnswer((await askMailbox(again, report.mailbox, "/mailbox/read")).bytes), []);
    const { status, bytes } = await ask(portal.reporterUrl, "POST", "/reports", report.bytes);
    assert.equal(status, 201);
    const { portalId, log } = served.organisation;
    verifyReceipt(parseReceipt(bytes), envelopeHashOf(report.envelope), portalId, log.publicKey);
    const [kept] = parseMailboxAnswer((await askMailbox(again, report.mailbox, "/mailbox/read")).bytes);
    assert.ok(equal(kept!, report.bytes));
    const fetched = await askMailbox(again, report.mailbox, `/mailbox/objects/${toHex(envId)}`);
    assert.ok(equal(fetched.bytes, object));
    assert.deepEqual(portal.lines, []);
  } finally {
    await portal.close();
  }
});
