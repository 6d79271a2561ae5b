import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { hasBrowser, launchBrowser, type BrowserKind } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { openContext, viewports, watchContext } from "../support/watched-context.ts";

const policy = "default-src 'none'; script-src 'self'; connect-src *; img-src * data:; worker-src 'self'";

/** Scripts that the page may load, each of which does one thing that the watch must notice. */
const scripts: Record<string, string> = {
  "/nothing.js": "",
  "/console.js": "console.error('planted error')",
  "/throw.js": "throw new Error('planted exception')",
  "/reject.js": "void Promise.reject(new Error('planted rejection'))",
  "/style.js": "document.body.setAttribute('style', 'color: red')",
  "/eval.js": "try { eval('1') } catch {}",
  "/fetch.js": "void fetch(ELSEWHERE).catch(() => {})",
  "/image.js": "new Image().src = ELSEWHERE",
  "/socket.js": "new WebSocket(ELSEWHERE.replace('http', 'ws'))",
  "/worker.js": "new Worker('/fetch.js')",
  "/worker-console.js": "new Worker('/console.js')",
  "/worker-throw.js": "new Worker('/throw.js')",
};

const noticed: [what: string, script: string, sentence: RegExp][] = [
  ["an error in the console", "/console.js", /planted error/],
  ["an uncaught exception", "/throw.js", /planted exception/],
  ["an unhandled rejection", "/reject.js", /planted rejection/],
  ["an inline style", "/style.js", /policy violation: style-src-attr/],
  ["a caught eval", "/eval.js", /policy violation: script-src/],
  ["a fetch elsewhere", "/fetch.js", /request to http:\/\/127\.0\.0\.1/],
  ["an image elsewhere", "/image.js", /request to http:\/\/127\.0\.0\.1/],
  ["a web socket elsewhere", "/socket.js", /web socket to ws:\/\/127\.0\.0\.1/],
  ["a worker's fetch elsewhere", "/worker.js", /request to http:\/\/127\.0\.0\.1/],
  ["a worker's console error", "/worker-console.js", /planted error/],
  ["a worker's exception", "/worker-throw.js", /planted exception/],
];

describe("a watched context", requireJudge("browser"), () => {
  let server: Server;
  let origin: string;
  let browser: Browser;

  before(async () => {
    server = createServer((request, response) => {
      const { port } = server.address() as AddressInfo;
      const url = new URL(request.url ?? "/", "http://localhost");
      const script = scripts[url.pathname];
      response.setHeader("content-security-policy", policy);
      response.setHeader("content-type", script === undefined ? "text/html" : "text/javascript");
      // The other origin is the same server by another name.
      if (script !== undefined)
        response.end(script.replace("ELSEWHERE", `"http://127.0.0.1:${String(port)}/elsewhere"`));
      else
        response.end(
          `<!doctype html><html lang="en"><link rel="icon" href="data:,"><body><noscript>no script</noscript>
         <script src="${url.searchParams.get("script") ?? "/nothing.js"}"></script>`,
        );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, () => resolve());
    });
    origin = `http://localhost:${String((server.address() as AddressInfo).port)}`;
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    server.close();
  });

  test("a page that does nothing wrong is clean", async (t) => {
    const context = await openContext(t, browser, { origins: [origin] });
    const page = await context.newPage();
    await page.goto(origin);
    assert.equal(page.viewportSize()?.width, viewports.desktop.viewport.width);
  });

  test("a phone without JavaScript sees noscript", async (t) => {
    const context = await openContext(t, browser, { origins: [origin], viewport: "phone", javaScript: false });
    const page = await context.newPage();
    await page.goto(`${origin}/?script=/console.js`);
    assert.equal(await page.locator("noscript").innerText(), "no script");
    assert.equal(page.viewportSize()?.width, viewports.phone.viewport.width);
  });

  for (const [what, script, sentence] of noticed)
    test(`${what} is noticed`, async () => {
      const context = await browser.newContext();
      const watch = await watchContext(context, { origins: [origin] });
      const page = await context.newPage();
      await page.goto(`${origin}/?script=${script}`);
      await waitUntil(() => watch.problems().some((problem) => sentence.test(problem)));
      await context.close();
      assert.match(watch.problems().join("\n"), sentence);
      assert.throws(() => watch.assertClean(), sentence);
    });

  test("a provoked error is forgiven, and missed when it does not come", async () => {
    const context = await browser.newContext();
    const watch = await watchContext(context, { origins: [origin], provokes: [/planted error/] });
    assert.throws(() => watch.assertClean(), /provoked nothing like/);
    await (await context.newPage()).goto(`${origin}/?script=/console.js`);
    await waitUntil(() => watch.problems().length === 0);
    watch.assertClean();
    await context.close();
  });

  // The one or the other is enough; those that are here must work.
  for (const kind of (["npm", "installed"] satisfies BrowserKind[]).filter(hasBrowser))
    test(`the ${kind} browser starts and opens a page`, async () => {
      const other = await launchBrowser(kind);
      const page = await other.newPage();
      await page.goto(origin);
      assert.equal(await page.evaluate(() => typeof WebAssembly), "object");
      await other.close();
    });
});

async function waitUntil(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isTrue(); tries++)
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
}
