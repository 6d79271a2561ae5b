/** The screen "Take a report": somebody phoned, wrote a letter or came, and a recipient writes down what they said. */
import { html, nothing } from "lit/html.js";
import { waysTaken } from "../../../../crypto/content.ts";
import { ownToday } from "../own-time.ts";
import { safeFileName } from "../../file-names.ts";
import { fileChoice, select, tickBox } from "../view-fields.ts";
import { describedBy, jobBar, missingText, problemBox, type Drawing, type View } from "../view-parts.ts";
import { channelOf, dayOf, isSpare, languageOf, readersNow, type TakingState } from "./taking.ts";
import type { TakingForm, TakingMember } from "./taken-api.ts";
import { questionsView } from "./view-questions.ts";
import { receiptView } from "./view-receipt.ts";

export function takenView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { taking, job } = desk.state;
  if (taking.receipt !== null) return receiptView(drawing, taking.receipt);
  const again = html`<button type="button" class="govuk-button" @click=${() => void desk.taken.load()}>
    ${t("taken:again")}
  </button>`;
  return html`<div class="th-taken">
    <h1 class="govuk-heading-l" id="taken-title" tabindex="-1">${t("taken:title")}</h1>
    ${notices(drawing, taking)}
    ${
      taking.form === null
        ? html`${problemBox(drawing, "taken")} ${jobBar(drawing, "taken")} ${job === null ? again : nothing}`
        : formView(drawing, taking.form)
    }
  </div>`;
}

/** On every other screen: words wait to be handed over, or went with the lock. */
export function takenNotice({ t, desk }: Drawing): View {
  const { taking, screen } = desk.state;
  const waits = taking.receipt !== null;
  if (screen === "taken" || (!waits && taking.lost !== "untold")) return nothing;
  return html`<div class="th-notice th-notice--wide" id="taken-waits" role="alert">
    <p class="govuk-body">${t(waits ? "taken:receipt.title" : "taken:lost")}</p>
    <button
      type="button"
      class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0"
      @click=${() => void desk.show("taken")}
    >
      ${t("console:screen.taken")}
    </button>
  </div>`;
}

const notice = (text: string, id: string): View =>
  html`<div class="th-notice" id=${id} tabindex="-1" role="alert"><p class="govuk-body">${text}</p></div>`;

function notices({ t }: Drawing, { lost, unsure, changed, unreadable }: TakingState): View {
  return html`${lost !== "no" ? notice(t("taken:lost"), "taken-lost") : nothing}
  ${unsure === "locked" ? notice(t("taken:unsure.locked"), "taken-unsure") : nothing}
  ${changed ? notice(t("taken:changed"), "readers-changed") : nothing}
  ${unreadable === null ? nothing : notice(t("taken:unreadable", { name: safeFileName(unreadable) }), "taken-unreadable")}`;
}

function formView(drawing: Drawing, form: TakingForm): View {
  const { t, desk } = drawing;
  const { taking, job } = desk.state;
  const channel = channelOf(taking);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.taken.send();
  };
  return html`<p class="govuk-body">${t("taken:lead")}</p>
    <p class="govuk-body">${t("taken:identity")}</p>
    <form novalidate autocomplete="off" @submit=${submit}>
      <section class="th-card" aria-labelledby="came-title">
        <h2 class="govuk-heading-m" id="came-title">${t("taken:came.title")}</h2>
        ${howField(drawing)} ${dayField(drawing)} ${languageField(drawing, form)} ${channelField(drawing, form)}
      </section>
      ${
        channel === null
          ? html`<p class="govuk-body">${t("taken:channelFirst")}</p>`
          : html`<section class="th-card" aria-labelledby="readers-title">
                <h2 class="govuk-heading-m" id="readers-title">${t("taken:readers.title")}</h2>
                ${readersField(drawing, form)}
              </section>
              <section class="th-card" aria-labelledby="questions-title">
                <h2 class="govuk-heading-m" id="questions-title">${t("taken:questions.title")}</h2>
                <p class="govuk-body">${t("taken:questions.lead")}</p>
                ${questionsView(drawing)}
              </section>
              <section class="th-card" aria-labelledby="more-title">
                <h2 class="govuk-heading-m" id="more-title">${t("taken:more.title")}</h2>
                ${fileChoice(drawing, {
                  id: "taken-files",
                  label: t("taken:files.label"),
                  files: taking.draft.files,
                  take: (files) => (taking.draft.files = files),
                })}
                <p class="govuk-hint">${t("taken:files.hint")}</p>
                <div class="govuk-checkboxes govuk-checkboxes--small">
                  ${tickBox(drawing, {
                    id: "taken-urgent",
                    label: t("taken:urgent.label"),
                    hint: t("taken:urgent.hint"),
                    on: taking.draft.urgent,
                    take: (on) => (taking.draft.urgent = on),
                  })}
                </div>
              </section>`
      }
      <p class="govuk-body">${t("taken:before")}</p>
      ${problemBox(drawing, "taken")}
      ${taking.unsure === "here" ? notice(t("taken:unsure.here"), "taken-unsure") : nothing} ${jobBar(drawing, "taken")}
      <button class="govuk-button" id="take" ?disabled=${job !== null}>${t("taken:button")}</button>
    </form>`;
}

interface Radio {
  value: string;
  label: string;
}

function radioGroup(
  drawing: Drawing,
  {
    id,
    legend,
    hint,
    chosen,
    radios,
    take,
  }: Record<"id" | "legend" | "chosen", string> & {
    hint: string;
    radios: readonly Radio[];
    take: (value: string) => void;
  },
): View {
  const { desk } = drawing;
  const wrong = desk.state.missing[id] !== undefined;
  const choose = (value: string): void => {
    take(value);
    delete desk.state.missing[id];
    desk.redraw();
  };
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <fieldset class="govuk-fieldset" aria-describedby=${describedBy(drawing, id, true)}>
      <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${legend}</legend>
      <div class="govuk-hint" id="${id}-hint">${hint}</div>
      ${missingText(drawing, id)}
      <div class="govuk-radios govuk-radios--small">
        ${radios.map(({ value, label }, i) => {
          const own = i === 0 ? id : `${id}-${i + 1}`;
          return html`<div class="govuk-radios__item">
            <input
              class="govuk-radios__input"
              type="radio"
              name=${id}
              id=${own}
              .checked=${chosen === value}
              @change=${() => choose(value)}
            />
            <label class="govuk-label govuk-radios__label" for=${own}>${label}</label>
          </div>`;
        })}
      </div>
    </fieldset>
  </div>`;
}

function howField(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { draft } = desk.state.taking;
  return radioGroup(drawing, {
    id: "how",
    legend: t("taken:how.legend"),
    hint: t("taken:how.hint"),
    chosen: draft.how,
    radios: waysTaken.map((value) => ({ value, label: t(`taken:how.${value}`) })),
    take: (value) => (draft.how = waysTaken.find((each) => each === value) ?? ""),
  });
}

function dayField(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { draft } = desk.state.taking;
  const wrong = desk.state.missing["day"] !== undefined;
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label govuk-label--s" for="day">${t("taken:day.label")}</label>
    <div class="govuk-hint" id="day-hint">${t("taken:day.hint")}</div>
    ${missingText(drawing, "day")}
    <input
      class="govuk-input govuk-input--width-10 ${wrong ? "govuk-input--error" : ""}"
      type="date"
      id="day"
      max=${ownToday()}
      aria-describedby=${describedBy(drawing, "day", true)}
      aria-invalid=${wrong ? "true" : nothing}
      .value=${dayOf(draft)}
      @input=${(event: InputEvent) => (draft.day = (event.target as HTMLInputElement).value)}
    />
  </div>`;
}

function languageField(drawing: Drawing, { languages }: TakingForm): View {
  const { t, desk, lang } = drawing;
  const { taking } = desk.state;
  if (languages.length < 2) return nothing;
  return select(drawing, {
    id: "report-language",
    label: t("taken:language.label"),
    hint: t("taken:language.hint"),
    value: languageOf(taking, lang)?.tag ?? "",
    options: languages.map(({ tag, name }) => ({ value: tag, label: name })),
    take: (tag) => (taking.draft.language = tag),
  });
}

function channelField(drawing: Drawing, { channels }: TakingForm): View {
  const { t, desk } = drawing;
  const { draft } = desk.state.taking;
  if (channels.length < 2) return nothing;
  return radioGroup(drawing, {
    id: "channel",
    legend: t("taken:channel.legend"),
    hint: t("taken:channel.hint"),
    chosen: draft.channel,
    radios: channels.map(({ id, name }) => ({ value: id, label: name })),
    take: (value) => (draft.channel = value),
  });
}

function excludeTick(drawing: Drawing, member: TakingMember): View {
  const { t, desk } = drawing;
  const { taking, me } = desk.state;
  const { draft } = taking;
  const name = member.title === "" ? member.name : `${member.name}, ${member.title}`;
  const label = member.id === me?.id ? t("taken:readers.you", { name }) : name;
  const roles = member.roles.map((role) => t(`console:role.${role}`)).join(", ");
  return tickBox(drawing, {
    id: `exclude-${member.id}`,
    label,
    hint: roles,
    on: draft.excluded.includes(member.id),
    take(on) {
      const rest = draft.excluded.filter((id) => id !== member.id);
      draft.excluded = on ? [...rest, member.id] : rest;
      delete desk.state.missing["exclude"];
    },
  });
}

/** Who must not read it, and, live, who can. */
function readersField(drawing: Drawing, { members }: TakingForm): View {
  const { t, desk } = drawing;
  const { taking, me, missing } = desk.state;
  const readers = channelOf(taking)?.readers ?? [];
  const others = members.filter(({ id }) => readers.every((reader) => reader.id !== id));
  const able = readersNow(taking);
  const people = able.filter((reader) => !isSpare(reader)).length;
  const counted =
    able.length === 0 ? "none" : people === 0 ? "onlySpare" : people < able.length ? "countSpare" : "count";
  const wrong = missing["exclude"] !== undefined;
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}" id="exclude" tabindex="-1">
      <fieldset class="govuk-fieldset" aria-describedby=${describedBy(drawing, "exclude", true)}>
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("taken:readers.legend")}</legend>
        <div class="govuk-hint" id="exclude-hint">${t("taken:readers.hint")}</div>
        ${missingText(drawing, "exclude")}
        <div class="govuk-checkboxes govuk-checkboxes--small">
          ${readers.map((member) => excludeTick(drawing, member))}
        </div>
        ${
          others.length === 0
            ? nothing
            : html`<details class="govuk-details govuk-!-margin-top-4">
                <summary class="govuk-details__summary">
                  <span class="govuk-details__summary-text">${t("taken:readers.others")}</span>
                </summary>
                <div class="govuk-details__text">
                  <div class="govuk-checkboxes govuk-checkboxes--small">
                    ${others.map((member) => excludeTick(drawing, member))}
                  </div>
                </div>
              </details>`
        }
      </fieldset>
    </div>
    ${
      me !== null && taking.draft.excluded.includes(me.id)
        ? html`<div class="th-notice" id="self-excluded" role="alert">
            <p class="govuk-body">${t("taken:readers.selfExcluded")}</p>
          </div>`
        : nothing
    }
    <p class="govuk-body govuk-!-font-weight-bold" role="status">${t(`taken:readers.${counted}`, { count: people })}</p>
    <ul class="govuk-list govuk-list--bullet">
      ${able.map(({ name, title }) => html`<li>${title === "" ? name : `${name}, ${title}`}</li>`)}
    </ul>`;
}
