/** What the console's page holds. No key, no token: those are in the keyholder. */
import type { ReplyDuty } from "../../../crypto/content.ts";
import type { Disposition } from "../../../crypto/dispositions.ts";
import type { ErrorCode } from "../../../crypto/errors.ts";
import type { CaseView } from "../client/case-view.ts";
import type { CaseListing } from "../client/casework.ts";
import { firstEditorState, type EditorState } from "./presentation/editor.ts";
import type { Part } from "./small-forms.ts";
import type { CaseFileView, Identity, Progress, Refusal } from "./keyholder-api.ts";

export const tabs = ["conversation", "duties", "incident", "notes", "status", "keep", "export"] as const;
export type Tab = (typeof tabs)[number];

/** What somebody typed and has not sent. Survives errors, locking and switching between cases. */
export interface Draft {
  reply: string;
  replyFiles: File[];
  /** YYYY-MM-DD; null until somebody changed what is proposed. */
  updateBy: string | null;
  note: string;
  phase: "open" | "closed" | "";
  disposition: Disposition | "";
  reason: string;
  tellReporter: string;
  exportNotes: boolean;
  exportNames: boolean;
  /** The case's name as somebody types it before they delete the case. */
  deleteName: string;
  /** What the next reply is: a mere answer, or what the law asks for. */
  duty: ReplyDuty | "answer";
  /** Of an update: nothing has changed, and why. */
  unchanged: boolean;
  /** What was typed or chosen in other forms of the case, by the field's element id. */
  fields: Record<string, string>;
  /** Which of each part's smaller forms is open; "": none. */
  openForms: Record<Part, string>;
  /** What was typed in those that are not open, by form. */
  waiting: Record<string, Record<string, string>>;
  /** Proof of a filing, by form. */
  formFiles: Record<string, File[]>;
}

export function emptyDraft(): Draft {
  return {
    reply: "",
    replyFiles: [],
    updateBy: null,
    note: "",
    phase: "",
    disposition: "",
    reason: "",
    tellReporter: "",
    exportNotes: false,
    exportNames: false,
    deleteName: "",
    duty: "answer",
    unchanged: false,
    fields: {},
    openForms: { clock: "", filing: "" },
    waiting: {},
    formFiles: {},
  };
}

/** Where something went wrong: there the words about it stand. */
export type Place =
  | "signIn"
  | "list"
  | "case"
  | "reply"
  | "note"
  | "status"
  | "file"
  | "export"
  | "delete"
  | "duties"
  | "incident"
  | "filing"
  | "keep"
  | "hold"
  | "office";

export interface Problem {
  place: Place;
  code: ErrorCode;
}

/** Work that a person waits for, with its bar. */
export interface Job {
  place: Place;
  /** Key of the words beside the bar. */
  label: string;
  /** File name or the like, shown with the label. */
  what: string;
  progress: Progress | null;
  cancel: (() => void) | null;
}

export type PhaseFilter = "all" | "received" | "open" | "closed";

/** Cases; the law's calendar; the printed notice; what operators set; what an employer has to write down. */
export const screens = ["cases", "calendar", "notices", "processing", "presentation"] as const;
export type Screen = (typeof screens)[number];

/** Which screens a member's roles open. */
export function screensOf(roles: readonly string[]): Screen[] {
  const office = roles.includes("operator") || roles.includes("counsel");
  const closed: readonly Screen[] = [
    ...(office ? [] : (["notices", "processing"] as const)),
    ...(roles.includes("operator") ? [] : (["presentation"] as const)),
  ];
  return screens.filter((screen) => !closed.includes(screen));
}

export interface State {
  screen: Screen;
  editor: EditorState;
  me: Identity | null;
  /** Was signed in before and locked since. */
  locked: boolean;
  signInBy: "file" | "words";
  refusal: Refusal | null;
  listings: CaseListing[] | null;
  damaged: number;
  filter: PhaseFilter;
  /** Id of the case on the right, and the case once it was read. */
  chosen: string | null;
  open: CaseView | null;
  tab: Tab;
  drafts: Map<string, Draft>;
  problem: Problem | null;
  /** Fields that still need something, by element id, with the key of what to say. */
  missing: Record<string, string>;
  job: Job | null;
  /** Where the focus goes with the next drawing, as a CSS selector; the first that is there. */
  focus: string[];
  /** Key of the newest thing that went well, for aria-live. */
  done: string | null;
  exported: CaseFileView | null;
  /** The case that was just deleted here, YYYY-MM-DD; until another is chosen. */
  deleted: { name: string; on: string } | null;
}

export function firstState(): State {
  return {
    screen: "cases",
    editor: firstEditorState(),
    me: null,
    locked: false,
    signInBy: "file",
    refusal: null,
    listings: null,
    damaged: 0,
    filter: "all",
    chosen: null,
    open: null,
    tab: "conversation",
    drafts: new Map(),
    problem: null,
    missing: {},
    job: null,
    focus: [],
    done: null,
    exported: null,
    deleted: null,
  };
}

export function draftOf(state: State, caseId: string): Draft {
  const known = state.drafts.get(caseId);
  if (known !== undefined) return known;
  const draft = emptyDraft();
  state.drafts.set(caseId, draft);
  return draft;
}

function typedIn({ fields, waiting }: Draft): string[] {
  return [fields, ...Object.values(waiting)].flatMap((form) => Object.values(form));
}

/** Whether anything typed would be lost with the window. */
export function hasDrafts(state: State): boolean {
  if (state.editor.drafts.size > 0) return true;
  return [...state.drafts.values()].some(
    (draft) =>
      [draft.reply, draft.note, draft.reason, draft.tellReporter, ...typedIn(draft)].some(
        (text) => text.trim() !== "",
      ) || [...draft.replyFiles, ...Object.values(draft.formFiles).flat()].length > 0,
  );
}
