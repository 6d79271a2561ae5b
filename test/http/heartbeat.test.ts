/**
 * The heartbeat on a served portal whose clock the test moves: two quarters with late answers, cases
 * that were reopened, closed and deleted; published once, signed, and silent in between.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fromBase64, fromHex, fromUtf8, toBase64Url, toHex, utf8 } from "../../crypto/bytes.ts";
import { tokenOf } from "../../crypto/keys.ts";
import { formatMinisignKey, verifyMinisign } from "../../crypto/minisign.ts";
import { dayOf } from "../../data/policy/update-date.ts";
import { publishHeartbeats } from "../../server/app/heartbeat.ts";
import { parseHeartbeat, type Band } from "../../server/domain/heartbeat.ts";
import type { Tally } from "../../server/ports.ts";
import { decide, deleteCase, prepare, reply, withTeam } from "../../views/browser/client/case-writing.ts";
import { syncFeed, type Desk } from "../../views/browser/client/held-cases.ts";
import { listCases } from "../../views/browser/client/listing.ts";
import { deskOf } from "../support/casework.ts";
import { fileReport, makeCaseKey, makeMailbox } from "../support/fixtures.ts";
import { requireJudge } from "../support/judges.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";
import { freePort, startTestPortal } from "../support/server.ts";

const msPerDay = 86_400_000;
const moved = { day: dayOf("2026-02-10")! };
const clock = { today: () => moved.day, now: () => moved.day * msPerDay + (Date.now() % msPerDay) };
/** The same ports after a restart: an origin is part of what members sign. */
const env = { FEED_ITEMS: "64", PORT: String(await freePort()), CONSOLE_PORT: String(await freePort()) };

let served: ServedOrganisation;
const goTo = (day: string): void => void (moved.day = dayOf(day)!);
const beat = (): Promise<void> => publishHeartbeats(served.portal.context);
const get = (path: string): Promise<Answer> => ask(served.portal.reporterUrl, "GET", path);
const files = async (): Promise<string[]> =>
  (await served.portal.context.store.listHeartbeats()).map(({ quarter }) => quarter);
const told = ({ least, most }: Band): string => `${least}–${most}`;

async function published(quarter: string): Promise<Record<"received" | "answered" | "overdue", string>> {
  const { status, bytes } = await get(`/heartbeat/${quarter}.json`);
  assert.equal(status, 200);
  const { received, answered, overdue } = parseHeartbeat(bytes);
  return { received: told(received), answered: told(answered), overdue: told(overdue) };
}

/** Files reports under these names today; answers their case ids. */
async function file(...names: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const mailbox = makeMailbox(served.organisation.portalId, name);
    const { bytes } = fileReport(served.organisation, { mailbox, caseKey: makeCaseKey(name), what: name });
    assert.equal((await ask(served.portal.reporterUrl, "POST", "/reports", bytes)).status, 201);
    ids.push(toHex(mailbox.caseId));
  }
  await served.portal.tick();
  return ids;
}

/** Rosa's desk, today: a session does not outlive the days that the test jumps over. */
async function desk(): Promise<Desk> {
  const fresh = await deskOf(served, served.organisation.members.rosa.seed);
  await syncFeed(fresh);
  await listCases(fresh);
  return fresh;
}

async function answer(rosa: Desk, ...ids: string[]): Promise<void> {
  for (const id of ids) await reply(rosa, id, { text: "We look", status: null }, await prepare(rosa, fromHex(id), []));
}

async function close(rosa: Desk, ...ids: string[]): Promise<void> {
  for (const id of ids) await decide(rosa, id, { phase: "closed", disposition: "withdrawn", reason: "done" });
}

/** As a reader's console sets it. */
async function remind(rosa: Desk, id: string, on: string | null): Promise<void> {
  const { key } = await withTeam(rosa, id);
  const authorization = await served.signIn(served.organisation.members.rosa);
  const headers = { authorization, "x-team-token": toBase64Url(tokenOf(key)) };
  const { status } = await ask(served.portal.consoleUrl, "PUT", `/cases/${id}/reminder`, { on, second: null }, headers);
  assert.equal(status, 204);
}

async function restart(): Promise<void> {
  await served.portal.close();
  served.portal = await startTestPortal(env, { dataDir: served.portal.dataDir, clock });
}

const numbered = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

before(async () => {
  served = await serveOrganisation(env, 2, { clock, trial: false });
  await beat();
});
after(() => served.portal.discard());

test("before the first quarter is published the page says on which day it comes, and there is no file", async () => {
  const { status, bytes } = await get("/en/heartbeat");
  assert.equal(status, 200);
  assert.match(fromUtf8(bytes), /The first numbers come on April 15, 2026\./);
  assert.doesNotMatch(fromUtf8(bytes), /<table|minisign -V/);
  assert.equal((await get("/heartbeat/2026-Q1.json")).status, 404);
});

test("the first quarter: ten came in, one was deleted; four answered in time, one a day late; four overdue at the end", async () => {
  const ids = await file(...numbered("first", 10));
  goTo("2026-02-17"); // seven days
  await answer(await desk(), ...ids.slice(0, 4));
  goTo("2026-02-18");
  const rosa = await desk();
  await answer(rosa, ids[4]!, ids[0]!); // one late; another answer to one that had its own in time
  await close(rosa, ...ids.slice(0, 5));
  assert.notEqual(await deleteCase(rosa, ids[0]!), null);
  await remind(rosa, ids[5]!, "2026-04-01"); // five are open; of this one nothing is due in the quarter
  const [{ version }] = (await served.portal.context.store.listTallies()) as [Tally];
  assert.equal(version, 2, "the deletion was noted");
  for (const name of readdirSync(served.portal.dataDir).filter((each) => each.includes("sqlite")))
    assert.ok(!readFileSync(join(served.portal.dataDir, name)).includes('"received":'), `${name} has it in the clear`);
  goTo("2026-03-31");
  await beat();
  assert.deepEqual(await files(), []);
  goTo("2026-04-01");
  await beat();
  assert.deepEqual(await files(), [], "counted, not published");
  goTo("2026-04-14");
  await beat();
  assert.deepEqual(await files(), []);
});

test("what changes between a quarter's end and the day of publication changes nothing of what was overdue", async () => {
  const rosa = await desk();
  const ids = numbered("first", 10).map((name) => toHex(makeMailbox(served.organisation.portalId, name).caseId));
  await remind(rosa, ids[5]!, "2026-03-01");
  await close(rosa, ids[1]!); // again: closed it is
  goTo("2026-04-15");
  await restart();
  assert.deepEqual(await published("2026-Q1"), { received: "10–19", answered: "0–4", overdue: "0–4" });
});

test("a portal that starts again on the day publishes once, and never again", async () => {
  const first = await get("/heartbeat/2026-Q1.json");
  const signature = await get("/heartbeat/2026-Q1.json.minisig");
  await restart();
  await beat();
  await Promise.all([beat(), beat()]);
  goTo("2026-04-20");
  await restart();
  assert.deepEqual(await files(), ["2026-Q1"]);
  assert.deepEqual((await get("/heartbeat/2026-Q1.json")).bytes, first.bytes);
  assert.deepEqual((await get("/heartbeat/2026-Q1.json.minisig")).bytes, signature.bytes);
  assert.deepEqual(await served.portal.context.store.listTallies(), [], "the exact counts are gone");
});

test("the second quarter: deleted cases count, and what is overdue is of every quarter", async () => {
  const ids = await file(...numbered("second", 20));
  goTo("2026-04-25");
  const rosa = await desk();
  await answer(rosa, ...ids.slice(0, 5));
  await close(rosa, ...ids);
  for (const id of [ids[0]!, ids[19]!]) assert.notEqual(await deleteCase(rosa, id), null);
  // Open with a date that has passed: five of the first quarter. Reopened is open: a sixth. Nothing due in it: not this one.
  await decide(rosa, ids[7]!, { phase: "open", disposition: null, reason: "again" });
  const [withoutDate, overdue] = [ids[8]!, 5];
  await decide(rosa, withoutDate, { phase: "open", disposition: null, reason: "again" });
  await remind(rosa, withoutDate, null);
  const older = numbered("first", 10).map((name) => toHex(makeMailbox(served.organisation.portalId, name).caseId));
  await close(rosa, older[9]!);
  assert.equal(older.slice(5, 9).length + 1, overdue);
  goTo("2026-07-01");
  await beat();
  const later = await desk();
  await close(later, older[8]!, older[7]!);
  goTo("2026-07-03");
  assert.notEqual(await deleteCase(await desk(), older[8]!), null, "of a quarter that is published");
  assert.notEqual(await deleteCase(await desk(), ids[18]!), null, "after the quarter's end, before it is published");
  goTo("2026-07-15");
  await beat();
  assert.deepEqual(await published("2026-Q2"), { received: "20–49", answered: "5–9", overdue: "5–9" });
});

test("the page shows the newest quarter first, as bands in words and bars, and how to check", async () => {
  const html = fromUtf8((await get("/en/heartbeat")).bytes).replace(/[\u2009\u202f\u00a0]/g, " ");
  const [second, first] = [html.indexOf("April – June 2026"), html.indexOf("January – March 2026")];
  assert.ok(second > 0 && first > second);
  assert.match(html, /The next numbers come on October 15, 2026\./);
  for (const words of ["20 to 49", "5 to 9", "10 to 19", "fewer than 5"]) assert.ok(html.includes(words), words);
  assert.match(html, /minisign -Vm heartbeat-2026-Q2\.json -P RW[A-Za-z0-9+/]{54}/);
  assert.doesNotMatch(html, /<script|\sstyle=/);
  const { headers } = await get("/heartbeat/2026-Q2.json.minisig");
  assert.equal(headers.get("content-disposition"), "attachment; filename=heartbeat-2026-Q2.json.minisig");
});

test("within a quarter the page and the files are the same bytes before and after a report, an answer, a deletion", async () => {
  const paths = ["/en/heartbeat", "/de/heartbeat", "/heartbeat/2026-Q2.json", "/heartbeat/2026-Q2.json.minisig"];
  const shown = async (): Promise<string[]> =>
    Promise.all(
      [...paths, "/heartbeat/2026-Q3.json"].map(async (path) => {
        const { status, bytes, headers } = await get(path);
        const named = [...headers].filter(([name]) => name !== "date").map((pair) => pair.join(": "));
        return JSON.stringify([status, toHex(bytes), named.toSorted()]);
      }),
    );
  const before = await shown();
  const [id] = await file("third");
  await beat();
  assert.deepEqual(await shown(), before);
  const rosa = await desk();
  await answer(rosa, id!);
  await close(rosa, id!);
  await deleteCase(rosa, id!);
  await restart();
  assert.deepEqual(await shown(), before);
});

test("a damaged case keeps no quarter from being published", async () => {
  const { store } = served.portal.context;
  const [row] = await store.listCases(null, 1);
  const damaged = { idx: row!.idx, expectedVersion: row!.version, state: new Uint8Array(600), event: null };
  const rest = { tokenHash: null, object: null, leaf: null, day: moved.day };
  assert.equal(await store.changeCase({ ...damaged, ...rest }), "stored");
  goTo("2026-10-15");
  await beat();
  assert.deepEqual(await published("2026-Q3"), { received: "0–4", answered: "0–4", overdue: "0–4" });
});

test("a portal that was off for three quarters publishes each of them", async () => {
  goTo("2027-07-20");
  await restart();
  assert.deepEqual(await files(), ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"]);
  assert.equal(parseHeartbeat((await get("/heartbeat/2027-Q1.json")).bytes).madeOn, "2027-04-15");
});

test("sixteen deleted at the same moment all go, and each is counted", async () => {
  const ids = await file(...numbered("at once", 16));
  const rosa = await desk();
  await close(rosa, ...ids);
  const gone = await Promise.allSettled(ids.map((id) => deleteCase(rosa, id)));
  assert.deepEqual(
    gone.map(({ status }) => status),
    ids.map(() => "fulfilled"),
  );
  const [tally] = await served.portal.context.store.listTallies();
  assert.deepEqual([tally?.quarter, tally?.version], ["2027-Q3", 16]);
});

test("a clock that was decades ahead for an hour publishes no decades, and keeps no later quarter from its numbers", async () => {
  const before = await files();
  goTo("2099-08-01");
  await beat();
  assert.deepEqual(await files(), [...before, "2098-Q3", "2098-Q4", "2099-Q1", "2099-Q2"]);
  goTo("2027-10-15");
  await beat();
  assert.deepEqual(await published("2027-Q3"), { received: "10–19", answered: "0–4", overdue: "0–4" });
});

for (const path of [
  "/heartbeat/2026-Q2",
  "/heartbeat/2026-Q2.txt",
  "/heartbeat/2020-Q1.json",
  "/heartbeat/x.json",
  "/en/heartbeat/2026-Q2.json",
])
  test(`${path} is missing`, async () => assert.equal((await get(path)).status, 404));

describe("the signature, by the log's key that the roster names", requireJudge("minisign"), () => {
  function judge(message: Uint8Array, signature: Uint8Array, key: Uint8Array): number | null {
    const folder = mkdtempSync(join(tmpdir(), "tellhaven-minisign-"));
    try {
      writeFileSync(join(folder, "heartbeat-2026-Q2.json"), message);
      writeFileSync(join(folder, "heartbeat-2026-Q2.json.minisig"), signature);
      const [, line] = formatMinisignKey(key).split("\n");
      return spawnSync("minisign", ["-Vm", "heartbeat-2026-Q2.json", "-P", line!], { cwd: folder }).status;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("minisign accepts what was published, and nothing that was changed", async () => {
    const [{ bytes }, { bytes: signature }] = await Promise.all([
      get("/heartbeat/2026-Q2.json"),
      get("/heartbeat/2026-Q2.json.minisig"),
    ]);
    const rosters = (await get("/rosters")).json?.["rosters"] as { bytes: string }[];
    const roster = JSON.parse(fromUtf8(fromBase64(rosters.at(-1)!.bytes))) as { logKey: string; portalId: string };
    const key = fromBase64(roster.logKey, 32);
    assert.equal(judge(bytes, signature, key), 0);
    assert.equal(verifyMinisign(bytes, signature, key), `tellhaven heartbeat ${roster.portalId} 2026-Q2`);
    const tampered = utf8(fromUtf8(bytes).replace('"least":20', '"least":10'));
    const other = (await get("/heartbeat/2026-Q1.json")).bytes;
    for (const [message, signer] of [
      [tampered, key],
      [other, key],
      [bytes, served.organisation.charter.sign.publicKey],
    ] as const) {
      assert.notEqual(judge(message, signature, signer), 0);
      assert.throws(() => verifyMinisign(message, signature, signer), { code: "forged" });
    }
  });
});

test("a trial publishes nothing, and says so", async (t) => {
  goTo("2026-02-10");
  const trial = await serveOrganisation({}, 2, { clock });
  t.after(() => trial.portal.discard());
  await publishHeartbeats(trial.portal.context);
  goTo("2027-02-10");
  await publishHeartbeats(trial.portal.context);
  assert.deepEqual(await trial.portal.context.store.listHeartbeats(), []);
  assert.deepEqual(await trial.portal.context.store.listTallies(), []);
  const { bytes } = await ask(trial.portal.reporterUrl, "GET", "/en/heartbeat");
  assert.match(fromUtf8(bytes), /This is a trial portal\. It publishes no numbers\./);
});

test("before there is a roster there is nothing to show", async (t) => {
  const empty = await startTestPortal();
  t.after(() => empty.discard());
  assert.equal((await ask(empty.reporterUrl, "GET", "/en/heartbeat")).status, 503);
});
