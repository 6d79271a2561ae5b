/** What a case owes the law, from what is verified of it: facts for the clocks, and what the page shows of them. */
import type { Phase } from "../../../crypto/content.ts";
import { findMember, type RosterChain } from "../../../crypto/roster.ts";
import type { ActName, ActOf } from "../../../crypto/team-content.ts";
import { clocksOf, nextDay, type CaseFacts, type Clock } from "../../../data/policy/case-clocks.ts";
import { isCountable } from "../../../data/policy/deadlines/count.ts";
import { deadlinesInForce, holidaysIn, type DutiesFile } from "../../../data/policy/deadlines/duties-file.ts";
import { textOfDay, type Day } from "../../../data/policy/update-date.ts";
import type { FileView } from "./case-view.ts";
import { actsOf, newestStatus, type OpenCase } from "./casework.ts";

/** A report to an authority as it now is: a draft, or filed with its proof. */
export interface FilingView extends Omit<ActOf<"filing">, "act" | "conversation" | "files"> {
  author: number;
  files: FileView[];
}

export interface DutiesView {
  clocks: Clock[];
  /** `receivedAt`, and `assessedAt` once a human began; YYYY-MM-DD. */
  receivedOn: string;
  assessedOn: string | null;
  triage: Omit<ActOf<"triage">, "act" | "conversation"> | null;
  filings: FilingView[];
  /** Whom the server tells when the next date has passed: a person id. */
  second: number | null;
  /** Null: nothing is due. */
  next: Day | null;
  hold: boolean;
  deleteOn: string | null;
  closedOn: string | null;
}

const isCounsel = (chain: RosterChain, epoch: number, id: number): boolean => {
  const roster = chain.rosters.find((each) => each.epoch === epoch);
  return roster !== undefined && (findMember(roster, id)?.roles.includes("counsel") ?? false);
};

/** What the reporter ticked, and what the team made of it. */
function categoriesOf(open: OpenCase): string[] {
  const ticked = open.report.content.answers["categories"];
  const own = open.listing.teamSummary?.category ?? open.listing.reportSummary.category;
  return [...new Set([...(Array.isArray(ticked) ? ticked : []), own])].filter((each) => each !== "");
}

/** Since when it is closed; a decision that says no day, or an impossible one, counts from the day it is looked at. */
function closedOnOf(open: OpenCase, phase: Phase, today: string): string | null {
  if (phase !== "closed") return null;
  const on = newestStatus(open.team)?.on ?? today;
  return isCountable(on) ? on : today;
}

function postedOf(open: OpenCase): CaseFacts["posted"] {
  return open.entries.flatMap((entry) => {
    if (entry.kind !== "reply") return [];
    const { duty, day } = entry.content;
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
    if (newest.get(filing.id)?.filed == null) newest.set(filing.id, { ...filing, author, files: views });
  }
  return [...newest.values()];
}

const newestOf = <Name extends ActName>(open: OpenCase, name: Name): ActOf<Name> | null =>
  actsOf(open.team, name).at(-1)?.content ?? null;

export function factsOf(chain: RosterChain, open: OpenCase, today: string): CaseFacts {
  const epochs = new Map(
    open.team.state === "open" ? open.team.entries.map(({ seq, epoch }) => [seq, epoch] as const) : [],
  );
  const triage = newestOf(open, "triage");
  return {
    receivedOn: open.lookup.receivedOn,
    // The first that anybody said: who reads it later is not the first to know.
    assessedOn:
      actsOf(open.team, "assess")
        .map(({ content }) => content.on)
        .toSorted()[0] ?? null,
    categories: categoriesOf(open),
    saidImminent: open.report.content.answers["imminent"] === "yes",
    closedOn: closedOnOf(open, open.listing.phase, today),
    posted: postedOf(open),
    set: actsOf(open.team, "clock").map(({ author, seq, content: { deadline, from, reason } }) => {
      return { deadline, from, reason, byCounsel: isCounsel(chain, epochs.get(seq) ?? 0, author) };
    }),
    done: actsOf(open.team, "done").map(({ content: { deadline, on } }) => ({ deadline, on })),
    triage,
    filed: filingsOf(open).flatMap(({ deadlines, filed }) => (filed === null ? [] : [{ deadlines, on: filed.on }])),
  };
}

/** `now`: milliseconds since 1970-01-01T00:00:00Z. */
export function viewDuties(chain: RosterChain, open: OpenCase, duties: DutiesFile | null, now: number): DutiesView {
  const today = textOfDay(Math.floor(now / 86_400_000));
  const facts = factsOf(chain, open, today);
  const clocks = clocksOf(facts, deadlinesInForce(duties, today), now, holidaysIn(duties));
  const { hold, deleteOn, second } = open.lookup;
  return {
    clocks,
    receivedOn: facts.receivedOn,
    assessedOn: facts.assessedOn,
    triage: newestOf(open, "triage"),
    filings: filingsOf(open),
    second,
    next: nextDay(clocks),
    hold,
    deleteOn,
    closedOn: facts.closedOn,
  };
}
