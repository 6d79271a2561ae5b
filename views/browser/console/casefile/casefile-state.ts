/** What counsel chose for case files, and what came of it. The choices stay until the window is closed or they change hands. */
import type { ExportChoices } from "../../../../crypto/export-acts.ts";
import type { CaseListing } from "../../client/listing.ts";
import type { RecipientProblem } from "../../client/casefile/age.ts";
import type { StampProblem } from "../../client/casefile/timestamp.ts";
import type { CaseFilePlan } from "./casefile-api.ts";

/** Which cases of the list are in it; "" or null: all. Days are YYYY-MM-DD. */
export interface CaseFileScope {
  from: string;
  to: string;
  channel: string;
  category: string;
  /** Hex ids of cases that fit and are left out all the same. */
  without: Set<string>;
}

export interface CaseFileState {
  scope: CaseFileScope;
  choices: Omit<ExportChoices, "language" | "first"> & {
    /** As it was typed. */
    first: string;
  };
  /** As it was looked at, of these cases; null: not looked at since something was chosen otherwise. */
  plan: { plan: CaseFilePlan; cases: readonly string[]; request: MadeAgain | null } | null;
  /** Whether a time stamp is wanted; why the last one was not to be had. */
  stamp: boolean;
  unstamped: StampProblem | null;
  /** An age key as it was typed, and why it is none. */
  recipient: string;
  wrongKey: RecipientProblem | null;
  saved: CaseFilePlan | null;
}

/** Made from a request: whether it came out as it was asked about. */
export interface MadeAgain {
  id: string;
  same: boolean;
}

export function firstCaseFileState(): CaseFileState {
  return {
    scope: { from: "", to: "", channel: "", category: "", without: new Set() },
    choices: {
      conversation: true,
      notes: false,
      attachments: true,
      log: true,
      originalNames: false,
      prefix: "TH",
      first: "1",
      designation: "",
      paper: "letter",
    },
    plan: null,
    stamp: true,
    unstamped: null,
    recipient: "",
    wrongKey: null,
    saved: null,
  };
}

/** Cases that may be in it, oldest first, whether or not they are left out by hand: in the order of their numbers. */
export function casesWithin(listings: readonly CaseListing[], scope: CaseFileScope): CaseListing[] {
  const { from, to, channel, category } = scope;
  return listings
    .filter(
      (each) =>
        each.gate === "cleared" &&
        (from === "" || each.receivedOn >= from) &&
        (to === "" || each.receivedOn <= to) &&
        (channel === "" || each.channel === channel) &&
        (category === "" || each.category === category),
    )
    .sort((a, b) => a.receivedOn.localeCompare(b.receivedOn) || a.name.localeCompare(b.name, "en"));
}
