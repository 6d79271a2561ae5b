/** Opening one's key: first thing at the desk, and again after it locked itself. */
import { html, nothing } from "lit/html.js";
import { describedBy, jobBar, missingText, problemBox, type Drawing, type View } from "./view-parts.ts";

/** What was typed is read from the fields, which go away when the key is open. */
function submit(drawing: Drawing, event: SubmitEvent): void {
  event.preventDefault();
  const { desk } = drawing;
  const { state } = desk;
  if (state.job !== null) return;
  const form = event.currentTarget as HTMLFormElement;
  const missing: Record<string, string> = {};
  const missed = (id: string, what: string): void => void (missing[id] = what);
  if (state.signInBy === "file") {
    const file = form.querySelector<HTMLInputElement>("#key-file")!.files?.[0];
    const field = form.querySelector<HTMLInputElement>("#passphrase")!;
    if (file === undefined) missed("key-file", "console:signIn.missing.file");
    if (field.value === "") missed("passphrase", "console:signIn.missing.passphrase");
    state.missing = missing;
    if (file === undefined || field.value === "") return showMissing(drawing);
    return void desk.signIn({ by: "file", file, passphrase: field.value });
  }
  const field = form.querySelector<HTMLTextAreaElement>("#recovery-words")!;
  if (field.value.trim() === "") missed("recovery-words", "console:signIn.missing.words");
  state.missing = missing;
  if (field.value.trim() === "") return showMissing(drawing);
  void desk.signIn({ by: "words", words: field.value });
}

function showMissing({ desk }: Drawing): void {
  desk.redraw();
  document.getElementById(Object.keys(desk.state.missing)[0] ?? "")?.focus();
}

function fileFields(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { missing } = desk.state;
  return html`<div class="govuk-form-group ${missing["key-file"] === undefined ? "" : "govuk-form-group--error"}">
      <label class="govuk-label" for="key-file">${t("console:signIn.file")}</label>
      <div class="govuk-hint" id="key-file-hint">${t("console:signIn.fileHint")}</div>
      ${missingText(drawing, "key-file")}
      <input
        class="govuk-file-upload"
        type="file"
        id="key-file"
        aria-describedby=${describedBy(drawing, "key-file", true)}
      />
    </div>
    <div class="govuk-form-group ${missing["passphrase"] === undefined ? "" : "govuk-form-group--error"}">
      <label class="govuk-label" for="passphrase">${t("console:signIn.passphrase")}</label>
      ${missingText(drawing, "passphrase")}
      <input
        class="govuk-input"
        type="password"
        id="passphrase"
        autocomplete="current-password"
        spellcheck="false"
        aria-describedby=${describedBy(drawing, "passphrase", false)}
      />
    </div>`;
}

function wordsField(drawing: Drawing): View {
  const { t, desk } = drawing;
  const wrong = desk.state.missing["recovery-words"] !== undefined;
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label" for="recovery-words">${t("console:signIn.words")}</label>
    <div class="govuk-hint" id="recovery-words-hint">${t("console:signIn.wordsHint")}</div>
    ${missingText(drawing, "recovery-words")}
    <textarea
      class="govuk-textarea"
      id="recovery-words"
      rows="4"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      aria-describedby=${describedBy(drawing, "recovery-words", true)}
    ></textarea>
  </div>`;
}

export function signInView(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { state } = desk;
  const change = (): void => {
    Object.assign(state, {
      signInBy: state.signInBy === "file" ? "words" : "file",
      missing: {},
      refusal: null,
      problem: null,
    });
    desk.redraw();
  };
  return html`<div class="th-sign-in">
    ${
      state.locked
        ? html`<h1 class="govuk-heading-l">${t("console:signIn.locked")}</h1>
            <p class="govuk-body">${t("console:signIn.lockedText")}</p>`
        : html`<h1 class="govuk-heading-l">${t("console:signIn.title")}</h1>
            <p class="govuk-body">${t("console:signIn.lead")}</p>`
    }
    ${problemBox(drawing, "signIn")}
    ${
      state.refusal === null
        ? nothing
        : html`<div class="govuk-error-summary" role="alert" tabindex="-1" data-focus="signIn">
            <p class="govuk-body govuk-!-margin-bottom-0">${t(`console:signIn.refused.${state.refusal}`)}</p>
          </div>`
    }
    <form class="th-card" novalidate @submit=${(event: SubmitEvent) => submit(drawing, event)}>
      ${state.signInBy === "file" ? fileFields(drawing) : wordsField(drawing)} ${jobBar(drawing, "signIn")}
      <div class="th-toolbar govuk-!-margin-bottom-0">
        <button class="govuk-button" ?disabled=${state.job !== null}>${t("console:signIn.button")}</button>
        <button type="button" class="th-link-button" @click=${change}>
          ${t(state.signInBy === "file" ? "console:signIn.useWords" : "console:signIn.useFile")}
        </button>
      </div>
    </form>
    <p class="govuk-body-s">
      ${t("console:signIn.charter")} <a class="govuk-link" href="/charter">${t("console:signIn.charterLink")}</a>
    </p>
  </div>`;
}
