/**
 * A process of its own that takes reports: `portal`, the whole server as it ships but without asking
 * for work, which the sender would do, `work`, the same asking for the least there is, or `plain`:
 * Express and better-sqlite3 that keep the same bytes and check nothing. Says its origin, then serves until killed.
 */
import { join } from "node:path";
import express from "express";
import SQLite from "better-sqlite3";
import { startTestPortal } from "../support/server.ts";
import { setUp } from "./organisation.ts";

const [kind, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: intake-server.ts portal|work|plain <folder>");

async function startPortalIntake(dataDir: string, cost: string): Promise<string> {
  const most = "100000000";
  const portal = await startTestPortal({ RATE_REPORTS: most, RATE_PAGES: most, WORK_COST: cost }, { dataDir });
  await setUp(portal);
  return portal.reporterUrl;
}

/** Group commit: what came in since the last turn of the event loop is one transaction and one fsync. */
async function startPlainIntake(dataDir: string): Promise<string> {
  const db = new SQLite(join(dataDir, "plain.sqlite"));
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("CREATE TABLE reports (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
  const insert = db.prepare("INSERT INTO reports (bytes) VALUES (?)");
  let waiting: { bytes: Buffer; answer: () => void }[] = [];
  const commit = db.transaction((batch: typeof waiting) => {
    for (const { bytes } of batch) insert.run(bytes);
  });
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    commit(batch);
    for (const { answer } of batch) answer();
  };
  const app = express();
  app.post("/reports", express.raw({ type: "application/octet-stream", limit: "4mb" }), (req, res) => {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push({ bytes: req.body as Buffer, answer: () => void res.status(201).end() });
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${String(address.port)}`;
}

process.send?.(
  kind === "plain" ? await startPlainIntake(folder) : await startPortalIntake(folder, kind === "work" ? "1" : "0"),
);
process.once("disconnect", () => process.exit(0));
