/** `tellhaven verify <bag|zip> --key counsel.pub [--authority ca.pem] [--approver approver.pub]`: what of a case file holds, item by item. No server is needed. */
import { readFileSync, statSync } from "node:fs";
import { PortalError } from "../../crypto/errors.ts";
import { parseMinisignKey } from "../../crypto/minisign.ts";
import { translator } from "../http/i18n.ts";
import { Mistake } from "./mistake.ts";
import { openBag, type Bag } from "./verify/bag.ts";
import { checks, runChecks, type Trusted } from "./verify/checks.ts";
import { parseAuthority } from "./verify/stamp.ts";
import { faultLine } from "./verify/words.ts";

const t = translator("en");
/** A key has a hundred bytes, a chain of certificates some thousand. */
const mostKeyBytes = 65_536;

/** Exit codes: whatever is not 0 is no case file to rely on. */
export const exits = { holds: 0, fails: 1, unknown: 2 } as const;
type Verdict = keyof typeof exits;

/** Paths. */
export interface VerifyOptions {
  key?: string;
  authority?: string;
  approver?: string;
}

/** Prints the findings; the exit code is 0 only when everything holds, the signature by the key given included. */
export async function verify(path: string, options: VerifyOptions): Promise<void> {
  try {
    const trusted: Trusted = {
      key: read(options.key, "key", parseMinisignKey),
      authority: read(options.authority, "authority", (bytes) => parseAuthority(bytes.toString("latin1"))),
      approver: read(options.approver, "approver", parseMinisignKey),
    };
    const bag = await find(path);
    try {
      const verdict = await tellAll(bag, trusted, (line) => void process.stdout.write(`${line}\n`));
      process.exitCode = exits[verdict];
    } finally {
      await bag.close();
    }
  } catch (error) {
    const why = error instanceof Mistake ? error.message : unreadable(path, error);
    process.stderr.write(`${why}\n`);
    process.exitCode = exits.unknown;
  }
}

/** What the disk or the folder answered; anything else is a fault of ours, and thrown. */
function unreadable(path: string, error: unknown): string {
  const isDisk = error instanceof Error && "syscall" in error;
  if (!isDisk && !(error instanceof PortalError)) throw error;
  return t("shell:verify.mistake.unreadable", { path });
}

/** `what`: also the name of the words for a file that is none. */
function read<T>(path: string | undefined, what: keyof VerifyOptions, parse: (bytes: Buffer) => T): T | null {
  if (path === undefined) return null;
  try {
    if (statSync(path).size > mostKeyBytes) throw new PortalError("format", "too large");
    return parse(readFileSync(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Mistake(t(`shell:verify.mistake.${what}`, { path }), { cause: error });
  }
}

async function find(path: string): Promise<Bag> {
  const bag = await openBag(path);
  if (bag === null) throw new Mistake(t("shell:verify.mistake.nothing", { path }));
  // Of a ZIP that was refused nothing is known, and the check says why.
  const isKnown = bag.odd.length === 0 || bag.files.size > 0;
  if (isKnown && !bag.files.has("bagit.txt") && !bag.files.has("manifest-sha256.txt")) {
    await bag.close();
    throw new Mistake(t("shell:verify.mistake.noBag", { path }));
  }
  return bag;
}

/** One line for each check, and below it what does not hold or is to be compared; then the verdict. */
export async function tellAll(bag: Bag, trusted: Trusted, tell: (line: string) => void): Promise<Verdict> {
  const width = Math.max(...checks.map(({ id }) => id.length));
  let verdict: Verdict = "holds";
  for await (const { id, is: mark, said } of runChecks(bag, trusted)) {
    if (verdict !== "fails" && mark !== "none" && mark !== "holds") verdict = mark;
    tell(`${t(`shell:verify.mark.${mark}`).padEnd(5)}  ${id.padEnd(width)}  ${t(`shell:verify.row.${id}`)}`);
    // In the order of bytes, as verify.sh has them.
    for (const line of said.map((each) => faultLine(t, each)).sort()) tell(`       ${line}`);
  }
  tell(t(`shell:verify.end.${verdict}`));
  return verdict;
}
