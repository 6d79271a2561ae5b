import assert from "node:assert/strict";
import { test } from "node:test";
import request from "supertest";
import { apps, host, siteDeps } from "./support.ts";

const shared: Record<string, string> = {
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "cache-control": "no-store",
};

const contentPolicy = (name: "reporter" | "console"): string[] => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  name === "console" ? "img-src 'self' blob:" : "img-src 'self'",
  "connect-src 'self'",
  ...(name === "console" ? ["frame-src 'self'"] : []),
  ...(name === "reporter" ? ["media-src blob:"] : []),
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
];
const trustedTypes = { reporter: "trusted-types tellhaven", console: "trusted-types tellhaven lit-html" };

const forbidden = ["x-powered-by", "etag", "last-modified", "set-cookie", "server", "access-control-allow-origin"];

/** Faults must be as well dressed as pages. */
const paths = ["/", "/no-such-page", "/assets/icon.svg", "/assets/no-such-file.js", "/%ff"];

for (const name of ["reporter", "console"] as const) {
  for (const path of paths) {
    test(`${name} ${path} carries every security header and no marker`, async () => {
      const res = await request(apps[name](siteDeps())).get(path).set("Host", host);
      for (const [header, value] of Object.entries(shared)) {
        const expected = header === "cache-control" && path === "/assets/icon.svg" ? "no-cache" : value;
        assert.equal(res.headers[header], expected, header);
      }
      assert.deepEqual(res.headers["content-security-policy"]?.split(";"), [
        ...contentPolicy(name),
        trustedTypes[name],
      ]);
      for (const header of forbidden) assert.equal(res.headers[header], undefined, header);
      assert.ok(!Object.keys(res.headers).some((header) => header.startsWith("ratelimit")), "tells of others");
    });
  }

  test(`${name} denies powerful features`, async () => {
    const res = await request(apps[name](siteDeps())).get("/").set("Host", host);
    const policy = res.headers["permissions-policy"]?.split(", ") ?? [];
    for (const feature of ["camera", "geolocation", "display-capture", "clipboard-read"])
      assert.ok(policy.includes(`${feature}=()`), feature);
    assert.ok(policy.includes("clipboard-write=(self)"));
    assert.ok(policy.includes(name === "reporter" ? "microphone=(self)" : "microphone=()"));
    assert.equal(policy.includes("publickey-credentials-get=(self)"), name === "console");
  });

  for (const [where, origin, sent] of [
    ["an https origin", "https://reports.example.org", true],
    ["localhost", "http://localhost:3000", false],
    ["an onion service", "http://abcdef.onion", false],
  ] as const) {
    test(`${name} on ${where} ${sent ? "sends" : "does not send"} HSTS`, async () => {
      const res = await request(apps[name](siteDeps({ origin, behindProxy: true })))
        .get("/")
        .set("Host", new URL(origin).host);
      assert.equal(res.status, 200);
      assert.equal(res.headers["strict-transport-security"] !== undefined, sent);
    });
  }
}

test("a conditional request for an asset brings the file, not a marker", async () => {
  const res = await request(apps.reporter(siteDeps()))
    .get("/assets/icon.svg")
    .set("Host", host)
    .set("If-Modified-Since", new Date(4e12).toUTCString());
  assert.equal(res.status, 200);
});
