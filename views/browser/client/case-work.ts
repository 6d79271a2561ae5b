/** Who works on a case, what it is called, what is to be done: what its acts add up to. The newest of each thing counts. */
import { fromHex } from "../../../crypto/bytes.ts";
import type { Entry } from "../../../crypto/envelope/open.ts";
import type { ActContent } from "../../../crypto/team-content.ts";
import type { TeamSummary } from "../../../crypto/team-summary.ts";
import { caseName } from "../../../crypto/words.ts";
import type { Severity, TaskState, checkInOutcomes } from "../../../crypto/work-acts.ts";
import { actsOf, newestStatus, type OpenCase } from "./casework.ts";
import { reportSummaryOf } from "./listing.ts";

export interface TaskView {
  id: string;
  text: string;
  /** A reader's person id; null: nobody in particular. */
  to: number | null;
  /** YYYY-MM-DD */
  due: string | null;
  state: TaskState;
  /** Who wrote it last, and where in the team's stream. */
  by: number;
  seq: number;
}

export interface LinkView {
  /** Hex. */
  caseId: string;
  name: string;
  reason: string;
  by: number;
  seq: number;
}

export interface CheckInView {
  /** YYYY-MM-DD */
  day: string;
  /** Null: still to be done. */
  done: { on: string; outcome: (typeof checkInOutcomes)[number]; reason: string; by: number } | null;
}

export interface WorkView {
  title: string;
  category: string;
  assignee: number | null;
  severity: Severity | null;
  tags: string[];
  tasks: TaskView[];
  links: LinkView[];
  muted: boolean;
  /** By day. */
  checkIns: CheckInView[];
  /** Somebody said since the case was last closed when the reporter is asked how they fare, or that nobody will. */
  checkInsPlanned: boolean;
  /** Readers who declared whether they have a conflict; the newest word of each. */
  conflicts: { person: number; has: boolean }[];
}

/** Oldest first, with who did it. */
function actsInOrder(open: OpenCase): { by: number; seq: number; act: ActContent }[] {
  if (open.team.state !== "open") return [];
  return open.team.entries.flatMap((entry) =>
    entry.kind === "act" ? [{ by: entry.author!, seq: entry.seq, act: entry.content }] : [],
  );
}

export function workOf(open: OpenCase): WorkView {
  const reported = reportSummaryOf(open.held, open.lookup, open.caseId);
  const tags = new Set<string>();
  const tasks = new Map<string, TaskView>();
  const links = new Map<string, LinkView>();
  const days = new Map<string, CheckInView>();
  const conflicts = new Map<number, boolean>();
  const now: Pick<WorkView, "title" | "category" | "assignee" | "severity" | "muted" | "checkInsPlanned"> = {
    title: reported.title,
    category: reported.category,
    assignee: null,
    severity: null,
    muted: false,
    checkInsPlanned: false,
  };
  const isReader = (id: number | null): boolean => id === null || open.readers.includes(id);
  for (const { by, seq, act } of actsInOrder(open)) {
    switch (act.act) {
      case "describe":
        Object.assign(now, { title: act.title, category: act.category });
        break;
      case "assign":
        // Nobody else could work on it.
        now.assignee = isReader(act.to) ? act.to : null;
        break;
      case "severity":
        now.severity = act.level;
        break;
      case "tag":
        if (act.on) tags.add(act.tag);
        else tags.delete(act.tag);
        break;
      case "task": {
        const { id, text, to, due, state } = act;
        tasks.set(id, { id, text, to: isReader(to) ? to : null, due, state, by, seq });
        break;
      }
      case "link":
        if (act.on)
          links.set(act.case, { caseId: act.case, name: caseName(fromHex(act.case, 32)), reason: act.reason, by, seq });
        else links.delete(act.case);
        break;
      case "mute":
        now.muted = act.on;
        break;
      case "checkIns":
        // Planning anew keeps what was done.
        for (const [day, { done }] of days) if (done === null) days.delete(day);
        for (const day of act.days) if (!days.has(day)) days.set(day, { day, done: null });
        now.checkInsPlanned = true;
        break;
      case "checkIn": {
        const { day, on, outcome, reason } = act;
        days.set(day, { day, done: { on, outcome, reason, by } });
        break;
      }
      case "conflict":
        conflicts.set(by, act.has);
        break;
      case "status":
        // Opened again: what was planned stays, and is asked about anew at the next closing.
        now.checkInsPlanned = false;
        break;
      case "assess":
      case "clock":
      case "done":
      case "triage":
      case "filing":
      case "posted":
      case "retain":
      case "hold":
      case "redact":
      case "askExport":
      case "answerExport":
      case "exported":
        break;
    }
  }
  return {
    ...now,
    tags: [...tags],
    tasks: [...tasks.values()],
    links: [...links.values()],
    checkIns: [...days.values()].sort((a, b) => a.day.localeCompare(b.day)),
    conflicts: [...conflicts].map(([person, has]) => ({ person, has })),
  };
}

/** What the list will show. `seen`: up to where in the conversation the team has dealt with it. */
export function summaryOf(open: OpenCase, seen: number): TeamSummary {
  const { title, category, assignee, severity, tags, muted, conflicts } = workOf(open);
  const status = newestStatus(open.team);
  const audience = open.team.state === "open" ? open.team.audience : [];
  return {
    title,
    category,
    phase: status?.phase ?? "received",
    disposition: status?.disposition ?? null,
    seen,
    assignee,
    severity,
    tags,
    muted,
    cleared: conflicts.filter(({ has }) => !has).map(({ person }) => person),
    // Until the next reader made new keys; afterwards the keys keep them out.
    recused: conflicts.filter(({ person, has }) => has && audience.includes(person)).map(({ person }) => person),
  };
}

/** Places in the team's stream of the notes that call this member. */
export function mentionsOf(open: OpenCase, member: number): number[] {
  if (open.team.state !== "open") return [];
  return open.team.entries.flatMap((entry) =>
    entry.kind === "note" && entry.content.mentions?.includes(member) === true ? [entry.seq] : [],
  );
}

/** Whether it is somebody's own word about the case: keys, and a declaration of conflict, come before one is read. */
const isWork = (entry: Entry): boolean =>
  entry.kind === "note" || (entry.kind === "act" && entry.content.act !== "conflict");

/** Those of them that came after the last thing that the member wrote there: a call that still waits. */
export function callsTo(open: OpenCase, member: number): number[] {
  if (open.team.state !== "open") return [];
  const own = open.team.entries.findLast((entry) => entry.author === member && isWork(entry))?.seq ?? -1;
  return mentionsOf(open, member).filter((seq) => seq > own);
}

/** Whether the newest link act here names that case. */
export const isLinkedTo = (open: OpenCase, caseId: string): boolean =>
  actsOf(open.team, "link").findLast(({ content }) => content.case === caseId)?.content.on === true;
