/** Saving a key file and opening it again: nobody should find out in a year that a download had failed. */
import { html, nothing } from "lit/html.js";
import type { Translate } from "../i18n.ts";
import type { FileOut } from "./acts.ts";
import type { Ask } from "./ask.ts";
import { fileField, textField, typed } from "./fields.ts";
import { chosenBytes, faultOf, faultSummary, saveFile, working, type Fault, type Screen, type View } from "./screen.ts";

const proofFaults = {
  forged: "setup:keep.wrongPassphrase",
  format: "setup:keep.noKeyFile",
  conflict: "setup:keep.otherKey",
} as const;

export interface KeepFile {
  screen: Screen;
  ask: Ask;
  file: FileOut;
  heading: string;
  intro: string;
  /** Drawn above the form, such as a banner. */
  above: View;
  /** After the file was opened again; may take a while, and may refuse. */
  proven: () => Promise<void>;
  /** Words for refusals of `proven`. */
  faultsAfter: Parameters<typeof faultOf>[2];
}

/** Draws the step and goes on drawing it until the file has been proven. */
export function drawKeepFile(step: KeepFile): void {
  const { screen, ask, file } = step;
  const { t } = screen;
  let saved = false;
  let busy = false;

  const draw = (faults: readonly Fault[] = [], focus?: "heading" | "faults"): void =>
    screen.draw(view(t, faults), focus);

  const check = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget as HTMLFormElement;
    const bytes = await chosenBytes(form.querySelector<HTMLInputElement>("#saved-file")!);
    const passphrase = typed(form, "proof");
    const faults: Fault[] = [];
    if (bytes === null) faults.push({ field: "saved-file", text: t("setup:keep.chooseFile") });
    if (passphrase === "") faults.push({ field: "proof", text: t("setup:keep.typePassphrase") });
    if (bytes === null || faults.length > 0) return draw(faults, "faults");
    busy = true;
    draw();
    try {
      await ask("proveFile", { bytes, passphrase });
    } catch (error) {
      busy = false;
      return draw([faultOf(t, error, proofFaults, "saved-file")], "faults");
    }
    try {
      await step.proven();
    } catch (error) {
      busy = false;
      draw([faultOf(t, error, step.faultsAfter)], "faults");
    }
  };

  function view(t: Translate, faults: readonly Fault[]): View {
    return html`${faultSummary(t, faults)}${step.above}
      <h1 class="govuk-heading-l">${step.heading}</h1>
      <p class="govuk-body">${step.intro}</p>
      <h2 class="govuk-heading-m">${t("setup:keep.save")}</h2>
      <p class="govuk-body">${t("setup:keep.saveText", { file: file.name })}</p>
      <button
        type="button"
        class="govuk-button ${saved ? "govuk-button--secondary" : ""}"
        id="save-file"
        @click=${() => {
          saveFile(file);
          saved = true;
          draw(faults);
        }}
      >
        ${t(saved ? "setup:keep.saveAgain" : "setup:keep.saveButton")}
      </button>
      <form novalidate @submit=${check} ?hidden=${!saved}>
        <h2 class="govuk-heading-m">${t("setup:keep.prove")}</h2>
        <p class="govuk-body">${t("setup:keep.proveText")}</p>
        ${fileField({ id: "saved-file", label: t("setup:keep.fileLabel"), faults })}
        ${textField({
          id: "proof",
          label: t("setup:passphrase.label"),
          type: "password",
          autocomplete: "current-password",
          maxLength: 400,
          faults,
        })}
        ${busy ? working(t("setup:keep.checking")) : nothing}
        <button class="govuk-button" ?disabled=${busy}>${t("setup:keep.proveButton")}</button>
      </form>`;
  }

  draw([], "heading");
}
