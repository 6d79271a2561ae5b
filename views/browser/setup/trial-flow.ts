/** Try it here: one passphrase, one ZIP, one button. */
import { html, nothing } from "lit/html.js";
import type { Translate } from "../i18n.ts";
import type { TrialPlan } from "../client/trial.ts";
import type { FileOut, TrialWords } from "./acts.ts";
import { passphrasePair, readPassphrases, textField, typed } from "./fields.ts";
import type { SetupPage } from "./page.ts";
import { linkFaults } from "./real.ts";
import { faultOf, faultSummary, saveFile, trialBanner, wordList, working, type Fault, type View } from "./screen.ts";

const people = [
  // One person tries everything: this key opens the page where words and questions are changed too.
  ["reviewerOne", ["reviewer", "operator"]],
  ["reviewerTwo", ["reviewer"]],
  ["counsel", ["counsel"]],
  ["director", ["director"]],
  ["ombuds", ["ombuds"]],
  ["paper", ["recovery"]],
] as const;

function planOf(t: Translate, organisation: string): TrialPlan {
  return {
    organisation,
    people: people.map(([key, roles]) => ({
      name: t(`setup:trial.people.${key}.name`),
      title: t(`setup:trial.people.${key}.title`),
      roles: [...roles],
    })),
    recipientRoles: ["reviewer", "counsel", "ombuds"],
    channels: [
      { id: "safety", name: t("setup:channels.safety"), questionnaire: "sb53", readerRoles: ["reviewer", "counsel"] },
      { id: "outside", name: t("setup:channels.outside"), questionnaire: "general", readerRoles: ["ombuds"] },
    ],
    assisted: true,
  };
}

function wordsOf(t: Translate): TrialWords {
  return {
    readmeName: "README.txt",
    readme: t("setup:trial.readme"),
    sheetName: "recovery-words.txt",
    // The worker puts the words in, so that they never pass through the page.
    sheet: t("setup:trial.sheet", { words: "{{words}}" }),
  };
}

export function drawTrialForm(page: SetupPage, setupSecret: string, back: () => void): void {
  const { screen, ask } = page;
  const { t } = screen;
  let suggestion: string | null = null;
  let progress: { done: number; all: number } | null = null;
  let faults: Fault[] = [];

  const draw = (focus?: "heading" | "faults"): void => screen.draw(view(), focus);

  const suggest = async (): Promise<void> => {
    suggestion = await ask("suggestPassphrase", null);
    draw();
  };

  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (progress !== null) return;
    const form = event.currentTarget as HTMLFormElement;
    const name = typed(form, "organisation").trim();
    const { passphrase, faults: found } = readPassphrases(t, form);
    faults = found;
    if (faults.length > 0) return draw("faults");
    progress = { done: 0, all: 6 };
    draw();
    const plan = planOf(t, name === "" ? t("setup:trial.organisation") : name);
    try {
      const zip = await ask("makeTrial", { setupSecret, plan, passphrase, words: wordsOf(t) }, (done, all) => {
        progress = { done, all };
        draw();
      });
      drawTrialSave(page, zip);
    } catch (error) {
      progress = null;
      faults = [faultOf(t, error, linkFaults)];
      draw("faults");
    }
  };

  function view(): View {
    const busy = progress !== null;
    return html`${faultSummary(t, faults)}${trialBanner(t)}
      <h1 class="govuk-heading-l">${t("setup:trial.title")}</h1>
      <p class="govuk-body">${t("setup:trial.lead")}</p>
      <form novalidate @submit=${make}>
        ${textField({
          id: "organisation",
          label: t("setup:real.organisation"),
          value: t("setup:trial.organisation"),
          autocomplete: "organization",
          faults,
        })}
        ${passphrasePair(t, faults, suggestion, () => void suggest())}
        ${progress === null ? nothing : working(t("setup:trial.making"), progress.done, progress.all)}
        <div class="govuk-button-group">
          <button class="govuk-button" ?disabled=${busy}>${t("setup:trial.make")}</button>
          <button type="button" class="govuk-button govuk-button--secondary" ?disabled=${busy} @click=${back}>
            ${t("setup:back")}
          </button>
        </div>
      </form>`;
  }

  draw("heading");
}

function drawTrialSave({ screen, ask }: SetupPage, zip: FileOut): void {
  const { t } = screen;
  let saved = false;
  let busy = false;
  let faults: Fault[] = [];
  const draw = (focus?: "heading" | "faults"): void => screen.draw(view(), focus);

  const start = async (): Promise<void> => {
    busy = true;
    faults = [];
    draw();
    try {
      drawTrialDone(await ask("startTrial", null));
    } catch (error) {
      busy = false;
      faults = [faultOf(t, error, { refused: "setup:setup.replaced", forged: "setup:setup.replaced" })];
      draw("faults");
    }
  };

  function view(): View {
    return html`${faultSummary(t, faults)}${trialBanner(t)}
      <h1 class="govuk-heading-l">${t("setup:trial.saveTitle")}</h1>
      <p class="govuk-body">${t("setup:trial.saveText", { file: zip.name })}</p>
      ${busy ? working(t("setup:trial.starting")) : nothing}
      <div class="govuk-button-group">
        <button
          type="button"
          class="govuk-button ${saved ? "govuk-button--secondary" : ""}"
          @click=${() => {
            saveFile(zip);
            saved = true;
            draw();
          }}
        >
          ${t(saved ? "setup:keep.saveAgain" : "setup:trial.saveButton")}
        </button>
        ${
          saved
            ? html`<button type="button" class="govuk-button" ?disabled=${busy} @click=${start}>
                ${t("setup:trial.start")}
              </button>`
            : nothing
        }
      </div>`;
  }

  function drawTrialDone(fingerprint: readonly string[]): void {
    screen.draw(
      html`${trialBanner(t)}
        <h1 class="govuk-heading-l">${t("setup:trial.doneTitle")}</h1>
        <p class="govuk-body">${t("setup:trial.doneText")}</p>
        <ul class="govuk-list govuk-list--bullet">
          <li>${t("setup:trial.doneReport")}</li>
          <li>${t("setup:trial.doneRead")}</li>
          <li>${t("setup:trial.doneCharter")}</li>
        </ul>
        <div class="govuk-button-group">
          <a class="govuk-button" role="button" draggable="false" href="/">${t("setup:openConsole")}</a>
          <a class="govuk-link" href="/charter">${t("setup:open.title")}</a>
        </div>
        <h2 class="govuk-heading-m">${t("setup:fingerprint.label")}</h2>
        <p class="govuk-body">${t("setup:fingerprint.trialText")}</p>
        ${wordList(fingerprint, t("setup:fingerprint.label"))}`,
      "heading",
    );
  }

  draw("heading");
}
