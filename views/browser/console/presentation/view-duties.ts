/** The operator's form for duties: which apply. Own rows are shown here, and written as text. */
import { html, nothing } from "lit/html.js";
import {
  builtInDuties,
  dutiesOf,
  parseDutiesFile,
  profiles,
  type DutiesFile,
} from "../../../../data/policy/deadlines/duties-file.ts";
import { jurisdictions, type DeadlineRow } from "../../../../data/policy/deadlines/rows.ts";
import type { Translate } from "../../i18n.ts";
import type { View } from "../view-parts.ts";
import { pretty } from "./editor.ts";
import { chooseField, tickField, type Drawing } from "./parts.ts";

/** "15 days · Owed by … · citation" */
function factsOf(t: Translate, { amount, unit, actor, citation, inForce }: DeadlineRow): string {
  const period = amount === 0 ? t("deadlines:period.none") : t(`deadlines:period.${unit}`, { count: amount });
  const from = inForce === null ? [] : [t("deadlines:edit.from", { inForce })];
  return [period, t(`deadlines:actor.${actor}`), citation, ...from].join(" · ");
}

const titleOf = (t: Translate, { titleKey, title }: DeadlineRow): string =>
  titleKey === undefined ? (title ?? "") : t(titleKey);

function dutyTick(t: Translate, row: DeadlineRow, on: boolean, take: (on: boolean) => void): View {
  const id = `duty-${row.id}`;
  return html`<div class="govuk-checkboxes__item">
    <input
      class="govuk-checkboxes__input"
      type="checkbox"
      id=${id}
      aria-describedby="${id}-facts"
      .checked=${on}
      @change=${(event: Event) => take((event.target as HTMLInputElement).checked)}
    />
    <label class="govuk-label govuk-checkboxes__label" for=${id}>${row.id}: ${titleOf(t, row)}</label>
    <div class="govuk-hint govuk-checkboxes__hint" id="${id}-facts">${factsOf(t, row)}</div>
  </div>`;
}

function rowList({ t }: Drawing, file: DutiesFile, change: (to: DutiesFile) => void): View {
  const off = file.off ?? builtInDuties.off;
  const shown = dutiesOf({ ...file, off: [], rows: [] });
  const set = (id: string, on: boolean): void => change({ off: on ? off.filter((each) => each !== id) : [...off, id] });
  return html`${jurisdictions.map((place) => {
    const rows = shown.filter(({ jurisdiction }) => jurisdiction === place);
    if (rows.length === 0) return nothing;
    return html`<fieldset class="govuk-fieldset govuk-form-group" aria-describedby="duties-hint">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t(`deadlines:jurisdiction.${place}`)}</legend>
      <div class="govuk-checkboxes govuk-checkboxes--small">
        ${rows.map((row) => dutyTick(t, row, !off.includes(row.id), (on) => set(row.id, on)))}
      </div>
    </fieldset>`;
  })}`;
}

function ownList({ t }: Drawing, { rows = [], holidays = [] }: DutiesFile): View {
  const list = (entries: readonly string[]): View =>
    entries.length === 0
      ? html`<p class="govuk-body">${t("deadlines:edit.none")}</p>`
      : html`<ul class="govuk-list govuk-list--bullet">
          ${entries.map((each) => html`<li dir="auto">${each}</li>`)}
        </ul>`;
  return html`<h3 class="govuk-heading-m">${t("deadlines:edit.own")}</h3>
    <p class="govuk-hint">${t("deadlines:edit.ownHint")}</p>
    ${list(rows.map((row) => `${row.id}: ${titleOf(t, row)} · ${factsOf(t, row)}`))}
    <h3 class="govuk-heading-m">${t("deadlines:edit.holidays")}</h3>
    ${list(holidays.map(({ on, name }) => `${on}: ${name}`))}`;
}

/** Null while the text is not a file of duties: a form would hide what is wrong with it. */
export function dutiesView(drawing: Drawing): View | null {
  const { t, editor } = drawing;
  const parsed = parseDutiesFile(editor.content("duties") ?? pretty(builtInDuties));
  if ("problems" in parsed) return null;
  const file = parsed.value;
  // What was typed stays as it is beside that: own rows keep the fields that they leave out.
  const change = (to: DutiesFile): void => {
    editor.write("duties", { ...editor.value("duties"), ...to });
    editor.redraw();
  };
  const places = file.jurisdictions ?? builtInDuties.jurisdictions;
  return html`<p class="govuk-inset-text">${t("deadlines:notLegalAdvice")}</p>
    ${chooseField({
      id: "duties-profile",
      label: t("deadlines:edit.profile"),
      hint: t("deadlines:edit.profileHint"),
      value: file.profile ?? builtInDuties.profile,
      take: (chosen) => change({ profile: profiles.find((each) => each === chosen) }),
      choices: profiles.map((each) => [each, t(`deadlines:profile.${each}`)] as const),
    })}
    <fieldset class="govuk-fieldset govuk-form-group">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${t("deadlines:edit.places")}</legend>
      <div class="govuk-checkboxes govuk-checkboxes--small th-columns">
        ${jurisdictions.map((each) =>
          tickField(`place-${each}`, t(`deadlines:jurisdiction.${each}`), places.includes(each), (on) =>
            change({ jurisdictions: jurisdictions.filter((one) => (one === each ? on : places.includes(one))) }),
          ),
        )}
      </div>
    </fieldset>
    <h3 class="govuk-heading-m">${t("deadlines:edit.rows")}</h3>
    <p class="govuk-hint" id="duties-hint">${t("deadlines:edit.rowsHint")}</p>
    ${rowList(drawing, file, change)} ${ownList(drawing, file)}`;
}
