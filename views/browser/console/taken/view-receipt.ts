/** The eight words of a report that was taken: on the page and on one sheet, until they were handed over. */
import { html } from "lit/html.js";
import { missingText, type Drawing, type View } from "../view-parts.ts";
import type { TakenReceipt } from "./taken-api.ts";

/** What is printed: a paper that is found should say little, and name nobody. */
function sheetView({ words, codeLanguage, language, sheet, address }: TakenReceipt): View {
  return html`<article class="th-code-sheet" lang=${language.tag} dir=${language.dir} aria-labelledby="sheet-title">
    <h2 class="govuk-heading-m" id="sheet-title">${sheet.title}</h2>
    <ol class="th-code-sheet__words" lang=${codeLanguage} dir="ltr" translate="no">
      ${words.map((word) => html`<li>${word}</li>`)}
    </ol>
    <p class="govuk-body govuk-!-font-weight-bold">${sheet.only}</p>
    <h3 class="govuk-heading-s">${sheet.backTitle}</h3>
    <ol class="govuk-list govuk-list--number">
      <li>${sheet.own}</li>
      <li>${sheet.go}<br /><bdi class="th-code-sheet__address">${address}</bdi></li>
      <li>${sheet.type}</li>
    </ol>
    <h3 class="govuk-heading-s">${sheet.meansTitle}</h3>
    <ul class="govuk-list govuk-list--bullet">
      <li>${sheet.can}</li>
      <li>${sheet.others}</li>
      <li>${sheet.seen}</li>
    </ul>
  </article>`;
}

function handOverForm(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { asked } = desk.state.taking;
  const wrong = desk.state.missing["handed-word"] !== undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    desk.taken.handOver((event.currentTarget as HTMLFormElement).querySelector("input")!.value);
  };
  return html`<form class="th-card" novalidate @submit=${submit}>
    <h2 class="govuk-heading-m">${t("taken:receipt.endTitle")}</h2>
    <p class="govuk-body">${t("taken:receipt.endText")}</p>
    <div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
      <label class="govuk-label" for="handed-word">${t("taken:receipt.word", { number: asked + 1 })}</label>
      <div class="govuk-hint" id="handed-word-hint">${t("taken:receipt.wordHint")}</div>
      ${missingText(drawing, "handed-word")}
      <input
        class="govuk-input govuk-input--width-10 ${wrong ? "govuk-input--error" : ""}"
        type="text"
        id="handed-word"
        autocomplete="off"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        aria-describedby="handed-word-hint ${wrong ? "handed-word-error" : ""}"
        aria-invalid=${wrong ? "true" : "false"}
      />
    </div>
    <button class="govuk-button govuk-!-margin-bottom-0" id="handed-over">${t("taken:receipt.handedOver")}</button>
    <details class="govuk-details govuk-!-margin-bottom-0 govuk-!-margin-top-4">
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">${t("taken:receipt.cannot")}</span>
      </summary>
      <div class="govuk-details__text">
        <p class="govuk-body">${t("taken:receipt.cannotText")}</p>
        <button
          type="button"
          class="govuk-button govuk-button--warning govuk-!-margin-bottom-0"
          id="give-up"
          @click=${() => desk.taken.giveUp()}
        >
          ${t("taken:receipt.giveUp")}
        </button>
      </div>
    </details>
  </form>`;
}

export function receiptView(drawing: Drawing, receipt: TakenReceipt): View {
  const { t } = drawing;
  return html`<div class="th-taken th-taken--receipt">
    <div class="th-taken__screen-only">
      <h1 class="govuk-heading-l" id="receipt-title" tabindex="-1">${t("taken:receipt.title")}</h1>
      <p class="govuk-body">${t(`taken:receipt.lead.${receipt.how}`)}</p>
      <div class="th-notice"><p class="govuk-body">${t("taken:receipt.once")}</p></div>
      ${receipt.mine ? "" : html`<p class="govuk-body">${t("taken:receipt.notMine")}</p>`}
    </div>
    ${sheetView(receipt)}
    <div class="th-taken__screen-only">
      <button type="button" class="govuk-button" id="print-sheet" @click=${() => print()}>
        ${t("taken:receipt.print")}
      </button>
      <p class="govuk-hint">${t("taken:receipt.printHint")}</p>
      ${handOverForm(drawing)}
    </div>
  </div>`;
}
