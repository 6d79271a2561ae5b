/** Keeping and deleting a case: its holds, the date on which it goes by itself, and deleting it by hand. */
import { complete } from "./casework/form.ts";
import { html, nothing } from "lit/html.js";
import { deletedEverywhere } from "../../../data/policy/deleted-everywhere.ts";
import type { Proposal } from "../../../data/policy/retention.ts";
import { spamDays } from "../../../data/policy/spam.ts";
import { dayOf, textOfDay } from "../../../data/policy/update-date.ts";
import type { CaseView } from "../client/case-view.ts";
import type { CaseListing } from "../client/listing.ts";
import { goingDay, keptAsSpam, type Keeping, keepingMismatch, proposalFor, warningOf } from "./keeping.ts";
import { backupsText, basisText, sourceText } from "./retention-words.ts";
import { draftOf, type Draft } from "./state.ts";
import { today } from "./update-by.ts";
import { holdsPart } from "./view-holds.ts";
import { overtakenBox } from "./view-together.ts";
import { deleteForm } from "./view-delete.ts";
import { field } from "./view-fields.ts";
import { dayText, jobBar, problemBox, textArea, type Drawing, type View } from "./view-parts.ts";

const fieldsOf = ({ desk }: Drawing, { listing }: CaseView): Draft["fields"] =>
  draftOf(desk.state, listing.caseId).fields;

function reasonField(drawing: Drawing, view: CaseView, id: string, label: string): View {
  const fields = fieldsOf(drawing, view);
  return textArea(drawing, {
    id,
    label,
    hint: drawing.t("retention:hold.reasonHint"),
    rows: 2,
    value: fields[id] ?? "",
    take: (text) => (fields[id] = text),
  });
}

/** Whether somebody else decided it since these fields were typed in. */
function othersFirst(drawing: Drawing, view: CaseView, ids: string[]): View {
  const fields = fieldsOf(drawing, view);
  const drop = (): void => {
    for (const id of ids) delete fields[id];
  };
  const begun = ids.some((id) => (fields[id] ?? "") !== "");
  return overtakenBox(drawing, { thing: "retain", begun, drop, focus: ids.map((id) => `#${id}`) });
}

/** What was typed while it was being written stays. */
function forget(fields: Draft["fields"], written: Record<string, string>): void {
  for (const [id, value] of Object.entries(written)) if (fields[id] === value) delete fields[id];
}

function dateNow(drawing: Drawing, { listing }: CaseView): View {
  const { t, lang } = drawing;
  const { deleteOn, hold } = listing;
  const going = goingDay(listing);
  if (deleteOn === null || going === null) return html`<p class="govuk-body">${t("retention:date.none")}</p>`;
  return html`<p class="govuk-body">
      <strong>${t(hold ? "retention:date.setHeld" : "retention:date.set", { day: dayText(lang, deleteOn) })}</strong>
      ${hold ? nothing : backupsText(drawing, going, "dated")}
    </p>
    ${
      going === deleteOn
        ? nothing
        : html`<p class="govuk-body" id="heard-since">${t("retention:date.heard", { day: dayText(lang, going) })}</p>`
    }
    ${hold ? html`<div class="th-notice"><p class="govuk-body">${t("retention:date.held")}</p></div>` : nothing}`;
}

function proposalBox(drawing: Drawing, view: CaseView, { deleteOn, row }: Proposal): View {
  const { t, lang, desk } = drawing;
  const day = dayText(lang, deleteOn);
  const isOver = deleteOn <= today();
  const use = (): void => {
    fieldsOf(drawing, view)["delete-on"] = deleteOn;
    desk.redraw();
    document.getElementById("delete-on")?.focus();
  };
  return html`<div class="govuk-inset-text" id="proposal">
    <p class="govuk-body">
      <strong>${t(isOver ? "retention:date.over" : "retention:date.proposal", { day })}</strong>
      ${row === null ? nothing : html`(${t("retention:months", { count: row.months })})`}
    </p>
    ${
      row === null
        ? html`<p class="govuk-body">${t("queue:spam.kept", { count: spamDays, day })}</p>`
        : html`<p class="govuk-body"><bdi>${basisText(t, row)}</bdi></p>
            <p class="govuk-body-s th-quiet">${sourceText(t, row)} ${t("retention:notLegalAdvice")}</p>`
    }
    ${
      isOver
        ? nothing
        : html`<button type="button" class="th-link-button" @click=${use}>${t("retention:date.use")}</button>`
    }
  </div>`;
}

/** `shown`: what stands in the field until somebody types there. */
async function saveDate(drawing: Drawing, view: CaseView, shown: string): Promise<void> {
  const fields = fieldsOf(drawing, view);
  const deleteOn = fields["delete-on"] ?? shown;
  const reason = fields["delete-on-reason"] ?? "";
  const isDay = dayOf(deleteOn) !== null && deleteOn > today();
  const isTooEarly = isDay && deleteOn < (keptAsSpam(view) ?? deleteOn);
  const missing = {
    "delete-on": isTooEarly ? "queue:spam.tooEarly" : !isDay && "retention:missing.day",
    "delete-on-reason": reason.trim() === "" && "retention:missing.reason",
  };
  if (!complete(drawing, missing)) return;
  if (await drawing.desk.act("keep", "retention:done.dated", { act: "retain", deleteOn, reason }, { deleteOn }))
    forget(fields, { "delete-on": deleteOn, "delete-on-reason": reason });
  drawing.desk.redraw();
}

async function takeBack(drawing: Drawing, view: CaseView): Promise<void> {
  const fields = fieldsOf(drawing, view);
  const reason = fields["delete-on-reason"] ?? "";
  if (!complete(drawing, { "delete-on-reason": reason.trim() === "" && "retention:missing.reason" })) return;
  const draft = { act: "retain", deleteOn: null, reason } as const;
  if (await drawing.desk.act("keep", "retention:done.undated", draft, { deleteOn: null }))
    forget(fields, { "delete-on-reason": reason });
  drawing.desk.redraw();
}

function dateForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const proposal = proposalFor(view, desk.retention);
  const title = html`<h3 class="govuk-heading-m">${t("retention:date.title")}</h3>`;
  if (proposal === null)
    return html`<section class="th-card">
      ${title}
      <p class="govuk-body govuk-!-margin-bottom-0">${t("retention:date.open")}</p>
    </section>`;
  const { deleteOn } = view.listing;
  const proposed = proposal.deleteOn > today() ? proposal.deleteOn : "";
  const shown = deleteOn ?? proposed;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void saveDate(drawing, view, shown);
  };
  return html`<form class="th-card" novalidate id="date-form" @submit=${submit}>
    ${title} ${problemBox(drawing, "keep")} ${othersFirst(drawing, view, ["delete-on", "delete-on-reason"])}
    ${dateNow(drawing, view)} ${proposalBox(drawing, view, proposal)}
    ${field(drawing, {
      id: "delete-on",
      type: "date",
      label: t("retention:date.new"),
      hint: t("retention:date.newHint"),
      value: fieldsOf(drawing, view)["delete-on"] ?? shown,
    })}
    ${reasonField(drawing, view, "delete-on-reason", t("retention:date.reason"))}
    <p class="govuk-body">${t("retention:date.reopen")}</p>
    ${jobBar(drawing, "keep")}
    <div class="govuk-button-group govuk-!-margin-bottom-0">
      <button class="govuk-button" ?disabled=${desk.state.job !== null}>${t("retention:date.save")}</button>
      ${
        deleteOn === null
          ? nothing
          : html`<button
              type="button"
              class="govuk-button govuk-button--secondary"
              ?disabled=${desk.state.job !== null}
              @click=${() => void takeBack(drawing, view)}
            >
              ${t("retention:date.takeBack")}
            </button>`
      }
    </div>
  </form>`;
}

export function keepTab(drawing: Drawing, view: CaseView): View {
  return html`${holdsPart(drawing, view)} ${dateForm(drawing, view)} ${deleteForm(drawing, view)}`;
}

/** That a case is about to go, or that a hold keeps it; for the list and the head of the case. */
export function keepingChip({ t, lang }: Drawing, listing: CaseListing): View {
  const warning = warningOf(listing);
  const going = goingDay(listing);
  if (warning === null || going === null) return nothing;
  const looks = warning === "today" || warning === "soon" ? "th-chip--late" : "th-chip--soon";
  const day = dayText(lang, going);
  return html`<span class="th-chip ${looks}" data-keeping=${warning}
    >${t(`retention:warning.${warning}`, { day })}</span
  >`;
}

function keepingText({ t, lang }: Drawing, { deleteOn, hold }: Keeping): string {
  const date =
    deleteOn === null ? t("retention:state.never") : t("retention:state.on", { day: dayText(lang, deleteOn) });
  return [t(hold ? "retention:state.held" : "retention:state.free"), date].join(", ");
}

/** Above the parts of an open case, whichever is shown. */
export function keepingNotice(drawing: Drawing, view: CaseView): View {
  const { t, lang } = drawing;
  const { listing } = view;
  const signed = keepingMismatch(view);
  const warning = warningOf(listing);
  const day = listing.deleteOn === null ? "" : dayText(lang, listing.deleteOn);
  return html`${
    signed === null
      ? nothing
      : html`<div class="th-notice" role="alert" data-keeping-mismatch>
          <p class="govuk-body govuk-!-margin-bottom-0">
            ${t("retention:mismatch", { signed: keepingText(drawing, signed), server: keepingText(drawing, listing) })}
          </p>
        </div>`
  }
  ${
    warning === null
      ? nothing
      : html`<div class="th-notice" role="note" data-keeping-notice=${warning}>
          <p class="govuk-body govuk-!-margin-bottom-0">${t(`retention:notice.${warning}`, { day })}</p>
        </div>`
  }`;
}

/** Above the desk: that the case is gone, and from when that is true everywhere. */
export function goneNotice(drawing: Drawing): View {
  const { t, desk, lang } = drawing;
  const { deleted } = desk.state;
  if (deleted === null) return nothing;
  const last = deletedEverywhere(dayOf(deleted.on)!, desk.keyringBackupDays);
  return html`<div class="th-notice th-notice--wide" role="note" id="deleted-case">
    <p class="govuk-body">
      <strong>${t("retention:gone.title", { name: deleted.name, day: dayText(lang, deleted.on) })}</strong>
    </p>
    <p class="govuk-body govuk-!-margin-bottom-0">
      ${
        last === null
          ? t("retention:everywhere.none")
          : t("retention:gone.until", { day: dayText(lang, textOfDay(last)) })
      }
    </p>
  </div>`;
}
