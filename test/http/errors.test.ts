import assert from "node:assert/strict";
import { test } from "node:test";
import express from "express";
import request from "supertest";
import { errorCodes, PortalError, type ErrorCode } from "../../crypto/errors.ts";
import { statusOf } from "../../server/http/errors.ts";
import { host, siteWith } from "./support.ts";

const statuses: Record<ErrorCode, number> = {
  format: 400,
  forged: 400,
  refused: 403,
  missing: 404,
  superseded: 409,
  conflict: 409,
  large: 413,
  limited: 429,
  work: 428,
  busy: 503,
  closed: 503,
  full: 507,
};

for (const code of errorCodes) {
  const app = siteWith((router) =>
    router.get("/act", () => {
      throw new PortalError(code, "sk-SECRET in a message");
    }),
  );
  test(`${code} answers ${statuses[code]} to scripts and to people`, async () => {
    const api = await request(app).get("/act").set("Host", host);
    assert.equal(api.status, statuses[code]);
    assert.deepEqual(api.body, { error: code });
    assert.equal(api.headers["retry-after"] !== undefined, statuses[code] === 503);
    const page = await request(app).get("/act").set("Host", host).set("Accept", "text/html");
    assert.equal(page.status, statusOf(code));
    assert.match(page.text, /<h1/);
    assert.ok(!page.text.includes("SECRET"));
  });
}

/** What others throw, and what people must get for it. */
const bodies = siteWith((router) => {
  router.post("/json", express.json({ limit: 1000, strict: true }), (_req, res) => res.sendStatus(204));
  router.post("/raw", express.raw({ limit: 1000 }), (_req, res) => res.sendStatus(204));
  router.get("/named/:name", (_req, res) => res.sendStatus(204));
});
const post = (path: string) => request(bodies).post(path).set("Host", host);
const thrown: [what: string, send: () => request.Test, status: number, code: ErrorCode][] = [
  ["broken JSON", () => post("/json").type("json").send('{"a": sk-SECRET'), 400, "format"],
  [
    "too much JSON",
    () =>
      post("/json")
        .type("json")
        .send(`"${"x".repeat(2000)}"`),
    413,
    "large",
  ],
  [
    "an unknown charset",
    () => post("/json").set("Content-Type", "application/json; charset=x").send("{}"),
    400,
    "format",
  ],
  ["an unknown encoding", () => post("/json").type("json").set("Content-Encoding", "x").send("{}"), 400, "format"],
  [
    "a body that is too large",
    () => post("/raw").type("application/octet-stream").send(Buffer.alloc(2000)),
    413,
    "large",
  ],
  ["a broken percent sign", () => request(bodies).get("/named/%E0%A4%A").set("Host", host), 400, "format"],
  ["no such route", () => request(bodies).get("/nothing").set("Host", host), 404, "missing"],
  ["no such method", () => request(bodies).delete("/json").set("Host", host), 404, "missing"],
];
for (const [what, send, status, code] of thrown)
  test(`${what} is ${code}`, async () => {
    const res = await send();
    assert.equal(res.status, status);
    assert.deepEqual(res.body, { error: code });
  });

const faults: [what: string, fault: unknown][] = [
  ["a TypeError", new TypeError("sk-SECRET is not a function")],
  ["an error of the disk", Object.assign(new Error("sk-SECRET"), { code: "EIO" })],
  ["an error with a server status", Object.assign(new Error("sk-SECRET"), { status: 500 })],
  ["a string", "sk-SECRET"],
  ["nothing", null],
];
for (const [what, fault] of faults)
  test(`our own fault, ${what}, answers busy and logs one line without content`, async () => {
    const lines: string[] = [];
    const app = siteWith(
      (router) =>
        router.get("/act/:word", () => {
          throw fault;
        }),
      { log: (line) => lines.push(line) },
    );
    const res = await request(app).get("/act/sk-SECRET?q=sk-SECRET").set("Host", host);
    if (fault === null) {
      assert.equal(res.status, 404); // Express takes a thrown null for "go on"
      return;
    }
    assert.equal(res.status, 503);
    assert.deepEqual(res.body, { error: "busy" });
    assert.equal(lines.length, 1);
    assert.ok(!lines[0]?.includes("SECRET"), lines[0]);
    assert.ok(!lines[0]?.includes("\n"));
  });

test("a refusal leaves no line in the log", async () => {
  const lines: string[] = [];
  const app = siteWith(() => {}, { log: (line) => lines.push(line) });
  await request(app).get("/nothing").set("Host", host).expect(404);
  assert.deepEqual(lines, []);
});

test("a fault in the middle of an answer cuts the connection", async () => {
  const app = siteWith((router) =>
    router.get("/half", (_req, res) => {
      res.write("half of it");
      throw new Error("disk gone");
    }),
  );
  await assert.rejects(request(app).get("/half").set("Host", host));
});
