/**
 * `npm start`: builds what browsers load, starts the portal, says what to open.
 *
 * The script runs Node with --max-semi-space-size=2 (MiB): what arrives from a socket is garbage
 * as soon as it is on the disk, and with the default a large upload piles up some 40 MB of it
 * before V8 looks. test/http/upload-memory.test.ts measures it.
 */
import { toBase64Url } from "../crypto/bytes.ts";
import { PortalError } from "../crypto/errors.ts";
import { issueSetupSecret } from "./app/set-up.ts";
import { build } from "./build/build.ts";
import { ConfigError, readConfig } from "./config.ts";
import { translator } from "./http/i18n.ts";
import { readReminders, startPortal, type RunningPortal } from "./main.ts";
import { NotifyFileError } from "./notify/notify-file.ts";

const t = translator("en");
const say = (key: string, values: Record<string, string | number> = {}): void =>
  void process.stdout.write(`${t(`setup:start.${key}`, values)}\n`);

/** What to open now; before the first roster that is the set-up address, whose secret stays in its fragment. */
async function sayWhatToOpen(portal: RunningPortal): Promise<void> {
  say("reporter", { url: portal.reporterUrl });
  say("console", { url: portal.consoleUrl });
  if (portal.keyFile !== null) say("keyFile", { file: portal.keyFile });
  sayReminders(portal);
  if (portal.context.book.chain === null) {
    const secret = await issueSetupSecret(portal.context);
    say("setUp", { url: `${portal.consoleUrl}/setup#${toBase64Url(secret)}` });
  }
  say("stop");
}

function sayReminders({ reminders, context }: RunningPortal): void {
  const { chain } = context.book;
  if (reminders === null) process.stdout.write(`${t("notify:start.none")}\n`);
  else if (chain !== null) {
    const values = {
      hours: reminders.hours.join(", "),
      reached: reminders.reached(chain.current),
      recipients: chain.current.recipients.length,
    };
    process.stdout.write(`${t("notify:start.some", values)}\n`);
  }
}

/** What is wrong with the settings for reminders, line by line. */
function explainNotifyFile({ file, problems }: NotifyFileError): string {
  if (problems.length === 0) return t("notify:file.unreadable", { file });
  const lines = problems.map(({ line, column, key, values }) =>
    t("faults:at", { line, column, problem: t(key, values) }),
  );
  return [t("notify:file.refused", { file }), ...lines].join("\n");
}

function explain(error: unknown): string {
  if (error instanceof NotifyFileError) return explainNotifyFile(error);
  if (error instanceof ConfigError) return t(`setup:config.${error.problem}`, { setting: error.setting });
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return t("setup:start.portTaken");
  if (error instanceof PortalError) return t("setup:start.refused", { reason: error.message });
  throw error;
}

try {
  const { config, secrets } = readConfig(process.env);
  readReminders(config, secrets); // before the build, which takes its time: a broken file is told at once
  await build();
  const portal = await startPortal(config, secrets, (line) => void process.stderr.write(`${line}\n`));
  await sayWhatToOpen(portal);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void portal.close().then(() => process.exit(0)));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
