/**
 * PROTOCOL.md §14: what stands inside the conversation's envelopes: JSON, parsed only after everything
 * around it verified. What readers write among themselves is in team-content.ts, which a reporter's
 * browser need not load.
 */
import { utf8 } from "./bytes.ts";
import { mostFiles } from "./most-files.ts";
import { base64Of, count, dayText, hexOf, parseJson, parseShape, textUpTo, z } from "./shape.ts";

export const longestText = 500_000; // characters
/** Characters of a checkpoint, at most: the longest has 350 or so. */
export const longestCheckpoint = 400;

export const fileEntry = z.strictObject({
  name: textUpTo(1000),
  type: textUpTo(200),
  size: count,
  /** Where the file's sealed stream stands in the attachment object, bytes. */
  offset: count,
  /** Sealed length, stream header included. */
  length: count,
  key: base64Of(32),
  sha256: hexOf(32),
});
export type FileEntry = z.infer<typeof fileEntry>;
export const filesShape = z.array(fileEntry).check(z.maxLength(mostFiles));

/** One answer: text, or the ids of the choices ticked. */
const answer = z.union([textUpTo(longestText), z.array(textUpTo(200)).check(z.maxLength(100))]);

/** How a report came that a member wrote down for somebody. */
export const waysTaken = ["phone", "letter", "inPerson"] as const;
export type WayTaken = (typeof waysTaken)[number];

const reportShape = z.strictObject({
  channel: textUpTo(40),
  language: textUpTo(35),
  /** By question id; which questions there are is the channel's questionnaire's business. */
  answers: z.record(textUpTo(60), answer),
  /** SHA-256 of the questionnaire that was asked: operators edit questions, and answers are checked against the asked ones. */
  asked: z.optional(hexOf(32)),
  /** The writer's day, UTC. Days only: a time would say when somebody was at a keyboard. */
  day: z.optional(dayText),
  /** Person ids with a real slot, and those the reporter left out. */
  readers: z.array(count),
  excluded: z.array(count),
  files: filesShape,
  /** The member who wrote it down for somebody, and so has seen the receipt code. The report itself says so, nobody else. */
  taken: z.optional(z.strictObject({ by: count, how: z.enum(waysTaken) })),
});
export type ReportContent = z.infer<typeof reportShape>;

/** A message that is more than a message: it mends what was said, or asks that the report be taken back. */
export const purposes = ["correct", "withdraw"] as const;
export type Purpose = (typeof purposes)[number];

const messageShape = z.strictObject({
  text: textUpTo(longestText),
  files: filesShape,
  purpose: z.optional(z.enum(purposes)),
  day: z.optional(dayText),
});
export type MessageContent = z.infer<typeof messageShape>;

export const phases = ["received", "open", "closed"] as const;
export type Phase = (typeof phases)[number];

/** The acknowledgement of a report; the regular update on its investigation and on what was done. */
export const replyDuties = ["acknowledgement", "update"] as const;
export type ReplyDuty = (typeof replyDuties)[number];

const replyShape = z.strictObject({
  text: textUpTo(longestText),
  files: filesShape,
  /** What the reporter is told of the case's state, when this reply tells it. */
  status: z.nullable(z.enum(phases)),
  day: z.optional(dayText),
  /** The day by which the reviewers promise the next update. */
  updateBy: z.optional(dayText),
  /** This is what the law asks for, and no mere answer. */
  duty: z.optional(z.enum(replyDuties)),
  /** The newest checkpoint that the writer was shown, a signed note: the reporter must be shown the same log. */
  log: z.optional(textUpTo(longestCheckpoint)),
});
export type ReplyContent = z.infer<typeof replyShape>;

const rekeyShape = z.strictObject({
  /** The case key that this one follows, base64. */
  previous: base64Of(32),
  /** Person ids that got the new one: some of those who had the last. */
  readers: z.array(count),
});
export type RekeyContent = z.infer<typeof rekeyShape>;

export const conversationShapes: {
  readonly [K in keyof ConversationContentOf]: z.ZodMiniType<ConversationContentOf[K]>;
} = { report: reportShape, message: messageShape, reply: replyShape, rekey: rekeyShape };
export interface ConversationContentOf {
  report: ReportContent;
  message: MessageContent;
  reply: ReplyContent;
  rekey: RekeyContent;
}

/** @throws PortalError "format" for what parseContent would not take: nothing is sealed that nobody could open */
export function formatContent<T>(shape: z.ZodMiniType<T>, kind: string, content: T): Uint8Array {
  return utf8(JSON.stringify(parseShape(shape, content, `${kind} content`)));
}

/** @throws PortalError "format" naming the field */
export function parseContent<T>(shape: z.ZodMiniType<T>, kind: string, bytes: Uint8Array): T {
  return parseJson(shape, bytes, `${kind} content`);
}
