/** What is due: in words, in colour, and as a text to take along. */
import { html, nothing } from "lit/html.js";
import { dayText, type View } from "../view-parts.ts";
import type { PersonView } from "./notice-desk.ts";
import { button, type Shown } from "./parts.ts";

const mostShown = 50;

const needy = ({ view }: Shown): PersonView[] =>
  view.people
    .filter(({ reminders }) => reminders.length > 0)
    .sort((a, b) => (a.reminders[0]!.due < b.reminders[0]!.due ? -1 : 1));

export function remindersView(shown: Shown): View {
  const { t, notice } = shown;
  const people = needy(shown);
  const all = people.flatMap(({ reminders }) => reminders);
  const counts = (["late", "soon"] as const).map(
    (when) => [when, all.filter((each) => each.when === when).length] as const,
  );
  return html`<section class="th-card" aria-labelledby="reminders-title">
    <h2 class="govuk-heading-m" id="reminders-title">${t("noticedesk:reminders.title")}</h2>
    ${
      all.length === 0
        ? html`<p class="govuk-body">${t("noticedesk:reminders.none")}</p>`
        : html`<p class="th-chips">
              ${counts.map(([when, count]) =>
                count === 0
                  ? nothing
                  : html`<span class="th-chip th-chip--${when}">${t(`noticedesk:reminders.${when}`, { count })}</span>`,
              )}
            </p>
            <ul class="govuk-list" id="reminders">
              ${people.slice(0, mostShown).map((person) => personItem(shown, person))}
            </ul>
            ${
              people.length <= mostShown
                ? nothing
                : html`<p class="govuk-hint">
                    ${t("noticedesk:reminders.more", { shown: mostShown, count: people.length })}
                  </p>`
            }
            <div class="th-small-buttons">
              ${button(shown, {
                id: "reminders-choose",
                label: t("noticedesk:reminders.choose"),
                act: () => {
                  notice.state.chosen = new Set(people.map(({ id }) => id));
                  notice.redraw();
                },
                look: "small",
              })}
              ${button(shown, {
                id: "reminders-download",
                label: t("noticedesk:reminders.download"),
                act: () => notice.saveText(reminderText(shown), t("noticedesk:reminders.file")),
                look: "small",
              })}
            </div>`
    }
  </section>`;
}

function personItem({ t, lang }: Shown, { ref, reminders }: PersonView): View {
  return html`<li class="govuk-!-margin-bottom-2">
    <strong><bdi>${ref}</bdi></strong>
    ${reminders.map(
      ({ kind, when, due }) =>
        html`<span class="th-block"
          >${t(`noticedesk:reminders.${kind}`)}
          <span class="th-chip th-chip--${when}"
            >${t(when === "late" ? "noticedesk:reminders.late-day" : "noticedesk:reminders.soon-day", { day: dayText(lang, due) })}</span
          ></span
        >`,
    )}
  </li>`;
}

/** One line for each person and thing; on top what can be sent to them as it is. */
function reminderText(shown: Shown): string {
  const { t, view } = shown;
  const lines = needy(shown).flatMap(({ ref, reminders }) =>
    reminders.map(({ kind, when, due }) => {
      const by = t(when === "late" ? "noticedesk:reminders.late-day" : "noticedesk:reminders.soon-day", { day: due });
      return `${ref}: ${t(`noticedesk:reminders.${kind}`)}. ${by}.`;
    }),
  );
  const address = `${view.address}/notice/letter`;
  return `${[t("noticedesk:reminders.letterFirst", { address }), "", ...lines].join("\r\n")}\r\n`;
}
