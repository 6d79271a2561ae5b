/** Files searched in a real browser under the console's own policy: the same findings as in Node. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { needlesOf } from "../../views/browser/client/casefile/leaks.ts";
import { PdfReader } from "../../views/browser/client/casefile/leaks/pdf-text.ts";
import { searchFile, type Searched } from "../../views/browser/client/casefile/leaks/search-file.ts";
import * as hostile from "../support/hostile-files.ts";
import { requireJudge } from "../support/judges.ts";
import * as sought from "../support/sought-files.ts";
import { workerPages } from "../support/worker-page.ts";

const texts = ["Anna Kowalska", "أحمد الخالدي", "सुनीता शर्मा", "王小明", "Zoé"];
const wasm = new Uint8Array(
  readFileSync(join(import.meta.dirname, "../../node_modules/@embedpdf/pdfium/dist/pdfium.wasm")),
).buffer;

type Answer = { is: string; message?: string } & Partial<Searched>;

/** On a page of the console that has no script of its own: the policy allows one that is named as ours. */
function search(page: Page, files: readonly [path: string, base64: string][]): Promise<Answer[]> {
  return page.evaluate(
    async ({ files, texts }) => {
      interface Policy {
        createScriptURL(url: string): string;
      }
      const scope = globalThis as unknown as {
        policy?: Policy;
        trustedTypes: { createPolicy(name: string, rules: Policy): Policy };
      };
      scope.policy ??= scope.trustedTypes.createPolicy("tellhaven", { createScriptURL: (url) => url });
      const worker = new Worker(scope.policy.createScriptURL("/assets/searcher.worker.js"), { type: "module" });
      let hear: (answer: Record<string, unknown>) => void = () => {};
      const next = (): Promise<Record<string, unknown>> =>
        new Promise((resolve) => {
          hear = resolve;
        });
      worker.addEventListener("error", ({ message }) => hear({ is: "error", message }));
      worker.addEventListener("message", ({ data }: MessageEvent<Record<string, unknown>>) => hear(data));
      await next();
      worker.postMessage({ is: "seek", texts });
      const answers: Record<string, unknown>[] = [];
      for (const [path, base64] of files) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        worker.postMessage({ is: "file", path, size: bytes.length, plain: false });
        for (let at = 0; at < bytes.length; at += 10_000) {
          const piece = bytes.slice(at, at + 10_000);
          const took = next();
          worker.postMessage({ is: "chunk", bytes: piece }, [piece.buffer]);
          const answer = await took;
          if (answer["is"] !== "took") return [answer];
        }
        const searched = next();
        worker.postMessage({ is: "end" });
        answers.push(await searched);
      }
      worker.terminate();
      return answers;
    },
    { files, texts },
  ) as unknown as Promise<Answer[]>;
}

describe("files searched in the browser", requireJudge("browser"), () => {
  const openPage = workerPages();

  test("the same findings as in Node", async (t) => {
    const [name] = texts;
    const files: [string, Uint8Array][] = [
      ["data/text/a.txt", Buffer.from(`first\nby ${name!}, so`)],
      ["data/pdf/a.pdf", await sought.printed(["One.", ...texts])],
      ["data/pdf/b.pdf", await sought.pdfWith({ title: name!, picture: hostile.png(8, 8), left: name! })],
      ["data/native/a.docx", sought.docx(name!)],
      ["data/native/b.zip", sought.packed({ "a.docx": sought.docx(name!), "b.pdf": await sought.pdfkit(name!) })],
      ["data/native/c.eml", Buffer.from(sought.mail(name!, sought.xlsx(name!)))],
      ["data/native/d.gz", sought.gzip(name!)],
      ["data/native/e.jpg", Buffer.concat([Buffer.from([0xff, 0xd8]), hostile.exif(1, name!)])],
      ["data/native/f.pdf", await hostile.lockedPdf()],
      ["data/native/g.txt", Buffer.from("Zoé", "latin1")],
      ["data/native/h.pdf", Buffer.from("%PDF-1.7\nnothing of the kind")],
      ["data/text/z.txt", Buffer.from("nothing")],
    ];
    const answers = await search(
      await openPage(t),
      files.map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]),
    );
    const pdf = new PdfReader(() => Promise.resolve(wasm));
    const inNode: Searched[] = [];
    for (const [path, bytes] of files)
      inNode.push(await searchFile(path, sought.inPieces(bytes), bytes.length, needlesOf(texts), { pdf }));
    assert.deepEqual(
      answers,
      inNode.map((searched) => ({ is: "searched", ...searched })),
    );
    assert.deepEqual(
      inNode[1]!.found.map(({ needle, where }) => [needle, where.is]),
      texts.map((_, needle) => [needle, "page"]),
    );
    assert.ok(inNode.slice(0, 8).every(({ found }) => found.length > 0));
  });

  test("a reader of PDFs that does not load is told, and nothing passes for searched", async (t) => {
    const page = await openPage(t);
    await page.context().route("**/assets/pdfium.wasm", (route) => route.fulfill({ status: 404, body: "" }));
    const file = Buffer.from(await sought.pdfkit("words")).toString("base64");
    const [answer] = await search(page, [["data/pdf/a.pdf", file]]);
    assert.deepEqual([answer?.is, answer?.message], ["refused", "the reader of PDFs did not load"]);
  });
});
