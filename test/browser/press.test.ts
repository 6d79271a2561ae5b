/** PDFs made in a real browser under the console's own policy: byte for byte what the server makes, and no sign of what is in them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { fontFiles } from "../../server/pdf/font-files.ts";
import { fontFilesOf } from "../../views/pdf/coverage.ts";
import { Fonts } from "../../views/pdf/fonts.ts";
import { writePdf, type PdfOrder } from "../../views/pdf/write.ts";
import { requireJudge } from "../support/judges.ts";
import { needed, odd } from "../support/odd-texts.ts";
import { workerPages } from "../support/worker-page.ts";

const order = (texts: readonly string[], language = "en"): PdfOrder => ({
  title: `Title ${texts[0] ?? ""}`,
  language,
  dir: "ltr",
  paper: "letter",
  day: "2026-11-30",
  fit: "flow",
  variants: [
    [
      { is: "text", role: "H1", text: "Heading", size: 16, weight: "bold" },
      ...texts.map((text) => ({ is: "text", role: "P", text, dir: "own" }) as const),
    ],
  ],
  head: "CONFIDENTIAL",
  foot: "{page}/{pages}",
  series: { prefix: "TH", digits: 6, first: 1 },
});

const orders: [what: string, order: PdfOrder][] = [
  [
    "plain English, several pages",
    order(Array.from({ length: 60 }, (_, i) => `${String(i)} ${"words of it ".repeat(30)}`)),
  ],
  [
    "every script",
    order([
      "أبلغ العامل عن خلل",
      "העובד דיווח",
      "कर्मचारी ने ई",
      "工人报告了",
      "作業員が",
      "작업자가",
      "Прес ґ",
      "😀👩🏽‍💻1️⃣🇩🇪",
    ]),
  ],
  [
    "odd texts",
    order([...needed.map(([, text]) => text), ...odd.map(([, text]) => text), "x".repeat(500), "ภาษา\ud800"]),
  ],
];

interface Answer {
  is: string;
  bytes?: string;
  pages?: number;
  code?: string;
}

/** On a page of the console that has no script of its own: the policy allows one that is named as ours. */
function print(page: Page, order: PdfOrder): Promise<Answer> {
  return page.evaluate(async (order) => {
    interface Policy {
      createScriptURL(url: string): string;
    }
    const scope = globalThis as unknown as {
      policy?: Policy;
      trustedTypes: { createPolicy(name: string, rules: Policy): Policy };
    };
    scope.policy ??= scope.trustedTypes.createPolicy("tellhaven", { createScriptURL: (url) => url });
    const worker = new Worker(scope.policy.createScriptURL("/assets/press.worker.js"), { type: "module" });
    const answer = await new Promise<Record<string, unknown>>((resolve) => {
      worker.addEventListener("error", ({ message }) => resolve({ is: "error", code: message }));
      worker.addEventListener("message", ({ data }: MessageEvent<Record<string, unknown>>) => {
        if (data["is"] === "ready") worker.postMessage({ id: 1, order, counts: false });
        else resolve(data);
      });
    });
    worker.terminate();
    const bytes = answer["bytes"] as Uint8Array<ArrayBuffer> | undefined;
    if (bytes === undefined) return answer as unknown as Answer;
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => resolve(reader.result as string));
      reader.readAsDataURL(new Blob([bytes]));
    });
    return { is: "printed", bytes: url.slice(url.indexOf(",") + 1), pages: answer["pages"] as number };
  }, order);
}

describe("PDFs made in the browser", requireJudge("browser"), () => {
  const openPage = workerPages();

  for (const [what, each] of orders)
    test(`${what}: the same bytes as on the server`, async (t) => {
      const made = await print(await openPage(t), each);
      const { bytes, pages } = await writePdf(each, new Fonts(fontFiles));
      assert.equal(made.is, "printed", made.code);
      assert.equal(made.pages, pages);
      assert.equal(made.bytes, Buffer.from(bytes).toString("base64"));
    });

  test("which fonts are fetched says nothing of the text", async (t) => {
    const page = await openPage(t);
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(new URL(request.url()).pathname));
    await print(page, order(["only English"]));
    assert.deepEqual(
      asked.filter((path) => path.endsWith(".woff")).sort(),
      fontFilesOf()
        .map(({ asset }) => `/assets/${asset}`)
        .sort(),
    );
  });

  test("a font that is not ours makes no document", async (t) => {
    const page = await openPage(t);
    const other = fontFilesOf()[0]!.asset;
    await page.context().route(`**/assets/${other}`, (route) => route.fulfill({ body: Buffer.from("wOFF, not ours") }));
    assert.equal((await print(page, order(["text"]))).code, "forged");
    await page.context().unrouteAll();
    await page.context().route(`**/assets/${other}`, (route) => route.fulfill({ status: 404, body: "" }));
    assert.equal((await print(page, order(["text"]))).code, "missing");
  });
});
