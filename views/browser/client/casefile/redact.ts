/**
 * Redaction of text: what is taken out is gone before a page is made, and nothing lies under a box. Spans are
 * widened to whole letters: an accent or half of an emoji left behind would tell what stood there.
 */
import { PortalError } from "../../../../crypto/errors.ts";
import { placeMark } from "../../../pdf/place-mark.ts";
import { clustersOf } from "../../../pdf/choose.ts";

/** `start` and `end` count UTF-16 code units of the text as it was written, `end` is not part of it. */
export interface RedactedSpan {
  start: number;
  end: number;
  /** In words, for the page and the log. */
  reason: string;
}

/**
 * The text with `sign(reason)` in the place of each span, such as "[REDACTED – privileged]". Before each sign
 * stands the place mark of views/pdf/blocks.ts, and nowhere else.
 * @throws PortalError "format" when a span is empty, lies outside or overlaps another, or has no reason
 */
export function redactText(text: string, spans: readonly RedactedSpan[], sign: (reason: string) => string): string {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  checkSpans(text, sorted);
  const bounds = boundsOf(text);
  let redacted = "";
  let at = 0;
  for (const { start, end, reason } of sorted) {
    const from = Math.max(
      at,
      bounds.findLast((bound) => bound <= start)!,
    );
    redacted += `${withoutMarks(text.slice(at, from))}${placeMark}${withoutMarks(sign(reason))}`;
    at = Math.max(
      at,
      bounds.find((bound) => bound >= end)!,
    );
  }
  return redacted + withoutMarks(text.slice(at));
}

function checkSpans(text: string, sorted: readonly RedactedSpan[]): void {
  let last = 0;
  for (const { start, end, reason } of sorted) {
    if (!Number.isInteger(start) || !Number.isInteger(end) || start >= end || end > text.length)
      throw new PortalError("format", "a redaction is empty or lies outside its text");
    if (start < last) throw new PortalError("format", "two redactions overlap");
    if (reason.trim() === "") throw new PortalError("format", "a redaction has no reason");
    last = end;
  }
}

/** Where letters begin, and the end of the text. */
function boundsOf(text: string): number[] {
  const bounds = [0];
  for (const cluster of clustersOf(text)) bounds.push(bounds.at(-1)! + cluster.length);
  return bounds;
}

const withoutMarks = (text: string): string => text.replaceAll(placeMark, "");
