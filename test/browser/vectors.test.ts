/** The protocol's vectors in a real Chromium: the same files, the same counts as in Node. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { build } from "esbuild";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { openContext } from "../support/watched-context.ts";
import { readVectors } from "../vectors/files.ts";
import { runVectors, type Result } from "../vectors/suite.ts";

/** What the apps allow their workers, and no more. */
const policy = "script-src 'self' 'wasm-unsafe-eval'; default-src 'none'; connect-src 'self'";
const vectorsDir = join(import.meta.dirname, "../vectors");

async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(vectorsDir, name)],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]!.text;
}

describe("the vectors in Chromium", requireJudge("browser"), () => {
  test(
    "give the same results as in Node, in a module worker under a strict policy",
    { timeout: 300_000 },
    async (t) => {
      const files = await readVectors();
      const served: { [path: string]: [type: string, body: string] } = {
        "/": [
          "text/html",
          '<!doctype html><html lang="en"><title>Vectors</title><script type="module" src="/page.js"></script>',
        ],
        "/page.js": ["text/javascript", await bundle("page.ts")],
        "/worker.js": ["text/javascript", await bundle("worker.ts")],
        "/vectors.json": ["application/json", JSON.stringify(files)],
        "/favicon.ico": ["image/x-icon", ""],
      };
      const server = createServer((request, response) => {
        const [type, body] = served[request.url ?? ""] ?? ["text/plain", ""];
        response.setHeader("content-security-policy", policy);
        response.setHeader("content-type", `${type}; charset=utf-8`);
        response.end(body);
      });
      await new Promise<void>((resolve) => {
        server.listen(0, "localhost", () => resolve());
      });
      t.after(() => server.close());
      const browser = await launchBrowser();
      try {
        const origin = `http://localhost:${String((server.address() as AddressInfo).port)}`;
        const context = await openContext(t, browser, { origins: [origin] });
        const page = await context.newPage();
        await page.goto(origin);
        const handle = await page.waitForFunction(
          () => (globalThis as { vectorsAnswer?: { results?: Result[]; error?: string } }).vectorsAnswer,
          undefined,
          { timeout: 240_000, polling: 500 },
        );
        const answer = await handle.jsonValue();
        assert.equal(answer?.error, undefined);
        const inBrowser = answer?.results ?? [];
        assert.deepEqual(
          inBrowser.filter(({ problem }) => problem !== null),
          [],
        );
        assert.deepEqual(inBrowser, await runVectors(files));
        t.diagnostic(`${String(inBrowser.length)} vectors, in Chromium as in Node`);
      } finally {
        await browser.close();
      }
    },
  );
});
