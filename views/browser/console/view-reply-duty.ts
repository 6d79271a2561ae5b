/** Whether a message to the reporter is the acknowledgement or the update that the law asks for. */
import { html, nothing } from "lit/html.js";
import { replyDuties } from "../../../crypto/content.ts";
import type { CaseView } from "../client/case-view.ts";
import type { Draft } from "./state.ts";
import { dayText, textArea, type Drawing, type View } from "./view-parts.ts";

const kinds = ["answer", ...replyDuties] as const;

/** The next date of a duty towards the reporter, as a hint beside the choice. */
function owed({ t, lang }: Drawing, { duties }: CaseView, duty: Draft["duty"]): string {
  const clock = duties.clocks.find(
    ({ row, state }) =>
      state !== "done" && row.trigger === "disclosure-received" && row.repeats === (duty === "update"),
  );
  if (duty === "answer") return t("duties:reply.answerHint");
  if (clock === undefined) return t(`duties:reply.${duty}Hint`);
  const values = { day: dayText(lang, clock.target), citation: clock.row.citation };
  const late = clock.state === "due" ? "owed" : "late";
  return `${t(`duties:reply.${duty}Hint`)} ${t(`duties:reply.${late}`, values)}`;
}

/** Drafted for whoever writes: in place of nothing, or of another draft as it came; never of what was typed. */
export function chooseDuty({ t, desk }: Drawing, draft: Draft, duty: Draft["duty"]): void {
  const textOf = (of: Draft["duty"]): string => {
    const template = desk.templates.find(({ id }) => id === of);
    return template === undefined ? "" : t(`templates:${template.textKey}`);
  };
  const untouched = draft.reply.trim() === "" || draft.reply === textOf(draft.duty);
  if (untouched) draft.reply = textOf(duty);
  draft.duty = duty;
  desk.redraw();
}

export function dutyChoice(drawing: Drawing, view: CaseView, draft: Draft): View {
  const { t } = drawing;
  if (view.listing.phase === "closed") return nothing;
  return html`<div class="govuk-form-group">
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("duties:reply.legend")}</legend>
      <div class="govuk-radios govuk-radios--small">
        ${kinds.map(
          (duty) =>
            html`<div class="govuk-radios__item">
              <input
                class="govuk-radios__input"
                type="radio"
                name="duty"
                id="duty-${duty}"
                aria-describedby="duty-${duty}-hint"
                .checked=${draft.duty === duty}
                @change=${() => chooseDuty(drawing, draft, duty)}
              />
              <label class="govuk-label govuk-radios__label" for="duty-${duty}">${t(`duties:reply.${duty}`)}</label>
              <div class="govuk-hint govuk-radios__hint" id="duty-${duty}-hint">${owed(drawing, view, duty)}</div>
            </div>`,
        )}
      </div>
    </fieldset>
  </div>`;
}

/** An update cannot be skipped: that nothing changed has to be said, with the reason, which readers see. */
export function unchangedChoice(drawing: Drawing, draft: Draft): View {
  const { t, desk } = drawing;
  if (draft.duty !== "update") return nothing;
  const tick = (event: Event): void => {
    draft.unchanged = (event.target as HTMLInputElement).checked;
    desk.redraw();
  };
  return html`<div class="govuk-form-group">
      <div class="govuk-checkboxes govuk-checkboxes--small">
        <div class="govuk-checkboxes__item">
          <input
            class="govuk-checkboxes__input"
            type="checkbox"
            id="unchanged"
            .checked=${draft.unchanged}
            @change=${tick}
          />
          <label class="govuk-label govuk-checkboxes__label" for="unchanged">${t("duties:reply.unchanged")}</label>
        </div>
      </div>
    </div>
    ${
      draft.unchanged
        ? textArea(drawing, {
            id: "unchanged-reason",
            label: t("duties:reply.reason"),
            hint: t("duties:reply.reasonHint"),
            rows: 3,
            value: draft.fields["unchanged-reason"] ?? "",
            take: (text) => (draft.fields["unchanged-reason"] = text),
          })
        : nothing
    }`;
}
