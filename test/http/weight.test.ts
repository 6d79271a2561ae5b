/**
 * What a browser transfers before a person can read, and before they can write: over Tor on a phone
 * every kilobyte is waited for. Counted from real answers, as they come over the wire.
 */
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, describe, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { ensureBuilt } from "../support/built.ts";
import { codeLanguageOf } from "../../crypto/code-words.ts";
import { languages } from "../../server/http/i18n.ts";
import type { Encoding } from "../../server/packers.ts";
import { serveOrganisation } from "../support/organisation-server.ts";
import type { TestPortal } from "../support/server.ts";
import { workerWithoutSodium } from "../support/weight.ts";

/** Bytes. Over plain http, which is an onion service, browsers take gzip only: a seventh more. */
const limits: Record<Encoding, { firstPage: number; form: number }> = {
  br: { firstPage: 60_000, form: 100_000 },
  gzip: { firstPage: 60_000, form: 115_000 },
};
const encodings = Object.keys(limits) as Encoding[];

describe("weight", () => {
  let portal: TestPortal;

  before(async () => {
    await ensureBuilt();
    // The longest of the questionnaires that come with the software.
    ({ portal } = await serveOrganisation({}, 2, { questionnaire: "sb53" }));
  });
  after(() => portal?.discard());

  /** Bytes of the body as a browser that takes this encoding gets them, and unpacked. */
  function transfer(path: string, encoding: Encoding): Promise<{ bytes: number; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const options = { headers: { "accept-encoding": encoding, "accept-language": "en" } };
      get(portal.reporterUrl + path, options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          assert.equal(response.statusCode, 200, path);
          const body = Buffer.concat(parts);
          const isPacked = response.headers["content-encoding"] === encoding;
          const unpack = encoding === "br" ? brotliDecompressSync : gunzipSync;
          resolve({ bytes: body.length, body: isPacked ? unpack(body) : body });
        });
      }).on("error", reject);
    });
  }

  /** The page and everything that its markup names. */
  async function pageWithAssets(path: string, encoding: Encoding): Promise<Map<string, number>> {
    const { bytes, body } = await transfer(path, encoding);
    const named = [...body.toString().matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, asset]) => asset!);
    assert.ok(named.length >= 2, "the page names its style sheet");
    const found = new Map([[path, bytes]]);
    for (const asset of new Set(named)) found.set(asset, (await transfer(asset, encoding)).bytes);
    return found;
  }

  const sum = (parts: Map<string, number>): number => [...parts.values()].reduce((all, each) => all + each, 0);
  const told = (parts: Map<string, number>): string => [...parts].map(([name, bytes]) => `${name} ${bytes}`).join(", ");

  for (const encoding of encodings)
    for (const language of languages)
      test(`the first page in ${language}, ${encoding}, styles and script included`, async (t) => {
        const parts = await pageWithAssets(`/${language}/`, encoding);
        t.diagnostic(`${sum(parts)} bytes: ${told(parts)}`);
        assert.ok(sum(parts) <= limits[encoding].firstPage, told(parts));
      });

  test("the first page says everything before any script: none is needed, and none holds it up", async () => {
    const { body } = await transfer("/en/", "gzip");
    const html = body.toString();
    for (const script of html.match(/<script[^>]*>/g) ?? []) assert.match(script, /type="(module|application\/json)"/);
    assert.ok(html.includes("<h1"));
    for (const link of ["/en/report", "/en/mailbox"]) assert.ok(html.includes(`href="${link}"`));
    assert.doesNotMatch(html, /<noscript|hidden>/);
  });

  for (const encoding of encodings)
    test(`the whole form, ${encoding}, besides libsodium, in each language: hints and the code's words included`, async (t) => {
      const { bytes, sodiumShare } = await workerWithoutSodium(encoding);
      const whole = (await transfer("/assets/reporter.worker.js", encoding)).bytes;
      t.diagnostic(`the worker whole ${whole}, ${Math.round(sodiumShare * 100)} % of it libsodium`);
      assert.ok(sodiumShare > 0.5 && bytes < whole / 2, "libsodium was found and left out");
      for (const language of languages) {
        const parts = await pageWithAssets(`/${language}/report`, encoding);
        parts.set("/assets/reporter.worker.js without libsodium", bytes);
        // The worker has the English list.
        const list = codeLanguageOf(language) === "en" ? [] : [`/assets/words-${codeLanguageOf(language)}.json`];
        for (const path of ["/assets/hints.worker.js", ...list])
          parts.set(path, (await transfer(path, encoding)).bytes);
        t.diagnostic(`${sum(parts)} bytes: ${told(parts)}`);
        assert.ok(sum(parts) <= limits[encoding].form, told(parts));
      }
    });
});
