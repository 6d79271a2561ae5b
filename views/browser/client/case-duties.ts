/** What a case owes the law, from what is verified of it: facts for the clocks, and what the page shows of them. */
import type { Phase } from "../../../crypto/content.ts";
import { wasCounsel, type RosterChain } from "../../../crypto/roster.ts";
import type { ActName, ActOf } from "../../../crypto/team-content.ts";
import { clocksOf, nextDay, stoppedRows, type CaseFacts, type Clock } from "../../../data/policy/case-clocks.ts";
import { isCountable } from "../../../data/policy/deadlines/count.ts";
import { deadlinesInForce, holidaysIn, type DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import type { DeadlineRow } from "../../../data/policy/deadlines/rows.ts";
import { dayOf, textOfDay, type Day } from "../../../data/policy/update-date.ts";
import type { FileView } from "./case-view.ts";
import { workOf } from "./case-work.ts";
import { nextCheckIn } from "./check-ins.ts";
import { actsOf, newestStatus, type OpenCase } from "./casework.ts";

/** A report to an authority as it now is: a draft, or filed with its proof. */
export interface FilingView extends Omit<ActOf<"filing">, "act" | "conversation" | "files"> {
  author: number;
  /** Place in the team's stream of the act that says so. */
  seq: number;
  files: FileView[];
}

export interface DutiesView {
  clocks: Clock[];
  /** Duties of an incident that run no more, by the newest triage. */
  stopped: DeadlineRow[];
  /** `receivedAt`, and `assessedAt` once a human began; YYYY-MM-DD. */
  receivedOn: string;
  assessedOn: string | null;
  triage: Omit<ActOf<"triage">, "act" | "conversation"> | null;
  filings: FilingView[];
  /** Whom the server tells when the next date has passed: a reader's person id; null: nobody, or no reader. */
  second: number | null;
  /** Of a clock or a check-in. Null: nothing is due. */
  next: Day | null;
  closedOn: string | null;
}

/** What the reporter ticked, and what the team made of it. */
function categoriesOf(open: OpenCase): string[] {
  const ticked = open.report.content.answers["categories"];
  const own = workOf(open).category;
  return [...new Set([...(Array.isArray(ticked) ? ticked : []), own])].filter((each) => each !== "");
}

/** Since when it is closed; a decision that says no day, or an impossible one, counts from the day it is looked at. */
function closedOnOf(open: OpenCase, phase: Phase, today: string): string | null {
  if (phase !== "closed") return null;
  const on = newestStatus(open.team)?.on ?? today;
  return isCountable(on) ? on : today;
}

/** The day of the newest decision that opened it again. */
function reopenedOnOf(open: OpenCase): string | null {
  const decisions = actsOf(open.team, "status").map(({ content }) => content);
  const at = decisions.findLastIndex(({ phase }, i) => phase === "open" && decisions[i - 1]?.phase === "closed");
  return decisions[at]?.on ?? null;
}

/** A closing message is a word to the reporter too, though no regular update. */
function postedOf(open: OpenCase): CaseFacts["posted"] {
  return open.entries.flatMap((entry) => {
    if (entry.kind !== "reply") return [];
    const { day, status, duty = status === "closed" ? ("acknowledgement" as const) : undefined } = entry.content;
    return duty === undefined || day === undefined ? [] : [{ duty, on: day }];
  });
}

/** The newest of each id, in the order in which they were begun. */
function filingsOf(open: OpenCase): FilingView[] {
  const newest = new Map<string, FilingView>();
  for (const { author, seq, content } of actsOf(open.team, "filing")) {
    const { act: _act, conversation: _tip, files, ...filing } = content;
    const views = files.map(({ name, type, size, sha256 }, index) => {
      return { stream: 1 as const, seq, index, name, type, size, sha256 };
    });
    // What was filed stays filed: a draft that comes later has another id and amends it.
    if (newest.get(filing.id)?.filed == null) newest.set(filing.id, { ...filing, author, seq, files: views });
  }
  return [...newest.values()];
}

const newestOf = <Name extends ActName>(open: OpenCase, name: Name): ActOf<Name> | null =>
  actsOf(open.team, name).at(-1)?.content ?? null;

/**
 * What a member wrote down reached the organisation on the day that the report says, which no clock may outrun; of any
 * other report the server's day counts alone.
 */
function receivedOnOf({ report, lookup }: OpenCase): string {
  const { taken, day = lookup.receivedOn } = report.content;
  return taken !== undefined && isCountable(day) && day < lookup.receivedOn ? day : lookup.receivedOn;
}

export function factsOf(chain: RosterChain, open: OpenCase, today: string): CaseFacts {
  const epochs = new Map(
    open.team.state === "open" ? open.team.entries.map(({ seq, epoch }) => [seq, epoch] as const) : [],
  );
  const triage = actsOf(open.team, "triage").at(-1);
  return {
    receivedOn: receivedOnOf(open),
    // The first that anybody said: who reads it later is not the first to know.
    assessedOn:
      actsOf(open.team, "assess")
        .map(({ content }) => content.on)
        .toSorted()[0] ?? null,
    categories: categoriesOf(open),
    saidImminent: open.report.content.answers["imminent"] === "yes",
    closedOn: closedOnOf(open, open.listing.phase, today),
    reopenedOn: reopenedOnOf(open),
    posted: postedOf(open),
    set: actsOf(open.team, "clock").map(({ author, seq, content: { deadline, from, reason } }) => {
      const byCounsel = wasCounsel(chain, epochs.get(seq) ?? 0, author);
      return { seq, by: author, deadline, from, reason, byCounsel };
    }),
    done: actsOf(open.team, "done").map(({ seq, content: { deadline, on, how } }) => ({ seq, deadline, on, how })),
    triage: triage === undefined ? null : { seq: triage.seq, ...triage.content },
    filed: filingsOf(open).flatMap(({ seq, deadlines, filed }) =>
      filed === null ? [] : [{ seq, deadlines, on: filed.on }],
    ),
  };
}

/** `checkIn`: YYYY-MM-DD; what is no day is not due. */
function earliest(clock: Day | null, checkIn: string | null): Day | null {
  const days = [clock, checkIn === null ? null : dayOf(checkIn)].filter((day) => day !== null);
  return days.length === 0 ? null : Math.min(...days);
}

/** `now`: milliseconds since 1970-01-01T00:00:00Z. */
export function viewDuties(chain: RosterChain, open: OpenCase, duties: DutiesFile | null, now: number): DutiesView {
  const today = textOfDay(Math.floor(now / 86_400_000));
  const facts = factsOf(chain, open, today);
  const rows = deadlinesInForce(duties, today);
  const clocks = clocksOf(facts, rows, now, holidaysIn(duties));
  const { second } = open.lookup;
  return {
    clocks,
    stopped: stoppedRows(facts, rows),
    receivedOn: facts.receivedOn,
    assessedOn: facts.assessedOn,
    triage: newestOf(open, "triage"),
    filings: filingsOf(open),
    // Whoever named one that was left out is not followed: the desk names another, and the server forgets that one.
    second: second !== null && open.readers.includes(second) ? second : null,
    next: earliest(nextDay(clocks), nextCheckIn(workOf(open))),
    closedOn: facts.closedOn,
  };
}
