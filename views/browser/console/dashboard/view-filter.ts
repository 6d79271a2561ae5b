/** Which cases the dashboard counts. */
import { html, nothing } from "lit/html.js";
import type { CaseFigures } from "../../client/digest-types.ts";
import { dayText, type Drawing, type View } from "../view-parts.ts";
import { periods } from "./dashboard-state.ts";
import { channelsOf, yearsOf } from "./figures.ts";

type Choice = [value: string, words: string];

/** `wrong`: which of the typed dates cannot be used. */
export function filterView(drawing: Drawing, known: readonly CaseFigures[], wrong: "from" | "to" | null): View {
  const { t, desk } = drawing;
  const { dashboard } = desk.state;
  const [quarter, quarters, ...others] = periods.map((each): Choice => [each, t(`dashboard:period.${each}`)]);
  const years = yearsOf(known).map((year): Choice => [year, yearText(drawing, year)]);
  const channels = channelsOf(known);
  // One that is gone meanwhile stays to be seen, or the figures would not say what they leave out.
  const all =
    dashboard.channel === "" || channels.includes(dashboard.channel) ? channels : [...channels, dashboard.channel];
  const choose = <K extends "period" | "channel" | "spam">(key: K, value: (typeof dashboard)[K]): void => {
    dashboard[key] = value;
    desk.redraw();
  };
  return html`<div class="th-dashboard__filter" role="group" aria-label=${t("dashboard:filter")}>
    ${select(
      "dashboard-period",
      t("dashboard:period.label"),
      dashboard.period,
      [quarter!, quarters!, ...years, ...others],
      (value) => choose("period", value),
    )}
    ${
      dashboard.period === "own"
        ? html`${dateField(drawing, "from", wrong === "from")} ${dateField(drawing, "to", wrong === "to")}`
        : nothing
    }
    ${select(
      "dashboard-channel",
      t("dashboard:channel.label"),
      dashboard.channel,
      [["", t("dashboard:channel.all")], ...all.map((channel): Choice => [channel, channel])],
      (value) => choose("channel", value),
    )}
    ${
      known.some(({ spam }) => spam)
        ? html`<div class="govuk-checkboxes__item">
            <input
              class="govuk-checkboxes__input"
              type="checkbox"
              id="dashboard-spam"
              .checked=${dashboard.spam}
              @change=${(event: Event) => choose("spam", (event.target as HTMLInputElement).checked)}
            />
            <label class="govuk-label govuk-checkboxes__label" for="dashboard-spam">${t("dashboard:spam")}</label>
          </div>`
        : nothing
    }
  </div>`;
}

/** A year as the language writes it, in the same calendar as all other dates. */
function yearText({ lang }: Drawing, year: string): string {
  return new Intl.DateTimeFormat(lang, { year: "numeric", timeZone: "UTC" }).format(Date.UTC(Number(year), 0, 1));
}

function select(
  id: string,
  label: string,
  chosen: string,
  choices: readonly Choice[],
  take: (value: string) => void,
): View {
  return html`<div class="govuk-form-group">
    <label class="govuk-label" for=${id}>${label}</label>
    <select class="govuk-select" id=${id} @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}>
      ${choices.map(([value, words]) => html`<option value=${value} .selected=${value === chosen}>${words}</option>`)}
    </select>
  </div>`;
}

function dateField({ t, desk, lang }: Drawing, which: "from" | "to", wrong: boolean): View {
  const { dashboard } = desk.state;
  const id = `dashboard-${which}`;
  const take = (event: Event): void => {
    dashboard[which] = (event.target as HTMLInputElement).value;
    desk.redraw();
  };
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for=${id}>${t(`dashboard:period.${which}`)}</label>
    ${
      wrong
        ? html`<p class="govuk-error-message" id="${id}-error" role="alert">
            ${t(`dashboard:period.wrong.${which}`, { day: dashboard.from === "" ? "" : dayText(lang, dashboard.from) })}
          </p>`
        : nothing
    }
    <input
      class="govuk-input govuk-input--width-10 ${wrong ? "govuk-input--error" : ""}"
      type="date"
      id=${id}
      autocomplete="off"
      aria-describedby=${wrong ? `${id}-error` : nothing}
      aria-invalid=${wrong ? "true" : nothing}
      .value=${dashboard[which]}
      @change=${take}
    />
  </div>`;
}
