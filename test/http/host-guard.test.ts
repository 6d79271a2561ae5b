import assert from "node:assert/strict";
import { connect, type AddressInfo } from "node:net";
import { test } from "node:test";
import request from "supertest";
import { isForeign, judgeHost, type HostVerdict } from "../../server/http/host-guard.ts";
import { apps, host, origin, siteDeps, siteWith } from "./support.ts";

const local = ["http://localhost:3000"];
const tls = ["https://reports.example.org", "http://abcdef.onion"];

const hosts: [what: string, hosts: string[], secure: boolean | null, allowed: string[], verdict: HostVerdict][] = [
  ["the own origin", ["localhost:3000"], false, local, "ok"],
  ["the own origin in capitals", ["LOCALHOST:3000"], false, local, "ok"],
  ["no host", [], false, local, "duplicate"],
  ["two hosts", ["localhost:3000", "evil.example"], false, local, "duplicate"],
  ["the same host twice", ["localhost:3000", "localhost:3000"], false, local, "duplicate"],
  ["another port", ["localhost:3001"], false, local, "loopback"],
  ["127.0.0.1", ["127.0.0.1:3000"], false, local, "loopback"],
  ["IPv6 loopback", ["[::1]:3000"], false, local, "loopback"],
  ["a rebound name", ["evil.example:3000"], false, local, "insecure"],
  ["a name that begins like ours", ["localhost.evil.example:3000"], false, local, "insecure"],
  ["an address in the network", ["192.168.1.5:3000"], false, local, "insecure"],
  ["no host name at all", [":3000"], false, local, "unknown"],
  ["a host with a path", ["localhost:3000/x@y"], false, local, "loopback"],
  ["https at its own name", ["reports.example.org"], true, tls, "ok"],
  ["https with the port written", ["reports.example.org:443"], true, tls, "ok"],
  ["http at the https name", ["reports.example.org"], false, tls, "insecure"],
  ["a proxy that does not say", ["reports.example.org"], null, tls, "ok"],
  ["the onion name over http", ["abcdef.onion"], false, tls, "ok"],
  ["another onion name", ["other.onion"], false, tls, "insecure"],
  ["another name over https", ["other.example.org"], true, tls, "unknown"],
];
for (const [what, sent, secure, allowed, verdict] of hosts)
  test(`host: ${what} is ${verdict}`, () => assert.equal(judgeHost({ hosts: sent, secure }, allowed), verdict));

for (const [what, sent, status, words] of [
  ["an unencrypted address", "192.168.1.5:3000", 421, /This address is not safe to use/],
  ["a rebound name", "evil.example", 421, /REPORTER_ORIGIN/],
] as const)
  test(`${what} gets a page with words, whatever the route`, async () => {
    for (const path of ["/", "/reports"]) {
      const res = await request(apps.reporter(siteDeps())).get(path).set("Host", sent).set("Accept", "text/html");
      assert.equal(res.status, status);
      assert.match(res.text, words);
      assert.ok(!res.text.includes(sent), "the name that was asked for is not printed back");
    }
  });

test("another name of this machine is redirected to ours; a change is refused", async () => {
  const app = apps.reporter(siteDeps());
  const res = await request(app).get("/report").set("Host", "127.0.0.1:3000");
  assert.equal(res.status, 307);
  assert.equal(res.headers["location"], `${origin}/report`);
  const twoSlashes = await request(app).get("//evil.example/").set("Host", "127.0.0.1:3000");
  assert.equal(twoSlashes.headers["location"], `${origin}/evil.example/`);
  await request(app).post("/reports").set("Host", "127.0.0.1:3000").expect(403, { error: "refused" });
});

/** Sends bytes that no client library would send; resolves to the status line. */
async function raw(text: string): Promise<string> {
  const server = apps.reporter(siteDeps()).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  try {
    return await new Promise((resolve, reject) => {
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1", () => socket.write(text));
      socket.once("data", (data) => {
        resolve(data.toString("latin1").split("\r\n")[0] ?? "");
        socket.destroy();
      });
      socket.once("error", reject);
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("two Host headers are refused", async () => {
  const status = await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
  assert.match(status, /^HTTP\/1\.1 400 /);
});

test("an absolute request target is refused", async () => {
  const status = await raw(`GET http://evil.example/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  assert.match(status, /^HTTP\/1\.1 400 /);
});

const none = { origin: undefined, site: undefined, mode: undefined, dest: undefined };
const crossings: [what: string, facts: Partial<Parameters<typeof isForeign>[0]>, foreign: boolean][] = [
  ["a program without a browser's headers", { method: "POST" }, false],
  ["our own script", { method: "POST", origin, site: "same-origin", mode: "cors" }, false],
  ["our own form under no-referrer", { method: "POST", origin: "null", site: "same-origin", mode: "navigate" }, false],
  ["our own link", { method: "GET", site: "same-origin", mode: "navigate", dest: "document" }, false],
  ["a typed address", { method: "GET", site: "none", mode: "navigate", dest: "document" }, false],
  ["a link from elsewhere", { method: "GET", site: "cross-site", mode: "navigate", dest: "document" }, false],
  ["a frame elsewhere", { method: "GET", site: "cross-site", mode: "navigate", dest: "iframe" }, true],
  ["an image elsewhere", { method: "GET", site: "cross-site", mode: "no-cors", dest: "image" }, true],
  ["the other app on localhost reading", { method: "GET", site: "same-site", mode: "cors", dest: "empty" }, true],
  ["the other app on localhost writing", { method: "POST", origin: "http://localhost:3001", site: "same-site" }, true],
  ["a form elsewhere", { method: "POST", origin: "https://evil.example", site: "cross-site" }, true],
  ["a form in a sandboxed frame", { method: "POST", origin: "null", site: "cross-site" }, true],
  ["an old browser's form elsewhere", { method: "POST", origin: "https://evil.example" }, true],
  ["an old browser that hides the origin", { method: "POST", origin: "null" }, true],
  ["a deletion elsewhere", { method: "DELETE", origin: "https://evil.example", site: "cross-site" }, true],
  ["a preflight from elsewhere", { method: "OPTIONS", origin: "https://evil.example", site: "cross-site" }, true],
];
for (const [what, facts, foreign] of crossings)
  test(`origin: ${what} is ${foreign ? "refused" : "let in"}`, () =>
    assert.equal(isForeign({ ...none, method: "GET", ...facts }, [origin]), foreign));

test("a refused crossing never reaches the route", async () => {
  let reached = 0;
  const app = siteWith((router) =>
    router.post("/reports", (_req, res) => {
      reached += 1;
      res.sendStatus(201);
    }),
  );
  const post = () => request(app).post("/reports").set("Host", host);
  await post().set("Origin", "https://evil.example").expect(403, { error: "refused" });
  await post().set("Sec-Fetch-Site", "same-site").set("Origin", origin).expect(403);
  assert.equal(reached, 0);
  await post().set("Sec-Fetch-Site", "same-origin").set("Origin", origin).expect(201);
  assert.equal(reached, 1);
});

test("the onion service is announced over https only", async () => {
  const onion = "http://abcdef.onion";
  const https = apps.reporter(siteDeps({ origin: "https://reports.example.org", onion, behindProxy: true }));
  const res = await request(https).get("/").set("Host", "reports.example.org").set("X-Forwarded-Proto", "https");
  assert.equal(res.headers["onion-location"], `${onion}/`);
  const inside = await request(https).get("/").set("Host", "abcdef.onion");
  assert.equal(inside.status, 200);
});
