/** What the console's page may ask of the keyholder, and nothing else. Plain data: it is copied between the two. */
import type { Deletion } from "../client/case-writing.ts";
import type { Phase, ReplyDuty } from "../../../crypto/content.ts";
import type { ActDraft, VisibleChange } from "../client/case-acts.ts";
import type { Disposition } from "../../../crypto/dispositions.ts";
import type { ErrorCode } from "../../../crypto/errors.ts";
import type { CaseView, FileView } from "../client/case-view.ts";
import type { CaseListing } from "../client/listing.ts";
import type { LogState } from "../client/log.ts";
import type { Readings } from "./worker-reading.ts";
import type { SearchHit } from "../client/search-index.ts";
import type { FileChange, PresentationView, SaveAnswer } from "../client/presentation.ts";
import type { LinkWish, LinkWritten } from "./worker-work.ts";
import type { PageData } from "../i18n.ts";
import type { TakenCalls } from "./taken/taken-api.ts";
import type { CaseFileCalls } from "./casefile/casefile-api.ts";
import type { QueueCalls } from "./queue/queue-api.ts";

export interface Identity {
  id: number;
  name: string;
  title: string;
  roles: string[];
  /** Gets a slot in every report, real or not, and may take reports. */
  isRecipient: boolean;
  organisation: string;
  /** A trial organisation: nothing in it is protected as it would be for real. */
  trial: boolean;
  /** Last day of the roster, YYYY-MM-DD. */
  expires: string;
  /** Minisign public key file of the key that signs case files: as exporter, or as who approves. */
  exportKey: string;
  /** Counsel may export case files. */
  mayExport: boolean;
  /** Hex: the page keeps the newest roster's hash by portal, so that a later visit notices a rollback. */
  portalId: string;
  rosterHash: string;
}

/** Why a sign-in did not work; anything else is an error with its code. */
export type Refusal = "passphrase" | "notKeyFile" | "words" | "notOnRoster" | "otherPortal" | "noRoster";
export type UnlockResult = { is: "in"; me: Identity } | { is: "refused"; why: Refusal };

export type Credentials = { by: "file"; file: File; passphrase: string } | { by: "words"; words: string };

/** Hash of the newest roster seen on this device, by portal id; all hex. */
export type SeenRosters = Readonly<Record<string, string>>;

/** How the portal's log looks from here; `notes`: the two signed states that contradict each other. */
export interface LogView {
  state: LogState;
  notes: string[];
}

export interface Desktop {
  me: Identity;
  listings: CaseListing[];
  /** Cases that were not looked at yet. */
  left: number;
  /** Feed items that led nowhere they should. */
  damaged: number;
  /** Cases that got a new key which was not given to this member. */
  withdrawn: number;
  log: LogView;
  /** The case that was asked for, as it is now; null: it is not here, or was not opened yet. */
  shown: CaseView | null;
  /** Of the newest roster. */
  channels: Named<string>[];
  people: Named<number>[];
}

export interface Named<Id> {
  id: Id;
  name: string;
}

/** "gate": the member has not said yet whether they have a conflict; `alone`: nobody else could read it then. */
export type Opened =
  { is: "case"; view: CaseView } | { is: "gate"; listing: CaseListing; alone: boolean } | { is: "gone" };

export interface SealedCaseView {
  fileName: string;
  /** Bytes. */
  length: number;
  /** Envelopes whose attachments the server does not have any more. */
  missing: number;
}

export interface Calls extends TakenCalls, QueueCalls, CaseFileCalls {
  unlock(input: { credentials: Credentials; seen: SeenRosters; page: PageData; idleMinutes: number }): UnlockResult;
  /**
   * Looks for what is new, and reads every case that grew, whichever of them is on the screen: requests say nothing
   * of that. Puts no idle lock off, because the page asks by itself. `most`: only so many, the newest first, so that
   * something is there soon; null: all.
   */
  list(input: { most: number | null; shown: string | null }): Desktop;
  open(input: { caseId: string }): Opened;
  /** Says whether this member has a conflict in the case; with one they lose it for good. */
  declare(input: { caseId: string; has: boolean; reason: string }): Opened | { is: "alone" };
  reply(input: {
    caseId: string;
    text: string;
    files: File[];
    status: Phase | null;
    day: string;
    updateBy: string | null;
    /** That this is what the law asks for; an update without change says why, to the other readers only. */
    duty: Duty | null;
    viewed: number;
  }): CaseView;
  /** Signs and appends an act; `files` only of a filing. */
  act(input: {
    caseId: string;
    draft: ActDraft;
    visible: VisibleChange;
    files: File[];
    viewed: number;
    /** Place of the act about the same thing that the form showed as the newest; null: it showed none. */
    basedOn?: number | null;
  }): CaseView;
  /** Links two cases, or takes that back, in each of the two whose readers all read the other as well. */
  link(input: LinkWish & { viewed: number }): { view: CaseView; wrote: LinkWritten };
  /** Names the reader who is told when a date has passed; null: nobody in particular. `was`: who the form showed. */
  setSecond(input: { caseId: string; second: number | null; was: number | null }): CaseView;
  /** `day`: the writer's, YYYY-MM-DD. */
  note(input: {
    caseId: string;
    text: string;
    day: string;
    mentions: number[];
    files: File[];
    viewed: number;
  }): CaseView;
  decide(input: {
    caseId: string;
    phase: "open" | "closed";
    disposition: Disposition | null;
    reason: string;
    on: string;
    viewed: number;
    basedOn: number | null;
  }): CaseView;
  /** Deletes a closed case for good. Null: it was gone already. */
  deleteCase(input: { caseId: string }): Deletion | null;
  markRead(input: { caseId: string; viewed: number }): CaseView;
  /** Reads a file through and verifies it, keeping nothing but its beginning. */
  checkFile(input: FileAt): Blob;
  /** The file's bytes: through the port as they come, or as a Blob when there is no port. */
  saveFile(input: FileAt & { port: MessagePort | null }): Blob | null;
  /** The case as the server keeps it, sealed: for a machine without a network. */
  planSealed(input: { caseId: string }): SealedCaseView;
  saveSealed(input: { port: MessagePort | null }): Blob | null;
  presentation(input: null): PresentationView;
  presentationWords(input: { language: string }): Record<string, string>;
  savePresentation(input: { files: FileChange[] }): SaveAnswer;
  /** What reading the cases in the background brought so far. Puts no idle lock off either. */
  readings(input: { figures: boolean }): Readings;
  /** Cases that have all of what was typed. `language`: BCP 47 tag of the one who asks. */
  search(input: { query: string; language: string }): SearchAnswer;
  /** Talks to the server for screens that hold nothing of a case: only to paths that are for them. */
  office(input: OfficeCall): OfficeAnswer;
  lock(input: null): null;
}

export interface SearchAnswer {
  /** Nearest first. */
  hits: SearchHit[];
  /** Others were found too, and are not among them. */
  more: boolean;
  /** How many cases were read by now, of all; those that were not are found by name and title only. */
  read: number;
  total: number;
}

export interface Duty {
  is: ReplyDuty;
  /** Of an update. */
  changed: boolean;
  reason: string;
}

export interface OfficeCall {
  /** Below /notices or /processing. */
  path: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  body: object | null;
  /** What the answer is taken as. */
  as: "json" | "blob";
}

/** `answer` of a refusal: what the server says besides the code, e.g. the lines that are wrong. */
export type OfficeAnswer = { is: "done"; answer: unknown } | { is: "refused"; code: ErrorCode; answer: unknown };
export type CallName = keyof Calls;
export type Input<K extends CallName> = Parameters<Calls[K]>[0];
export type Output<K extends CallName> = ReturnType<Calls[K]>;
export type FileAt = Pick<FileView, "stream" | "seq" | "index"> & { caseId: string };

/** Bytes done of bytes in all. */
export interface Progress {
  done: number;
  total: number;
  /** Key of the words beside the bar, where one piece of work has several parts; then bytes are counted. */
  label?: string;
}

export type ToKeyholder =
  | { is: "call"; id: number; call: CallName; input: unknown }
  | { is: "cancel"; id: number }
  /** Somebody is typing or pointing: the idle lock begins anew. */
  | { is: "touch" };

export type FromKeyholder =
  | { is: "ready" }
  | { is: "progress"; id: number; progress: Progress }
  | { is: "answer"; id: number; answer: unknown }
  | { is: "error"; id: number; code: ErrorCode | "cancelled"; part: string | null }
  /** Something may be new; what, nobody says. */
  | { is: "beat" }
  /** Whether beats come. */
  | { is: "live"; on: boolean }
  /** Keys and token are forgotten; the worker is gone. */
  | { is: "locked" };
