/** Set up for real: the charter, its key file proven, the fingerprint to write down. */
import { html, nothing } from "lit/html.js";
import type { CharterMade } from "./acts.ts";
import { passphrasePair, readPassphrases, textField, typed } from "./fields.ts";
import { drawKeepFile } from "./keep-file.ts";
import type { SetupPage } from "./page.ts";
import { faultOf, faultSummary, wordList, working, type Fault, type View } from "./screen.ts";

export const linkFaults = { refused: "setup:setup.linkRefused", format: "setup:setup.linkRefused" } as const;

export function drawRealForm({ screen, ask }: SetupPage, setupSecret: string, back: () => void): void {
  const { t } = screen;
  let suggestion: string | null = null;
  let busy = false;
  let faults: Fault[] = [];

  const draw = (focus?: "heading" | "faults"): void => screen.draw(view(), focus);

  const suggest = async (): Promise<void> => {
    suggestion = await ask("suggestPassphrase", null);
    draw();
  };

  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget as HTMLFormElement;
    const organisation = typed(form, "organisation").trim();
    const { passphrase, faults: found } = readPassphrases(t, form);
    faults = found;
    if (organisation === "") faults = [{ field: "organisation", text: t("setup:real.nameMissing") }, ...faults];
    if (faults.length > 0) return draw("faults");
    busy = true;
    draw();
    try {
      const made = await ask("makeCharter", { setupSecret, organisation, passphrase });
      keep(made);
    } catch (error) {
      busy = false;
      faults = [faultOf(t, error, linkFaults)];
      draw("faults");
    }
  };

  function view(): View {
    return html`${faultSummary(t, faults)}
      <h1 class="govuk-heading-l">${t("setup:real.title")}</h1>
      <p class="govuk-body">${t("setup:real.lead")}</p>
      <form novalidate @submit=${make}>
        ${textField({
          id: "organisation",
          label: t("setup:real.organisation"),
          hint: t("setup:real.organisationHint"),
          autocomplete: "organization",
          faults,
        })}
        ${passphrasePair(t, faults, suggestion, () => void suggest())}
        <p class="govuk-inset-text">${t("setup:real.passphraseWarning")}</p>
        ${busy ? working(t("setup:real.making")) : nothing}
        <div class="govuk-button-group">
          <button class="govuk-button" ?disabled=${busy}>${t("setup:real.make")}</button>
          <button type="button" class="govuk-button govuk-button--secondary" ?disabled=${busy} @click=${back}>
            ${t("setup:back")}
          </button>
        </div>
      </form>`;
  }

  function keep(made: CharterMade): void {
    drawKeepFile({
      screen,
      ask,
      file: made.file,
      heading: t("setup:real.keepTitle"),
      intro: t("setup:real.keepText"),
      above: nothing,
      proven: async () => drawFingerprint(made.fingerprint),
      faultsAfter: {},
    });
  }

  function drawFingerprint(words: readonly string[]): void {
    screen.draw(
      html`<h1 class="govuk-heading-l">${t("setup:real.doneTitle")}</h1>
        <p class="govuk-body">${t("setup:fingerprint.text")}</p>
        ${wordList(words, t("setup:fingerprint.label"))}
        <button type="button" class="govuk-button govuk-button--secondary th-noprint" @click=${() => print()}>
          ${t("setup:print")}
        </button>
        <h2 class="govuk-heading-m">${t("setup:real.nextTitle")}</h2>
        <p class="govuk-body">${t("setup:real.nextText")}</p>
        <a class="govuk-button th-noprint" role="button" draggable="false" href="/charter">${t("setup:real.next")}</a>`,
      "heading",
    );
  }

  draw("heading");
}
