/** The metadata workers in a real Chromium, under the policy that the reporter's pages have. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { build as bundle } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { ensureBuilt } from "../support/built.ts";
import { makeReporterApp } from "../../server/http/reporter-app.ts";
import { siteDeps } from "../http/support.ts";
import { launchBrowser } from "../support/browser.ts";
import { requireJudge } from "../support/judges.ts";
import { openContext } from "../support/watched-context.ts";
import { cleaned, heapOf, holds, pixels, scratchFolder } from "../unit/support/metadata-judges.ts";
import { officePlants, plantedOffice } from "../unit/support/metadata-office.ts";
import { pdfPlants, plantedPdf } from "../unit/support/metadata-pdfs.ts";
import { plantedPicture, plants } from "../unit/support/metadata-pictures.ts";
import type { MetadataProbe } from "./support/metadata-probe.ts";

const folder = scratchFolder();

/** The built workers by name, with what each is made of. */
async function contentsOf(worker: string): Promise<string[]> {
  const { metafile } = await bundle({
    entryPoints: [join(import.meta.dirname, `../../views/browser/${worker}.worker.ts`)],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    logLevel: "error",
  });
  return Object.keys(metafile.inputs);
}

describe("taking metadata out in the browser", requireJudge("browser", "exiftool", "convert", "qpdf"), () => {
  let server: Server;
  let origin: string;
  let browser: Browser;
  let probe: string;
  /** Paths that the server was asked for; Playwright does not tell what a worker's worker asks for. */
  const asked: string[] = [];

  before(async () => {
    await ensureBuilt();
    server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    origin = `http://localhost:${String((server.address() as AddressInfo).port)}`;
    server.on("request", (request) => asked.push(request.url ?? ""));
    server.on("request", makeReporterApp(siteDeps({ origin })));
    browser = await launchBrowser();
    const { outputFiles } = await bundle({
      entryPoints: [join(import.meta.dirname, "support/metadata-probe.ts")],
      bundle: true,
      write: false,
      format: "esm",
    });
    probe = outputFiles[0]!.text;
  });

  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  /** A page with the portal's headers whose only script is the probe; workers come from the portal. */
  async function open(t: TestContext): Promise<Page> {
    const context = await openContext(t, browser, { origins: [origin] });
    const page = await context.newPage();
    await page.route(`${origin}/`, async (route) => {
      const response = await route.fetch();
      const body = '<!doctype html><html lang="en"><title>Probe</title><script type="module" src="/probe.js"></script>';
      await route.fulfill({ response, body });
    });
    await page.route(`${origin}/probe.js`, (route) => route.fulfill({ contentType: "text/javascript", body: probe }));
    await page.goto(origin);
    await page.waitForFunction(() => "metadataProbe" in globalThis);
    return page;
  }

  /** Cleans in the page; the file goes there and comes back as base64. */
  async function cleanIn(page: Page, file: Buffer): Promise<{ bytes: Buffer; result: string }> {
    const { base64, ...result } = await page.evaluate(
      (bytes) => (globalThis as unknown as { metadataProbe: MetadataProbe }).metadataProbe.clean(bytes),
      file.toString("base64"),
    );
    return { bytes: Buffer.from(base64, "base64"), result: JSON.stringify(result) };
  }

  test("each kind comes out as in Node, and only its own worker is fetched", { timeout: 120_000 }, async (t) => {
    const page = await open(t);
    const picture = plantedPicture("jpg", folder);
    const files: [worker: string | null, kind: string, file: Buffer, words: string[]][] = [
      [null, "jpg", picture, plants.jpg],
      [null, "png", plantedPicture("png", folder), plants.png],
      ["/assets/pdf.worker.js", "pdf", await plantedPdf(folder, true), pdfPlants.filter((word) => word !== "PlantOld")],
      ["/assets/office.worker.js", "docx", await plantedOffice("docx", folder), officePlants.docx],
      ["/assets/office.worker.js", "xlsx", await plantedOffice("xlsx", folder), officePlants.xlsx],
    ];
    for (const [worker, kind, file, words] of files) {
      if (worker !== null && kind !== "xlsx")
        assert.ok(!asked.includes(worker), `${worker} before a ${kind} was chosen`);
      const { bytes, result } = await cleanIn(page, file);
      if (worker !== null) assert.ok(asked.includes(worker), worker);
      const inNode = await cleaned(file);
      assert.deepEqual(JSON.parse(result), { is: "cleaned", found: inNode.found, remaining: inNode.remaining }, kind);
      const heap = heapOf(bytes, folder);
      assert.deepEqual(
        words.filter((word) => holds(heap, word)),
        [],
      );
    }
    assert.ok(pixels((await cleanIn(page, picture)).bytes, "jpg", folder).equals(pixels(picture, "jpg", folder)));
  });

  test("damaged, unknown and cancelled files are answered", async (t) => {
    const page = await open(t);
    const damaged = await cleanIn(page, plantedPicture("jpg", folder).subarray(0, 900));
    assert.match(damaged.result, /"untouched".*"damaged"/);
    assert.match((await cleanIn(page, Buffer.from("words"))).result, /"untouched".*"kind"/);
    const large = (await plantedOffice("docx", folder)).toString("base64");
    const said = await page.evaluate(
      (bytes) => (globalThis as unknown as { metadataProbe: MetadataProbe }).metadataProbe.cancel(bytes),
      large,
    );
    assert.equal(said, "changed my mind");
  });

  test("no worker holds what only another needs", async () => {
    const [pictures, pdf, office] = await Promise.all(["metadata", "pdf", "office"].map(contentsOf));
    const holdsPackage = (inputs: string[] | undefined, name: string): boolean =>
      inputs!.some((input) => input.includes(`node_modules/${name}`));
    for (const inputs of [pictures, pdf, office]) assert.ok(!holdsPackage(inputs, "libsodium"));
    assert.ok(!holdsPackage(pictures, ""), "the worker for pictures needs no package");
    assert.ok(holdsPackage(pdf, "@cantoo/pdf-lib") && !holdsPackage(pdf, "@xmldom"));
    assert.ok(holdsPackage(office, "@xmldom/xmldom") && !holdsPackage(office, "@cantoo"));
  });
});
