/** The keyring's master key: from the environment, or a file beside the database that people are warned of. */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromHex } from "../crypto/bytes.ts";
import { PortalError } from "../crypto/errors.ts";

export interface MasterKey {
  key: Uint8Array;
  /** The file it lies in, in the clear, beside what it protects; null when the environment gave it. */
  file: string | null;
}

/**
 * @throws PortalError "format" when the file is damaged, "missing" when it is gone while there is
 * data: a new key would lose every case
 */
export function loadMasterKey(dataDir: string, fromEnvironment: Uint8Array | null): MasterKey {
  if (fromEnvironment !== null) return { key: fromEnvironment, file: null };
  const file = join(dataDir, "keyring.key");
  const needsOld = ["portal.sqlite", "keyring.sqlite", "notices.sqlite"].some((name) =>
    existsSync(join(dataDir, name)),
  );
  if (!existsSync(file) && needsOld)
    throw new PortalError("missing", "keyring.key is gone; put it back, or set KEYRING_KEY to the key it held");
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
  if (process.platform === "win32") return; // folders cannot be opened there
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder); // else the name may be lost where the bytes are not
  } finally {
    closeSync(folder);
  }
}
