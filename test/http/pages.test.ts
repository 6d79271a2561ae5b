import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Express } from "express";
import request from "supertest";
import { renderPage } from "../../server/http/pages.ts";
import { apps, host, siteDeps, siteWith } from "./support.ts";

const viewsDir = join(import.meta.dirname, "../../views");
const templates = readdirSync(viewsDir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ejs"));

test("there are templates", () => assert.ok(templates.length >= 7));

for (const name of templates) {
  const source = readFileSync(join(viewsDir, name), "utf8");
  test(`${name} prints without escaping only what it includes`, () => {
    for (const [tag] of source.matchAll(/<%-[\s\S]*?%>/g)) assert.match(tag, /^<%- include\([^)]*\) -?%>$/);
  });
  test(`${name} has no inline script, style or handler`, () => {
    assert.doesNotMatch(source, /<style|\sstyle=|\son[a-z]+\s*=|javascript:/i);
    for (const [tag] of source.matchAll(/<script[^>]*>/g))
      assert.match(tag, / src="\/assets\/|type="application\/json"/);
  });
  test(`${name} keeps its words in views/locales`, () => {
    const text = source.replace(/<%[\s\S]*?%>/g, "").replace(/<[^>]*>/g, "");
    assert.doesNotMatch(text, /\p{L}/u);
  });
}

const hostile = `</script><!--<img src=x onerror=alert(1)> & "'\u2028`;

test("page data cannot leave its block and comes back as it was", async () => {
  const app = siteWith((router) =>
    router.get("/page", (_req, res) =>
      renderPage(res, "partials/error", {
        title: "errors:title",
        scripts: ["landing"],
        data: { hostile },
        values: { code: "busy" },
      }),
    ),
  );
  const res = await request(app).get("/page").set("Host", host);
  const [, json] = res.text.match(/<script type="application\/json" id="page-data">([^<]*)<\/script>/) ?? [];
  assert.ok(json !== undefined);
  assert.equal((JSON.parse(json) as { data: { hostile: string } }).data.hostile, hostile);
  assert.ok(!res.text.includes("<img"));
});

test("values are escaped", async () => {
  const app = siteWith((router) =>
    router.get("/page", (_req, res) =>
      renderPage(res, "partials/error", { title: "errors:title", values: { code: `<img src=x>` } }),
    ),
  );
  const res = await request(app).get("/page").set("Host", host);
  assert.ok(!res.text.includes("<img"));
});

test("the first page: neutral title, warning first, a way out that is a plain link, every section", async () => {
  const res = await request(apps.reporter(siteDeps())).get("/").set("Host", host);
  assert.equal(res.status, 200);
  assert.match(res.text, /<html[^>]* lang="en" dir="ltr"/);
  assert.match(res.text, /<title>Contact desk<\/title>/);
  assert.doesNotMatch(res.text, /whistle|informant|allegation|anonymous/i);
  assert.ok(res.text.indexOf("th-notice") < res.text.indexOf("<h1"));
  assert.match(res.text, /<a href="https:\/\/www\.wikipedia\.org\/"[^>]* rel="noreferrer nofollow"/);
  for (const id of ["what-it-does", "what-it-can", "what-it-cannot", "outside"])
    assert.ok(res.text.includes(`id="${id}"`));
  for (const link of ["/en/report", "/en/mailbox"]) assert.ok(res.text.includes(`href="${link}"`));
  assert.equal(res.headers["vary"], "Accept-Language, Accept-Encoding");
});

test("the console has no quick exit and no word of the reporter's pages", async () => {
  const res = await request(apps.console(siteDeps())).get("/").set("Host", host);
  assert.equal(res.status, 200);
  assert.ok(!res.text.includes("quick-exit"));
});

for (const path of [
  "/assets/../reporter/landing.ejs",
  "/assets/%2e%2e/%2e%2e/package.json",
  "/assets/..%2f..%2fpackage.json",
  "/assets/.hidden",
  "/assets/",
])
  test(`${path} shows nothing outside the built files`, async () => {
    const res = await request(apps.reporter(siteDeps())).get(path).set("Host", host);
    assert.ok([403, 404].includes(res.status), String(res.status));
  });

/** The page without the words that its script gets. */
async function shownOf(app: Express, path: string): Promise<string> {
  const { text } = await request(app).get(path).set("Host", host);
  return text.replace(/<script type="application\/json"[^]*?<\/script>/, "");
}

test("however its address is written, a page leads on to its own", async () => {
  for (const path of ["/en/mailbox/", "/MAILBOX", "/mailbox"])
    assert.ok((await shownOf(apps.reporter(siteDeps()), path)).includes("/en/assisted/mailbox"), path);
});

test("a trial says so on every page of the reporter's side, also where nothing is filed", async () => {
  for (const trial of [true, false]) {
    const app = apps.reporter(siteDeps({ facts: () => ({ trial, assisted: true, questionnaires: [] }) }));
    for (const path of ["/en/", "/en/report", "/en/mailbox"]) {
      assert.equal((await shownOf(app, path)).includes("This portal is a trial."), trial, path);
    }
  }
});

test("where the simpler page is turned off nothing leads to it, and other places are named instead", async () => {
  for (const assisted of [true, false]) {
    const app = apps.reporter(siteDeps({ facts: () => ({ trial: false, assisted, questionnaires: [] }) }));
    for (const path of ["/en/report", "/en/mailbox"]) {
      const text = await shownOf(app, path);
      const [, noScript] = /<noscript>([^]*)<\/noscript>/.exec(text)!;
      assert.equal(text.includes("/assisted/"), assisted, path);
      assert.equal(noScript!.includes("A lawyer of your own"), !assisted, path);
    }
  }
});

test("who comes back without scripts is told what typing the code there means", async () => {
  const text = await shownOf(apps.reporter(siteDeps()), "/en/mailbox");
  const warned = text.match(/our server sees your eight words/g) ?? [];
  assert.equal(warned.length, 3, "without scripts, while starting, and in an old browser");
  assert.ok(!text.includes("sees your words for a moment"));
});
