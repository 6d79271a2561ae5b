/** What cases can be filtered by, and which values of it a case has. Pure: days and who looks come in as arguments. */
import { dayOf, textOfDay } from "../../../../data/policy/update-date.ts";
import { severities } from "../../../../crypto/work-acts.ts";
import type { CaseListing } from "../../client/listing.ts";

/** In the order in which they are shown. */
export const facets = [
  "due",
  "status",
  "mark",
  "assignee",
  "severity",
  "category",
  "channel",
  "language",
  "tag",
] as const;
export type Facet = (typeof facets)[number];

/** Facets whose values are always these, in this order; the others have what the cases have. */
export const fixedValues: Partial<Record<Facet, readonly string[]>> = {
  due: ["overdue", "soon", "later", "none"],
  status: ["undeclared", "received", "open", "closed", "spam"],
  mark: ["needsMe", "unread", "urgent", "hold", "muted", "going"],
  severity: [...severities.toReversed(), "none"],
};

const soonDays = 3;

/** Who looks, and when. */
export interface Looking {
  /** Person id. */
  me: number;
  /** YYYY-MM-DD, as are the days after it up to which something is due now, or soon. */
  today: string;
  tomorrow: string;
  soon: string;
}

export function lookingAt(me: number, today: string): Looking {
  const after = (days: number): string => textOfDay(dayOf(today)! + days);
  return { me, today, tomorrow: after(1), soon: after(soonDays) };
}

export type Due = "overdue" | "soon" | "later" | "none";

/** By the server's one date of the case, which for clocks of hours is the day before already. */
export function dueOf({ remindOn }: Pick<CaseListing, "remindOn">, { today, soon }: Looking): Due {
  if (remindOn === null) return "none";
  if (remindOn < today) return "overdue";
  return remindOn <= soon ? "soon" : "later";
}

export type Status = "undeclared" | "received" | "open" | "closed" | "spam";

/** Of a case in which its reader said nothing yet, only whether there is still something to be done. */
export function statusOf({ phase, gate, disposition }: CaseListing): Status {
  if (phase === "closed") return disposition === "spam" ? "spam" : "closed";
  return gate === "undeclared" ? "undeclared" : phase;
}

/** New messages that call somebody: those of a muted mailbox call nobody. */
export const newMessages = ({ muted, unread }: CaseListing): number => (muted ? 0 : unread);

/** Mine, nobody's or not opened by me yet, and due by tomorrow, written to, or urgent and not begun. */
export function needsMe(listing: CaseListing, { me, tomorrow }: Looking): boolean {
  const status = statusOf(listing);
  if (status === "spam" || (listing.assignee !== null && listing.assignee !== me)) return false;
  const isDue = listing.remindOn !== null && listing.remindOn <= tomorrow;
  return isDue || newMessages(listing) > 0 || (listing.urgent && status === "received");
}

function marksOf(listing: CaseListing, looking: Looking): string[] {
  const marks: string[] = [];
  if (needsMe(listing, looking)) marks.push("needsMe");
  if (newMessages(listing) > 0) marks.push("unread");
  if (listing.urgent) marks.push("urgent");
  if (listing.hold) marks.push("hold");
  if (listing.muted) marks.push("muted");
  if (listing.deleteOn !== null) marks.push("going");
  return marks;
}

const whole = (value: string): readonly string[] => (value === "" ? [] : [value]);

/** "me", "nobody", or a person id. */
function assigneeOf({ assignee }: CaseListing, { me }: Looking): string {
  if (assignee === null) return "nobody";
  return assignee === me ? "me" : String(assignee);
}

/** The values that a case has; none where they may not be shown. */
export function valuesOf(listing: CaseListing, facet: Facet, looking: Looking): readonly string[] {
  const told = listing.gate === "cleared";
  switch (facet) {
    case "due":
      return [dueOf(listing, looking)];
    case "status":
      return [statusOf(listing)];
    case "mark":
      return marksOf(listing, looking);
    case "assignee":
      return told ? [assigneeOf(listing, looking)] : [];
    case "severity":
      return told ? [listing.severity ?? "none"] : [];
    case "category":
      return whole(listing.category);
    case "channel":
      return whole(listing.channel);
    case "language":
      return whole(listing.language);
    case "tag":
      return listing.tags;
  }
}
