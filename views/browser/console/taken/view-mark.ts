/** On the page of a case: that a member wrote the report down for somebody, and has seen its code. */
import { html, nothing } from "lit/html.js";
import type { CaseView } from "../../client/case-view.ts";
import { takenLine } from "../../client/taken-words.ts";
import { dayText, type Drawing, type View } from "../view-parts.ts";

export function takenMark({ t, desk, lang }: Drawing, { taken, day }: CaseView["report"]): View {
  if (taken === null) return nothing;
  const { by, how } = taken;
  const name = by.id === desk.state.me?.id ? t("taken:readers.you", { name: by.name }) : by.name;
  return html`<div class="th-notice" id="taken-mark">
    <p class="govuk-body">
      <strong>${takenLine({ name, how, day: day === null ? null : dayText(lang, day) }, t)}</strong>
      ${t("taken:mark.seen", { name: by.name })}
    </p>
    <p class="govuk-body-s govuk-!-margin-bottom-0">${t("taken:mark.claim", { name: by.name })}</p>
  </div>`;
}
