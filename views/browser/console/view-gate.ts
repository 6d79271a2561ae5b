/** Before a case is read: does its reader have a conflict? Until they say, no more than its name, category and day. */
import { html, nothing } from "lit/html.js";
import { draftOf } from "./state.ts";
import { categoryText, dayText, jobBar, problemBox, textArea, type Drawing, type View } from "./view-parts.ts";

export function gateView(drawing: Drawing): View {
  const { t, desk, lang } = drawing;
  const { gate, job } = desk.state;
  if (gate === null) return nothing;
  const { listing, alone } = gate;
  const draft = draftOf(desk.state, listing.caseId);
  return html`<header class="th-case-head">
      <p class="th-case-head__name">${listing.name}</p>
      <h2 class="govuk-heading-l" id="case-title" tabindex="-1">${t("work:gate.title")}</h2>
      <div class="th-chips">
        ${listing.category === "" ? nothing : html`<span class="th-chip">${categoryText(t, listing.category)}</span>`}
        <span class="th-chip">${t("console:list.received", { day: dayText(lang, listing.receivedOn) })}</span>
      </div>
    </header>
    ${problemBox(drawing, "gate")} ${jobBar(drawing, "gate")}
    <section class="th-card" aria-labelledby="gate-clear">
      <h3 class="govuk-heading-m" id="gate-clear">${t("work:gate.ask")}</h3>
      <p class="govuk-body">${t("work:gate.lead")}</p>
      <p class="govuk-body-s th-quiet">${t("work:gate.recorded")}</p>
      <button
        type="button"
        class="govuk-button govuk-!-margin-bottom-0"
        id="no-conflict"
        ?disabled=${job !== null}
        @click=${() => desk.declare(false)}
      >
        ${t("work:gate.none")}
      </button>
    </section>
    ${
      alone
        ? html`<div class="th-notice"><p class="govuk-body">${t("work:gate.alone")}</p></div>`
        : html`<section class="th-card" aria-labelledby="gate-conflict">
            <h3 class="govuk-heading-m" id="gate-conflict">${t("work:gate.conflictTitle")}</h3>
            <p class="govuk-body">${t("work:gate.conflictLead")}</p>
            ${textArea(drawing, {
              id: "conflict-reason",
              label: t("work:gate.reason"),
              hint: t("work:gate.reasonHint"),
              rows: 2,
              value: draft.conflictReason,
              take: (text) => (draft.conflictReason = text),
            })}
            ${conflictButtons(drawing)}
          </section>`
    }`;
}

/** In two steps: it cannot be taken back. */
function conflictButtons({ t, desk }: Drawing): View {
  const { gate, job } = desk.state;
  if (gate?.sure !== true)
    return html`<button
      type="button"
      class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0"
      id="conflict"
      ?disabled=${job !== null}
      @click=${() => desk.askSure()}
    >
      ${t("work:gate.conflict")}
    </button>`;
  return html`<p class="govuk-body" role="alert"><strong>${t("work:gate.sure")}</strong></p>
    <div class="th-toolbar govuk-!-margin-bottom-0">
      <button
        type="button"
        class="govuk-button govuk-button--warning"
        id="conflict-sure"
        ?disabled=${job !== null}
        @click=${() => desk.declare(true)}
      >
        ${t("work:gate.conflictSure")}
      </button>
      <button type="button" class="th-link-button" @click=${() => desk.askSure(false)}>${t("work:gate.back")}</button>
    </div>`;
}
