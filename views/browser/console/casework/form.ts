/** The forms of the work on a case: one is open at a time, and none loses what was typed. */
import { html, nothing } from "lit/html.js";
import type { ActDraft } from "../../client/case-acts.ts";
import { endForm, turnToForm, type Part } from "../small-forms.ts";
import { overtakenBox } from "../view-together.ts";
import { type Drawing, jobBar, problemBox, textArea, theDraft, type View } from "../view-parts.ts";

export const isOpen = (drawing: Drawing, form: string): boolean => theDraft(drawing).openForms.work === form;

/** `focus`: element id of the form's first field. `first`: what the form starts with when nothing of it waits. */
export function openForm(drawing: Drawing, form: string, focus: string, first: Record<string, string> = {}): void {
  const { state } = drawing.desk;
  turnToForm(theDraft(drawing), "work", form, first);
  Object.assign(state, { missing: {}, problem: null, focus: [`#${focus}`] });
  drawing.desk.redraw();
}

/** `focus`: selectors; the first that is there gets it. */
export function closeForm(drawing: Drawing, focus: readonly string[]): void {
  endForm(theDraft(drawing), "work");
  Object.assign(drawing.desk.state, { missing: {}, focus: [...focus, "#work-title"] });
  drawing.desk.redraw();
}

/**
 * Taken before the form that is open in this part is written, and called once that went well: ends that form, of that
 * case. Whoever turned to another form or to another case meanwhile stays there, and loses nothing.
 */
export function endingOf(drawing: Drawing, part: Part): (focus: readonly string[]) => void {
  const draft = theDraft(drawing);
  const form = draft.openForms[part];
  return (focus) => {
    const isShown = theDraft(drawing) === draft && draft.openForms[part] === form;
    endForm(draft, part, form);
    if (isShown) Object.assign(drawing.desk.state, { missing: {}, focus: [...focus] });
    drawing.desk.redraw();
  };
}

/** What is still missing shows at its field; true: nothing is. */
export function complete({ desk }: Drawing, missing: Record<string, string | false>): boolean {
  const found = Object.entries(missing).filter((each): each is [string, string] => each[1] !== false);
  desk.state.missing = Object.fromEntries(found);
  if (found.length > 0) desk.redraw();
  return found.length === 0;
}

/** Writes the act that the open form makes, and closes it. */
export async function keep(drawing: Drawing, done: string, draft: ActDraft, focus: readonly string[]): Promise<void> {
  const end = endingOf(drawing, "work");
  const form = theDraft(drawing).openForms.work;
  if (await drawing.desk.act("work", done, draft, {}, [], form)) end([...focus, "#work-title"]);
}

/** Whether somebody else wrote about the same thing since the form was opened. */
function othersFirst(drawing: Drawing, thing: string, opener: string): View {
  const draft = theDraft(drawing);
  const drop = (): void => endForm(draft, "work");
  const focus = ["[data-keep]", opener, "#work-title"];
  return overtakenBox(drawing, { thing, form: draft.openForms.work, begun: true, drop, focus });
}

/** `opener`: selector of what opened the form. */
export interface WorkForm {
  id: string;
  title: string;
  /** What its act is about, see client/act-things.ts; none where each is about something new. */
  about?: string;
  fields: View;
  button: string;
  submit: () => Promise<void>;
  opener: string;
}

export function workForm(drawing: Drawing, { id, title, about, fields, button, submit, opener }: WorkForm): View {
  const { t, desk } = drawing;
  const take = (event: SubmitEvent): void => {
    event.preventDefault();
    void submit();
  };
  return html`<form class="th-work-form" id=${id} novalidate @submit=${take}>
    <h4 class="govuk-heading-s">${title}</h4>
    ${problemBox(drawing, "work")} ${about === undefined ? nothing : othersFirst(drawing, about, opener)} ${fields}
    ${jobBar(drawing, "work")}
    <div class="govuk-button-group govuk-!-margin-bottom-0">
      <button class="govuk-button" data-keep ?disabled=${desk.state.job !== null}>${button}</button>
      <button type="button" class="govuk-button govuk-button--secondary" @click=${() => closeForm(drawing, [opener])}>
        ${t("casework:cancel")}
      </button>
    </div>
  </form>`;
}

export function reasonField(drawing: Drawing, label: string): View {
  const { fields } = theDraft(drawing);
  return textArea(drawing, {
    id: "work-reason",
    label,
    hint: drawing.t("casework:reasonHint"),
    rows: 2,
    value: fields["work-reason"] ?? "",
    take: (text) => (fields["work-reason"] = text),
  });
}
