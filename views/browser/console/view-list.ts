/** The list of cases: what is new, what is open, what is done. */
import { html, nothing } from "lit/html.js";
import type { CaseListing } from "../client/casework.ts";
import type { Translate } from "../i18n.ts";
import { today } from "./update-by.ts";
import type { PhaseFilter } from "./state.ts";
import { keepingChip } from "./view-keep.ts";
import { categoryText, dayText, jobBar, phaseChip, problemBox, type Drawing, type View } from "./view-parts.ts";

const filters: readonly PhaseFilter[] = ["all", "received", "open", "closed"];

const fits = (listing: CaseListing, filter: PhaseFilter): boolean => filter === "all" || listing.phase === filter;

function filterRow({ t, desk }: Drawing, listings: readonly CaseListing[]): View {
  const { state } = desk;
  const choose = (filter: PhaseFilter): void => {
    state.filter = filter;
    desk.redraw();
  };
  return html`<div class="th-filter" role="group" aria-label=${t("console:list.filter")}>
    ${filters.map((filter) => {
      const count = listings.filter((listing) => fits(listing, filter)).length;
      return html`<button
        type="button"
        class="th-filter__choice"
        aria-pressed=${state.filter === filter ? "true" : "false"}
        @click=${() => choose(filter)}
      >
        ${t(filter === "all" ? "console:list.all" : `console:phase.${filter}`)}
        <span class="th-filter__count">${count}</span>
      </button>`;
    })}
  </div>`;
}

function caseItem(drawing: Drawing, listing: CaseListing): View {
  const { t, desk, lang } = drawing;
  const { reportSummary, teamSummary, unread, name, caseId } = listing;
  const title = teamSummary?.title ?? reportSummary.title;
  const category = teamSummary?.category ?? reportSummary.category;
  const choose = (event: Event): void => {
    event.preventDefault();
    void desk.choose(caseId);
  };
  return html`<li>
    <button
      type="button"
      class="th-case"
      aria-current=${desk.state.chosen === caseId ? "true" : nothing}
      @click=${choose}
    >
      <span class="th-case__title"><bdi>${title === "" ? t("console:list.untitled") : title}</bdi></span>
      <span class="th-case__meta">
        <span class="th-nowrap">${name}</span>
        <span class="th-nowrap">${t("console:list.received", { day: dayText(lang, listing.receivedOn) })}</span>
      </span>
      ${category === "" ? nothing : html`<span class="th-case__category">${categoryText(t, category)}</span>`}
      <span class="th-chips">
        ${
          unread > 0
            ? html`<span class="th-chip th-chip--late">${t("console:list.unread", { count: unread })}</span>`
            : nothing
        }
        ${phaseChip(t, listing.phase)}
        ${listing.urgent ? html`<span class="th-chip th-chip--late">${t("console:list.urgent")}</span>` : nothing}
        ${dueChip(t, lang, listing)}
        ${listing.hold ? html`<span class="th-chip th-chip--soon">${t("console:list.hold")}</span>` : nothing}
        ${keepingChip(drawing, listing)}
      </span>
    </button>
  </li>`;
}

/** The server's one date of the case: what is due, the case says. A closed case may still owe a report. */
function dueChip(t: Translate, lang: string, { remindOn }: CaseListing): View {
  if (remindOn === null) return nothing;
  const late = remindOn < today();
  const words = t(late ? "console:list.overdue" : "console:list.due", { day: dayText(lang, remindOn) });
  return html`<span class="th-chip ${late ? "th-chip--late" : ""}">${words}</span>`;
}

export function listView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { listings, damaged, filter } = desk.state;
  const shown = listings?.filter((listing) => fits(listing, filter)) ?? [];
  return html`<section class="th-desk__list" aria-labelledby="cases-title">
    <div class="th-list__head">
      <h2 class="govuk-heading-m govuk-!-margin-bottom-0" id="cases-title">${t("console:list.title")}</h2>
      <button type="button" class="th-link-button" ?disabled=${desk.state.job !== null} @click=${() => desk.refresh()}>
        ${t("console:list.refresh")}
      </button>
    </div>
    ${problemBox(drawing, "list")} ${jobBar(drawing, "list")}
    ${
      damaged === 0
        ? nothing
        : html`<div class="th-notice"><p class="govuk-body">${t("console:list.damaged", { count: damaged })}</p></div>`
    }
    ${listings === null ? nothing : filterRow(drawing, listings)}
    ${
      listings !== null && shown.length === 0
        ? html`<div class="th-card">
            <p class="govuk-body">${t(listings.length === 0 ? "console:list.empty" : "console:list.emptyFilter")}</p>
            ${
              listings.length === 0
                ? html`<p class="govuk-body-s govuk-!-margin-bottom-0">${t("console:list.publishing")}</p>`
                : nothing
            }
          </div>`
        : nothing
    }
    ${
      shown.length === 0
        ? nothing
        : html`<ul class="th-cases">
            ${shown.map((listing) => caseItem(drawing, listing))}
          </ul>`
    }
  </section>`;
}
