/**
 * `npm run demo`: an invented organisation with a dozen invented cases, on a portal of its own
 * that is removed at the end. `--built` takes the pages that `npm run build` made before.
 */
import { build } from "../build/build.ts";
import { ConfigError } from "../config.ts";
import { translator } from "../http/i18n.ts";
import { playStories, type PlayedCase } from "./play.ts";
import { shownStory } from "./stories.ts";
import { startTrialPortal, type TrialPortal } from "./trial-portal.ts";

const t = translator("en");
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const started = performance.now();

function printWhatToOpen(at: TrialPortal, cases: readonly PlayedCase[]): void {
  const { code } = cases.find(({ story }) => story.id === shownStory)!;
  const seconds = Math.round((performance.now() - started) / 1000);
  const { portal, passphrase, keyFiles } = at;
  print("");
  print(t("demo:ready.title", { seconds }));
  print("");
  print(t("demo:ready.reporter", { url: portal.reporterUrl }));
  print(t("demo:ready.code", { code }));
  print(t("demo:ready.console", { url: portal.consoleUrl }));
  print(t("demo:ready.passphrase", { passphrase }));
  for (const file of keyFiles) print(t("demo:ready.keyFile", { file }));
  print("");
  print(t("demo:ready.excluded"));
  print(t("demo:ready.trial"));
  print(t("demo:ready.stop"));
}

async function run(): Promise<void> {
  print(t("demo:starting"));
  if (!process.argv.includes("--built")) {
    print(t("demo:step.build"));
    await build();
  }
  const ending = Promise.withResolvers<void>();
  let playable = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      // While it starts, nothing waits for the signal; the folder goes with the process.
      if (!playable) process.exit(0);
      ending.resolve();
    });
  const at = await startTrialPortal(process.env, t, (step, done, all, folder) =>
    print(t(`demo:step.${step}`, { done, all, folder })),
  );
  playable = true;
  try {
    const playing = playStories(at, t, (step, done, all, title) => print(t(`demo:step.${step}`, { done, all, title })));
    const cases = await Promise.race([playing, ending.promise]);
    if (cases !== undefined) printWhatToOpen(at, cases);
    else playing.catch(() => undefined); // what is under way fails when the portal stops
    await ending.promise;
  } finally {
    await at.discard();
  }
  print(t("demo:removed", { folder: at.folder }));
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return t(`setup:config.${error.problem}`, { setting: error.setting });
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return t("demo:portTaken");
  throw error;
}

try {
  await run();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
