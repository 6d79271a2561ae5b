/** The forms of an open case. What is typed goes into the draft at each key, so that nothing can lose it. */
import { html, nothing } from "lit/html.js";
import { dispositions } from "../../../crypto/dispositions.ts";
import type { CaseView } from "../client/case-view.ts";
import { field, fileChoice } from "./view-fields.ts";
import { dutyChoice, unchangedChoice } from "./view-reply-duty.ts";
import { proposedUpdate } from "./update-by.ts";
import { overtakenBox } from "./view-together.ts";
import { type Draft } from "./state.ts";
import {
  describedBy,
  type Drawing,
  jobBar,
  missingText,
  problemBox,
  textArea,
  theDraft,
  type View,
} from "./view-parts.ts";

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
  const { t } = drawing;
  if (view.listing.phase === "closed") return nothing;
  return field(drawing, {
    id: "update-by",
    type: "date",
    label: t("console:reply.updateBy"),
    hint: t("console:reply.updateByHint"),
    value: draft.updateBy ?? proposedUpdate(view, draft.duty),
    take: (day) => (draft.updateBy = day),
  });
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
    ${problemBox(drawing, "status")}
    ${overtakenBox(drawing, {
      thing: "status",
      begun: [draft.phase, draft.disposition, draft.reason, draft.tellReporter].some((each) => each !== ""),
      drop: () => Object.assign(draft, { phase: "", disposition: "", reason: "", tellReporter: "" }),
      focus: ["#phase", "#reason"],
    })}
    ${phaseChoice(drawing, view, draft)} ${draft.phase === "closed" ? dispositionChoice(drawing, draft) : nothing}
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

/** For every reader: nothing is opened, so nothing is chosen. */
export function sealedForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  return html`<form class="th-card" novalidate @submit=${submitTo(() => desk.saveSealed())}>
    <h3 class="govuk-heading-m">${t("console:sealed.title")}</h3>
    <p class="govuk-body">${t("console:sealed.lead")}</p>
    ${problemBox(drawing, "sealed")}
    <p class="govuk-body-s th-quiet">${t("console:sealed.stays")} ${t("console:export.log")}</p>
    ${jobBar(drawing, "sealed")}
    <button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("console:sealed.button")}
    </button>
  </form>`;
}
