/**
 * PROTOCOL.md §14: the acts around counsel's case file: what is left out of it and why, who was asked to look at it
 * before it leaves, and that it left. None of them repeats the words that are left out.
 */
import { longestCheckpoint } from "./content.ts";
import { count, dayText, hexOf, textUpTo, z } from "./shape.ts";
import { reason, tip } from "./work-acts.ts";

/** Attorney-client privilege, work product. */
export const privilegeBases = ["AC", "WP"] as const;
export type PrivilegeBasis = (typeof privilegeBases)[number];

export const longestDescription = 2000; // characters
/** Characters of a prefix of Bates numbers. */
const longestPrefix = 20;

const itemId = hexOf(8);
const stream = z.union([z.literal(0), z.literal(1)]);

/**
 * A passage, a whole document or a whole attachment that no case file shows. The newest of an id counts.
 * `reason` and `description` are read by the other side.
 */
const redactAct = z.strictObject({
  act: z.literal("redact"),
  id: itemId,
  /** 0 the conversation, 1 the readers' notes; `seq`: the entry's place in it. */
  stream,
  seq: count,
  /** "document": all that was written in the entry; "text"; "answer:<question id>"; "file:<index>". */
  part: textUpTo(80).check(z.regex(/^(?:document|text|answer:.+|file:\d+)$/s)),
  /** UTF-16 code units of the part's text, `end` is not in it; null: the whole part. */
  span: z.nullable(z.strictObject({ start: count, end: count })),
  /** Where privilege is claimed: on which grounds. */
  bases: z.array(z.enum(privilegeBases)).check(z.maxLength(2)),
  /** For the privilege log: what it is, without saying what it says. */
  description: textUpTo(longestDescription),
  /** False takes it back. */
  on: z.boolean(),
  dated: dayText,
  reason,
  conversation: tip,
});

/** What a case file is made of besides its cases. The same choices give the same bytes. */
export const exportChoices = z.strictObject({
  conversation: z.boolean(),
  /** The readers' notes and acts. May be privileged: off unless chosen. */
  notes: z.boolean(),
  attachments: z.boolean(),
  /** That its envelopes stand in the portal's log. */
  log: z.boolean(),
  /** File names as the reporter sent them, in case.json only. */
  originalNames: z.boolean(),
  /** Bates numbers: prefix and the first number. */
  prefix: textUpTo(longestPrefix),
  first: count.check(z.gte(1)),
  /** Of its words: a BCP 47 tag as it stands in the console's addresses, to which whoever is asked is led. */
  language: textUpTo(35).check(z.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/)),
  /** At the head of each page, such as "CONFIDENTIAL"; empty: none. */
  designation: textUpTo(60),
  paper: z.enum(["a4", "letter"]),
});
export type ExportChoices = z.infer<typeof exportChoices>;

/** How much of the case is in it: numbers of entries of the conversation and of the notes. */
export const exportExtent = z.strictObject({ conversation: count, team: count });
export type ExportExtent = z.infer<typeof exportExtent>;

const exported = {
  id: itemId,
  dated: dayText,
  extent: exportExtent,
  choices: exportChoices,
  /** SHA-256 of tagmanifest-sha256.txt: what stands for the whole case file. */
  digest: hexOf(32),
} as const;

/**
 * Asks another member to look at a case file before it leaves. Where it has several cases, each case is told of itself
 * only, under the same id. Whoever is asked makes it again, from the same extent and the log as it then was.
 */
const askExportAct = z.strictObject({
  act: z.literal("askExport"),
  ...exported,
  /** Person id. */
  to: count,
  /** The log's signed state, to which its proofs lead; empty: no extract of the log was chosen. */
  checkpoint: textUpTo(longestCheckpoint),
  reason,
  conversation: tip,
});

/** Their answer, with a minisign signature of the tag manifest where they approve. */
const answerExportAct = z.strictObject({
  act: z.literal("answerExport"),
  id: itemId,
  dated: dayText,
  approves: z.boolean(),
  signature: textUpTo(1000),
  reason,
  conversation: tip,
});

/** A case file with this case in it left. Written before its first byte does. */
const exportedAct = z.strictObject({
  act: z.literal("exported"),
  ...exported,
  /** Person id of who approved it. */
  approvedBy: z.nullable(count),
  /** To an age key, so that only its holder reads it. */
  sealed: z.boolean(),
  conversation: tip,
});

export const exportActs = [redactAct, askExportAct, answerExportAct, exportedAct] as const;
