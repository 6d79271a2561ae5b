/** docs/API.md against the code: the same routes, the same error codes with the same statuses. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { errorCodes } from "../../crypto/errors.ts";
import { statusOf } from "../../server/http/errors.ts";

const root = join(import.meta.dirname, "../..");
const doc = readFileSync(join(root, "docs/API.md"), "utf8");

const sections: Record<string, string> = {
  "server/http/reporter-api.ts": "Reporter app",
  "server/http/console-api.ts": "Console app",
  "server/http/log-api.ts": "Log",
  "server/http/notice-api.ts": "Notice",
  "server/http/processing-api.ts": "Processing record",
  "server/http/presentation-api.ts": "Presentation",
  "server/http/taken-api.ts": "Taken reports",
  "server/http/timestamp-api.ts": "Time stamps",
  "server/http/shared-api.ts": "Both apps",
};

/** "METHOD /path" of every route under a heading of the page. */
function routesIn(section: string): string[] {
  const [, text] = doc.split(`\n## ${section}\n`);
  assert.ok(text !== undefined, `API.md has no section "${section}"`);
  const own = text.split("\n## ")[0]!;
  return [...own.matchAll(/^### ([A-Z]+ \/\S+)$/gm)].map((match) => match[1]!);
}

test("every file that registers routes of the API has its section", () => {
  const files = globSync("server/http/*-api.ts", { cwd: root }).map((path) => path.replaceAll("\\", "/"));
  assert.deepEqual(files.sort(), Object.keys(sections).sort());
});

for (const [file, section] of Object.entries(sections))
  test(`"${section}" has the routes of ${file}, and no others`, () => {
    const source = readFileSync(join(root, file), "utf8");
    const registered = [...source.matchAll(/\.(get|post|put|delete|patch|all)\(\s*"(\/[^"]*)"/g)].map(
      ([, method, path]) => `${method!.toUpperCase()} ${path!}`,
    );
    assert.ok(registered.length > 0);
    assert.deepEqual(routesIn(section).sort(), registered.sort());
  });

test("no route stands outside those sections", () => {
  const all = [...doc.matchAll(/^### [A-Z]+ \/\S+$/gm)].length;
  const inSections = Object.values(sections).reduce((sum, section) => sum + routesIn(section).length, 0);
  assert.equal(all, inSections);
});

test("the error codes are the ones there are, with their statuses", () => {
  const documented = [...doc.matchAll(/^\| `(\w+)` +\| (\d{3}) /gm)].map(([, code, status]) => [code, Number(status)]);
  assert.deepEqual(
    documented,
    errorCodes.map((code) => [code, statusOf(code)]),
  );
});

test("the README names every setting, and no others", () => {
  const source = readFileSync(join(root, "server/config.ts"), "utf8");
  const read = new Set([...source.matchAll(/\(env, "([A-Z_]+)"/g)].map((match) => match[1]!));
  assert.ok(read.size > 10);
  const [, table] = readFileSync(join(root, "README.md"), "utf8").split("\n## Settings\n");
  const rows = table!.split("\n## ")[0]!.matchAll(/^\| (`[^|]+`) +\|/gm);
  const named = [...rows].flatMap((row) => [...row[1]!.matchAll(/`([A-Z_]+)`/g)].map((match) => match[1]!));
  assert.deepEqual(named.sort(), [...read].sort());
});
