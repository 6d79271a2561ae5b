import { fileURLToPath } from "node:url";
import type { Database } from "better-sqlite3";
import type { KeyringStore } from "../ports.ts";
import { serveActs } from "./act-worker.ts";
import type { ActsOf } from "./acts.ts";
import { keyringModes } from "./keyring.ts";

serveActs({
  migrations: fileURLToPath(new URL("../../data/migrations/keyring", import.meta.url)),
  modes: keyringModes,
  prepare(db: Database): ActsOf<KeyringStore> {
    const find = db.prepare<[Uint8Array], Uint8Array>("SELECT sealed FROM keyring WHERE idx = ?").pluck();
    const add = db.prepare("INSERT INTO keyring VALUES (?, ?)");
    const remove = db.prepare("DELETE FROM keyring WHERE idx = ?");
    return {
      put(idx, sealed) {
        const inForce = find.get(idx);
        if (inForce !== undefined) return inForce;
        add.run(idx, sealed);
        return sealed;
      },
      find: (idx) => find.get(idx) ?? null,
      findMany: (idxs) => idxs.map((idx) => find.get(idx) ?? null),
      remove(idx) {
        remove.run(idx);
      },
    };
  },
});
