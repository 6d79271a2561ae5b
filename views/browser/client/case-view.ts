/** What a page gets to see of an open case: text and names, no key and no envelope. */
import {
  purposes,
  type FileEntry,
  type Phase,
  type Purpose,
  type ReplyDuty,
  type ReportContent,
  type WayTaken,
} from "../../../crypto/content.ts";
import { fromHex } from "../../../crypto/bytes.ts";
import { caseName } from "../../../crypto/words.ts";
import type { Disposition } from "../../../crypto/dispositions.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { ActContent } from "../../../crypto/team-content.ts";
import type { Stream } from "../../../crypto/envelope/wire.ts";
import type { RosterChain } from "../../../crypto/roster.ts";
import { reviewAnswers, type ReviewedAnswer } from "../../../data/policy/answer-review.ts";
import { findQuestionnaire } from "../../../data/policy/built-in-questionnaires.ts";
import type { Questionnaire } from "../../../data/policy/questionnaire.ts";
import type { DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import { callsTo, workOf, type WorkView } from "./case-work.ts";
import { viewDuties, type DutiesView } from "./case-duties.ts";
import type { AskedBy } from "./asked.ts";
import { marksOf, type Mark } from "./casefile/marks.ts";
import { phasesAfter, type Decision } from "./case-writing.ts";
import { newestStatus, type OpenCase, type Team } from "./casework.ts";
import { membersEver, type CaseListing } from "./listing.ts";

export interface PersonView {
  id: number;
  name: string;
  title: string;
  /** False for somebody who has left the roster since. */
  current: boolean;
  /** A key that lies in a safe: nobody works with it day by day. */
  recovery: boolean;
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
  /** Of what readers alone see: the newest envelope of the conversation when it was written; null: not said. */
  after: number | null;
  /** Readers whom a note calls. */
  mentions: PersonView[];
  /** Name of the case that a link names. */
  linked: string;
  /** Of a new key: who reads from here on. */
  readersNow: PersonView[];
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
    /** What a case of this channel can be filed under. */
    categories: { value: string; labelKey: string }[];
    files: FileView[];
    /** Version of the questionnaire that was asked, and the day of filing as the reporter said it. */
    asked: string | null;
    day: string | null;
    /** The member who wrote it down for the reporter, as the report says. */
    taken: { by: PersonView; how: WayTaken } | null;
  };
  /** What the reporter asked for besides, once or more: corrections, and to withdraw. */
  purposes: Purpose[];
  /** Who reads what comes next. */
  readers: PersonView[];
  /** Everybody who was ever on the list: names for what they wrote. */
  people: PersonView[];
  /** Whom the reporter left out. */
  excluded: PersonView[];
  /** What came after the report. */
  conversation: EntryView[];
  team: { state: Team["state"]; entries: EntryView[] };
  disposition: Disposition | null;
  next: Decision["phase"][];
  tailHidden: boolean;
  work: WorkView;
  /** Places in the team's stream of notes that call whoever looks, and to which they have not yet written anything. */
  calls: number[];
  /** Readers who are left out of the newest keys, and nobody can say why. */
  leftOut: PersonView[];
  duties: DutiesView;
  /** What counsel marked to be left out of case files. */
  marks: Mark[];
}

/** Person ids are permanent: the newest roster that lists the person says their name. */
export function personOf(chain: RosterChain, id: number): PersonView {
  const unknown = { name: `#${id}`, title: "", roles: [] as const };
  const { name, title, roles } = membersEver(chain).find((member) => member.id === id) ?? unknown;
  const current = chain.current.members.some((member) => member.id === id);
  return { id, name, title, current, recovery: roles.some((role) => role === "recovery") };
}

/** The channel as the report's own roster names it. */
export function channelOf(chain: RosterChain, open: Pick<OpenCase, "report">): { name: string; questionnaire: string } {
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
    case "rekey":
    case "team":
    case "teamrekey":
    case "damaged":
      return "";
  }
}

/** Keys of files stay in the worker. */
function plainAct(act: ActContent): ActContent {
  return act.act === "filing" ? { ...act, files: [] } : act;
}

/** As the writer said; null where they did not. */
export function dayIn(content: Entry["content"]): string | null {
  if ("dated" in content) return content.dated ?? null;
  return ("day" in content ? content.day : undefined) ?? null;
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
    day: dayIn(entry.content),
    after: ("conversation" in entry.content ? entry.content.conversation.seq : undefined) ?? null,
    updateBy: (entry.kind === "reply" ? entry.content.updateBy : undefined) ?? null,
    mentions: ((entry.kind === "note" ? entry.content.mentions : undefined) ?? []).map((id) => personOf(chain, id)),
    linked: entry.kind === "act" && entry.content.act === "link" ? caseName(fromHex(entry.content.case, 32)) : "",
    readersNow: newReaders(entry).map((id) => personOf(chain, id)),
    purpose: (entry.kind === "message" ? entry.content.purpose : undefined) ?? null,
  };
}

function newReaders(entry: Entry): readonly number[] {
  if (entry.kind === "rekey") return entry.content.readers;
  return entry.kind === "teamrekey" ? entry.content.audience : [];
}

/** The questions that the report answered, as far as they are known without asking the server. */
function builtInAsked(chain: RosterChain, open: OpenCase): AskedBy {
  return { is: "unsaid", questionnaire: findQuestionnaire(channelOf(chain, open).questionnaire) };
}

function categoriesOf({ questions }: Questionnaire): CaseView["report"]["categories"] {
  const options = questions.find(({ id }) => id === "categories")?.options ?? [];
  return options.map(({ value, labelKey }) => ({ value, labelKey }));
}

/** What the portal says of duties, and the moment it is looked at: milliseconds since 1970-01-01T00:00:00Z. */
export interface Looking {
  duties: DutiesFile | null;
  now: number;
  /** Person ids of readers who are left out of the newest keys without a reason. */
  leftOut?: readonly number[];
  /** Person id of whoever looks. */
  me?: number | null;
}

export function viewCase(
  chain: RosterChain,
  open: OpenCase,
  askedBy = builtInAsked(chain, open),
  { duties, now, leftOut = [], me = null }: Looking = { duties: null, now: Date.now() },
): CaseView {
  const { answers, language, excluded, asked = null, day = null, taken } = open.report.content;
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
      categories: categoriesOf(askedBy.questionnaire),
      files: viewFiles(open.report, 0),
      asked,
      day,
      taken: taken === undefined ? null : { by: personOf(chain, taken.by), how: taken.how },
    },
    purposes: purposes.filter((each) =>
      open.entries.some((entry) => entry.kind === "message" && entry.content.purpose === each),
    ),
    readers: open.readers.map((id) => personOf(chain, id)),
    people: membersEver(chain).map(({ id }) => personOf(chain, id)),
    excluded: excluded.map((id) => personOf(chain, id)),
    conversation: open.entries.slice(1).map((entry) => viewEntry(chain, entry, 0)),
    team: { state: open.team.state, entries: teamEntries.map((entry) => viewEntry(chain, entry, 1)) },
    disposition: newestStatus(open.team)?.disposition ?? null,
    next: phasesAfter(open.lookup.phase),
    tailHidden: open.tailHidden,
    work: workOf(open),
    calls: me === null ? [] : callsTo(open, me),
    leftOut: leftOut.map((id) => personOf(chain, id)),
    duties: viewDuties(chain, open, duties, now),
    marks: marksOf(chain, teamEntries),
  };
}
