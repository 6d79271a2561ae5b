/** What the reporter's pages ask of their worker. Plain data only: it is copied between the two. */
import type { ErrorCode } from "../../../crypto/errors.ts";
import type { Halt } from "../client/valve.ts";
import type { Phase } from "../../../crypto/content.ts";
import type { Answers } from "../../../data/policy/questionnaire.ts";

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
  trial: boolean;
  /** Nobody renewed the charter's signature in time. */
  expired: boolean;
  intakeOpen: boolean;
  /** Largest single attachment, bytes. */
  maxFileBytes: number;
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
}

export type FilingResult =
  /** `day`: days since 1970-01-01 as the server signed it; null when its answer was lost. */
  | { is: "filed"; words: string[]; readers: MemberView[]; day: number | null }
  | { is: "readersChanged"; portal: PortalView }
  | { is: "unreadable"; file: string }
  | { is: "cancelled" };

/** "code": eight known words with a fitting checksum; nothing was asked of the server yet. */
export type CodeCheck =
  { is: "code" } | { is: "count"; words: number } | { is: "unknown"; words: string[] } | { is: "checksum" };

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
  files: FileView[];
}

export interface MailboxView {
  channel: string;
  questionnaire: string;
  /** What the reporter filed. */
  answers: Answers;
  readers: MemberView[];
  phase: Phase;
  /** The report first; its text is in `answers`. */
  entries: EntryView[];
}

export interface MessageInput {
  text: string;
  files: File[];
}

export type MessageResult =
  { is: "sent"; mailbox: MailboxView } | { is: "unreadable"; file: string } | { is: "cancelled" };

export interface Calls {
  /** `pin`: the address's fragment when it came from a notice. "forged": it names another portal, or a newer list. */
  portal(of: { pin: string | null }): PortalView;
  /** Does the sum that keeps robots away while the person writes, and keeps it fresh. */
  prepare(): void;
  file(draft: ReportDraft): FilingResult;
  /** Goes on with the report that `file` began: nothing is sealed or sent twice. */
  fileAgain(): FilingResult;
  readCode(text: string): CodeCheck;
  /** Null: nothing was filed with this code. */
  open(text: string): MailboxView | null;
  refresh(): MailboxView;
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
