/** After closing: when the reporter is asked whether they were made to suffer for their report, and what they said. */
import { html, nothing } from "lit/html.js";
import { checkInOutcomes } from "../../../../crypto/work-acts.ts";
import { dayOf, textOfDay } from "../../../../data/policy/update-date.ts";
import type { CheckInView } from "../../client/case-work.ts";
import { nextCheckIn } from "../../client/check-ins.ts";
import type { CaseView } from "../../client/case-view.ts";
import { ownToday } from "../own-time.ts";
import { today } from "../update-by.ts";
import { radios } from "../view-fields.ts";
import { dayText, type Drawing, missingText, textArea, theDraft, type View } from "../view-parts.ts";
import { dueLooks, dueText, nearnessOf } from "./days.ts";
import { formOf } from "./desk-work.ts";
import { complete, endingOf, isOpen, keep, openForm, reasonField, workForm } from "./form.ts";
import { nameOrYou, teamIsUsable } from "./names.ts";

const proposedAfter = [30, 90, 180]; // days after closing
const mostDays = 12; // as crypto/work-acts.ts takes them

/** YYYY-MM-DD; those that are over are not proposed. */
export function proposedDays(closedOn: string, from: string): string[] {
  const closed = dayOf(closedOn);
  if (closed === null) return [];
  return proposedAfter.map((days) => textOfDay(closed + days)).filter((day) => day > from);
}

const isClosed = ({ listing }: CaseView): boolean => listing.phase === "closed";

/** Closed, and nobody has said since whether the reporter will be asked; a report that is spam has nobody to ask. */
const wantsPlan = (view: CaseView): boolean =>
  isClosed(view) && !view.work.checkInsPlanned && view.disposition !== "spam" && teamIsUsable(view);

const daysIn = (fields: Record<string, string>): string[] =>
  (fields["work-days"] ?? "") === "" ? [] : fields["work-days"]!.split(" ");

function openPlan(drawing: Drawing, view: CaseView): void {
  const planned = view.work.checkIns.filter(({ done }) => done === null).map(({ day }) => day);
  const days = view.work.checkInsPlanned
    ? planned
    : [...new Set([...planned, ...proposedDays(view.duties.closedOn ?? today(), today())])].toSorted();
  if (drawing.desk.state.tab !== "work") drawing.desk.showTab("work");
  openForm(drawing, "days", "work-day-0", { "work-days": days.join(" ") });
}

function planForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const days = daysIn(fields);
  const set = (now: readonly string[], focus: string): void => {
    fields["work-days"] = now.join(" ");
    desk.state.focus = [focus, "#add-day"];
    desk.redraw();
  };
  const change = (at: number, value: string): void => {
    // A field that is being emptied must not shift the others.
    fields["work-days"] = days.with(at, value === "" ? "-" : value).join(" ");
  };
  const submit = async (): Promise<void> => {
    const now = daysIn(fields);
    const wrong = Object.fromEntries(
      now.map((day, i) => [`work-day-${i}`, (dayOf(day) === null || day < today()) && "casework:missing.dayAhead"]),
    );
    if (!complete(drawing, wrong)) return;
    const draft = { act: "checkIns" as const, days: [...new Set(now)].toSorted() };
    await keep(drawing, "casework:done.planned", draft, ["#plan-days"]);
  };
  return workForm(drawing, {
    id: "days-form",
    about: "checkIns",
    title: t("casework:checkIns.plan"),
    fields: html`<p class="govuk-body">${t("casework:checkIns.planLead")}</p>
      ${days.length === 0 ? html`<p class="govuk-body th-quiet">${t("casework:checkIns.noDays")}</p>` : nothing}
      ${days.map((day, i) => dayField(drawing, { day, i, change, remove: () => set(days.toSpliced(i, 1), "#work-day-0") }))}
      ${
        days.length >= mostDays
          ? nothing
          : html`<button
              type="button"
              class="th-link-button govuk-!-margin-bottom-3"
              id="add-day"
              @click=${() => set([...days, "-"], `#work-day-${days.length}`)}
            >
              ${t("casework:checkIns.addDay")}
            </button>`
      }`,
    button: t(days.length === 0 ? "casework:checkIns.keepNone" : "casework:checkIns.keep"),
    submit,
    opener: "#plan-days",
  });
}

interface DayField {
  day: string;
  i: number;
  change: (at: number, value: string) => void;
  remove: () => void;
}

function dayField(drawing: Drawing, { day, i, change, remove }: DayField): View {
  const { t, desk } = drawing;
  const id = `work-day-${i}`;
  const wrong = desk.state.missing[id] !== undefined;
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for=${id}>${t("casework:checkIns.day", { number: i + 1 })}</label>
    ${missingText(drawing, id)}
    <div class="th-work-line">
      <input
        class="govuk-input govuk-input--width-10"
        type="date"
        id=${id}
        autocomplete="off"
        aria-describedby=${wrong ? `${id}-error` : nothing}
        aria-invalid=${wrong ? "true" : nothing}
        .value=${day === "-" ? "" : day}
        @input=${(event: InputEvent) => change(i, (event.target as HTMLInputElement).value)}
      />
      <button type="button" class="th-link-button" @click=${remove}>
        ${t("casework:checkIns.removeDay")}<span class="govuk-visually-hidden">: ${i + 1}</span>
      </button>
    </div>
  </div>`;
}

function openCheckIn(drawing: Drawing, { day, done }: CheckInView): void {
  if (drawing.desk.state.tab !== "work") drawing.desk.showTab("work");
  const outcome = done === null ? "asked" : "quiet";
  openForm(drawing, formOf(day), "work-outcome", {
    "work-outcome": outcome,
    "work-message": drawing.t("casework:checkInMessage"),
  });
}

const doneWords = {
  quiet: "casework:done.checkIn.quiet",
  retaliation: "casework:done.checkIn.retaliation",
} as const;

function checkInForm(drawing: Drawing, { day }: CheckInView): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const outcome = checkInOutcomes.find((each) => each === fields["work-outcome"]) ?? "asked";
  const focus = [`#check-in-${day} button`];
  const submit = async (): Promise<void> => {
    const [message, reason] = [fields["work-message"] ?? "", (fields["work-reason"] ?? "").trim()];
    const missing = {
      "work-message": outcome === "asked" && message.trim() === "" && "casework:missing.message",
      "work-reason": outcome === "retaliation" && reason === "" && "casework:missing.told",
    };
    if (!complete(drawing, missing)) return;
    if (outcome !== "asked")
      return keep(drawing, doneWords[outcome], { act: "checkIn", day, on: ownToday(), outcome, reason }, focus);
    const end = endingOf(drawing, "work");
    if (await desk.askReporter(day, message)) end([...focus, "#work-title"]);
  };
  return workForm(drawing, {
    id: "check-in-form",
    about: `checkIn ${day}`,
    title: t("casework:checkIns.form", { day: dayText(drawing.lang, day) }),
    fields: html`${radios(drawing, {
      id: "work-outcome",
      legend: t("casework:checkIns.outcome"),
      value: outcome,
      choices: checkInOutcomes.map((value) => ({ value, label: t(`casework:checkIns.choice.${value}`) })),
    })}
    ${
      outcome === "asked"
        ? textArea(drawing, {
            id: "work-message",
            label: t("casework:checkIns.message"),
            hint: t("console:reply.hint"),
            rows: 8,
            value: fields["work-message"] ?? "",
            take: (text) => (fields["work-message"] = text),
          })
        : reasonField(drawing, t(outcome === "retaliation" ? "casework:checkIns.told" : "casework:checkIns.toldMaybe"))
    }`,
    button: t(outcome === "asked" ? "casework:checkIns.send" : "casework:keep"),
    submit,
    opener: focus[0]!,
  });
}

function checkInItem(drawing: Drawing, view: CaseView, checkIn: CheckInView): View {
  const { t, lang } = drawing;
  const { day, done } = checkIn;
  if (teamIsUsable(view) && isOpen(drawing, formOf(day)))
    return html`<li class="th-task">${checkInForm(drawing, checkIn)}</li>`;
  const mayRecord = teamIsUsable(view) && (done === null || done.outcome === "asked");
  return html`<li class="th-task" id="check-in-${day}">
    <div class="th-task__text">${dayText(lang, day)}</div>
    <div class="th-chips">
      ${
        done === null
          ? html`<span class="th-chip ${dueLooks[nearnessOf(day)]}">${dueText(drawing, day)}</span>`
          : html`<span class="th-chip ${done.outcome === "retaliation" ? "th-chip--late" : "th-chip--calm"}">
              ${t(`casework:checkIns.is.${done.outcome}`, { day: dayText(lang, done.on) })}
            </span>`
      }
    </div>
    ${
      done === null
        ? nothing
        : html`<div class="govuk-body-s th-quiet govuk-!-margin-bottom-0">
            ${t("casework:checkIns.by", { name: nameOrYou(drawing, view, done.by) })}
            ${done.reason === "" ? nothing : html`<bdi class="th-written">${done.reason}</bdi>`}
          </div>`
    }
    ${
      mayRecord
        ? html`<div class="th-task__acts">
            <button type="button" class="th-link-button" @click=${() => openCheckIn(drawing, checkIn)}>
              ${t(done === null ? "casework:checkIns.askNow" : "casework:checkIns.record")}
              <span class="govuk-visually-hidden">: ${dayText(lang, day)}</span>
            </button>
          </div>`
        : nothing
    }
  </li>`;
}

/** What is to be done when the reporter says that they were made to suffer: nothing of it is proven. */
function retaliationGuide({ t, desk }: Drawing, view: CaseView): View {
  const turnTo = (tab: "status" | "keep", words: string): View =>
    html`<button type="button" class="th-link-button" @click=${() => desk.showTab(tab)}>${t(words)}</button>`;
  return html`<div class="th-notice th-notice--wide" id="retaliation">
    <h4 class="govuk-heading-s">${t("casework:retaliation.title")}</h4>
    <p class="govuk-body">${t("casework:retaliation.lead")}</p>
    <ol class="govuk-list govuk-list--number">
      <li>
        ${t("casework:retaliation.open")} ${isClosed(view) ? turnTo("status", "casework:retaliation.reopen") : nothing}
      </li>
      <li>${t("casework:retaliation.counsel")}</li>
      <li>
        ${t("casework:retaliation.keep")} ${view.listing.hold ? nothing : turnTo("keep", "casework:retaliation.hold")}
      </li>
    </ol>
    <p class="govuk-body-s">${t("casework:retaliation.law")}</p>
  </div>`;
}

const suffered = ({ work }: CaseView): boolean => work.checkIns.some(({ done }) => done?.outcome === "retaliation");

export function checkInsPart(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { checkIns } = view.work;
  if (!isClosed(view) && checkIns.length === 0) return nothing;
  return html`<section class="th-card" aria-labelledby="check-ins-title">
    <h3 class="govuk-heading-m" id="check-ins-title">${t("casework:checkIns.title")}</h3>
    <p class="govuk-body">${t("casework:checkIns.lead")}</p>
    ${suffered(view) ? retaliationGuide(drawing, view) : nothing}
    ${
      checkIns.length === 0
        ? html`<p class="govuk-body th-quiet">
            ${t(view.work.checkInsPlanned ? "casework:checkIns.nobody" : "casework:checkIns.none")}
          </p>`
        : html`<ul class="th-tasks">
            ${checkIns.map((checkIn) => checkInItem(drawing, view, checkIn))}
          </ul>`
    }
    ${
      !teamIsUsable(view)
        ? nothing
        : isOpen(drawing, "days")
          ? planForm(drawing)
          : html`<button
              type="button"
              class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0"
              id="plan-days"
              @click=${() => openPlan(drawing, view)}
            >
              ${t(view.work.checkInsPlanned ? "casework:checkIns.change" : "casework:checkIns.plan")}
            </button>`
    }
  </section>`;
}

/** At the head of a closed case: what waits for somebody. */
export function checkInNotice(drawing: Drawing, view: CaseView): View {
  const { t, desk, lang } = drawing;
  const next = view.work.checkIns.find(({ day }) => day === nextCheckIn(view.work) && day <= today());
  const notice = (id: string, words: string, act: () => void, button: string): View =>
    html`<div class="th-notice" id=${id} role="status">
      <p class="govuk-body">${words}</p>
      <button type="button" class="th-link-button" @click=${act}>${t(button)}</button>
    </div>`;
  const form = theDraft(drawing).openForms.work;
  if (next !== undefined && teamIsUsable(view) && form !== formOf(next.day))
    return notice(
      "check-in-due",
      t("casework:checkIns.dueNow", { day: dayText(lang, next.day) }),
      () => openCheckIn(drawing, next),
      "casework:checkIns.askNow",
    );
  if (suffered(view) && isClosed(view) && desk.state.tab !== "work")
    return notice("suffered", t("casework:retaliation.title"), () => desk.showTab("work"), "casework:retaliation.show");
  if (wantsPlan(view) && form !== "days")
    return notice(
      "plan-check-ins",
      t("casework:checkIns.offer"),
      () => openPlan(drawing, view),
      "casework:checkIns.plan",
    );
  return nothing;
}
