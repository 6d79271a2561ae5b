/**
 * The smaller forms of a case: in each part at most one is open. Turning to another loses nothing: what was typed
 * waits until its form is opened again. Keeping it, or cancelling, ends that.
 */
import type { Draft } from "./state.ts";

export type Part = "clock" | "filing" | "work";

const own: Record<Part, RegExp> = { clock: /^(?:done|clock)-/, filing: /^filing-/, work: /^work-/ };

/** Takes the part's fields out of the draft. */
function takeFields(draft: Draft, part: Part): Record<string, string> {
  const taken = Object.entries(draft.fields).filter(([id]) => own[part].test(id));
  for (const [id] of taken) delete draft.fields[id];
  return Object.fromEntries(taken);
}

/** `first`: what the form starts with when nothing of it waits. */
export function turnToForm(draft: Draft, part: Part, form: string, first: Record<string, string> = {}): void {
  const before = draft.openForms[part];
  const fields = takeFields(draft, part);
  if (before !== "") draft.waiting[before] = fields;
  Object.assign(draft.fields, draft.waiting[form] ?? first);
  delete draft.waiting[form];
  draft.openForms[part] = form;
}

/** `form`: the one that is open, or one that waits. */
export function endForm(draft: Draft, part: Part, form = draft.openForms[part]): void {
  for (const name of Object.keys(draft.bases))
    if (name === form || name.startsWith(`${form}:`)) delete draft.bases[name];
  delete draft.formFiles[form];
  delete draft.waiting[form];
  if (draft.openForms[part] !== form) return;
  takeFields(draft, part);
  draft.openForms[part] = "";
}
