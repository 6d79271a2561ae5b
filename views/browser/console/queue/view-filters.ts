/** Filters of the list, with how many cases each choice would show; and what is set, to be taken off again. */
import { html, nothing } from "lit/html.js";
import type { Drawing, View } from "../view-parts.ts";
import { facets, fixedValues, type Facet } from "./facets.ts";
import { choiceText } from "./queue-words.ts";
import { chosenOf } from "./saved-views.ts";
import type { ShownRows } from "./shown-rows.ts";

/** What cases have and what is chosen: by name, or in an order of its own. */
function valuesShown(drawing: Drawing, facet: Facet, { counts }: ShownRows): string[] {
  const chosen = drawing.desk.state.queue.query.chosen[facet] ?? [];
  const fixed = fixedValues[facet];
  // What no case has would only be in the way.
  if (fixed !== undefined) return fixed.filter((each) => chosen.includes(each) || counts[facet].has(each));
  const { compare } = new Intl.Collator(drawing.lang);
  const values = [...new Set([...counts[facet].keys(), ...chosen])];
  // "Me" and "nobody" before the others.
  const rank = (value: string): number => (value === "me" ? 0 : value === "nobody" ? 1 : 2);
  const inWords = new Map(values.map((value) => [value, choiceText(drawing, facet, value)]));
  return values.sort((a, b) => rank(a) - rank(b) || compare(inWords.get(a)!, inWords.get(b)!));
}

function choice(drawing: Drawing, facet: Facet, value: string, shown: ShownRows): View {
  const { desk } = drawing;
  const isOn = desk.state.queue.query.chosen[facet]?.includes(value) === true;
  const id = `filter-${facet}-${value}`;
  return html`<div class="govuk-checkboxes__item">
    <input
      class="govuk-checkboxes__input"
      type="checkbox"
      id=${id}
      .checked=${isOn}
      @change=${() => desk.queue.toggle(facet, value)}
    />
    <label class="govuk-label govuk-checkboxes__label" for=${id}>
      <bdi>${choiceText(drawing, facet, value)}</bdi>
      <span class="th-filter__count">${shown.counts[facet].get(value) ?? 0}</span>
    </label>
  </div>`;
}

function facetView(drawing: Drawing, facet: Facet, shown: ShownRows): View {
  const values = valuesShown(drawing, facet, shown);
  if (values.length === 0) return nothing;
  return html`<fieldset class="govuk-fieldset th-facet">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">
      ${drawing.t(`queue:filter.${facet}.title`)}
    </legend>
    <div class="govuk-checkboxes govuk-checkboxes--small">
      ${values.map((value) => choice(drawing, facet, value, shown))}
    </div>
  </fieldset>`;
}

export function filterPanel(drawing: Drawing, shown: ShownRows): View {
  const { t, desk } = drawing;
  if (!desk.state.queue.showFilters) return nothing;
  return html`<div
    class="moj-filter th-queue__filters"
    id="queue-filters"
    role="group"
    aria-label=${t("queue:filter.title")}
  >
    <div class="moj-filter__options">${facets.map((facet) => facetView(drawing, facet, shown))}</div>
  </div>`;
}

/** What is set, whether the panel is open or not: nothing is filtered out unsaid. */
export function chosenChips(drawing: Drawing): View {
  const { t, desk } = drawing;
  const chosen = chosenOf(desk.state.queue.query);
  if (chosen.length === 0) return nothing;
  return html`<div class="th-queue__chosen">
    <ul class="moj-filter-tags" aria-label=${t("queue:filter.chosen")}>
      ${chosen.map(({ facet, value }) => {
        const words = choiceText(drawing, facet, value);
        return html`<li>
          <button type="button" class="moj-filter__tag" @click=${() => desk.queue.toggle(facet, value)}>
            <span class="govuk-visually-hidden">${t("queue:filter.remove")} </span
            ><bdi>${t(`queue:filter.${facet}.title`)}: ${words}</bdi>
          </button>
        </li>`;
      })}
    </ul>
    <button type="button" class="th-link-button" id="queue-clear" @click=${() => desk.queue.clear()}>
      ${t("queue:filter.clear")}
    </button>
  </div>`;
}
