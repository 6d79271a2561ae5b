/** The keyring's master key: from the environment, or a file beside the database that people are warned of. */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fromHex } from "../crypto/bytes.ts";
import { PortalError } from "../crypto/errors.ts";

export interface MasterKey {
  key: Uint8Array;
  /** The file it lies in, in the clear, beside what it protects; null when the environment gave it. */
  file: string | null;
}

/** @throws PortalError "format" when the file is damaged: a new key would lose every case */
export function loadMasterKey(dataDir: string, fromEnvironment: Uint8Array | null): MasterKey {
  if (fromEnvironment !== null) return { key: fromEnvironment, file: null };
  const file = join(dataDir, "keyring.key");
  if (!existsSync(file)) writeOnce(file, `${randomBytes(32).toString("hex")}\n`);
  try {
    return { key: fromHex(readFileSync(file, "utf8").trim(), 32), file };
  } catch (cause) {
    throw new PortalError("format", "keyring.key is damaged; put the file from your backup in its place", { cause });
  }
}

/** Durable before anything is sealed under it. */
function writeOnce(file: string, text: string): void {
  const handle = openSync(file, "wx", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
