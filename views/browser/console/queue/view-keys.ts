/** Which keys do what. No dialog: it stands in the page, and the list stays in reach. */
import { html, nothing } from "lit/html.js";
import type { Drawing, View } from "../view-parts.ts";

const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["↓", "↑"], "move"],
  [["j", "k"], "move"],
  [["→", "←"], "within"],
  [["Enter"], "open"],
  [["Esc"], "back"],
  [["x"], "select"],
  [["f"], "find"],
  [["/"], "search"],
  [["[", "]"], "page"],
  [["?"], "keys"],
];

export function keysPanel({ t, desk }: Drawing): View {
  const { queue } = desk.state;
  if (!queue.showKeys) return nothing;
  const { own } = queue;
  const letters = (event: Event): void => {
    const { checked } = event.target as HTMLInputElement;
    void desk.queue.keep({ ...own, letters: checked }, checked ? "queue:keys.lettersOn" : "queue:keys.lettersOff");
  };
  return html`<section class="th-card th-keys" id="queue-keys" aria-labelledby="keys-title">
    <h3 class="govuk-heading-s" id="keys-title">${t("queue:keys.title")}</h3>
    <dl class="th-keys__list">
      ${keys.map(
        ([pressed, what]) =>
          html`<div>
            <dt>${pressed.map((key) => html`<kbd class="th-key">${key}</kbd> `)}</dt>
            <dd>${t(`queue:keys.${what}`)}</dd>
          </div>`,
      )}
    </dl>
    <div class="govuk-checkboxes govuk-checkboxes--small">
      <div class="govuk-checkboxes__item">
        <input
          class="govuk-checkboxes__input"
          type="checkbox"
          id="queue-letters"
          .checked=${own.letters}
          ?disabled=${desk.state.job !== null}
          @change=${letters}
        />
        <label class="govuk-label govuk-checkboxes__label" for="queue-letters">${t("queue:keys.letters")}</label>
      </div>
    </div>
  </section>`;
}
