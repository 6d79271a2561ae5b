/** The processing record as a screen: the same blocks that the Word file has. Text goes in as text. */
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Block, Part, ProcessingDocument, Run, Section } from "../../../../data/policy/processing-document.ts";
import type { Translate } from "../../i18n.ts";
import type { View } from "../view-parts.ts";
import type { ProcessingDesk } from "./processing-desk.ts";

export interface Drawing {
  t: Translate;
  processing: ProcessingDesk;
}

export function processingView(drawing: Drawing): View {
  const { t, processing } = drawing;
  const { document, busy, names } = processing.state;
  return html`<div class="th-processing">
    <h1 class="govuk-heading-l" id="processing-title" tabindex="-1">${t("processing:pageTitle")}</h1>
    <p class="govuk-body">${t("processing:screenLead")}</p>
    ${troubleView(drawing)}
    <div class="govuk-form-group">
      <div class="govuk-checkboxes__item">
        <input
          class="govuk-checkboxes__input"
          type="checkbox"
          id="processing-names"
          .checked=${names}
          @change=${(event: Event) => void processing.setNames((event.target as HTMLInputElement).checked)}
        />
        <label class="govuk-label govuk-checkboxes__label" for="processing-names">${t("processing:names")}</label>
      </div>
    </div>
    <button
      type="button"
      class="govuk-button"
      id="processing-download"
      aria-disabled=${busy ? "true" : nothing}
      @click=${() => (busy ? undefined : void processing.download(`${t("processing:fileName")}.docx`))}
    >
      ${t("processing:download")}
    </button>
    ${document === null ? loadingView(drawing) : documentView(t, document)}
  </div>`;
}

function loadingView({ t, processing }: Drawing): View {
  return processing.state.busy ? html`<p class="govuk-body" role="status">${t("processing:loading")}</p>` : nothing;
}

function troubleView({ t, processing }: Drawing): View {
  const { failed } = processing.state;
  if (failed === null) return nothing;
  return html`<div class="govuk-error-summary" role="alert" tabindex="-1" id="processing-trouble">
    <h2 class="govuk-error-summary__title">${t(`errors:${failed}.title`)}</h2>
    <div class="govuk-error-summary__body">
      <p>${t("processing:failed")}</p>
      <p>${t(`errors:${failed}.next`)}</p>
    </div>
  </div>`;
}

function documentView(t: Translate, { language, title, preface, parts }: ProcessingDocument): TemplateResult {
  return html`<article lang=${language} aria-labelledby="document-title">
    <div class="th-notice">
      <h2 class="govuk-heading-m" id="document-title">${title}</h2>
      ${preface.map((runs) => html`<p class="govuk-body">${runsView(runs)}</p>`)}
    </div>
    <nav aria-labelledby="document-contents">
      <h2 class="govuk-heading-s" id="document-contents">${t("processing:contents")}</h2>
      <ul class="govuk-list">
        ${parts
          .flatMap(({ sections }) => sections)
          .map(
            ({ id, law, title: name }) => html`<li><a class="govuk-link" href="#section-${id}">${law}</a> ${name}</li>`,
          )}
      </ul>
    </nav>
    ${parts.map(partView)}
  </article>`;
}

function partView({ id, title, lead, sections }: Part): TemplateResult {
  return html`<section aria-labelledby="part-${id}">
    <h2 class="govuk-heading-l" id="part-${id}">${title}</h2>
    <p class="govuk-body">${lead}</p>
    ${sections.map(sectionView)}
  </section>`;
}

function sectionView({ id, law, title, blocks }: Section): TemplateResult {
  return html`<h3 class="govuk-heading-m" id="section-${id}" tabindex="-1">
      <span class="th-quiet">${law}</span><br />${title}
    </h3>
    ${blocks.map((block, i) => blockView(block, nameOf(title, blocks[i - 1])))}`;
}

/** Of a table, for those who do not see it: the section's title, and the heading over it. */
function nameOf(title: string, before: Block | undefined): string {
  return before?.is === "heading" ? `${title}: ${before.text}` : title;
}

/** `about`: what a wide table is called. */
function blockView(block: Block, about: string): TemplateResult {
  switch (block.is) {
    case "heading":
      return html`<h4 class="govuk-heading-s">${block.text}</h4>`;
    case "text":
      return html`<p class="govuk-body">${runsView(block.runs)}</p>`;
    case "list":
      return html`<ul class="govuk-list govuk-list--bullet govuk-list--spaced">
        ${block.items.map((runs) => html`<li>${runsView(runs)}</li>`)}
      </ul>`;
    case "table":
      return html`<div class="th-scroll" tabindex="0" role="region" aria-label=${about}>
        <table class="govuk-table">
          <thead class="govuk-table__head">
            <tr class="govuk-table__row">
              ${block.head.map((words) => html`<th scope="col" class="govuk-table__header">${words}</th>`)}
            </tr>
          </thead>
          <tbody class="govuk-table__body">
            ${block.rows.map(rowView)}
          </tbody>
        </table>
      </div>`;
  }
}

function rowView([first = [], ...others]: Run[][]): TemplateResult {
  return html`<tr class="govuk-table__row">
    <th scope="row" class="govuk-table__header">${runsView(first)}</th>
    ${others.map((runs) => html`<td class="govuk-table__cell">${runsView(runs)}</td>`)}
  </tr>`;
}

function runsView(runs: readonly Run[]): View[] {
  return runs.map(({ text, blank }) => (blank ? html`<mark class="th-blank">${text}</mark>` : html`${text}`));
}
