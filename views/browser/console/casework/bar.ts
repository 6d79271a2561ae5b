/** Which case this is: stays at the head while the case scrolls below. */
import { html, nothing } from "lit/html.js";
import { lastDayFor } from "../../../../data/policy/case-clocks.ts";
import { dayOf, textOfDay } from "../../../../data/policy/update-date.ts";
import { nextCheckIn } from "../../client/check-ins.ts";
import type { CaseView } from "../../client/case-view.ts";
import { rowTitle } from "../view-clock.ts";
import { keepingChip } from "../view-keep.ts";
import { categoryText, dayText, personText, phaseChip, type Drawing, type View } from "../view-parts.ts";
import { dueLooks, dueText, nearnessOf } from "./days.ts";
import { openForm } from "./form.ts";
import { nameOrYou, namesText, readersNow, teamIsUsable } from "./names.ts";

interface Next {
  /** YYYY-MM-DD */
  day: string;
  what: string;
}

/** The duty or check-in that comes first. */
function nextOf({ t }: Drawing, { duties, work }: CaseView): Next | null {
  const checkIn = nextCheckIn(work);
  const all: Next[] = [
    ...duties.clocks
      .filter(({ state }) => state !== "done")
      .map(({ row, target }) => ({ day: textOfDay(lastDayFor(target)), what: rowTitle(t, row) })),
    ...(checkIn === null || dayOf(checkIn) === null ? [] : [{ day: checkIn, what: t("casework:checkIns.ask") }]),
  ];
  return all.toSorted((a, b) => a.day.localeCompare(b.day))[0] ?? null;
}

function nextChip(drawing: Drawing, view: CaseView): View {
  const next = nextOf(drawing, view);
  if (next === null) return nothing;
  return html`<span class="th-chip th-identity__next ${dueLooks[nearnessOf(next.day)]}" data-next>
    <span class="th-identity__what">${next.what}:</span> <span class="th-nowrap">${dueText(drawing, next.day)}</span>
  </span>`;
}

const severityLooks = { low: "", medium: "th-chip--info", high: "th-chip--soon", critical: "th-chip--late" } as const;

function severityChip({ t }: Drawing, { work: { severity } }: CaseView): View {
  if (severity === null) return nothing;
  return html`<span class="th-chip ${severityLooks[severity]}" data-severity=${severity}>
    ${t("casework:bar.severity", { level: t(`work:severity.${severity}`) })}
  </span>`;
}

function assigneeChip(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { assignee } = view.work;
  if (assignee === null) return html`<span class="th-chip" data-assignee>${t("casework:bar.nobody")}</span>`;
  const name = nameOrYou(drawing, view, assignee);
  return html`<span class="th-chip" data-assignee>${t("casework:bar.assignee", { name })}</span>`;
}

/** Whom the reporter left out, and whom a conflict keeps out: neither may hear of it. */
function leftOutWarning({ t }: Drawing, { excluded, work, people }: CaseView): View {
  const recused = people.filter(({ id }) => work.conflicts.some(({ person, has }) => has && person === id));
  const names = [...excluded, ...recused.filter(({ id }) => excluded.every((each) => each.id !== id))];
  if (names.length === 0) return nothing;
  return html`<p class="th-identity__silence" id="silence">
    <strong>${t("casework:bar.silence", { names: namesText(names) })}</strong>
  </p>`;
}

function unreadChip({ t }: Drawing, { listing: { unread } }: CaseView): View {
  if (unread === 0) return nothing;
  return html`<span class="th-chip th-chip--late">${t("console:list.unread", { count: unread })}</span>`;
}

/** In place while the rest scrolls. */
export function identityBar(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { listing } = view;
  const { title } = view.work;
  return html`<header class="th-identity">
    <p class="th-identity__name">${listing.name}</p>
    <h2 class="th-identity__title" id="case-title" tabindex="-1">
      <bdi>${title === "" ? t("console:list.untitled") : title}</bdi>
    </h2>
    <div class="th-chips">
      ${phaseChip(t, listing.phase)} ${severityChip(drawing, view)} ${unreadChip(drawing, view)}
      ${listing.urgent ? html`<span class="th-chip th-chip--late">${t("console:list.urgent")}</span>` : nothing}
      ${listing.hold ? html`<span class="th-chip th-chip--soon">${t("console:list.hold")}</span>` : nothing}
      ${nextChip(drawing, view)} ${assigneeChip(drawing, view)}
    </div>
    ${leftOutWarning(drawing, view)}
  </header>`;
}

function readersList(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const readers = readersNow(view);
  return html`<details class="govuk-details govuk-!-margin-bottom-2" id="bar-readers">
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${t("casework:bar.readers", { count: readers.length })}</span>
    </summary>
    <ul class="govuk-details__text govuk-list">
      ${readers.map(
        (person) =>
          html`<li>
            ${personText(person)}${person.id === desk.state.me?.id ? html` (${t("console:case.you")})` : nothing}
          </li>`,
      )}
    </ul>
  </details>`;
}

/** Opens the form for the name, wherever in the case somebody is. */
function rename(drawing: Drawing, { work, listing }: CaseView): void {
  drawing.desk.showTab("work");
  openForm(drawing, "describe", "work-name", {
    "work-name": work.title,
    "work-category": work.category || listing.category,
  });
}

function actions(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  if (!teamIsUsable(view)) return nothing;
  return html`<span class="th-case-facts__acts">
    ${
      view.listing.unread === 0
        ? nothing
        : html`<button
            type="button"
            class="th-link-button"
            ?disabled=${desk.state.job !== null}
            @click=${() => desk.markRead()}
          >
            ${t("console:case.markRead")}
          </button>`
    }
    <button type="button" class="th-link-button" id="rename" @click=${() => rename(drawing, view)}>
      ${t("casework:bar.rename")}
    </button>
  </span>`;
}

/** What need not stay in view. */
export function caseFacts(drawing: Drawing, view: CaseView): View {
  const { t, lang } = drawing;
  const { listing, work } = view;
  return html`<div class="th-case-facts">
    <div class="th-chips">
      ${
        view.disposition === null
          ? nothing
          : html`<span class="th-chip">${t(`console:disposition.${view.disposition}`)}</span>`
      }
      ${view.purposes.map(
        (purpose) => html`<span class="th-chip th-chip--late">${t(`console:case.purpose.${purpose}`)}</span>`,
      )}
      ${keepingChip(drawing, listing)}
      ${work.category === "" ? nothing : html`<span class="th-chip">${categoryText(t, work.category)}</span>`}
      ${work.tags.map((tag) => html`<span class="th-chip th-chip--info"><bdi>${tag}</bdi></span>`)}
      ${view.report.taken === null ? nothing : html`<span class="th-chip">${t("casework:bar.taken", { name: view.report.taken.by.name })}</span>`}
      ${listing.assisted ? html`<span class="th-chip">${t("casework:bar.assisted")}</span>` : nothing}
      ${work.muted ? html`<span class="th-chip">${t("casework:bar.muted")}</span>` : nothing}
      <span class="th-chip">${t("console:list.received", { day: dayText(lang, listing.receivedOn) })}</span>
      ${actions(drawing, view)}
    </div>
    ${readersList(drawing, view)}
  </div>`;
}

/** Somebody calls whoever looks, and they have not written anything since. */
export function calledNotice({ t, desk }: Drawing, { calls, team }: CaseView): View {
  if (calls.length === 0) return nothing;
  const by = team.entries.filter(({ seq }) => calls.includes(seq)).flatMap(({ author }) => author ?? []);
  const names = namesText([...new Map(by.map((each) => [each.id, each])).values()]);
  return html`<div class="th-notice" id="called" role="status">
    <p class="govuk-body"><strong>${t("casework:called.title")}</strong> ${t("casework:called.by", { names })}</p>
    ${
      desk.state.tab === "notes"
        ? nothing
        : html`<button
            type="button"
            class="th-link-button"
            @click=${() => {
              desk.state.focus = [`[data-note="${calls.at(-1)}"]`];
              desk.showTab("notes");
            }}
          >
            ${t("casework:called.show")}
          </button>`
    }
  </div>`;
}
