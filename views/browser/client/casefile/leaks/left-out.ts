/** What counsel withheld besides the texts of documents: files, and the words that somebody wrote into an act. */
import type { RosterChain } from "../../../../../crypto/roster.ts";
import type { ActContent } from "../../../../../crypto/team-content.ts";
import { teamEntries, type ReadCase } from "../case-documents.ts";
import { marksOf } from "../marks.ts";
import { tighten } from "./tight.ts";

export interface Written {
  text: string;
  /** Whether it stops the case file where it stands; otherwise it is a remark, as a name is. */
  stops: boolean;
}

export interface LeftOutBesides {
  /** SHA-256 in hex, and the name that was sent. An empty file is like any other, and none of them. */
  files: Map<string, string>;
  written: Written[];
}

/** Of all that is marked in these cases, whether its part was chosen or not: a copy of it may stand in one that was. */
export function leftOutBesides(chain: RosterChain, cases: readonly ReadCase[]): LeftOutBesides {
  const all: LeftOutBesides = { files: new Map(), written: [] };
  for (const of of cases)
    for (const { stream, seq, part } of marksOf(chain, teamEntries(of))) {
      const entry = (stream === 0 ? of.entries : teamEntries(of)).find((each) => each.seq === seq);
      if (entry === undefined) continue;
      const files = "files" in entry.content ? entry.content.files : [];
      const file = files.find((_, index) => part === `file:${String(index)}`);
      if (file !== undefined && file.size > 0) all.files.set(file.sha256, file.name);
      if (entry.kind === "act" && part === "document") all.written.push(...writtenIn(entry.content));
    }
  return all;
}

const fewestWords = 3;
/** In halves of a Latin letter, as tight.ts counts: eight letters of Han. */
const tellingHeft = 48;
/** More than a day and its hour. */
const sentenceHeft = 64;

/**
 * What a member wrote into an act, the reason apart, which is marked as a text. Nobody can leave out a part of it, and
 * a report says "Press 4" with good reason: so only what is three words long stops a case file.
 */
export function writtenIn(act: ActContent): Written[] {
  return fieldsOf(act).filter(({ text }) => text.trim() !== "");
}

const telling = (text = ""): Written => ({
  text,
  stops: text.trim().split(/\s+/u).length >= fewestWords || tighten(text).heft >= tellingHeft,
});
/** What stands elsewhere whoever writes: a tag, an authority, a number that it gave. */
const remark = (text = ""): Written => ({ text, stops: false });

function fieldsOf(act: ActContent): Written[] {
  switch (act.act) {
    case "hold":
      return [telling(act.matter), telling(act.scope)];
    case "task":
      return [telling(act.text)];
    case "describe":
      return [telling(act.title)];
    case "tag":
      return [remark(act.tag)];
    case "filing":
      return [
        remark(act.recipient),
        remark(act.filed?.reference),
        ...(tighten(act.date).heft > sentenceHeft ? [telling(act.date)] : []),
        telling(act.qualifies),
        telling(act.statement),
      ];
    // Days, names of members and what is chosen from lists: they stand everywhere.
    case "status":
    case "assess":
    case "clock":
    case "done":
    case "triage":
    case "posted":
    case "retain":
    case "conflict":
    case "assign":
    case "severity":
    case "link":
    case "mute":
    case "checkIns":
    case "checkIn":
    case "redact":
    case "askExport":
    case "answerExport":
    case "exported":
      return [];
  }
}
