/** The line to the worker that searches: files in pieces, one after the other, and files that break it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, mock, test } from "node:test";
import {
  openSearcher,
  type FromSearcher,
  type SearcherWorker,
  type ToSearcher,
} from "../../views/browser/client/casefile/searcher.ts";
import { inPieces, pdfkit } from "../support/sought-files.ts";

type Listener = (event: MessageEvent<never>) => void;
const wasmPath = join(import.meta.dirname, "../../node_modules/@embedpdf/pdfium/dist/pdfium.wasm");

/** What the worker's own code asks of its scope; it runs here, in this thread. */
let toWorker: (message: ToSearcher) => void;
let fromWorker: (message: FromSearcher) => void = () => {};

before(async () => {
  const scope = globalThis as unknown as Record<string, unknown>;
  scope["addEventListener"] = (_: string, listener: (event: { data: ToSearcher }) => void) => {
    toWorker = (data) => listener({ data });
  };
  scope["postMessage"] = (message: FromSearcher) => fromWorker(message);
  await import("../../views/browser/searcher.worker.ts");
  mock.method(globalThis, "fetch", () => Promise.resolve(new Response(readFileSync(wasmPath))));
});

interface Harness {
  worker: SearcherWorker;
  sent: ToSearcher[];
  ended: boolean;
}

/** `breaks`: at this message it does as told instead of the worker's code. */
function harness(breaks?: (message: ToSearcher, fail: () => void) => boolean): Harness {
  const listeners = new Map<string, Listener>();
  const made: Harness = {
    sent: [],
    ended: false,
    worker: {
      postMessage(message) {
        made.sent.push(message);
        const fail = (): void => listeners.get("error")!(new Event("error") as MessageEvent<never>);
        if (breaks?.(message, fail) !== true) queueMicrotask(() => toWorker(message));
      },
      addEventListener(type: string, listener: unknown) {
        listeners.set(type, listener as Listener);
        if (type !== "message") return;
        fromWorker = (data) => {
          if (!made.ended) queueMicrotask(() => listeners.get("message")!({ data } as MessageEvent<never>));
        };
        fromWorker({ is: "ready" });
      },
      terminate() {
        made.ended = true;
      },
    },
  };
  return made;
}

const file = (path: string, content: string | Uint8Array, piece = 1000) => {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return { path, size: bytes.length, bytes: () => inPieces(bytes, piece) };
};
const words = "Anna Kowalska";

test("files one after the other, however they are asked for", async () => {
  const { worker, sent } = harness();
  const searcher = openSearcher(() => worker, ["no", words]);
  const [first, second, third] = await Promise.all([
    searcher.search(file("a.txt", `${"x".repeat(990)} ${words} y`)),
    searcher.search(file("b.pdf", await pdfkit(`by ${words}`))),
    searcher.search(file("c.txt", "")),
  ]);
  assert.deepEqual(first, {
    found: [
      { path: "a.txt", inside: [], needle: 1, how: "whole", word: null, is: "leak", where: { is: "line", line: 1 } },
    ],
    unsearched: [],
  });
  assert.deepEqual(second?.found[0]?.where, { is: "page", page: 1 });
  assert.deepEqual(third, { found: [], unsearched: [] });
  assert.deepEqual(
    sent.filter(({ is }) => is !== "chunk").map(({ is }) => is),
    ["seek", "file", "end", "file", "end", "file", "end"],
  );
});

test("no more than one piece is on its way, and none is taken from whoever gave it", async () => {
  const big = new Uint8Array(3 << 20).fill(120);
  let given = 0;
  const { worker, sent } = harness();
  const searched = openSearcher(() => worker, [words]).search({
    path: "a",
    size: big.length * 3,
    async *bytes() {
      for (; given < 3; given++) {
        yield await Promise.resolve(big);
        assert.equal(sent.filter(({ is }) => is === "chunk").length, (given + 1) * 3, "all of it was taken");
      }
    },
  });
  assert.deepEqual(await searched, { found: [], unsearched: [] });
  assert.ok(big.length === 3 << 20 && sent.every((each) => each.is !== "chunk" || each.bytes.length <= 1 << 20));
});

for (const [what, why, breaks] of [
  ["breaks", "damaged", (fail: () => void) => fail()],
  ["never answers", "slow", () => {}],
] as const)
  test(`a file at which the worker ${what}: read again without opening it, and told; the next one is searched`, async () => {
    const workers: Harness[] = [];
    const start = (): SearcherWorker => {
      const isFirst = workers.length === 0;
      workers.push(
        harness((message, fail) => {
          if (!isFirst || message.is !== "end") return false;
          breaks(fail);
          return true;
        }),
      );
      return workers.at(-1)!.worker;
    };
    const searcher = openSearcher(start, [words], 200);
    const searched = await searcher.search(file("a.pdf", `%PDF-1.7 ${words}`));
    assert.deepEqual(
      searched.found.map(({ is }) => is),
      ["leak"],
    );
    assert.deepEqual(searched.unsearched, [{ path: "a.pdf", inside: [], why, pages: [] }]);
    assert.deepEqual(
      workers.map(({ ended }) => ended),
      [true, false],
    );
    assert.equal((await searcher.search(file("b.txt", words))).found.length, 1);
    assert.equal(workers.length, 2);
  });

test("a worker that breaks at every try is no search", async () => {
  const start = (): SearcherWorker =>
    harness((message, fail) => {
      if (message.is === "end") fail();
      return message.is === "end";
    }).worker;
  await assert.rejects(openSearcher(start, [words]).search(file("a", "x")), { code: "busy" });
});

test("bytes that fail end this search with their error, and the next one begins anew", async () => {
  const workers: Harness[] = [];
  const searcher = openSearcher(() => (workers.push(harness()), workers.at(-1)!.worker), [words]);
  const torn = new Error("an attachment that does not verify");
  await assert.rejects(
    searcher.search({
      path: "a",
      size: 9,
      async *bytes() {
        yield await Promise.resolve(Buffer.from("x"));
        throw torn;
      },
    }),
    torn,
  );
  assert.equal((await searcher.search(file("b", words))).found.length, 1);
  assert.equal(workers.length, 2);
});

test("what is searched when it is stopped is refused, and so is all that comes after", async () => {
  const { worker } = harness((message) => message.is === "end");
  const searcher = openSearcher(() => worker, [words]);
  const searched = searcher.search(file("a", "x"));
  const refused = assert.rejects(searched, { code: "busy", message: "the search was stopped" });
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  searcher.stop();
  await refused;
  await assert.rejects(searcher.search(file("b", "x")), { code: "busy" });
});
