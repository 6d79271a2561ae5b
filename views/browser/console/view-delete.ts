/** Deleting a closed case: what happens, from when it is true, and the case's name typed by hand. */
import { html, nothing } from "lit/html.js";
import type { CaseView } from "../client/case-view.ts";
import { spamDays } from "../../../data/policy/spam.ts";
import { keptAsSpam } from "./keeping.ts";
import { draftOf } from "./state.ts";
import { today } from "./update-by.ts";
import { backupsText } from "./retention-words.ts";
import { dayText, describedBy, jobBar, missingText, problemBox, type Drawing, type View } from "./view-parts.ts";

export const mayDelete = (view: CaseView): boolean =>
  view.listing.phase === "closed" && !view.listing.hold && view.team.state === "open" && keptAsSpam(view) === null;

function whyNot({ t, lang }: Drawing, view: CaseView): string {
  if (view.listing.hold) return t("console:delete.held");
  const kept = keptAsSpam(view);
  return kept === null ? t("console:delete.open") : t("queue:spam.kept", { day: dayText(lang, kept), count: spamDays });
}

export function deleteForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { name } = view.listing;
  if (!mayDelete(view))
    return html`<section class="th-card">
      <h3 class="govuk-heading-m">${t("console:delete.title")}</h3>
      <p class="govuk-body govuk-!-margin-bottom-0">${whyNot(drawing, view)}</p>
    </section>`;
  const draft = draftOf(desk.state, view.listing.caseId);
  const wrong = desk.state.missing["delete-name"] !== undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.deleteCase();
  };
  return html`<form class="th-card" novalidate @submit=${submit}>
    <h3 class="govuk-heading-m">${t("console:delete.title")}</h3>
    ${problemBox(drawing, "delete")}
    <ul class="govuk-list govuk-list--bullet govuk-list--spaced">
      ${["all", "reporter", "log"].map((each) => html`<li>${t(`console:delete.${each}`)}</li>`)}
      <li>${backupsText(drawing, today(), "now")}</li>
      <li>${t("console:delete.copies")}</li>
    </ul>
    <div class="th-notice" role="note"><p class="govuk-body">${t("console:delete.duty")}</p></div>
    <div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
      <label class="govuk-label" for="delete-name">${t("console:delete.label", { name })}</label>
      ${missingText(drawing, "delete-name")}
      <input
        class="govuk-input ${wrong ? "govuk-input--error" : ""}"
        id="delete-name"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby=${describedBy(drawing, "delete-name", false)}
        aria-invalid=${wrong ? "true" : nothing}
        .value=${draft.deleteName}
        @input=${(event: InputEvent) => (draft.deleteName = (event.target as HTMLInputElement).value)}
      />
    </div>
    ${jobBar(drawing, "delete")}
    <button class="govuk-button govuk-button--warning govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("console:delete.button")}
    </button>
  </form>`;
}
