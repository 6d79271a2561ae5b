/** A case file that counsel exported from a real portal, and hands that may alter it. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8 } from "../../crypto/bytes.ts";
import { minisign } from "../../crypto/minisign.ts";
import type { KeyPair } from "../../crypto/sodium.ts";
import { fetchCaseProofs } from "../../views/browser/client/case-proofs.ts";
import { writeNote } from "../../views/browser/client/case-writing.ts";
import { openCase } from "../../views/browser/client/casework.ts";
import { bytesOfCaseFile, planned } from "./case-file-plan.ts";
import { deskOf, fileOfBytes, findByTitle, tell, withoutFiles } from "./casework.ts";
import { TurnedClock } from "./dated-cases.ts";
import { serveOrganisation } from "./organisation-server.ts";

export interface ExportedCase {
  /** Of its own; discard() removes it. */
  folder: string;
  zip: string;
  /** Path of counsel.pub. */
  key: string;
  /** The key that signed, for tests of what only its holder could do. */
  secret: KeyPair;
  /** Name of the case and of the ZIP's one folder. */
  name: string;
  /** A fresh copy of the bag, unpacked by unzip. */
  unpack(): string;
  discard(): void;
}

/** Two attachments, a note, everything chosen; `log`: with an extract of it, proved but for the note. Needs the judge "unzip". */
export async function exportCase({ log = false } = {}): Promise<ExportedCase> {
  const clock = new TurnedClock();
  const served = await serveOrganisation({}, 2, { clock });
  const folder = mkdtempSync(join(tmpdir(), "tellhaven-verify-"));
  try {
    const title = "Press 4";
    const files = [fileOfBytes("photo.jpg", utf8("a picture")), fileOfBytes("list.txt", utf8("a list\n"))];
    await tell(served, { title, files });
    const { carl } = served.organisation.members;
    if (log) {
      clock.ahead += 1;
      await served.portal.context.store.padLog(clock.today());
    }
    const desk = await deskOf(served, carl.seed);
    const caseId = (await findByTitle(served, desk, title))!;
    await writeNote(desk, caseId, "A thought", await withoutFiles(desk, caseId));
    const open = await openCase(desk, caseId);
    const proofs = log ? [await fetchCaseProofs(desk, open)] : null;
    const file = await planned(desk, [open], { choices: { notes: true, log }, proofs });
    const [zip, key] = [join(folder, file.fileName), join(folder, "counsel.pub")];
    writeFileSync(zip, await bytesOfCaseFile(desk, file));
    writeFileSync(key, file.publicKey);
    execFileSync("unzip", ["-q", zip, "-d", join(folder, "whole")]);
    let copies = 0;
    return {
      folder,
      zip,
      key,
      secret: carl.secrets.export,
      name: file.folder,
      unpack() {
        const copy = join(folder, `copy-${++copies}`);
        cpSync(join(folder, "whole", file.folder), copy, { recursive: true });
        return copy;
      },
      discard: () => rmSync(folder, { recursive: true, force: true }),
    };
  } finally {
    await served.portal.discard();
  }
}

const sumOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Lists the tag files anew and signs, as whoever holds the key could. */
export function signAgain(bag: string, secret: KeyPair, comment?: string): void {
  const list = join(bag, "tagmanifest-sha256.txt");
  const lines = readFileSync(list, "latin1").replaceAll(/^[0-9a-f]{64} {2}(\S+)$/gm, (line, path: string) => {
    try {
      return `${sumOf(join(bag, path))}  ${path}`;
    } catch {
      return line;
    }
  });
  writeFileSync(list, lines, "latin1");
  const said = /^trusted comment: (.*)$/m.exec(readFileSync(`${list}.minisig`, "utf8"))![1]!;
  writeFileSync(`${list}.minisig`, minisign(readFileSync(list), secret, comment ?? said));
}
