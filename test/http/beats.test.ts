/** The stream of beats: the same bytes for every member at the same moment, and what ends it. */
import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { after, before, describe, test, type TestContext } from "node:test";
import express from "express";
import { Beats, type BeatStream } from "../../server/app/beats.ts";
import { systemClock } from "../../server/clock.ts";
import { sendBeats } from "../../server/http/beat-stream.ts";
import { writeNote } from "../../views/browser/client/case-writing.ts";
import { deskOf, findByTitle, tell, withoutFiles } from "../support/casework.ts";
import type { FixtureMember } from "../support/fixtures.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Longer than a beat waits for its whole second, or for other writes of a trial. */
const aWhile = 1300;

interface Heard {
  text(): string;
  headers: http.IncomingHttpHeaders;
  /** Whether the stream was ended in order. */
  ended: Promise<boolean>;
  isOpen(): boolean;
}

async function listen(t: TestContext, origin: string, authorization = ""): Promise<Heard> {
  const request = http.get(`${origin}/beats`, { agent: false, headers: { authorization } });
  t.after(() => void request.destroy());
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
  });
  assert.equal(response.statusCode, 200);
  let text = "";
  let open = true;
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => (text += chunk));
  response.on("error", () => {});
  const ended = new Promise<boolean>((resolve) => {
    response.once("close", () => {
      open = false;
      resolve(response.complete);
    });
  });
  return { text: () => text, headers: response.headers, ended, isOpen: () => open };
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !what(); tries++) await pause(20);
  assert.ok(what(), what.toString());
}

const hear = async (t: TestContext, served: ServedOrganisation, ...who: FixtureMember[]): Promise<Heard[]> =>
  Promise.all(who.map(async (member) => listen(t, served.portal.consoleUrl, await served.signIn(member))));

describe("beats of a real portal", () => {
  let served: ServedOrganisation;
  let shift = 0;
  before(async () => {
    const clock = { ...systemClock, now: () => systemClock.now() + shift };
    served = await serveOrganisation({ FEED_ITEMS: "2" }, 2, { trial: false, clock });
  });
  after(() => served.portal.discard());

  test("whoever is signed in, reader, left out or operator, gets the same bytes: one line for each tick, and none between", async (t) => {
    const { rosa, carl, nia, olu } = served.organisation.members;
    const heard = await hear(t, served, rosa, carl, nia, olu);
    const told = await tell(served, { title: "Only some may know", excluded: [nia.id] });
    await until(() => heard.every((each) => each.text() !== ""));
    const first = await served.portal.context.store.newestTick();
    assert.deepEqual(new Set(heard.map((each) => each.text())), new Set([`${first}\n`]));
    assert.ok(told !== "");

    const desk = await deskOf(served, rosa.seed);
    const caseId = await findByTitle(served, desk, "Only some may know");
    await pause(aWhile);
    const before = heard[0]!.text();
    await writeNote(desk, caseId!, "Seen by two of four", await withoutFiles(desk, caseId!));
    await pause(aWhile);
    assert.equal(heard[0]!.text(), before, "a note is no tick");

    await served.portal.tick();
    served.portal.context.beats.keepAlive();
    await until(() => heard.every((each) => each.text().length > before.length + 1));
    const all = new Set(heard.map((each) => each.text()));
    assert.equal(all.size, 1);
    assert.match([...all][0]!, /^(?:\d+\n)+\n\d+\n$/);
  });

  test("a beat waits for a whole second after its tick began, whether filler had to be made or not", async () => {
    const { context } = served.portal;
    for (const work of [0, 400]) {
      const beats = new Beats();
      const waited = new Promise<number>((resolve) => {
        const began = performance.now();
        const stream = { memberId: 1, holds: () => true, end: () => {} };
        beats.open({ ...stream, write: () => (resolve(performance.now() - began), true) });
      });
      const ring = beats.atWholeSecond();
      await pause(work);
      ring(7);
      const ms = await waited;
      assert.ok(ms > 950 && ms < 1200, `${work} ms of work: ${ms}`);
    }
    assert.ok(context.book.chain?.current.trial === false);
  });

  test("no session, somebody else's token or the charter's: refused; asking for headers only ends at once", async () => {
    const { consoleUrl } = served.portal;
    const charter = await served.signIn("charter");
    for (const authorization of ["", `Bearer ${"A".repeat(43)}`, charter])
      assert.equal((await ask(consoleUrl, "GET", "/beats", undefined, { authorization })).status, 403);
    const authorization = await served.signIn(served.organisation.members.rosa);
    assert.equal((await fetch(`${consoleUrl}/beats`, { method: "HEAD", headers: { authorization } })).status, 200);
  });

  test("nothing keeps the lines back on their way", async (t) => {
    const [heard] = await hear(t, served, served.organisation.members.rosa);
    const { headers } = heard!;
    assert.equal(headers["content-encoding"], undefined);
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["x-accel-buffering"], "no");
    assert.match(headers["content-type"] ?? "", /^text\/plain/);
  });

  test("signing out ends the stream at once, of that session only", async (t) => {
    const { consoleUrl } = served.portal;
    const { rosa } = served.organisation.members;
    const mine = await served.signIn(rosa);
    const first = await listen(t, consoleUrl, mine);
    const [second] = await hear(t, served, rosa);
    await ask(consoleUrl, "DELETE", "/session", undefined, { authorization: mine });
    assert.equal(await first.ended, true);
    assert.ok(second!.isOpen());
  });

  test("listening is no use of a session: after half an hour without a request it ends", async (t) => {
    const { carl, rosa } = served.organisation.members;
    const [idle] = await hear(t, served, carl);
    const working = await served.signIn(rosa);
    const busy = await listen(t, served.portal.consoleUrl, working);
    const { beats } = served.portal.context;
    for (let minutes = 0; minutes < 40; minutes += 10) {
      shift += 10 * 60_000;
      await ask(served.portal.consoleUrl, "GET", "/feed", undefined, { authorization: working });
      beats.keepAlive();
    }
    assert.equal(await idle!.ended, true);
    await until(() => busy.text() === "\n\n\n\n");
    assert.ok(busy.isOpen());
  });

  test("the eleventh window of a member ends the first", async (t) => {
    const { carl, rosa } = served.organisation.members;
    const [other] = await hear(t, served, rosa);
    const authorization = await served.signIn(carl);
    const streams: Heard[] = [];
    for (let i = 0; i < 11; i++) streams.push(await listen(t, served.portal.consoleUrl, authorization));
    assert.equal(await streams[0]!.ended, true);
    served.portal.context.beats.keepAlive();
    await until(() => streams.slice(1).every((each) => each.text() === "\n"));
    assert.ok(other!.isOpen());
  });

  test("no fault of the server was logged in all of this", () => {
    assert.deepEqual(served.portal.lines, []);
  });
});

test("whoever a new list of members leaves out hears nothing more", async (t) => {
  const served = await serveOrganisation({ FEED_ITEMS: "2" }, 1, { trial: false });
  t.after(() => served.portal.discard());
  const { dana, rosa } = served.organisation.members;
  const [gone, stays] = await hear(t, served, dana, rosa);
  assert.equal((await served.postRoster(2)).status, 201);
  assert.equal(await gone!.ended, true);
  await served.portal.tick();
  await until(() => stays!.text() !== "");
  assert.equal(gone!.text(), "");
});

test("in a trial a beat follows what is filed and what is written, and several writes make one", async (t) => {
  const served = await serveOrganisation({ FEED_ITEMS: "2" });
  t.after(() => served.portal.discard());
  const { rosa, nia } = served.organisation.members;
  const [heard, leftOut] = await hear(t, served, rosa, nia);
  await tell(served, { title: "At once", excluded: [nia.id] });
  await until(() => heard!.text() !== "");
  const desk = await deskOf(served, rosa.seed);
  const caseId = (await findByTitle(served, desk, "At once"))!;
  await pause(aWhile);
  const lines = (): number => heard!.text().split("\n").length;
  const before = lines();
  const prepared = await withoutFiles(desk, caseId);
  await writeNote(desk, caseId, "One", prepared); // the team's key and the note
  await until(() => lines() > before);
  await pause(aWhile);
  assert.ok(lines() <= before + 2, heard!.text());
  assert.equal(leftOut!.text(), heard!.text());
});

test("a portal that stops ends its streams in order", async (t) => {
  const served = await serveOrganisation();
  const heard = await hear(t, served, served.organisation.members.rosa, served.organisation.members.carl);
  await served.portal.discard();
  assert.deepEqual(await Promise.all(heard.map((each) => each.ended)), [true, true]);
});

describe("many streams", () => {
  const beats = new Beats();
  let server: http.Server;
  let origin = "";
  before(async () => {
    const app = express().get("/beats", (req, res) =>
      sendBeats(res, beats, Number(req.get("authorization")), () => true),
    );
    server = app.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    origin = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  });
  after(() => {
    beats.close();
    server.closeAllConnections();
    server.close();
  });

  test("two hundred cost little, and each gets every line", async (t) => {
    const streams: Heard[] = [];
    for (let member = 1; member <= 200; member++) streams.push(await listen(t, origin, String(member)));
    assert.equal(beats.size, 200);
    const began = process.cpuUsage();
    for (let tick = 1; tick <= 20; tick++) {
      beats.beat(tick);
      await pause(5);
    }
    const expected = Array.from({ length: 20 }, (_, i) => `${i + 1}\n`).join("");
    await until(() => streams.every((each) => each.text() === expected));
    const { user, system } = process.cpuUsage(began);
    // Both ends of 4,000 lines, on a machine that others use too: half a millisecond each would be a fault.
    assert.ok(user + system < 2_000_000, `${user + system} µs`);
  });

  test("who does not read is cut, and holds no memory; who reads beside them loses nothing", async (t) => {
    const reader = await listen(t, origin, "501");
    const socket = net.connect(Number(new URL(origin).port), "127.0.0.1");
    t.after(() => void socket.destroy());
    socket.pause();
    socket.write("GET /beats HTTP/1.1\r\nhost: x\r\nauthorization: 502\r\n\r\n");
    await until(() => [...beats].some(({ memberId }) => memberId === 502));
    let lines = 0;
    while ([...beats].some(({ memberId }) => memberId === 502)) {
      beats.beat(Number.MAX_SAFE_INTEGER);
      lines += 1;
      assert.ok(lines < 500_000, "still there");
      if (lines % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => reader.text().split("\n").length === lines + 1);
    assert.ok(reader.isOpen());
  });
});

test("beyond a thousand streams in all the oldest goes", () => {
  const beats = new Beats();
  const ended: number[] = [];
  const stream = (memberId: number): BeatStream => ({
    memberId,
    holds: () => true,
    write: () => true,
    end: () => void ended.push(memberId),
  });
  for (let memberId = 0; memberId < 1002; memberId++) beats.open(stream(memberId));
  assert.deepEqual(ended, [0, 1]);
  assert.equal(beats.size, 1000);
});
