/** `tellhaven setup-link` beside a running server, and `npm start` itself as a person runs it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { randomBytes } from "../../crypto/sodium.ts";
import { toHex } from "../../crypto/bytes.ts";
import { ask, serveOrganisation, type Answer } from "../support/organisation-server.ts";
import { freePort, type TestPortal } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");

function setupLink(portal: TestPortal): { status: number | null; out: string; err: string } {
  const { dataDir, config } = portal;
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(config.port),
    CONSOLE_PORT: String(config.consolePort),
  };
  const ran = spawnSync(process.execPath, ["server/cli/main.ts", "setup-link"], { cwd: root, env, encoding: "utf8" });
  return { status: ran.status, out: ran.stdout.trim(), err: ran.stderr.trim() };
}

const secretOf = (link: string): string => new URL(link).hash.slice(1);

function register(portal: TestPortal, secret: string): Promise<Answer> {
  const body = { charterPk: toHex(randomBytes(32)), officePk: toHex(randomBytes(32)) };
  return ask(portal.consoleUrl, "POST", "/setup", body, { authorization: `Setup ${secret}` });
}

test("a new link works, the one before stops working", async (t) => {
  const { portal } = await serveOrganisation({}, 0);
  t.after(() => portal.discard());
  const [first, second] = [setupLink(portal), setupLink(portal)];
  assert.match(first.out, new RegExp(`^${portal.consoleUrl}/setup#[\\w-]{22}$`));
  assert.equal((await register(portal, secretOf(first.out))).status, 403);
  assert.equal((await register(portal, secretOf(second.out))).status, 201);
});

test("once a roster is signed there is no link any more, and words say where to go", async (t) => {
  const { portal } = await serveOrganisation({}, 1);
  t.after(() => portal.discard());
  const { status, out, err } = setupLink(portal);
  assert.deepEqual([status, out], [1, ""]);
  assert.match(err, /set up already/);
});

/** Runs `node server/start.ts` until it printed its last line; answers all it printed. */
async function start(t: TestContext, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, ["server/start.ts"], { cwd: root, env: { ...process.env, ...env } });
  t.after(() => child.kill("SIGTERM"));
  let out = "";
  for await (const chunk of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
    out += chunk;
    if (out.includes("Ctrl+C")) break;
  }
  return out;
}

test("npm start says what to open, and what it says opens", async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), "tellhaven-start-"));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const env = { PORT: String(await freePort()), CONSOLE_PORT: String(await freePort()), DATA_DIR: dataDir };
  const out = await start(t, env);
  for (const url of [`http://localhost:${env.PORT}`, `http://localhost:${env.CONSOLE_PORT}`]) {
    assert.ok(out.includes(url));
    assert.equal((await fetch(url)).status, 200);
  }
  const link = /http:\S+\/setup#[\w-]+/.exec(out)?.[0];
  assert.ok(link !== undefined);
  assert.equal((await fetch(link)).status, 200);
});

test("a wrong setting is told in words, and nothing starts", () => {
  const env = { ...process.env, PORT: "many" };
  const { status, stderr } = spawnSync(process.execPath, ["server/start.ts"], { cwd: root, env, encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /^PORT must be a whole number/);
});
