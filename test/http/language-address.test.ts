import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Router } from "express";
import request from "supertest";
import { builtInPresentation } from "../../data/policy/presentation.ts";
import { PortalError } from "../../crypto/errors.ts";
import { consoleLanguages } from "../../server/http/i18n.ts";
import { splitAddress } from "../../server/http/language-address.ts";
import { makeReporterApp } from "../../server/http/reporter-app.ts";
import { apps, host, siteDeps } from "./support.ts";

test("an address with and without a language in front", () => {
  const cases: [string, string | null, string][] = [
    ["/", null, "/"],
    ["/es", "es", "/"],
    ["/es/", "es", "/"],
    ["/es?x=1", "es", "/?x=1"],
    ["/es/report?channel=a/b", "es", "/report?channel=a/b"],
    ["/zh-Hans/assisted/mailbox/x", "zh-Hans", "/assisted/mailbox/x"],
    ["/report", null, "/report"],
    ["/es//elsewhere.example/", "es", "//elsewhere.example/"],
    ["/uploads/x", null, "/uploads/x"],
    ["//es/", null, "//es/"],
  ];
  for (const [url, language, rest] of cases) assert.deepEqual(splitAddress(url), { language, rest }, url);
});

const app = apps.reporter(siteDeps());
const get = (path: string, accept = "es,fr;q=0.5") =>
  request(app).get(path).set("Host", host).set("Accept", "text/html").set("Accept-Language", accept);

for (const [path, status] of [
  ["/", 200],
  ["/en", 200],
  ["/en/", 200],
  ["/report", 200],
  ["/en/report", 200],
  ["/en/mailbox", 200],
  ["/en/nothing", 404],
  ["/xx/", 404],
  ["/xx/report", 404],
  ["/en/en/report", 404],
  ["/EN/", 404],
  ["/en/rosters", 404],
  ["/en/assets/reporter.css", 404],
] as const)
  test(`${path} answers ${status} with words, and every link to our own pages keeps the language`, async () => {
    const res = await get(path);
    assert.equal(res.status, status);
    assert.match(res.text, /<html[^>]* lang="en" dir="ltr"/);
    assert.ok(res.text.includes("Contact desk"));
    assert.equal(res.headers["set-cookie"], undefined);
    const links = [...res.text.matchAll(/\s(?:href|action|formaction)="(\/(?!assets\/)[^"]*)"/g)].map(([, to]) => to!);
    assert.ok(links.length > 0);
    for (const link of links) assert.match(link, /^\/en\//);
  });

/** The app offers what the operator chose; a language without words is not among it. */
test("a language that the operator took out is not there, one without words neither", async () => {
  const offer = (tags: string[]) => {
    const presentation = { ...siteDeps().presentation, current: () => builtInPresentation(tags, () => "0".repeat(64)) };
    return makeReporterApp(siteDeps({ presentation }));
  };
  await request(offer(["en", "tlh"]))
    .get("/tlh/")
    .set("Host", host)
    .expect(404);
  await request(offer([])).get("/en/").set("Host", host).expect(200);
});

test("an address in a language that is not offered any more lives on in another, whose links it has", async () => {
  const presentation = {
    ...siteDeps().presentation,
    current: () => builtInPresentation(["en", "de"], () => "0".repeat(64)),
  };
  const app = makeReporterApp(siteDeps({ presentation }));
  const res = await request(app).get("/es/report").set("Host", host).expect(200);
  assert.match(res.text, /<html[^>]* lang="en"/);
  assert.ok(!res.text.includes('href="/es/'));
});

test("an error keeps the address's language", async () => {
  const failing = makeReporterApp(siteDeps(), () => [
    Router().get("/en/busy", () => {
      throw new PortalError("busy", "for the test");
    }),
  ]);
  const res = await request(failing).get("/en/busy").set("Host", host).set("Accept", "text/html");
  assert.equal(res.status, 503);
  assert.match(res.text, /<a class="govuk-link" href="\/en\/">/);
});

test("another name of this machine is sent to the same page in the same language", async () => {
  const res = await request(app).get("/en/report?a=b").set("Host", "127.0.0.1:3000");
  assert.equal(res.headers["location"], "http://localhost:3000/en/report?a=b");
});

describe("the console's pages", () => {
  const at = (path: string, accept = "es") =>
    request(apps.console(siteDeps()))
      .get(path)
      .set("Host", host)
      .set("Accept", "text/html")
      .set("Accept-Language", accept);

  for (const [path, accept, language, status] of [
    ["/", "es", "es", 200],
    ["/", "sw", "en", 200],
    ["/ar/", "es", "ar", 200],
    ["/de", "es", "de", 200],
    ["/he/setup", "es", "he", 200],
    ["/fr/join", "es", "fr", 200],
    ["/ja/charter", "es", "ja", 200],
    ["/ko/preview", "es", "ko", 200],
    ["/sw/", "es", "en", 404],
    ["/ar/nothing", "es", "ar", 404],
    ["/ar/rosters", "es", "ar", 404],
    ["/ar/assets/console.css", "es", "ar", 404],
  ] as const)
    test(`${path} for a browser that asks for ${accept} is ${String(status)}, in ${language}`, async () => {
      const res = await at(path, accept);
      assert.equal(res.status, status);
      assert.match(res.text, new RegExp(`<html[^>]* lang="${language}"`));
    });

  for (const path of ["/", "/setup", "/join", "/charter"])
    test(`${path} offers every language that members can be answered in, at its own address`, async () => {
      // What its script gets in a block at the end is not seen.
      const text = (await at(`/de${path}`)).text.split('id="page-data"')[0]!;
      const links = [...text.matchAll(/href="([^"]+)" lang="([^"]+)" hreflang="([^"]+)" dir="(?:ltr|rtl)"([^>]*)>/g)];
      assert.deepEqual(
        links.map(([, href, lang, hreflang]) => [href, lang, hreflang]),
        consoleLanguages.map((tag) => [`/${tag}${path}`, tag, tag]),
      );
      assert.deepEqual(
        links.flatMap(([, , lang, , more]) => (more!.includes('aria-current="true"') ? [lang] : [])),
        ["de"],
      );
      assert.ok(text.includes("Eine andere Sprache öffnet diese Seite neu."), "what is lost is told before");
      assert.ok(!text.includes("Sie können in jeder Sprache schreiben."), "that is for reporters");
    });
});

test("page data holds the words of one language", async () => {
  const [, json = ""] = (await get("/en/report")).text.match(/id="page-data">([^<]*)</) ?? [];
  const data = JSON.parse(json) as { lang: string; words: object };
  assert.deepEqual([data.lang, Object.keys(data.words)], ["en", ["en"]]);
});
