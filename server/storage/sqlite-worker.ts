import { fileURLToPath } from "node:url";
import type { Database } from "better-sqlite3";
import type { Store } from "../ports.ts";
import { serveActs } from "./act-worker.ts";
import type { ActsOf } from "./acts.ts";
import { storeModes } from "./sqlite.ts";
import { prepareCaseActs } from "./sqlite/case-acts.ts";
import { prepareFeed } from "./sqlite/feed-acts.ts";
import { prepareHeartbeats } from "./sqlite/heartbeat-acts.ts";
import { prepareLog } from "./sqlite/log-acts.ts";
import { preparePortalActs } from "./sqlite/portal-acts.ts";
import { preparePresentationActs } from "./sqlite/presentation-acts.ts";
import { prepareReminders } from "./sqlite/reminder-acts.ts";
import { prepareUploads } from "./sqlite/upload-acts.ts";

serveActs({
  migrations: fileURLToPath(new URL("../../data/migrations/sqlite", import.meta.url)),
  modes: storeModes,
  prepare(db: Database): ActsOf<Store> {
    const log = prepareLog(db);
    const feed = prepareFeed(db);
    const uploads = prepareUploads(db);
    const heartbeats = prepareHeartbeats(db);
    return {
      ...preparePortalActs(db),
      ...prepareCaseActs(db, log, feed, uploads, heartbeats),
      ...uploads.acts,
      ...feed.acts,
      ...log.acts,
      ...heartbeats.acts,
      ...preparePresentationActs(db),
      ...prepareReminders(db),
    };
  },
});
