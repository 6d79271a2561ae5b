/** Sealing to an age key in a worker of a real browser, under the very headers of the console's workers. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build as esbuild } from "esbuild";
import type { Browser } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { startTestPortal, type TestPortal } from "../support/server.ts";
import { openContext } from "../support/watched-context.ts";

const root = join(import.meta.dirname, "../..");
/** Seals 3 MiB to the key that it is sent, and answers how many bytes there are and what was said to be. */
const source = `
import { checkRecipient, sealedLength, sealToAge } from "./views/browser/client/casefile/age.ts";
addEventListener("message", async ({ data }) => {
  const checked = checkRecipient(data);
  const pieces = Array.from({ length: 3 }, (_, i) => new Uint8Array(1024 * 1024).fill(i));
  const plain = new ReadableStream({ pull: (to) => (pieces.length > 0 ? to.enqueue(pieces.shift()) : to.close()) });
  const bytes = new Uint8Array(await new Response(sealToAge(checked.recipient, plain)).arrayBuffer());
  postMessage({ bytes, told: sealedLength(3 * 1024 * 1024) });
});
postMessage("ready");`;

describe("sealing to an age key in the browser", requireJudge("browser", "age"), () => {
  let portal: TestPortal;
  let browser: Browser;
  let folder: string;
  before(async () => {
    await ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), "tellhaven-age-"));
    portal = await startTestPortal();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await portal?.discard();
    rmSync(folder, { recursive: true, force: true });
  });

  test("age opens what a worker sealed, without eval and under Trusted Types", async (t) => {
    execFileSync("age-keygen", ["-o", join(folder, "key.txt")], { stdio: "pipe" });
    const recipient = execFileSync("age-keygen", ["-y", join(folder, "key.txt")], { encoding: "utf8" }).trim();
    const { outputFiles } = await esbuild({
      stdin: { contents: source, resolveDir: root, loader: "ts" },
      bundle: true,
      format: "esm",
      platform: "browser",
      minify: true,
      write: false,
    });
    const context = await openContext(t, browser, { origins: [portal.consoleUrl], provokes: [/404/] });
    await context.route("**/assets/press.worker.js", async (route) =>
      // As the server sends its own workers, with another content.
      route.fulfill({ response: await route.fetch(), body: outputFiles[0]!.text }),
    );
    const page = await context.newPage();
    await page.goto(`${portal.consoleUrl}/preview/none`);
    const sealed = await page.evaluate(async (recipient) => {
      interface Policy {
        createScriptURL(url: string): string;
      }
      const { trustedTypes } = globalThis as unknown as {
        trustedTypes: { createPolicy(name: string, rules: Policy): Policy };
      };
      const policy = trustedTypes.createPolicy("tellhaven", { createScriptURL: (url) => url });
      const worker = new Worker(policy.createScriptURL("/assets/press.worker.js"), { type: "module" });
      const { bytes, told } = await new Promise<{ bytes: Uint8Array<ArrayBuffer>; told: number }>((resolve, reject) => {
        worker.addEventListener("error", ({ message }) => reject(new Error(message)));
        worker.addEventListener("message", ({ data }) =>
          data === "ready"
            ? worker.postMessage(recipient)
            : resolve(data as { bytes: Uint8Array<ArrayBuffer>; told: number }),
        );
      });
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.addEventListener("load", () => resolve(reader.result as string));
        reader.readAsDataURL(new Blob([bytes]));
      });
      return { base64: url.slice(url.indexOf(",") + 1), told };
    }, recipient);
    const bytes = Buffer.from(sealed.base64, "base64");
    assert.equal(bytes.length, sealed.told);
    writeFileSync(join(folder, "sealed.age"), bytes);
    const args = ["-d", "-i", join(folder, "key.txt"), join(folder, "sealed.age")];
    const opened = execFileSync("age", args, { maxBuffer: 2 ** 26 });
    assert.ok(opened.equals(Buffer.concat([0, 1, 2].map((value) => Buffer.alloc(1024 * 1024, value)))));
  });
});
