/** The shape of data/case.json in a case file (format "tellhaven-case-2"), published as case.schema.json. */
import { count, dayText, hexOf, z } from "../../crypto/shape.ts";

const text = z.string();
const texts = z.union([text, z.array(text)]);

const attachment = z.object({
  /** First and last page number: of the page that stands for it. */
  bates: z.optional(z.array(text).check(z.minLength(2), z.maxLength(2))),
  pdf: z.optional(text),
  /** Counsel left it out; then nothing else is said of it. */
  withheld: z.optional(z.boolean()),
  path: z.optional(text),
  bytes: z.optional(count),
  sha256: z.optional(hexOf(32)),
  type: z.optional(text),
  originalName: z.optional(text),
});

/** What is particular to a kind stands beside these fields: an act has those of PROTOCOL.md §14. */
const entry = z.object({
  seq: count,
  kind: z.enum(["report", "message", "reply", "rekey", "note", "team", "teamrekey", "act", "damaged"]),
  /** Person id; null: the reporter. A damaged entry has none. */
  author: z.optional(z.nullable(count)),
  rosterEpoch: count,
  envelopeHash: hexOf(32),
  bates: z.optional(z.array(text).check(z.minLength(2), z.maxLength(2))),
  pdf: z.optional(text),
  textFile: z.optional(text),
  withheld: z.optional(z.boolean()),
  language: z.optional(text),
  answers: z.optional(z.record(text, texts)),
  text: z.optional(text),
  attachments: z.optional(z.array(attachment)),
});

export const caseFileShape = z.object({
  format: z.literal("tellhaven-case-2"),
  /** Name of the case file: that of its case, where it has one. */
  case: text,
  portalId: hexOf(32),
  organisation: text,
  choices: z.object({
    conversation: z.boolean(),
    notes: z.boolean(),
    attachments: z.boolean(),
    originalNames: z.boolean(),
  }),
  /** Member lists under which what is in it was written. */
  rosters: z.array(z.object({ epoch: count, hash: hexOf(32) })),
  people: z.array(z.object({ id: count, name: text, title: text })),
  cases: z.array(
    z.object({
      case: text,
      caseId: hexOf(32),
      channel: text,
      receivedOn: dayText,
      phase: z.enum(["received", "open", "closed"]),
      assisted: z.boolean(),
      urgent: z.boolean(),
      /** Person ids of who reads what comes next. */
      readers: z.array(count),
      /** Null: not chosen. */
      conversation: z.nullable(z.array(entry)),
      team: z.nullable(z.array(entry)),
    }),
  ),
});
