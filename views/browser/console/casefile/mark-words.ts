/** What can be left out, in words: documents, their texts, places in them. */
import { actLines } from "../../client/act-words.ts";
import type { CaseView } from "../../client/case-view.ts";
import { wordsAt, type MarkPlace, type MarkTarget, type TargetPart } from "../../client/casefile/mark-targets.ts";
import { nameOf } from "../casework/names.ts";
import type { Drawing } from "../view-parts.ts";

const shortest = 80; // characters of a longer text that are shown
const around = 40; // characters before and behind a find

export function titleOf({ t }: Drawing, view: CaseView, { kind, seq, act, linked }: MarkTarget): string {
  if (kind === "report") return t("casework:marks.kind.report");
  if (kind !== "act" || act === null) return t(`casework:marks.kind.${kind}`, { seq });
  const names = { person: (id: number) => nameOf(view, id), linked };
  return t("casework:marks.kind.act", { seq, what: actLines(act, t, names)[0] ?? "" });
}

export function partTitle({ t }: Drawing, { kind }: MarkTarget, { part, labelKey }: TargetPart): string {
  if (labelKey !== null) return t(`questionnaires:${labelKey}`);
  if (part.startsWith("answer:")) return part.slice("answer:".length);
  return t(kind === "act" ? "casework:marks.reason" : "casework:marks.text");
}

/** "Words in Message 2". */
export function whereText(drawing: Drawing, view: CaseView, target: MarkTarget, { part, span }: MarkPlace): string {
  const what =
    part === "document" ? "document" : part.startsWith("file:") ? "file" : span === null ? "text" : "passage";
  return drawing.t(`casework:marks.where.${what}`, { of: titleOf(drawing, view, target) });
}

/** The words that a mark leaves out, cut where they are many; a choice from a list in its own words. */
export function quoteOf({ t }: Drawing, target: MarkTarget, place: MarkPlace): string {
  const part = target.parts.find((each) => each.part === place.part);
  const chosen = part === undefined || place.span !== null ? [] : part.chosen;
  const words = chosen.some((key) => key !== null)
    ? chosen.map((key, i) => (key === null ? (part!.text.split("\n")[i] ?? "") : t(`questionnaires:${key}`))).join(", ")
    : wordsAt(target, place);
  return words.length <= shortest ? words : `${words.slice(0, shortest)}…`;
}

/** A find, with what stands around it. */
export function contextOf(target: MarkTarget, place: MarkPlace): { before: string; words: string; after: string } {
  const { part, span } = place;
  const text = target.parts.find((each) => each.part === part)?.text ?? "";
  if (span === null) return { before: "", words: wordsAt(target, place).slice(0, shortest), after: "" };
  return {
    before: text.slice(Math.max(0, span.start - around), span.start),
    words: text.slice(span.start, span.end),
    after: text.slice(span.end, span.end + around),
  };
}
