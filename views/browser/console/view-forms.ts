/** The forms of an open case. What is typed goes into the draft at each key, so that nothing can lose it. */
import { html, nothing } from "lit/html.js";
import { dispositions } from "../../../crypto/dispositions.ts";
import type { CaseView } from "../client/case-view.ts";
import { saveBlob } from "../save-file.ts";
import { fileChoice } from "./view-fields.ts";
import { dutyChoice, unchangedChoice } from "./view-reply-duty.ts";
import { proposedUpdate } from "./update-by.ts";
import { draftOf, type Draft } from "./state.ts";
import { describedBy, jobBar, missingText, problemBox, textArea, type Drawing, type View } from "./view-parts.ts";

const theDraft = ({ desk }: Drawing): Draft => draftOf(desk.state, desk.state.chosen ?? "");

function submitTo(act: () => Promise<void>): (event: SubmitEvent) => void {
  return (event) => {
    event.preventDefault();
    void act();
  };
}

/** What the operator set up to start from; editable before it is sent, and never in place of what was typed. */
function templateChoice({ t, desk }: Drawing, draft: Draft): View {
  const { templates } = desk;
  if (templates.length === 0) return nothing;
  const take = (): void => {
    const field = document.getElementById("template") as HTMLSelectElement;
    const template = templates.find(({ id }) => id === field.value);
    if (template === undefined) return;
    const text = t(`templates:${template.textKey}`);
    draft.reply = draft.reply.trim() === "" ? text : `${draft.reply.trimEnd()}\n\n${text}`;
    desk.redraw();
    document.getElementById("reply")?.focus();
  };
  return html`<div class="govuk-form-group">
    <label class="govuk-label" for="template">${t("presentation:templates.use")}</label>
    <select class="govuk-select" id="template">
      <option value="">${t("presentation:templates.none")}</option>
      ${templates.map(({ id, labelKey }) => html`<option value=${id}>${t(`templates:${labelKey}`)}</option>`)}
    </select>
    <button type="button" class="govuk-button govuk-button--secondary th-small" id="use-template" @click=${take}>
      ${t("presentation:templates.put")}
    </button>
  </div>`;
}

/** What the reporter is promised with this reply. */
function updateField(drawing: Drawing, view: CaseView, draft: Draft): View {
  const { t, desk } = drawing;
  if (view.listing.phase === "closed") return nothing;
  const wrong = desk.state.missing["update-by"] !== undefined;
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for="update-by">${t("console:reply.updateBy")}</label>
    <div class="govuk-hint" id="update-by-hint">${t("console:reply.updateByHint")}</div>
    ${missingText(drawing, "update-by")}
    <input
      class="govuk-input govuk-input--width-10 ${wrong ? "govuk-input--error" : ""}"
      type="date"
      id="update-by"
      autocomplete="off"
      aria-describedby=${describedBy(drawing, "update-by", true)}
      aria-invalid=${wrong ? "true" : nothing}
      .value=${draft.updateBy ?? proposedUpdate(view, draft.duty)}
      @input=${(event: InputEvent) => (draft.updateBy = (event.target as HTMLInputElement).value)}
    />
  </div>`;
}

export function replyForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const draft = theDraft(drawing);
  return html`<form class="th-card" novalidate @submit=${submitTo(() => desk.reply())}>
    <h3 class="govuk-heading-m">${t("console:reply.title")}</h3>
    ${problemBox(drawing, "reply")} ${dutyChoice(drawing, view, draft)} ${templateChoice(drawing, draft)}
    ${textArea(drawing, {
      id: "reply",
      label: t("console:reply.label"),
      hint: t("console:reply.hint"),
      rows: 6,
      value: draft.reply,
      take: (text) => (draft.reply = text),
    })}
    ${unchangedChoice(drawing, draft)} ${updateField(drawing, view, draft)}
    ${fileChoice(drawing, {
      id: "reply-files",
      label: t("console:reply.files"),
      files: draft.replyFiles,
      take: (files) => (draft.replyFiles = files),
    })}
    ${jobBar(drawing, "reply")}
    <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("console:reply.button")}
    </button>
  </form>`;
}

export function noteForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  const draft = theDraft(drawing);
  return html`<form class="th-card" novalidate @submit=${submitTo(() => desk.note())}>
    ${problemBox(drawing, "note")}
    ${textArea(drawing, {
      id: "note",
      label: t("console:notes.label"),
      rows: 5,
      value: draft.note,
      take: (text) => (draft.note = text),
    })}
    ${jobBar(drawing, "note")}
    <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("console:notes.button")}
    </button>
  </form>`;
}

function phaseChoice(drawing: Drawing, view: CaseView, draft: Draft): View {
  const { t, desk } = drawing;
  const wrong = desk.state.missing["phase"] !== undefined;
  const words = (phase: "open" | "closed"): string => {
    if (phase === "closed") return "console:status.closed";
    return view.listing.phase === "closed" ? "console:status.reopen" : "console:status.open";
  };
  const choose = (phase: "open" | "closed"): void => {
    draft.phase = phase;
    if (phase === "open") draft.disposition = "";
    desk.redraw();
  };
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <fieldset class="govuk-fieldset" aria-describedby=${describedBy(drawing, "phase", false)}>
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("console:status.new")}</legend>
      ${missingText(drawing, "phase")}
      <div class="govuk-radios">
        ${view.next.map(
          (phase, i) =>
            html`<div class="govuk-radios__item">
              <input
                class="govuk-radios__input"
                type="radio"
                name="phase"
                id=${i === 0 ? "phase" : `phase-${phase}`}
                .checked=${draft.phase === phase}
                @change=${() => choose(phase)}
              />
              <label class="govuk-label govuk-radios__label" for=${i === 0 ? "phase" : `phase-${phase}`}>
                ${t(words(phase))}
              </label>
            </div>`,
        )}
      </div>
    </fieldset>
  </div>`;
}

function dispositionChoice(drawing: Drawing, draft: Draft): View {
  const { t, desk } = drawing;
  const wrong = desk.state.missing["disposition"] !== undefined;
  const take = (event: Event): void => {
    draft.disposition = (event.target as HTMLSelectElement).value as Draft["disposition"];
  };
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for="disposition">${t("console:status.disposition")}</label>
    <div class="govuk-hint" id="disposition-hint">${t("console:status.dispositionHint")}</div>
    ${missingText(drawing, "disposition")}
    <select
      class="govuk-select"
      id="disposition"
      aria-describedby=${describedBy(drawing, "disposition", true)}
      @change=${take}
    >
      <option value="" .selected=${draft.disposition === ""}>${t("console:status.choose")}</option>
      ${dispositions.map(
        (each) =>
          html`<option value=${each} .selected=${draft.disposition === each}>
            ${t(`console:disposition.${each}`)}
          </option>`,
      )}
    </select>
  </div>`;
}

export function statusForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const draft = theDraft(drawing);
  const phase = t(`console:phase.${view.listing.phase}`);
  const now =
    view.disposition === null
      ? t("console:status.now", { phase })
      : t("console:status.nowClosed", { phase, disposition: t(`console:disposition.${view.disposition}`) });
  return html`<form class="th-card" novalidate @submit=${submitTo(() => desk.decide())}>
    <h3 class="govuk-heading-m">${t("console:status.title")}</h3>
    <p class="govuk-body">${now}</p>
    ${problemBox(drawing, "status")} ${phaseChoice(drawing, view, draft)}
    ${draft.phase === "closed" ? dispositionChoice(drawing, draft) : nothing}
    ${textArea(drawing, {
      id: "reason",
      label: t("console:status.reason"),
      hint: t("console:status.reasonHint"),
      rows: 3,
      value: draft.reason,
      take: (text) => (draft.reason = text),
    })}
    ${textArea(drawing, {
      id: "tell-reporter",
      label: t("console:status.tell"),
      hint: t("console:status.tellHint"),
      rows: 4,
      value: draft.tellReporter,
      take: (text) => (draft.tellReporter = text),
    })}
    ${jobBar(drawing, "status")}
    <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("console:status.button")}
    </button>
  </form>`;
}

function option(id: string, label: string, hint: string, on: boolean, take: (on: boolean) => void): View {
  return html`<div class="govuk-checkboxes__item">
    <input
      class="govuk-checkboxes__input"
      type="checkbox"
      id=${id}
      aria-describedby="${id}-hint"
      .checked=${on}
      @change=${(event: Event) => take((event.target as HTMLInputElement).checked)}
    />
    <label class="govuk-label govuk-checkboxes__label" for=${id}>${label}</label>
    <div class="govuk-hint govuk-checkboxes__hint" id="${id}-hint">${hint}</div>
  </div>`;
}

function exportedKey(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { exported } = desk.state;
  if (exported === null) return nothing;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(exported.publicKey);
    desk.state.done = "console:done.copied";
    desk.redraw();
  };
  return html`<section class="th-card" aria-labelledby="key-title">
    <h3 class="govuk-heading-m" id="key-title">${t("console:export.keyTitle")}</h3>
    <p class="govuk-body">${t("console:export.keyLead")}</p>
    <pre class="th-code" tabindex="0" id="counsel-key">${exported.publicKey}</pre>
    <div class="th-toolbar">
      <button type="button" class="govuk-button" @click=${() => void copy()}>${t("console:export.copy")}</button>
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        @click=${() => saveBlob(new Blob([exported.publicKey]), "counsel.pub")}
      >
        ${t("console:export.saveKey")}
      </button>
    </div>
    <p class="govuk-body-s th-quiet govuk-!-margin-bottom-1">${t("console:export.digest")}</p>
    <pre class="th-code govuk-!-margin-bottom-0" tabindex="0">${exported.digest}</pre>
  </section>`;
}

export function exportForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  const draft = theDraft(drawing);
  return html`<form class="th-card" novalidate @submit=${submitTo(() => desk.exportCase())}>
      <h3 class="govuk-heading-m">${t("console:export.title")}</h3>
      <p class="govuk-body">${t("console:export.lead")}</p>
      ${problemBox(drawing, "export")}
      <div class="govuk-form-group">
        <div class="govuk-checkboxes">
          ${option(
            "export-notes",
            t("console:export.notes"),
            t("console:export.notesHint"),
            draft.exportNotes,
            (on) => {
              draft.exportNotes = on;
            },
          )}
          ${option(
            "export-names",
            t("console:export.names"),
            t("console:export.namesHint"),
            draft.exportNames,
            (on) => {
              draft.exportNames = on;
            },
          )}
        </div>
      </div>
      <p class="govuk-body-s th-quiet">${t("console:export.never")} ${t("console:export.log")}</p>
      ${jobBar(drawing, "export")}
      <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
        ${t("console:export.button")}
      </button>
    </form>
    ${exportedKey(drawing)}`;
}
