/** Choosing what a mark leaves out, and writing it: one act for each place. What is typed stays in the case's draft. */
import { longestDescription, privilegeBases } from "../../../../crypto/export-acts.ts";
import type { ActDraft } from "../../client/case-acts.ts";
import type { CaseView } from "../../client/case-view.ts";
import { clashOf, elsewhere, faultsOf, type Elsewhere } from "../../client/casefile/mark-rules.ts";
import {
  markTargets,
  offsetInText,
  targetAt,
  wordsAt,
  type MarkPlace,
  type MarkTarget,
} from "../../client/casefile/mark-targets.ts";
import type { Mark } from "../../client/casefile/marks.ts";
import { foldedWords } from "../../client/casefile/same-words.ts";
import { complete } from "../casework/form.ts";
import { newId } from "../new-id.ts";
import type { Draft } from "../state.ts";
import { today } from "../update-by.ts";
import { theDraft, type Drawing } from "../view-parts.ts";

const placeField = "mark-place";

/** What somebody chose and has not marked yet; null: nothing. */
export function chosenPlace(drawing: Drawing): MarkPlace | null {
  const kept = theDraft(drawing).fields[placeField];
  return kept === undefined ? null : (JSON.parse(kept) as MarkPlace);
}

/** What was typed about another place before stays. */
export function choose(drawing: Drawing, place: MarkPlace): void {
  const { state } = drawing.desk;
  theDraft(drawing).fields[placeField] = JSON.stringify(place);
  Object.assign(state, { missing: {}, problem: null, done: null, focus: ["#mark-reason", "#mark-cancel"] });
  drawing.desk.redraw();
}

/** `field`: the text field that shows the part. */
export function choosePassage(
  drawing: Drawing,
  target: MarkTarget,
  { part, text }: { part: string; text: string },
  field: HTMLTextAreaElement,
): void {
  const [start, end] = [offsetInText(text, field.selectionStart), offsetInText(text, field.selectionEnd)];
  const empty = foldedWords(text.slice(start, end)) === "";
  if (!complete(drawing, { [field.id]: empty && "casework:marks.missing.passage" })) return;
  choose(drawing, { stream: target.stream, seq: target.seq, part, span: { start, end } });
}

function forgetForm({ fields }: Draft): void {
  for (const id of Object.keys(fields)) if (/^mark-(?!again-)/.test(id)) delete fields[id];
}

/** Ends the form. */
export function drop(drawing: Drawing, focus: string[]): void {
  forgetForm(theDraft(drawing));
  Object.assign(drawing.desk.state, { missing: {}, problem: null, focus });
  drawing.desk.redraw();
}

/** Ends the form in which this place was chosen. Whoever turned meanwhile to another place or case stays there. */
function endMarked(drawing: Drawing, draft: Draft, place: MarkPlace): void {
  if (draft.fields[placeField] !== JSON.stringify(place)) return drawing.desk.redraw();
  if (theDraft(drawing) === draft) return drop(drawing, ["#marks-title"]);
  forgetForm(draft);
  drawing.desk.redraw();
}

/** Everything is looked through once for each state of the case, and not at each drawing. */
let looked: { view: CaseView; key: string; found: Elsewhere } | null = null;

export function foundElsewhere(view: CaseView, place: MarkPlace): Elsewhere {
  const key = JSON.stringify(place);
  if (looked?.view !== view || looked.key !== key)
    looked = { view, key, found: elsewhere(markTargets(view), view.marks, place) };
  return looked.found;
}

const idField = (place: MarkPlace): string => `mark-id ${JSON.stringify(place)}`;

/** The mark in the way of what was chosen; not one that this very form wrote before something went wrong. */
export function inTheWay(drawing: Drawing, view: CaseView, place: MarkPlace): Mark | null {
  const own = theDraft(drawing).fields[idField(place)];
  return clashOf(
    view.marks.filter(({ id }) => id !== own),
    place,
  );
}

export const everywhereField = "mark-everywhere";
export const isOn = (drawing: Drawing, field: string): boolean => theDraft(drawing).fields[field] === "on";

const faultWords = {
  missing: { reason: "casework:marks.missing.reason", description: "casework:marks.missing.description" },
  repeats: { reason: "casework:marks.missing.repeats", description: "casework:marks.missing.repeats" },
} as const;

export async function mark(drawing: Drawing, view: CaseView, place: MarkPlace): Promise<void> {
  const { desk } = drawing;
  const draft = theDraft(drawing);
  const { fields } = draft;
  const target = targetAt(markTargets(view), place);
  if (target === null || inTheWay(drawing, view, place) !== null) return;
  const bases = privilegeBases.filter((basis) => isOn(drawing, `mark-${basis}`));
  const reason = (fields["mark-reason"] ?? "").trim();
  const description = bases.length === 0 ? "" : (fields["mark-description"] ?? "").trim();
  const faults = faultsOf({ reason, description, bases }, wordsAt(target, place));
  const word = (field: "reason" | "description", text: string): string | false => {
    const fault = faults[field];
    if (fault !== null) return faultWords[fault][field];
    return text.length > longestDescription && "casework:marks.missing.long";
  };
  const missing = { "mark-reason": word("reason", reason), "mark-description": word("description", description) };
  if (!complete(drawing, missing)) return;
  const others = fields[everywhereField] === "no" ? [] : foundElsewhere(view, place).free;
  const drafts = [place, ...others].flatMap((each): ActDraft<"redact">[] => {
    // Tried again after something went wrong, it is the same mark.
    const id = (fields[idField(each)] ??= newId());
    if (view.marks.some((mark) => mark.id === id)) return [];
    return [{ act: "redact", id, ...each, bases, description, on: true, dated: today(), reason }];
  });
  const words = { label: "casework:marks.job", done: "casework:marks.done.marked" };
  if (await desk.acts("marks", words, drafts)) endMarked(drawing, draft, place);
}

/** Takes a mark back. */
export async function showAgain(drawing: Drawing, mark: Mark): Promise<void> {
  const { fields } = theDraft(drawing);
  const field = `mark-again-${mark.id}`;
  const reason = (fields[field] ?? "").trim();
  if (!complete(drawing, { [field]: reason === "" && "casework:marks.missing.reason" })) return;
  const { by: _, epoch: __, ...about } = mark;
  const draft = { ...about, act: "redact" as const, on: false, dated: today(), reason };
  drawing.desk.state.focus = ["#marks-title"];
  if (await drawing.desk.act("marks", "casework:marks.done.again", draft)) delete fields[field];
  drawing.desk.redraw();
}
