/** Counsel's case file: choices, what it would come to, and what to do with it afterwards. */
import { html, nothing } from "lit/html.js";
import { publicKey } from "./view-key.ts";
import { jobBar, problemBox, sizeText, type Drawing, type View } from "../view-parts.ts";
import { checkView, type Level } from "./view-check.ts";
import { choicesView } from "./view-choices.ts";
import { saveForm } from "./view-save.ts";
import { answerOf, askForm } from "./view-approval.ts";

/** What a server that lost or altered something means here, in words of its own: nobody typed anything wrong. */
export const broken = { missing: "production:broken.missing", forged: "production:broken.forged" } as const;

/** `cases`: hex ids, in the order of their numbers. `scope`: what stands above, where they are chosen. */
export function caseFileForm(drawing: Drawing, cases: readonly string[], scope: View = nothing): View {
  // On the screen of several cases it stands right under the page's title.
  const level = scope === nothing ? 3 : 2;
  const { t, desk } = drawing;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.caseFiles.plan(cases);
  };
  return html`<form class="th-card" id="casefile-form" novalidate @submit=${submit}>
      ${heading(level, t("production:title"))}
      <p class="govuk-body">${t("production:lead")}</p>
      ${problemBox(drawing, "export", broken)} ${scope} ${choicesView(drawing)}
      <p class="govuk-body-s th-quiet">${t("production:never")}</p>
      ${jobBar(drawing, "export")}
      <button class="govuk-button govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
        ${t("production:look")}
      </button>
    </form>
    ${planView(drawing, cases, level)} ${keyView(drawing, level)}`;
}

function heading(level: Level, text: string, id?: string): View {
  const [at, focus] = [id ?? nothing, id === undefined ? nothing : "-1"];
  return level === 2
    ? html`<h2 class="govuk-heading-m" id=${at} tabindex=${focus}>${text}</h2>`
    : html`<h3 class="govuk-heading-m" id=${at} tabindex=${focus}>${text}</h3>`;
}

const counted = ["cases", "documents", "pages", "attachments", "leftOut", "privileged"] as const;

/** Only of the very cases that the form names: another case's plan is nothing to save here. */
export function planView(drawing: Drawing, cases: readonly string[], level: Level = 3): View {
  const { t, desk, lang } = drawing;
  const planned = desk.state.caseFiles.plan;
  if (planned === null || planned.cases.join() !== cases.join()) return nothing;
  const { counts, length, fileName, cases: names } = planned.plan;
  return html`<section class="th-card" aria-labelledby="casefile-plan">
    ${heading(level, t("production:plan.title"), "casefile-plan")}
    <dl class="govuk-summary-list">
      ${counted.map(
        (name) =>
          html`<div class="govuk-summary-list__row">
            <dt class="govuk-summary-list__key">${t(`production:plan.${name}`)}</dt>
            <dd class="govuk-summary-list__value">${new Intl.NumberFormat(lang).format(counts[name])}</dd>
          </div>`,
      )}
      <div class="govuk-summary-list__row">
        <dt class="govuk-summary-list__key">${t("production:plan.size")}</dt>
        <dd class="govuk-summary-list__value">${sizeText(lang, length)}</dd>
      </div>
      <div class="govuk-summary-list__row">
        <dt class="govuk-summary-list__key">${t("production:plan.name")}</dt>
        <dd class="govuk-summary-list__value"><bdi>${fileName}</bdi></dd>
      </div>
    </dl>
    ${names.length === 1 ? nothing : html`<p class="govuk-body" id="casefile-names"><bdi>${names.join(", ")}</bdi></p>`}
    ${damagedView(drawing)} ${checkView(drawing, planned.plan.check, level)}
    ${planned.plan.check.leaks.length > 0 ? nothing : nextStep(drawing)}
  </section>`;
}

/** Where somebody damaged a mark, what it left out is in the case file: only who made the marks can tell. */
function damagedView({ t, desk }: Drawing): View {
  const { damagedNotes } = desk.state.caseFiles.plan!.plan;
  if (damagedNotes.length === 0) return nothing;
  const notes = damagedNotes.map(({ name, notes: numbers }) => `${name} (${numbers.join(", ")})`).join("; ");
  return html`<p class="govuk-inset-text" role="status" id="casefile-damaged">
    ${t("production:plan.damagedNotes", { notes })}
  </p>`;
}

/** What can be done with what was looked at: saved, shown to another reader, or answered. */
function nextStep(drawing: Drawing): View {
  const { desk } = drawing;
  const { plan, request } = desk.state.caseFiles.plan!;
  if (request !== null) return answerOf(drawing, request);
  return plan.approvers === null ? saveForm(drawing) : askForm(drawing, plan.approvers);
}

function keyView(drawing: Drawing, level: Level): View {
  const { t, desk } = drawing;
  const { saved } = desk.state.caseFiles;
  if (saved === null) return nothing;
  return html`<section class="th-card" aria-labelledby="casefile-key">
    ${heading(level, t("console:export.keyTitle"), "casefile-key")} ${publicKey(drawing, "counsel", saved.publicKey)}
    <p class="govuk-body-s th-quiet govuk-!-margin-bottom-1">${t("console:export.digest")}</p>
    <pre class="th-code govuk-!-margin-bottom-0" tabindex="0">${saved.digest}</pre>
  </section>`;
}
