/**
 * What is drawn from an opened case for counting and for finding. Both are plain objects that live in memory only: the
 * keyholder makes them, and they are gone when it is.
 */

/** What the dashboard counts of one case. Days are YYYY-MM-DD. */
export interface CaseFigures {
  caseId: string;
  receivedOn: string;
  channel: string;
  category: string;
  phase: "received" | "open" | "closed";
  /** What came of it; null: not decided. */
  disposition: string | null;
  /** null: not acknowledged yet. */
  acknowledgedOn: string | null;
  /** null: not closed. */
  closedOn: string | null;
  /** The next legal date; null: none. */
  dueOn: string | null;
  severity: string;
  spam: boolean;
}

/** What search finds a case by: its texts in the clear, so it never leaves the keyholder. */
export interface CaseTexts {
  caseId: string;
  name: string;
  title: string;
  report: string;
  messages: string;
  notes: string;
  tags: string;
  files: string;
}
