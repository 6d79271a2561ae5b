/** Nothing is buffered whole on the server: a 100 MB attachment takes no more memory than a 10 MB one. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { paddedObjectBytes } from "../../crypto/padding.ts";
import { ask } from "../support/organisation-server.ts";
import { freePort } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");
const MB = 1_000_000;
const partBytes = 8 * 1024 * 1024;

/** The highest resident size so far, bytes (proc(5), VmHWM). */
async function peakOf(pid: number): Promise<number> {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))!;
  return Number(kilobytes) * 1024;
}

async function upload(origin: string, length: number): Promise<void> {
  const envId = toHex(generateEnvId());
  const { json } = await ask(origin, "POST", "/uploads", { envId, length });
  const ticket = { "x-upload-ticket": String(json?.["ticket"]) };
  for (let at = 0; at < length; at += partBytes) {
    const part = new Uint8Array(Math.min(partBytes, length - at));
    const { status } = await ask(origin, "PUT", `/uploads/${envId}/${at / partBytes}`, part, ticket);
    assert.equal(status, 204);
  }
}

/** The flags that `npm start` gives Node. */
async function startFlags(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { scripts: { start: string } };
  return scripts.start.split(" ").filter((word) => word.startsWith("--"));
}

/** Peak of a server of its own after it took one object of this size. */
async function peakAfter(length: number): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), "tellhaven-memory-"));
  const env = { PORT: String(await freePort()), CONSOLE_PORT: String(await freePort()), DATA_DIR: dataDir };
  const child = spawn(process.execPath, [...(await startFlags()), "test/support/portal-child.ts"], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    // The first object warms up what every object needs.
    await upload(`http://localhost:${env.PORT}`, paddedObjectBytes(MB));
    await upload(`http://localhost:${env.PORT}`, length);
    return await peakOf(child.pid!);
  } finally {
    child.kill("SIGKILL");
    await rm(dataDir, { recursive: true, force: true });
  }
}

test(
  "a server's peak with 100 MB is within 20 MB of that with 10 MB",
  { skip: !existsSync("/proc/self/status") && "needs Linux's /proc" },
  async (t) => {
    const small = await peakAfter(paddedObjectBytes(10 * MB));
    const large = await peakAfter(paddedObjectBytes(100 * MB));
    t.diagnostic(`peak ${Math.round(small / MB)} MB with 10 MB, ${Math.round(large / MB)} MB with 100 MB`);
    assert.ok(large - small < 20 * MB, `grew by ${Math.round((large - small) / MB)} MB`);
  },
);
