/** The dashboard: what a member's cases come to, counted in this browser. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import { dutiesOf } from "../../../../data/policy/deadlines/duties-file.ts";
import { dayOf } from "../../../../data/policy/update-date.ts";
import type { CaseFigures } from "../../client/digest-types.ts";
import { saveBlob } from "../../save-file.ts";
import { today } from "../update-by.ts";
import { dayText, type Drawing, type View } from "../view-parts.ts";
import { barChart, columnChart, type BarRow } from "./charts.ts";
import { formatCsv } from "../../client/csv.ts";
import { formatCases } from "./csv.ts";
import { countFigures, soonDays, spanOf, type Asked, type Count, type Figures } from "./figures.ts";
import {
  bucketText,
  countName,
  countTable,
  limitsTable,
  numberText,
  receivedTable,
  timesTable,
  type CountName,
  type FigureTable,
  type TimesName,
} from "./tables.ts";
import type { Times } from "./times.ts";
import { filterView } from "./view-filter.ts";

/** On this much time somebody can still act, and no list grows without end. */
const mostListed = 50;

const isRtl = (): boolean => document.documentElement.dir === "rtl";

export function dashboardView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { known, reading } = desk.figures();
  const { dashboard } = desk.state;
  const now = dayOf(today()) ?? 0;
  const span = spanOf(dashboard, now);
  const wrong = "wrong" in span ? span.wrong : null;
  return html`<section class="th-dashboard" aria-labelledby="dashboard-title">
    <h1 class="govuk-heading-l" id="dashboard-title">${t("dashboard:title")}</h1>
    <p class="govuk-body">${t("dashboard:lead")}</p>
    ${filterView(drawing, known, wrong)}
    ${
      "wrong" in span || reading === null
        ? nothing
        : figuresView(
            drawing,
            countOnce(known, { ...dashboard, span, today: now, rows: dutiesOf(desk.duties) }),
            reading,
          )
    }
  </section>`;
}

/** Gone with the cases that they were counted from. */
const counted = new WeakMap<readonly CaseFigures[], { asked: string; figures: Figures }>();

/** Each drawing asks; only other cases or another choice need counting again. */
function countOnce(known: readonly CaseFigures[], given: Asked): Figures {
  const { span, channel, spam, today: day } = given;
  const asked = JSON.stringify([span, channel, spam, day]);
  const before = counted.get(known);
  if (before?.asked === asked) return before.figures;
  const figures = countFigures(known, given);
  counted.set(known, { asked, figures });
  return figures;
}

function figuresView(drawing: Drawing, figures: Figures, reading: { done: number; total: number }): View {
  const { t } = drawing;
  const { cases, spamLeftOut } = figures;
  const isWhole = reading.done === reading.total;
  return html`<div class="th-dashboard__basis" role="status">
      <p class="govuk-body">
        <strong>${t("dashboard:basis", { count: cases.length })}</strong>
        ${spamLeftOut === 0 ? nothing : t("dashboard:spamLeftOut", { count: spamLeftOut })}
        ${isWhole ? nothing : t("dashboard:reading", { ...reading })}
      </p>
    </div>
    ${dueView(drawing, figures)}
    ${
      cases.length > 0
        ? chartsView(drawing, figures)
        : // That there are none is said once all were read.
          isWhole
          ? html`<div class="th-card">
              <p class="govuk-body govuk-!-margin-bottom-0">
                ${t(reading.total === 0 ? "dashboard:empty" : "dashboard:emptyPeriod")}
              </p>
            </div>`
          : nothing
    }`;
}

function chartsView(drawing: Drawing, figures: Figures): View {
  const { t, desk } = drawing;
  const { categories, channels, outcomes, acknowledged, closed, cases } = figures;
  const names = new Map(desk.state.listings?.map(({ caseId, name }) => [caseId, name]));
  const saveCases = (): void =>
    save(
      "cases",
      formatCases(cases, (caseId) => names.get(caseId) ?? caseId),
    );
  return html`<div class="th-dashboard__figures">
      ${receivedFigure(drawing, figures)} ${countFigure(drawing, "categories", categories)}
      ${countFigure(drawing, "channels", channels)} ${countFigure(drawing, "outcomes", outcomes)}
      ${timesFigure(drawing, "acknowledged", acknowledged)} ${timesFigure(drawing, "closed", closed)}
    </div>
    <h2 class="govuk-heading-m">${t("dashboard:list.title")}</h2>
    <p class="govuk-body">${t("dashboard:list.text")}</p>
    <button type="button" class="govuk-button govuk-button--secondary" id="save-cases" @click=${saveCases}>
      ${t("dashboard:list.button")}
    </button>`;
}

/** No words of a case in the name: it shows in the browser's list of downloads. */
function save(id: string, text: string): void {
  saveBlob(new Blob([text], { type: "text/csv;charset=utf-8" }), `dashboard-${id}-${today()}.csv`);
}

/** A sentence, a chart, and the same numbers as a table. */
function figureView(
  drawing: Drawing,
  table: FigureTable,
  { chart, more = nothing, width = "third" }: { chart: View; more?: View; width?: "whole" | "half" | "third" },
): TemplateResult {
  const { t } = drawing;
  const { id, title, main, rows } = table;
  return html`<figure class="th-figure th-figure--${width}" id="figure-${id}" aria-labelledby="figure-title-${id}">
    <figcaption>
      <h2 class="govuk-heading-m" id="figure-title-${id}">${title}</h2>
      <p class="govuk-body">${main}</p>
    </figcaption>
    ${chart}
    ${
      rows.length === 0
        ? nothing
        : html`<details class="govuk-details">
            <summary class="govuk-details__summary">
              <span class="govuk-details__summary-text"
                >${t("dashboard:table")}<span class="govuk-visually-hidden">: ${title}</span></span
              >
            </summary>
            ${tableView(drawing, table)} ${csvButton(drawing, table)}
          </details>`
    }
    ${more}
  </figure>`;
}

function csvButton({ t }: Drawing, { id, title, head, rows }: FigureTable): View {
  const saveTable = (): void => save(id, formatCsv([head, ...rows.map((cells) => cells.map(String))]));
  return html`<button type="button" class="th-link-button" data-csv=${id} @click=${saveTable}>
    ${t("dashboard:csv")}<span class="govuk-visually-hidden">: ${title}</span>
  </button>`;
}

function tableView({ lang }: Drawing, { title, head, rows }: FigureTable): View {
  return html`<div class="th-scroll" tabindex="0" role="region" aria-label=${title}>
    <table class="govuk-table th-figure__table">
      <caption class="govuk-visually-hidden">
        ${title}
      </caption>
      <thead>
        <tr>
          ${head.map((words, i) => html`<th scope="col" class=${i === 0 ? "" : "th-figure__number"}>${words}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...others]) =>
            html`<tr>
              <th scope="row"><bdi>${first}</bdi></th>
              ${others.map(
                (cell) =>
                  html`<td class="th-figure__number">${typeof cell === "number" ? numberText(lang, cell) : cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function receivedFigure(drawing: Drawing, figures: Figures): View {
  const { t, lang } = drawing;
  const { step, columns } = figures.received;
  const form = (options: Intl.DateTimeFormatOptions, from: number): string =>
    new Intl.DateTimeFormat(lang, { ...options, timeZone: "UTC" }).format(from * 86_400_000);
  const drawn = columns.map((values, i) => {
    const year = form({ year: "numeric" }, values.from);
    const month = form({ month: "short" }, values.from);
    const label: [string, string] = step === "year" ? [year, ""] : [month, year];
    // The same year again is only in the way.
    const sameYear = i > 0 && step === "month" && form({ year: "numeric" }, columns[i - 1]!.from) === year;
    return { values, label: sameYear ? ([label[0], ""] as [string, string]) : label, major: i % 3 === 0 };
  });
  const phases = {
    received: t("console:phase.received"),
    open: t("console:phase.open"),
    closed: t("console:phase.closed"),
  };
  const words = { phases, number: (value: number): string => numberText(lang, value) };
  return figureView(drawing, receivedTable(drawing, figures), {
    chart: columnChart(drawn, words, isRtl()),
    width: "whole",
  });
}

/** Bars that one can take in at a glance; the table has them all. */
const mostBars = 12;

function countFigure(drawing: Drawing, name: CountName, counts: readonly Count[]): View {
  const { t, lang } = drawing;
  const bars = counts.slice(0, mostBars).map(({ key, count }) => barOf(lang, countName(t, name, key), count));
  const left = counts.length - bars.length;
  const more =
    left === 0 ? nothing : html`<p class="govuk-body-s th-quiet">${t("dashboard:more", { count: left })}</p>`;
  const chart = html`${barChart(bars, isRtl())} ${more}`;
  return figureView(drawing, countTable(drawing, name, counts), { chart: counts.length === 0 ? nothing : chart });
}

const barOf = (lang: string, label: string, value: number): BarRow => ({ label, value, text: numberText(lang, value) });

function timesFigure(drawing: Drawing, name: TimesName, times: Times): View {
  const { lang } = drawing;
  const bars = times.buckets.map((bucket) => barOf(lang, bucketText(drawing, bucket), bucket.count));
  const limits = limitsTable(drawing, name, times.limits);
  const more =
    limits.rows.length === 0
      ? nothing
      : html`<h3 class="govuk-heading-s">${limits.title}</h3>
          <p class="govuk-body-s">${limits.main}</p>
          ${tableView(drawing, limits)} ${csvButton(drawing, limits)}`;
  const chart = bars.length === 0 ? nothing : barChart(bars, isRtl());
  return figureView(drawing, timesTable(drawing, name, times), { chart, more, width: "half" });
}

/** What somebody should do something about: now, whatever period was chosen. */
function dueView(drawing: Drawing, { overdue, dueSoon }: Figures): View {
  const { t } = drawing;
  return html`<div class="th-due">
    ${dueList(drawing, "overdue", t("dashboard:due.overdue", { count: overdue.length }), overdue)}
    ${dueList(drawing, "soon", t("dashboard:due.soon", { count: dueSoon.length, days: soonDays }), dueSoon)}
  </div>`;
}

function dueList({ t, desk, lang }: Drawing, id: "overdue" | "soon", title: string, due: readonly CaseFigures[]): View {
  const listings = new Map(desk.state.listings?.map((listing) => [listing.caseId, listing]));
  const open = (caseId: string): void => {
    void desk.show("cases").then(() => desk.choose(caseId));
  };
  const shown = due.slice(0, mostListed);
  return html`<section class="th-card th-due__list th-due__list--${id}" aria-labelledby="due-${id}">
    <h2 class="govuk-heading-m" id="due-${id}">${title}</h2>
    ${due.length === 0 ? html`<p class="govuk-body">${t(`dashboard:due.none.${id}`)}</p>` : nothing}
    <ul class="govuk-list">
      ${shown.map(
        ({ caseId, dueOn }) =>
          html`<li>
            <button type="button" class="th-link-button" @click=${() => open(caseId)}>
              <bdi>${listings.get(caseId)?.name ?? caseId.slice(0, 8)}</bdi>
            </button>
            <span class="th-quiet">${dayText(lang, dueOn ?? "")}</span>
          </li>`,
      )}
    </ul>
    ${
      due.length === shown.length
        ? nothing
        : html`<p class="govuk-body-s th-quiet">${t("dashboard:more", { count: due.length - shown.length })}</p>`
    }
  </section>`;
}
