/** Opens a sealed copy onto the small disk that it runs on; prints what it threw and what was left there. */
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { openCopy, passphrase } from "./sealed-copy.ts";

const [copy, key, out] = process.argv.slice(2) as [string, string, string];
const thrown = await openCopy(copy, { key, out }, passphrase, "none").then(
  () => "nothing",
  (error: Error & { code?: string }) => error.code ?? error.message,
);
process.stdout.write(JSON.stringify({ thrown, left: readdirSync(dirname(out)) }));
