/** The empty page in which the console shows files: nothing may run in it, and nobody else may frame it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import request from "supertest";
import { apps, host, siteDeps } from "./support.ts";

const get = (name: "reporter" | "console") => request(apps[name](siteDeps())).get("/preview").set("Host", host);

test("the preview page may load pictures and sound that a script of ours hands in, and nothing else", async () => {
  const { headers, status } = await get("console");
  assert.equal(status, 200);
  assert.deepEqual(headers["content-security-policy"]?.split(";"), [
    "default-src 'none'",
    "img-src blob:",
    "media-src blob:",
    "style-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "sandbox allow-same-origin",
  ]);
  assert.equal(headers["x-frame-options"], "SAMEORIGIN");
});

test("it keeps every other header of the console", async () => {
  const [preview, home] = await Promise.all([
    get("console"),
    request(apps.console(siteDeps())).get("/").set("Host", host),
  ]);
  const own = ["content-security-policy", "x-frame-options", "content-length", "date", "set-cookie", "connection"];
  const others = (headers: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)));
  assert.deepEqual(others(preview.headers), others(home.headers));
  assert.equal(preview.headers["cache-control"], "no-store");
  assert.equal(preview.headers["cross-origin-embedder-policy"], "require-corp");
});

test("there is no script and nothing of the console in it", async () => {
  const { text } = await get("console");
  assert.doesNotMatch(text, /<script|page-data|console\.css|\son\w+=/);
  assert.match(text, /<body><\/body>/);
  assert.match(text, /<html lang="en" dir="ltr">/);
});

test("no other page of the console may stand in a frame", async () => {
  for (const path of ["/", "/setup", "/join", "/previews", "/no-such-page"]) {
    const { headers } = await request(apps.console(siteDeps())).get(path).set("Host", host);
    assert.equal(headers["x-frame-options"], "DENY", path);
    assert.match(headers["content-security-policy"] ?? "", /frame-ancestors 'none'/, path);
  }
});

test("reporters have no such page", async () => {
  const { status, headers } = await get("reporter");
  assert.notEqual(status, 200);
  assert.equal(headers["x-frame-options"], "DENY");
});
