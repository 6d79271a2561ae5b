/** What counsel marked to be left out of case files: the newest of each mark, as long as nobody took it back. */
import { wasCounsel, type RosterChain } from "../../../../crypto/roster.ts";
import type { ActOf } from "../../../../crypto/team-content.ts";
import type { Entry } from "../../../../crypto/envelope/open.ts";
import type { Stream } from "../../../../crypto/envelope/wire.ts";

export interface Mark extends Omit<ActOf<"redact">, "act" | "on" | "conversation"> {
  /** Person id of who marked it last. */
  by: number;
  /** Of the roster under which they did. */
  epoch: number;
}

/**
 * `team`: entries of the readers' stream, oldest first. Marks in the order in which they were first made. Only members
 * who were counsel in the envelope's roster mark, and take a mark back: others would show what is privileged.
 */
export function marksOf(chain: RosterChain, team: readonly Entry[]): Mark[] {
  const marks = new Map<string, Mark | null>();
  for (const { kind, content, author, epoch } of team) {
    if (kind !== "act" || content.act !== "redact" || author === null || !wasCounsel(chain, epoch, author)) continue;
    const { act: _, on, conversation: __, ...mark } = content;
    marks.set(mark.id, on ? { ...mark, by: author, epoch } : null);
  }
  return [...marks.values()].filter((mark) => mark !== null);
}

export const marksAt = (marks: readonly Mark[], stream: Stream, seq: number): Mark[] =>
  marks.filter((mark) => mark.stream === stream && mark.seq === seq);

/** Whether marks in the readers' stream leave out the same of these entries, by stream, as marks in it do by now. */
export function hasSameMarks(
  chain: RosterChain,
  of: Record<Stream, readonly Entry[]>,
  before: readonly Entry[],
  now: readonly Entry[],
): boolean {
  const told = (team: readonly Entry[]): string =>
    JSON.stringify(marksOf(chain, team).filter(({ stream, seq }) => seq < of[stream].length));
  return told(before) === told(now);
}
