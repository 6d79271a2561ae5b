/** In a case: that it was closed as spam, and the way back. */
import { teamIsUsable } from "../casework/names.ts";
import { html, nothing } from "lit/html.js";
import type { CaseView } from "../../client/case-view.ts";
import { bulkOfCase } from "./view-bulk.ts";
import { dayText, type Drawing, type View } from "../view-parts.ts";

function spamLine({ t, desk, lang }: Drawing, view: CaseView): View {
  const { listing, disposition } = view;
  if (listing.phase !== "closed" || disposition !== "spam") return nothing;
  const { deleteOn, caseId } = listing;
  return html`<div class="th-notice" role="note" id="case-spam">
    <p class="govuk-body">
      ${t("queue:spam.closed")} ${deleteOn === null ? nothing : t("queue:spam.goes", { day: dayText(lang, deleteOn) })}
    </p>
    <button
      type="button"
      class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0"
      id="case-restore"
      ?disabled=${desk.state.job !== null || desk.state.queue.bulk !== null}
      @click=${() => desk.queue.startBulk("restore", [caseId], "case")}
    >
      ${t("queue:bulk.restore.start")}
    </button>
  </div>`;
}

export function spamPart(drawing: Drawing, view: CaseView): View {
  if (!teamIsUsable(view)) return nothing;
  return html`${spamLine(drawing, view)} ${bulkOfCase(drawing)}`;
}
