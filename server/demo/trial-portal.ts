/** A portal in a throw-away folder, set up as a trial over its own API, with everybody's key file in the folder. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { english, formatRecoveryWords } from "../../crypto/words.ts";
import { randomBytes } from "../../crypto/sodium.ts";
import {
  closeOffice,
  nextRoster,
  officeSession,
  publishRoster,
  registerPortal,
} from "../../views/browser/client/office.ts";
import { fetchPortal } from "../../views/browser/client/portal.ts";
import { makeTrial, trialKeyFiles, type Trial } from "../../views/browser/client/trial.ts";
import type { RosterChain } from "../../crypto/roster.ts";
import { textOfDay } from "../../data/policy/update-date.ts";
import { issueSetupSecret } from "../app/set-up.ts";
import { readConfig } from "../config.ts";
import { systemClock } from "../clock.ts";
import type { Translate } from "../http/i18n.ts";
import { startPortal, type RunningPortal } from "../main.ts";
import { PortalError } from "../../crypto/errors.ts";
import { channels, people, type PersonKey } from "./stories.ts";

const passphraseWords = 4;
const oldestDays = 90;

export interface TrialPortal {
  portal: RunningPortal;
  trial: Trial;
  chain: RosterChain;
  passphrase: string;
  /** Paths in the order of `people`, without those on paper. */
  keyFiles: string[];
  folder: string;
  /** The server's day from now on: this many days before the real one. */
  setDaysAgo(days: number): void;
  /** Stops the portal and removes the folder. */
  discard(): Promise<void>;
}

/** What is under way; `all` of them together. */
export type Progress = (step: "portal" | "keys" | "roster", done: number, all: number, folder: string) => void;

export const idOf = (person: PersonKey): number => people.findIndex(({ key }) => key === person) + 1;

/** `env`: PORT, CONSOLE_PORT and HOST are looked at, nothing else: a real portal's settings must not matter here. */
export async function startTrialPortal(
  env: Record<string, string | undefined>,
  t: Translate,
  progress: Progress,
): Promise<TrialPortal> {
  const folder = await mkdtemp(join(tmpdir(), "tellhaven-demo-"));
  // Whatever way the process ends, short of being killed, the folder goes.
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeNow);
  try {
    progress("portal", 0, 0, folder);
    const { PORT, CONSOLE_PORT, HOST } = env;
    const settings = { PORT, CONSOLE_PORT, HOST, DATA_DIR: join(folder, "data"), MIN_FREE_BYTES: "100000000" };
    const { config, secrets } = readConfig(settings);
    let daysAgo = oldestDays;
    const clock = { today: () => systemClock.today() - daysAgo, now: () => systemClock.now() };
    const portal = await startPortal(config, secrets, (line) => void process.stderr.write(`${line}\n`), clock);
    try {
      const made = await setUp(portal, folder, t, progress, textOfDay(clock.today()));
      return {
        portal,
        ...made,
        folder,
        setDaysAgo: (days) => {
          daysAgo = days;
        },
        async discard() {
          await portal.close();
          await rm(folder, { recursive: true, force: true });
          process.off("exit", removeNow);
        },
      };
    } catch (error) {
      await portal.close();
      throw error;
    }
  } catch (error) {
    removeNow();
    process.off("exit", removeNow);
    throw error;
  }
}

async function setUp(
  portal: RunningPortal,
  folder: string,
  t: Translate,
  progress: Progress,
  today: string,
): Promise<Pick<TrialPortal, "trial" | "chain" | "passphrase" | "keyFiles">> {
  const api = { origin: portal.consoleUrl };
  const trial = makeTrial({
    organisation: t("demo:organisation"),
    people: people.map(({ key, roles }) => ({
      name: t(`demo:people.${key}.name`),
      title: t(`demo:people.${key}.title`),
      roles: [...roles],
    })),
    recipientRoles: ["reviewer", "counsel", "director", "ombuds"],
    channels: channels.map((channel) => ({ ...channel, name: t(`demo:channels.${channel.id}`) })),
    assisted: true,
  });
  await registerPortal(api, await issueSetupSecret(portal.context), trial.charter);
  const passphrase = makePassphrase();
  const keysFolder = join(folder, "keys");
  await mkdir(keysFolder, { mode: 0o700 });
  const files = trialKeyFiles(trial, passphrase, (done, all) => progress("keys", done, all, folder));
  for (const { name, bytes } of files) await writeFile(join(keysFolder, name), bytes, { mode: 0o600 });
  const paper = trial.members.find((member) => member.roles.includes("recovery"));
  if (paper !== undefined)
    await writeFile(join(keysFolder, t("demo:recoveryFile")), `${formatRecoveryWords(paper.seed).join(" ")}\n`, {
      mode: 0o600,
    });
  progress("roster", 0, 0, folder);
  const { logKey } = await fetchPortal(api);
  if (logKey === null) throw new PortalError("busy", "the server told no log key");
  const office = await officeSession(api, trial.charter);
  await publishRoster(office, nextRoster(trial.charter, logKey, null, trial.draft, today), null);
  await closeOffice(office);
  const { chain } = await fetchPortal(api, trial.portalId);
  if (chain === null) throw new PortalError("missing", "the roster was not kept");
  // The charter's file comes first; the others belong to members, in their order.
  return { trial, chain, passphrase, keyFiles: files.slice(1).map(({ name }) => join(keysFolder, name)) };
}

/** 44 bits: enough for a portal that ends with the process. */
function makePassphrase(): string {
  const bytes = randomBytes(2 * passphraseWords);
  return Array.from(
    { length: passphraseWords },
    (_, i) => english[(bytes[2 * i]! * 256 + bytes[2 * i + 1]!) % english.length]!,
  ).join(" ");
}
