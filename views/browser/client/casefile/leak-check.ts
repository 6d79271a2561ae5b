/** The last look at a case file: nothing that was left out of it may stand in it, whichever file it is. */
import { utf8 } from "../../../../crypto/bytes.ts";
import type { BagEntry } from "../bag.ts";
import { attachmentsReader } from "../case-files.ts";
import type { Desk } from "../held-cases.ts";
import { bytesOf } from "./attachment.ts";
import type { Finding, Unsearched } from "./leaks/search-file.ts";
import type { CaseFile } from "./package.ts";
import type { Searcher } from "./searcher.ts";

/** What was found of the texts that were left out; shows words of the case, for counsel's screen only. */
export interface LeakReport {
  /** How many texts were looked for; of a withheld attachment none is known. */
  sought: number;
  /** Stops the case file. */
  leaks: Leak[];
  /** For counsel to look at. */
  remarks: Leak[];
  unsearched: Unsearched[];
  /** Texts that are words of the case file itself, and so could not be sought. */
  ordinary: string[];
}

export interface Leak extends Omit<Finding, "needle" | "is" | "how"> {
  /** What was left out, as it was written. */
  text: string;
}

export const nothingLeftOut: LeakReport = { sought: 0, leaks: [], remarks: [], unsearched: [], ordinary: [] };

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * Searches every file's bytes as they will be saved. `progress`: bytes.
 * @throws PortalError as `openAttachment` and the searcher do
 */
export async function checkForLeaks(
  desk: Desk,
  file: CaseFile,
  searcher: Searcher,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<LeakReport> {
  if (file.redacted.length === 0) return nothingLeftOut;
  const total = [...file.files, ...file.attachments].reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const found: Finding[] = [];
  const unsearched: Unsearched[] = [];
  const search = async ({ path, size }: BagEntry, bytes: () => AsyncIterable<Uint8Array>): Promise<void> => {
    signal.throwIfAborted();
    const searched = await searcher.search({ path, size, bytes });
    found.push(...searched.found);
    unsearched.push(...searched.unsearched);
    progress((done += size), total);
  };
  const own = utf8(file.ownWords);
  const ours = await searcher.search({ path: "own-words.txt", size: own.length, bytes: () => once(own) });
  const ordinary = new Set(ours.found.filter(({ is }) => is === "leak").map(({ needle }) => needle));
  for (const each of file.files) await search(each, () => once(each.bytes));
  const attachments = attachmentsReader(desk, signal);
  try {
    for (const each of file.attachments) await search(each, () => bytesOf(attachments, each));
    await attachments.end();
  } finally {
    await attachments.stop();
  }
  const told = ({ path, inside, where, needle }: Finding): Leak => ({
    path,
    inside,
    where,
    text: file.redacted[needle] ?? "",
  });
  const counting = found.filter(({ needle }) => !ordinary.has(needle));
  return {
    sought: file.redacted.length - ordinary.size,
    leaks: counting.filter(({ is }) => is === "leak").map(told),
    remarks: counting.filter(({ is }) => is === "remark").map(told),
    unsearched,
    ordinary: [...ordinary].map((needle) => file.redacted[needle] ?? ""),
  };
}
