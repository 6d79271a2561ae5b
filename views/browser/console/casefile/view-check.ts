/** What the last look at a case file found of what was left out. Shows words of the case, to counsel. */
import { html, nothing } from "lit/html.js";
import type { Leak, LeakReport } from "../../client/casefile/leak-check.ts";
import type { Drawing, View } from "../view-parts.ts";

/** Of the heading under which it stands. */
export type Level = 2 | 3;

export function checkView(
  drawing: Drawing,
  { sought, leaks, remarks, unsearched, ordinary }: LeakReport,
  level: Level,
): View {
  const { t } = drawing;
  const title = t("production:leaks.title");
  return html`${
    leaks.length === 0
      ? sought === 0
        ? nothing
        : html`<p class="govuk-body" id="casefile-clean">${t("production:leaks.none")}</p>`
      : html`<div class="govuk-error-summary" role="alert" id="casefile-leaks">
          ${
            level === 2
              ? html`<h3 class="govuk-error-summary__title">${title}</h3>`
              : html`<h4 class="govuk-error-summary__title">${title}</h4>`
          }
          <div class="govuk-error-summary__body">
            <p>${t("production:leaks.lead")}</p>
            ${foundList(drawing, leaks)}
          </div>
        </div>`
  }
  ${folded(drawing, "remarks", remarks.length, () => foundList(drawing, remarks))}
  ${folded(
    drawing,
    "ordinary",
    ordinary.length,
    () =>
      html`<ul class="govuk-list govuk-list--bullet">
        ${ordinary.map((text) => html`<li><bdi>${text}</bdi></li>`)}
      </ul>`,
  )}
  ${folded(
    drawing,
    "unsearched",
    unsearched.length,
    () =>
      html`<ul class="govuk-list govuk-list--bullet">
        ${unsearched.map(
          ({ path, inside, why }) =>
            html`<li>${placeText(drawing, path, inside)}: ${t(`production:leaks.why.${why}`)}</li>`,
        )}
      </ul>`,
  )}`;
}

function folded({ t }: Drawing, name: "remarks" | "ordinary" | "unsearched", count: number, list: () => View): View {
  if (count === 0) return nothing;
  const [title, lead] = {
    remarks: [t("production:leaks.remarks"), t("production:leaks.remarksLead")],
    ordinary: [t("production:leaks.ordinary"), t("production:leaks.ordinaryLead")],
    unsearched: [t("production:leaks.unsearched"), t("production:leaks.unsearchedLead")],
  }[name] as [string, string];
  return html`<details class="govuk-details" id="casefile-${name}">
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${title} (${count})</span>
    </summary>
    <div class="govuk-details__text">
      <p class="govuk-body">${lead}</p>
      ${list()}
    </div>
  </details>`;
}

function placeText({ t }: Drawing, path: string, inside: readonly string[]): View {
  return inside.length === 0
    ? html`${t("production:leaks.in", { path })}`
    : html`${t("production:leaks.inside", { path, inside: inside.join(" › ") })}`;
}

const shown = 60;

/** The words that were left out, and where they still are. */
function foundList(drawing: Drawing, found: readonly Leak[]): View {
  const { t } = drawing;
  return html`<ul class="govuk-list govuk-list--bullet">
    ${found.map(
      ({ text, path, inside, where }) =>
        html`<li>
          <bdi>“${text.length > shown ? `${text.slice(0, shown)}…` : text}”</bdi>
          ${placeText(drawing, path, inside)}${
            where.is === "line"
              ? html`, ${t("production:leaks.line", { line: where.line })}`
              : where.is === "page"
                ? html`, ${t("production:leaks.page", { page: where.page })}`
                : nothing
          }
        </li>`,
    )}
  </ul>`;
}
