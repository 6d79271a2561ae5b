/** One duty of a case as a card: by when, by which law, how that was counted, and what may be done about it. */
import { html, nothing } from "lit/html.js";
import type { Clock } from "../../../data/policy/case-clocks.ts";
import type { CountingStep } from "../../../data/policy/deadlines/count.ts";
import type { DeadlineRow } from "../../../data/policy/deadlines/rows.ts";
import type { Translate } from "../i18n.ts";
import { draftOf, type Draft } from "./state.ts";
import { field, radios } from "./view-fields.ts";
import { dayText, textArea, type Drawing, type View } from "./view-parts.ts";
import { today } from "./update-by.ts";

/** A day, or an instant in UTC, as people write it. */
export function momentText(lang: string, moment: string): string {
  if (!moment.includes("T")) return dayText(lang, moment);
  const style = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" } as const;
  return `${new Intl.DateTimeFormat(lang, style).format(new Date(moment))} UTC`;
}

export const rowTitle = (t: Translate, row: DeadlineRow): string =>
  row.titleKey === undefined ? (row.title ?? row.id) : t(row.titleKey);

/** A holiday's own name and the file's own words stay as they are; days are written as people write them. */
export function stepText({ t, lang }: Drawing, { key, values }: CountingStep): string {
  const told = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" && /^\d{4}-\d\d-\d\d(?:T[\d:]+Z)?$/.test(value) ? momentText(lang, value) : value,
  ]);
  return t(key, Object.fromEntries(told) as CountingStep["values"]);
}

const looks = { due: "th-chip--info", grace: "th-chip--soon", overdue: "th-chip--late", done: "" } as const;
const soonDays = 7;

function stateChip({ t, lang }: Drawing, clock: Clock): View {
  const days = Math.ceil((Date.parse(clock.target.slice(0, 10)) - Date.parse(today())) / 86_400_000);
  const soon = clock.state === "due" && days <= soonDays;
  const words =
    clock.state === "done"
      ? t("duties:state.done", { day: clock.doneOn === null ? "" : momentText(lang, clock.doneOn) })
      : soon
        ? t("duties:state.soon", { count: days })
        : t(`duties:state.${clock.state}`);
  return html`<span class="th-chip ${soon ? "th-chip--soon" : looks[clock.state]}">${words}</span>`;
}

function facts(drawing: Drawing, clock: Clock): View {
  const { t, lang } = drawing;
  const { row, from, target, latest, provisional, reason } = clock;
  return html`<dl class="th-clock__facts">
    <dt>${t("duties:target")}</dt>
    <dd><strong>${momentText(lang, target)}</strong></dd>
    ${
      latest === target
        ? nothing
        : html`<dt>${t("duties:latest")}</dt>
            <dd>${momentText(lang, latest)}</dd>`
    }
    <dt>${t("duties:from")}</dt>
    <dd>
      ${momentText(lang, from)}
      ${provisional ? html`<span class="th-quiet">${t("duties:provisional")}</span>` : nothing}
      ${reason === null ? nothing : html`<span class="th-quiet">${t("duties:rebased")} <bdi>${reason}</bdi></span>`}
    </dd>
    <dt>${t("duties:law")}</dt>
    <dd>${row.citation}. ${t(row.source.read ? "duties:read" : "duties:unread", { asOf: row.source.asOf })}</dd>
  </dl>`;
}

function counting(drawing: Drawing, { steps }: Clock): View {
  return html`<details class="govuk-details govuk-!-margin-bottom-2">
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${drawing.t("duties:counted")}</span>
    </summary>
    <ol class="govuk-list govuk-list--number govuk-details__text">
      ${steps.map((step) => html`<li>${stepText(drawing, step)}</li>`)}
    </ol>
  </details>`;
}

const theDraft = ({ desk }: Drawing): Draft => draftOf(desk.state, desk.state.chosen ?? "");

/** Takes what the form of this card holds, or tells what is missing. */
async function markDone(drawing: Drawing, { row }: Clock): Promise<void> {
  const { desk } = drawing;
  const { fields } = theDraft(drawing);
  const [on, reason] = [fields["done-on"] ?? today(), (fields["done-reason"] ?? "").trim()];
  const how = fields["done-how"] === "exception" ? ("exception" as const) : ("done" as const);
  desk.state.missing = {
    ...((on === "" || on > today()) && { "done-on": "duties:missing.on" }),
    ...(reason === "" && { "done-reason": "duties:missing.reason" }),
  };
  if (Object.keys(desk.state.missing).length > 0) return desk.redraw();
  const draft = { act: "done" as const, deadline: row.id, on, how, reason };
  if (await desk.act("duties", "duties:done.done", draft)) closeForm(drawing);
}

async function rebase(drawing: Drawing, { row }: Clock): Promise<void> {
  const { desk } = drawing;
  const { fields } = theDraft(drawing);
  const reason = (fields["clock-reason"] ?? "").trim();
  const from = startOfClock(row, fields["clock-from"] ?? "", fields["clock-time"] ?? "");
  desk.state.missing = {
    ...(from === null && { "clock-from": "duties:missing.from" }),
    ...(reason === "" && { "clock-reason": "duties:missing.reason" }),
  };
  if (from === null || reason === "") return desk.redraw();
  const draft = { act: "clock" as const, deadline: row.id, from, reason };
  if (await desk.act("duties", "duties:done.clock", draft)) closeForm(drawing);
}

/** Hours count from an instant, where one is known; everything else from a day. Null: no such day or time. */
export function startOfClock(row: DeadlineRow, day: string, time: string): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || day > today()) return null;
  if (row.rule !== "H" || time === "") return day;
  return /^\d\d:\d\d$/.test(time) ? `${day}T${time}:00Z` : null;
}

export function closeForm(drawing: Drawing): void {
  const draft = theDraft(drawing);
  for (const id of Object.keys(draft.fields)) if (/^(?:done|clock)-/.test(id)) delete draft.fields[id];
  draft.openForm = "";
  drawing.desk.redraw();
}

function openForm(drawing: Drawing, form: string): void {
  closeForm(drawing);
  theDraft(drawing).openForm = form;
  drawing.desk.redraw();
}

function doneForm(drawing: Drawing, clock: Clock): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  return html`${field(drawing, { id: "done-on", type: "date", label: t("duties:form.on"), value: fields["done-on"] ?? today() })}
  ${radios(drawing, {
    id: "done-how",
    legend: t("duties:form.how"),
    value: fields["done-how"] ?? "done",
    choices: [
      { value: "done", label: t("duties:form.howDone") },
      { value: "exception", label: t("duties:form.howException"), hint: exceptionText(t, clock.row) },
    ],
  })}
  ${textArea(drawing, {
    id: "done-reason",
    label: t("duties:form.doneReason"),
    hint: t("duties:form.reasonHint"),
    rows: 3,
    value: fields["done-reason"] ?? "",
    take: (text) => (fields["done-reason"] = text),
  })}
  ${buttons(drawing, () => markDone(drawing, clock))}`;
}

export const exceptionText = (t: Translate, row: DeadlineRow): string =>
  row.exceptionKey === undefined ? (row.exceptionText ?? "") : t(row.exceptionKey);

function rebaseForm(drawing: Drawing, clock: Clock): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  return html`<p class="govuk-body">${t("duties:form.rebaseLead")}</p>
    ${startFields(drawing, clock.row)}
    ${textArea(drawing, {
      id: "clock-reason",
      label: t("duties:form.rebaseReason"),
      hint: t("duties:form.reasonHint"),
      rows: 3,
      value: fields["clock-reason"] ?? "",
      take: (text) => (fields["clock-reason"] = text),
    })}
    ${buttons(drawing, () => rebase(drawing, clock))}`;
}

/** The day, and where hours count the time, from which a clock runs. */
export function startFields(drawing: Drawing, row: DeadlineRow | null): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  return html`${field(drawing, {
    id: "clock-from",
    type: "date",
    label: t("duties:form.from"),
    value: fields["clock-from"] ?? "",
  })}
  ${
    row?.rule === "H"
      ? field(drawing, {
          id: "clock-time",
          type: "time",
          label: t("duties:form.time"),
          hint: t("duties:form.timeHint"),
          value: fields["clock-time"] ?? "",
        })
      : nothing
  }`;
}

export function buttons(drawing: Drawing, keep: () => Promise<void>): View {
  const { t, desk } = drawing;
  return html`<div class="govuk-button-group">
    <button
      type="button"
      class="govuk-button"
      data-keep
      ?disabled=${desk.state.job !== null}
      @click=${() => void keep()}
    >
      ${t("duties:form.keep")}
    </button>
    <button type="button" class="govuk-button govuk-button--secondary" @click=${() => closeForm(drawing)}>
      ${t("duties:form.cancel")}
    </button>
  </div>`;
}

function actions(drawing: Drawing, clock: Clock): View {
  const { t, desk } = drawing;
  const counsel = desk.state.me?.roles.includes("counsel") === true;
  const form = (name: string, words: string): View =>
    html`<button
      type="button"
      class="th-link-button"
      data-form="${name}:${clock.row.id}"
      @click=${() => openForm(drawing, `${name}:${clock.row.id}`)}
    >
      ${t(words)}<span class="govuk-visually-hidden">: ${rowTitle(t, clock.row)}</span>
    </button>`;
  // Acknowledgement and update are done by writing to the reporter, and in no other way.
  const byWriting = clock.row.trigger === "disclosure-received";
  return html`<div class="th-toolbar">
    ${
      byWriting
        ? html`<button type="button" class="th-link-button" @click=${() => desk.showTab("conversation")}>
            ${t("duties:write")}
          </button>`
        : form("done", "duties:markDone")
    }
    ${counsel ? form("rebase", "duties:rebase") : nothing}
  </div>`;
}

export function clockCard(drawing: Drawing, clock: Clock, usable: boolean): View {
  const { t } = drawing;
  const { openForm: open } = theDraft(drawing);
  const { id } = clock.row;
  return html`<li class="th-card th-clock th-clock--${clock.state}" data-clock=${id}>
    <h4 class="govuk-heading-s govuk-!-margin-bottom-1">${rowTitle(t, clock.row)}</h4>
    <p class="govuk-!-margin-bottom-2">${stateChip(drawing, clock)} <span class="th-quiet th-nowrap">${id}</span></p>
    ${facts(drawing, clock)} ${counting(drawing, clock)}
    ${
      !usable || clock.state === "done"
        ? nothing
        : open === `done:${id}`
          ? doneForm(drawing, clock)
          : open === `rebase:${id}`
            ? rebaseForm(drawing, clock)
            : actions(drawing, clock)
    }
  </li>`;
}
