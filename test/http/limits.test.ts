import assert from "node:assert/strict";
import { test } from "node:test";
import request from "supertest";
import { readConfig } from "../../server/config.ts";
import { AddressHasher, BoundedStore, makeLimiters } from "../../server/http/limits.ts";
import { host, siteWith } from "./support.ts";

const hour = 3600_000;

test("a key is a hash that changes with the hour and keeps nothing of the address", () => {
  let now = 0;
  const hasher = new AddressHasher(() => now);
  const first = hasher.keyOf("203.0.113.7");
  assert.match(first, /^[\w-]{43}$/);
  assert.equal(hasher.keyOf("203.0.113.7"), first);
  assert.notEqual(hasher.keyOf("203.0.113.8"), first);
  now = hour - 1;
  assert.equal(hasher.keyOf("203.0.113.7"), first);
  now = hour;
  assert.notEqual(hasher.keyOf("203.0.113.7"), first);
  assert.notEqual(new AddressHasher(() => 0).keyOf("203.0.113.7"), first, "another process, another secret");
});

test("addresses of one IPv6 network are one client", () => {
  const hasher = new AddressHasher(() => 0);
  assert.equal(hasher.keyOf("2001:db8:0:1::1"), hasher.keyOf("2001:db8:0:2::2"));
  assert.notEqual(hasher.keyOf("2001:db8:0:1::1"), hasher.keyOf("2001:db8:1:1::1"));
});

test("no address stays in what the limiter remembers", () => {
  const store = new BoundedStore(() => 0);
  const hasher = new AddressHasher(() => 0);
  for (let i = 0; i < 100; i++) store.increment(hasher.keyOf(`203.0.113.${i}`));
  const kept = JSON.stringify([store, hasher, store.keys()]);
  assert.equal(store.size, 100);
  assert.ok(!kept.includes("203.0.113"));
});

test("memory stays bounded under 60,000 addresses, and the oldest go first", () => {
  const store = new BoundedStore(() => 0, 1000);
  for (let i = 0; i < 60_000; i++) store.increment(`client ${i}`);
  assert.equal(store.size, 1000);
  assert.equal(store.increment("client 59999").totalHits, 2);
  assert.equal(store.increment("client 0").totalHits, 1);
});

test("what is over is forgotten", () => {
  let now = 0;
  const store = new BoundedStore(() => now);
  for (let i = 0; i < 50; i++) store.increment(`client ${i}`);
  now = 60_000;
  assert.equal(store.increment("client 7").totalHits, 1);
  assert.equal(store.size, 1);
});

test("a limit answers 429 with words for scripts, and ends with the window", async () => {
  let now = 0;
  const rates = { ...readConfig({}).config.rates, reports: 3 };
  const limits = makeLimiters({ rates, now: () => now });
  const app = siteWith((router) => router.post("/reports", limits.reports, (_req, res) => res.sendStatus(201)));
  const send = () => request(app).post("/reports").set("Host", host);
  for (let i = 0; i < 3; i++) await send().expect(201);
  const refused = await send().expect(429, { error: "limited" });
  assert.equal(refused.headers["retry-after"], "60");
  assert.equal(refused.headers["ratelimit-policy"], "3;w=60");
  assert.equal(refused.headers["ratelimit-remaining"], "0");
  const accepted = await request(app).get("/nothing").set("Host", host);
  assert.equal(accepted.headers["ratelimit-remaining"], undefined);
  now = 60_000;
  await send().expect(201);
});

test("one limit does not use up another", async () => {
  const rates = { ...readConfig({}).config.rates, session: 1, mailbox: 1 };
  const limits = makeLimiters({ rates, now: () => 0 });
  const app = siteWith((router) => {
    router.post("/session", limits.session, (_req, res) => res.sendStatus(201));
    router.post("/mailbox/read", limits.mailbox, (_req, res) => res.sendStatus(201));
  });
  await request(app).post("/session").set("Host", host).expect(201);
  await request(app).post("/mailbox/read").set("Host", host).expect(201);
});

test("ten requests, or a hundred, cannot close intake", async () => {
  const limits = makeLimiters({ rates: readConfig({}).config.rates, now: () => 0 });
  const app = siteWith((router) => router.post("/reports", limits.reports, (_req, res) => res.sendStatus(201)));
  for (let i = 0; i < 100; i++) await request(app).post("/reports").set("Host", host).expect(201);
});

test("a forged X-Forwarded-For changes nothing unless a proxy is configured", async () => {
  const seen = (behindProxy: boolean, forwarded: string) => {
    const app = siteWith((router) => router.get("/ip", (req, res) => res.json(req.ip)), { behindProxy });
    return request(app).get("/ip").set("Host", host).set("X-Forwarded-For", forwarded);
  };
  assert.match((await seen(false, "203.0.113.7")).text, /127\.0\.0\.1/);
  // Only what the proxy itself has added counts: the last address.
  assert.equal((await seen(true, "198.51.100.1, 203.0.113.7")).body, "203.0.113.7");
});

test("a header that anybody can write makes nobody new, but for parts of uploads", async () => {
  const rates = { ...readConfig({}).config.rates, session: 3, uploads: 3 };
  const limits = makeLimiters({ rates, now: () => 0 });
  const app = siteWith((router) => {
    router.post("/session", limits.session, (_req, res) => res.sendStatus(200));
    router.put("/uploads", limits.uploads, (_req, res) => res.sendStatus(200));
  });
  const statuses = async (method: "post" | "put", path: string): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < 5; i++) {
      const agent = request(app);
      const call = method === "post" ? agent.post(path) : agent.put(path);
      const res = await call.set("Host", host).set("x-upload-ticket", `ticket ${String(i)}`);
      all.push(res.status);
    }
    return all;
  };
  assert.deepEqual(await statuses("post", "/session"), [200, 200, 200, 429, 429]);
  assert.deepEqual(await statuses("put", "/uploads"), [200, 200, 200, 200, 200]);
});
