import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { PortalError } from "../../crypto/errors.ts";
import { portalErrorOf } from "./faults.ts";

interface Migration {
  /** Counts from 1 without gaps; the first four digits of the file's name. */
  number: number;
  name: string;
  sql: string;
  /** SHA-256 of the file with LF line ends, hex. */
  sha256: string;
}

/**
 * Brings a database to the newest schema. Each migration and the record of it are one
 * transaction, so a process killed half way leaves the old schema or the new one.
 * @throws PortalError "refused" when a migration that was applied has changed since or is
 * unknown here (the database belongs to a newer version), or when the folder has a gap
 */
export function migrate(db: Database, folder: string): void {
  const known = readMigrations(folder);
  db.exec(
    "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT",
  );
  const applied = db
    .prepare<[], Omit<Migration, "sql">>("SELECT number, name, sha256 FROM migrations ORDER BY number")
    .all();

  for (const [i, done] of applied.entries()) {
    const migration = known[i];
    if (migration === undefined || done.number !== i + 1)
      throw new PortalError(
        "refused",
        `the database was written by a newer version: it has migration "${done.name}", unknown here`,
      );
    if (migration.sha256 !== done.sha256)
      throw new PortalError(
        "refused",
        `migration "${done.name}" was changed after it had been applied to this database; restore the file, and add a new migration instead`,
      );
  }
  for (const migration of known.slice(applied.length)) apply(db, migration);
}

function apply(db: Database, { number, name, sql, sha256 }: Migration): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    // Another process that opened the file at the same moment may have been first.
    if (db.prepare("SELECT 1 FROM migrations WHERE number = ?").get(number) !== undefined) {
      db.exec("ROLLBACK");
      return;
    }
    db.exec(sql);
    // A COMMIT inside the file would have ended the transaction that makes it all or nothing.
    if (!db.inTransaction) throw new PortalError("refused", `migration "${name}" ends its own transaction`);
    db.prepare("INSERT INTO migrations VALUES (?, ?, ?)").run(number, name, sha256);
    db.exec("COMMIT");
  } catch (cause) {
    if (db.inTransaction) db.exec("ROLLBACK");
    const fault = portalErrorOf(cause);
    if (fault.code === "full" || cause instanceof PortalError) throw fault;
    throw new PortalError("refused", `migration "${name}" failed`, { cause });
  }
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  return names.map((name, i) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
    if (number !== i + 1) throw new PortalError("refused", `migration "${name}" is not number ${i + 1} of its folder`);
    // A checkout on Windows may have changed the line ends; that is no change of the schema.
    const sql = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
    return { number, name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
  });
}
