/** The last look at a case file: nothing that was left out of it may stand in it, whichever file it is. */
import { utf8 } from "../../../../crypto/bytes.ts";
import type { BagEntry } from "../bag.ts";
import { attachmentsReader } from "../case-files.ts";
import type { Desk } from "../held-cases.ts";
import { bytesOf } from "./attachment.ts";
import type { ReadCase } from "./case-documents.ts";
import { wordsOf } from "./leaks.ts";
import { leftOutBesides, type Written } from "./leaks/left-out.ts";
import type { Finding, Unsearched } from "./leaks/search-file.ts";
import type { CaseFile } from "./package.ts";
import type { Searcher } from "./searcher.ts";

/** What was found of the texts that were left out; shows words of the case, for counsel's screen only. */
export interface LeakReport {
  /** How many texts were looked for; of a withheld attachment none is known, only its copies are. */
  sought: number;
  /** Stops the case file. */
  leaks: Leak[];
  /** For counsel to look at. */
  remarks: Leak[];
  unsearched: Unsearched[];
  /** Texts that are words of the case file itself, and so could not be sought. */
  ordinary: string[];
}

export interface Leak extends Omit<Finding, "needle" | "is" | "how" | "word"> {
  /** What was left out, as it was written; of a withheld attachment its name; a name or number out of a longer text. */
  text: string;
}

/** A finished case file, and the cases that it was made of. */
export interface Finished {
  file: CaseFile;
  cases: readonly ReadCase[];
}

const nothingLeftOut: LeakReport = { sought: 0, leaks: [], remarks: [], unsearched: [], ordinary: [] };

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * Searches every file's bytes as they will be saved. `progress`: bytes.
 * @throws PortalError as `openAttachment` and the searcher do
 */
export async function checkForLeaks(
  desk: Desk,
  { file, cases }: Finished,
  startSearcher: (texts: readonly string[]) => Searcher,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<LeakReport> {
  const { chain } = desk.session;
  const { files, written } = leftOutBesides(chain, cases);
  const copies = file.attachments.flatMap((each): Leak[] => {
    const text = files.get(each.sha256);
    return text === undefined ? [] : [{ path: each.path, inside: [], where: { is: "byte", offset: 0 }, text }];
  });
  const sought = eachOnce([...file.redacted.map((text) => ({ text, stops: true })), ...written]);
  if (sought.length === 0) return { ...nothingLeftOut, leaks: copies };
  const searcher = startSearcher(sought.map(({ text }) => text));
  signal.addEventListener("abort", searcher.stop);
  try {
    const found = await searchAll(desk, file, searcher, progress, signal);
    const searched = reportOf(found, sought);
    return { ...searched, leaks: [...copies, ...searched.leaks] };
  } finally {
    signal.removeEventListener("abort", searcher.stop);
    searcher.stop();
  }
}

/** The same text may have been written twice; it stops the case file if one of these does. */
function eachOnce(texts: readonly Written[]): Written[] {
  const stops = new Map<string, boolean>();
  for (const each of texts) stops.set(each.text, each.stops || stops.get(each.text) === true);
  return [...stops].map(([text, isStopping]) => ({ text, stops: isStopping }));
}

interface Findings {
  found: Finding[];
  unsearched: Unsearched[];
  /** In what every case file says. */
  ours: Finding[];
  /** In the name of the organisation, which stands in each of its files. */
  named: Finding[];
}

async function searchAll(
  desk: Desk,
  file: CaseFile,
  searcher: Searcher,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Findings> {
  const total = [...file.files, ...file.attachments].reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const all: Findings = { found: [], unsearched: [], ours: [], named: [] };
  const search = async ({ path, size }: BagEntry, bytes: () => AsyncIterable<Uint8Array>): Promise<void> => {
    signal.throwIfAborted();
    const searched = await searcher.search({ path, size, bytes });
    all.found.push(...searched.found);
    all.unsearched.push(...searched.unsearched);
    progress((done += size), total);
  };
  const foundIn = async (words: string): Promise<Finding[]> => {
    const bytes = utf8(words);
    return (await searcher.search({ path: "", size: bytes.length, bytes: () => once(bytes) })).found;
  };
  all.ours = await foundIn(file.ownWords);
  all.named = await foundIn(desk.session.chain.current.organisation);
  for (const each of file.files) await search(each, () => once(each.bytes));
  const attachments = attachmentsReader(desk, signal);
  try {
    for (const each of file.attachments) await search(each, () => bytesOf(attachments, each));
    await attachments.end();
  } finally {
    await attachments.stop();
  }
  return all;
}

const wordKey = ({ needle, word }: Finding): string => `${String(needle)} ${String(word)}`;

function reportOf({ found, unsearched, ours, named }: Findings, sought: readonly Written[]): LeakReport {
  const ordinary = new Set(ours.filter(({ is }) => is === "leak").map(({ needle }) => needle));
  const ordinaryWords = new Set([...ours, ...named].filter(({ word }) => word !== null).map(wordKey));
  const textOf = ({ needle, word }: Finding): string => {
    const { text } = sought[needle]!;
    return word === null ? text : wordsOf(text)[word]!;
  };
  const told = (finding: Finding): Leak => {
    const { path, inside, where } = finding;
    return { path, inside, where, text: textOf(finding) };
  };
  const counting = found.filter((each) => !ordinary.has(each.needle) && !ordinaryWords.has(wordKey(each)));
  const stops = ({ is, needle }: Finding): boolean => is === "leak" && sought[needle]!.stops;
  return {
    sought: sought.length - ordinary.size,
    leaks: counting.filter(stops).map(told),
    remarks: withoutParts(
      counting.filter((each) => !stops(each)),
      textOf,
    ).map(told),
    unsearched,
    ordinary: [...ordinary].map((needle) => sought[needle]!.text),
  };
}

/** Where all of a name stands its parts go without saying, and so does the same name out of another redaction. */
function withoutParts(remarks: readonly Finding[], textOf: (finding: Finding) => string): Finding[] {
  const byPlace = new Map<string, { finding: Finding; text: string }[]>();
  for (const finding of remarks) {
    const place = JSON.stringify([finding.path, finding.inside]);
    byPlace.set(place, [...(byPlace.get(place) ?? []), { finding, text: textOf(finding) }]);
  }
  return [...byPlace.values()].flatMap((here) => {
    const isTold = (text: string, i: number): boolean =>
      here.some((other, j) => (other.text === text ? j < i : ` ${other.text} `.includes(` ${text} `)));
    return here
      .filter(({ finding, text }, i) => finding.word === null || !isTold(text, i))
      .map(({ finding }) => finding);
  });
}
