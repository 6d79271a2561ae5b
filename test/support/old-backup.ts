/** Backups as operators take them, and what a stored row gives with one keyring or another. */
import { copyFileSync, existsSync } from "node:fs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { fromHex } from "../../crypto/bytes.ts";
import { deriveKeyring, openFromVault, openVault } from "../../crypto/vault.ts";

/** A consistent copy of a database that is in use, as docs/OPERATOR.md tells operators to take it. */
export function backUp(from: string, to: string): void {
  const db = new SQLite(from, { readonly: true });
  db.prepare("VACUUM INTO ?").run(to);
  db.close();
}

/** What a snapshot of the disk would hold: the file with its write-ahead log as they are. */
export function copyWithLog(from: string, to: string): void {
  for (const part of ["", "-wal"]) if (existsSync(from + part)) copyFileSync(from + part, to + part);
}

export interface Opened {
  states: Uint8Array[];
  events: Uint8Array[];
  /** Rows that no key of this keyring opens. */
  shut: number;
}

/** Everything that a database's rows give to who has this keyring and the master key. */
export function openRows(portalFile: string, keyringFile: string, dataDir: string): Opened {
  const master = deriveKeyring(fromHex(readFileSync(join(dataDir, "keyring.key"), "utf8").trim(), 32));
  const bytesOf = (file: string, sql: string): Uint8Array[] => {
    const db = new SQLite(file, { readonly: true });
    const rows = db.prepare<[], Buffer>(sql).pluck().all();
    db.close();
    return rows.map((row) => new Uint8Array(row));
  };
  const vaults = bytesOf(keyringFile, "SELECT sealed FROM keyring").map((entry) =>
    openVault(entry.subarray(32), entry.slice(0, 32), master.box),
  );
  let shut = 0;
  const open = (sealed: Uint8Array): Uint8Array[] => {
    for (const vault of vaults) {
      try {
        return [openFromVault(sealed, vault)];
      } catch {
        // another case's
      }
    }
    shut += 1;
    return [];
  };
  const states = bytesOf(portalFile, "SELECT state FROM cases").flatMap(open);
  const events = bytesOf(portalFile, "SELECT sealed FROM events").flatMap(open);
  return { states, events, shut };
}
