import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import SQLite from "better-sqlite3";
import type { Database } from "better-sqlite3";
import { PortalError } from "../../crypto/errors.ts";
import { isDamage, portalErrorOf } from "./faults.ts";
import { migrate } from "./migrate.ts";
import { findWalDamage } from "./wal-damage.ts";

/** Milliseconds to wait for a lock that another process (a backup, a command) holds. */
const lockPatience = 5000;
/** Milliseconds to wait for readers before the write-ahead log is left for later. */
const checkpointPatience = 100;

/**
 * Opens a database for writing: looks for damage first, then brings the schema up to date.
 * @throws PortalError "closed" when the file or its write-ahead log is damaged, "refused" as migrate()
 */
export function openForWriting(path: string, migrations: string): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const walDamage = existsSync(path) ? findWalDamage(`${path}-wal`) : null;
  if (walDamage !== null) throw damagedError(path, walDamage);

  closeSync(openSync(path, "a", 0o600)); // SQLite would create it readable for everybody,
  chmodSync(path, 0o600); // and gives its -wal and -shm the mode of the file itself
  const db = new SQLite(path, { timeout: lockPatience });
  try {
    configure(db);
    db.pragma("journal_mode = WAL");
    checkFile(db, path);
    migrate(db, migrations);
    emptyWal(db);
    return db;
  } catch (cause) {
    db.close();
    if (isDamage(cause)) throw damagedError(path, "SQLite cannot read it", cause);
    throw portalErrorOf(cause);
  }
}

/** Opens a database that a writer has opened already; nothing can be written through it. */
export function openForReading(path: string): Database {
  const db = new SQLite(path, { fileMustExist: true, timeout: lockPatience });
  configure(db);
  db.pragma("query_only = ON");
  return db;
}

/**
 * Copies the write-ahead log into the file and empties it: it would keep deleted rows, and show
 * which rows were written together. Readers or locks may prevent it; then it answers false.
 */
export function emptyWal(db: Database): boolean {
  db.pragma(`busy_timeout = ${checkpointPatience}`); // acts are waiting behind this
  try {
    const [row] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    return row?.busy === 0;
  } finally {
    db.pragma(`busy_timeout = ${lockPatience}`);
  }
}

function configure(db: Database): void {
  db.pragma("synchronous = FULL"); // NORMAL loses acknowledged rows when the power fails
  db.pragma("secure_delete = ON");
  db.pragma("foreign_keys = ON");
  db.pragma("trusted_schema = OFF");
  db.pragma("cell_size_check = ON");
  db.pragma("temp_store = MEMORY"); // no copies of rows in temporary files
}

function checkFile(db: Database, path: string): void {
  const findings = db.pragma("quick_check(3)") as { quick_check: string }[];
  const damage = findings.map((row) => row.quick_check).filter((words) => words !== "ok");
  if (damage.length > 0) throw damagedError(path, damage.join("; "));
}

function damagedError(path: string, finding: string, cause?: unknown): PortalError {
  return new PortalError(
    "closed",
    `the database ${path} is damaged and was not opened (${finding}). Nothing was changed. Keep a copy of it with its -wal file, then restore the last backup`,
    { cause },
  );
}
