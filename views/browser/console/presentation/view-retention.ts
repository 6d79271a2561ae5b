/** The operator's form for retention: which proposals apply. Own rows are shown here, and written as text. */
import { html } from "lit/html.js";
import { parseRetentionFile } from "../../../../data/policy/retention-file.ts";
import { builtInRetention, type RetentionRow } from "../../../../data/policy/retention.ts";
import type { Translate } from "../../i18n.ts";
import { basisText, sourceText } from "../retention-words.ts";
import { categoryText, type View } from "../view-parts.ts";
import { pretty } from "./editor.ts";
import { tickField, type Drawing } from "./parts.ts";

/** "Harassment, discrimination · Withdrawn · 2 months after it was closed" */
function factsOf(t: Translate, { categories, dispositions, months }: RetentionRow): string {
  const about = categories?.map((each) => categoryText(t, each)).join(", ") ?? t("retention:edit.allCategories");
  const outcome = dispositions?.map((each) => t(`console:disposition.${each}`)).join(", ") ?? t("retention:edit.all");
  return [about, outcome, t("retention:months", { count: months })].join(" · ");
}

function ownList(t: Translate, rows: readonly RetentionRow[]): View {
  if (rows.length === 0) return html`<p class="govuk-body">${t("retention:edit.none")}</p>`;
  return html`<ul class="govuk-list govuk-list--bullet">
    ${rows.map((row) => html`<li><bdi>${row.id}</bdi>: <bdi>${row.basis}</bdi> · ${factsOf(t, row)}</li>`)}
  </ul>`;
}

/** Null while the text is no such file: a form would hide what is wrong with it. */
export function retentionView(drawing: Drawing): View | null {
  const { t, editor } = drawing;
  const parsed = parseRetentionFile(editor.content("retention") ?? pretty({}));
  if ("problems" in parsed) return null;
  const { off = [], rows = [] } = parsed.value;
  const last = builtInRetention.at(-1);
  const set = (id: string, on: boolean): void => {
    const next = on ? off.filter((each) => each !== id) : [...off, id];
    // What was typed stays as it is beside that: own rows keep the fields that they leave out.
    editor.write("retention", { ...editor.value("retention"), off: next });
    editor.redraw();
  };
  return html`<p class="govuk-inset-text">${t("retention:notLegalAdvice")}</p>
    <fieldset class="govuk-fieldset govuk-form-group" aria-describedby="retention-hint">
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${t("retention:edit.rows")}</legend>
      <div class="govuk-hint" id="retention-hint">${t("retention:edit.rowsHint")}</div>
      <div class="govuk-checkboxes govuk-checkboxes--small">
        ${builtInRetention.map((row) => {
          const name = `${row.id}: ${factsOf(t, row)}`;
          return html`${
              row === last
                ? html`<p class="govuk-body govuk-!-margin-bottom-1">${name}</p>`
                : tickField(`retention-${row.id}`, name, !off.includes(row.id), (on) => set(row.id, on))
            }
            <p class="govuk-hint">${basisText(t, row)} ${sourceText(t, row)}</p>`;
        })}
      </div>
    </fieldset>
    <h3 class="govuk-heading-m">${t("retention:edit.own")}</h3>
    <p class="govuk-hint">${t("retention:edit.ownHint")}</p>
    ${ownList(t, rows)}`;
}
