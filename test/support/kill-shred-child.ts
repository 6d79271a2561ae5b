/**
 * A portal that is killed (SIGKILL) while it deletes what is due: argv[2] are its settings as JSON, argv[3] is how many
 * days its clock is ahead by then, argv[4] the step at which it dies.
 */
import { systemClock } from "../../server/clock.ts";
import { shredDue } from "../../server/app/shred-case.ts";
import { readConfig } from "../../server/config.ts";
import { startPortal } from "../../server/main.ts";

const [, , settings, days, step] = process.argv;
let ahead = 0;
const clock = { now: () => systemClock.now() + ahead * 86_400_000, today: () => systemClock.today() + ahead };
const { config, secrets } = readConfig(JSON.parse(settings!) as Record<string, string>);
const { context } = await startPortal(config, secrets, () => {}, clock);
const die = (): Promise<never> => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
};
if (step === "rows") context.store.shredCase = die;
if (step === "key") context.keyring.remove = die;
if (step === "mark") context.store.finishShred = die;
ahead = Number(days);
await shredDue(context);
process.exit(0);
