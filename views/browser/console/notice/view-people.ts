/** Who was given the notice: the list, what is written down about the chosen ones, and the list as a file. */
import { html, nothing } from "lit/html.js";
import { dayText, type View } from "../view-parts.ts";
import type { PersonView } from "./notice-desk.ts";
import { button, field, table, versionField, type Shown } from "./parts.ts";

const mostShown = 200;

function found({ view, notice }: Shown): PersonView[] {
  const { find, onlyNeedy } = notice.state;
  const wanted = find.trim().toLowerCase();
  return view.people.filter(
    ({ ref, reminders }) => ref.toLowerCase().includes(wanted) && (!onlyNeedy || reminders.length > 0),
  );
}

export function peopleView(shown: Shown): View {
  const { t, view } = shown;
  return html`<section class="th-card" aria-labelledby="people-title">
    <h2 class="govuk-heading-m" id="people-title">${t("noticedesk:people.title")}</h2>
    ${
      view.people.length === 0
        ? html`<p class="govuk-body">${t("noticedesk:people.none")}</p>`
        : html`${filterView(shown)} ${listView(shown)} ${recordView(shown)}`
    }
    ${addView(shown)} ${fileView(shown)}
  </section>`;
}

function filterView({ t, notice }: Shown): View {
  const { state } = notice;
  return html`<div class="govuk-form-group">
      <label class="govuk-label" for="people-find">${t("noticedesk:people.find")}</label>
      <input
        class="govuk-input govuk-input--width-20"
        id="people-find"
        type="search"
        dir="auto"
        autocomplete="off"
        .value=${state.find}
        @input=${(event: InputEvent) => {
          state.find = (event.target as HTMLInputElement).value;
          notice.redraw();
        }}
      />
    </div>
    ${checkbox("people-only", t("noticedesk:people.only"), state.onlyNeedy, (checked) => {
      state.onlyNeedy = checked;
      notice.redraw();
    })}`;
}

function checkbox(id: string, label: string, checked: boolean, take: (checked: boolean) => void, hidden = false): View {
  return html`<div class="govuk-checkboxes govuk-checkboxes--small">
    <div class="govuk-checkboxes__item">
      <input
        class="govuk-checkboxes__input"
        type="checkbox"
        id=${id}
        .checked=${checked}
        @change=${(event: Event) => take((event.target as HTMLInputElement).checked)}
      />
      <label class="govuk-label govuk-checkboxes__label" for=${id}
        >${hidden ? html`<span class="govuk-visually-hidden">${label}</span>` : label}</label
      >
    </div>
  </div>`;
}

function listView(shown: Shown): View {
  const { t, notice } = shown;
  const people = found(shown);
  const rows = people.slice(0, mostShown);
  const { chosen } = notice.state;
  const heads = ["choose", "name", "since", "where", "last", "needs", "more"];
  return html`${table(
    t("noticedesk:people.table"),
    heads.map((head) => t(`noticedesk:people.${head}`)),
    rows.map((person) => rowOf(shown, person)),
  )}
  ${
    people.length <= rows.length
      ? nothing
      : html`<p class="govuk-hint">${t("noticedesk:people.shown", { shown: rows.length, count: people.length })}</p>`
  }
  ${checkbox(
    "people-all",
    t("noticedesk:people.chooseAll"),
    rows.length > 0 && rows.every(({ id }) => chosen.has(id)),
    (all) => {
      for (const { id } of rows)
        if (all) chosen.add(id);
        else chosen.delete(id);
      notice.redraw();
    },
  )}`;
}

function rowOf(shown: Shown, person: PersonView) {
  const { t, lang, notice } = shown;
  const { id, ref, since, remote, removedOn, notices, reminders } = person;
  const last = notices.at(-1);
  const choose = (checked: boolean): void => {
    if (checked) notice.state.chosen.add(id);
    else notice.state.chosen.delete(id);
    notice.redraw();
  };
  return html`<tr class="govuk-table__row" data-person=${ref}>
    <td class="govuk-table__cell">
      ${checkbox(`choose-${id}`, t("noticedesk:people.chooseOne", { name: ref }), notice.state.chosen.has(id), choose, true)}
    </td>
    <th scope="row" class="govuk-table__header">
      <bdi>${ref}</bdi>
      ${removedOn === null ? nothing : html`<span class="th-chip th-block">${t("noticedesk:people.left", { day: dayText(lang, removedOn) })}</span>`}
    </th>
    <td class="govuk-table__cell">${since === null ? nothing : dayText(lang, since)}</td>
    <td class="govuk-table__cell">${t(remote ? "noticedesk:people.remote" : "noticedesk:people.here")}</td>
    <td class="govuk-table__cell">
      ${
        last === undefined
          ? nothing
          : html`${t("noticedesk:people.lastSent", { version: last.version, day: dayText(lang, last.sentOn) })}
              <span class="th-chip th-block ${last.acknowledgedOn === null ? "th-chip--soon" : "th-chip--calm"}"
                >${last.acknowledgedOn === null ? t("noticedesk:people.unconfirmed") : t("noticedesk:people.confirmed", { day: dayText(lang, last.acknowledgedOn) })}</span
              >`
      }
    </td>
    <td class="govuk-table__cell">
      ${reminders.map(
        ({ kind, when }) =>
          html`<span class="th-chip th-block th-chip--${when}">${t(`noticedesk:reminders.${kind}`)}</span>`,
      )}
    </td>
    <td class="govuk-table__cell">${moreView(shown, person)}</td>
  </tr>`;
}

function moreView(shown: Shown, person: PersonView): View {
  const { t, notice } = shown;
  const { ref, removedOn } = person;
  const isErasing = notice.state.erasing === person.id;
  return html`<details class="govuk-details govuk-!-margin-bottom-0">
    <summary class="govuk-details__summary" aria-label=${t("noticedesk:people.moreOf", { name: ref })}>
      <span class="govuk-details__summary-text">${t("noticedesk:people.more")}</span>
    </summary>
    <div class="th-small-buttons">
      ${button(shown, {
        label: t(removedOn === null ? "noticedesk:people.leave" : "noticedesk:people.back"),
        act: () => notice.setCovered(person, removedOn !== null),
        look: "small",
      })}
      ${button(shown, {
        label: t(isErasing ? "noticedesk:people.eraseSure" : "noticedesk:people.erase"),
        act: () => notice.erase(person),
        look: isErasing ? "warning" : "small",
      })}
    </div>
    ${isErasing ? html`<p class="govuk-hint" role="status">${t("noticedesk:people.eraseHint")}</p>` : nothing}
  </details>`;
}

function recordView(shown: Shown): View {
  const { t, notice, view } = shown;
  const count = notice.state.chosen.size;
  const missing = notice.state.missing["record-sent"];
  return html`<fieldset class="govuk-fieldset th-card" aria-describedby="record-count">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("noticedesk:people.record")}</legend>
    <p class="govuk-body" id="record-count" role="status">${t("noticedesk:people.chosen", { count })}</p>
    ${versionField(shown, "record-version", t("noticedesk:people.which"))}
    ${field(shown, { id: "record-on", label: t("noticedesk:people.on"), type: "date", value: view.today })}
    ${missing === undefined ? nothing : html`<p class="govuk-error-message" role="alert">${t(missing)}</p>`}
    <div class="th-small-buttons">
      ${button(shown, { id: "record-sent", label: t("noticedesk:people.sent"), act: () => notice.record("sent") })}
      ${button(shown, {
        id: "record-acknowledged",
        label: t("noticedesk:people.acknowledged"),
        act: () => notice.record("acknowledged"),
      })}
    </div>
  </fieldset>`;
}

function addView(shown: Shown): View {
  const { t, notice } = shown;
  const { fields } = notice.state;
  return html`<fieldset class="govuk-fieldset th-card">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("noticedesk:people.add")}</legend>
    ${field(shown, { id: "person-name", label: t("noticedesk:people.name"), type: "text" })}
    ${field(shown, {
      id: "person-since",
      label: t("noticedesk:people.since"),
      type: "date",
      hint: t("noticedesk:people.sinceHint"),
    })}
    ${checkbox("person-remote", t("noticedesk:people.remoteLabel"), fields["person-remote"] === "yes", (checked) => {
      fields["person-remote"] = checked ? "yes" : "";
      notice.redraw();
    })}
    ${button(shown, { id: "person-add", label: t("noticedesk:people.addButton"), act: () => notice.addPerson() })}
  </fieldset>`;
}

function fileView(shown: Shown): View {
  const { t, notice } = shown;
  return html`<fieldset class="govuk-fieldset th-card govuk-!-margin-bottom-0">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("noticedesk:people.file")}</legend>
    <div class="govuk-form-group">
      <label class="govuk-label" for="people-file">${t("noticedesk:people.import")}</label>
      <div class="govuk-hint" id="people-file-hint">${t("noticedesk:people.importHint")}</div>
      <input
        class="govuk-file-upload"
        type="file"
        id="people-file"
        accept=".csv,text/csv"
        aria-describedby="people-file-hint"
        ?disabled=${notice.state.busy}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          const file = input.files?.[0];
          if (file !== undefined) void notice.importPeople(file);
          input.value = "";
        }}
      />
    </div>
    <div class="th-small-buttons">
      ${button(shown, {
        id: "people-export",
        label: t("noticedesk:people.export"),
        act: () => notice.download("people.csv"),
        look: "small",
      })}
      ${button(shown, {
        id: "acknowledgements-export",
        label: t("noticedesk:people.exportAcknowledged"),
        act: () => notice.download("acknowledgements.csv"),
        look: "small",
      })}
    </div>
  </fieldset>`;
}
