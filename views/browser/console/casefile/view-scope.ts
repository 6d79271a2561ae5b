/** The screen on which counsel makes a case file of several cases: by day, channel and category, and one by one. */
import { html, nothing } from "lit/html.js";
import { field, select, tickBox } from "../view-fields.ts";
import { categoryText, dayText, missingText, type Drawing, type View } from "../view-parts.ts";
import { casesWithin } from "./casefile-state.ts";
import { caseFileForm } from "./view-casefile.ts";

export function caseFilesScreen(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { listings, caseFiles } = desk.state;
  if (listings === null) return html`<p class="govuk-body">${t("console:job.listing")}</p>`;
  const within = casesWithin(listings, caseFiles.scope);
  const chosen = within.filter(({ caseId }) => !caseFiles.scope.without.has(caseId)).map(({ caseId }) => caseId);
  return html`<h1 class="govuk-heading-l">${t("production:screen.title")}</h1>
    <p class="govuk-body">${t("production:screen.lead")}</p>
    ${caseFileForm(drawing, chosen, scopeView(drawing, within.length, chosen.length))}`;
}

function dayField(drawing: Drawing, name: "from" | "to"): View {
  const { t, desk } = drawing;
  const { scope } = desk.state.caseFiles;
  return field(drawing, {
    id: `casefile-${name}`,
    type: "date",
    label: t(`production:scope.${name}`),
    value: scope[name],
    take: (day) => {
      scope[name] = day;
      desk.caseFiles.changed();
    },
  });
}

function scopeView(drawing: Drawing, fitting: number, chosen: number): View {
  const { t, desk } = drawing;
  const { scope } = desk.state.caseFiles;
  const cleared = (desk.state.listings ?? []).filter(({ gate }) => gate === "cleared");
  const categories = [...new Set(cleared.map(({ category }) => category))].filter((each) => each !== "").sort();
  const all = { value: "", label: t("production:scope.all") };
  const pick = (name: "channel" | "category") => (value: string) => {
    scope[name] = value;
    desk.caseFiles.changed();
  };
  return html`<fieldset class="govuk-fieldset govuk-form-group" id="casefile-scope" tabindex="-1">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("production:scope.legend")}</legend>
    ${missingText(drawing, "casefile-scope")} ${dayField(drawing, "from")} ${dayField(drawing, "to")}
    ${select(drawing, {
      id: "casefile-channel",
      label: t("production:scope.channel"),
      value: scope.channel,
      options: [all, ...desk.state.channels.map(({ id, name }) => ({ value: id, label: name }))],
      take: pick("channel"),
    })}
    ${select(drawing, {
      id: "casefile-category",
      label: t("production:scope.category"),
      value: scope.category,
      options: [all, ...categories.map((value) => ({ value, label: categoryText(t, value) }))],
      take: pick("category"),
    })}
    <p class="govuk-body govuk-!-margin-top-4" role="status" id="casefile-count">
      ${t("production:scope.chosen", { count: chosen, of: fitting })}
    </p>
    ${fitting === 0 ? nothing : caseList(drawing)}
  </fieldset>`;
}

/** One by one; those of which nothing was declared are not here. */
function caseList(drawing: Drawing): View {
  const { t, desk, lang } = drawing;
  const { scope } = desk.state.caseFiles;
  const flip = (caseId: string): void => {
    if (!scope.without.delete(caseId)) scope.without.add(caseId);
    desk.caseFiles.changed();
  };
  return html`<details class="govuk-details">
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${t("production:scope.each")}</span>
    </summary>
    <div class="govuk-details__text">
      <div class="govuk-checkboxes govuk-checkboxes--small">
        ${casesWithin(desk.state.listings ?? [], scope).map(({ caseId, name, title, receivedOn }) =>
          tickBox(drawing, {
            id: `casefile-${caseId}`,
            label: html`<bdi>${name}</bdi>${title === "" ? nothing : html` · <bdi>${title}</bdi>`}
              <span class="th-quiet">${t("production:scope.received", { day: dayText(lang, receivedOn) })}</span>`,
            on: !scope.without.has(caseId),
            take: () => flip(caseId),
          }),
        )}
      </div>
    </div>
  </details>`;
}
