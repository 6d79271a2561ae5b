/** Everything of a case in one order, for its readers. */
import type { Stream } from "../../../crypto/envelope/wire.ts";
import type { CaseView, EntryView } from "./case-view.ts";

export const timelineKinds = ["messages", "notes", "acts", "keys"] as const;
export type TimelineKind = (typeof timelineKinds)[number];

export interface TimelineItem {
  kind: TimelineKind;
  stream: Stream;
  /** Null: the report. */
  entry: EntryView | null;
  /** YYYY-MM-DD as its writer said; null where they did not. */
  day: string | null;
}

function kindOf({ kind }: EntryView, stream: Stream): TimelineKind {
  switch (kind) {
    case "report":
    case "message":
    case "reply":
      return "messages";
    case "note":
      return "notes";
    case "act":
      return "acts";
    case "rekey":
    case "team":
    case "teamrekey":
      return "keys";
    case "damaged":
      return stream === 0 ? "messages" : "notes";
  }
}

/** An act on one day says so itself. */
const dayOfEntry = ({ day, act }: EntryView): string | null => {
  if (day !== null || act === null || !("on" in act)) return day;
  return typeof act.on === "string" ? act.on : null;
};

/**
 * Each stream in its own order; what readers wrote among themselves stands behind the newest message that its writer
 * had before them. Two that nobody can order stand as their streams do.
 */
export function timelineOf({
  report,
  conversation,
  team,
}: Pick<CaseView, "report" | "conversation" | "team">): TimelineItem[] {
  const item = (entry: EntryView, stream: Stream): TimelineItem => ({
    kind: kindOf(entry, stream),
    stream,
    entry,
    day: dayOfEntry(entry),
  });
  const items: TimelineItem[] = [{ kind: "messages", stream: 0, entry: null, day: report.day }];
  let next = 0;
  const sayUpTo = (seq: number): void => {
    for (; next < conversation.length && conversation[next]!.seq <= seq; next++)
      items.push(item(conversation[next]!, 0));
  };
  for (const entry of team.entries) {
    sayUpTo(entry.after ?? 0);
    items.push(item(entry, 1));
  }
  sayUpTo(Infinity);
  return items;
}
