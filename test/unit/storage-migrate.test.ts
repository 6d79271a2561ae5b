import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import SQLite from "better-sqlite3";
import type { Database } from "better-sqlite3";
import { migrate } from "../../server/storage/migrate.ts";
import { testFolder } from "../support/store-rows.ts";

type Files = Record<string, string>;

const first = { "0001-first.sql": "CREATE TABLE a (x);\n" };
const second = { "0002-second.sql": "CREATE TABLE b (x); INSERT INTO a VALUES (1);\n" };

function folderOf(t: TestContext, files: Files): string {
  const folder = join(testFolder(t), "migrations");
  mkdirSync(folder);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return folder;
}

function memory(t: TestContext): Database {
  const db = new SQLite(":memory:");
  t.after(() => db.close());
  return db;
}

const tables = (db: Database) =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations' ORDER BY name")
    .pluck()
    .all();

test("migrations run once each, also when they come one by one", (t) => {
  const db = memory(t);
  migrate(db, folderOf(t, first));
  assert.deepEqual(tables(db), ["a"]);
  migrate(db, folderOf(t, { ...first, ...second }));
  migrate(db, folderOf(t, { ...first, ...second }));
  assert.deepEqual(tables(db), ["a", "b"]);
  assert.equal(db.prepare("SELECT count(*) FROM a").pluck().get(), 1);
});

test("line ends of another system are no change", (t) => {
  const db = memory(t);
  migrate(db, folderOf(t, first));
  migrate(db, folderOf(t, { "0001-first.sql": first["0001-first.sql"].replaceAll("\n", "\r\n") }));
  assert.deepEqual(tables(db), ["a"]);
});

for (const [what, now, words] of [
  ["was changed since", { "0001-first.sql": "CREATE TABLE a (x, y);\n", ...second }, /"0001-first.sql" was changed/],
  ["is unknown here", first, /newer version.*"0002-second.sql"/],
  ["has lost its number", { ...first, "0003-second.sql": "SELECT 1;" }, /"0003-second.sql" is not number 2/],
  ["has no number", { "first.sql": "SELECT 1;" }, /"first.sql" is not number 1/],
  ["is there twice", { ...first, "0001-other.sql": "SELECT 1;" }, /"0001-other.sql" is not number 2/],
] as [string, Files, RegExp][])
  test(`a migration that ${what} refuses to open, and changes nothing`, (t) => {
    const db = memory(t);
    migrate(db, folderOf(t, { ...first, ...second }));
    assert.throws(() => migrate(db, folderOf(t, now)), { code: "refused", message: words });
    assert.deepEqual(tables(db), ["a", "b"]);
  });

for (const [what, sql, words] of [
  ["fails in its second statement", "CREATE TABLE b (x); CREATE TABLE a (x);", /"0002-second.sql" failed/],
  ["ends its own transaction", "CREATE TABLE b (x); ROLLBACK;", /ends its own transaction/],
] as const)
  test(`a migration that ${what} leaves the old schema, and the repaired one runs`, (t) => {
    const db = memory(t);
    const broken = folderOf(t, { ...first, "0002-second.sql": sql });
    assert.throws(() => migrate(db, broken), { code: "refused", message: words });
    assert.deepEqual(tables(db), ["a"]);
    migrate(db, folderOf(t, { ...first, ...second }));
    assert.deepEqual(tables(db), ["a", "b"]);
  });
