/** What readers signed about keeping a case, and what policy would propose for it. */
import {
  deletionWarning,
  proposeDeletion,
  type DeletionWarning,
  type Proposal,
  type RetentionRow,
} from "../../../data/policy/retention.ts";
import { spamGoesOn } from "../../../data/policy/spam.ts";
import { goesOn } from "../../../data/policy/deleted-everywhere.ts";
import { dayOf, textOfDay } from "../../../data/policy/update-date.ts";
import type { CaseView } from "../client/case-view.ts";
import { isHeldBy } from "../client/holds.ts";
import type { CaseListing } from "../client/listing.ts";
import { today } from "./update-by.ts";

export interface Keeping {
  /** YYYY-MM-DD */
  deleteOn: string | null;
  hold: boolean;
}

/** By the acts, oldest first. Opening a case again takes its date away. */
export function signedKeeping({ team }: CaseView): Keeping {
  let deleteOn: string | null = null;
  for (const { act } of team.entries) {
    if (act?.act === "retain") deleteOn = act.deleteOn;
    if (act?.act === "status" && act.phase !== "closed") deleteOn = null;
  }
  return { deleteOn, hold: isHeldBy(team.entries) };
}

/**
 * What readers signed where the server has something else; null: they agree. Whoever writes between the server's two
 * answers makes no difference: then the stream is longer than it was said to be.
 */
export function keepingMismatch(view: CaseView): Keeping | null {
  const { listing, team } = view;
  if (team.state !== "open" || team.entries.length !== listing.teamLength) return null;
  const signed = signedKeeping(view);
  return signed.deleteOn === listing.deleteOn && signed.hold === listing.hold ? null : signed;
}

/** Null: the case is not closed. */
export function proposalFor(view: CaseView, rows: readonly RetentionRow[]): Proposal | null {
  const { listing, disposition, report, duties } = view;
  if (listing.phase !== "closed" || disposition === null) return null;
  const closedOn = duties.closedOn ?? today();
  const ticked = report.review.find(({ id }) => id === "categories")?.values.map(({ text }) => text) ?? [];
  const summed = view.work.category;
  const categories = [...new Set([...ticked, summed])].filter((each) => each !== "");
  return proposeDeletion({ closedOn, categories, disposition }, rows);
}

/** YYYY-MM-DD on which the case goes by itself, later than its date where the reporter wrote shortly before. */
export function goingDay({ deleteOn, heardOn }: Pick<CaseListing, "deleteOn" | "heardOn">): string | null {
  const read = (day: string | null): number | null => (day === null ? null : dayOf(day));
  const day = goesOn(read(deleteOn), read(heardOn));
  return day === null ? null : textOfDay(day);
}

export function warningOf(listing: CaseListing): DeletionWarning | null {
  const day = goingDay(listing);
  return deletionWarning(day === null ? null : dayOf(day), listing.hold, dayOf(today())!);
}

/** Until when nobody deletes a case that was closed as spam, YYYY-MM-DD; null: nothing keeps it. */
export function keptAsSpam({ disposition, listing, duties }: CaseView): string | null {
  if (listing.phase !== "closed" || disposition !== "spam" || duties.closedOn === null) return null;
  const day = spamGoesOn(duties.closedOn);
  return today() < day ? day : null;
}
