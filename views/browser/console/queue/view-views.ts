/** Views: what everybody needs, a member's own, and keeping what is set now as one more. */
import { html, nothing } from "lit/html.js";
import { missingText, type Drawing, type View } from "../view-parts.ts";
import { viewText } from "./queue-words.ts";
import { builtInViews, isBuiltIn, mostViews } from "./saved-views.ts";
import type { ShownRows } from "./shown-rows.ts";

function viewButton(drawing: Drawing, id: string, count: number | null): View {
  const { desk } = drawing;
  return html`<button
    type="button"
    class="th-filter__choice"
    data-view=${id}
    aria-pressed=${desk.state.queue.view === id ? "true" : "false"}
    @click=${() => desk.queue.showView(id)}
  >
    <bdi>${viewText(drawing, id)}</bdi>
    ${count === null ? nothing : html`<span class="th-filter__count">${count}</span>`}
  </button>`;
}

export function viewRow(drawing: Drawing, { inViews }: ShownRows): View {
  const { t, desk } = drawing;
  return html`<div class="th-filter th-queue__views" role="group" aria-label=${t("console:list.filter")}>
    ${builtInViews.map((id) => viewButton(drawing, id, inViews[id]))}
    ${desk.state.queue.own.views.map(({ id }) => viewButton(drawing, id, null))}
  </div>`;
}

function saveForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { queue, missing } = desk.state;
  if (queue.own.views.length >= mostViews)
    return html`<p class="govuk-body-s">${t("queue:views.most", { count: mostViews })}</p>`;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.queue.saveView();
  };
  const wrong = missing["view-name"] !== undefined;
  return html`<form class="th-queue__save" novalidate @submit=${submit}>
    <div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
      <label class="govuk-label" for="view-name">${t("queue:views.name")}</label>
      ${missingText(drawing, "view-name")}
      <input
        class="govuk-input"
        id="view-name"
        dir="auto"
        autocomplete="off"
        maxlength="60"
        aria-describedby=${wrong ? "view-name-error" : nothing}
        .value=${queue.newName}
        @input=${(event: InputEvent) => (queue.newName = (event.target as HTMLInputElement).value)}
      />
    </div>
    <button class="govuk-button govuk-button--secondary" ?disabled=${desk.state.job !== null}>
      ${t("queue:views.save")}
    </button>
  </form>`;
}

/** Of the view that is shown: whether it comes first, and away with it. */
function ownForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { view, own } = desk.state.queue;
  if (view === "") return nothing;
  return html`<div class="th-queue__own">
    ${
      own.first === view
        ? html`<p class="govuk-body-s govuk-!-margin-bottom-0">${t("queue:views.isFirst")}</p>`
        : html`<button
            type="button"
            class="th-link-button"
            id="view-first"
            ?disabled=${desk.state.job !== null}
            @click=${() => desk.queue.keep({ ...own, first: view }, "queue:views.firstKept")}
          >
            ${t("queue:views.makeFirst", { name: viewText(drawing, view) })}
          </button>`
    }
    ${
      isBuiltIn(view)
        ? nothing
        : html`<button
            type="button"
            class="th-link-button"
            id="view-remove"
            ?disabled=${desk.state.job !== null}
            @click=${() => desk.queue.removeView(view)}
          >
            ${t("queue:views.remove", { name: viewText(drawing, view) })}
          </button>`
    }
  </div>`;
}

export function viewsPanel(drawing: Drawing): View {
  const { t, desk } = drawing;
  if (!desk.state.queue.showFilters) return nothing;
  return html`<section class="th-queue__keep" aria-labelledby="views-keep">
    <h3 class="govuk-heading-s" id="views-keep">${t("queue:views.keepTitle")}</h3>
    <p class="govuk-body-s th-quiet">${t("queue:views.lead")}</p>
    ${saveForm(drawing)} ${ownForm(drawing)}
  </section>`;
}
