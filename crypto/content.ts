/** PROTOCOL.md §14: what stands inside envelopes: JSON, parsed only after everything around it verified. */
import { utf8 } from "./bytes.ts";
import { dispositions } from "./dispositions.ts";
import { mostFiles } from "./most-files.ts";
import { base64Of, count, dayText, hexOf, parseJson, parseShape, textUpTo, z } from "./shape.ts";

const longestText = 500_000; // characters

const fileEntry = z.strictObject({
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
const files = z.array(fileEntry).check(z.maxLength(mostFiles));

/** One answer: text, or the ids of the choices ticked. */
const answer = z.union([textUpTo(longestText), z.array(textUpTo(200)).check(z.maxLength(100))]);

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
  files,
});
export type ReportContent = z.infer<typeof reportShape>;

/** A message that is more than a message: it mends what was said, or asks that the report be taken back. */
export const purposes = ["correct", "withdraw"] as const;
export type Purpose = (typeof purposes)[number];

const messageShape = z.strictObject({
  text: textUpTo(longestText),
  files,
  purpose: z.optional(z.enum(purposes)),
  day: z.optional(dayText),
});
export type MessageContent = z.infer<typeof messageShape>;

export const phases = ["received", "open", "closed"] as const;
export type Phase = (typeof phases)[number];

const replyShape = z.strictObject({
  text: textUpTo(longestText),
  files,
  /** What the reporter is told of the case's state, when this reply tells it. */
  status: z.nullable(z.enum(phases)),
  day: z.optional(dayText),
  /** The day by which the reviewers promise the next update. */
  updateBy: z.optional(dayText),
});
export type ReplyContent = z.infer<typeof replyShape>;

const tip = z.strictObject({ seq: count, hash: hexOf(32) });
/** The conversation's newest envelope as the writer saw it: shows a tail that the server hid. */
export type Tip = z.infer<typeof tip>;

const noteShape = z.strictObject({ text: textUpTo(longestText), files, conversation: tip });
export type NoteContent = z.infer<typeof noteShape>;

const teamShape = z.strictObject({
  /** Person ids that got the team key. */
  audience: z.array(count),
  conversation: tip,
});
export type TeamContent = z.infer<typeof teamShape>;

const actShape = z.strictObject({
  act: z.literal("status"),
  phase: z.enum(phases),
  /** Only when closing. */
  disposition: z.nullable(z.enum(dispositions)),
  reason: textUpTo(20_000),
  conversation: tip,
});
export type ActContent = z.infer<typeof actShape>;

const shapes = {
  report: reportShape,
  message: messageShape,
  reply: replyShape,
  note: noteShape,
  team: teamShape,
  act: actShape,
};
export interface ContentOf {
  report: ReportContent;
  message: MessageContent;
  reply: ReplyContent;
  note: NoteContent;
  team: TeamContent;
  act: ActContent;
}
/** The kinds whose content is specified so far; the others are fixed in format only. */
export type SpokenKind = keyof ContentOf;

export function isSpoken(kind: string): kind is SpokenKind {
  return kind in shapes;
}

/** @throws PortalError "format" for what parseContent would not take: nothing is sealed that nobody could open */
export function formatContent<K extends SpokenKind>(kind: K, content: ContentOf[K]): Uint8Array {
  return utf8(
    JSON.stringify(parseShape(shapes[kind] as unknown as z.ZodMiniType<ContentOf[K]>, content, `${kind} content`)),
  );
}

/** @throws PortalError "format" naming the field */
export function parseContent<K extends SpokenKind>(kind: K, bytes: Uint8Array): ContentOf[K] {
  return parseJson(shapes[kind] as unknown as z.ZodMiniType<ContentOf[K]>, bytes, `${kind} content`);
}
