import { fileURLToPath } from "node:url";
import type { Database } from "better-sqlite3";
import type { NoticeRecord, NoticeStore } from "../ports.ts";
import { serveActs } from "./act-worker.ts";
import type { ActsOf } from "./acts.ts";
import { noticeModes } from "./notices.ts";

serveActs({
  migrations: fileURLToPath(new URL("../../data/migrations/notices", import.meta.url)),
  modes: noticeModes,
  prepare(db: Database): ActsOf<NoticeStore> {
    const list = db.prepare<[], NoticeRecord>("SELECT key, sealed FROM records ORDER BY key");
    const put = db.prepare(
      "INSERT INTO records VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed",
    );
    const remove = db.prepare("DELETE FROM records WHERE key = ?");
    return {
      list: () => list.all(),
      change(records, removed) {
        for (const { key, sealed } of records) put.run(key, sealed);
        for (const key of removed) remove.run(key);
      },
    };
  },
});
