/** Calling readers in a note: by ticking their names, or by typing @ and the beginning of one. */
import { html, nothing } from "lit/html.js";
import type { CaseView, PersonView } from "../../client/case-view.ts";
import type { Calling, Draft } from "../state.ts";
import { describedBy, type Drawing, missingText, personText, theDraft, type View } from "../view-parts.ts";
import { workers } from "./names.ts";

const longestTyped = 40; // characters

/** The @ before the caret that begins a name, and what stands behind it; null: there is none. */
export function findCall(text: string, caret: number): { from: number; typed: string } | null {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from > longestTyped) return null;
  const before = text[from - 1];
  // An address of mail calls nobody.
  if (before !== undefined && !/[\s(]/u.test(before)) return null;
  const typed = text.slice(from + 1, caret);
  return /\n/u.test(typed) ? null : { from, typed };
}

/** Whose name, or a word of it, begins like that. */
export function namesThatFit<P extends { name: string }>(people: readonly P[], typed: string): P[] {
  const wanted = typed.toLocaleLowerCase();
  return people.filter(({ name }) => {
    const whole = name.toLocaleLowerCase();
    return whole.startsWith(wanted) || whole.split(/\s+/u).some((word) => wanted !== "" && word.startsWith(wanted));
  });
}

/** Everybody but whoever writes. */
const callable = ({ desk }: Drawing, view: CaseView): PersonView[] =>
  workers(view).filter(({ id }) => id !== desk.state.me?.id);

const fitting = (drawing: Drawing, view: CaseView): PersonView[] =>
  drawing.desk.state.calling === null ? [] : namesThatFit(callable(drawing, view), drawing.desk.state.calling.typed);

function call(draft: Draft, id: number, on: boolean): void {
  draft.mentions = on ? [...new Set([...draft.mentions, id])] : draft.mentions.filter((each) => each !== id);
}

/** Puts the name in the place of what was typed of it. */
function complete(drawing: Drawing, person: PersonView, { from, typed }: Calling): void {
  const draft = theDraft(drawing);
  const before = `${draft.note.slice(0, from)}@${person.name}`;
  const after = draft.note.slice(from + 1 + typed.length);
  draft.note = after.startsWith(" ") ? before + after : `${before} ${after}`;
  call(draft, person.id, true);
  drawing.desk.state.calling = null;
  drawing.desk.redraw();
  const field = document.getElementById("note") as HTMLTextAreaElement | null;
  field?.focus();
  field?.setSelectionRange(before.length + 1, before.length + 1);
}

function onInput(drawing: Drawing, view: CaseView, field: HTMLTextAreaElement): void {
  const { state } = drawing.desk;
  theDraft(drawing).note = field.value;
  const found = findCall(field.value, field.selectionStart);
  const fits = found === null ? [] : namesThatFit(callable(drawing, view), found.typed);
  const before = state.calling;
  state.calling = found === null || fits.length === 0 ? null : { ...found, chosen: 0 };
  if (before !== null || state.calling !== null) drawing.desk.redraw();
}

/** Keys as in a combobox with a list (WAI-ARIA); they do what they always do while no name is offered. */
function onKey(drawing: Drawing, view: CaseView, event: KeyboardEvent): void {
  const { calling } = drawing.desk.state;
  const fits = fitting(drawing, view);
  if (calling === null || fits.length === 0 || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) calling.chosen = (calling.chosen + step + fits.length) % fits.length;
  else if (event.key === "Escape") drawing.desk.state.calling = null;
  else if (event.key === "Enter" || event.key === "Tab") {
    event.preventDefault();
    return complete(drawing, fits[calling.chosen]!, calling);
  } else return;
  event.preventDefault();
  drawing.desk.redraw();
}

function offered(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { calling } = desk.state;
  const fits = fitting(drawing, view);
  return html`<ul
    class="th-calls"
    role="listbox"
    id="note-calls"
    aria-label=${t("casework:mentions.offered")}
    ?hidden=${fits.length === 0}
  >
    ${fits.map(
      (person, i) =>
        html`<li
          class="th-calls__name"
          role="option"
          id="note-call-${person.id}"
          aria-selected=${calling?.chosen === i ? "true" : "false"}
          @mousedown=${(event: MouseEvent) => {
            // The field keeps the focus.
            event.preventDefault();
            complete(drawing, person, calling!);
          }}
        >
          <bdi>${personText(person)}</bdi>
        </li>`,
    )}
  </ul>`;
}

/** The note's text; names are offered below it. */
export function noteField(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { calling } = desk.state;
  const fits = fitting(drawing, view);
  const wrong = desk.state.missing["note"] !== undefined;
  const chosen = calling === null ? undefined : fits[calling.chosen];
  const close = (): void => {
    if (desk.state.calling === null) return;
    desk.state.calling = null;
    desk.redraw();
  };
  return html`<div class="govuk-form-group th-calling ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for="note">${t("console:notes.label")}</label>
    <div class="govuk-hint" id="note-hint">${t("casework:mentions.hint")}</div>
    ${missingText(drawing, "note")}
    <textarea
      class="govuk-textarea ${wrong ? "govuk-textarea--error" : ""}"
      id="note"
      rows="5"
      dir="auto"
      autocomplete="off"
      aria-describedby=${describedBy(drawing, "note", true)}
      aria-invalid=${wrong ? "true" : nothing}
      aria-autocomplete="list"
      aria-controls="note-calls"
      aria-activedescendant=${chosen === undefined ? nothing : `note-call-${chosen.id}`}
      .value=${theDraft(drawing).note}
      @input=${(event: InputEvent) => onInput(drawing, view, event.target as HTMLTextAreaElement)}
      @keydown=${(event: KeyboardEvent) => onKey(drawing, view, event)}
      @blur=${close}
    ></textarea>
    ${offered(drawing, view)}
    <p class="govuk-visually-hidden" role="status">
      ${fits.length === 0 ? nothing : t("casework:mentions.found", { count: fits.length })}
    </p>
  </div>`;
}

/** Whom the note calls; ticked by typing their name as well. */
export function callBoxes(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const draft = theDraft(drawing);
  const people = callable(drawing, view);
  if (people.length === 0) return nothing;
  return html`<fieldset class="govuk-fieldset govuk-form-group" id="calls">
    <legend class="govuk-fieldset__legend">${t("casework:mentions.legend")}</legend>
    <div class="govuk-checkboxes govuk-checkboxes--small th-call-boxes">
      ${people.map(
        ({ id, name }) =>
          html`<div class="govuk-checkboxes__item">
            <input
              class="govuk-checkboxes__input"
              type="checkbox"
              id="call-${id}"
              .checked=${draft.mentions.includes(id)}
              @change=${(event: Event) => {
                call(draft, id, (event.target as HTMLInputElement).checked);
                desk.redraw();
              }}
            />
            <label class="govuk-label govuk-checkboxes__label" for="call-${id}"><bdi>${name}</bdi></label>
          </div>`,
      )}
    </div>
  </fieldset>`;
}
