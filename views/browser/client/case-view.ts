/** What a page gets to see of an open case: text and names, no key and no envelope. */
import {
  purposes,
  type FileEntry,
  type Phase,
  type Purpose,
  type ReplyDuty,
  type ReportContent,
} from "../../../crypto/content.ts";
import type { Disposition } from "../../../crypto/dispositions.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { ActContent } from "../../../crypto/team-content.ts";
import type { Stream } from "../../../crypto/envelope/wire.ts";
import type { Member, RosterChain } from "../../../crypto/roster.ts";
import { reviewAnswers, type ReviewedAnswer } from "../../../data/policy/answer-review.ts";
import { findQuestionnaire } from "../../../data/policy/built-in-questionnaires.ts";
import type { DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import { viewDuties, type DutiesView } from "./case-duties.ts";
import type { AskedBy } from "./asked.ts";
import { phasesAfter, type Decision } from "./case-writing.ts";
import { newestStatus, type CaseListing, type OpenCase, type Team } from "./casework.ts";

export interface PersonView {
  id: number;
  name: string;
  title: string;
  /** False for somebody who has left the roster since. */
  current: boolean;
}

export interface FileView {
  /** Which file of which envelope: how a download is asked for. */
  stream: Stream;
  seq: number;
  index: number;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  sha256: string;
}

export interface EntryView {
  seq: number;
  kind: Entry["kind"];
  /** Null: the reporter. */
  author: PersonView | null;
  text: string;
  files: FileView[];
  /** What a reply told the reporter of the case's status. */
  status: Phase | null;
  decision: { phase: Phase; disposition: Disposition | null } | null;
  /** What somebody did to the case, of an act; its reason is the text. */
  act: ActContent | null;
  /** A reply that is the acknowledgement or the update which the law asks for. */
  duty: ReplyDuty | null;
  /** YYYY-MM-DD, as the writer said; null where they did not. */
  day: string | null;
  /** The day by which a reply promised the next update. */
  updateBy: string | null;
  /** A reporter's message that corrects something or asks to withdraw. */
  purpose: Purpose | null;
}

export interface CaseView {
  listing: CaseListing;
  report: {
    channel: string;
    questionnaire: string;
    language: string;
    answers: ReportContent["answers"];
    /** Every answer under its question, with what is odd about it. */
    review: ReviewedAnswer[];
    /** Whether these are the very questions that were asked, see client/asked.ts. */
    askedBy: AskedBy["is"];
    files: FileView[];
    /** Version of the questionnaire that was asked, and the day of filing as the reporter said it. */
    asked: string | null;
    day: string | null;
  };
  /** What the reporter asked for besides, once or more: corrections, and to withdraw. */
  purposes: Purpose[];
  /** Who was given a key by the reporter, and whom the reporter left out. */
  readers: PersonView[];
  excluded: PersonView[];
  /** What came after the report. */
  conversation: EntryView[];
  team: { state: Team["state"]; entries: EntryView[] };
  disposition: Disposition | null;
  next: Decision["phase"][];
  tailHidden: boolean;
  duties: DutiesView;
}

/** Person ids are permanent: the newest roster that lists the person says their name. */
export function personOf(chain: RosterChain, id: number): PersonView {
  const everyone = chain.rosters.flatMap((roster): Member[] => roster.members);
  const { name, title } = everyone.findLast((member) => member.id === id) ?? { name: `#${id}`, title: "" };
  return { id, name, title, current: chain.current.members.some((member) => member.id === id) };
}

/** The channel as the report's own roster names it. */
export function channelOf(chain: RosterChain, open: OpenCase): { name: string; questionnaire: string } {
  const { channel } = open.report.content;
  const roster = chain.rosters.find(({ epoch }) => epoch === open.report.epoch);
  return roster?.channels.find(({ id }) => id === channel) ?? { name: channel, questionnaire: "" };
}

function viewFiles(entry: Entry, stream: Stream): FileView[] {
  const files: readonly FileEntry[] = "files" in entry.content ? entry.content.files : [];
  return files.map(({ name, type, size, sha256 }, index) => ({
    stream,
    seq: entry.seq,
    index,
    name,
    type,
    size,
    sha256,
  }));
}

export function textOf(entry: Entry): string {
  switch (entry.kind) {
    case "message":
    case "reply":
    case "note":
      return entry.content.text;
    case "act":
      return "reason" in entry.content ? entry.content.reason : "";
    case "report":
    case "team":
    case "damaged":
      return "";
  }
}

/** Keys of files stay in the worker. */
function plainAct(act: ActContent): ActContent {
  return act.act === "filing" ? { ...act, files: [] } : act;
}

function viewEntry(chain: RosterChain, entry: Entry, stream: Stream): EntryView {
  return {
    seq: entry.seq,
    kind: entry.kind,
    author: entry.author === null ? null : personOf(chain, entry.author),
    text: textOf(entry),
    files: viewFiles(entry, stream),
    status: entry.kind === "reply" ? entry.content.status : null,
    decision:
      entry.kind === "act" && entry.content.act === "status"
        ? { phase: entry.content.phase, disposition: entry.content.disposition }
        : null,
    act: entry.kind === "act" ? plainAct(entry.content) : null,
    duty: (entry.kind === "reply" ? entry.content.duty : undefined) ?? null,
    day: ("day" in entry.content ? entry.content.day : undefined) ?? null,
    updateBy: (entry.kind === "reply" ? entry.content.updateBy : undefined) ?? null,
    purpose: (entry.kind === "message" ? entry.content.purpose : undefined) ?? null,
  };
}

/** The questions that the report answered, as far as they are known without asking the server. */
function builtInAsked(chain: RosterChain, open: OpenCase): AskedBy {
  return { is: "unsaid", questionnaire: findQuestionnaire(channelOf(chain, open).questionnaire) };
}

/** What the portal says of duties, and the moment it is looked at: milliseconds since 1970-01-01T00:00:00Z. */
export interface Looking {
  duties: DutiesFile | null;
  now: number;
}

export function viewCase(
  chain: RosterChain,
  open: OpenCase,
  askedBy = builtInAsked(chain, open),
  { duties, now }: Looking = { duties: null, now: Date.now() },
): CaseView {
  const { answers, language, readers, excluded, asked = null, day = null } = open.report.content;
  const { name, questionnaire } = channelOf(chain, open);
  const review = reviewAnswers(askedBy.questionnaire, answers);
  const teamEntries = open.team.state === "open" ? open.team.entries : [];
  return {
    listing: open.listing,
    report: {
      channel: name,
      questionnaire,
      language,
      answers,
      review,
      askedBy: askedBy.is,
      files: viewFiles(open.report, 0),
      asked,
      day,
    },
    purposes: purposes.filter((each) =>
      open.entries.some((entry) => entry.kind === "message" && entry.content.purpose === each),
    ),
    readers: readers.map((id) => personOf(chain, id)),
    excluded: excluded.map((id) => personOf(chain, id)),
    conversation: open.entries.slice(1).map((entry) => viewEntry(chain, entry, 0)),
    team: { state: open.team.state, entries: teamEntries.map((entry) => viewEntry(chain, entry, 1)) },
    disposition: newestStatus(open.team)?.disposition ?? null,
    next: phasesAfter(open.lookup.phase),
    tailHidden: open.tailHidden,
    duties: viewDuties(chain, open, duties, now),
  };
}
