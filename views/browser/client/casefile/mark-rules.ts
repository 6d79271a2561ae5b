/** Which marks get in each other's way, what they come to in a text, and where else the same words stand. */
import type { Mark } from "./marks.ts";
import { targetAt, wordsAt, type MarkPlace, type MarkTarget } from "./mark-targets.ts";
import type { RedactedSpan } from "./redact.ts";
import { foldedWords, placesOf, repeats, type Span } from "./same-words.ts";

const overlap = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/** Whether that mark already leaves all of this place out. An attachment stays when its document's text goes. */
function covers(mark: MarkPlace, place: MarkPlace): boolean {
  if (mark.stream !== place.stream || mark.seq !== place.seq) return false;
  if (mark.part === "document") return !place.part.startsWith("file:");
  if (mark.part !== place.part) return false;
  if (mark.span === null) return true;
  return place.span !== null && mark.span.start <= place.span.start && place.span.end <= mark.span.end;
}

/** The mark that is in the way of a new one: it leaves this place out already, or some of it; null: none. */
export function clashOf<M extends MarkPlace>(marks: readonly M[], place: MarkPlace): M | null {
  const inTheWay = (mark: M): boolean =>
    covers(mark, place) ||
    (mark.stream === place.stream &&
      mark.seq === place.seq &&
      mark.part === place.part &&
      mark.span !== null &&
      place.span !== null &&
      overlap(mark.span, place.span));
  return marks.find(inTheWay) ?? null;
}

/** As it stands on the page: "AC, WP: advice of counsel". */
export function reasonOf({ bases, reason }: Pick<Mark, "bases" | "reason">): string {
  return [bases.join(", "), reason.trim()].filter((part) => part !== "").join(": ") || "-";
}

/** What is left out of a text, and by which marks. */
export interface Gap extends RedactedSpan {
  marks: Mark[];
}

/**
 * What these marks of one part come to, for `redactText`: on a page, in its preview and in the logs. Two counsels may
 * have marked the same words at the same moment: what overlaps is one, with both reasons. A span that does not fit the
 * text leaves all of it out. `marks`: of that part only, or of its document.
 */
export function gapsOf(marks: readonly Mark[], text: string): Gap[] {
  if (text === "") return [];
  const all = { start: 0, end: text.length };
  const fits = ({ start, end }: Span): boolean => start < end && end <= text.length;
  const spans = marks
    .map((mark) => ({ mark, reason: reasonOf(mark), ...(mark.span !== null && fits(mark.span) ? mark.span : all) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const gaps: Gap[] = [];
  for (const { mark, reason, start, end } of spans) {
    const last = gaps.at(-1);
    if (last === undefined || last.end <= start) gaps.push({ start, end, reason, marks: [mark] });
    else {
      last.end = Math.max(last.end, end);
      if (!last.reason.split("; ").includes(reason)) last.reason += `; ${reason}`;
      last.marks.push(mark);
    }
  }
  return gaps;
}

/** Those that leave something of this part out: its own, and that of the whole document. */
export const marksOn = <M extends MarkPlace>(marks: readonly M[], { stream, seq }: MarkTarget, part: string): M[] =>
  marks.filter(
    (mark) =>
      mark.stream === stream &&
      mark.seq === seq &&
      (mark.part === part || (mark.part === "document" && !part.startsWith("file:"))),
  );

/** Where the same words stand besides the place that was chosen. */
export interface Elsewhere {
  /** Each can be marked by itself. */
  free: MarkPlace[];
  /** Some of them are left out there, some are not: that mark is in the way. */
  partly: { place: MarkPlace; by: Mark }[];
  /** There only a whole answer or a whole document can be left out. */
  whole: MarkPlace[];
  /** Marks whose own words, which the other side reads, say them. */
  said: Mark[];
}

/** Attachments are not searched: the page does not have what is in them. */
export function elsewhere(targets: readonly MarkTarget[], marks: readonly Mark[], chosen: MarkPlace): Elsewhere {
  const target = targetAt(targets, chosen);
  const words = target === null || chosen.span === null ? "" : wordsAt(target, chosen);
  const found: Elsewhere = { free: [], partly: [], whole: [], said: [] };
  if (foldedWords(words) === "") return found;
  for (const each of targets) {
    const { stream, seq } = each;
    const at = (part: string, span: Span | null): MarkPlace => ({ stream, seq, part, span });
    for (const { part, text, passages } of each.parts)
      for (const span of placesOf(words, text)) {
        const place = at(part, passages ? span : null);
        if (clashOf([chosen], place) !== null) continue;
        const by = clashOf(marks, place);
        if (by !== null) {
          if (!marks.some((mark) => covers(mark, place))) found.partly.push({ place, by });
        } else if (passages) found.free.push(place);
        else if (clashOf(found.whole, place) === null) found.whole.push(place);
      }
    const document = at("document", null);
    if (placesOf(words, each.besides).length > 0 && clashOf(marks, document) === null) found.whole.push(document);
  }
  found.said = marks.filter(({ reason, description }) => repeats(`${reason}\n${description}`, words));
  return found;
}

/** What is wrong with the words of a mark; each a field's error. `leftOut`: what it leaves out. */
export interface MarkFaults {
  reason: "missing" | "repeats" | null;
  description: "missing" | "repeats" | null;
}

/** The other side reads both. */
export function faultsOf(
  { reason, description, bases }: Pick<Mark, "reason" | "description" | "bases">,
  leftOut: string,
): MarkFaults {
  const fault = (typed: string, needed: boolean): "missing" | "repeats" | null => {
    if (typed.trim() === "") return needed ? "missing" : null;
    return repeats(typed, leftOut) ? "repeats" : null;
  };
  return { reason: fault(reason, true), description: fault(description, bases.length > 0) };
}
