/** The list of cases: by the next date, filtered, page by page. */
import { liveLine } from "../view-together.ts";
import { html, nothing } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { jobBar, problemBox, type Drawing, type View } from "../view-parts.ts";
import { pageNumbers, pageRows, orders, type Order, type PageOf } from "./queue.ts";
import { chosenOf } from "./saved-views.ts";
import { activeRow, shownPage, shownRows, type ShownRows } from "./shown-rows.ts";
import { bulkBar } from "./view-bulk.ts";
import { chosenChips, filterPanel } from "./view-filters.ts";
import { keysPanel } from "./view-keys.ts";
import { rowView } from "./view-row.ts";
import { viewRow, viewsPanel } from "./view-views.ts";

/** That the log is another than it was, or may be. The signed states are there to be copied: they prove it to others. */
function logNotice({ t, desk }: Pick<Drawing, "t" | "desk">): View {
  const { state, notes } = desk.state.log;
  if (state === "holds") return nothing;
  return html`<div class="th-notice" role="alert" id="log-notice">
    <p class="govuk-body">${t(state === "rewritten" ? "console:list.logRewritten" : "console:list.logUnproved")}</p>
    ${
      notes.length === 0
        ? nothing
        : html`<details class="govuk-details govuk-!-margin-bottom-0">
            <summary class="govuk-details__summary">
              <span class="govuk-details__summary-text">${t("console:list.logNotes")}</span>
            </summary>
            <div class="govuk-details__text">
              ${notes.map((note) => html`<pre class="th-command" dir="ltr" tabindex="0"><code>${note}</code></pre>`)}
            </div>
          </details>`
    }
  </div>`;
}

/** What the list cannot show, said in words. */
function notices({ t, desk }: Drawing): View {
  const { damaged, withdrawn, left } = desk.state;
  const said = [
    ...(left > 0 ? [t("queue:left.unread", { count: left })] : []),
    ...(damaged > 0 ? [t("console:list.damaged", { count: damaged })] : []),
    ...(withdrawn > 0 ? [t("work:list.withdrawn", { count: withdrawn })] : []),
  ];
  return html`${logNotice({ t, desk })}
  ${said.map((words) => html`<div class="th-notice"><p class="govuk-body">${words}</p></div>`)}`;
}

function toolbar({ t, desk }: Drawing): View {
  const { queue } = desk.state;
  const toggle = (what: "showFilters" | "showKeys"): void => {
    queue[what] = !queue[what];
    desk.redraw();
  };
  const set = chosenOf(queue.query).length;
  return html`<div class="th-queue__tools">
    <div class="th-queue__find">
      <label class="govuk-label" for="queue-text">${t("queue:find")}</label>
      <input
        class="govuk-input"
        id="queue-text"
        type="search"
        dir="auto"
        autocomplete="off"
        spellcheck="false"
        maxlength="200"
        .value=${queue.query.text}
        @input=${(event: InputEvent) => desk.queue.find((event.target as HTMLInputElement).value)}
      />
    </div>
    <div class="th-queue__order">
      <label class="govuk-label" for="queue-order">${t("queue:order.title")}</label>
      <select
        class="govuk-select"
        id="queue-order"
        @change=${(event: Event) => desk.queue.order((event.target as HTMLSelectElement).value as Order)}
      >
        ${orders.map(
          (order) =>
            html`<option value=${order} .selected=${queue.query.order === order}>${t(`queue:order.${order}`)}</option>`,
        )}
      </select>
    </div>
    <button
      type="button"
      class="govuk-button govuk-button--secondary"
      id="queue-filter"
      aria-expanded=${queue.showFilters ? "true" : "false"}
      aria-controls="queue-filters"
      @click=${() => toggle("showFilters")}
    >
      ${t("queue:filter.title")}${set === 0 ? nothing : html` (${set})`}
    </button>
    <button
      type="button"
      class="th-link-button"
      id="queue-keys-button"
      aria-expanded=${queue.showKeys ? "true" : "false"}
      aria-controls="queue-keys"
      @click=${() => toggle("showKeys")}
    >
      ${t("queue:keys.title")}
    </button>
  </div>`;
}

const columns = ["due", "what", "category", "who", "status", "tags"] as const;

function headRow({ t, desk }: Drawing, { rows }: PageOf): View {
  const ids = rows.filter(({ gate }) => gate === "cleared").map(({ caseId }) => caseId);
  const { selected } = desk.state.queue;
  const all = ids.length > 0 && ids.every((each) => selected.has(each));
  return html`<div role="row" class="th-listed th-listed--head" aria-rowindex="1">
    <div role="columnheader" class="th-listed__select">
      <input
        type="checkbox"
        class="th-listed__box"
        id="queue-all"
        aria-label=${t("queue:row.selectPage")}
        ?disabled=${ids.length === 0}
        .checked=${all}
        @change=${(event: Event) => desk.queue.select(ids, (event.target as HTMLInputElement).checked)}
      />
    </div>
    ${columns.map((column) => html`<div role="columnheader" class="th-listed__${column}">${t(`queue:row.head.${column}`)}</div>`)}
    <div role="columnheader" class="th-listed__mute">
      <span class="govuk-visually-hidden">${t("queue:row.head.mute")}</span>
    </div>
  </div>`;
}

function grid(drawing: Drawing, shown: ShownRows, page: PageOf): View {
  const { t } = drawing;
  const active = activeRow(drawing, page);
  const first = page.page * pageRows;
  return html`<p class="govuk-visually-hidden" id="queue-help">${t("console:case.none")} ${t("queue:keys.help")}</p>
    <div
      class="th-cases"
      role="grid"
      aria-labelledby="cases-title"
      aria-describedby="queue-help"
      aria-multiselectable="true"
      aria-rowcount=${shown.rows.length + 1}
    >
      ${headRow(drawing, page)}
      ${repeat(
        page.rows,
        ({ caseId }) => caseId,
        (listing, i) => {
          const place = { looking: shown.looking, number: first + i + 1, isActive: listing.caseId === active };
          return rowView(drawing, listing, place);
        },
      )}
    </div>`;
}

function pages({ t, desk }: Drawing, { page, pages: all }: PageOf): View {
  if (all === 1) return nothing;
  const button = (to: number, words: View | string, label: string, more = ""): View =>
    html`<button
      type="button"
      class="th-pages__page ${more}"
      aria-label=${label}
      aria-current=${to === page ? "page" : nothing}
      ?disabled=${to < 0 || to >= all}
      @click=${() => desk.queue.turnTo(to)}
    >
      ${words}
    </button>`;
  return html`<nav class="th-pages" aria-label=${t("queue:pages.title")}>
    ${button(page - 1, t("queue:pages.before"), t("queue:pages.before"))}
    ${pageNumbers(page, all).map((each) =>
      each === null
        ? html`<span class="th-pages__gap" aria-hidden="true">…</span>`
        : button(each, String(each + 1), t("queue:pages.page", { page: each + 1, all })),
    )}
    ${button(page + 1, t("queue:pages.next"), t("queue:pages.next"))}
  </nav>`;
}

function emptyCard({ t, desk }: Drawing): View {
  const isEmpty = desk.state.listings?.length === 0;
  return html`<div class="th-card">
    <p class="govuk-body ${isEmpty ? "" : "govuk-!-margin-bottom-0"}">
      ${t(isEmpty ? "console:list.empty" : "console:list.emptyFilter")}
    </p>
    ${
      isEmpty
        ? html`<p class="govuk-body-s govuk-!-margin-bottom-0">${t("console:list.publishing")}</p>`
        : html`<button type="button" class="th-link-button" @click=${() => desk.queue.clear()}>
            ${t("queue:filter.clear")}
          </button>`
    }
  </div>`;
}

function listBody(drawing: Drawing, shown: ShownRows): View {
  const page = shownPage(drawing, shown);
  return html`${viewRow(drawing, shown)} ${toolbar(drawing)} ${keysPanel(drawing)} ${chosenChips(drawing)}
    ${bulkBar(drawing)}
    <div class="th-queue__body">
      ${
        drawing.desk.state.queue.showFilters
          ? html`<div class="th-queue__side">${filterPanel(drawing, shown)} ${viewsPanel(drawing)}</div>`
          : nothing
      }
      <div class="th-queue__main">
        ${page.rows.length === 0 ? emptyCard(drawing) : grid(drawing, shown, page)} ${pages(drawing, page)}
      </div>
    </div>`;
}

export function queueView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { listings, queue } = desk.state;
  const shown = shownRows(drawing);
  return html`<section class="th-desk__list th-queue" aria-labelledby="cases-title">
    <div class="th-list__head">
      <h2 class="govuk-heading-m govuk-!-margin-bottom-0" id="cases-title">${t("console:list.title")}</h2>
      <p class="th-queue__count" role="status" id="queue-count">
        ${
          shown === null || listings === null
            ? nothing
            : t("queue:count", { shown: shown.rows.length, count: listings.length })
        }
      </p>
      <button type="button" class="th-link-button" ?disabled=${desk.state.job !== null} @click=${() => desk.refresh()}>
        ${t("console:list.refresh")}
      </button>
    </div>
    ${liveLine(drawing)} ${problemBox(drawing, "list")} ${jobBar(drawing, "list")}
    ${queue.bulk?.from !== "list" || queue.bulk.step === "asking" ? html`${problemBox(drawing, "queue")} ${jobBar(drawing, "queue")}` : nothing}
    ${notices(drawing)} ${shown === null ? nothing : listBody(drawing, shown)}
  </section>`;
}
