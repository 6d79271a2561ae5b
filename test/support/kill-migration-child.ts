/** Says "go" and migrates the database with the folder given. */
import { writeSync } from "node:fs";
import SQLite from "better-sqlite3";
import { migrate } from "../../server/storage/migrate.ts";

const [path, folder] = process.argv.slice(2) as [string, string];
const db = new SQLite(path);
db.pragma("journal_mode = WAL");
writeSync(1, "go\n");
migrate(db, folder);
db.close();
