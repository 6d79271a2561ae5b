import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import request from "supertest";
import { build, type BuiltFile } from "../../server/build/build.ts";
import { apps, host, siteDeps } from "./support.ts";

const builtDir = join(import.meta.dirname, "../../views/public/built");
let files: BuiltFile[];
const lines: string[] = [];

before(async () => {
  files = await build((line) => lines.push(line));
});

test("the build says what it wrote and lists the sums", () => {
  for (const { name, sha256 } of files) {
    assert.ok(lines.some((line) => line.includes(name)));
    const content = readFileSync(join(builtDir, name));
    assert.equal(createHash("sha256").update(content).digest("hex"), sha256);
    assert.ok(!content.includes("sourceMappingURL"), name);
    assert.ok(!content.includes(process.cwd()), name);
  }
  assert.ok(files.some(({ name }) => name === "landing.js"));
});

test("the same sources give the same bytes", async () => {
  assert.deepEqual(await build(), files);
});

test("no style sheet names the fonts or the crown of GOV.UK, or another host", () => {
  for (const sheet of ["reporter.css", "console.css"]) {
    const css = readFileSync(join(builtDir, sheet), "utf8");
    const found = /GDS Transport|crown|@font-face|@import|url\((?!\/assets\/)/.exec(css);
    assert.equal(found?.[0], undefined);
  }
});

test("scripts and sheets travel compressed when the browser can read that", async () => {
  const get = (encoding: string) =>
    request(apps.reporter(siteDeps())).get("/assets/reporter.css").set("Host", host).set("Accept-Encoding", encoding);
  const packed = await get("gzip, deflate");
  const plain = await get("identity");
  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.equal(plain.headers["content-encoding"], undefined);
  for (const res of [packed, plain]) {
    assert.equal(res.status, 200);
    assert.equal(res.headers["content-type"], "text/css; charset=utf-8");
    assert.match(res.headers["vary"] ?? "", /Accept-Encoding/i);
    assert.equal(res.text, plain.text);
  }
  assert.ok(Number(packed.headers["content-length"]) * 4 < Number(plain.headers["content-length"]));
});

test("only pages that are alike for everybody are packed: the length of others could give a secret away", async () => {
  const encodingOf = async (path: string, change = {}, accepted = "gzip, br"): Promise<string | undefined> => {
    const app = apps.reporter(siteDeps(change));
    const res = await request(app).get(path).set("Host", host).set("Accept-Encoding", accepted);
    return res.headers["content-encoding"];
  };
  for (const path of ["/en/", "/en/report", "/en/mailbox"]) {
    assert.equal(await encodingOf(path), "br", path);
    assert.equal(await encodingOf(path, {}, "gzip, deflate"), "gzip", path);
    assert.equal(await encodingOf(path, {}, "identity"), undefined, path);
  }
  assert.equal(await encodingOf("/en/nothing-here"), undefined);
  assert.equal(await encodingOf("/en/", { underLoad: () => true }), "br", "alike for everybody at that moment");
  const desk = await request(apps.console(siteDeps())).get("/").set("Host", host).set("Accept-Encoding", "gzip");
  assert.equal(desk.headers["content-encoding"], undefined);
});
