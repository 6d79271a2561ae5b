import type { KeyringStore } from "../ports.ts";
import { openActs } from "./acts.ts";
import type { ActModes } from "./acts.ts";

export const keyringModes: ActModes<KeyringStore> = {
  put: "write",
  find: "read",
  findMany: "read",
  remove: "forget",
};

/** Opens the vault keys' file; keep it out of the backups that hold the database. Errors as openSqliteStore(). */
export function openSqliteKeyring(path: string): Promise<KeyringStore> {
  return openActs<KeyringStore>(new URL("./keyring-worker.ts", import.meta.url), path, keyringModes);
}
