/** What the reporter's pages ask of their worker. Plain data only: it is copied between the two. */
import type { CodeLanguage } from "../../../crypto/code-words.ts";
import type { ErrorCode } from "../../../crypto/errors.ts";
import type { Halt } from "../client/valve.ts";
import type { Phase, Purpose, ReplyDuty, WayTaken } from "../../../crypto/content.ts";
import type { ProofProblem } from "../../../crypto/proof.ts";
import type { Answers } from "../../../data/policy/questionnaire.ts";
import type { ToldStatus } from "../../../data/policy/update-date.ts";

export interface MemberView {
  id: number;
  name: string;
  title: string;
  roles: string[];
}

export interface ChannelView {
  id: string;
  name: string;
  questionnaire: string;
  /** Everybody who reads it unless the reporter leaves them out, recovery members too. */
  readers: MemberView[];
}

/** The portal as its verified roster describes it. */
export interface PortalView {
  /** The portal id as 12 words of the English list, as notices carry them. */
  fingerprint: string[];
  /** True: the address named this portal, as a notice's QR code does, and it is that one. */
  pinned: boolean;
  organisation: string;
  /** Nobody renewed the charter's signature in time. */
  expired: boolean;
  intakeOpen: boolean;
  /** Largest single attachment, bytes. */
  maxFileBytes: number;
  /** Days for which backups of the keyring are kept; 0: none. */
  keyringBackupDays: number;
  channels: ChannelView[];
  members: MemberView[];
}

export interface ReportDraft {
  channel: string;
  /** Version of the questionnaire that was asked. */
  asked: string;
  answers: Answers;
  excluded: number[];
  files: File[];
  language: string;
  /** The server may see this, and tells the last resorts at once. */
  urgent: boolean;
}

export type FilingResult =
  /** `day`: days since 1970-01-01 as the server signed it; null when its answer was lost. */
  | { is: "filed"; words: string[]; codeLanguage: CodeLanguage; readers: MemberView[]; day: number | null }
  | { is: "readersChanged"; portal: PortalView }
  | { is: "unreadable"; file: string }
  | { is: "cancelled" };

/** "code": eight known words with a fitting checksum; nothing was asked of the server yet. */
export type CodeCheck =
  | { is: "code" }
  | { is: "count"; words: number }
  | { is: "unknown"; words: string[]; near: string[] }
  | { is: "checksum" };

export interface FileView {
  name: string;
  size: number;
}

export interface EntryView {
  seq: number;
  /** It did not verify inside: nobody knows who wrote it, and nothing of it is shown. */
  damaged: boolean;
  /** Null: the reporter. */
  from: MemberView | null;
  text: string;
  /** New keys were made: who reads from here on; null for everything else. */
  readersNow: MemberView[] | null;
  files: FileView[];
  /** YYYY-MM-DD, as the writer said; null where they did not. */
  day: string | null;
  /** What the reporter's own message is for, besides talking. */
  purpose: Purpose | null;
  /** What a reply told of the report's state, and the day by which it promised the next. */
  status: Phase | null;
  updateBy: string | null;
  /** A reply that is the acknowledgement or the regular update. */
  duty: ReplyDuty | null;
}

export interface MailboxView {
  channel: string;
  questionnaire: string;
  /** Version of the questionnaire that was asked; null for reports that do not say. */
  asked: string | null;
  /** What the reporter filed. */
  answers: Answers;
  readers: MemberView[];
  status: ToldStatus;
  /** The member who wrote it down for the reporter, and so has seen the code. */
  taken: (MemberView & { how: WayTaken }) | null;
  /** The report first; its text is in `answers`. */
  entries: EntryView[];
  /** How the browser would keep that all of this was seen, where the person wants that. */
  seen: { name: string; value: string };
}

/** What a code leads to, or an open mailbox on a second look. `on`: days since 1970-01-01. */
export type OpenResult = { is: "open"; mailbox: MailboxView } | { is: "nothing" } | { is: "deleted"; on: number };

export interface MessageInput {
  text: string;
  files: File[];
  purpose: Purpose | null;
}

export type MessageResult =
  { is: "sent"; mailbox: MailboxView } | { is: "unreadable"; file: string } | { is: "cancelled" };

/** A proof of filing that was looked at: the day it vouches for, or what is wrong with it. */
export type ProofView = { is: "proved"; day: number; organisation: string } | { is: "refused"; why: ProofProblem };

export interface Calls {
  /** `pin`: the address's fragment when it came from a notice. "forged": it names another portal, or a newer list. */
  portal(of: { pin: string | null }): PortalView;
  /** Does the sum that keeps robots away while the person writes, and keeps it fresh. */
  prepare(): void;
  file(draft: ReportDraft): FilingResult;
  /** Goes on with the report that `file` began: nothing is sealed or sent twice. */
  fileAgain(): FilingResult;
  /** The proof of what was just filed, as a file's text; null when the server's answer was lost. */
  proof(about: string): string | null;
  checkProof(text: string): ProofView;
  readCode(text: string): CodeCheck;
  open(text: string): OpenResult;
  refresh(): Exclude<OpenResult, { is: "nothing" }>;
  /** How many entries were on the page when this was kept; null when it was not kept for this mailbox. */
  readSeen(value: string): number | null;
  send(message: MessageInput): MessageResult;
  sendAgain(): MessageResult;
  /** One file, verified: through the port to the browser's downloads, or as a Blob. */
  fetchFile(of: { seq: number; index: number; port: MessagePort | null }): Blob | null;
}
export type CallName = keyof Calls;

export interface Progress {
  step: "locking" | "working" | "sending" | "storing";
  /** Share of the bytes of files that are sealed and stored, 0 to 1. */
  part: number;
  /** While files are sent. */
  transfer?: Transfer;
}

export interface Transfer {
  /** Bytes that have left and that there are, filler included. */
  sent: number;
  total: number;
  /** Null: it flows. */
  halt: Halt | null;
  /** `sent` of each file's own bytes, about: sealing adds a few. */
  files: { name: string; size: number; sent: number }[];
}

export type ToWorker =
  { id: number; call: CallName; argument: unknown } | { cancel: number } | { id: number; halt: Halt; closed: boolean };

export type FromWorker =
  | { is: "ready" }
  | { is: "progress"; id: number; progress: Progress }
  | { is: "answer"; id: number; answer: unknown }
  | { is: "error"; id: number; code: ErrorCode };
