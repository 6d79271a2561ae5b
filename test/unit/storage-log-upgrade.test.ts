/** A log from before places in it were told: what it had stays, in an order that tells nothing of who came first. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import SQLite from "better-sqlite3";
import { openForWriting } from "../../server/storage/database.ts";
import { openSqliteStore } from "../../server/storage/sqlite.ts";
import { newCase, random, someDay, testFolder } from "../support/store-rows.ts";

const migrations = join(import.meta.dirname, "../../data/migrations/sqlite");

/** A database of the schema before this change, with these [day, leaves] one after another in its log. */
function oldDatabase(dir: string, runs: [number, number][]): { path: string; leaves: Uint8Array[] } {
  const before = join(dir, "migrations");
  mkdirSync(before);
  for (const name of readdirSync(migrations).filter((each) => each < "0006"))
    copyFileSync(join(migrations, name), join(before, name));
  const path = join(dir, "portal.sqlite");
  openForWriting(path, before).close();
  const db = new SQLite(path);
  const add = db.prepare("INSERT INTO log_leaves VALUES (?, ?, ?)");
  const leaves: Uint8Array[] = [];
  for (const [day, count] of runs)
    for (let i = 0; i < count; i++) {
      add.run(leaves.length, leaves[leaves.push(random(32)) - 1], someDay + day);
    }
  db.close();
  return { path, leaves };
}

for (const [what, runs, closed] of [
  ["without a leaf", [], []],
  ["whose first day is open", [[0, 3]], []],
  [
    "whose newest day is open",
    [
      [0, 64],
      [1, 128],
      [2, 5],
    ],
    [
      [0, 64],
      [1, 128],
    ],
  ],
  [
    "whose newest day is closed: that waits to be closed again",
    [
      [0, 64],
      [1, 64],
    ],
    [[0, 64]],
  ],
  [
    "whose clock was set back",
    [
      [5, 64],
      [4, 64],
      [5, 64],
      [6, 1],
    ],
    [
      [4, 64],
      [5, 128],
    ],
  ],
] as [string, [number, number][], [number, number][]][])
  test(`a log ${what}`, async (t) => {
    const { path, leaves } = oldDatabase(testFolder(t), runs);
    const store = await openSqliteStore(path);
    t.after(() => store.close());
    const kept = await store.listLeaves(0, 1000);
    const days = closed.flatMap(([day, count]) => Array.from({ length: count }, () => someDay + day));
    assert.deepEqual(
      kept.map(({ day }) => day),
      days,
    );
    for (const [i, { leaf, day }] of kept.entries())
      if (i > 0 && kept[i - 1]!.day === day) assert.ok(Buffer.compare(kept[i - 1]!.leaf, leaf) < 0);
    const places = await store.findLeaves(leaves);
    assert.equal(places.filter((place) => typeof place === "number").length, days.length);
    assert.ok(
      places.every((place) => place !== null),
      "nothing is lost",
    );
    // It goes on: the day that waited is closed with what comes next.
    await store.admitCase(newCase({ day: someDay + 7 }));
    assert.equal((await store.logLength()).leaves % 64, 0);
    assert.ok((await store.findLeaves(leaves)).every((place) => typeof place === "number"));
  });
