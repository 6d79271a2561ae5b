/** One case: what was reported, what was said since, and what only readers see. */
import { html, nothing } from "lit/html.js";
import type { ReviewedAnswer, ReviewedValue } from "../../../data/policy/answer-review.ts";
import type { CaseView, EntryView, PersonView } from "../client/case-view.ts";
import { actLines } from "../client/act-words.ts";
import { tabs, type Tab } from "./state.ts";
import { dutiesTab } from "./view-duties.ts";
import { incidentTab } from "./view-incident.ts";
import { keepingChip, keepingNotice, keepTab } from "./view-keep.ts";
import { exportForm, noteForm, replyForm, statusForm } from "./view-forms.ts";
import {
  categoryText,
  dayText,
  fileList,
  jobBar,
  personText,
  phaseChip,
  problemBox,
  type Drawing,
  type View,
} from "./view-parts.ts";

function caseHead(drawing: Drawing, view: CaseView): View {
  const { t, desk, lang } = drawing;
  const { listing } = view;
  const { reportSummary, teamSummary, unread } = listing;
  const title = teamSummary?.title ?? reportSummary.title;
  const category = teamSummary?.category ?? reportSummary.category;
  return html`<header class="th-case-head">
    <p class="th-case-head__name">${listing.name}</p>
    <h2 class="govuk-heading-l" id="case-title" tabindex="-1">
      <bdi>${title === "" ? t("console:list.untitled") : title}</bdi>
    </h2>
    <div class="th-chips">
      ${phaseChip(t, listing.phase)}
      ${
        view.disposition === null
          ? nothing
          : html`<span class="th-chip">${t(`console:disposition.${view.disposition}`)}</span>`
      }
      ${view.purposes.map(
        (purpose) => html`<span class="th-chip th-chip--late">${t(`console:case.purpose.${purpose}`)}</span>`,
      )}
      ${listing.urgent ? html`<span class="th-chip th-chip--late">${t("console:list.urgent")}</span>` : nothing}
      ${listing.hold ? html`<span class="th-chip th-chip--soon">${t("console:list.hold")}</span>` : nothing}
      ${keepingChip(drawing, listing)}
      ${category === "" ? nothing : html`<span class="th-chip">${categoryText(t, category)}</span>`}
      <span class="th-chip">${t("console:list.received", { day: dayText(lang, listing.receivedOn) })}</span>
      ${
        unread === 0
          ? nothing
          : html`<span class="th-chip th-chip--late">${t("console:list.unread", { count: unread })}</span>`
      }
      ${
        unread === 0 || view.team.state === "damaged" || view.team.state === "notMine"
          ? nothing
          : html`<button
              type="button"
              class="th-link-button"
              ?disabled=${desk.state.job !== null}
              @click=${() => desk.markRead()}
            >
              ${t("console:case.markRead")}
            </button>`
      }
    </div>
  </header>`;
}

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

function reportCard(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { report } = view;
  return html`<section class="th-card" aria-labelledby="report-title">
    <h3 class="govuk-heading-m" id="report-title">${t("console:case.report")}</h3>
    <p class="govuk-body-s th-quiet">${t("console:case.channel", { channel: report.channel })}</p>
    ${dayLine(drawing, report.day)}
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

function authorText({ t, desk }: Drawing, author: PersonView | null): string {
  if (author === null) return t("console:case.reporter");
  return author.id === desk.state.me?.id ? `${author.name} (${t("console:case.you")})` : personText(author);
}

/** In the place of what did not verify inside; one such entry must not hide the others. */
function damagedItem({ t }: Drawing, entry: EntryView): View {
  return html`<li class="th-message" data-damaged=${entry.seq}>${warning(t("common:damagedEntry"))}</li>`;
}

function message(drawing: Drawing, entry: EntryView): View {
  const { t } = drawing;
  if (entry.kind === "damaged") return damagedItem(drawing, entry);
  const side = entry.author === null ? "th-message--received" : "th-message--sent";
  return html`<li class="th-message ${side}">
    <p class="th-message__author">${authorText(drawing, entry.author)}</p>
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

/** Days in sealed content are what the writer's device said: nobody else vouches for them. */
function dayLine({ t, lang }: Drawing, day: string | null): View {
  if (day === null) return nothing;
  return html`<p class="govuk-body-s th-quiet govuk-!-margin-bottom-1">
    ${t("console:case.day", { day: dayText(lang, day) })}
  </p>`;
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

function noteItem(drawing: Drawing, entry: EntryView): View {
  const { t } = drawing;
  if (entry.kind === "damaged") return damagedItem(drawing, entry);
  const name = authorText(drawing, entry.author);
  if (entry.kind === "team") return html`<li class="th-note th-note--act">${t("console:notes.team", { name })}</li>`;
  const { decision, act } = entry;
  const lines = act === null || decision !== null ? [] : actLines(act, t);
  const head =
    decision === null
      ? name
      : decision.disposition === null
        ? t("console:notes.decision", { name, phase: t(`console:phase.${decision.phase}`) })
        : t("console:notes.decisionClosed", { name, disposition: t(`console:disposition.${decision.disposition}`) });
  return html`<li class="th-note">
    <p class="th-message__author">${head}</p>
    ${lines.map((line) => html`<p class="govuk-body-s govuk-!-margin-bottom-1" dir="auto">${line}</p>`)}
    ${entry.text === "" ? nothing : html`<div class="th-written">${entry.text}</div>`} ${fileList(drawing, entry.files)}
  </li>`;
}

function notesTab(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  return html`<section aria-labelledby="notes-title">
    <h3 class="govuk-heading-m" id="notes-title">${t("console:notes.title")}</h3>
    <p class="govuk-body">${t("console:notes.lead")}</p>
    ${
      view.team.entries.length === 0
        ? html`<p class="govuk-body th-quiet">${t("console:notes.empty")}</p>`
        : html`<ol class="th-notes">
            ${view.team.entries.map((entry) => noteItem(drawing, entry))}
          </ol>`
    }
    ${teamIsUsable(view) ? noteForm(drawing) : nothing}
  </section>`;
}

const teamIsUsable = ({ team }: CaseView): boolean => team.state === "open" || team.state === "none";

function teamWarning({ t }: Drawing, view: CaseView): View {
  if (view.tailHidden) return warning(t("console:case.tailHidden"));
  if (view.team.state === "damaged" || view.listing.teamDamaged) return warning(t("console:case.teamDamaged"));
  if (view.team.state === "notMine") return warning(t("console:case.teamNotMine"));
  return nothing;
}

const warning = (text: string): View =>
  html`<div class="th-notice" role="alert"><p class="govuk-body govuk-!-margin-bottom-0">${text}</p></div>`;

function tabContent(drawing: Drawing, view: CaseView): View {
  switch (drawing.desk.state.tab) {
    case "conversation":
      return conversationTab(drawing, view);
    case "notes":
      return notesTab(drawing, view);
    case "status":
      return teamIsUsable(view) ? statusForm(drawing, view) : nothing;
    case "export":
      return exportForm(drawing);
    case "duties":
      return dutiesTab(drawing, view);
    case "incident":
      return teamIsUsable(view) ? incidentTab(drawing, view) : nothing;
    case "keep":
      return teamIsUsable(view) ? keepTab(drawing, view) : nothing;
  }
}

/** Arrow keys move between tabs, as people with screen readers expect of them (WAI-ARIA, tabs pattern). */
function onTabKey({ desk }: Drawing, shown: readonly Tab[], event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const at = shown.indexOf(desk.state.tab) + (document.documentElement.dir === "rtl" ? -step : step);
  const tab = shown[(at + shown.length) % shown.length]!;
  desk.showTab(tab);
  document.getElementById(`tab-${tab}`)?.focus();
}

function tabRow(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const shown = tabs.filter((tab) => tab !== "export" || desk.state.me?.mayExport === true);
  const notes = view.team.entries.filter((entry) => entry.kind === "note").length;
  return html`<div
    class="th-tabs"
    role="tablist"
    aria-label=${t("console:case.tabs")}
    @keydown=${(event: KeyboardEvent) => onTabKey(drawing, shown, event)}
  >
    ${shown.map((tab) => {
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
        ${t(`console:case.tab.${tab}`)}${tab === "notes" && notes > 0 ? html` (${notes})` : nothing}
      </button>`;
    })}
  </div>`;
}

export function caseView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { chosen, open, tab } = desk.state;
  const back = html`<button type="button" class="govuk-back-link th-desk__back" @click=${() => desk.choose(null)}>
    ${t("console:case.back")}
  </button>`;
  if (chosen === null)
    return html`<section class="th-desk__case th-desk__case--none">
      <p class="govuk-body th-quiet">${t("console:case.none")}</p>
    </section>`;
  if (open === null)
    return html`<section class="th-desk__case">
      ${back} ${problemBox(drawing, "case")} ${jobBar(drawing, "case")}
    </section>`;
  return html`<section class="th-desk__case" aria-labelledby="case-title">
    ${back} ${caseHead(drawing, open)} ${problemBox(drawing, "case")} ${jobBar(drawing, "case")}
    ${teamWarning(drawing, open)} ${keepingNotice(drawing, open)} ${tabRow(drawing, open)}
    <div id="tab-panel" class="th-tabs__panel" role="tabpanel" aria-labelledby="tab-${tab}">
      ${tabContent(drawing, open)}
    </div>
  </section>`;
}
