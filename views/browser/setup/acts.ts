/** What the set-up pages may ask of setup.worker.ts, which alone holds secret keys. Types only: no cryptography here. */
import type { ErrorCode } from "../../../crypto/errors.ts";
import type { Missing, Role, RosterContent } from "../../../crypto/roster.ts";
import type { InviteState, PersonRef, RosterDraft, Terms } from "../client/office.ts";
import type { TrialPlan } from "../client/trial.ts";

/** How far a portal is, as anybody may see it. */
export interface PortalLook {
  /** empty: no charter yet; chartered: keys announced, nothing signed; signed: a roster stands */
  stage: "empty" | "chartered" | "signed";
  trial: boolean;
  organisation: string | null;
  fingerprint: string[] | null;
}

export interface FileOut {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface CharterMade {
  file: FileOut;
  /** Twelve words. */
  fingerprint: string[];
}

export interface MemberShown extends Terms {
  id: number;
}

export interface InviteShown extends Terms {
  id: string;
  link: string;
  state: InviteState;
}

/** The roster in force, as far as the page shows it. */
export interface RosterShown {
  epoch: number;
  organisation: string;
  issued: string;
  expires: string;
  /** Whole days until it expires; negative when it has. */
  daysLeft: number;
  trial: boolean;
  assisted: boolean;
  /** Another member looks at each case file before it leaves. */
  approval: boolean;
  recipientRoles: Role[];
  members: MemberShown[];
  channels: RosterContent["channels"];
}

export interface OfficeView {
  organisation: string;
  fingerprint: string[];
  roster: RosterShown | null;
  /** Everybody who ever was a member and is none now. */
  former: { id: number; name: string }[];
  invites: InviteShown[];
}

export interface AdmissionChoice {
  invite: string;
  person: number | null;
}

/** The page's side of RosterDraft: keys and terms of who joined stay in the worker. */
export interface DraftChoice extends Omit<RosterDraft, "admitted" | "trial"> {
  admitted: AdmissionChoice[];
}

export interface Preview {
  content: Omit<RosterContent, "members"> & { members: MemberShown[] };
  missing: Missing[];
}

export interface InvitationShown extends Terms {
  joined: boolean;
  organisation: string | null;
  fingerprint: string[];
  trial: boolean;
}

/** Each act: what goes in, what comes back. A refusal comes back as a PortalError. */
export interface SetupActs {
  look: [input: null, output: PortalLook];
  suggestPassphrase: [input: null, output: string];

  makeCharter: [input: { setupSecret: string; organisation: string; passphrase: string }, output: CharterMade];
  proveFile: [input: { bytes: Uint8Array; passphrase: string }, output: null];
  makeTrial: [input: { setupSecret: string; plan: TrialPlan; passphrase: string; words: TrialWords }, output: FileOut];
  startTrial: [input: null, output: string[]];

  openCharter: [input: { bytes: Uint8Array; passphrase: string }, output: OfficeView];
  refresh: [input: null, output: OfficeView];
  invite: [input: Terms, output: OfficeView];
  withdraw: [input: { id: string }, output: OfficeView];
  makeRecovery: [input: null, output: string[]];
  keepRecovery: [input: Terms, output: OfficeView];
  preview: [input: DraftChoice, output: Preview];
  signPreviewed: [input: null, output: OfficeView];

  readInvite: [input: { fragment: string }, output: InvitationShown];
  makeMember: [input: { passphrase: string }, output: FileOut];
  join: [input: null, output: null];
}

export type ActName = keyof SetupActs;
export type Input<Act extends ActName> = SetupActs[Act][0];
export type Output<Act extends ActName> = SetupActs[Act][1];

/** Texts inside the trial's ZIP. `{{words}}` in the sheet is replaced by the numbered words. */
export interface TrialWords {
  readmeName: string;
  readme: string;
  sheetName: string;
  sheet: string;
}

export type Acts = {
  [Act in ActName]: (input: Input<Act>, progress: (done: number, all: number) => void) => Promise<Output<Act>>;
};

export interface Request {
  id: number;
  act: ActName;
  input: unknown;
}

export type Answer =
  | { id: 0; ready: true }
  | { id: number; progress: { done: number; all: number } }
  | { id: number; output: unknown }
  | { id: number; error: ErrorCode };

export type { PersonRef, Role, Terms };
