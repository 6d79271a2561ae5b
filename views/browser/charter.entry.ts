/** /charter: the charter holder's page. Opens the key file, then: people, readers, settings, one signature. */
import { html, nothing } from "lit/html.js";
import type { OfficeView } from "./setup/acts.ts";
import type { Desk } from "./setup/charter-desk.ts";
import { drawPaper } from "./setup/charter-paper.ts";
import { peopleView } from "./setup/charter-people.ts";
import { readersView } from "./setup/charter-readers.ts";
import { drawSign } from "./setup/charter-sign.ts";
import { adviceOf, beginDraft, offerReaders, peopleOf, toChoice } from "./setup/draft.ts";
import { fileField, textField, typed } from "./setup/fields.ts";
import { openSetupPage } from "./setup/page.ts";
import {
  chosenBytes,
  faultOf,
  faultSummary,
  longDate,
  trialBanner,
  wordList,
  working,
  type Fault,
  type View,
} from "./setup/screen.ts";

const { screen, ask, lang, data } = await openSetupPage("charter");
const questionnaires = (data["questionnaires"] ?? []) as string[];
const { t } = screen;

const openFaults = {
  forged: "setup:open.wrong",
  format: "setup:keep.noKeyFile",
  conflict: "setup:open.memberFile",
  refused: "setup:open.notThisPortal",
  closed: "setup:noWorker",
} as const;

/** The roster is signed for one year; from here on the page asks for the next signature. */
const warnDays = 60;

function drawOpen(): void {
  let busy = false;
  let faults: Fault[] = [];
  const draw = (focus?: "heading" | "faults"): void => screen.draw(view(), focus);

  const open = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const form = event.currentTarget as HTMLFormElement;
    const bytes = await chosenBytes(form.querySelector<HTMLInputElement>("#charter-file")!);
    const passphrase = typed(form, "passphrase");
    faults = [];
    if (bytes === null) faults.push({ field: "charter-file", text: t("setup:open.fileMissing") });
    if (passphrase === "") faults.push({ field: "passphrase", text: t("setup:keep.typePassphrase") });
    if (bytes === null || faults.length > 0) return draw("faults");
    busy = true;
    draw();
    try {
      openDesk(await ask("openCharter", { bytes, passphrase }));
    } catch (error) {
      busy = false;
      faults = [faultOf(t, error, openFaults, "charter-file")];
      draw("faults");
    }
  };

  function view(): View {
    return html`${faultSummary(t, faults)}
      <h1 class="govuk-heading-l">${t("setup:open.title")}</h1>
      <p class="govuk-body">${t("setup:open.lead")}</p>
      <form novalidate @submit=${open}>
        ${fileField({ id: "charter-file", label: t("setup:open.file"), hint: t("setup:open.fileHint"), faults })}
        ${textField({
          id: "passphrase",
          label: t("setup:passphrase.label"),
          type: "password",
          autocomplete: "current-password",
          maxLength: 400,
          faults,
        })}
        ${busy ? working(t("setup:open.opening")) : nothing}
        <button class="govuk-button" ?disabled=${busy}>${t("setup:open.button")}</button>
      </form>`;
  }

  draw("heading");
}

function openDesk(first: OfficeView): void {
  let round = 0;
  const desk: Desk = {
    screen,
    ask,
    lang,
    questionnaires,
    view: first,
    draft: beginDraft(first, t("setup:channels.safety")),
    preview: null,
    faults: [],
    busy: false,
    takeOver(view) {
      // A signature, here or in another window: the draft's people have become members.
      const signed = (view.roster?.epoch ?? 0) !== (desk.view.roster?.epoch ?? 0);
      desk.view = view;
      if (signed) desk.draft = beginDraft(view, t("setup:channels.safety"));
    },
    draw: (focus) => screen.draw(deskView(desk), focus),
    changed() {
      offerReaders(desk.draft, desk.view);
      desk.draw();
      void foresee(++round);
    },
    async act(run, saying) {
      desk.busy = true;
      desk.faults = [];
      try {
        desk.takeOver(await run());
        if (saying !== undefined) screen.say(saying);
        return true;
      } catch (error) {
        desk.faults = [faultOf(t, error)];
        return false;
      } finally {
        desk.busy = false;
        desk.changed();
        if (desk.faults.length > 0) desk.draw("faults");
      }
    },
  };
  /** Half-typed names cannot be signed yet: then nothing new is known, and signing says what is wrong. */
  async function foresee(asked: number): Promise<void> {
    const preview = await ask("preview", toChoice(desk.draft, desk.view)).catch(() => null);
    if (asked !== round || preview === null) return;
    desk.preview = preview;
    if (isDrawn()) desk.draw();
  }

  desk.changed();
  desk.draw("heading");
}

/** Whether the office is on the screen, not the paper or the signing step. */
const isDrawn = (): boolean => document.getElementById("people") !== null;

function expiryView(desk: Desk): View {
  const { roster } = desk.view;
  if (roster === null) return nothing;
  const date = longDate(lang, roster.expires);
  if (roster.daysLeft > warnDays) return html`<p class="govuk-body">${t("setup:office.expires", { date })}</p>`;
  return html`<div class="th-notice" role="note">
    <p class="govuk-body govuk-!-font-weight-bold">
      ${t(roster.daysLeft < 0 ? "setup:office.expired" : "setup:office.expiresSoon", { date, days: roster.daysLeft })}
    </p>
    <p class="govuk-body">${t("setup:office.renew")}</p>
  </div>`;
}

const mark = (state: "done" | "open" | "you"): View => {
  const chip = { done: "calm", open: "soon", you: "info" }[state];
  return html`<span class="th-chip th-chip--${chip}">${t(`setup:checklist.${state}`)}</span>`;
};

function checklistView(desk: Desk): View {
  const missing = desk.preview?.missing ?? ["recipients", "channelReaders"];
  const advice = adviceOf(peopleOf(desk.draft, desk.view));
  const item = (key: string, state: "done" | "open" | "you"): View =>
    html`<li class="th-check"><span>${t(`setup:checklist.${key}`)}</span> ${mark(state)}</li>`;
  const is = (done: boolean): "done" | "open" => (done ? "done" : "open");
  return html`<section class="th-card" aria-labelledby="checklist">
    <h2 class="govuk-heading-m" id="checklist">${t("setup:checklist.title")}</h2>
    <h3 class="govuk-heading-s">${t("setup:checklist.needed")}</h3>
    <ul class="th-checks">
      ${item("recipients", is(!missing.includes("recipients")))}
      ${item("readers", is(!missing.includes("channelReaders") && !missing.includes("channel")))}
      ${item("signed", is(desk.view.roster !== null))}
    </ul>
    <h3 class="govuk-heading-s">${t("setup:checklist.advised")}</h3>
    <ul class="th-checks">
      ${item("paper", is(advice.paper))} ${item("reviewers", is(advice.reviewers))}
      ${item("outside", is(advice.outside))} ${item("notice", "you")}
    </ul>
    ${
      advice.paper
        ? nothing
        : html`<p class="govuk-body">${t("setup:paper.offer")}</p>
            <button type="button" class="govuk-button govuk-button--secondary" @click=${() => paper(desk)}>
              ${t("setup:paper.button")}
            </button>`
    }
  </section>`;
}

async function paper(desk: Desk): Promise<void> {
  try {
    await drawPaper(desk);
  } catch (error) {
    desk.faults = [faultOf(t, error)];
    desk.draw("faults");
  }
}

async function preview(desk: Desk): Promise<void> {
  const faults: Fault[] = [];
  if (desk.draft.organisation.trim() === "") faults.push({ field: "organisation", text: t("setup:real.nameMissing") });
  for (const channel of desk.draft.channels)
    if (channel.name.trim() === "") faults.push({ field: `${channel.id}-name`, text: t("setup:channels.nameMissing") });
  desk.faults = faults;
  if (faults.length > 0) return desk.draw("faults");
  try {
    drawSign(desk, await ask("preview", toChoice(desk.draft, desk.view)));
  } catch (error) {
    desk.faults = [faultOf(t, error)];
    desk.draw("faults");
  }
}

function deskView(desk: Desk): View {
  const { roster, fingerprint } = desk.view;
  const ready = desk.view.invites.filter((invite) => invite.state === "ready").length;
  return html`${faultSummary(t, desk.faults)}${roster?.trial === true ? trialBanner(t) : nothing}
    <h1 class="govuk-heading-l">${t("setup:office.title", { organisation: desk.view.organisation })}</h1>
    <p class="govuk-body">
      ${roster === null ? t("setup:office.none") : t("setup:office.signed", { number: roster.epoch, date: longDate(lang, roster.issued) })}
    </p>
    ${expiryView(desk)}
    <details class="govuk-details">
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">${t("setup:fingerprint.label")}</span>
      </summary>
      <div class="govuk-details__text">
        <p class="govuk-body">${t("setup:fingerprint.text")}</p>
        ${wordList(fingerprint, t("setup:fingerprint.label"))}
      </div>
    </details>
    ${checklistView(desk)} ${peopleView(desk)} ${readersView(desk)}
    <section class="th-card" aria-labelledby="sign">
      <h2 class="govuk-heading-m" id="sign">${t("setup:office.signTitle")}</h2>
      <p class="govuk-body">${t("setup:office.signText", { count: ready })}</p>
      <button type="button" class="govuk-button" ?disabled=${desk.busy} @click=${() => preview(desk)}>
        ${t("setup:office.signButton")}
      </button>
    </section>`;
}

async function begin(): Promise<void> {
  screen.draw(working(t("setup:loading")));
  const portal = await ask("look", null);
  if (portal.stage !== "empty") return drawOpen();
  screen.draw(
    html`<h1 class="govuk-heading-l">${t("setup:charter.none")}</h1>
      <p class="govuk-body">${t("setup:charter.noneText")}</p>
      <pre class="th-command"><code>npm run -s tellhaven -- setup-link</code></pre>`,
    "heading",
  );
}

try {
  await begin();
} catch (error) {
  screen.draw(
    html`<h1 class="govuk-heading-l">${t("errors:title")}</h1>
      <p class="govuk-body">${faultOf(t, error, openFaults).text}</p>`,
    "heading",
  );
}
