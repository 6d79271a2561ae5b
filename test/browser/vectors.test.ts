/** The protocol's vectors in a real Chromium: the same files, the same counts as in Node. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { launchBrowser } from "../support/browser.ts";
import { bundle, serveFixed } from "../support/fixed-pages.ts";
import { requireJudge } from "../support/judges.ts";
import { openContext } from "../support/watched-context.ts";
import { readVectors } from "../vectors/files.ts";
import { runVectors, type Result } from "../vectors/suite.ts";

const vectorsDir = join(import.meta.dirname, "../vectors");

describe("the vectors in Chromium", requireJudge("browser"), () => {
  test(
    "give the same results as in Node, in a module worker under a strict policy",
    { timeout: 300_000 },
    async (t) => {
      const files = await readVectors();
      const { origin, server } = await serveFixed({
        "/": [
          "text/html",
          '<!doctype html><html lang="en"><title>Vectors</title><script type="module" src="/page.js"></script>',
        ],
        "/page.js": ["text/javascript", await bundle(join(vectorsDir, "page.ts"))],
        "/worker.js": ["text/javascript", await bundle(join(vectorsDir, "worker.ts"))],
        "/vectors.json": ["application/json", JSON.stringify(files)],
        "/favicon.ico": ["image/x-icon", ""],
      });
      t.after(() => server.close());
      const browser = await launchBrowser();
      try {
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
