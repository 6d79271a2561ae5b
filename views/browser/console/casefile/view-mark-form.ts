/** The form of one mark: what is left out, where the same words stand besides, why, and whether it is privileged. */
import { html, nothing } from "lit/html.js";
import { privilegeBases } from "../../../../crypto/export-acts.ts";
import type { CaseView } from "../../client/case-view.ts";
import { markTargets, targetAt, type MarkPlace, type MarkTarget } from "../../client/casefile/mark-targets.ts";
import type { Mark } from "../../client/casefile/marks.ts";
import { nameOrYou } from "../casework/names.ts";
import { tickBox } from "../view-fields.ts";
import {
  dayText,
  describedBy,
  jobBar,
  problemBox,
  textArea,
  theDraft,
  type Drawing,
  type View,
} from "../view-parts.ts";
import { contextOf, quoteOf, titleOf, whereText } from "./mark-words.ts";
import { chosenPlace, drop, everywhereField, foundElsewhere, inTheWay, isOn, mark } from "./marking.ts";

const mostShown = 20;

export const quoteView = (text: string, id: string | typeof nothing = nothing): View =>
  html`<blockquote class="th-mark__quote" id=${id} dir="auto">${text}</blockquote>`;

function places(drawing: Drawing, view: CaseView, list: readonly MarkPlace[]): View {
  const targets = markTargets(view);
  return html`<ul class="th-mark__places">
    ${list.slice(0, mostShown).map((place) => {
      const target = targetAt(targets, place)!;
      const { before, words, after } = contextOf(target, place);
      return html`<li>
        <strong>${titleOf(drawing, view, target)}</strong>
        ${words === "" ? nothing : html`<bdi class="th-written">${before}<mark>${words}</mark>${after}</bdi>`}
      </li>`;
    })}
    ${
      list.length > mostShown
        ? html`<li>${drawing.t("casework:marks.else.more", { count: list.length - mostShown })}</li>`
        : nothing
    }
  </ul>`;
}

const markLine = (drawing: Drawing, view: CaseView, { reason, by, dated }: Mark): string =>
  drawing.t("casework:marks.clash.what", {
    name: nameOrYou(drawing, view, by),
    day: dayText(drawing.lang, dated),
    reason,
  });

function elsewhereBox(drawing: Drawing, view: CaseView, place: MarkPlace): View {
  if (place.span === null) return nothing;
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const { free, partly, whole, said } = foundElsewhere(view, place);
  const marks = (key: string, list: readonly Mark[]): View =>
    list.length === 0
      ? nothing
      : html`<p class="govuk-body-s">${t(key)}</p>
          <ul class="th-mark__places">
            ${[...new Set(list)].map((each) => html`<li>${markLine(drawing, view, each)}</li>`)}
          </ul>`;
  const nowhere = free.length + partly.length + whole.length + said.length === 0;
  return html`<div class="th-mark__else" id="mark-else">
    ${nowhere ? html`<p class="govuk-body-s">${t("casework:marks.else.none")}</p>` : nothing}
    ${
      free.length === 0
        ? nothing
        : html`<p class="govuk-body-s">${t("casework:marks.else.free", { count: free.length })}</p>
            ${places(drawing, view, free)}
            <div class="govuk-form-group">
              <div
                class="govuk-checkboxes govuk-checkboxes--small"
                role="group"
                aria-describedby="mark-everywhere-hint"
              >
                ${tickBox(drawing, {
                  id: everywhereField,
                  label: t("casework:marks.else.all"),
                  on: fields[everywhereField] !== "no",
                  take: (on) => (fields[everywhereField] = on ? "" : "no"),
                })}
              </div>
              <div class="govuk-hint govuk-!-margin-bottom-0" id="mark-everywhere-hint">
                ${t("casework:marks.else.allHint")}
              </div>
            </div>`
    }
    ${marks(
      "casework:marks.else.partly",
      partly.map(({ by }) => by),
    )}
    ${
      whole.length === 0
        ? nothing
        : html`<p class="govuk-body-s">${t("casework:marks.else.whole")}</p>
            ${places(drawing, view, whole)}`
    }
    ${marks("casework:marks.else.said", said)}
    <p class="govuk-body-s th-quiet govuk-!-margin-bottom-0">${t("casework:marks.else.files")}</p>
  </div>`;
}

function clashBox(drawing: Drawing, view: CaseView, way: Mark): View {
  const { t } = drawing;
  return html`<div class="th-notice" role="alert" id="mark-clash">
    <p class="govuk-body"><strong>${t("casework:marks.clash.title")}</strong></p>
    <p class="govuk-body">${markLine(drawing, view, way)}</p>
    <p class="govuk-body govuk-!-margin-bottom-0">${t("casework:marks.clash.next")}</p>
  </div>`;
}

function words(drawing: Drawing): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const privileged = privilegeBases.some((basis) => isOn(drawing, `mark-${basis}`));
  const area = (id: string, label: string, hint: string): View =>
    textArea(drawing, { id, label, hint, rows: 2, value: fields[id] ?? "", take: (text) => (fields[id] = text) });
  return html`<p class="govuk-body"><strong>${t("casework:marks.form.read")}</strong></p>
    ${area("mark-reason", t("casework:marks.form.reason"), t("casework:marks.form.reasonHint"))}
    <div class="govuk-form-group">
      <fieldset class="govuk-fieldset" aria-describedby=${describedBy(drawing, "mark-privilege", true)}>
        <legend class="govuk-fieldset__legend">${t("casework:marks.form.privilege")}</legend>
        <div class="govuk-hint" id="mark-privilege-hint">${t("casework:marks.form.privilegeHint")}</div>
        <div class="govuk-checkboxes govuk-checkboxes--small">
          ${privilegeBases.map((basis) =>
            tickBox(drawing, {
              id: `mark-${basis}`,
              label: t(`casework:marks.basis.${basis}`),
              on: isOn(drawing, `mark-${basis}`),
              take: (on) => (fields[`mark-${basis}`] = on ? "on" : ""),
            }),
          )}
        </div>
      </fieldset>
    </div>
    ${
      privileged
        ? area("mark-description", t("casework:marks.form.description"), t("casework:marks.form.descriptionHint"))
        : nothing
    }`;
}

/** Stands in the document that it is about. */
export function markForm(drawing: Drawing, view: CaseView, target: MarkTarget): View {
  const place = chosenPlace(drawing);
  if (place === null || place.stream !== target.stream || place.seq !== target.seq) return nothing;
  const { t, desk } = drawing;
  const way = inTheWay(drawing, view, place);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void mark(drawing, view, place);
  };
  return html`<form class="th-mark__form" id="mark-form" novalidate @submit=${submit}>
    <h5 class="govuk-heading-s">${t("casework:marks.form.title")}</h5>
    ${problemBox(drawing, "marks")}
    <p class="govuk-body-s govuk-!-margin-bottom-1">${whereText(drawing, view, target, place)}</p>
    ${quoteView(quoteOf(drawing, target, place), "mark-quote")}
    ${way === null ? html`${elsewhereBox(drawing, view, place)} ${words(drawing)}` : clashBox(drawing, view, way)}
    ${jobBar(drawing, "marks")}
    <div class="govuk-button-group govuk-!-margin-bottom-0">
      ${
        way === null
          ? html`<button class="govuk-button" id="mark-save" ?disabled=${desk.state.job !== null}>
              ${t("casework:marks.form.save")}
            </button>`
          : nothing
      }
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        id="mark-cancel"
        ?disabled=${desk.state.job?.place === "marks"}
        @click=${() => drop(drawing, [`#target-${target.stream}-${target.seq} > summary`])}
      >
        ${t("casework:marks.form.cancel")}
      </button>
    </div>
  </form>`;
}
