/** The duties of one case: its two clocks, every deadline with its law, and who is told when one has passed. */
import { teamIsUsable } from "./casework/names.ts";
import { repeat } from "lit/directives/repeat.js";
import { html, nothing } from "lit/html.js";
import { toHex } from "../../../crypto/bytes.ts";
import { deadlinesInForce } from "../../../data/policy/deadlines/duties-file.ts";
import { findDeadline } from "../../../data/policy/deadlines/rows.ts";
import type { CaseView } from "../client/case-view.ts";
import { saveBlob } from "../save-file.ts";
import { lastDayFor } from "../../../data/policy/case-clocks.ts";
import { textOfDay } from "../../../data/policy/update-date.ts";
import { calendarFile } from "./calendar-file.ts";
import { ownToday } from "./own-time.ts";
import { draftOf } from "./state.ts";
import { today } from "./update-by.ts";
import { clockCard, openForm, rowTitle, runForm } from "./view-clock.ts";
import { select } from "./view-fields.ts";
import { dayText, jobBar, personText, problemBox, type Drawing, type View } from "./view-parts.ts";

function arrival(drawing: Drawing, view: CaseView): View {
  const { t, lang, desk } = drawing;
  const { receivedOn, assessedOn } = view.duties;
  const assess = (): Promise<boolean> => {
    desk.state.focus = ["#duties-title"];
    return desk.act("duties", "duties:done.assess", { act: "assess", on: ownToday() });
  };
  return html`<dl class="th-clock__facts">
      <dt>${t("duties:received")}</dt>
      <dd>${dayText(lang, receivedOn)} <span class="th-quiet">${t("duties:receivedHint")}</span></dd>
      <dt>${t("duties:assessed")}</dt>
      <dd>${assessedOn === null ? t("duties:notAssessed") : dayText(lang, assessedOn)}</dd>
    </dl>
    ${
      assessedOn === null && teamIsUsable(view)
        ? html`<button
            type="button"
            class="govuk-button govuk-button--secondary"
            id="assess"
            ?disabled=${desk.state.job !== null}
            @click=${() => void assess()}
          >
            ${t("duties:assess")}
          </button>`
        : nothing
    }`;
}

/** The same for the same date of the same case, so that a calendar replaces it; nobody reads the law in it. */
async function uidOf(caseId: string, deadline: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`tellhaven ${caseId} ${deadline}`));
  return toHex(new Uint8Array(hash, 0, 16));
}

/** For the member's own calendar: made here, and saying nothing but that something is due. */
async function saveCalendar({ t, desk }: Drawing, { duties, listing }: CaseView): Promise<void> {
  const dates = await Promise.all(
    duties.clocks
      .filter(({ state }) => state !== "done")
      .map(async ({ target, row }) => ({
        on: textOfDay(lastDayFor(target)),
        uid: await uidOf(listing.caseId, row.id),
      })),
  );
  const words = { summary: t("duties:calendar.summary"), description: t("duties:calendar.description") };
  saveBlob(new Blob([calendarFile(dates, words, new Date())], { type: "text/calendar" }), "dates.ics");
  desk.state.done = "duties:done.calendar";
  desk.redraw();
}

function secondChoice(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const others = view.readers.filter(({ id, current }) => current && id !== desk.state.me?.id);
  const named = others.some(({ id }) => id === view.duties.second);
  // Somebody is named as soon as anybody could be: nobody is only what stands there before.
  const options = others.map((person) => ({ value: String(person.id), label: personText(person) }));
  return select(drawing, {
    id: "second",
    label: t("duties:second.label"),
    hint: t("duties:second.hint"),
    value: named ? String(view.duties.second) : "",
    options: named ? options : [{ value: "", label: t("duties:second.nobody") }, ...options],
    take: (value) => {
      if (value !== "") void desk.setSecond(Number(value));
    },
  });
}

/** Clocks that nothing in the case starts by itself: a request for one's data, a breach, an imminent risk. */
function startForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const draft = draftOf(desk.state, view.listing.caseId);
  const running = new Set(view.duties.clocks.filter(({ state }) => state !== "done").map(({ row }) => row.id));
  const { fields } = draft;
  // Somebody else may start the one that was chosen here: it must not turn into another under the writer's hand.
  const chosen = draft.openForms.clock === "start" ? fields["clock-deadline"] : undefined;
  const rows = deadlinesInForce(desk.duties, today()).filter(
    ({ id, scope }) => (scope === "incident" || scope === "request") && (!running.has(id) || id === chosen),
  );
  if (rows.length === 0) return nothing;
  if (draft.openForms.clock !== "start")
    return html`<button
      type="button"
      class="govuk-button govuk-button--secondary"
      id="start-clock"
      @click=${() => openForm(drawing, "start", ["#clock-deadline"])}
    >
      ${t("duties:start")}
    </button>`;
  const row = findDeadline(rows, chosen ?? "") ?? rows[0]!;
  fields["clock-deadline"] = row.id;
  return html`<div class="th-card">
    ${select(drawing, {
      id: "clock-deadline",
      label: t("duties:form.deadline"),
      value: row.id,
      options: rows.map((each) => ({ value: each.id, label: rowTitle(t, each) })),
      take: (value) => {
        fields["clock-deadline"] = value;
        desk.redraw();
      },
    })}
    ${runForm(drawing, row, t("duties:form.startReason"), "#start-clock")}
  </div>`;
}

/** A clock that triage stopped does not vanish without a word. */
function stoppedNotice({ t, lang }: Drawing, { duties }: CaseView): View {
  if (duties.stopped.length === 0 || duties.triage === null) return nothing;
  return html`<div class="govuk-inset-text" id="stopped">
    <p class="govuk-body">${t("duties:stopped", { day: dayText(lang, duties.triage.on) })}</p>
    <ul class="govuk-list govuk-list--bullet govuk-!-margin-bottom-0">
      ${duties.stopped.map((row) => html`<li>${rowTitle(t, row)} <span class="th-quiet">${row.id}</span></li>`)}
    </ul>
  </div>`;
}

export function dutiesTab(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { clocks } = view.duties;
  return html`<section aria-labelledby="duties-title">
    <h3 class="govuk-heading-m" id="duties-title" tabindex="-1">${t("duties:title")}</h3>
    <p class="govuk-body">${t("duties:lead")} ${t("deadlines:notLegalAdvice")}</p>
    ${problemBox(drawing, "duties")} ${jobBar(drawing, "duties")} ${arrival(drawing, view)}
    ${
      clocks.length === 0
        ? html`<p class="govuk-body th-quiet">${t("duties:none")}</p>`
        : html`<ul class="th-clocks">
            ${repeat(
              clocks,
              ({ row }) => row.id,
              (clock) => clockCard(drawing, clock, teamIsUsable(view)),
            )}
          </ul>`
    }
    ${stoppedNotice(drawing, view)} ${teamIsUsable(view) ? startForm(drawing, view) : nothing}
    ${view.team.state === "open" ? secondChoice(drawing, view) : nothing}
    ${
      clocks.some(({ state }) => state !== "done")
        ? html`<p class="govuk-body">${t("duties:calendar.lead")}</p>
            <button
              type="button"
              class="govuk-button govuk-button--secondary"
              id="calendar"
              @click=${() => void saveCalendar(drawing, view)}
            >
              ${t("duties:calendar.save")}
            </button>`
        : nothing
    }
  </section>`;
}
