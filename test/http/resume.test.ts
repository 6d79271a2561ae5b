/** An upload outlives what happens to it: a server that starts anew, a pause in the middle of a part, a long outage. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, mock, test } from "node:test";
import { generateEnvId } from "../../crypto/envelope/seal.ts";
import { partBytes, startUpload, type Upload } from "../../views/browser/client/uploads.ts";
import { Valve } from "../../views/browser/client/valve.ts";
import { serveOrganisation } from "../support/organisation-server.ts";
import { startTestPortal } from "../support/server.ts";

const realFetch = globalThis.fetch;
afterEach(() => mock.restoreAll());

const length = 4 * partBytes; // a size class of its own
const piece = new Uint8Array(partBytes);

/** Every PUT that was answered with success, by its part. */
function countParts(meddle: (part: string, pass: () => Promise<Response>) => Promise<Response>): string[] {
  const arrived: string[] = [];
  mock.method(globalThis, "fetch", async (url: string, init: RequestInit) => {
    if (init.method !== "PUT") return realFetch(url, init);
    const part = new URL(url).pathname.split("/").pop()!;
    const response = await meddle(part, () => realFetch(url, init));
    if (response.ok) arrived.push(part);
    return response;
  });
  return arrived;
}

async function writeAll(upload: Upload): Promise<void> {
  for (let at = 0; at < length; at += piece.length) await upload.write(piece);
  await upload.finish();
}

test("the server stops and starts anew on the same data: the ticket holds, and no part is sent again", async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), "tellhaven-resume-"));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const first = await serveOrganisation({}, 2, { dataDir });
  const { config, reporterUrl } = first.portal;
  const ports = { PORT: String(config.port), CONSOLE_PORT: String(config.consolePort) };
  let second: Awaited<ReturnType<typeof startTestPortal>> | null = null;
  t.after(() => second?.close());
  const arrived = countParts(async (part, pass) => {
    if (part === "2" && second === null) {
      await first.portal.close();
      second = await startTestPortal(ports, { dataDir });
      throw new TypeError("network gone");
    }
    return pass();
  });
  const upload = await startUpload({
    api: { origin: reporterUrl },
    envId: generateEnvId(),
    length,
    valve: new Valve(),
    sleep: async () => {},
  });
  await writeAll(upload);
  assert.deepEqual(arrived, ["0", "1", "2", "3"]);
});

test("an outage longer than all tries: shown, waited for, gone on with", async (t) => {
  const served = await serveOrganisation();
  t.after(() => served.portal.discard());
  const halts: (string | null)[] = [];
  let failures = 0;
  const arrived = countParts(async (part, pass) => {
    if (part === "1" && failures++ < 25) throw new TypeError("network gone");
    return pass();
  });
  const upload = await startUpload({
    api: { origin: served.portal.reporterUrl },
    envId: generateEnvId(),
    length,
    valve: new Valve((halt) => void halts.push(halt)),
    sleep: async () => {},
  });
  await writeAll(upload);
  assert.deepEqual(arrived, ["0", "1", "2", "3"]);
  assert.ok(halts.includes("lost") && halts.at(-1) === null);
});

test("a pause in the middle of a part: given up, asked for, sent whole; stopping while paused ends it", async (t) => {
  const served = await serveOrganisation();
  t.after(() => served.portal.discard());
  const valve = new Valve();
  let paused = false;
  const arrived = countParts(async (part, pass) => {
    if (part === "1" && !paused) {
      paused = true;
      setTimeout(() => valve.close("person"), 5);
      setTimeout(() => valve.open("person"), 200);
    }
    return pass();
  });
  const plan = { api: { origin: served.portal.reporterUrl }, length, valve };
  await writeAll(await startUpload({ ...plan, envId: generateEnvId() }));
  assert.deepEqual([...new Set(arrived)], ["0", "1", "2", "3"]);

  const controller = new AbortController();
  const other = await startUpload({ ...plan, envId: generateEnvId(), signal: controller.signal });
  valve.close("person");
  const writing = writeAll(other);
  setTimeout(() => controller.abort(new DOMException("stopped", "AbortError")), 50);
  await assert.rejects(writing, { name: "AbortError" });
});
