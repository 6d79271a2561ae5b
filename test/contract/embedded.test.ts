import { join } from "node:path";
import { openSqliteKeyring } from "../../server/storage/keyring.ts";
import { openObjectStore } from "../../server/storage/objects.ts";
import { openSqliteStore } from "../../server/storage/sqlite.ts";
import { testFolder } from "../support/store-rows.ts";
import { keyringContract } from "./keyring.ts";
import { objectContract } from "./objects.ts";
import { storeContract } from "./store.ts";

storeContract("SQLite", async (t) => {
  const store = await openSqliteStore(join(testFolder(t), "portal.sqlite"));
  t.after(() => store.close());
  return store;
});

keyringContract("SQLite", async (t) => {
  const keyring = await openSqliteKeyring(join(testFolder(t), "keyring.sqlite"));
  t.after(() => keyring.close());
  return keyring;
});

objectContract("Folder", (t) => openObjectStore(join(testFolder(t), "objects")));
