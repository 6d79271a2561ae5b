/** What tests of the printed notice share: a portal under SB 53, and outside readers of PDFs and QR codes. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { toBase64, toHex } from "../../crypto/bytes.ts";
import { rosterHashOf, signRoster } from "../../crypto/roster.ts";
import { ask, type ServedOrganisation } from "./organisation-server.ts";

const run = promisify(execFile);

/** Posts a third roster whose channel asks the questions of SB 53. */
export async function comeUnderSb53({ organisation, portal, signIn }: ServedOrganisation): Promise<void> {
  const { charter, contents, signed } = organisation;
  const [last, bytes] = [contents[1]!, signed[1]!.bytes];
  const channels = last.channels.map((channel) => ({ ...channel, questionnaire: "sb53" }));
  const third = signRoster({ ...last, epoch: 3, previous: toHex(rosterHashOf(bytes)), channels }, charter);
  const body = { bytes: toBase64(third.bytes), signature: toBase64(third.signature) };
  const { status } = await ask(portal.consoleUrl, "POST", "/rosters", body, { authorization: await signIn("charter") });
  if (status !== 201) throw new Error(`the roster was answered ${String(status)}`);
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "tellhaven-notice-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface ReadPdf {
  pages: number;
  /** By pdfinfo's names. */
  info: Record<string, string>;
  /** In the order of the content. */
  text: string;
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  return inFolder(async (folder) => {
    const file = join(folder, "a.pdf");
    await writeFile(file, bytes);
    const { stdout } = await run("pdfinfo", [file]);
    const info = Object.fromEntries(
      stdout.split("\n").map((line) => [line.split(":")[0]!, line.slice(line.indexOf(":") + 1).trim()]),
    );
    const { stdout: text } = await run("pdftotext", ["-raw", file, "-"]);
    return { pages: Number(info["Pages"]), info, text };
  });
}

/** Every QR code on every page, as another program sees the pages and reads them. */
export async function qrCodesOfPdf(bytes: Uint8Array): Promise<string[]> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, "a.pdf"), bytes);
    await run("pdftoppm", ["-r", "120", "-png", join(folder, "a.pdf"), join(folder, "page")]);
    return readCodes(folder);
  });
}

export async function qrCodesOfPicture(png: Uint8Array): Promise<string[]> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, "page-1.png"), png);
    return readCodes(folder);
  });
}

async function readCodes(folder: string): Promise<string[]> {
  // It ends with 4 where a page has no code.
  const { stdout } = await run("sh", ["-c", `zbarimg --quiet --raw "${folder}"/page-*.png || test $? -eq 4`]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Letters and digits only, without the signs that stand around them. */
export function lettersOf(text: string): string[] {
  return [...text.normalize("NFC")].filter((each) => /[\p{L}\p{N}]/u.test(each));
}

/**
 * Whether the letters of `wanted` stand together in `text`. Their order within is not looked at: what reads a
 * PDF gives the parts of a joined sign, or a line of two directions, in an order of its own.
 */
export function hasLetters(text: readonly string[], wanted: readonly string[]): boolean {
  const missing = new Map<string, number>();
  let wrong = 0;
  const add = (letter: string, by: number): void => {
    const before = missing.get(letter) ?? 0;
    missing.set(letter, before + by);
    if (before === 0) wrong++;
    else if (before + by === 0) wrong--;
  };
  for (const letter of wanted) add(letter, 1);
  for (const [i, letter] of text.entries()) {
    add(letter, -1);
    const gone = text[i - wanted.length];
    if (gone !== undefined) add(gone, 1);
    if (wrong === 0) return true;
  }
  return false;
}

export const readLocale = async (language: string, namespace: string): Promise<unknown> =>
  JSON.parse(
    await readFile(join(import.meta.dirname, `../../views/locales/${language}/${namespace}.json`), "utf8"),
  ) as unknown;
