/** PROTOCOL.md §14: what readers write among themselves: notes, the team key, and acts, which are the case's log. */
import {
  conversationShapes,
  filesShape,
  longestText,
  phases,
  replyDuties,
  type ConversationContentOf,
} from "./content.ts";
import { dispositions } from "./dispositions.ts";
import { base64Of, count, dayText, hexOf, instantText, textUpTo, z } from "./shape.ts";
import { exportActs } from "./export-acts.ts";
import { reason, tip, workActs } from "./work-acts.ts";

const noteShape = z.strictObject({
  text: textUpTo(longestText),
  files: filesShape,
  /** Readers whom it calls, by person id. */
  mentions: z.optional(z.array(count).check(z.maxLength(100))),
  /** The writer's. A privilege log asks for it. */
  day: z.optional(dayText),
  conversation: tip,
});
export type NoteContent = z.infer<typeof noteShape>;

const teamShape = z.strictObject({
  /** Person ids that got the team key. */
  audience: z.array(count),
  conversation: tip,
});
export type TeamContent = z.infer<typeof teamShape>;

const teamRekeyShape = z.strictObject({
  /** The team key that this one follows, base64. */
  previous: base64Of(32),
  /** Person ids that got the new one: some of those who had the last. */
  audience: z.array(count),
  conversation: tip,
});
export type TeamRekeyContent = z.infer<typeof teamRekeyShape>;

/** Id of a row of the law's deadlines, e.g. "CA_CSI". */
const deadline = textUpTo(60).check(z.minLength(1));
/** YYYY-MM-DD, or an instant in UTC with seconds where hours count. */
export const momentText = z.union([dayText, instantText]);
/** A test that nobody has answered is unsure: it never stops a clock. */
const verdict = z.enum(["met", "not-met", "unsure"]);
export type Verdict = z.infer<typeof verdict>;
const yesNo = z.enum(["yes", "no", "unsure"]);

const statusAct = z.strictObject({
  act: z.literal("status"),
  phase: z.enum(phases),
  /** Only when closing. */
  disposition: z.nullable(z.enum(dispositions)),
  reason,
  /** The writer's day, UTC. */
  on: z.optional(dayText),
  conversation: tip,
});

/** A human has read the report and begun to assess it. */
const assessAct = z.strictObject({ act: z.literal("assess"), on: dayText, conversation: tip });

/** Sets a deadline's clock going, or re-bases one that runs (counsel only), with the reason why. */
const clockAct = z.strictObject({ act: z.literal("clock"), deadline, from: momentText, reason, conversation: tip });

/** A duty was done, or rested: the law's exception, told in the reason. */
const doneAct = z.strictObject({
  act: z.literal("done"),
  deadline,
  on: dayText,
  how: z.enum(["done", "exception"]),
  reason,
  conversation: tip,
});

/** Whether this is a critical safety incident, by both definitions, and whether people are in danger. */
const triageAct = z.strictObject({
  act: z.literal("triage"),
  on: dayText,
  /** By test id, e.g. "bpc-1"; data/policy/incident.ts names them. */
  tests: z.record(textUpTo(40), verdict),
  imminent: yesNo,
  reason,
  conversation: tip,
});

/** The longest recipient and reference of a filing, and the longest date, in UTF-16 units. */
export const mostFilingText = 300;
export const mostFilingDate = 200;

/** A report to an authority: a draft, and once somebody filed it by hand, the proof. The newest of an id counts. */
const filingAct = z.strictObject({
  act: z.literal("filing"),
  id: hexOf(8),
  /** Rows of deadlines that this filing answers. */
  deadlines: z.array(deadline).check(z.maxLength(20)),
  recipient: textUpTo(mostFilingText),
  /** The four fields of Bus. & Prof. Code 22757.13(c)(1). */
  date: textUpTo(mostFilingDate),
  qualifies: reason,
  statement: reason,
  internalUse: yesNo,
  /** Where the version stands in the team's stream that this one was made from. */
  basedOn: z.optional(count),
  /** Another filing's id: what is now known differently. */
  amends: z.nullable(hexOf(8)),
  filed: z.nullable(z.strictObject({ on: momentText, reference: textUpTo(mostFilingText) })),
  files: filesShape,
  conversation: tip,
});
export type FilingContent = z.infer<typeof filingAct>;

/** Logged when an acknowledgement or update is posted; whether it was read is nobody's to know. */
const postedAct = z.strictObject({
  act: z.literal("posted"),
  duty: z.enum(replyDuties),
  on: dayText,
  /** Where in the conversation it stands. */
  reply: count,
  /** False: nothing changed since the last one, and the reason says why. */
  changed: z.boolean(),
  reason,
  conversation: tip,
});

/** When the case is to be deleted; null takes the date back. */
const retainAct = z.strictObject({
  act: z.literal("retain"),
  deleteOn: z.nullable(dayText),
  reason,
  conversation: tip,
});

/** A hold: nothing of the case is deleted while it is on. */
const holdAct = z.strictObject({
  act: z.literal("hold"),
  on: z.boolean(),
  /** Several matters may hold one case: the newest of an id counts, and of those without one. */
  id: z.optional(hexOf(8)),
  /** For what: a lawsuit, an inquiry. */
  matter: z.optional(textUpTo(200)),
  /** What must be kept besides the case. */
  scope: z.optional(textUpTo(5000)),
  /** The day on which it begins, or is released. */
  dated: z.optional(dayText),
  reason,
  conversation: tip,
});

const actShape = z.union([
  statusAct,
  assessAct,
  clockAct,
  doneAct,
  triageAct,
  filingAct,
  postedAct,
  retainAct,
  holdAct,
  ...workActs,
  ...exportActs,
]);
export type ActContent = z.infer<typeof actShape>;
export type ActName = ActContent["act"];
export type ActOf<Name extends ActName> = Extract<ActContent, { act: Name }>;

export interface TeamContentOf {
  note: NoteContent;
  team: TeamContent;
  teamrekey: TeamRekeyContent;
  act: ActContent;
}
export const teamShapes: { readonly [K in keyof TeamContentOf]: z.ZodMiniType<TeamContentOf[K]> } = {
  note: noteShape,
  team: teamShape,
  teamrekey: teamRekeyShape,
  act: actShape,
};

export interface ContentOf extends ConversationContentOf, TeamContentOf {}
/** The kinds whose content is specified so far; the others are fixed in format only. */
export type SpokenKind = keyof ContentOf;

/** All that members write, whichever stream it goes to. */
export const membersShapes = { reply: conversationShapes.reply, rekey: conversationShapes.rekey, ...teamShapes };
