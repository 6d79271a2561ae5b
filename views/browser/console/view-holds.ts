/** Holds on a case, one for each matter: put on, told to others by a notice, released. */
import { repeat } from "lit/directives/repeat.js";
import { html, nothing } from "lit/html.js";
import { dayOf } from "../../../data/policy/update-date.ts";
import type { CaseView, PersonView } from "../client/case-view.ts";
import { holdsOf, type Hold } from "../client/holds.ts";
import { complete } from "./casework/form.ts";
import { saveHoldNotice } from "./hold-notice.ts";
import { goingDay } from "./keeping.ts";
import { newId } from "./new-id.ts";
import { today } from "./update-by.ts";
import { field, openIf, select } from "./view-fields.ts";
import { dayText, jobBar, problemBox, textArea, theDraft, type Drawing, type View } from "./view-parts.ts";
import { overtakenBox } from "./view-together.ts";

const longestMatter = 200; // characters, as crypto/team-content.ts takes them
const longestScope = 5000;

type Shown = Hold<PersonView | null>;

/** In element ids. */
const keyOf = ({ id }: Shown): string => id ?? "first";
const thingOfHold = ({ id }: Shown): string => (id === null ? "hold" : `hold ${id}`);

function area(drawing: Drawing, id: string, label: string, hint: string, rows: number): View {
  const { fields } = theDraft(drawing);
  return textArea(drawing, { id, label, hint, rows, value: fields[id] ?? "", take: (text) => (fields[id] = text) });
}

/** What was typed while it was being written stays. */
function forget(fields: Record<string, string>, written: Record<string, string>): void {
  for (const [id, value] of Object.entries(written)) if (fields[id] === value) delete fields[id];
}

async function putOn(drawing: Drawing): Promise<void> {
  const { fields } = theDraft(drawing);
  const typed = {
    "hold-matter": fields["hold-matter"] ?? "",
    "hold-scope": fields["hold-scope"] ?? "",
    "hold-from": fields["hold-from"] ?? today(),
    "hold-reason": fields["hold-reason"] ?? "",
  };
  const [matter, scope] = [typed["hold-matter"].trim(), typed["hold-scope"].trim()];
  const missing = {
    "hold-matter":
      matter === "" ? "retention:missing.matter" : matter.length > longestMatter && "retention:missing.matterLong",
    "hold-scope": scope.length > longestScope && "retention:missing.scopeLong",
    "hold-from": dayOf(typed["hold-from"]) === null && "retention:missing.from",
    "hold-reason": typed["hold-reason"].trim() === "" && "retention:missing.reason",
  };
  if (!complete(drawing, missing)) return;
  // The same form kept twice is the same hold.
  const id = (fields["hold-id"] ??= newId());
  const draft = { id, matter, scope, dated: typed["hold-from"], reason: typed["hold-reason"] };
  if (await drawing.desk.act("hold", "retention:done.held", { act: "hold", on: true, ...draft }))
    forget(fields, { ...typed, "hold-id": id });
  drawing.desk.redraw();
}

function newForm(drawing: Drawing, isFirst: boolean): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void putOn(drawing);
  };
  return html`<form class="th-hold__form" novalidate id="hold-form" @submit=${submit}>
    <h4 class="govuk-heading-s">${t(isFirst ? "retention:hold.new" : "retention:hold.another")}</h4>
    ${field(drawing, {
      id: "hold-matter",
      type: "text",
      label: t("retention:hold.matter"),
      hint: t("retention:hold.matterHint"),
      value: fields["hold-matter"] ?? "",
    })}
    ${area(drawing, "hold-scope", t("retention:hold.scope"), t("retention:hold.scopeHint"), 3)}
    ${field(drawing, {
      id: "hold-from",
      type: "date",
      label: t("retention:hold.from"),
      value: fields["hold-from"] ?? today(),
    })}
    ${area(drawing, "hold-reason", t("retention:hold.reason"), t("retention:hold.reasonHint"), 2)}
    <button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
      ${t("retention:hold.put")}
    </button>
  </form>`;
}

async function release(drawing: Drawing, hold: Shown): Promise<void> {
  const { fields } = theDraft(drawing);
  const [why, on] = [`hold-release-reason-${keyOf(hold)}`, `hold-release-day-${keyOf(hold)}`];
  const reason = fields[why] ?? "";
  const dated = fields[on] ?? today();
  const missing = {
    [on]: (dayOf(dated) === null || dated > today()) && "retention:missing.releaseDay",
    [why]: reason.trim() === "" && "retention:missing.reason",
  };
  if (!complete(drawing, missing)) return;
  // Named again, so that the release says by itself what it is about.
  const { id, matter, scope } = hold;
  const about = id === null ? {} : { id, matter, scope };
  drawing.desk.state.focus = ["#holds-title"];
  if (await drawing.desk.act("hold", "retention:done.lifted", { act: "hold", on: false, ...about, dated, reason }))
    forget(fields, { [why]: reason, [on]: dated });
  drawing.desk.redraw();
}

/** `last`: no other hold is on. */
function releaseForm(drawing: Drawing, view: CaseView, hold: Shown, last: boolean): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const [why, on] = [`hold-release-reason-${keyOf(hold)}`, `hold-release-day-${keyOf(hold)}`];
  const going = goingDay(view.listing);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void release(drawing, hold);
  };
  const drop = (): void => {
    delete fields[why];
    delete fields[on];
  };
  const due = going !== null && going <= today();
  const hint = last ? (due ? "retention:hold.releaseDue" : "retention:hold.releaseLast") : "retention:hold.releaseHint";
  return html`<details class="govuk-details th-hold__part" ?open=${openIf((fields[why] ?? "") !== "")}>
    <summary class="govuk-details__summary" data-release=${keyOf(hold)}>
      <span class="govuk-details__summary-text">
        ${t("retention:hold.release")}<span class="govuk-visually-hidden">: ${titleOf(drawing, hold)}</span>
      </span>
    </summary>
    <form class="govuk-details__text" novalidate @submit=${submit}>
      ${overtakenBox(drawing, {
        thing: thingOfHold(hold),
        begun: (fields[why] ?? "") !== "",
        drop,
        focus: [`#${why}`, "#holds-title"],
      })}
      <p class="govuk-body ${last && due ? "govuk-!-font-weight-bold" : ""}">${t(hint)}</p>
      ${field(drawing, {
        id: on,
        type: "date",
        label: t("retention:hold.releaseDay"),
        value: fields[on] ?? today(),
      })}
      ${area(drawing, why, t("retention:hold.releaseWhy"), t("retention:hold.reasonHint"), 2)}
      <button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
        ${t("retention:hold.release")}
      </button>
    </form>
  </details>`;
}

function noticeForm(drawing: Drawing, view: CaseView, hold: Shown): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const [to, paper] = [`hold-notice-to-${keyOf(hold)}`, `hold-notice-paper-${keyOf(hold)}`];
  const chosen = fields[paper] === "letter" ? "letter" : "a4";
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { name: caseName } = view.listing;
    const recipients = (fields[to] ?? "").trim();
    const organisation = desk.state.me?.organisation ?? "";
    void saveHoldNotice(drawing, { organisation, caseName, hold, recipients, day: today(), paper: chosen });
  };
  return html`<details class="govuk-details th-hold__part">
    <summary class="govuk-details__summary" data-notice=${keyOf(hold)}>
      <span class="govuk-details__summary-text">
        ${t("retention:holdNotice.title")}<span class="govuk-visually-hidden">: ${titleOf(drawing, hold)}</span>
      </span>
    </summary>
    <form class="govuk-details__text" novalidate @submit=${submit}>
      <p class="govuk-body">${t("retention:holdNotice.lead")}</p>
      <p class="govuk-body"><strong>${t("retention:holdNotice.review")}</strong></p>
      ${area(drawing, to, t("retention:holdNotice.to"), t("retention:holdNotice.toHint"), 3)}
      ${select(drawing, {
        id: paper,
        label: t("retention:holdNotice.paper"),
        value: chosen,
        options: (["a4", "letter"] as const).map((value) => ({ value, label: t(`retention:holdNotice.${value}`) })),
        take: (value) => (fields[paper] = value),
      })}
      <button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
        ${t("retention:holdNotice.save")}
      </button>
    </form>
  </details>`;
}

const titleOf = ({ t }: Drawing, { matter }: Shown): string => (matter === "" ? t("retention:hold.noMatter") : matter);

function told({ t, lang }: Drawing, key: string, by: PersonView | null, day: string | null): string {
  const name = by?.name ?? "";
  return day === null
    ? t(`retention:hold.${key}Undated`, { name })
    : t(`retention:hold.${key}`, { name, day: dayText(lang, day) });
}

function facts(drawing: Drawing, hold: Shown): View {
  const { t } = drawing;
  const { scope, reason, by, from, released } = hold;
  return html`<h4 class="govuk-heading-s govuk-!-margin-bottom-1" dir="auto">${titleOf(drawing, hold)}</h4>
    <p class="govuk-body-s th-quiet govuk-!-margin-bottom-1">${told(drawing, "since", by, from)}</p>
    ${
      scope === ""
        ? nothing
        : html`<div class="th-written govuk-body-s">${t("retention:hold.besides", { scope })}</div>`
    }
    <div class="th-written govuk-body-s">${t("retention:hold.why", { reason })}</div>
    ${
      released === null
        ? nothing
        : html`<p class="govuk-body-s th-quiet govuk-!-margin-bottom-1">
              ${told(drawing, "releasedBy", released.by, released.on)}
            </p>
            <div class="th-written govuk-body-s">${t("retention:hold.why", { reason: released.reason })}</div>`
    }`;
}

/** Somebody typed why they release it, and another did so meanwhile. */
const isTyping = (drawing: Drawing, hold: Shown): boolean =>
  (theDraft(drawing).fields[`hold-release-reason-${keyOf(hold)}`] ?? "") !== "";

export function holdsPart(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const holds = holdsOf(view.team.entries);
  const on = holds.filter((hold) => hold.released === null);
  const shown = holds.filter((hold) => hold.released === null || isTyping(drawing, hold));
  const over = holds.filter((hold) => !shown.includes(hold));
  return html`<section class="th-card" id="holds" aria-labelledby="holds-title">
    <h3 class="govuk-heading-m" id="holds-title" tabindex="-1">${t("retention:hold.title")}</h3>
    ${problemBox(drawing, "hold")} ${jobBar(drawing, "hold")}
    <p class="govuk-body govuk-!-font-weight-bold">
      ${t(view.listing.hold ? "retention:hold.on" : "retention:hold.off")}
    </p>
    <p class="govuk-body">${t("retention:hold.does")}</p>
    <p class="govuk-body">${t("retention:hold.only")}</p>
    ${
      shown.length === 0
        ? nothing
        : html`<ul class="th-holds">
            ${repeat(
              shown,
              // What is unfolded stays with its hold.
              keyOf,
              (hold) =>
                html`<li class="th-hold" data-hold=${keyOf(hold)}>
                  ${facts(drawing, hold)} ${noticeForm(drawing, view, hold)}
                  ${releaseForm(drawing, view, hold, on.length === 1)}
                </li>`,
            )}
          </ul>`
    }
    ${
      over.length === 0
        ? nothing
        : html`<details class="govuk-details">
            <summary class="govuk-details__summary">
              <span class="govuk-details__summary-text">${t("retention:hold.releasedTitle")} (${over.length})</span>
            </summary>
            <ul class="th-holds govuk-details__text">
              ${over.map((hold) => html`<li class="th-hold" data-released=${keyOf(hold)}>${facts(drawing, hold)}</li>`)}
            </ul>
          </details>`
    }
    ${newForm(drawing, holds.length === 0)}
  </section>`;
}
