/** Attacks on attachments: what was acknowledged stays whole, and strangers who send nothing keep nobody out. */
import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { equal, toBase64Url, toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { parseCaseKey } from "../../crypto/keys.ts";
import { Sha256 } from "../../crypto/sodium.ts";
import { expireUploads } from "../../server/app/upload-object.ts";
import { systemClock } from "../../server/clock.ts";
import { fileReport, makeMailbox, type FiledReport } from "../support/fixtures.ts";
import {
  ask,
  askMailbox,
  serveOrganisation,
  type Answer,
  type ServedOrganisation,
} from "../support/organisation-server.ts";

const KiB = 1024;
const minute = 60_000;
/** How far the server's clock is ahead of ours. */
let ahead = 0;
const clock = { today: systemClock.today, now: () => systemClock.now() + ahead };

let served: ServedOrganisation;
before(async () => {
  served = await serveOrganisation({ UPLOAD_BUDGET_BYTES: String(1024 * KiB) }, 2, { clock });
});
after(() => served.portal.discard());

interface Reserved {
  envId: Uint8Array;
  path: string;
  ticket: Record<string, string>;
}

async function tryReserve(length: number, envId = generateEnvId()): Promise<{ answer: Answer; reserved: Reserved }> {
  const answer = await ask(served.portal.reporterUrl, "POST", "/uploads", { envId: toHex(envId), length });
  const ticket = { "x-upload-ticket": String(answer.json?.["ticket"]) };
  return { answer, reserved: { envId, path: `/uploads/${toHex(envId)}`, ticket } };
}

async function reserve(length: number, envId?: Uint8Array): Promise<Reserved> {
  const { answer, reserved } = await tryReserve(length, envId);
  assert.equal(answer.status, 201);
  return reserved;
}

const put = ({ path, ticket }: Reserved, part: number, bytes: Uint8Array): Promise<Answer> =>
  ask(served.portal.reporterUrl, "PUT", `${path}/${part}`, bytes, ticket);

/** A PUT that was begun: the connection is ours to break. */
function beginPut({ path, ticket }: Reserved, length: number): http.ClientRequest {
  const headers = { ...ticket, "content-type": "application/octet-stream", "content-length": length };
  const request = http.request(`${served.portal.reporterUrl}${path}/0`, { method: "PUT", headers });
  request.on("error", () => {});
  return request;
}

/** A report whose attachments are `object`; mailbox and keys used nowhere else. */
function reportWith(envId: Uint8Array, object: Uint8Array): FiledReport {
  const digest = new Sha256();
  digest.update(object);
  return fileReport(served.organisation, {
    mailbox: makeMailbox(served.organisation.portalId, toHex(envId)),
    caseKey: parseCaseKey(randomBytes(32)),
    envId,
    object: { length: object.length, hash: digest.digest() },
  });
}

async function fileAndFetch(envId: Uint8Array, object: Uint8Array): Promise<void> {
  const report = reportWith(envId, object);
  const filed = await ask(served.portal.reporterUrl, "POST", "/reports", report.bytes);
  assert.equal(filed.status, 201);
  const { bytes } = await askMailbox(served, report.mailbox, `/mailbox/objects/${toHex(envId)}`);
  assert.ok(equal(bytes, object), "the acknowledged attachment came back changed");
}

/** Holds one method of the object store until it is let go, as a slow disk would. */
function hold(method: "hash" | "remove"): { reached: Promise<void>; letGo(): void } {
  const objects = served.portal.context.objects;
  const original = objects[method] as (envId: Uint8Array) => Promise<unknown>;
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  objects[method] = (async (envId: Uint8Array) => {
    reached.resolve();
    await gate.promise;
    return original(envId);
  }) as never;
  const letGo = (): void => {
    objects[method] = original as never;
    gate.resolve();
  };
  return { reached: reached.promise, letGo };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("a part sent again while its first copy is being hashed, and broken off, spoils nothing that was acknowledged", async () => {
  const object = randomBytes(256 * KiB);
  const reserved = await reserve(object.length);
  const disk = hold("hash");
  const first = put(reserved, 0, object);
  await disk.reached;
  const second = beginPut(reserved, object.length);
  second.write(randomBytes(100 * KiB));
  await pause(50); // the server has its beginning by now
  disk.letGo();
  assert.equal((await first).status, 204);
  second.destroy();
  await pause(50);
  await fileAndFetch(reserved.envId, object);
});

test("a part that a dead connection began does not stop the same part from arriving", async () => {
  const object = randomBytes(256 * KiB);
  const reserved = await reserve(object.length);
  const dead = beginPut(reserved, object.length);
  dead.write(object.subarray(0, 1000));
  await pause(50);
  assert.equal((await put(reserved, 0, object)).status, 204);
  dead.destroy();
  await fileAndFetch(reserved.envId, object);
});

test("eight copies of a part at once leave one whole object", async () => {
  const object = randomBytes(256 * KiB);
  const reserved = await reserve(object.length);
  const answers = await Promise.all(Array.from({ length: 8 }, () => put(reserved, 0, object)));
  assert.ok(answers.some(({ status }) => status === 204));
  await fileAndFetch(reserved.envId, object);
});

test("the hourly sweep never takes an object that is reserved anew under the id it is sweeping", async () => {
  const envId = generateEnvId();
  const object = randomBytes(256 * KiB);
  // A file whose row is gone, as a crash between the two leaves it.
  await served.portal.context.objects.appendPart(
    envId,
    0,
    (async function* () {
      yield randomBytes(1000);
    })(),
    1000,
  );
  const disk = hold("remove");
  const sweep = expireUploads(served.portal.context);
  await disk.reached;
  const again = tryReserve(object.length, envId).then(async ({ answer, reserved }) => {
    if (answer.status !== 201) return null;
    assert.equal((await put(reserved, 0, object)).status, 204);
    return reserved;
  });
  await pause(100);
  disk.letGo();
  await sweep;
  const reserved = (await again) ?? (await reserve(object.length, envId));
  assert.equal((await put(reserved, 0, object)).status, 204);
  await fileAndFetch(envId, object);
});

test("reservations for which nothing is sent keep nobody out", async () => {
  for (let i = 0; i < 4; i++) await reserve(256 * KiB);
  assert.equal((await tryReserve(256 * KiB)).answer.json?.["error"], "full");
  ahead += 11 * minute;
  const object = randomBytes(256 * KiB);
  const honest = await reserve(object.length);
  assert.equal((await put(honest, 0, object)).status, 204);
  await fileAndFetch(honest.envId, object);
});

test("room is counted by what arrived: one large reservation does not take all of it", async () => {
  ahead += 11 * minute;
  await reserve(1024 * KiB);
  const object = randomBytes(256 * KiB);
  const honest = await reserve(object.length);
  assert.equal((await put(honest, 0, object)).status, 204);
  await fileAndFetch(honest.envId, object);
});

test("whoever is sending is not the one who gives way, and nobody sends more than the budget", async () => {
  ahead += 11 * minute;
  const objects = Array.from({ length: 4 }, () => randomBytes(256 * KiB));
  const sent: Reserved[] = [];
  for (const object of objects) {
    const reserved = await reserve(object.length);
    assert.equal((await put(reserved, 0, object)).status, 204);
    sent.push(reserved);
  }
  assert.equal((await tryReserve(256 * KiB)).answer.json?.["error"], "full");
  await fileAndFetch(sent[0]!.envId, objects[0]!);
  await reserve(256 * KiB);
  for (const i of [1, 2, 3]) await fileAndFetch(sent[i]!.envId, objects[i]!);
});

test("a part that breaks off leaves no time on the disk, and no line in the log", async () => {
  ahead += 11 * minute;
  const reserved = await reserve(512 * KiB);
  const request = beginPut(reserved, 512 * KiB);
  request.write(randomBytes(100 * KiB));
  await pause(100);
  request.destroy();
  await pause(200);
  const folder = join(served.portal.dataDir, "objects");
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name));
    assert.equal(mtimeMs, 0, "an object's file tells when somebody was here");
  }
  assert.deepEqual(served.portal.lines, []);
});

test("a download that breaks off leaves no line in the log", async () => {
  const object = randomBytes(1024 * KiB);
  ahead += 11 * minute;
  const reserved = await reserve(object.length);
  assert.equal((await put(reserved, 0, object)).status, 204);
  const report = reportWith(reserved.envId, object);
  await ask(served.portal.reporterUrl, "POST", "/reports", report.bytes);
  const path = `/mailbox/objects/${toHex(reserved.envId)}`;
  let kept = new Uint8Array();
  await askMailbox(served, report.mailbox, path, new Uint8Array(), (auth) => {
    kept = auth.slice();
    return new Uint8Array(); // refused unread: the challenge is not spent
  });
  const headers = { "x-mailbox-auth": toBase64Url(kept), "content-length": 0 };
  const download = http.request(`${served.portal.reporterUrl}${path}`, { method: "POST", headers }).end();
  const [answer] = (await once(download, "response")) as [http.IncomingMessage];
  assert.equal(answer.statusCode, 200);
  await once(answer, "data");
  answer.destroy();
  await pause(200);
  assert.deepEqual(served.portal.lines, []);
});

test("a part that is too long is told so, though its sender is still sending", async () => {
  ahead += 11 * minute;
  const reserved = await reserve(256 * KiB);
  assert.equal((await put(reserved, 0, randomBytes(900 * KiB))).json?.["error"], "large");
  const object = randomBytes(256 * KiB);
  assert.equal((await put(reserved, 0, object)).status, 204);
});
