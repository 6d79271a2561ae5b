/**
 * `tellhaven open <sealed copy> --key <key file>`: a case on a machine without a network. Everything is verified as
 * at the console; what is written is a folder of text, JSON and files that only this user can read.
 */
import { readFile, stat } from "node:fs/promises";
import { fromHex } from "../../crypto/bytes.ts";
import { PortalError } from "../../crypto/errors.ts";
import { fingerprintWords } from "../../crypto/roster.ts";
import { caseName, english } from "../../crypto/words.ts";
import { unlockKeyFile, unlockRecoveryWords, type Unlocked } from "../../views/browser/client/session.ts";
import { translator } from "../http/i18n.ts";
import { Mistake } from "./mistake.ts";
import { readCase, type OpenedCase } from "./open/read-case.ts";
import { readStoredCase, type StoredCase } from "./open/stored-case.ts";
import { openTerminal, type Terminal } from "./open/terminal.ts";
import { checkTarget, leftBehind, writeCase, type LostFile } from "./open/write-case.ts";
import { openZip, type ZipFile } from "./zip.ts";

const t = translator("en");
const mostKeyFileBytes = 64 * 1024;

/** Whatever is not 0 is no whole case. */
export const exits = { whole: 0, part: 1, nothing: 2 } as const;

export interface OpenOptions {
  /** Path of a key file. */
  key?: string;
  /** The 24 recovery words are asked for instead. */
  words?: true;
  /** Folder to write; the case's name where none is given. */
  out?: string;
}

/** Exit code 0: everything was there and verified; 1: some of it; 2: nothing was written. */
export async function open(path: string, options: OpenOptions): Promise<void> {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.on(name, stop);
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const whole = await openSealedCase(
      path,
      options,
      openTerminal(t("shell:open.mistake.stopped")),
      tell,
      stopped.signal,
    );
    process.exitCode = whole ? exits.whole : exits.part;
  } catch (error) {
    process.stderr.write(`${wordsFor(error, stopped.signal)}\n`);
    process.exitCode = exits.nothing;
  }
}

/** A fault of this program is thrown on. */
function wordsFor(error: unknown, signal: AbortSignal): string {
  if (error instanceof Mistake) return error.message;
  if (signal.aborted) return t("shell:open.mistake.stopped");
  if (error instanceof PortalError && error.code === "full") return t("shell:open.mistake.full");
  if (error instanceof PortalError && error.code === "forged") return t("shell:open.mistake.cut");
  if (error instanceof Error && "syscall" in error) return t("shell:open.mistake.disk", { why: error.message });
  throw error;
}

/** As the command does it. Answers whether everything was there and verified. @throws Mistake in words; PortalError "full" */
export async function openSealedCase(
  path: string,
  options: OpenOptions,
  terminal: Terminal | null,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const zip = await openCopy(path);
  try {
    const stored = await readStoredCase(zip).catch((error: unknown) => {
      throw inWords(error, { format: "shell:open.mistake.copy" }, { path });
    });
    const name = caseName(fromHex(stored.index.caseId, 32));
    const out = options.out ?? name;
    // Before anybody types anything.
    await checkTarget(out, t);
    for (const left of await leftBehind(out)) tell(t("shell:open.leftBehind", { path: left }));
    if (terminal === null) throw new Mistake(t("shell:open.mistake.terminal"));
    const { seeds, portalId } = await unlock(options, terminal);
    const read = readCase(stored, seeds, portalId);
    if (read.is === "refused") throw new Mistake(t(`shell:open.refused.${read.why}`));
    const { opened } = read;
    if (opened.gate === "ask") await askConflict(opened, terminal);
    const problems = await writeCase(out, zip, stored, opened, t, (lost) => problemsOf(opened, stored, lost), signal);
    for (const line of [...aboutLines(opened, stored), ...problems, t("shell:open.written", { path: out })]) tell(line);
    return problems.length === 0;
  } finally {
    await zip.close();
  }
}

async function openCopy(path: string): Promise<ZipFile> {
  const opened = await openZip(path).catch(() => null);
  if (opened === null) throw new Mistake(t("shell:open.mistake.file", { path }));
  if (opened.is === "open") return opened.zip;
  const why = t(`shell:verify.fault.zip.${opened.why}`);
  throw new Mistake(t("shell:open.mistake.zip", { path, why: opened.entry === 0 ? why : `${why}: ${opened.entry}` }));
}

/** A refusal by its class in words; anything else as it is. */
function inWords(
  error: unknown,
  keys: { [code: string]: `shell:${string}` },
  values: Record<string, string> = {},
): unknown {
  const key = error instanceof PortalError ? keys[error.code] : undefined;
  return key === undefined ? error : new Mistake(t(key, values), { cause: error });
}

async function unlock({ key, words }: OpenOptions, terminal: Terminal): Promise<Unlocked> {
  if ((key === undefined) === (words === undefined)) throw new Mistake(t("shell:open.mistake.oneKey"));
  try {
    if (key === undefined) return unlockRecoveryWords(await terminal.askSecret(t("shell:open.ask.words")));
  } catch (error) {
    throw inWords(error, { format: "shell:open.mistake.words" });
  }
  const file = await readKeyFile(key);
  const passphrase = await terminal.askSecret(t("shell:open.ask.passphrase"));
  try {
    return unlockKeyFile(file, passphrase);
  } catch (error) {
    const format = "shell:open.mistake.keyFile" as const;
    throw inWords(error, { format, refused: format, forged: "shell:open.mistake.passphrase" }, { path: key });
  }
}

async function readKeyFile(path: string): Promise<Uint8Array> {
  const mistake = new Mistake(t("shell:open.mistake.keyFile", { path }));
  try {
    if ((await stat(path)).size > mostKeyFileBytes) throw mistake;
    return await readFile(path);
  } catch {
    throw mistake;
  }
}

/** What the console asks before it shows a case. Here nobody else can be told: the answer counts for this once. */
async function askConflict({ of }: OpenedCase, terminal: Terminal): Promise<void> {
  const { name } = of.listing;
  const answer = await terminal.ask(t("shell:open.ask.conflict", { name, day: of.lookup.receivedOn }));
  if (answer.trim().toLowerCase() !== t("shell:open.ask.none")) throw new Mistake(t("shell:open.refused.undeclared"));
}

function aboutLines({ chain, of }: OpenedCase, { index }: StoredCase): string[] {
  const { organisation, epoch, issued } = chain.current;
  return [
    t("shell:open.about.case", { name: of.listing.name, organisation, day: index.receivedOn }),
    t("shell:open.about.portal", { words: fingerprintWords(chain.portalId, english).join(" ") }),
    t("shell:open.about.roster", { epoch, day: issued }),
  ];
}

/** What is not whole or not this member's, a line each. */
function problemsOf({ of, closedLater, tailHidden }: OpenedCase, { index }: StoredCase, lost: LostFile[]): string[] {
  const damaged = (stream: "conversation" | "notes", entries: typeof of.entries): string[] =>
    entries.flatMap(({ kind, seq }) => (kind === "damaged" ? [t(`shell:open.problem.${stream}`, { seq })] : []));
  const { team } = of;
  return [
    ...(closedLater ? [t("shell:open.problem.closedLater")] : []),
    ...damaged("conversation", of.entries),
    ...(team.state === "open" ? damaged("notes", team.entries) : []),
    ...(team.state === "notMine"
      ? [t(index.team === "closed" ? "shell:open.problem.teamNotHere" : "shell:open.problem.teamNotMine")]
      : []),
    ...(team.state === "damaged" ? [t("shell:open.problem.teamDamaged")] : []),
    ...(tailHidden ? [t("shell:open.problem.tailHidden")] : []),
    ...lost.map(({ path, why }) => t(`shell:open.problem.${why}`, { path })),
  ];
}
