import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import SQLite from "better-sqlite3";
import type { KeyringStore, Store } from "../../server/ports.ts";
import { openSqliteKeyring } from "../../server/storage/keyring.ts";
import { openObjectStore } from "../../server/storage/objects.ts";
import { openSqliteStore } from "../../server/storage/sqlite.ts";
import { feedItem, inChunks, newCase, newUpload, random, someDay, testFolder } from "../support/store-rows.ts";

/** Files of a folder in which these bytes stand. */
function filesWith(dir: string, mark: Uint8Array): string[] {
  const bytes = Buffer.from(mark);
  return readdirSync(dir).filter((name) => readFileSync(join(dir, name)).includes(bytes));
}

type Marked = [
  what: string,
  put: (s: Store, mark: Uint8Array) => Promise<unknown>,
  remove: (s: Store, mark: Uint8Array) => Promise<unknown>,
];

const inviteId = "00112233445566778899aabbccddeeff";
for (const [what, put, remove] of [
  ["the set-up secret's hash", (s, mark) => s.putSetupSecretHash(mark), (s) => s.putSetupSecretHash(null)],
  [
    "an invite",
    (s, mark) => s.putInvite({ id: inviteId, name: "Ada", title: "Lead", roles: [], join: mark }),
    (s) => s.deleteInvite(inviteId),
  ],
  [
    "an expired upload",
    (s, mark) => s.reserveUpload(newUpload({ ticketHash: mark }), 1e9),
    (s) => s.expireUploads(someDay + 1),
  ],
] as Marked[])
  test(`${what} is nowhere in the files once it is deleted`, async (t) => {
    const dir = testFolder(t);
    const store = await openSqliteStore(join(dir, "portal.sqlite"));
    t.after(() => store.close());
    const mark = random(32);
    await put(store, mark);
    assert.notDeepEqual(filesWith(dir, mark), [], "it was there before");
    await remove(store, mark);
    assert.deepEqual(filesWith(dir, mark), []);
  });

test("a shredded vault key is nowhere in the files", async (t) => {
  const dir = testFolder(t);
  const keyring: KeyringStore = await openSqliteKeyring(join(dir, "keyring.sqlite"));
  t.after(() => keyring.close());
  const [idx, sealed] = [random(32), random(80)];
  await Promise.all(Array.from({ length: 200 }, () => keyring.put(random(32), random(80))));
  await keyring.put(idx, sealed);
  assert.notDeepEqual(filesWith(dir, sealed), [], "it was there before");
  await keyring.remove(idx);
  assert.deepEqual(filesWith(dir, sealed), []);
});

test("a published item's row has nothing that filler's has not, and its waiting row is gone", async (t) => {
  const dir = testFolder(t);
  const path = join(dir, "portal.sqlite");
  const store = await openSqliteStore(path);
  const [real, filler] = [feedItem(1), feedItem(1)];
  await store.admitCase(newCase({ feed: [real] }));
  await store.publishFeed(1, [real, filler]);
  await store.close();
  const db = new SQLite(path);
  const rows = db.prepare("SELECT member_id, tick, length(ctx), length(slot) FROM feed").raw().all();
  assert.deepEqual(rows, [
    [1, 1, 32, 1216],
    [1, 1, 32, 1216],
  ]);
  assert.equal(db.prepare("SELECT count(*) FROM feed_waiting").pluck().get(), 0);
  db.close();
});

test("the write-ahead log, which shows what was written together, is empty soon after the last act", async (t) => {
  const dir = testFolder(t);
  const store = await openSqliteStore(join(dir, "portal.sqlite"));
  t.after(() => store.close());
  await store.admitCase(newCase());
  const wal = join(dir, "portal.sqlite-wal");
  assert.ok(statSync(wal).size > 0);
  for (let i = 0; i < 60 && statSync(wal).size > 0; i++) await sleep(50);
  assert.equal(statSync(wal).size, 0);
});

test("only its owner can read what is stored", { skip: process.platform === "win32" && "no such modes" }, async (t) => {
  const dir = join(testFolder(t), "data");
  mkdirSync(dir, { mode: 0o700 });
  writeFileSync(join(dir, "portal.sqlite"), "", { mode: 0o644 }); // as somebody's restore may leave it
  const store = await openSqliteStore(join(dir, "portal.sqlite"));
  t.after(() => store.close());
  await store.admitCase(newCase());
  const objects = openObjectStore(join(dir, "objects"));
  const envId = random(16);
  await objects.appendPart(envId, 0, inChunks(random(10)), 10);
  const object = join(dir, "objects", Buffer.from(envId).toString("hex"));
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  assert.deepEqual([dir, join(dir, "objects")].map(mode), ["700", "700"]);
  const files = readdirSync(dir).filter((name) => name.startsWith("portal"));
  assert.ok(files.length >= 2);
  for (const path of [object, ...files.map((name) => join(dir, name))]) assert.equal(mode(path), "600", path);
});

test("an object's time says nothing", async (t) => {
  const dir = testFolder(t);
  const envId = random(16);
  await openObjectStore(dir).appendPart(envId, 0, inChunks(random(10)), 10);
  assert.equal(statSync(join(dir, Buffer.from(envId).toString("hex"))).mtimeMs, 0);
});

// Every number and every text that is kept, and every table whose row numbers tell an order. A new
// one needs an entry here: the moment to ask whether it is a time, an address, or an order.
const numbers = new Set(
  "cases.version feed.member_id feed.tick feed_clock.newest feed_clock.one feed_waiting.day feed_waiting.member_id log_leaves.day log_leaves.seq log_nodes.at log_nodes.level log_waiting.day migrations.number portal.one presentation.day presentation.version reminder_clock.one reminder_clock.slot rosters.epoch setup_secret.one tallies.version tombstones.day tombstones.unfinished uploads.claimed uploads.day uploads.length uploads.received".split(
    " ",
  ),
);
const texts = new Set(
  "heartbeats.quarter invites.id invites.name invites.roles invites.title migrations.name migrations.sha256 presentation.name questionnaires.text questionnaires.version tallies.quarter".split(
    " ",
  ),
);
const ordered = new Set("feed_clock log_leaves migrations portal reminder_clock rosters setup_secret".split(" "));

test("no table keeps an address, a time finer than a day, or the order in which people came", async (t) => {
  const path = join(testFolder(t), "portal.sqlite");
  await (await openSqliteStore(path)).close();
  const db = new SQLite(path);
  const columns = db
    .prepare<[], { column: string; type: string }>(
      "SELECT t.name || '.' || c.name AS column, c.type FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
    )
    .all();
  const of = (type: string) => new Set(columns.filter((c) => c.type === type).map(({ column }) => column));
  assert.deepEqual(of("INTEGER"), numbers);
  assert.deepEqual(of("TEXT"), texts);
  assert.equal(columns.length, numbers.size + texts.size + of("BLOB").size, "nothing but numbers, texts and bytes");
  const withRowid = db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all();
  assert.deepEqual(new Set(withRowid), ordered);
  db.close();
});
