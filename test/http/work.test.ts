/** Proof of work in front of intake, over HTTP: what is asked, what is refused, what survives. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { makeWork } from "../../views/browser/client/work.ts";
import { ask, findPass, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { fileReport, makeCaseKey, makeMailbox, type Organisation } from "../support/fixtures.ts";

let served: ServedOrganisation;
before(async () => {
  served = await serveOrganisation();
});
after(() => served.portal.discard());

const post = (bytes: Uint8Array, headers: Record<string, string>): ReturnType<typeof ask> =>
  ask(served.portal.reporterUrl, "POST", "/reports", bytes, headers);
let written = 0;
/** Another person's report each time. */
function anotherReport(organisation: Organisation = served.organisation): Uint8Array {
  const name = `person ${written++}`;
  const { portalId } = organisation;
  return fileReport(organisation, { mailbox: makeMailbox(portalId, name), caseKey: makeCaseKey(name) }).bytes;
}
const none = { "x-work": "" };

test("a report without a pass is refused, with one it is stored, and the same bytes need no pass any more", async () => {
  const bytes = anotherReport();
  const refused = await post(bytes, none);
  assert.equal(refused.status, 428);
  assert.deepEqual(refused.json, { error: "work" });
  const first = await post(bytes, await findPass(served.portal.reporterUrl));
  assert.equal(first.status, 201);
  const again = await post(bytes, none);
  assert.equal(again.status, 201);
  assert.deepEqual(again.bytes, first.bytes);
});

test("a pass is good for one envelope id: its upload and its report", async () => {
  const pass = await findPass(served.portal.reporterUrl);
  const reserve = (envId: Uint8Array): ReturnType<typeof ask> => {
    const body = { envId: toHex(envId), length: 256 * 1024 };
    return ask(served.portal.reporterUrl, "POST", "/uploads", body, pass);
  };
  const envId = generateEnvId();
  assert.equal((await reserve(envId)).status, 201);
  assert.equal((await reserve(generateEnvId())).status, 428);
  assert.equal((await post(anotherReport(), pass)).status, 428);
});

test("of fifty reports that race with one pass, one is stored", async () => {
  const pass = await findPass(served.portal.reporterUrl);
  const answers = await Promise.all(Array.from({ length: 50 }, () => post(anotherReport(), pass)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.equal(answers.filter(({ status }) => status === 428).length, 49);
});

test("a flood without work from one address does not use up what those with work need", async () => {
  const tight = await serveOrganisation({ RATE_REPORTS: "3", RATE_UPLOADS: "3" });
  try {
    const send = (bytes: Uint8Array, headers?: Record<string, string>): ReturnType<typeof ask> =>
      ask(tight.portal.reporterUrl, "POST", "/reports", bytes, headers);
    for (let i = 0; i < 40; i++) assert.notEqual((await send(anotherReport(tight.organisation), none)).status, 201);
    for (let i = 0; i < 8; i++) assert.equal((await send(anotherReport(tight.organisation))).status, 201);
  } finally {
    await tight.portal.discard();
  }
});

test("WORK_COST=0 asks for nothing", async () => {
  const open = await serveOrganisation({ WORK_COST: "0" });
  try {
    const { json } = await ask(open.portal.reporterUrl, "GET", "/work");
    assert.equal(json?.["challenge"], null);
    assert.equal(await makeWork({ origin: open.portal.reporterUrl }).pass(generateEnvId()), "");
    const bytes = anotherReport(open.organisation);
    assert.equal((await ask(open.portal.reporterUrl, "POST", "/reports", bytes, none)).status, 201);
  } finally {
    await open.portal.discard();
  }
});

test("under load the first page says so before anybody writes", async () => {
  const first = async (): Promise<string> =>
    (await fetch(`${served.portal.reporterUrl}/`, { headers: { accept: "text/html" } })).text();
  const words = ">Many reports are coming in right now";
  assert.ok(!(await first()).includes(words));
  const { work } = served.portal.context;
  for (let i = 0; i < 61; i++)
    work.spend(await work.verify((await findPass(served.portal.reporterUrl))["x-work"]), generateEnvId());
  assert.ok((await first()).includes(words));
  assert.ok((await (await fetch(`${served.portal.reporterUrl}/assisted/report`)).text()).includes(words));
});
