/** Requests that no client of ours sends: each is refused with a closed code, none is logged, none stops the server. */
import assert from "node:assert/strict";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { toBase64Url, toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { errorCodes } from "../../crypto/errors.ts";
import { parseCaseKey, tokenOf } from "../../crypto/keys.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import { fileReport, makeMailbox } from "../support/fixtures.ts";
import { ask, askMailbox, serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

let served: ServedOrganisation;
let bearer: string;
before(async () => {
  served = await serveOrganisation();
  bearer = await served.signIn(served.organisation.members.rosa);
});
after(() => served.portal.discard());

/** Raw bytes in, status and body out; null when the server only closed the connection. */
function raw(
  origin: string,
  head: string[],
  body: string | Uint8Array = "",
): Promise<{ status: number; text: string }> {
  const { host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      const text = Buffer.concat(chunks).toString("latin1");
      resolve({ status: Number(text.split(" ")[1] ?? 0), text: text.slice(text.indexOf("\r\n\r\n") + 4) });
    });
    const [first, ...rest] = head;
    const lines = [first, `host: ${host}`, "accept: application/json", "connection: close", ...rest];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    socket.write(body);
  });
}

const octets = "content-type: application/octet-stream";
const json = "content-type: application/json";
const sized = (body: string | Uint8Array): string => `content-length: ${Buffer.byteLength(body)}`;
const deep = "[".repeat(8000) + "]".repeat(8000);
const proto = '{"__proto__":{"length":262144},"envId":"' + "ab".repeat(16) + '","length":262144}';
const bomb = gzipSync(Buffer.alloc(1024 * 1024));
const id = "ab".repeat(16);

const reporterCases: [string, string[], (string | Uint8Array)?][] = [
  ["a report as JSON", ["POST /reports HTTP/1.1", json, sized("{}")], "{}"],
  ["a report without a body", ["POST /reports HTTP/1.1", octets]],
  ["a report without a type", ["POST /reports HTTP/1.1", sized("x")], "x"],
  ["a zipped report", ["POST /reports HTTP/1.1", octets, "content-encoding: gzip", sized(bomb)], bomb],
  [
    "a chunked report of a few bytes",
    ["POST /reports HTTP/1.1", octets, "transfer-encoding: chunked"],
    "3\r\nabc\r\n0\r\n\r\n",
  ],
  ["deep JSON", ["POST /uploads HTTP/1.1", json, sized(deep)], deep],
  ["broken JSON", ["POST /uploads HTTP/1.1", json, sized("{")], "{"],
  ["an empty JSON body", ["POST /uploads HTTP/1.1", json, sized("")]],
  ["a string for JSON", ["POST /uploads HTTP/1.1", json, sized('"x"')], '"x"'],
  ["null for JSON", ["POST /uploads HTTP/1.1", json, sized("null")], "null"],
  ["JSON in a strange character set", ["POST /uploads HTTP/1.1", `${json}; charset=utf-7`, sized("{}")], "{}"],
  ["a __proto__ key", ["POST /uploads HTTP/1.1", json, sized(proto)], proto],
  ["zipped JSON", ["POST /uploads HTTP/1.1", json, "content-encoding: gzip", sized(bomb)], bomb],
  ["a part without a ticket", [`PUT /uploads/${id}/0 HTTP/1.1`, octets, sized("x")], "x"],
  [
    "a part with two tickets",
    [`PUT /uploads/${id}/0 HTTP/1.1`, octets, "x-upload-ticket: a", "x-upload-ticket: b", sized("x")],
    "x",
  ],
  ["a part with a negative number", [`PUT /uploads/${id}/-1 HTTP/1.1`, octets, sized("x")], "x"],
  ["a part with a hexadecimal number", [`PUT /uploads/${id}/0x1 HTTP/1.1`, octets, sized("x")], "x"],
  ["a broken percent sign", ["GET /uploads/%E0%A4%A HTTP/1.1"]],
  ["a percent-encoded slash", ["GET /uploads/..%2f..%2fportal.sqlite HTTP/1.1"]],
  ["a null byte", ["GET /uploads/%00 HTTP/1.1"]],
  ["dots in the path", ["GET /assets/../../package.json HTTP/1.1"]],
  ["encoded dots in the path", ["GET /assets/%2e%2e/%2e%2e/package.json HTTP/1.1"]],
  ["encoded back slashes", ["GET /assets/..%5c..%5cpackage.json HTTP/1.1"]],
  ["a mailbox read without authorization", ["POST /mailbox/read HTTP/1.1", octets, sized("")]],
  ["a mailbox read with GET", ["GET /mailbox/read HTTP/1.1"]],
  [
    "a mailbox read with two authorizations",
    ["POST /mailbox/read HTTP/1.1", octets, "x-mailbox-auth: a", "x-mailbox-auth: b", sized("")],
  ],
  [
    "a mailbox read with a large body",
    ["POST /mailbox/read HTTP/1.1", octets, sized("x".repeat(2000))],
    "x".repeat(2000),
  ],
  ["a method nobody knows", ["PROPFIND /reports HTTP/1.1"]],
  ["a body with GET", ["GET /uploads/x HTTP/1.1", octets, sized("x")], "x"],
];

function assertRefusal({ status, text }: { status: number; text: string }): void {
  assert.ok(status >= 400 && status < 500, `status ${status}: ${text.slice(0, 200)}`);
  const { error, ...rest } = JSON.parse(text) as { error: string };
  assert.ok((errorCodes as readonly string[]).includes(error), error);
  assert.deepEqual(rest, {});
}

for (const [what, head, body] of reporterCases)
  test(`${what} is refused`, async () => {
    assertRefusal(await raw(served.portal.reporterUrl, head, body));
    assert.deepEqual(served.portal.lines, []);
  });

test("no request made every object longer", () => {
  assert.equal(({} as Record<string, unknown>)["length"], undefined);
});

test("a HEAD request is answered like GET without a body, and changes nothing", async () => {
  for (const path of ["/rosters", "/", "/uploads/x", "/mailbox/read"]) {
    const ask = (method: string): Promise<Response> => fetch(served.portal.reporterUrl + path, { method });
    const [head, get] = [await ask("HEAD"), await ask("GET")];
    assert.equal(head.status, get.status, path);
    assert.equal((await head.arrayBuffer()).byteLength, 0);
  }
});

test("a part without a length is taken when it is right, and refused when it is too long", async () => {
  const envId = generateEnvId();
  const reserved = await ask(served.portal.reporterUrl, "POST", "/uploads", {
    envId: toHex(envId),
    length: 256 * 1024,
  });
  const head = [
    `PUT /uploads/${toHex(envId)}/0 HTTP/1.1`,
    octets,
    "transfer-encoding: chunked",
    `x-upload-ticket: ${String(reserved.json?.["ticket"])}`,
  ];
  const chunk = (bytes: number): string => `${bytes.toString(16)}\r\n${"x".repeat(bytes)}\r\n0\r\n\r\n`;
  assertRefusal(await raw(served.portal.reporterUrl, head, chunk(256 * 1024 + 1)));
  assertRefusal(await raw(served.portal.reporterUrl, head, chunk(256 * 1024 - 1)));
  assert.equal((await raw(served.portal.reporterUrl, head, chunk(256 * 1024))).status, 204);
});

const caseId = "cd".repeat(32);
const consoleCases: [string, string[], (string | Uint8Array)?][] = [
  [
    "two case tokens",
    [`GET /cases/${caseId}/streams/0 HTTP/1.1`, `x-case-token: ${"A".repeat(43)}`, `x-case-token: ${"B".repeat(43)}`],
  ],
  ["no token", [`GET /cases/${caseId}/streams/0 HTTP/1.1`]],
  ["a token that is too short", [`GET /cases/${caseId}/streams/0 HTTP/1.1`, "x-case-token: A"]],
  ["a third stream", [`GET /cases/${caseId}/streams/2 HTTP/1.1`, `x-case-token: ${"A".repeat(43)}`]],
  ["two froms", [`GET /cases/${caseId}/streams/0?from=0&from=1 HTTP/1.1`, `x-case-token: ${"A".repeat(43)}`]],
  [
    "a from that is an object",
    [`GET /cases/${caseId}/streams/0?from[a]=0 HTTP/1.1`, `x-case-token: ${"A".repeat(43)}`],
  ],
  ["a negative after", ["GET /feed?after=-1 HTTP/1.1"]],
  ["half a token to look up", ["POST /cases/lookup HTTP/1.1", octets, sized("x".repeat(33))], "x".repeat(33)],
  [
    "too many tokens to look up",
    ["POST /cases/lookup HTTP/1.1", octets, sized("x".repeat(16_032))],
    "x".repeat(16_032),
  ],
  [
    "a summary of a strange length",
    [`PUT /cases/${caseId}/summary HTTP/1.1`, octets, `x-team-token: ${"A".repeat(43)}`, sized("x")],
    "x",
  ],
  [
    "a version beyond all numbers",
    [`PUT /cases/${caseId}/summary HTTP/1.1`, octets, `x-team-token: ${"A".repeat(43)}`, sized(Buffer.alloc(560, 255))],
    Buffer.alloc(560, 255),
  ],
  [
    "a phase that is none",
    [
      `POST /cases/${caseId}/streams/1 HTTP/1.1`,
      octets,
      "x-phase: received",
      `x-team-token: ${"A".repeat(43)}`,
      sized("x"),
    ],
    "x",
  ],
  ["an object of no case", [`GET /cases/${caseId}/objects/${id} HTTP/1.1`, `x-case-token: ${"A".repeat(43)}`]],
  ["invites for a member", ["GET /invites HTTP/1.1"]],
  ["a roster by a member", ["POST /rosters HTTP/1.1", json, sized("{}")], "{}"],
];
for (const [what, head, body] of consoleCases)
  test(`${what}, signed in, is refused`, async () => {
    assertRefusal(await raw(served.portal.consoleUrl, [...head, `authorization: ${bearer}`], body));
    assert.deepEqual(served.portal.lines, []);
  });

const named = (headers: Headers): string[] => [...headers.keys()].filter((name) => name !== "date").sort();

test("a wrong token and a case that is not there answer alike, header by header", async () => {
  const caseKey = parseCaseKey(randomBytes(32));
  const report = fileReport(served.organisation, {
    mailbox: makeMailbox(served.organisation.portalId, "known"),
    caseKey,
  });
  assert.equal((await ask(served.portal.reporterUrl, "POST", "/reports", report.bytes)).status, 201);
  const there = toHex(report.mailbox.caseId);
  const wrong = { authorization: bearer, "x-case-token": toBase64Url(randomBytes(32)) };
  const right = { authorization: bearer, "x-case-token": toBase64Url(tokenOf(caseKey)) };
  const paths = (of: string): string[] => [
    `/cases/${of}/streams/0`,
    `/cases/${of}/streams/1`,
    `/cases/${of}/objects/${toHex(report.envId)}`,
  ];
  for (const [i, path] of paths(there).entries()) {
    const answers = [
      await ask(served.portal.consoleUrl, "GET", path, undefined, wrong),
      await ask(served.portal.consoleUrl, "GET", paths(caseId)[i]!, undefined, wrong),
      await ask(served.portal.consoleUrl, "GET", paths(caseId)[i]!, undefined, right),
    ];
    const [first, ...others] = answers.map(({ status, json: body, headers }) => ({
      status,
      body,
      names: named(headers),
    }));
    assert.deepEqual([first!.status, first!.body], [404, { error: "missing" }]);
    for (const other of others) assert.deepEqual(other, first);
  }
});

test("a mailbox that exists and one that does not answer with the same headers and length", async () => {
  const known = makeMailbox(served.organisation.portalId, "known");
  const unknown = makeMailbox(served.organisation.portalId, "never filed");
  const answers = [
    await askMailbox(served, known, "/mailbox/read"),
    await askMailbox(served, unknown, "/mailbox/read"),
  ];
  const [one, two] = answers.map(({ status, bytes, headers }) => ({
    status,
    length: bytes.length,
    names: named(headers),
  }));
  assert.deepEqual(one, two);
  const objects = [known, unknown].map((mailbox) => askMailbox(served, mailbox, `/mailbox/objects/${id}`));
  const [three, four] = (await Promise.all(objects)).map(({ status, json: body, headers }) => ({
    status,
    body,
    names: named(headers),
  }));
  assert.deepEqual(three, four);
});

test("after all of this the server answers, and logged nothing", async () => {
  assert.equal((await ask(served.portal.reporterUrl, "GET", "/rosters")).status, 200);
  assert.deepEqual(served.portal.lines, []);
});
