/** What the page may ask of the keyholder about case files. Plain data: it is copied between the two. */
import type { ExportChoices } from "../../../../crypto/export-acts.ts";
import type { RecipientProblem } from "../../client/casefile/age.ts";
import type { LeakReport } from "../../client/casefile/leak-check.ts";
import type { StampProblem } from "../../client/casefile/timestamp.ts";
import type { CaseFileCounts } from "../../client/casefile/package.ts";
import type { PersonView } from "../../client/case-view.ts";

export interface CaseFilePlan {
  fileName: string;
  /** Bytes of the ZIP. */
  length: number;
  /** Text of counsel.pub. */
  publicKey: string;
  /** SHA-256 of its tagmanifest-sha256.txt, hex. */
  digest: string;
  counts: CaseFileCounts;
  /** Names of the cases that are in it. */
  cases: string[];
  /** Of the readers' notes what does not verify, by case: each could have been a mark. */
  damagedNotes: { name: string; notes: number[] }[];
  /** Nothing is saved while there are leaks. */
  check: LeakReport;
  /** Who can be asked to approve it: readers of all its cases. Null: nobody has to. */
  approvers: PersonView[] | null;
}

/** `wrong`: the age key is none, and is not repeated. `unstamped`: no time stamp was to be had, and why. */
export type ReadyCaseFile =
  | { is: "ready"; fileName: string; length: number }
  | { is: "wrong"; why: RecipientProblem }
  | { is: "unstamped"; why: StampProblem };

export interface CaseFileCalls {
  /** Reads the cases anew, prints and numbers everything, and keeps it until it is saved or another is planned. */
  planCaseFile(input: { cases: string[]; choices: ExportChoices; dir: "ltr" | "rtl"; today: string }): CaseFilePlan;
  /** Adds what stands beside the tag manifest; `recipient`: an age key to seal it to, "" for none. */
  readyCaseFile(input: { recipient: string; stamp: boolean }): ReadyCaseFile;
  /** Notes it in every case, then the bytes: through the port as they come, or as a Blob when there is no port. */
  saveCaseFile(input: { port: MessagePort | null; today: string }): Blob | null;
  /** Asks a reader of all its cases to look at what was planned. */
  askApproval(input: { to: number; reason: string }): null;
  /** Makes it again from the request. `same`: whether it came out as it was asked about. */
  remakeCaseFile(input: { caseId: string; id: string; dir: "ltr" | "rtl" }): { plan: CaseFilePlan; same: boolean };
  /** Of what was made again last. */
  answerApproval(input: { approves: boolean; reason: string; today: string }): null;
}
