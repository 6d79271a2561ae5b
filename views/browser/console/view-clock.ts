/** One duty of a case as a card: by when, by which law, how that was counted, and what may be done about it. */
import { html, nothing } from "lit/html.js";
import { doneByWriting, lastDayFor, mayRebase, type Clock } from "../../../data/policy/case-clocks.ts";
import type { CountingStep } from "../../../data/policy/deadlines/count.ts";
import type { DeadlineRow } from "../../../data/policy/deadlines/rows.ts";
import { dayOf } from "../../../data/policy/update-date.ts";
import type { Translate } from "../i18n.ts";
import { endingOf } from "./casework/form.ts";
import { hasBegun, ownDayOf, ownToday, ownZone, startOfClock } from "./own-time.ts";
import { endForm, turnToForm } from "./small-forms.ts";
import { field, radios } from "./view-fields.ts";
import { overtakenBox } from "./view-together.ts";
import { chooseDuty } from "./view-reply-duty.ts";
import { dayText, type Drawing, textArea, theDraft, type View } from "./view-parts.ts";
import { today } from "./update-by.ts";

/** A day, or an instant in UTC and where the member is, as people write it. */
export function momentText({ t, lang }: Pick<Drawing, "t" | "lang">, moment: string): string {
  if (!moment.includes("T")) return dayText(lang, moment);
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  const at = new Date(moment);
  const utc = `${new Intl.DateTimeFormat(lang, { ...style, timeZone: "UTC" }).format(at)} UTC`;
  if (at.getTimezoneOffset() === 0) return utc;
  return t("duties:ownTime", { utc, own: new Intl.DateTimeFormat(lang, style).format(at) });
}

export const rowTitle = (t: Translate, row: DeadlineRow): string =>
  row.titleKey === undefined ? (row.title ?? row.id) : t(row.titleKey);

/** A holiday's own name and the file's own words stay as they are; days are written as people write them. */
export function stepText(drawing: Drawing, { key, values }: CountingStep): string {
  const told = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" && /^\d{4}-\d\d-\d\d(?:T[\d:]+Z)?$/.test(value) ? momentText(drawing, value) : value,
  ]);
  return drawing.t(key, Object.fromEntries(told) as CountingStep["values"]);
}

const looks = { due: "th-chip--info", grace: "th-chip--soon", overdue: "th-chip--late", done: "" } as const;
const soonDays = 7;

const msPerHour = 3_600_000;

/** How long is left, in whole hours where hours count. Null: longer than is worth counting, or over. */
function leftText({ t }: Drawing, { state, target }: Clock): string | null {
  if (state !== "due") return null;
  if (target.includes("T"))
    return t("duties:state.hours", { count: Math.floor((Date.parse(target) - Date.now()) / msPerHour) });
  const days = lastDayFor(target) - dayOf(today())!;
  return days <= soonDays ? t("duties:state.soon", { count: days }) : null;
}

function stateChip(drawing: Drawing, clock: Clock): View {
  const { t } = drawing;
  const { ended, state } = clock;
  const left = leftText(drawing, clock);
  const words =
    ended === null
      ? (left ?? t(`duties:state.${state}`))
      : t(`duties:ended.${ended.how}`, { day: momentText(drawing, ended.on) });
  const look = left !== null ? "th-chip--soon" : ended?.how === "late" ? "th-chip--late" : looks[state];
  return html`<span class="th-chip ${look}">${words}</span>`;
}

/** Who set it and why, and what it would be without. */
function setBy(drawing: Drawing, { set }: Clock): View {
  if (set === null) return nothing;
  const { t, desk } = drawing;
  const name = desk.state.open?.readers.find(({ id }) => id === set.by)?.name ?? `#${set.by}`;
  return html`<span class="th-quiet th-block"
    >${t("duties:rebased", { name })}
    <bdi>${set.reason}</bdi>
    ${set.otherwise === null ? nothing : t("duties:otherwise", { from: momentText(drawing, set.otherwise) })}</span
  >`;
}

function facts(drawing: Drawing, clock: Clock): View {
  const { t } = drawing;
  const { row, from, target, latest, provisional } = clock;
  return html`<dl class="th-clock__facts">
    <dt>${t("duties:target")}</dt>
    <dd><strong>${momentText(drawing, target)}</strong></dd>
    ${
      latest === target
        ? nothing
        : html`<dt>${t("duties:latest")}</dt>
            <dd>${momentText(drawing, latest)}</dd>`
    }
    <dt>${t("duties:from")}</dt>
    <dd>
      ${momentText(drawing, from)}
      ${
        provisional
          ? html`<span class="th-quiet">${t(mayRebase(row) ? "duties:provisional" : "duties:provisionalWord")}</span>`
          : nothing
      }
      ${setBy(drawing, clock)}
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

/** The heading of a duty's card: where the focus goes once something was recorded. */
export const cardTitle = (id: string): string => `#clock-title-${id}`;

/** The day is one on which this can have been done; otherwise what to say. */
function wrongDay({ from, provisional }: Clock, on: string): string | null {
  if (on === "" || !hasBegun(on)) return "duties:missing.on";
  const since = from.includes("T") ? ownDayOf(new Date(from)) : from;
  // What is counted provisionally may have been done before the portal heard of it.
  return !provisional && on < since ? "duties:missing.before" : null;
}

/** Takes what the form of this card holds, or tells what is missing. */
async function markDone(drawing: Drawing, clock: Clock): Promise<void> {
  const { desk } = drawing;
  const { row } = clock;
  const { fields } = theDraft(drawing);
  const [on, reason] = [fields["done-on"] ?? ownToday(), (fields["done-reason"] ?? "").trim()];
  const how = fields["done-how"] === "exception" ? ("exception" as const) : ("done" as const);
  const wrong = wrongDay(clock, on);
  desk.state.missing = {
    ...(wrong !== null && { "done-on": wrong }),
    ...(reason === "" && { "done-reason": "duties:missing.reason" }),
  };
  if (Object.keys(desk.state.missing).length > 0) return desk.redraw();
  const draft = { act: "done" as const, deadline: row.id, on, how, reason };
  const end = endingOf(drawing, "clock");
  if (await desk.act("duties", "duties:done.done", draft, {}, [], `done:${row.id}`)) end([cardTitle(row.id)]);
}

/** Sets a clock as the open form says, or tells what is missing. */
async function setClock(drawing: Drawing, row: DeadlineRow): Promise<void> {
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
  const end = endingOf(drawing, "clock");
  if (await desk.act("duties", "duties:done.clock", draft, {}, [], clockForm(drawing, row)))
    end([cardTitle(row.id), "#duties-title"]);
}

/** A clock is set going, or re-based, by the same fields. */
const clockForm = (drawing: Drawing, { id }: DeadlineRow): string =>
  `${theDraft(drawing).openForms.clock === "start" ? "start" : "rebase"}:${id}`;

/** Whether somebody else recorded the same since the form was opened. */
function othersFirst(drawing: Drawing, thing: string, form: string, opener: string): View {
  const drop = (): void => endForm(theDraft(drawing), "clock");
  return overtakenBox(drawing, { thing, form, begun: true, drop, focus: ["[data-keep]", opener, "#duties-title"] });
}

/** `focus`: selectors; the first that is there gets it. */
function closeForm(drawing: Drawing, focus: string[]): void {
  const { state } = drawing.desk;
  endForm(theDraft(drawing), "clock");
  Object.assign(state, { missing: {}, focus });
  drawing.desk.redraw();
}

export function openForm(drawing: Drawing, form: string, focus: string[]): void {
  const { state } = drawing.desk;
  turnToForm(theDraft(drawing), "clock", form);
  Object.assign(state, { missing: {}, focus });
  drawing.desk.redraw();
}

function doneForm(drawing: Drawing, clock: Clock): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const form = `done:${clock.row.id}`;
  return html`${othersFirst(drawing, `done ${clock.row.id}`, form, cardTitle(clock.row.id))}
  ${field(drawing, { id: "done-on", type: "date", label: t("duties:form.on"), value: fields["done-on"] ?? ownToday() })}
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
  ${buttons(drawing, `[data-form="${form}"]`, () => markDone(drawing, clock))}`;
}

export const exceptionText = (t: Translate, row: DeadlineRow): string =>
  row.exceptionKey === undefined ? (row.exceptionText ?? "") : t(row.exceptionKey);

function rebaseForm(drawing: Drawing, clock: Clock): View {
  const { t } = drawing;
  return html`<p class="govuk-body">${t("duties:form.rebaseLead")}</p>
    ${runForm(drawing, clock.row, t("duties:form.rebaseReason"), `[data-form="rebase:${clock.row.id}"]`)}`;
}

/** From when a clock runs, and why. `opener`: selector of what opened the form. */
export function runForm(drawing: Drawing, row: DeadlineRow, reasonLabel: string, opener: string): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  return html`${othersFirst(drawing, `clock ${row.id}`, clockForm(drawing, row), opener)} ${startFields(drawing, row)}
  ${textArea(drawing, {
    id: "clock-reason",
    label: reasonLabel,
    hint: t("duties:form.reasonHint"),
    rows: 3,
    value: fields["clock-reason"] ?? "",
    take: (text) => (fields["clock-reason"] = text),
  })}
  ${buttons(drawing, opener, () => setClock(drawing, row))}`;
}

/** The day, and where hours count the time, from which a clock runs. */
function startFields(drawing: Drawing, row: DeadlineRow): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  return html`${field(drawing, {
    id: "clock-from",
    type: "date",
    label: t("duties:form.from"),
    value: fields["clock-from"] ?? "",
  })}
  ${
    row.rule === "H"
      ? field(drawing, {
          id: "clock-time",
          type: "time",
          label: t("duties:form.time"),
          hint: t("duties:form.timeHint", { zone: ownZone() }),
          value: fields["clock-time"] ?? "",
        })
      : nothing
  }`;
}

/** `opener`: selector of what opened the form. */
function buttons(drawing: Drawing, opener: string, keep: () => Promise<void>): View {
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
    <button type="button" class="govuk-button govuk-button--secondary" @click=${() => closeForm(drawing, [opener])}>
      ${t("duties:form.cancel")}
    </button>
  </div>`;
}

function actions(drawing: Drawing, clock: Clock): View {
  const { t, desk } = drawing;
  const counsel = desk.state.me?.roles.includes("counsel") === true;
  const form = (name: string, words: string, first: string): View =>
    html`<button
      type="button"
      class="th-link-button"
      data-form="${name}:${clock.row.id}"
      @click=${() => openForm(drawing, `${name}:${clock.row.id}`, [first])}
    >
      ${t(words)}<span class="govuk-visually-hidden">: ${rowTitle(t, clock.row)}</span>
    </button>`;
  const write = (): void => {
    chooseDuty(drawing, theDraft(drawing), clock.row.repeats ? "update" : "acknowledgement");
    desk.state.focus = ["#reply"];
    desk.showTab("conversation");
  };
  return html`<div class="th-toolbar">
    ${
      doneByWriting(clock.row)
        ? html`<button type="button" class="th-link-button" data-write @click=${write}>
            ${t("duties:write")}<span class="govuk-visually-hidden">: ${rowTitle(t, clock.row)}</span>
          </button>`
        : form("done", "duties:markDone", "#done-on")
    }
    ${counsel && mayRebase(clock.row) ? form("rebase", "duties:rebase", "#clock-from") : nothing}
  </div>`;
}

export function clockCard(drawing: Drawing, clock: Clock, usable: boolean): View {
  const { t } = drawing;
  const open = theDraft(drawing).openForms.clock;
  const { id } = clock.row;
  return html`<li class="th-card th-clock th-clock--${clock.state}" data-clock=${id}>
    <h4 class="govuk-heading-s govuk-!-margin-bottom-1" id="clock-title-${id}" tabindex="-1">
      ${rowTitle(t, clock.row)}
    </h4>
    <p class="govuk-!-margin-bottom-2">${stateChip(drawing, clock)} <span class="th-quiet th-nowrap">${id}</span></p>
    ${facts(drawing, clock)} ${counting(drawing, clock)}
    ${
      !usable || (clock.state === "done" && open !== `done:${id}` && open !== `rebase:${id}`)
        ? nothing
        : open === `done:${id}`
          ? doneForm(drawing, clock)
          : open === `rebase:${id}`
            ? rebaseForm(drawing, clock)
            : actions(drawing, clock)
    }
  </li>`;
}
