/** Fonts from the disk, for documents that are made on the server. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FontSource } from "../../views/pdf/fonts.ts";

const folder = join(import.meta.dirname, "../../views/pdf/fonts");

export const fontFiles: FontSource = { read: (name) => readFile(join(folder, name)) };
