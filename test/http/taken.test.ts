/** Reports that a member writes down for somebody, on a real server: who may, what comes of it, what the server learns. */
import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import { equal, toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { parseCaseKey } from "../../crypto/keys.ts";
import { parseReceipt } from "../../crypto/log.ts";
import { readReceiptCode } from "../../crypto/receipt.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { english } from "../../crypto/words.ts";
import { viewDuties } from "../../views/browser/client/case-duties.ts";
import { viewCase } from "../../views/browser/client/case-view.ts";
import { downloadFile, openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import type { Desk } from "../../views/browser/client/held-cases.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { startTaking, type Taken, type TakenReport } from "../../views/browser/client/taken.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { deskOf, fileOfBytes, findByTitle } from "../support/casework.ts";
import { fileReport, makeMailbox, type FixtureMember } from "../support/fixtures.ts";
import { ask, serveOrganisation, type Answer, type ServedOrganisation } from "../support/organisation-server.ts";
import { sweep } from "../support/sweep.ts";
import { steal } from "../support/theft.ts";
import { postRosterAfter } from "../support/two-places.ts";

const today = Math.floor(Date.now() / 86_400_000);
const day = (after: number): string => textOfDay(today + after);

let served: ServedOrganisation;
let members: ServedOrganisation["organisation"]["members"];

before(async () => {
  served = await serveOrganisation();
  members = served.organisation.members;
});
after(() => served.portal.discard());

const list = { language: "en" as const, words: english };

async function reportBy(who: FixtureMember, change: Partial<TakenReport> = {}): Promise<TakenReport> {
  const { session } = await deskOf(served, who.seed);
  const about = { channel: "general", asked: "0".repeat(64), day: day(0), answers: { what: "By phone" } };
  return { session, list, how: "phone", ...about, language: "en", excluded: [], files: [], flags: 0, ...change };
}

async function take(
  who: FixtureMember,
  change: Partial<TakenReport> = {},
): Promise<Extract<Taken, { is: "stored" }> & { code: string }> {
  const result = await startTaking(await reportBy(who, change)).send();
  assert.ok(result.is === "stored");
  await served.portal.tick();
  return { ...result, code: result.words.join(" ") };
}

async function caseOf(who: FixtureMember, title: string): Promise<{ desk: Desk; caseId: string | null }> {
  const desk = await deskOf(served, who.seed);
  return { desk, caseId: await findByTitle(served, desk, title) };
}

/** Counts what the console is sent by this process while the test runs; `answer` may spoil what comes back. */
function watchPosts(
  t: TestContext,
  answer: (response: Response, count: number) => Response | Promise<Response>,
): Uint8Array[] {
  const own = globalThis.fetch;
  const bodies: Uint8Array[] = [];
  t.mock.method(globalThis, "fetch", async (url: string, init: RequestInit) => {
    const response = await own(url, init);
    if (!url.endsWith("/reports")) return response;
    bodies.push(new Uint8Array(init.body as Uint8Array<ArrayBuffer>));
    return answer(response, bodies.length);
  });
  return bodies;
}

describe("POST /reports of the console", () => {
  const sealed = (name: string): Uint8Array => {
    const mailbox = makeMailbox(served.organisation.portalId, `taken ${name}`);
    return fileReport(served.organisation, { mailbox, caseKey: parseCaseKey(randomBytes(32)) }).bytes;
  };

  for (const [who, authorization] of [
    ["nobody", async () => ({})],
    ["somebody with a token of their own making", async () => ({ authorization: `Bearer ${"A".repeat(43)}` })],
    ["a member who is no recipient", async () => ({ authorization: await served.signIn(members.olu) })],
    ["the charter holder", async () => ({ authorization: await served.signIn("charter") })],
  ] as const)
    test(`refuses ${who}, and stores nothing`, async () => {
      const bytes = sealed(who);
      const headers: Record<string, string> = await authorization();
      const answer = await ask(served.portal.consoleUrl, "POST", "/reports", bytes, headers);
      assert.deepEqual([answer.status, answer.json?.["error"]], [403, "refused"]);
      for (const path of ["/taken/form", "/taken/sheet/en"]) {
        const asked = await ask(served.portal.consoleUrl, "GET", path, undefined, headers);
        assert.deepEqual([asked.status, asked.json?.["error"]], [403, "refused"], path);
      }
      const { envelopes } = await steal(served.portal.dataDir);
      assert.equal(envelopes.length, 0);
    });

  test("takes a recipient's without any sum, answers the signed receipt, and the same bytes once only", async () => {
    const bytes = sealed("rosa");
    const headers = { authorization: await served.signIn(members.rosa) };
    const answers: Answer[] = [];
    for (let i = 0; i < 3; i++) answers.push(await ask(served.portal.consoleUrl, "POST", "/reports", bytes, headers));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    );
    parseReceipt(answers[0]!.bytes);
    assert.ok(answers.every((answer) => equal(answer.bytes, answers[0]!.bytes)));
    assert.equal((await steal(served.portal.dataDir)).envelopes.length, 1);
  });

  for (const [what, bytes, error] of [
    ["no envelope", () => new Uint8Array(100), "format"],
    ["a report with a flipped bit", () => flipped(sealed("flipped")), "forged"],
  ] as const)
    test(`refuses ${what} as the reporter's route does`, async () => {
      const headers = { authorization: await served.signIn(members.rosa) };
      const { json } = await ask(served.portal.consoleUrl, "POST", "/reports", bytes(), headers);
      assert.equal(json?.["error"], error);
    });

  const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1);
});

test("the form's questions, languages and address, and the sheet in each language, come for recipients only", async () => {
  const headers = { authorization: await served.signIn(members.rosa) };
  const { json } = await ask(served.portal.consoleUrl, "GET", "/taken/form", undefined, headers);
  assert.deepEqual(Object.keys(json!["questionnaires"] as object), ["general"]);
  assert.equal(json!["address"], served.portal.reporterUrl);
  const tags = (json!["languages"] as { tag: string }[]).map(({ tag }) => tag);
  assert.ok(tags.includes("en") && tags.includes("ar"));
  for (const tag of tags) {
    const sheet = await ask(served.portal.consoleUrl, "GET", `/taken/sheet/${tag}`, undefined, headers);
    assert.ok(
      Object.values(sheet.json!).every((words) => typeof words === "string" && words.trim() !== ""),
      tag,
    );
    assert.doesNotMatch(JSON.stringify(sheet.json), /\{\{|Fixture/, "no gap, and the name of nobody");
  }
  const unknown = await ask(served.portal.consoleUrl, "GET", "/taken/sheet/xx", undefined, headers);
  assert.equal(unknown.status, 404);
});

test("readers, and the reporter with the code, see who took it and how; somebody left out has no case", async () => {
  const { code } = await take(members.rosa, {
    answers: { what: "Ventilation" },
    excluded: [members.nia.id],
    how: "letter",
  });
  for (const who of [members.rosa, members.carl]) {
    const { desk, caseId } = await caseOf(who, "Ventilation");
    const { report, excluded } = viewCase(desk.session.chain, await openCase(desk, caseId!));
    assert.deepEqual([report.taken?.by.name, report.taken?.how, report.day], ["Rosa Reviewer", "letter", day(0)]);
    assert.deepEqual(
      excluded.map(({ name }) => name),
      ["Nia New"],
    );
  }
  assert.equal((await caseOf(members.nia, "Ventilation")).caseId, null);
  const api = { origin: served.portal.reporterUrl };
  assert.equal(readReceiptCode(code, english).is, "code");
  const open = await openMailboxByCode(api, (await fetchPortal(api)).chain!, code);
  assert.deepEqual(open!.report.content.taken, { by: members.rosa.id, how: "letter" });
});

test("who takes a report may leave themselves out, and then has no key to it", async () => {
  const result = await take(members.nia, { answers: { what: "About Nia" }, excluded: [members.nia.id] });
  assert.ok(!result.readers.includes(members.nia.id));
  assert.equal((await caseOf(members.nia, "About Nia")).caseId, null);
  assert.notEqual((await caseOf(members.rosa, "About Nia")).caseId, null);
  await assert.rejects(take(members.rosa, { excluded: Object.values(members).map(({ id }) => id) }), {
    code: "refused",
  });
});

test("files go along through the console's uploads, and the reporter can save them", async () => {
  const scan = new TextEncoder().encode("a scanned letter");
  const { code } = await take(members.carl, { files: [fileOfBytes("scan.pdf", scan)], how: "letter" });
  const api = { origin: served.portal.reporterUrl };
  const open = (await openMailboxByCode(api, (await fetchPortal(api)).chain!, code))!;
  const pieces: Uint8Array[] = [];
  for await (const piece of downloadFile(open, open.entries[0]!, 0)) pieces.push(piece);
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(scan));
});

test("a cut connection makes one case: the next try sends the very same bytes", async (t) => {
  const before = (await steal(served.portal.dataDir)).envelopes.length;
  const bodies = watchPosts(t, (response, count) => {
    if (count < 3) throw new TypeError("the connection was cut");
    return response;
  });
  const taking = startTaking(await reportBy(members.rosa, { answers: { what: "Cut" } }));
  await assert.rejects(taking.send(), { code: "busy" });
  await assert.rejects(taking.send(), { code: "busy" });
  assert.equal((await taking.send()).is, "stored");
  assert.ok(bodies.length === 3 && bodies.every((body) => equal(body, bodies[0]!)));
  assert.equal((await steal(served.portal.dataDir)).envelopes.length, before + 1);
});

test("a newer list of members stores nothing, and the next try is sealed to it", async (t) => {
  const own = await serveOrganisation();
  t.after(() => own.portal.discard());
  const { session } = await deskOf(own, members.rosa.seed);
  const taking = startTaking({ ...(await reportBy(members.rosa)), session });
  await postRosterAfter(own, (content) => content);
  assert.equal((await taking.send()).is, "readersChanged");
  assert.equal((await steal(own.portal.dataDir)).envelopes.length, 0);
  assert.equal(toHex(session.chain.current.hash), toHex((await fetchPortal(session.api)).chain!.current.hash));
  assert.equal((await taking.send()).is, "stored");
});

test("the clocks of a report that was taken begin on the day on which it came, of no other on a day that it claims", async () => {
  await take(members.rosa, {
    answers: { what: "An old letter", categories: ["safety"] },
    day: day(-10),
    how: "letter",
  });
  const { desk, caseId } = await caseOf(members.rosa, "An old letter");
  const open = await openCase(desk, caseId!);
  const received = (content: Partial<typeof open.report.content>): string => {
    const report = { ...open.report, content: { ...open.report.content, ...content } };
    return viewDuties(desk.session.chain, { ...open, report }, null, Date.now()).receivedOn;
  };
  assert.equal(received({}), day(-10));
  const { taken: _taken, ...untaken } = open.report.content;
  const claimed = { ...open, report: { ...open.report, content: untaken } };
  assert.equal(viewDuties(desk.session.chain, claimed, null, Date.now()).receivedOn, day(0));
  for (const odd of [day(3), "9999-12-31", "0000-01-01"]) assert.equal(received({ day: odd }), day(0), odd);
});

test("the server never sees the code, nor what was said: not in requests, not on its disk", async (t) => {
  const sent: Uint8Array[] = [];
  const own = globalThis.fetch;
  t.mock.method(globalThis, "fetch", async (url: string, init: RequestInit) => {
    sent.push(new TextEncoder().encode(`${url} ${JSON.stringify(init.headers)}`));
    if (init.body instanceof Uint8Array) sent.push(init.body);
    else if (typeof init.body === "string") sent.push(new TextEncoder().encode(init.body));
    return own(url, init);
  });
  const secret = "plant-kumquat-by-phone";
  const { words, code } = await take(members.rosa, {
    answers: { what: secret },
    files: [fileOfBytes("plant-scan.pdf", randomBytes(500))],
  });
  const phrases = words.slice(1).map((word, i) => `${words[i]!} ${word}`);
  const plants = [code, ...phrases, secret, "plant-scan.pdf"];
  const places = [served.portal.dataDir, ...sent.map((bytes, i) => ({ label: `request ${i}`, bytes }))];
  assert.ok(sent.length > 4);
  const swept = await sweep(plants, places);
  assert.deepEqual(swept.hits, []);
  assert.ok(swept.bytes > 100_000);
});

test("an envelope id or mailbox that stands already is a conflict, as at the reporter's route", async () => {
  const mailbox = makeMailbox(served.organisation.portalId, "twice");
  const headers = { authorization: await served.signIn(members.rosa) };
  const envId = generateEnvId();
  const first = fileReport(served.organisation, { mailbox, envId, caseKey: parseCaseKey(randomBytes(32)) });
  const other = fileReport(served.organisation, { mailbox, caseKey: parseCaseKey(randomBytes(32)) });
  const post = (bytes: Uint8Array) => ask(served.portal.consoleUrl, "POST", "/reports", bytes, headers);
  assert.equal((await post(first.bytes)).status, 201);
  assert.equal((await post(other.bytes)).json?.["error"], "conflict");
});
