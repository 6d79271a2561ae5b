/** The charter page's decisions: which roles get reports, the channels and their readers, settings. */
import { html, nothing } from "lit/html.js";
import type { Desk } from "./charter-desk.ts";
import { freshChannelId, isOnPaper, mayRead, peopleOf, readingRoles, refName, type ChannelDraft } from "./draft.ts";
import { selectField, textField, ticks } from "./fields.ts";
import type { View } from "./screen.ts";

function toggle<T>(set: Set<T>, value: T, on: boolean): void {
  if (on) set.add(value);
  else set.delete(value);
}

/** Those we have words for first; of one that an operator removed, that it is gone. */
function questionnaireChoices(
  { screen: { t }, questionnaires }: Desk,
  chosen: string,
): { value: string; label: string }[] {
  const known = ["sb53", "general", "eu"];
  const own = questionnaires.filter((id) => !known.includes(id));
  const gone = [...known, ...questionnaires].includes(chosen) ? [] : [chosen];
  return [
    ...known.map((value) => ({ value, label: t(`setup:channels.questionnaire.${value}`) })),
    ...own.map((value) => ({ value, label: t("setup:channels.ownQuestions", { id: value }) })),
    ...gone.map((value) => ({ value, label: t("setup:channels.goneQuestions", { id: value }) })),
  ];
}

function channelView(desk: Desk, channel: ChannelDraft): View {
  const { t } = desk.screen;
  const { draft } = desk;
  const people = peopleOf(draft, desk.view);
  const readers = people.filter((person) => mayRead(draft, person) && !isOnPaper(person));
  const paper = people.filter(isOnPaper);
  const remove = (): void => {
    draft.channels = draft.channels.filter((each) => each !== channel);
    desk.changed();
  };
  return html`<div class="th-inset-form" role="group" aria-label=${channel.name}>
    ${textField({
      id: `${channel.id}-name`,
      label: t("setup:channels.name"),
      hint: t("setup:channels.nameHint"),
      value: channel.name,
      maxLength: 120,
      faults: desk.faults,
      onInput: (value) => {
        channel.name = value;
        desk.changed();
      },
    })}
    ${selectField({
      id: `${channel.id}-questions`,
      label: t("setup:channels.questions"),
      faults: [],
      value: channel.questionnaire,
      choices: questionnaireChoices(desk, channel.questionnaire),
      onChange: (value) => {
        channel.questionnaire = value;
        desk.changed();
      },
    })}
    ${
      readers.length === 0
        ? html`<p class="govuk-body">${t("setup:channels.nobody")}</p>`
        : ticks(
            t("setup:channels.readers"),
            t("setup:channels.readersHint"),
            readers.map((person) => ({
              id: `${channel.id}-${refName(person.ref)}`,
              label: person.name,
              hint: person.title,
              checked: channel.readers.has(refName(person.ref)),
              onChange: (checked: boolean) => {
                toggle(channel.readers, refName(person.ref), checked);
                desk.changed();
              },
            })),
          )
    }
    ${
      paper.length === 0
        ? nothing
        : html`<p class="govuk-body">
            ${t("setup:channels.paper", { name: paper.map(({ name }) => name).join(", ") })}
          </p>`
    }
    ${
      draft.channels.length < 2
        ? nothing
        : html`<button type="button" class="govuk-button govuk-button--secondary th-small" @click=${remove}>
            ${t("setup:channels.remove")} <span class="govuk-visually-hidden">${channel.name}</span>
          </button>`
    }
  </div>`;
}

export function readersView(desk: Desk): View {
  const { t } = desk.screen;
  const { draft } = desk;
  const add = (): void => {
    const name = t("setup:channels.outside");
    draft.channels.push({ id: freshChannelId(draft), name, questionnaire: "general", readers: new Set() });
    desk.changed();
  };
  return html`<section class="th-card" aria-labelledby="readers">
      <h2 class="govuk-heading-m" id="readers">${t("setup:recipients.title")}</h2>
      ${ticks(
        t("setup:recipients.legend"),
        t("setup:recipients.hint"),
        readingRoles.map((role) => ({
          id: `recipient-${role}`,
          label: t(`setup:roles.${role}.name`),
          checked: draft.recipientRoles.has(role),
          onChange: (checked) => {
            toggle(draft.recipientRoles, role, checked);
            desk.changed();
          },
        })),
      )}
      <h3 class="govuk-heading-s">${t("setup:channels.title")}</h3>
      <p class="govuk-body">${t("setup:channels.lead")}</p>
      ${draft.channels.map((channel) => channelView(desk, channel))}
      <button type="button" class="govuk-button govuk-button--secondary" @click=${add}>
        ${t("setup:channels.add")}
      </button>
    </section>
    <section class="th-card" aria-labelledby="settings">
      <h2 class="govuk-heading-m" id="settings">${t("setup:settings.title")}</h2>
      ${textField({
        id: "organisation",
        label: t("setup:real.organisation"),
        hint: t("setup:real.organisationHint"),
        value: draft.organisation,
        faults: desk.faults,
        onInput: (value) => {
          draft.organisation = value;
          desk.changed();
        },
      })}
      ${ticks(t("setup:settings.assisted"), t("setup:settings.assistedHint"), [
        {
          id: "assisted",
          label: t("setup:settings.assistedOn"),
          checked: draft.assisted,
          onChange: (checked) => {
            draft.assisted = checked;
            desk.changed();
          },
        },
      ])}
      ${ticks(t("setup:settings.approval"), t("setup:settings.approvalHint"), [
        {
          id: "approval",
          label: t("setup:settings.approvalOn"),
          checked: draft.approval,
          onChange: (checked) => {
            draft.approval = checked;
            desk.changed();
          },
        },
      ])}
    </section>`;
}
