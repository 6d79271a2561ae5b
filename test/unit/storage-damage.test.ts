import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { TestContext } from "node:test";
import SQLite from "better-sqlite3";
import { openActs } from "../../server/storage/acts.ts";
import { openForReading, openForWriting } from "../../server/storage/database.ts";
import { openSqliteStore } from "../../server/storage/sqlite.ts";
import { fixtureModes } from "../support/acts-fixture.ts";
import type { Fixture } from "../support/acts-fixture.ts";
import { newCase, someDay, testFolder } from "../support/store-rows.ts";

const pageBytes = 4096;

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

function flip(path: string, at: number): void {
  overwrite(path, at, new Uint8Array([readFileSync(path)[at]! ^ 0xff]));
}

/** Closes it again, so that a file that should have been refused fails the test and does not hang it. */
async function tryToOpen(path: string): Promise<void> {
  await (await openSqliteStore(path)).close();
}

const template = join(mkdtempSync(join(tmpdir(), "tellhaven-damage-")), "portal.sqlite");
after(() => rmSync(dirname(template), { recursive: true }));
before(async () => {
  const store = await openSqliteStore(template);
  await Promise.all(Array.from({ length: 40 }, () => store.admitCase(newCase())));
  await store.padLog(someDay + 1); // 64 leaves
  await store.close();
  assert.equal(existsSync(`${template}-wal`), false, "a store that was closed leaves no write-ahead log");
});

/** A closed database with 40 cases in it. */
function someDatabase(t: TestContext): string {
  const path = join(testFolder(t), "portal.sqlite");
  copyFileSync(template, path);
  return path;
}

for (const [what, spoil] of [
  ["an overwritten page", (path: string) => overwrite(path, 40 * pageBytes, new Uint8Array(pageBytes).fill(0xa5))],
  ["a missing end", (path: string) => truncateSync(path, 60 * pageBytes)],
  ["a foreign first page", (path: string) => overwrite(path, 0, new Uint8Array(pageBytes).fill(0x20))],
  ["no end of its header", (path: string) => truncateSync(path, 50)],
] as const)
  test(`a main file with ${what} is refused in words and left as it is`, async (t) => {
    const path = someDatabase(t);
    spoil(path);
    const damaged = readFileSync(path);
    const expected = {
      code: "closed",
      message: /portal\.sqlite is damaged and was not opened .* restore the last backup/s,
    };
    await assert.rejects(tryToOpen(path), expected);
    assert.deepEqual(readFileSync(path), damaged);
  });

test("a sound file opens", async (t) => {
  const store = await openSqliteStore(someDatabase(t));
  assert.equal((await store.listLeaves(0, 100)).length, 64);
  await store.close();
});

test("both connections sync every commit and overwrite what they delete", async (t) => {
  const path = someDatabase(t);
  const migrations = fileURLToPath(new URL("../../data/migrations/sqlite", import.meta.url));
  for (const db of [openForWriting(path, migrations), openForReading(path)]) {
    const pragma = (name: string) => db.pragma(name, { simple: true });
    const set = ["journal_mode", "synchronous", "secure_delete", "foreign_keys"].map(pragma);
    assert.deepEqual(set, ["wal", 2, 1, 1]);
    t.after(() => db.close());
  }
});

/** A copy of a database as a crash leaves it: ten transactions in the write-ahead log, several frames each. */
function crashedDatabase(t: TestContext): { path: string; walBytes: number; frameBytes: number } {
  const source = someDatabase(t);
  const db = new SQLite(source);
  db.pragma("wal_autocheckpoint = 0");
  const add = db.prepare("INSERT INTO log_leaves VALUES (?, zeroblob(32), 20000)");
  const addReceipt = db.prepare("INSERT INTO receipts VALUES (randomblob(16), zeroblob(5000))");
  for (let i = 64; i < 74; i++)
    db.transaction(() => {
      add.run(i);
      addReceipt.run();
    })();
  const path = join(testFolder(t), "portal.sqlite");
  copyFileSync(source, path);
  copyFileSync(`${source}-wal`, `${path}-wal`);
  db.close();
  return { path, walBytes: readFileSync(`${path}-wal`).length, frameBytes: 24 + pageBytes };
}

type Crashed = ReturnType<typeof crashedDatabase>;

for (const [what, spoil] of [
  ["a page in the middle", ({ path, frameBytes }: Crashed) => flip(`${path}-wal`, 32 + 5 * frameBytes + 1000)],
  ["its first page", ({ path }: Crashed) => flip(`${path}-wal`, 32 + 24 + 1000)],
  ["a frame's header", ({ path, frameBytes }: Crashed) => flip(`${path}-wal`, 32 + 5 * frameBytes + 3)],
  ["a frame's salt", ({ path, frameBytes }: Crashed) => flip(`${path}-wal`, 32 + 5 * frameBytes + 9)],
  ["its own header", ({ path }: Crashed) => flip(`${path}-wal`, 17)],
] as const)
  test(`a write-ahead log damaged in ${what} is refused, and left as it is`, async (t) => {
    const crashed = crashedDatabase(t);
    spoil(crashed);
    const damaged = readFileSync(`${crashed.path}-wal`);
    await assert.rejects(tryToOpen(crashed.path), { code: "closed", message: /-wal file/ });
    assert.deepEqual(readFileSync(`${crashed.path}-wal`), damaged);
  });

for (const [what, leaves, spoil] of [
  ["is whole", 74, () => {}],
  ["was cut off within its last frame", 73, ({ path, walBytes }: Crashed) => truncateSync(`${path}-wal`, walBytes - 7)],
  [
    "has a last transaction that was half written",
    73,
    ({ path, walBytes, frameBytes }: Crashed) =>
      overwrite(`${path}-wal`, walBytes - 2 * frameBytes, new Uint8Array(frameBytes)),
  ],
  ["is empty", 64, ({ path }: Crashed) => writeFileSync(`${path}-wal`, "")],
  ["was cut off within its header", 64, ({ path }: Crashed) => truncateSync(`${path}-wal`, 20)],
] as const)
  test(`a write-ahead log that ${what}, as a power failure may leave it, opens`, async (t) => {
    const crashed = crashedDatabase(t);
    spoil(crashed);
    const store = await openSqliteStore(crashed.path);
    assert.equal((await store.listLeaves(0, 100)).length, leaves);
    await store.close();
  });

test("damage found while running stops writing for good, in words", async (t) => {
  const path = join(testFolder(t), "fixture.sqlite");
  const worker = new URL("../support/acts-fixture-worker.ts", import.meta.url);
  const acts = await openActs<Fixture>(worker, path, fixtureModes);
  t.after(() => acts.close());
  for (let i = 0; i < 5; i++) await acts.addLong(`key ${i}`, 200_000);
  // A write of another connection makes ours forget the pages it holds in memory.
  const other = new SQLite(path);
  other.exec("INSERT INTO entries VALUES ('other', NULL, NULL)");
  other.pragma("wal_checkpoint(TRUNCATE)");
  other.close();
  overwrite(path, pageBytes, new Uint8Array(readFileSync(path).length - pageBytes).fill(0xa5));
  await assert.rejects(acts.add("a"), { code: "closed" });
  await assert.rejects(acts.add("b"), { code: "closed", message: /found damaged; writing has stopped/ });
});
