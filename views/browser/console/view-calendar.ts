/** Every duty that this organisation's profile has, with its law, its source and its counting rule. */
import { html, nothing } from "lit/html.js";
import { dutiesOf } from "../../../data/policy/deadlines/duties-file.ts";
import { jurisdictions, type DeadlineRow } from "../../../data/policy/deadlines/rows.ts";
import { today } from "./update-by.ts";
import { exceptionText, rowTitle } from "./view-clock.ts";
import { dayText, type Drawing, type View } from "./view-parts.ts";

function rowOf({ t, lang }: Drawing, row: DeadlineRow): View {
  const trigger = row.triggerKey === undefined ? (row.triggerText ?? "") : t(row.triggerKey);
  const exception = exceptionText(t, row);
  const later = row.inForce !== null && row.inForce > today() ? row.inForce : null;
  return html`<tr class="govuk-table__row" data-row=${row.id}>
    <th scope="row" class="govuk-table__header">
      ${rowTitle(t, row)}
      <span class="th-quiet th-block">${row.id}</span>
      ${later === null ? nothing : html`<span class="th-chip">${t("duties:calendarPage.from", { day: dayText(lang, later) })}</span>`}
    </th>
    <td class="govuk-table__cell">
      ${t(row.amount === 0 ? "deadlines:period.none" : `deadlines:period.${row.unit}`, { count: row.amount })}<span
        class="th-quiet th-block"
        >${trigger}</span
      >
    </td>
    <td class="govuk-table__cell">${t(`duties:rule.${row.rule}`)}</td>
    <td class="govuk-table__cell">${exception}</td>
    <td class="govuk-table__cell">
      ${row.citation}
      <span class="th-quiet th-block"
        >${t(row.source.read ? "duties:read" : "duties:unread", { asOf: row.source.asOf })}</span
      >
    </td>
  </tr>`;
}

export function calendarView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const rows = dutiesOf(desk.duties);
  return html`<section class="th-calendar" aria-labelledby="calendar-title">
    <h1 class="govuk-heading-l" id="calendar-title">${t("duties:calendarPage.title")}</h1>
    <p class="govuk-body">${t("duties:calendarPage.lead")} ${t("deadlines:notLegalAdvice")}</p>
    ${jurisdictions.map((jurisdiction) => {
      const own = rows.filter((row) => row.jurisdiction === jurisdiction);
      if (own.length === 0) return nothing;
      return html`<div
        class="th-scroll"
        tabindex="0"
        role="region"
        aria-label=${t(`deadlines:jurisdiction.${jurisdiction}`)}
      >
        <table class="govuk-table">
          <caption class="govuk-table__caption govuk-table__caption--m">
            ${t(`deadlines:jurisdiction.${jurisdiction}`)}
          </caption>
          <thead class="govuk-table__head">
            <tr class="govuk-table__row">
              ${["duty", "within", "counting", "exception", "law"].map(
                (column) =>
                  html`<th scope="col" class="govuk-table__header">${t(`duties:calendarPage.${column}`)}</th>`,
              )}
            </tr>
          </thead>
          <tbody class="govuk-table__body">
            ${own.map((row) => rowOf(drawing, row))}
          </tbody>
        </table>
      </div>`;
    })}
  </section>`;
}
