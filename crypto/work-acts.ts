/**
 * PROTOCOL.md §14: the acts of a reviewer's day: conflicts, who works on a case, what it is about, tasks, links,
 * check-ins. Each says one thing, so that two people at once lose nothing of each other's.
 */
import { count, dayText, hexOf, textUpTo, z } from "./shape.ts";

/** The conversation's newest envelope as the writer saw it: shows a tail that the server hid. */
export const tip = z.strictObject({ seq: count, hash: hexOf(32) });
export type Tip = z.infer<typeof tip>;

/** Why something was done; for readers only. */
export const reason = textUpTo(20_000);
const taskId = hexOf(8);

export const severities = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];
export const longestTag = 30; // characters
export const longestTitle = 120; // characters

/** Said before reading. Who has a conflict is no reader of what comes after the next reader's new keys. */
const conflictAct = z.strictObject({ act: z.literal("conflict"), has: z.boolean(), reason, conversation: tip });

/** Who works on the case: a reader's person id, or nobody. */
const assignAct = z.strictObject({ act: z.literal("assign"), to: z.nullable(count), reason, conversation: tip });

/** What the case is called and filed under among its readers. */
const describeAct = z.strictObject({
  act: z.literal("describe"),
  title: textUpTo(longestTitle),
  category: textUpTo(40),
  conversation: tip,
});

const severityAct = z.strictObject({
  act: z.literal("severity"),
  level: z.enum(severities),
  reason,
  conversation: tip,
});

/** One tag put on or taken off. */
const tagAct = z.strictObject({
  act: z.literal("tag"),
  tag: textUpTo(longestTag).check(z.minLength(1)),
  on: z.boolean(),
  conversation: tip,
});

export const taskStates = ["open", "done", "dropped"] as const;
export type TaskState = (typeof taskStates)[number];
/** The newest of an id counts. */
const taskAct = z.strictObject({
  act: z.literal("task"),
  id: taskId,
  text: textUpTo(2000).check(z.minLength(1)),
  /** A reader's person id. */
  to: z.nullable(count),
  due: z.nullable(dayText),
  state: z.enum(taskStates),
  conversation: tip,
});

/** To another case that every reader of this one reads as well; anybody else would learn that it exists. */
const linkAct = z.strictObject({
  act: z.literal("link"),
  case: hexOf(32),
  on: z.boolean(),
  reason,
  conversation: tip,
});

/** New messages of a muted mailbox call nobody; they are kept like all others. */
const muteAct = z.strictObject({ act: z.literal("mute"), on: z.boolean(), reason, conversation: tip });

/** After closing: the days on which somebody asks whether the reporter was made to suffer for it. */
const checkInsAct = z.strictObject({
  act: z.literal("checkIns"),
  days: z.array(dayText).check(z.maxLength(12)),
  conversation: tip,
});

export const checkInOutcomes = ["asked", "quiet", "retaliation"] as const;
/** One of those days was dealt with: the reporter was asked, or said that nothing or something happened. */
const checkInAct = z.strictObject({
  act: z.literal("checkIn"),
  /** Which of the days. */
  day: dayText,
  /** When it was done. */
  on: dayText,
  outcome: z.enum(checkInOutcomes),
  reason,
  conversation: tip,
});

export const workActs = [
  conflictAct,
  assignAct,
  describeAct,
  severityAct,
  tagAct,
  taskAct,
  linkAct,
  muteAct,
  checkInsAct,
  checkInAct,
] as const;
