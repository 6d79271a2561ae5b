import { fileURLToPath } from "node:url";
import type { Database } from "better-sqlite3";
import { serveActs } from "../../server/storage/act-worker.ts";
import type { ActsOf } from "../../server/storage/acts.ts";
import { fixtureModes } from "./acts-fixture.ts";
import type { Fixture } from "./acts-fixture.ts";

serveActs({
  migrations: fileURLToPath(new URL("acts-fixture-migrations", import.meta.url)),
  modes: fixtureModes,
  prepare(db: Database): ActsOf<Fixture> {
    const add = db.prepare("INSERT INTO entries VALUES (?, NULL, NULL)");
    const addOrphan = db.prepare("INSERT INTO entries VALUES (?, 'nobody', NULL)");
    const addLong = db.prepare("INSERT INTO entries VALUES (?, NULL, zeroblob(?))");
    const keys = db.prepare<[], string>("SELECT key FROM entries ORDER BY key").pluck();
    return {
      add: (key) => void add.run(key),
      addOrphan: (key) => void addOrphan.run(key),
      addThenThrow(key) {
        add.run(key);
        throw new Error("after writing");
      },
      block: (duration) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, duration),
      die: () => process.exit(1),
      allowPages(more) {
        const pages = db.pragma("page_count", { simple: true }) as number;
        db.pragma(`max_page_count = ${pages + more}`);
      },
      addLong: (key, bytes) => void addLong.run(key, bytes),
      keys: () => keys.all(),
    };
  },
});
