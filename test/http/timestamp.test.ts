/**
 * Time stamps from asking to checking: counsel's client, the portal that passes the question on, and an authority
 * that `openssl ts` is. What the authority does instead of answering is a table.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { utf8 } from "../../crypto/bytes.ts";
import { makeTimestampQuery, parseTimestampQuery } from "../../crypto/timestamp-query.ts";
import { relayTimestamp } from "../../server/app/relay-timestamp.ts";
import { checkTimestamp, stampCaseFile, type StampProblem } from "../../views/browser/client/casefile/timestamp.ts";
import { deskOf } from "../support/casework.ts";
import { requireJudge } from "../support/judges.ts";
import { ask, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";
import { freePort } from "../support/server.ts";
import { makeAuthority, serveAuthority, type Authority, type ServedAuthority } from "../support/timestamp-authority.ts";

const list = utf8(`${"0".repeat(64)}  bagit.txt\n`);
const imprint = new Uint8Array(createHash("sha256").update(list).digest());
const other = new Uint8Array(32);

let authority: Authority;
let served: ServedOrganisation;
let tsa: ServedAuthority;
/** What the authority does with a question. */
let act: (query: Buffer, res: ServerResponse) => void;

const answered = (bytes: Uint8Array) => (_query: Buffer, res: ServerResponse) =>
  void res.writeHead(200, { "content-type": "application/timestamp-reply" }).end(bytes);
const grants = (query: Buffer, res: ServerResponse): void => answered(authority.answer(query))(query, res);

describe("a time stamp", requireJudge("openssl"), () => {
  before(async () => {
    authority = makeAuthority("Stamps");
    tsa = await serveAuthority((query, res) => act(query, res));
    served = await serveOrganisation({ TIMESTAMP_URL: tsa.url });
  });
  after(async () => {
    await served?.portal.discard();
    await tsa?.close();
    authority?.discard();
  });

  test("is granted, and openssl verifies it against the very bytes", async () => {
    act = grants;
    const desk = await deskOf(served, served.organisation.members.carl.seed);
    const stamp = await stampCaseFile(desk.session, imprint);
    assert.equal(stamp.is, "stamped");
    if (stamp.is !== "stamped") return;
    assert.ok(Math.abs(stamp.time.getTime() - Date.now()) < 60_000, stamp.time.toISOString());
    const path = (name: string): string => join(authority.folder, name);
    writeFileSync(path("list"), list);
    writeFileSync(path("list.tsq"), stamp.query);
    writeFileSync(path("list.tsr"), stamp.response);
    for (const by of [
      ["-data", path("list")],
      ["-queryfile", path("list.tsq")],
    ]) {
      const args = ["ts", "-verify", ...by, "-in", path("list.tsr"), "-CAfile", authority.root];
      assert.match(execFileSync("openssl", args, { encoding: "utf8", stdio: "pipe" }), /Verification: OK/);
    }
  });

  test("the authority learns the hash, and nothing of who asked", async () => {
    act = grants;
    const desk = await deskOf(served, served.organisation.members.carl.seed);
    tsa.asked.length = 0;
    await stampCaseFile(desk.session, imprint);
    const [asked, ...more] = tsa.asked;
    assert.equal(more.length, 0);
    assert.deepEqual(Buffer.from(parseTimestampQuery(asked!.body).imprint), Buffer.from(imprint));
    assert.equal(asked!.method, "POST");
    const { host, ...headers } = asked!.headers;
    assert.equal(host, new URL(tsa.url).host);
    assert.deepEqual(headers, {
      accept: "*/*",
      "accept-encoding": "gzip, deflate",
      "accept-language": "*",
      connection: "keep-alive",
      "content-length": "69",
      "content-type": "application/timestamp-query",
      "sec-fetch-mode": "cors",
      "user-agent": "tellhaven",
    });
  });

  const elsewhere = (_query: Buffer, res: ServerResponse): void =>
    void res.writeHead(302, { location: `${served.portal.consoleUrl}/rosters` }).end();
  const faults: [what: string, act: (query: Buffer, res: ServerResponse) => void, why: StampProblem][] = [
    ["is rejected", (query, res) => answered(authority.answer(query, true))(query, res), "refused"],
    [
      "is of another hash",
      (query, res) =>
        answered(authority.answer(Buffer.concat([query.subarray(0, 24), other, query.subarray(56)])))(query, res),
      "none",
    ],
    [
      "answers another question",
      (query, res) => answered(authority.answer(makeTimestampQuery(imprint)))(query, res),
      "none",
    ],
    ["has no nonce", (_query, res) => answered(authority.answer(withoutNonce()))(_query, res), "none"],
    ["is garbage", answered(utf8("sorry")), "none"],
    ["is empty", answered(new Uint8Array()), "none"],
    ["is cut off", (query, res) => answered(authority.answer(query).subarray(0, -1))(query, res), "none"],
    [
      "has bytes behind it",
      (query, res) => answered(Buffer.concat([authority.answer(query), other]))(query, res),
      "none",
    ],
    ["is nested without end", answered(Buffer.alloc(60_000, Buffer.from("3080", "hex"))), "none"],
    ["is too large", answered(new Uint8Array(65 * 1024)), "none"],
    [
      "is a page",
      (query, res) => void res.writeHead(200, { "content-type": "text/html" }).end(authority.answer(query)),
      "none",
    ],
    ["leads elsewhere", elsewhere, "refused"],
    ["is an error", (_query, res) => void res.writeHead(500).end(), "refused"],
    ["breaks off", (_query, res) => void res.destroy(), "down"],
  ];
  for (const [what, does, why] of faults)
    test(`that ${what} is told as "${why}", and the server logs nothing`, async () => {
      act = does;
      const desk = await deskOf(served, served.organisation.members.carl.seed);
      tsa.asked.length = 0;
      assert.deepEqual(await stampCaseFile(desk.session, imprint), { is: "unstamped", why });
      assert.equal(tsa.asked.length, 1, "once");
      assert.deepEqual(served.portal.lines, []);
    });

  test("what is damaged anywhere is none of ours, or says the same", () => {
    const query = makeTimestampQuery(imprint);
    const answer = authority.answer(query);
    const time = checkTimestamp(query, answer).getTime();
    let refused = 0;
    for (let at = 0; at < answer.length; at++) {
      const spoilt = Uint8Array.from(answer);
      spoilt[at]! ^= 1;
      try {
        checkTimestamp(query, spoilt);
      } catch (error) {
        assert.ok(
          ["format", "forged", "refused"].includes((error as { code?: string }).code ?? ""),
          `${at}: ${String(error)}`,
        );
        refused++;
      }
    }
    assert.ok(refused > 100 && refused < answer.length);
    assert.equal(checkTimestamp(query, answer).getTime(), time);
  });

  test("an authority that hangs is given up", async () => {
    const silent = await serveAuthority(() => {});
    assert.deepEqual(await relayTimestamp(silent.url, makeTimestampQuery(imprint), 200), { is: "down" });
    const slow = await serveAuthority((_query, res) => {
      res.writeHead(200, { "content-type": "application/timestamp-reply" }).write("0");
    });
    assert.deepEqual(await relayTimestamp(slow.url, makeTimestampQuery(imprint), 200), { is: "down" });
    await Promise.all([silent.close(), slow.close()]);
  });

  test("an answer of more than 64 KiB is not taken in", async () => {
    const of = async (length: number): Promise<string> => {
      act = answered(new Uint8Array(length));
      return (await relayTimestamp(tsa.url, makeTimestampQuery(imprint))).is;
    };
    assert.deepEqual([await of(64 * 1024), await of(64 * 1024 + 1)], ["answered", "none"]);
  });

  test("an authority that is down", async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    assert.deepEqual(await relayTimestamp(url, makeTimestampQuery(imprint)), { is: "down" });
  });
});

/** As openssl asks when nobody wants a nonce. */
function withoutNonce(): Buffer {
  const hash = Buffer.from(imprint).toString("hex");
  const args = ["ts", "-query", "-digest", hash, "-sha256", "-no_nonce", "-cert"];
  return execFileSync("openssl", args, { stdio: ["ignore", "pipe", "ignore"] });
}

const question = makeTimestampQuery(imprint);
const longer = (extension: string): Uint8Array =>
  new Uint8Array([0x30, 0x43 + extension.length / 2, ...question.subarray(2), ...Buffer.from(extension, "hex")]);
const questions: [what: string, body: Uint8Array, status: number][] = [
  ["a message", utf8("Attached is what you asked for. ".repeat(2)), 400],
  ["with bytes behind it", new Uint8Array([...question, 0]), 413],
  ["with an extension", longer("a0143012"), 413],
  ["of another kind of hash", question.map((byte, at) => (at === 19 ? 3 : byte)), 400],
  ["of a shorter hash", question.subarray(0, 68), 400],
  ["that wants no certificate", question.map((byte, at) => (at === 68 ? 0 : byte)), 400],
  ["with a negative nonce", question.map((byte, at) => (at === 58 ? 0xff : byte)), 400],
  ["with a nonce that DER writes shorter", question.map((byte, at) => (at === 58 ? 0 : byte)), 400],
  ["that is empty", new Uint8Array(), 400],
];

describe("a question", () => {
  before(async () => {
    tsa = await serveAuthority(answered(utf8("x")));
    served = await serveOrganisation({ TIMESTAMP_URL: tsa.url });
  });
  after(async () => {
    await served?.portal.discard();
    await tsa?.close();
  });

  for (const [what, body, status] of questions)
    test(`${what} goes nowhere`, async () => {
      const authorization = await served.signIn(served.organisation.members.carl);
      const answer = await ask(served.portal.consoleUrl, "POST", "/timestamps", body, { authorization });
      assert.deepEqual([answer.status, tsa.asked.length], [status, 0]);
    });

  for (const who of ["rosa", "olu", "paper", "charter", null] as const)
    test(`of ${who ?? "nobody signed in"} goes nowhere`, async () => {
      const { members } = served.organisation;
      const headers: Record<string, string> =
        who === null ? {} : { authorization: await served.signIn(who === "charter" ? who : members[who]) };
      const answer = await ask(served.portal.consoleUrl, "POST", "/timestamps", question, headers);
      assert.deepEqual([answer.status, tsa.asked.length], [403, 0]);
    });
});

test("without an authority counsel is told so, by the page and by the answer", async () => {
  const plain = await serveOrganisation();
  try {
    const desk = await deskOf(plain, plain.organisation.members.carl.seed);
    assert.deepEqual(await stampCaseFile(desk.session, imprint), { is: "unstamped", why: "off" });
    const page = async (url: string): Promise<string> =>
      (await fetch(url, { headers: { accept: "text/html" } })).text();
    assert.match(await page(plain.portal.consoleUrl), /"timestamps":false/);
  } finally {
    await plain.portal.discard();
  }
});
