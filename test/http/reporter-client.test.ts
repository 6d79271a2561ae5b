/** The reporter's client against a real portal: answers that are lost, rosters that change, writers who were faster. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, mock, test } from "node:test";
import { equal, toHex } from "../../crypto/bytes.ts";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { PortalError } from "../../crypto/errors.ts";
import { generateReceiptCode } from "../../crypto/receipt.ts";
import { fillRandom } from "../../crypto/sodium.ts";
import { english } from "../../crypto/words.ts";
import { reply } from "../../views/browser/client/case-writing.ts";
import { downloadFile, draftMessage, openMailboxByCode } from "../../views/browser/client/mailbox.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { startFiling, type NewReport } from "../../views/browser/client/report.ts";
import { partBytes, startUpload } from "../../views/browser/client/uploads.ts";
import { deskOf, fileOfBytes, findByTitle, withoutFiles } from "../support/casework.ts";
import { serveOrganisation, type ServedOrganisation } from "../support/organisation-server.ts";

const realFetch = globalThis.fetch;
afterEach(() => mock.restoreAll());

/** Every request passes `meddle` first: it may answer itself, throw, or pass the request on. */
function meddle(act: (request: string, pass: () => Promise<Response>, headers: Headers) => Promise<Response>): void {
  mock.method(globalThis, "fetch", (url: string, init: RequestInit) =>
    act(`${init.method ?? "GET"} ${new URL(url).pathname}`, () => realFetch(url, init), new Headers(init.headers)),
  );
}

/** The first `times` matching requests arrive, and their answers are lost on the way back. */
function loseAnswers(pattern: RegExp, times = 1): { seen: string[] } {
  const seen: string[] = [];
  let left = times;
  meddle(async (request, pass) => {
    seen.push(request);
    const response = await pass();
    if (!pattern.test(request) || left === 0) return response;
    left -= 1;
    await response.arrayBuffer();
    throw new TypeError("network gone");
  });
  return { seen };
}

function someBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  fillRandom(bytes);
  return bytes;
}

async function newReport(served: ServedOrganisation, change: Partial<NewReport> = {}): Promise<NewReport> {
  const api = { origin: served.portal.reporterUrl };
  const { chain } = await fetchPortal(api);
  return {
    api,
    chain: chain!,
    code: generateReceiptCode(english).canonical,
    channel: "general",
    answers: { what: "Press 4 runs without its guard." },
    category: "safety",
    title: "Press 4",
    language: "en",
    excluded: [],
    files: [],
    flags: 0,
    ...change,
  };
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

describe("uploads", () => {
  let served: ServedOrganisation;
  before(async () => {
    served = await serveOrganisation();
  });
  after(() => served.portal.discard());

  const length = 2 * partBytes; // a size class of its own: 16 MiB

  async function upload(options: { signal?: AbortSignal } = {}): Promise<{ stored: number[]; slept: number[] }> {
    const [stored, slept]: [number[], number[]] = [[], []];
    const target = await startUpload({
      api: { origin: served.portal.reporterUrl },
      envId: generateEnvId(),
      length,
      onStored: (bytes) => void stored.push(bytes),
      sleep: async (seconds) => void slept.push(seconds),
      ...options,
    });
    const piece = someBytes(65_553);
    for (let at = 0; at < length; at += piece.length)
      await target.write(piece.subarray(0, Math.min(piece.length, length - at)));
    await target.finish();
    return { stored, slept };
  }

  test("every part arrives and is told", async () => {
    assert.deepEqual((await upload()).stored, [partBytes, length]);
  });

  test("a part whose answer was lost is asked for, not sent again", async () => {
    const { seen } = loseAnswers(/^PUT .*\/0$/);
    const { stored, slept } = await upload();
    assert.deepEqual(stored, [partBytes, length]);
    assert.equal(seen.filter((request) => /^PUT .*\/0$/.test(request)).length, 1);
    assert.equal(slept.length, 1);
  });

  test("without a network it waits longer and longer, then goes on where it stopped", async () => {
    let away = 0;
    meddle(async (request, pass) => {
      if (/^(?:PUT|GET) \/uploads/.test(request) && away < 5) {
        away += 1;
        throw new TypeError("network gone");
      }
      return pass();
    });
    const { stored, slept } = await upload();
    assert.deepEqual(stored, [partBytes, length]);
    assert.deepEqual(slept, [0.5, 1, 2, 4, 8]);
  });

  test("a network that does not come back is told as busy", async () => {
    meddle(async (request, pass) => {
      if (request.startsWith("PUT")) throw new TypeError("network gone");
      return pass();
    });
    await assert.rejects(upload(), { code: "busy" });
  });

  test("what the server refuses is not tried again", async () => {
    let asked = 0;
    meddle(async (request, pass) => {
      if (!request.startsWith("PUT")) return pass();
      asked += 1;
      return Response.json({ error: "full" }, { status: 507 });
    });
    await assert.rejects(upload(), { code: "full" });
    assert.ok(asked <= 2, "one try for each part underway");
  });

  test("stopping ends it at once", async () => {
    const controller = new AbortController();
    meddle(async (request, pass) => {
      if (request.startsWith("PUT")) controller.abort(new DOMException("stopped", "AbortError"));
      return pass();
    });
    await assert.rejects(upload({ signal: controller.signal }), { name: "AbortError" });
  });

  test("more or fewer bytes than announced are refused here already", async () => {
    const api = { origin: served.portal.reporterUrl };
    const target = await startUpload({ api, envId: generateEnvId(), length: 256 * 1024 });
    await assert.rejects(target.write(new Uint8Array(256 * 1024 + 1)), { code: "format" });
    await assert.rejects(target.finish(), { code: "format" });
  });
});

describe("filing", () => {
  let served: ServedOrganisation;
  before(async () => {
    served = await serveOrganisation({}, 1);
  });
  after(() => served.portal.discard());

  test("progress goes from nothing to everything, and the code opens what was filed", async () => {
    const files = [fileOfBytes("a.bin", someBytes(300_000)), fileOfBytes("empty", new Uint8Array())];
    const report = await newReport(served, { files });
    const told: { sealed: number; stored: number; total: number }[] = [];
    const filed = await startFiling(report).send({ onProgress: (progress) => void told.push(progress) });
    assert.equal(filed.is, "filed");
    assert.deepEqual([told[0]!.sealed, told[0]!.stored], [0, 0]);
    const last = told.at(-1)!;
    assert.deepEqual([last.sealed, last.stored], [last.total, last.total]);
    const open = await openMailboxByCode(report.api, report.chain, report.code);
    assert.equal(open?.report.content.answers["what"], "Press 4 runs without its guard.");
  });

  test("an answer that was lost: sending again gives the receipt, and nothing goes out twice", async () => {
    const report = await newReport(served, { files: [fileOfBytes("a.bin", someBytes(10_000))] });
    const filing = startFiling(report);
    const { seen } = loseAnswers(/^POST \/reports$/);
    await assert.rejects(filing.send(), { code: "busy" });
    const filed = await filing.send();
    assert.ok(filed.is === "filed" && filed.receipt !== null);
    assert.equal(seen.filter((request) => request === "POST /uploads").length, 1);
  });

  test("a receipt that the log did not sign is forged", async () => {
    meddle(async (request, pass) => {
      const response = await pass();
      if (request !== "POST /reports") return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      bytes[bytes.length - 1]! ^= 1;
      return new Response(bytes, { status: 201, headers: { "content-type": "application/octet-stream" } });
    });
    await assert.rejects(startFiling(await newReport(served)).send(), { code: "forged" });
  });

  test("a code that somebody filed with already is a conflict", async () => {
    const report = await newReport(served);
    assert.equal((await startFiling(report).send()).is, "filed");
    await assert.rejects(startFiling({ ...report, answers: { what: "Another" } }).send(), { code: "conflict" });
  });

  test("with everybody left out nothing is sealed", async () => {
    await assert.rejects(startFiling(await newReport(served, { excluded: [1, 2, 3, 5] })).send(), { code: "refused" });
  });

  // Last: it moves the organisation to its second roster.
  test("a newer roster: told who reads now, sealed anew only when asked, files sent once", async () => {
    const report = await newReport(served, { files: [fileOfBytes("a.bin", someBytes(10_000))], excluded: [2] });
    const lost = await newReport(served);
    const lostFiling = startFiling(lost);
    const answers = loseAnswers(/^POST \/reports$/);
    await assert.rejects(lostFiling.send(), { code: "busy" });
    assert.equal((await served.postRoster(2)).status, 201);

    const filing = startFiling(report);
    const first = await filing.send();
    assert.ok(first.is === "readersChanged");
    assert.deepEqual(
      [first.before, first.after],
      [
        [1, 3, 5],
        [1, 5, 6],
      ],
    );
    const second = await filing.send();
    assert.ok(second.is === "filed");
    assert.deepEqual(second.readers, [1, 5, 6]);
    assert.equal(answers.seen.filter((request) => request === "POST /uploads").length, 1);

    const again = await lostFiling.send();
    assert.ok(again.is === "filed", "what was stored under the old roster is filed, whatever the roster is now");
  });
});

describe("the mailbox", () => {
  let served: ServedOrganisation;
  before(async () => {
    served = await serveOrganisation();
  });
  after(() => served.portal.discard());

  test("a code that nobody filed with opens nothing", async () => {
    const { api, chain, code } = await newReport(served);
    assert.equal(await openMailboxByCode(api, chain, code), null);
  });

  test("files come back byte for byte, and the requests do not tell which", async () => {
    const bytes = [someBytes(200_000), someBytes(70_000)];
    const files = bytes.map((each, i) => fileOfBytes(`${i}.bin`, each));
    const report = await newReport(served, { files });
    await startFiling(report).send();
    const open = (await openMailboxByCode(report.api, report.chain, report.code))!;
    const asked: string[] = [];
    meddle(async (request, pass, headers) => {
      asked.push(`${request} ${headers.get("range") ?? "whole"}`);
      return pass();
    });
    for (const [i, each] of bytes.entries())
      assert.ok(equal(await gather(downloadFile(open, open.entries[0]!, i)), each));
    const objects = asked.filter((request) => request.includes("/objects/"));
    assert.deepEqual(new Set(objects), new Set([`POST /mailbox/objects/${toHex(open.entries[0]!.envId)} whole`]));
    await assert.rejects(gather(downloadFile(open, open.entries[0]!, 2)), { code: "missing" });
  });

  test("a reader who wrote first does not get in the way; a lost answer does not double the message", async () => {
    const report = await newReport(served, { title: "Who writes first" });
    await startFiling(report).send();
    await served.portal.tick();
    const open = (await openMailboxByCode(report.api, report.chain, report.code))!;
    const desk = await deskOf(served, served.organisation.members.rosa.seed);
    const caseId = await findByTitle(served, desk, "Who writes first");
    await reply(desk, caseId!, { text: "We look at it.", status: "open" }, await withoutFiles(desk, caseId!));

    const draft = draftMessage(open, { text: "One more thing.", files: [fileOfBytes("b", someBytes(1000))] });
    loseAnswers(/^POST \/mailbox\/messages$/, 2);
    await assert.rejects(draft.send(), (error) => error instanceof PortalError);
    const after = await draft.send().catch(() => draft.send());
    assert.deepEqual(
      after.entries.map(({ kind }) => kind),
      ["report", "reply", "message"],
    );
  });
});
