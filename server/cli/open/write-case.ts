/**
 * Writes an opened case into a new folder: all of it, or nothing. Everything goes into a hidden folder beside it
 * first, readable for this user alone, which takes the folder's name once it is whole.
 */
import { lstat, mkdir, mkdtemp, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { openFile } from "../../../crypto/attachments.ts";
import { utf8 } from "../../../crypto/bytes.ts";
import { PortalError } from "../../../crypto/errors.ts";
import { findFile } from "../../../views/browser/client/case-files.ts";
import type { Attachment } from "../../../views/browser/client/casefile/attachment.ts";
import { plainCase } from "../../../views/browser/client/casefile/plain-case.ts";
import type { Translate } from "../../http/i18n.ts";
import { Mistake } from "../mistake.ts";
import type { ZipFile } from "../zip.ts";
import type { OpenedCase } from "./read-case.ts";
import type { StoredCase } from "./stored-case.ts";

/** Of the hidden folder's name. */
const begins = ".tellhaven-open-";

/** An attachment that could not be written, by its neutral name. */
export interface LostFile {
  path: string;
  why: "missing" | "damaged";
}

/** What a run that was killed left beside the folder that it was to write: opened text. */
export async function leftBehind(out: string): Promise<string[]> {
  const folder = dirname(resolve(out));
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => name.startsWith(begins)).map((name) => join(folder, name));
}

/** A place for the case: nothing there, or an empty folder. @throws Mistake */
export async function checkTarget(out: string, t: Translate): Promise<void> {
  const found = await lstat(out).catch(() => null);
  const isFree = found === null || (found.isDirectory() && (await readdir(out)).length === 0);
  if (!isFree) throw new Mistake(t("shell:open.mistake.target", { path: out }));
}

/**
 * `tell`: lines of what is not whole, for PROBLEMS.txt, once it is known which files were lost. Answers these lines.
 * @throws PortalError "full" when the disk is, after everything that was written is gone again
 */
export async function writeCase(
  out: string,
  zip: ZipFile,
  stored: StoredCase,
  opened: OpenedCase,
  t: Translate,
  tell: (lost: LostFile[]) => string[],
  signal: AbortSignal,
): Promise<string[]> {
  const target = resolve(out);
  const begun = await mkdtemp(join(dirname(target), begins)).catch(translate);
  try {
    const { payload, attachments } = plainCase(opened.chain, opened.of, t);
    for (const { path, bytes } of payload) await write(begun, path, [bytes], signal);
    const lost: LostFile[] = [];
    for (const file of attachments) {
      const why = await writeAttachment(begun, file, zip, stored, opened, signal);
      if (why !== null) lost.push({ path: below(file.path), why });
    }
    const problems = tell(lost);
    if (problems.length > 0) await write(begun, "PROBLEMS.txt", [utf8(`${problems.join("\n")}\n`)], signal);
    signal.throwIfAborted();
    // Windows does not rename onto a folder, not even an empty one.
    await rmdir(target).catch(() => {});
    await rename(begun, target);
    return problems;
  } catch (error) {
    await rm(begun, { recursive: true, force: true }).catch(() => {
      throw new Mistake(t("shell:open.mistake.left", { path: begun }));
    });
    return translate(error);
  }
}

/** What the disk says in our words. */
function translate(error: unknown): never {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOSPC" || code === "EDQUOT") throw new PortalError("full", "the disk is full", { cause: error });
  throw error;
}

/** "data/text/…" of a case file is "text/…" here. */
const below = (path: string): string => path.replace(/^data\//, "");

/** A file of this user's alone; gone again unless all of it was written. */
async function write(
  folder: string,
  path: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const whole = join(folder, below(path));
  await mkdir(dirname(whole), { recursive: true, mode: 0o700 });
  const file = await open(whole, "wx", 0o600);
  try {
    for await (const part of parts) {
      signal.throwIfAborted();
      await file.writeFile(part);
    }
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await rm(whole, { force: true });
    throw error;
  }
}

/** Null: written. Of a file that does not verify nothing stays. */
async function writeAttachment(
  folder: string,
  { path, place, file }: Attachment,
  zip: ZipFile,
  stored: StoredCase,
  { chain, of }: OpenedCase,
  signal: AbortSignal,
): Promise<LostFile["why"] | null> {
  const { entry } = findFile(of, place);
  const object = stored.findObject(entry.envId);
  if (object === null) return "missing";
  const where = { portalId: chain.portalId, caseId: of.caseId, envId: entry.envId };
  try {
    const sealed = zip.read(object, file.offset, file.length);
    await write(folder, path, openFile(file, place.index, where, sealed), signal);
    return null;
  } catch (error) {
    if (error instanceof PortalError && (error.code === "forged" || error.code === "format")) return "damaged";
    throw error;
  }
}
