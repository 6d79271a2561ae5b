/** Proves that imports point inward only, and the other rules that a reader should not have to check. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { checkFile, mostLines } from "./support/architecture.ts";
import { scanSource } from "./support/source-scan.ts";

const root = join(import.meta.dirname, "..");
const files = globSync("{crypto,server,views,data,test}/**/*.{ts,ejs,html,scss,css,sql,js}", {
  cwd: root,
  exclude: ["views/public/built/**", "data/local/**", "test/output/**"],
}).map((path) => path.replaceAll("\\", "/"));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("every file keeps to its layer and to the rules", () => {
  assert.ok(files.length > 50, "the files are where this test looks for them");
  assert.deepEqual(
    files.flatMap((path) => checkFile(path, read(path))),
    [],
  );
});

test("the scan sees every import that esbuild sees", async () => {
  const missed: string[] = [];
  let compared = 0;
  await build({
    entryPoints: files.filter((path) => path.endsWith(".ts")).map((path) => join(root, path)),
    outdir: "unused",
    bundle: true,
    write: false,
    logLevel: "error",
    format: "esm",
    platform: "node",
    plugins: [
      {
        name: "note",
        setup: (note) =>
          note.onResolve({ filter: /.*/ }, ({ kind, importer, path }) => {
            if (kind === "entry-point") return null;
            const from = relative(root, resolve(importer)).replaceAll("\\", "/");
            compared++;
            if (!scanSource(read(from)).imports.includes(path)) missed.push(`${from} imports ${path}`);
            return { external: true, path };
          }),
      },
    ],
  });
  assert.ok(compared > 100);
  assert.deepEqual(missed, []);
});

/** A file and what is planted in it; each must be caught. */
const planted: [path: string, source: string][] = [
  ["crypto/keys.ts", 'import sodium from "libsodium-wrappers-sumo";'],
  ["crypto/keys.ts", 'import { x } from "@noble/hashes";'],
  ["crypto/keys.ts", 'import { createHash } from "node:crypto";'],
  ["crypto/keys.ts", 'import type { Store } from "../server/ports.ts";'],
  ["crypto/keys.ts", 'import { openEnvelope } from "./envelope/open.ts";'],
  ["crypto/keys.ts", "const day = Date.now();"],
  ["crypto/keys.ts", "const day = new Date();"],
  ["crypto/keys.ts", "const luck = Math.random();"],
  ["crypto/keys.ts", "document.body.append(x);"],
  ["crypto/keys.ts", "const width = window.innerWidth;"],
  ["crypto/keys.ts", 'const width = globalThis["innerWidth"];'],
  ["crypto/keys.ts", "const bytes = Buffer.from(x);"],
  ["crypto/keys.ts", "const word = process.env.WORD;"],
  ["crypto/keys.ts", "await fetch(url);"],
  ["crypto/keys.ts", "const { x } = await import(`${y}.ts`);"],
  ["crypto/keys.ts", "export default x;"],
  ["crypto/keys.ts", 'export * from "./slot.ts";'],
  ["server/domain/case.ts", 'import { z } from "zod";'],
  ["server/domain/case.ts", 'import type { Store } from "../ports.ts";'],
  ["server/domain/case.ts", "const now = Date.now();"],
  ["server/ports.ts", 'import type { Database } from "better-sqlite3";'],
  ["server/app/submit-report.ts", 'import { open } from "../storage/sqlite.ts";'],
  ["server/app/submit-report.ts", 'import type { Request } from "express";'],
  ["server/app/submit-report.ts", 'import { openEnvelope } from "../../crypto/envelope/open.ts";'],
  ["server/app/submit-report.ts", "console.log(report);"],
  ["server/storage/sqlite.ts", 'import { submitReport } from "../app/submit-report.ts";'],
  ["server/storage/sqlite.ts", 'export { submitReport } from "../app/submit-report.ts";'],
  ["server/storage/sqlite.ts", 'new Worker(new URL("../http/errors.ts", import.meta.url));'],
  ["server/http/reporter-app.ts", 'import "../storage/sqlite.ts";'],
  ["server/http/reporter-app.ts", 'type Store = import("../storage/sqlite.ts").Store;'],
  ["server/http/reporter-app.ts", 'import {\n  openEnvelope, // why\n} from "../../crypto/envelope/open.ts";'],
  ["server/http/reporter-app.ts", 'const x = await import(/* why */ "../../crypto/envelope/open.ts");'],
  ["server/http/reporter-app.ts", 'const x = require("../main.ts");'],
  ["server/http/reporter-app.ts", "console.log(req.body);"],
  ["server/http/reporter-app.ts", 'console["log"](req.body);'],
  ["server/http/reporter-app.ts", 'res.cookie("a", "b");'],
  ["server/http/reporter-app.ts", 'res.setHeader("Set-Cookie", "a=b");'],
  ["server/http/reporter-app.ts", 'import { seal } from "../../test/support/seal.ts";'],
  ["server/assisted/report.ts", 'import { pages } from "../http/pages.ts";'],
  ["server/main.ts", 'import { openEnvelope } from "../crypto/envelope/open.ts";'],
  ["server/main.ts", 'import { openTeamStream } from "../crypto/envelope/open-team.ts";'],
  ["server/cli/backup.ts", 'import { openEnvelope } from "../../crypto/envelope/open.ts";'],
  ["server/cli/backup.ts", 'import { openStore } from "../storage/sqlite.ts";'],
  ["server/main.ts", 'import { setupLink } from "./cli/setup-link.ts";'],
  ["server/elsewhere.ts", ""],
  ["views/browser/submit.ts", 'import { readFile } from "node:fs";'],
  ["views/browser/submit.ts", 'import { Config } from "../../server/config.ts";'],
  ["views/browser/submit.ts", 'import analytics from "analytics";'],
  ["views/browser/submit.ts", "element.innerHTML = text;"],
  ["views/browser/submit.ts", 'element["innerHTML"] = text;'],
  ["views/browser/submit.ts", "document.cookie = text;"],
  ["views/browser/submit.ts", "console.error(text);"],
  ["views/browser/submit.ts", "eval(text);"],
  ["data/policy/deadlines.ts", 'import { x } from "../../views/browser/x.ts";'],
  ["data/policy/deadlines.ts", "const today = new Date();"],
  ["views/reporter/form.ejs", "<%- text %>"],
  ["views/reporter/form.ejs", "<script>alert(1)</script>"],
  ["views/reporter/form.ejs", "<p style='color: red'>"],
  ["views/reporter/form.ejs", '<p class="<%= x %>" onclick="x()">'],
  ["views/reporter/form.ejs", '<a href="javascript:x()">'],
  ["test/unit/long.test.ts", "\n".repeat(mostLines + 1)],
  ["views/styles/long.scss", "\n".repeat(mostLines + 1)],
];

for (const [path, source] of planted)
  test(`caught in ${path}: ${source.slice(0, 70).trim() || "(by its name or length)"}`, () => {
    assert.equal(checkFile(path, source).length, 1, checkFile(path, source).join("\n"));
  });

/** What looks like a breach and is none. */
const harmless: [path: string, source: string][] = [
  ["crypto/keys.ts", 'import { z } from "zod/mini";\nimport { hash } from "./sodium.ts";'],
  ["crypto/keys.ts", '// import x from "node:fs"\n/* Date.now() */'],
  ["crypto/keys.ts", "const words = \"import x from 'node:fs'; Date.now()\";"],
  ["crypto/keys.ts", "const words = `import x from 'node:fs' ${y} Date.now()`;"],
  ["crypto/keys.ts", 'const pattern = /"/; const divided = a / b; // import "node:fs"'],
  ["crypto/keys.ts", "const nested = `${ { a: `}` } } import('node:fs')`;"],
  ["crypto/keys.ts", "const log = { Date: 1 }; log.Date; crypto.getRandomValues(x);"],
  ["crypto/envelope/open.ts", 'import { slot } from "../slot.ts";'],
  ["server/assisted/report.ts", 'import { openEnvelope } from "../../crypto/envelope/open.ts";'],
  ["server/cli/open.ts", 'import { openEnvelope } from "../../crypto/envelope/open.ts";'],
  ["server/storage/sqlite.ts", 'const folder = new URL("../../data/migrations/sqlite", import.meta.url);'],
  ["server/http/headers.ts", 'res.setHeader("Clear-Site-Data", \'"cache", "cookies"\');'],
  ["views/reporter/form.ejs", '<%- include("layout") %><script type="module" src="/assets/<%= x %>.js"></script>'],
  ["test/unit/short.test.ts", "\n".repeat(mostLines)],
];

for (const [path, source] of harmless)
  test(`let through in ${path}: ${source.slice(0, 70).trim() || "(by its length)"}`, () => {
    assert.deepEqual(checkFile(path, source), []);
  });
