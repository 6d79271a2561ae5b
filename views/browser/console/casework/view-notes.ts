/** Notes: what readers write for each other, with whom they call, between the acts of the case. */
import { html, nothing } from "lit/html.js";
import type { CaseView, EntryView } from "../../client/case-view.ts";
import { actLines } from "../../client/act-words.ts";
import { fileList } from "../view-files.ts";
import { dayLine, jobBar, problemBox, type Drawing, type View } from "../view-parts.ts";
import { newChip, newMark } from "../view-together.ts";
import { callBoxes, noteField } from "./mentions.ts";
import { authorText, damagedItem, nameOf, namesText, teamIsUsable } from "./names.ts";

/** Who was called; that it was whoever looks must be seen. */
export function callMarks({ t, desk }: Drawing, { mentions }: EntryView): View {
  if (mentions.length === 0) return nothing;
  return html`<div class="th-chips">
    ${mentions.map(({ id, name }) => {
      const own = id === desk.state.me?.id;
      return html`<span class="th-chip ${own ? "th-chip--late" : "th-chip--info"}" data-called=${id}>
        ${own ? t("casework:mentions.you") : t("casework:mentions.called", { name })}
      </span>`;
    })}
  </div>`;
}

function headOf(drawing: Drawing, { author, decision }: EntryView): string {
  const { t } = drawing;
  const name = authorText(drawing, author);
  if (decision === null) return name;
  if (decision.disposition !== null)
    return t("console:notes.decisionClosed", { name, disposition: t(`console:disposition.${decision.disposition}`) });
  return t("console:notes.decision", { name, phase: t(`console:phase.${decision.phase}`) });
}

function noteItem(drawing: Drawing, view: CaseView, entry: EntryView): View {
  const { t } = drawing;
  if (entry.kind === "damaged") return damagedItem(drawing, entry);
  const name = authorText(drawing, entry.author);
  if (entry.kind === "team") return html`<li class="th-note th-note--act">${t("console:notes.team", { name })}</li>`;
  if (entry.kind === "teamrekey")
    return html`<li class="th-note th-note--act">
      ${t("work:keys.teamrekey", { name, names: namesText(entry.readersNow) })}
    </li>`;
  const { decision, act } = entry;
  const lines =
    act === null || decision !== null
      ? []
      : actLines(act, t, { person: (id) => nameOf(view, id), linked: entry.linked });
  // What is said in a line stands as a line: notes must not drown in it.
  if (act !== null && decision === null && entry.text === "" && entry.files.length === 0)
    return html`<li
      class="th-note th-note--act"
      data-note=${entry.seq}
      data-new=${newMark(drawing, entry, 1)}
      tabindex="-1"
    >
      <bdi>${name}</bdi>: ${lines.map((line) => html`<span dir="auto">${line}</span> `)} ${newChip(drawing, entry, 1)}
    </li>`;
  return html`<li class="th-note" data-note=${entry.seq} data-new=${newMark(drawing, entry, 1)} tabindex="-1">
    <p class="th-message__author">${headOf(drawing, entry)} ${newChip(drawing, entry, 1)}</p>
    ${entry.kind === "note" ? dayLine(drawing, entry.day) : nothing}
    ${lines.map((line) => html`<p class="govuk-body-s govuk-!-margin-bottom-1" dir="auto">${line}</p>`)}
    ${entry.text === "" ? nothing : html`<div class="th-written">${entry.text}</div>`} ${callMarks(drawing, entry)}
    ${fileList(drawing, entry.files)}
  </li>`;
}

function noteForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.note();
  };
  return html`<form class="th-card" id="note-form" novalidate @submit=${submit}>
    ${problemBox(drawing, "note")} ${noteField(drawing, view)} ${callBoxes(drawing, view)} ${jobBar(drawing, "note")}
    <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("console:notes.button")}
    </button>
  </form>`;
}

export function notesTab(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  return html`<section aria-labelledby="notes-title">
    <h3 class="govuk-heading-m" id="notes-title">${t("console:notes.title")}</h3>
    <p class="govuk-body">${t("console:notes.lead")}</p>
    ${
      view.team.entries.length === 0
        ? html`<p class="govuk-body th-quiet">${t("console:notes.empty")}</p>`
        : html`<ol class="th-notes">
            ${view.team.entries.map((entry) => noteItem(drawing, view, entry))}
          </ol>`
    }
    ${teamIsUsable(view) ? noteForm(drawing, view) : nothing}
  </section>`;
}
