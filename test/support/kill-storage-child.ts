/**
 * Files cases as fast as it can and prints, after each acknowledgement, what must never be lost:
 * "<case index> <row key> <envelope key> <envelope id of the object>". With "early" it prints before storing: the
 * promise that a portal must not make, by which the test sees that it would notice a loss.
 */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { openSqliteKeyring } from "../../server/storage/keyring.ts";
import { openObjectStore } from "../../server/storage/objects.ts";
import { openSqliteStore } from "../../server/storage/sqlite.ts";
import { inChunks, newCase, newUpload, random } from "./store-rows.ts";

const clients = 16;
const [dir, when] = process.argv.slice(2) as [string, "early" | "late"];
const store = await openSqliteStore(join(dir, "portal.sqlite"));
const keyring = await openSqliteKeyring(join(dir, "keyring.sqlite"));
const objects = openObjectStore(join(dir, "objects"));

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

async function file(): Promise<void> {
  const upload = newUpload();
  const filed = newCase({ object: upload.envId });
  const { row, event } = filed;
  const promise = [row.idx, event.rowKey, event.envKey, upload.envId].map(hex).join(" ") + "\n";
  if (when === "early") writeSync(1, promise);
  await store.reserveUpload(upload, Number.MAX_SAFE_INTEGER);
  await objects.appendPart(upload.envId, 0, inChunks(random(upload.length)), upload.length);
  await store.advanceUpload(upload.envId, 0, upload.length, await objects.hash(upload.envId));
  await keyring.put(row.idx, random(80));
  await store.admitCase(filed);
  if (when === "late") writeSync(1, promise);
}

async function client(): Promise<never> {
  for (;;) await file();
}
await Promise.all(Array.from({ length: clients }, client));
