/** A portal in a process of its own, for tests that measure or kill it. Says "ready" when it listens. */
import { readConfig } from "../../server/config.ts";
import { startPortal } from "../../server/main.ts";

const { config, secrets } = readConfig(process.env);
await startPortal(config, secrets, (line) => void process.stderr.write(`${line}\n`));
process.stdout.write("ready\n");
