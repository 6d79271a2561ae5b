/** What the console's page may ask of the keyholder, and nothing else. Plain data: it is copied between the two. */
import type { Deletion } from "../client/case-writing.ts";
import type { Phase, ReplyDuty } from "../../../crypto/content.ts";
import type { ActDraft, VisibleChange } from "../client/case-acts.ts";
import type { Disposition } from "../../../crypto/dispositions.ts";
import type { ErrorCode } from "../../../crypto/errors.ts";
import type { CaseView, FileView } from "../client/case-view.ts";
import type { CaseListing } from "../client/casework.ts";
import type { ExportChoices } from "../client/export.ts";
import type { FileChange, PresentationView, SaveAnswer } from "../client/presentation.ts";
import type { PageData } from "../i18n.ts";

export interface Identity {
  id: number;
  name: string;
  title: string;
  roles: string[];
  organisation: string;
  /** A trial organisation: nothing in it is protected as it would be for real. */
  trial: boolean;
  /** Last day of the roster, YYYY-MM-DD. */
  expires: string;
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

export interface Desktop {
  me: Identity;
  listings: CaseListing[];
  /** Feed items that led nowhere they should. */
  damaged: number;
}

export interface CaseFileView {
  fileName: string;
  /** Bytes. */
  length: number;
  /** Text of counsel.pub. */
  publicKey: string;
  digest: string;
}

export interface Calls {
  unlock(input: { credentials: Credentials; seen: SeenRosters; page: PageData; idleMinutes: number }): UnlockResult;
  list(input: null): Desktop;
  open(input: { caseId: string }): CaseView;
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
  act(input: { caseId: string; draft: ActDraft; visible: VisibleChange; files: File[]; viewed: number }): CaseView;
  /** Names the reader who is told when a date has passed; null: nobody in particular. */
  setSecond(input: { caseId: string; second: number | null }): CaseView;
  note(input: { caseId: string; text: string; files: File[]; viewed: number }): CaseView;
  decide(input: {
    caseId: string;
    phase: "open" | "closed";
    disposition: Disposition | null;
    reason: string;
    on: string;
    viewed: number;
  }): CaseView;
  /** Deletes a closed case for good. Null: it was gone already. */
  deleteCase(input: { caseId: string }): Deletion | null;
  markRead(input: { caseId: string; viewed: number }): CaseView;
  /** Reads a file through and verifies it, keeping nothing. */
  checkFile(input: FileAt): null;
  /** The file's bytes: through the port as they come, or as a Blob when there is no port. */
  saveFile(input: FileAt & { port: MessagePort | null }): Blob | null;
  planExport(input: { caseId: string; choices: ExportChoices; today: string }): CaseFileView;
  saveExport(input: { port: MessagePort | null }): Blob | null;
  presentation(input: null): PresentationView;
  presentationWords(input: { language: string }): Record<string, string>;
  savePresentation(input: { files: FileChange[] }): SaveAnswer;
  /** Talks to the server for screens that hold nothing of a case: only to paths that are for them. */
  office(input: OfficeCall): OfficeAnswer;
  lock(input: null): null;
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
  | { is: "error"; id: number; code: ErrorCode | "cancelled" }
  /** Keys and token are forgotten; the worker is gone. */
  | { is: "locked" };
