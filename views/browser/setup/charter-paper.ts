/** The member on paper: 24 words shown once, written down or printed, two of them typed back. */
import { html, nothing } from "lit/html.js";
import type { Desk } from "./charter-desk.ts";
import { textField, typed } from "./fields.ts";
import { faultOf, faultSummary, wordList, working, type Fault, type View } from "./screen.ts";

/** Two different places among 24, new each time. */
function twoPlaces(): [number, number] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint8Array(2));
  const first = a % 24;
  const second = (first + 1 + (b % 23)) % 24;
  return first < second ? [first, second] : [second, first];
}

export async function drawPaper(desk: Desk): Promise<void> {
  const { screen, ask } = desk;
  const { t } = screen;
  let words: readonly string[] = await ask("makeRecovery", null);
  const places = twoPlaces();
  let hidden = false;
  let busy = false;
  let faults: Fault[] = [];
  const draw = (focus?: "heading" | "faults"): void => screen.draw(hidden ? proveView() : sheetView(), focus);

  const leave = (): void => {
    words = [];
    desk.draw("heading");
  };

  function sheetView(): View {
    return html`<h1 class="govuk-heading-l">${t("setup:paper.title")}</h1>
      <p class="govuk-body">${t("setup:paper.sheet", { organisation: desk.draft.organisation })}</p>
      ${wordList(words, t("setup:paper.label"))}
      <p class="govuk-inset-text">${t("setup:paper.keep")}</p>
      <p class="govuk-body-s">
        ${t("setup:paper.portal")} <span class="th-fingerprint">${desk.view.fingerprint.join(" ")}</span>
      </p>
      <div class="govuk-button-group th-noprint">
        <button type="button" class="govuk-button govuk-button--secondary" @click=${() => print()}>
          ${t("setup:print")}
        </button>
        <button
          type="button"
          class="govuk-button"
          @click=${() => {
            hidden = true;
            draw("heading");
          }}
        >
          ${t("setup:paper.written")}
        </button>
        <button type="button" class="govuk-button govuk-button--secondary" @click=${leave}>
          ${t("setup:paper.cancel")}
        </button>
      </div>`;
  }

  const prove = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget as HTMLFormElement;
    faults = places
      .filter((place) => typed(form, `word-${place}`).trim().toLowerCase() !== words[place])
      .map((place) => ({ field: `word-${place}`, text: t("setup:paper.wrong", { number: place + 1 }) }));
    if (faults.length > 0) return draw("faults");
    busy = true;
    draw();
    try {
      const terms = { name: t("setup:paper.name"), title: t("setup:paper.memberTitle"), roles: ["recovery" as const] };
      desk.takeOver(await ask("keepRecovery", terms));
      words = [];
      desk.changed();
      desk.draw("heading");
      screen.say(t("setup:paper.kept"));
    } catch (error) {
      busy = false;
      faults = [faultOf(t, error)];
      draw("faults");
    }
  };

  function proveView(): View {
    return html`${faultSummary(t, faults)}
      <h1 class="govuk-heading-l">${t("setup:paper.proveTitle")}</h1>
      <p class="govuk-body">${t("setup:paper.proveText")}</p>
      <form novalidate @submit=${prove}>
        ${places.map((place) =>
          textField({
            id: `word-${place}`,
            label: t("setup:paper.word", { number: place + 1 }),
            narrow: true,
            maxLength: 20,
            faults,
          }),
        )}
        ${busy ? working(t("setup:paper.keeping")) : nothing}
        <div class="govuk-button-group">
          <button class="govuk-button" ?disabled=${busy}>${t("setup:paper.check")}</button>
          <button
            type="button"
            class="govuk-button govuk-button--secondary"
            ?disabled=${busy}
            @click=${() => {
              hidden = false;
              faults = [];
              draw("heading");
            }}
          >
            ${t("setup:paper.again")}
          </button>
        </div>
      </form>`;
  }

  draw("heading");
}
