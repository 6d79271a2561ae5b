/** What the console's page holds. No key, no token: those are in the keyholder. */
import type { ReplyDuty } from "../../../crypto/content.ts";
import type { Disposition } from "../../../crypto/dispositions.ts";
import { failureOf, type ErrorCode } from "../../../crypto/errors.ts";
import { firstCaseFileState, type CaseFileState } from "./casefile/casefile-state.ts";
import { firstDashboardState, type DashboardState } from "./dashboard/dashboard-state.ts";
import type { TimelineKind } from "../client/case-timeline.ts";
import type { CaseView } from "../client/case-view.ts";
import type { CaseFigures } from "../client/digest-types.ts";
import type { CaseListing } from "../client/listing.ts";
import { firstEditorState, type EditorState } from "./presentation/editor.ts";
import { hasNoticeWords } from "./notice/typed.ts";
import { firstQueueState, forgetSecrets, hasWords, type QueueState } from "./queue/queue-state.ts";
import type { Part } from "./small-forms.ts";
import type { Since } from "./together.ts";
import type { Identity, LogView, Named, Progress, Refusal, SearchAnswer } from "./keyholder-api.ts";
import { firstTaking, hasTaking, type TakingState } from "./taken/taking.ts";
import { jobShown, problemShown, setProblem } from "./shown.ts";

export const tabs = [
  "conversation",
  "work",
  "notes",
  "timeline",
  "duties",
  "incident",
  "status",
  "keep",
  "export",
] as const;
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
  /** The case's name as somebody types it before they delete the case. */
  deleteName: string;
  /** Why somebody has a conflict. */
  conflictReason: string;
  /** Person ids that the note calls. */
  mentions: number[];
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
  /** By form: place in the team's stream of the version that it was begun with; null: there was none. */
  bases: Record<string, number | null>;
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
    deleteName: "",
    conflictReason: "",
    mentions: [],
    duty: "answer",
    unchanged: false,
    fields: {},
    openForms: { clock: "", filing: "", work: "" },
    waiting: {},
    formFiles: {},
    bases: {},
  };
}

/** Where something went wrong: there the words about it stand. */
export type Place =
  | "signIn"
  | "list"
  | "queue"
  | "case"
  | "gate"
  | "reply"
  | "note"
  | "work"
  | "status"
  | "file"
  | "export"
  | "marks"
  | "sealed"
  | "delete"
  | "duties"
  | "incident"
  | "filing"
  | "keep"
  | "hold"
  | "office"
  | "taken";

export interface Problem {
  place: Place;
  code: ErrorCode;
  /** Which of many things it is about; null: none in particular. */
  part: string | null;
  /** Nothing was to be done but to fetch what is shown. */
  fetching?: boolean;
}

/** What went wrong, to be told at its place. */
export function problemAt(place: Place, error: unknown): Problem {
  const { code, part } = failureOf(error);
  return { place, code, part };
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
  /** What progress counts. */
  counts: "bytes" | "items";
  /** Id of the case, or name of the screen, that it is of: nothing else is held up; null: of whatever is shown. */
  about: string | null;
}

/** Cases; what they come to in figures; the law's calendar; case files of several cases; a report taken for somebody; the printed notice; what operators set; what an employer has to write down. */
export const screens = [
  "cases",
  "dashboard",
  "calendar",
  "casefiles",
  "taken",
  "notices",
  "processing",
  "presentation",
] as const;
export type Screen = (typeof screens)[number];

/** Which screens a member's roles open. */
export function screensOf({ roles, isRecipient }: Pick<Identity, "roles" | "isRecipient">): Screen[] {
  const office = roles.includes("operator") || roles.includes("counsel");
  const closed: readonly Screen[] = [
    ...(isRecipient ? [] : (["taken"] as const)),
    ...(roles.includes("counsel") ? [] : (["casefiles"] as const)),
    ...(office ? [] : (["notices", "processing"] as const)),
    ...(roles.includes("operator") ? [] : (["presentation"] as const)),
    ...(roles.some((role) => role !== "operator") ? [] : (["dashboard"] as const)),
  ];
  return screens.filter((screen) => !closed.includes(screen));
}

export interface SearchState {
  /** As typed; "": the list is shown. */
  query: string;
  /** Of the newest query that was answered; null: none yet. */
  answer: SearchAnswer | null;
  failed: boolean;
}

/** `from`: where the @ stands; `chosen`: which of the names that fit. */
export interface Calling {
  from: number;
  typed: string;
  chosen: number;
}

export interface State {
  screen: Screen;
  editor: EditorState;
  dashboard: DashboardState;
  search: SearchState;
  taking: TakingState;
  me: Identity | null;
  /** Was signed in before and locked since. */
  locked: boolean;
  signInBy: "file" | "words";
  refusal: Refusal | null;
  listings: CaseListing[] | null;
  /** What reading the cases in the background brought; `reading` is null until the keyholder said anything of it. */
  readings: {
    figures: CaseFigures[];
    reading: { done: number; total: number } | null;
  };
  damaged: number;
  /** Cases whose new key was not given to this member, and those that were not looked at yet. */
  withdrawn: number;
  /** Whether the portal's log goes on from what this browser knows of it. */
  log: LogView;
  left: number;
  /** How the list of cases is filtered, and where somebody is in it. */
  queue: QueueState;
  /** The portal's channels, and who is a member now: names for the list. */
  channels: Named<string>[];
  people: Named<number>[];
  /** Id of the case on the right, and the case once it was read. */
  chosen: string | null;
  open: CaseView | null;
  /** Of the chosen case, while its reader has not said yet whether they have a conflict. */
  gate: { listing: CaseListing; alone: boolean; sure: boolean } | null;
  tab: Tab;
  /** What of the timeline shows. */
  timeline: "all" | TimelineKind;
  /** A reader's name that is being typed behind an @ in a note. */
  calling: Calling | null;
  /** What the open case was when it was opened. */
  since: Since | null;
  /** The open case is on the list no more. */
  gone: boolean;
  /** Whether beats come. */
  live: boolean;
  /** Cases that came since somebody last looked at the list. */
  arrived: number;
  /** By case id; of a case file of several, by the ids of all of them, with spaces between. */
  drafts: Map<string, Draft>;
  /** What was typed on the notice's screen, by the field's id. */
  noticeFields: Record<string, string>;
  /** What went wrong, by what it is of, as in Job: it is told there, whatever is shown by then. */
  problems: Map<string | null, Problem>;
  /** The one of what is shown. Null takes it away. */
  problem: Problem | null;
  /** Fields that still need something, by element id, with the key of what to say. */
  missing: Record<string, string>;
  /** Everything that runs, the newest last. */
  jobs: Job[];
  /** What runs for what is shown: meanwhile nothing else is begun there. */
  readonly job: Job | null;
  /** Where the focus goes with the next drawing, as a CSS selector; the first that is there. */
  focus: string[];
  /** Key of the newest thing that went well, for aria-live. */
  done: string | null;
  caseFiles: CaseFileState;
  /** The case that was just deleted here, YYYY-MM-DD; until another is chosen. */
  deleted: { name: string; on: string } | null;
}

export function firstState(): State {
  return {
    screen: "cases",
    editor: firstEditorState(),
    dashboard: firstDashboardState(),
    search: { query: "", answer: null, failed: false },
    taking: firstTaking(),
    me: null,
    locked: false,
    signInBy: "file",
    refusal: null,
    listings: null,
    readings: { figures: [], reading: null },
    damaged: 0,
    withdrawn: 0,
    log: { state: "holds", notes: [] },
    left: 0,
    queue: firstQueueState(),
    channels: [],
    people: [],
    chosen: null,
    open: null,
    gate: null,
    tab: "conversation",
    timeline: "all",
    calling: null,
    since: null,
    gone: false,
    live: false,
    arrived: 0,
    drafts: new Map(),
    noticeFields: {},
    problems: new Map(),
    get problem() {
      return problemShown(this);
    },
    set problem(problem) {
      setProblem(this, problem);
    },
    missing: {},
    jobs: [],
    get job() {
      return jobShown(this);
    },
    focus: [],
    done: null,
    caseFiles: firstCaseFileState(),
    deleted: null,
  };
}

/** When the keys are gone: what was decrypted leaves the page; what was typed stays. */
export function forgetDecrypted(state: State): void {
  const { search, readings, channels, people } = firstState();
  Object.assign(state, {
    me: null,
    locked: true,
    listings: null,
    open: null,
    gate: null,
    deleted: null,
    jobs: [],
    problems: new Map(),
    done: null,
    search,
    readings,
    channels,
    people,
  });
  forgetSecrets(state.queue);
  Object.assign(state.caseFiles, { plan: null, saved: null });
}

/** When somebody else opens their key: of the member before nothing may show, not even that there was a case. */
export function forgetMember(state: State): void {
  const { chosen, tab, timeline, calling, queue, drafts, screen, dashboard, search, taking } = firstState();
  Object.assign(state, { chosen, tab, timeline, calling, queue, drafts, screen, dashboard, search, taking });
  Object.assign(state.editor, firstState().editor);
  Object.assign(state.caseFiles, firstCaseFileState());
  // The notice's desk holds the same fields.
  for (const id of Object.keys(state.noticeFields)) delete state.noticeFields[id];
}

/** A case that is this member's no more, or nobody's. */
export function forgetCase(state: State, caseId: string): void {
  for (const of of state.drafts.keys()) if (of.split(" ").includes(caseId)) state.drafts.delete(of);
  state.problems.delete(caseId);
  state.listings = state.listings?.filter((each) => each.caseId !== caseId) ?? null;
  // Whoever turned to another case meanwhile stays there.
  if (state.chosen === caseId) Object.assign(state, { chosen: null, open: null, gate: null });
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

function hasTyped(draft: Draft): boolean {
  const { reply, note, reason, tellReporter, replyFiles, formFiles } = draft;
  const texts = [reply, note, reason, tellReporter, ...typedIn(draft)];
  return texts.some((text) => text.trim() !== "") || [...replyFiles, ...Object.values(formFiles).flat()].length > 0;
}

/** A reason for a conflict that its reader may still declare. */
function hasConflictWords({ drafts, listings }: State): boolean {
  const mayDeclare = (id: string): boolean => listings?.find(({ caseId }) => caseId === id)?.gate !== "cleared";
  return [...drafts].some(([id, { conflictReason }]) => conflictReason.trim() !== "" && mayDeclare(id));
}

/** Whether anything typed would be lost with the window. */
export function hasDrafts(state: State): boolean {
  const elsewhere = [
    state.editor.drafts.size > 0,
    hasTaking(state.taking),
    hasNoticeWords(state.noticeFields),
    hasWords(state.queue),
    hasConflictWords(state),
  ];
  return elsewhere.includes(true) || [...state.drafts.values()].some(hasTyped);
}
