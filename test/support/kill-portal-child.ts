/** A portal that is killed (SIGKILL) when it is about to admit a case: argv[2] are its settings as JSON. */
import { readConfig } from "../../server/config.ts";
import { startPortal } from "../../server/main.ts";

const { config, secrets } = readConfig(JSON.parse(process.argv[2]!) as Record<string, string>);
const { context } = await startPortal(config, secrets, () => {});
context.store.admitCase = () => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
};
process.send!("ready");
