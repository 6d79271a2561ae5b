/** What the page asks of the keyholder for a report that is written down for somebody. */
import type { CodeLanguage } from "../../../../crypto/code-words.ts";
import type { WayTaken } from "../../../../crypto/content.ts";
import type { ActiveQuestionnaires, Answers } from "../../../../data/policy/questionnaire.ts";

export interface TakingMember {
  id: number;
  name: string;
  title: string;
  roles: string[];
}

export interface TakingChannel {
  id: string;
  name: string;
  questionnaire: string;
  /** Everybody who reads it unless they are left out, recovery members too. */
  readers: TakingMember[];
}

/** A language in which a reporter can come back. */
export interface TakingLanguage {
  /** BCP 47 tag. */
  tag: string;
  name: string;
  dir: "ltr" | "rtl";
}

/** What the form is drawn from. */
export interface TakingForm {
  /** Hex: of the roster whose people are shown; nothing is sealed to others. */
  rosterHash: string;
  channels: TakingChannel[];
  members: TakingMember[];
  questionnaires: ActiveQuestionnaires;
  languages: TakingLanguage[];
  /** Origin of the pages that reporters see. */
  address: string;
}

export interface TakenInput {
  rosterHash: string;
  channel: string;
  how: WayTaken;
  /** The day on which it came, YYYY-MM-DD. */
  day: string;
  language: string;
  /** Version of the questionnaire. */
  asked: string;
  answers: Answers;
  excluded: number[];
  files: File[];
  urgent: boolean;
}

/** Words of the printed sheet, in the reporter's language. */
export interface SheetWords {
  title: string;
  only: string;
  backTitle: string;
  own: string;
  go: string;
  type: string;
  meansTitle: string;
  can: string;
  others: string;
  seen: string;
}

export interface TakenReceipt {
  words: string[];
  codeLanguage: CodeLanguage;
  language: TakingLanguage;
  sheet: SheetWords;
  address: string;
  how: WayTaken;
  /** Whether the member who took it is among its readers. */
  mine: boolean;
}

export type TakenResult =
  | { is: "stored"; receipt: TakenReceipt }
  | { is: "readersChanged"; form: TakingForm }
  | { is: "unreadable"; file: string };

export interface TakenCalls {
  takingForm(input: null): TakingForm;
  takeReport(input: TakenInput): TakenResult;
}
