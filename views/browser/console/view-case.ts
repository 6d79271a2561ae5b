/** One case: what was reported, what was said since, and what only readers see. */
import { html, nothing } from "lit/html.js";
import type { ReviewedAnswer, ReviewedValue } from "../../../data/policy/answer-review.ts";
import { languageName } from "../../locales/say.ts";
import type { CaseView, EntryView, PersonView } from "../client/case-view.ts";
import { marksPart } from "./casefile/view-marks.ts";
import { calledNotice, caseFacts, identityBar } from "./casework/bar.ts";
import { authorText, damagedItem, namesText, teamIsUsable, warning } from "./casework/names.ts";
import { checkInNotice } from "./casework/view-check-ins.ts";
import { notesTab } from "./casework/view-notes.ts";
import { timelineTab } from "./casework/view-timeline.ts";
import { workTab } from "./casework/view-work.ts";
import { tabs } from "./state.ts";
import { dutiesTab } from "./view-duties.ts";
import { backToList } from "./queue/keys.ts";
import { spamPart } from "./queue/view-case-spam.ts";
import { gateView } from "./view-gate.ts";
import { incidentTab } from "./view-incident.ts";
import { goneWarning, newChip, newCount, newMark, newsBar } from "./view-together.ts";
import { takenMark } from "./taken/view-mark.ts";
import { keepingNotice, keepTab } from "./view-keep.ts";
import { fileList } from "./view-files.ts";
import { requestsView } from "./casefile/view-approval.ts";
import { broken, caseFileForm, planView } from "./casefile/view-casefile.ts";
import { replyForm, sealedForm, statusForm } from "./view-forms.ts";
import { dayLine, dayText, jobBar, personText, problemBox, type Drawing, type View } from "./view-parts.ts";

function valuesText({ t }: Drawing, { isList, values }: ReviewedAnswer): View {
  const text = ({ text: sent, labelKey }: ReviewedValue): string =>
    labelKey === null ? sent : t(`questionnaires:${labelKey}`);
  if (isList)
    return html`<ul class="govuk-list govuk-list--bullet govuk-!-margin-bottom-0">
      ${values.map((value) => html`<li><bdi>${text(value)}</bdi></li>`)}
    </ul>`;
  return html`${values.map((value) => html`<div class="th-written" dir="auto">${text(value)}</div>`)}`;
}

/** Nothing is hidden: what is odd stands beside the words as they were sent. */
function answerList(drawing: Drawing, { review, askedBy }: CaseView["report"]): View {
  const { t } = drawing;
  return html`${
      askedBy === "unfound"
        ? html`<div class="th-notice"><p class="govuk-body">${t("console:answers.unfound")}</p></div>`
        : nothing
    }
    <dl class="th-answers">
      ${review.map(
        (answer) =>
          html`<dt>
              ${answer.labelKey === null ? html`<bdi>${answer.id}</bdi>` : t(`questionnaires:${answer.labelKey}`)}
            </dt>
            <dd>
              ${valuesText(drawing, answer)}
              ${answer.warnings.map(
                (warning) => html`<p class="th-answers__odd">${t(`console:answers.${warning}`)}</p>`,
              )}
            </dd>`,
      )}
    </dl>`;
}

function people({ t }: Drawing, list: readonly PersonView[]): View {
  return html`<ul class="govuk-list govuk-list--bullet">
    ${list.map(
      (person) => html`<li>${personText(person)}${person.current ? nothing : html` (${t("console:case.left")})`}</li>`,
    )}
  </ul>`;
}

/** Whoever writes back is to know what the reporter reads; nothing where it is what this page speaks too. */
function languageLine({ t, lang }: Drawing, { language }: CaseView["report"]): View {
  if (language === "" || language.split("-")[0] === lang.split("-")[0]) return nothing;
  return html`<p class="govuk-body-s th-quiet govuk-!-margin-bottom-1" id="report-language">
    ${t("console:case.language", { language: languageName(language, lang) })}
  </p>`;
}

function reportCard(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { report } = view;
  return html`<section class="th-card" aria-labelledby="report-title">
    <h3 class="govuk-heading-m" id="report-title">${t("console:case.report")}</h3>
    <p class="govuk-body-s th-quiet">${t("console:case.channel", { channel: report.channel })}</p>
    ${languageLine(drawing, report)}
    ${report.taken === null ? dayLine(drawing, report.day) : takenMark(drawing, report)}
    ${
      view.listing.assisted
        ? html`<div class="th-notice"><p class="govuk-body">${t("console:case.assisted")}</p></div>`
        : nothing
    }
    ${answerList(drawing, report)} ${files(drawing, report.files)}
    <details class="govuk-details govuk-!-margin-bottom-0">
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">${t("console:case.readers")} (${view.readers.length})</span>
      </summary>
      <div class="govuk-details__text">
        <p class="govuk-body">${t("console:case.readersLead")}</p>
        ${people(drawing, view.readers)}
      </div>
    </details>
    ${
      view.excluded.length === 0
        ? nothing
        : html`<div class="th-notice govuk-!-margin-bottom-0 govuk-!-margin-top-4">
            <p class="govuk-body">${t("console:case.excluded")}</p>
            ${people(drawing, view.excluded)}
          </div>`
    }
  </section>`;
}

function files(drawing: Drawing, list: CaseView["report"]["files"]): View {
  if (list.length === 0) return nothing;
  const { t } = drawing;
  return html`<h4 class="govuk-heading-s govuk-!-margin-bottom-1">${t("console:case.attachments")}</h4>
    <p class="govuk-body-s th-quiet">${t("console:case.openCarefully")}</p>
    ${fileList(drawing, list)}`;
}

function message(drawing: Drawing, entry: EntryView): View {
  const { t } = drawing;
  if (entry.kind === "damaged") return damagedItem(drawing, entry);
  if (entry.kind === "rekey")
    return html`<li class="th-message th-message--act">
      ${t("work:keys.rekey", { names: namesText(entry.readersNow) })}
    </li>`;
  const side = entry.author === null ? "th-message--received" : "th-message--sent";
  return html`<li class="th-message ${side}" data-new=${newMark(drawing, entry, 0)} tabindex="-1">
    <p class="th-message__author">${authorText(drawing, entry.author)} ${newChip(drawing, entry, 0)}</p>
    ${dayLine(drawing, entry.day)}
    ${
      entry.purpose === null
        ? nothing
        : html`<p class="govuk-!-margin-bottom-1">
            <span class="th-chip th-chip--late">${t(`console:case.purpose.${entry.purpose}`)}</span>
          </p>`
    }
    ${entry.text === "" ? nothing : html`<div class="th-written">${entry.text}</div>`}
    ${
      entry.status === null
        ? nothing
        : html`<p class="th-message__status">
            ${t("console:case.toldStatus", { phase: t(`console:phase.${entry.status}`) })}
          </p>`
    }
    ${entry.duty === null ? nothing : html`<p class="th-message__status">${t(`console:case.duty.${entry.duty}`)}</p>`}
    ${
      entry.updateBy === null
        ? nothing
        : html`<p class="th-message__status">
            ${t("console:case.promised", { day: dayText(drawing.lang, entry.updateBy) })}
          </p>`
    }
    ${fileList(drawing, entry.files)}
  </li>`;
}

function conversationTab(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  return html`${reportCard(drawing, view)} ${problemBox(drawing, "file")} ${jobBar(drawing, "file")}
    <section aria-labelledby="messages-title">
      <h3 class="govuk-heading-m" id="messages-title">${t("console:case.messages")}</h3>
      ${
        view.conversation.length === 0
          ? html`<p class="govuk-body th-quiet">${t("console:case.noMessages")}</p>`
          : html`<ol class="th-messages">
              ${view.conversation.map((entry) => message(drawing, entry))}
            </ol>`
      }
    </section>
    ${replyForm(drawing, view)}`;
}

function teamWarning({ t }: Drawing, view: CaseView): View {
  if (view.leftOut.length > 0) return warning(t("work:keys.leftOut", { names: namesText(view.leftOut) }));
  if (view.tailHidden) return warning(t("console:case.tailHidden"));
  if (view.team.state === "damaged" || view.listing.teamDamaged) return warning(t("console:case.teamDamaged"));
  if (view.team.state === "notMine") return warning(t("console:case.teamNotMine"));
  return nothing;
}

/** Counsel makes case files; whoever was asked about one sees what they made again. */
function exportPart(drawing: Drawing, view: CaseView): View {
  const cases = [view.listing.caseId];
  if (drawing.desk.state.me?.mayExport === true) return caseFileForm(drawing, cases);
  return html`${problemBox(drawing, "export", broken)} ${jobBar(drawing, "export")} ${planView(drawing, cases)}`;
}

function tabContent(drawing: Drawing, view: CaseView): View {
  switch (drawing.desk.state.tab) {
    case "conversation":
      return conversationTab(drawing, view);
    case "work":
      return workTab(drawing, view);
    case "timeline":
      return timelineTab(drawing, view);
    case "notes":
      return notesTab(drawing, view);
    case "status":
      return teamIsUsable(view) ? statusForm(drawing, view) : nothing;
    case "export":
      return html`${requestsView(drawing, view)}
      ${drawing.desk.state.me?.mayExport === true && teamIsUsable(view) ? marksPart(drawing, view) : nothing}
      ${exportPart(drawing, view)} ${sealedForm(drawing)}`;
    case "duties":
      return dutiesTab(drawing, view);
    case "incident":
      return teamIsUsable(view) ? incidentTab(drawing, view) : nothing;
    case "keep":
      return teamIsUsable(view) ? keepTab(drawing, view) : nothing;
  }
}

/** Arrow keys move between tabs, as people with screen readers expect of them (WAI-ARIA, tabs pattern). */
function onTabKey({ desk }: Drawing, event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const at = tabs.indexOf(desk.state.tab) + (document.documentElement.dir === "rtl" ? -step : step);
  const tab = tabs[(at + tabs.length) % tabs.length]!;
  desk.showTab(tab);
  document.getElementById(`tab-${tab}`)?.focus();
}

function tabRow(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const notes = view.team.entries.filter((entry) => entry.kind === "note").length;
  return html`<div
    class="th-tabs"
    role="tablist"
    aria-label=${t("console:case.tabs")}
    @keydown=${(event: KeyboardEvent) => onTabKey(drawing, event)}
  >
    ${tabs.map((tab) => {
      const chosen = desk.state.tab === tab;
      return html`<button
        type="button"
        class="th-tabs__tab"
        role="tab"
        id="tab-${tab}"
        aria-selected=${chosen ? "true" : "false"}
        aria-controls="tab-panel"
        tabindex=${chosen ? "0" : "-1"}
        @click=${() => desk.showTab(tab)}
      >
        ${t(`console:case.tab.${tab}`)}${tab === "notes" && notes > 0 ? html` (${notes})` : nothing}${newCount(drawing, view, tab)}
      </button>`;
    })}
  </div>`;
}

export function caseView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { chosen, open, gate, tab } = desk.state;
  const back = html`<button type="button" class="govuk-back-link th-desk__back" @click=${() => backToList(drawing)}>
    ${t("console:case.back")}
  </button>`;
  if (chosen === null) return nothing;
  if (gate !== null)
    return html`<section class="th-desk__case" aria-labelledby="case-title">${back} ${gateView(drawing)}</section>`;
  if (open === null)
    return html`<section class="th-desk__case">
      ${back} ${problemBox(drawing, "case")} ${jobBar(drawing, "case")}
    </section>`;
  return html`<section class="th-desk__case" aria-labelledby="case-title">
    ${back} ${identityBar(drawing, open)} ${caseFacts(drawing, open)} ${spamPart(drawing, open)}
    ${problemBox(drawing, "case")} ${jobBar(drawing, "case")} ${newsBar(drawing, open)} ${goneWarning(drawing)}
    ${teamWarning(drawing, open)} ${calledNotice(drawing, open)} ${checkInNotice(drawing, open)}
    ${keepingNotice(drawing, open)} ${tabRow(drawing, open)}
    <div id="tab-panel" class="th-tabs__panel" role="tabpanel" aria-labelledby="tab-${tab}">
      ${tabContent(drawing, open)}
    </div>
  </section>`;
}
