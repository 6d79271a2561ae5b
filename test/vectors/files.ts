/** The vectors on disk. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { VectorFile } from "./suite.ts";

export async function readVectors(): Promise<{ [name: string]: VectorFile }> {
  const files: { [name: string]: VectorFile } = {};
  for (const name of (await readdir(import.meta.dirname)).filter((each) => each.endsWith(".json")).sort())
    files[name] = JSON.parse(await readFile(join(import.meta.dirname, name), "utf8")) as VectorFile;
  return files;
}
