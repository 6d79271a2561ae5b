import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import SQLite from "better-sqlite3";
import { migrate } from "../../server/storage/migrate.ts";
import { openSqliteKeyring } from "../../server/storage/keyring.ts";
import { openObjectStore } from "../../server/storage/objects.ts";
import { openSqliteStore } from "../../server/storage/sqlite.ts";
import { runAndKill } from "../support/kill.ts";
import { testFolder } from "../support/store-rows.ts";

/** How many of the promised cases are not there with all that belongs to them. */
async function countLost(dir: string, promises: string[]): Promise<number> {
  const store = await openSqliteStore(join(dir, "portal.sqlite"));
  const keyring = await openSqliteKeyring(join(dir, "keyring.sqlite"));
  const objects = openObjectStore(join(dir, "objects"));
  let lost = 0;
  for (const promise of promises) {
    const [idx, rowKey, envKey, envId] = promise.split(" ").map((hex) => new Uint8Array(Buffer.from(hex, "hex")));
    const upload = await store.findUpload(envId!);
    const parts = [
      await store.findCase(idx!),
      (await store.findEvents([rowKey!]))[0],
      await store.findReceipt(envKey!),
      await keyring.find(idx!),
      upload?.claimed === true ? upload.hash : null,
    ];
    const isWhole =
      parts.every((part) => part !== null) && Buffer.compare(await objects.hash(envId!), upload!.hash!) === 0;
    if (!isWhole) lost++;
  }
  await store.close();
  await keyring.close();
  return lost;
}

test("kill -9 under load, four rounds on one database, loses nothing that was acknowledged", async (t) => {
  const dir = testFolder(t);
  const promises: string[] = [];
  for (let round = 1; round <= 4; round++) {
    const acknowledged = await runAndKill("kill-storage-child.ts", [dir, "late"], 100 + 80 * round);
    assert.ok(acknowledged.length > 0);
    promises.push(...acknowledged);
  }
  assert.equal(await countLost(dir, promises), 0);
  t.diagnostic(`${promises.length} acknowledged, 0 lost`);
});

test("the check notices a store that promises before it has stored", async (t) => {
  const dir = testFolder(t);
  const promises = await runAndKill("kill-storage-child.ts", [dir, "early"], 200);
  assert.ok((await countLost(dir, promises)) > 0);
});

test("a migration that is killed half way leaves the old schema; the next start brings the new one", async (t) => {
  const dir = testFolder(t);
  const [path, folder] = [join(dir, "old.sqlite"), join(dir, "migrations")];
  mkdirSync(folder);
  writeFileSync(join(folder, "0001-first.sql"), "CREATE TABLE a (x); INSERT INTO a VALUES (randomblob(5000));");
  const rows = 300_000; // a second or more, and far more than fits the cache
  const slow = `CREATE TABLE b (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO b SELECT randomblob(400) FROM n; DROP TABLE a;`;
  const before = new SQLite(path);
  migrate(before, folder);
  before.close();
  writeFileSync(join(folder, "0002-second.sql"), slow);

  await runAndKill("kill-migration-child.ts", [path, folder], 200);
  const db = new SQLite(path);
  const tables = db.prepare("SELECT name FROM sqlite_schema ORDER BY name").pluck();
  assert.deepEqual(tables.all(), ["a", "migrations"]);
  assert.equal(db.prepare("SELECT length(x) FROM a").pluck().get(), 5000);
  migrate(db, folder);
  assert.deepEqual(tables.all(), ["b", "migrations"]);
  assert.equal(db.prepare("SELECT count(*) FROM b").pluck().get(), rows);
  db.close();
});
