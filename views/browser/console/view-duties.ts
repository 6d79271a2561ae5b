/** The duties of one case: its two clocks, every deadline with its law, and who is told when one has passed. */
import { html, nothing } from "lit/html.js";
import { toHex } from "../../../crypto/bytes.ts";
import { deadlinesInForce } from "../../../data/policy/deadlines/duties-file.ts";
import { findDeadline } from "../../../data/policy/deadlines/rows.ts";
import type { CaseView } from "../client/case-view.ts";
import { saveBlob } from "../save-file.ts";
import { calendarFile } from "./calendar-file.ts";
import { draftOf } from "./state.ts";
import { today } from "./update-by.ts";
import { buttons, clockCard, closeForm, rowTitle, startFields, startOfClock } from "./view-clock.ts";
import { select } from "./view-fields.ts";
import { dayText, jobBar, personText, problemBox, textArea, type Drawing, type View } from "./view-parts.ts";

/** Who has part in the team's stream may record; others see the dates. */
const usable = ({ team }: CaseView): boolean => team.state === "open" || team.state === "none";

function arrival(drawing: Drawing, view: CaseView): View {
  const { t, lang, desk } = drawing;
  const { receivedOn, assessedOn } = view.duties;
  const assess = (): Promise<boolean> => desk.act("duties", "duties:done.assess", { act: "assess", on: today() });
  return html`<dl class="th-clock__facts">
      <dt>${t("duties:received")}</dt>
      <dd>${dayText(lang, receivedOn)} <span class="th-quiet">${t("duties:receivedHint")}</span></dd>
      <dt>${t("duties:assessed")}</dt>
      <dd>${assessedOn === null ? t("duties:notAssessed") : dayText(lang, assessedOn)}</dd>
    </dl>
    ${
      assessedOn === null && usable(view)
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
      .map(async ({ target, row }) => ({ on: target.slice(0, 10), uid: await uidOf(listing.caseId, row.id) })),
  );
  const words = { summary: t("duties:calendar.summary"), description: t("duties:calendar.description") };
  saveBlob(new Blob([calendarFile(dates, words, new Date())], { type: "text/calendar" }), "dates.ics");
  desk.state.done = "duties:done.calendar";
  desk.redraw();
}

function secondChoice(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const others = view.readers.filter(({ id, current }) => current && id !== desk.state.me?.id);
  const known = others.some(({ id }) => id === view.duties.second) ? String(view.duties.second) : "";
  return select(drawing, {
    id: "second",
    label: t("duties:second.label"),
    hint: t("duties:second.hint"),
    value: known,
    options: [
      { value: "", label: t("duties:second.nobody") },
      ...others.map((person) => ({ value: String(person.id), label: personText(person) })),
    ],
    take: (value) => void desk.setSecond(value === "" ? null : Number(value)),
  });
}

/** Clocks that nothing in the case starts by itself: a request for one's data, a breach, an imminent risk. */
function startForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const draft = draftOf(desk.state, view.listing.caseId);
  const running = new Set(view.duties.clocks.filter(({ state }) => state !== "done").map(({ row }) => row.id));
  const rows = deadlinesInForce(desk.duties, today()).filter(
    ({ id, scope }) => (scope === "incident" || scope === "request") && !running.has(id),
  );
  if (rows.length === 0) return nothing;
  if (draft.openForm !== "start")
    return html`<button
      type="button"
      class="govuk-button govuk-button--secondary"
      id="start-clock"
      @click=${() => {
        closeForm(drawing);
        draft.openForm = "start";
        desk.redraw();
      }}
    >
      ${t("duties:start")}
    </button>`;
  const { fields } = draft;
  const row = findDeadline(rows, fields["clock-deadline"] ?? "") ?? rows[0]!;
  const keep = async (): Promise<void> => {
    const reason = (fields["clock-reason"] ?? "").trim();
    const from = startOfClock(row, fields["clock-from"] ?? "", fields["clock-time"] ?? "");
    desk.state.missing = {
      ...(from === null && { "clock-from": "duties:missing.from" }),
      ...(reason === "" && { "clock-reason": "duties:missing.reason" }),
    };
    if (from === null || reason === "") return desk.redraw();
    const act = { act: "clock" as const, deadline: row.id, from, reason };
    if (await desk.act("duties", "duties:done.clock", act)) closeForm(drawing);
  };
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
    ${startFields(drawing, row)}
    ${textArea(drawing, {
      id: "clock-reason",
      label: t("duties:form.startReason"),
      hint: t("duties:form.reasonHint"),
      rows: 3,
      value: fields["clock-reason"] ?? "",
      take: (text) => (fields["clock-reason"] = text),
    })}
    ${buttons(drawing, keep)}
  </div>`;
}

export function dutiesTab(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { clocks } = view.duties;
  return html`<section aria-labelledby="duties-title">
    <h3 class="govuk-heading-m" id="duties-title">${t("duties:title")}</h3>
    <p class="govuk-body">${t("duties:lead")} ${t("deadlines:notLegalAdvice")}</p>
    ${problemBox(drawing, "duties")} ${jobBar(drawing, "duties")} ${arrival(drawing, view)}
    ${
      clocks.length === 0
        ? html`<p class="govuk-body th-quiet">${t("duties:none")}</p>`
        : html`<ul class="th-clocks">
            ${clocks.map((clock) => clockCard(drawing, clock, usable(view)))}
          </ul>`
    }
    ${usable(view) ? html`${startForm(drawing, view)} ${secondChoice(drawing, view)}` : nothing}
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
