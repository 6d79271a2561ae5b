/** The notice's screen: its versions and sheets, what is due, people, places. */
import { html, nothing } from "lit/html.js";
import { dayText, type View } from "../view-parts.ts";
import { button, table, type Drawing, type Shown } from "./parts.ts";
import { peopleView } from "./view-people.ts";
import { placesView } from "./view-places.ts";
import { remindersView } from "./view-reminders.ts";

export function noticeView(drawing: Drawing): View {
  const { t, notice } = drawing;
  const { view } = notice.state;
  return html`<div class="th-notices">
    <h1 class="govuk-heading-l" id="notices-title" tabindex="-1">${t("noticedesk:title")}</h1>
    <p class="govuk-body">${t("noticedesk:lead")}</p>
    <p class="govuk-hint">${t("noticedesk:law")}</p>
    ${troubleView(drawing)} ${view === null ? nothing : shownView({ ...drawing, view })}
  </div>`;
}

function shownView(shown: Shown): View {
  return html`${versionView(shown)} ${printView(shown)} ${remindersView(shown)} ${peopleView(shown)}
  ${placesView(shown)}`;
}

function troubleView({ t, notice }: Drawing): View {
  const { failed, problems } = notice.state;
  if (problems.length > 0)
    return html`<div class="govuk-error-summary" role="alert" tabindex="-1" id="notice-trouble">
      <h2 class="govuk-error-summary__title">${t("noticedesk:people.importWrong")}</h2>
      <div class="govuk-error-summary__body">
        <ul class="govuk-list">
          ${problems.map(
            ({ line, key, values }) =>
              html`<li>
                ${line === 0 ? t(key, values) : t("noticedesk:csv.line", { line, problem: t(key, values) })}
              </li>`,
          )}
        </ul>
      </div>
    </div>`;
  if (failed === null) return nothing;
  return html`<div class="govuk-error-summary" role="alert" tabindex="-1" id="notice-trouble">
    <h2 class="govuk-error-summary__title">${t(`errors:${failed}.title`)}</h2>
    <div class="govuk-error-summary__body">
      <p>${t(`errors:${failed}.what`)}</p>
      <p>${t(`errors:${failed}.next`)}</p>
    </div>
  </div>`;
}

function versionView(shown: Shown): View {
  const { t, lang, notice, view } = shown;
  const { current, versions } = view;
  const newest = versions.at(-1);
  const state = newest === undefined ? "none" : current.published === null ? "changed" : "current";
  const look = { none: "th-chip--soon", changed: "th-chip--late", current: "th-chip--calm" }[state];
  const number = newest?.number ?? 0;
  return html`<section class="th-card" aria-labelledby="version-title">
    <h2 class="govuk-heading-m" id="version-title">${t("noticedesk:version.title")}</h2>
    <p class="govuk-body" id="version-state">
      <span class="th-chip ${look}">${t(`noticedesk:version.${state}`, { number })}</span>
    </p>
    ${
      current.published !== null
        ? nothing
        : html`<p class="govuk-hint">${t("noticedesk:version.hint", { epoch: current.epoch })}</p>
            ${button(shown, {
              id: "publish",
              label: t("noticedesk:version.publish", { number: number + 1 }),
              act: () => notice.publish(),
              look: "primary",
            })}`
    }
    <p class="govuk-hint">${t("noticedesk:version.keep")}</p>
    <div class="th-small-buttons">
      ${button(shown, {
        id: "notice-text",
        label: t("noticedesk:version.text"),
        act: () => notice.download("text"),
        look: "small",
      })}
    </div>
    ${
      newest === undefined
        ? nothing
        : html`<details class="govuk-details govuk-!-margin-bottom-0">
            <summary class="govuk-details__summary">
              <span class="govuk-details__summary-text">${t("noticedesk:version.list")}</span>
            </summary>
            <div class="govuk-details__text">
              ${table(
                t("noticedesk:version.list"),
                ["number", "day", "epoch", "digest"].map((column) => t(`noticedesk:version.${column}`)),
                versions.toReversed().map(
                  (each) =>
                    html`<tr class="govuk-table__row">
                      <th scope="row" class="govuk-table__header">${each.number}</th>
                      <td class="govuk-table__cell">${dayText(lang, each.day)}</td>
                      <td class="govuk-table__cell">${each.epoch}</td>
                      <td class="govuk-table__cell th-notices__hash">${each.sha256}</td>
                    </tr>`,
                ),
              )}
            </div>
          </details>`
    }
  </section>`;
}

/** Pages of the reporter's address: they open beside the console, which sends nothing along. */
function printView({ t, view }: Shown): View {
  const sheets = [
    ["poster", "/notice", "/notice.pdf"],
    ["letter", "/notice/letter", "/notice/letter.pdf"],
  ] as const;
  return html`<section class="th-card" aria-labelledby="print-title">
    <h2 class="govuk-heading-m" id="print-title">${t("noticedesk:print.title")}</h2>
    ${table(
      t("noticedesk:print.table"),
      [t("noticedesk:print.language"), ...sheets.map(([sheet]) => t(`noticedesk:print.${sheet}`))],
      view.languages.map(
        ({ tag, name }) =>
          html`<tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header" lang=${tag}><bdi>${name}</bdi></th>
            ${sheets.map(([sheet, page, pdf]) => {
              const links = [
                ["page", page],
                ["a4", pdf],
                ["usLetter", `${pdf}?paper=letter`],
              ] as const;
              return html`<td class="govuk-table__cell">
                ${links.map(([what, path], i) => {
                  const label = t(`noticedesk:print.${what}`);
                  const said = t("noticedesk:print.of", {
                    what: label,
                    sheet: t(`noticedesk:print.${sheet}`),
                    language: name,
                  });
                  return html`${i === 0 ? nothing : " · "}<a
                      class="govuk-link"
                      href="${view.address}/${tag}${path}"
                      target="_blank"
                      rel="noreferrer noopener"
                      aria-label=${said}
                      >${label}</a
                    >`;
                })}
              </td>`;
            })}
          </tr>`,
      ),
    )}
  </section>`;
}
