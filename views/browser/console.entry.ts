/** The console's page: draws what state.ts holds. Keys and token are in keyholder.worker.ts. */
import { html, nothing, render } from "lit/html.js";
import { loadWords, readPageData } from "./i18n.ts";
import { makeDesk } from "./console/desk.ts";
import { firstState, hasDrafts, screensOf, type State } from "./console/state.ts";
import { caseFilesScreen } from "./console/casefile/view-scope.ts";
import { dashboardView } from "./console/dashboard/view.ts";
import { caseView } from "./console/view-case.ts";
import { calendarView } from "./console/view-calendar.ts";
import { goneNotice } from "./console/view-keep.ts";
import { previewView } from "./console/view-preview.ts";
import { newMessages } from "./console/queue/facets.ts";
import { queueKey } from "./console/queue/keys.ts";
import { queueView } from "./console/queue/view-queue.ts";
import { noticeView } from "./console/notice/view.ts";
import { presentationView } from "./console/presentation/view.ts";
import { takenNotice, takenView } from "./console/taken/view.ts";
import { processingView } from "./console/processing/view.ts";
import { dayText, type Drawing, type View } from "./console/view-parts.ts";
import { isSearching, searchBox, searchKey, searchResults } from "./console/view-search.ts";
import { signInView } from "./console/view-sign-in.ts";

const idleMinutes = 15;
const warnDays = 60; // before the roster runs out

const page = readPageData();
const t = await loadWords(page);
const found = document.getElementById("console");
if (found === null) throw new Error("the page has no place to draw");
const root = found;
root.replaceChildren();

const state = firstState();
// Told before anybody types a passphrase in vain.
if (typeof WebAssembly === "undefined") state.problem = { place: "signIn", code: "closed", part: null };
const desk = makeDesk(state, page, idleMinutes, draw);
const drawing: Drawing = { t, desk, lang: page.lang };

const msPerDay = 86_400_000;

function expiry(): View {
  const { me } = state;
  if (me === null) return nothing;
  const days = (Date.parse(me.expires) - Date.now()) / msPerDay;
  if (days > warnDays) return nothing;
  const day = dayText(page.lang, me.expires);
  return html`<div class="th-notice">
    <p class="govuk-body">${t(days < 0 ? "console:bar.expired" : "console:bar.expires", { day })}</p>
  </div>`;
}

function bar(): View {
  const { me } = state;
  if (me === null) return nothing;
  const roles = me.roles.map((role) => t(`console:role.${role}`)).join(", ");
  return html`<div class="th-bar" role="region" aria-label=${t("console:bar.label")}>
    <p class="th-bar__who"><strong>${me.name}</strong> <span class="th-quiet">${roles} · ${me.organisation}</span></p>
    <p class="th-bar__idle th-quiet">${t("console:bar.idle", { minutes: idleMinutes })}</p>
    <nav class="th-screens" aria-label=${t("console:bar.screens")}>
      ${screensOf(me).map(
        (screen) =>
          html`<button
            type="button"
            class="th-screens__item"
            id="screen-${screen}"
            aria-current=${state.screen === screen ? "page" : nothing}
            @click=${() => void desk.show(screen)}
          >
            ${t(`console:screen.${screen}`)}
          </button>`,
      )}
    </nav>
    <button type="button" class="govuk-button govuk-button--secondary" id="lock" @click=${() => desk.lock()}>
      ${t("console:bar.lock")}
    </button>
  </div>`;
}

function trialBanner(): View {
  if (state.me?.trial !== true) return nothing;
  return html`<div class="th-notice th-notice--wide">
    <p class="govuk-body">
      <strong>${t("console:trial.title")}.</strong> ${t("console:trial.text")} ${t("together:trial")}
    </p>
  </div>`;
}

function screen(): View {
  if (state.me === null) return signInView(drawing);
  const top = html`${bar()} ${trialBanner()} ${expiry()} ${takenNotice(drawing)}`;
  switch (state.screen) {
    case "presentation":
      return html`${top} ${presentationView({ t, editor: desk.editor, lang: page.lang })}`;
    case "dashboard":
      return html`${top} ${dashboardView(drawing)}`;
    case "calendar":
      return html`${top} ${calendarView(drawing)}`;
    case "notices":
      return html`${top} ${noticeView({ t, lang: page.lang, notice: desk.notice })}`;
    case "processing":
      return html`${top} ${processingView({ t, processing: desk.processing })}`;
    case "taken":
      return html`${top} ${takenView(drawing)}`;
    case "casefiles":
      return html`${top} ${caseFilesScreen(drawing)}`;
    case "cases":
      return html`${top} ${casesScreen()}`;
  }
}

function casesScreen(): View {
  const { reading } = state.readings;
  return html`<h1 class="govuk-visually-hidden">${t("console:pageTitle")}</h1>
    ${goneNotice(drawing)} ${searchBox(drawing)}
    <div
      class="th-desk ${state.chosen === null ? "" : "th-desk--open"}"
      data-list=${state.listings !== null && state.left === 0 ? "whole" : "part"}
      data-reading=${reading !== null && reading.done >= reading.total ? "whole" : "part"}
    >
      ${isSearching(state) ? searchResults(drawing) : queueView(drawing)} ${caseView(drawing)}
    </div>
    ${previewView(drawing)}`;
}

let spoken: State["missing"] | null = null;
/** Had the focus when it was taken away or switched off by a drawing. */
let lost: HTMLElement | null = null;
let focused: unknown = null;
let openCase: string | null = null;

const toastMs = 8_000;
let toast: ReturnType<typeof setTimeout> | undefined;
let told: string | null = null;

const done = (): string | null => (state.screen === "presentation" ? state.editor.done : state.done);

/** What went well goes away by itself; screen readers have said it by then. */
function timeToast(): void {
  if (done() === told) return;
  told = done();
  clearTimeout(toast);
  if (told !== null)
    toast = setTimeout(() => {
      state.done = null;
      state.editor.done = null;
      draw();
    }, toastMs);
}

/** Whoever is typing stays where they are on the screen, whatever comes in above. */
function drawAround(field: Element | null, change: () => void): void {
  const before = field?.matches("textarea, input") === true ? field.getBoundingClientRect().top : null;
  change();
  if (field === null || before === null || document.activeElement !== field) return;
  const moved = field.getBoundingClientRect().top - before;
  if (moved !== 0) scrollBy({ top: moved, behavior: "instant" });
}

function draw(): void {
  drawAround(document.activeElement, redraw);
}

function redraw(): void {
  timeToast();
  const before = document.activeElement;
  render(
    html`${screen()}
      <div class="th-toast ${done() === null ? "th-toast--away" : ""}" role="status" aria-live="polite">
        ${done() === null ? nothing : t(done() ?? "")}
      </div>`,
    root,
  );
  if (before instanceof HTMLElement && root.contains(before)) {
    if (before.matches(":disabled")) lost = before;
    // What a drawing moved to another place lost the focus on the way.
    else if (document.activeElement === document.body) before.focus({ preventScroll: true });
  }
  moveFocus();
  document.title = title();
}

/** Focus goes to what went wrong, to the first field that needs something, or to a case that was just opened. */
function moveFocus(): void {
  const wrong = state.problem ?? state.refusal;
  if (wrong !== null && wrong !== focused) root.querySelector<HTMLElement>("[data-focus]")?.focus();
  focused = wrong;
  const [first] = Object.keys(state.missing);
  // Trying again with the same fault is told again.
  if (first !== undefined && state.missing !== spoken) document.getElementById(first)?.focus();
  spoken = state.missing;
  moveEditorFocus();
  moveFormFocus();
  const now = state.open?.listing.caseId ?? null;
  if (now !== null && now !== openCase) document.getElementById("case-title")?.focus();
  openCase = now;
}

/** To a form that was just opened, back to what opened it, or to the button that was off while its work ran. */
function moveFormFocus(): void {
  if (state.focus.length > 0) {
    const target = state.focus
      .map((selector) => root.querySelector<HTMLElement>(selector))
      .find((each) => each !== null);
    state.focus = [];
    lost = null;
    target?.focus();
  }
  if (lost === null || lost.matches(":disabled")) return;
  // Whoever moved on meanwhile stays there.
  if (document.activeElement === document.body || document.activeElement === null) lost.focus();
  lost = null;
}

let editorFile: string | null = null;
let editorTrouble: unknown = null;

/** To the file that was opened, to what is wrong with it, or to what was just added or moved. */
function moveEditorFocus(): void {
  const { editor, screen } = state;
  if (screen !== "presentation") return;
  const { open, problems, conflicts, failed, focus } = editor;
  const trouble = Object.keys(problems).length > 0 ? problems : conflicts.length > 0 ? conflicts : failed;
  if (trouble !== null && trouble !== editorTrouble) root.querySelector<HTMLElement>("[data-focus]")?.focus();
  editorTrouble = trouble;
  if (open !== editorFile) document.getElementById(open === null ? `file-${editorFile ?? ""}` : "file-title")?.focus();
  editorFile = open;
  if (focus === null) return;
  editor.focus = null;
  document.getElementById(focus)?.focus();
}

/** No case in the title: it shows in the taskbar and in the browser's history. */
function title(): string {
  const unread = state.listings?.filter((listing) => newMessages(listing) > 0).length ?? 0;
  return unread === 0 ? t("console:pageTitle") : `(${unread}) ${t("console:pageTitle")}`;
}

// Not "scroll": the page scrolls by itself too.
for (const kind of ["keydown", "pointerdown", "wheel"] as const)
  addEventListener(kind, () => desk.touch(), { passive: true });
addEventListener("keydown", (event) => {
  // What is behind a modal window takes no keys: Esc there closes the window, and not the case behind it as well.
  if (document.querySelector("dialog:modal") !== null) return;
  searchKey(drawing, event);
  queueKey(drawing, event);
});
addEventListener("beforeunload", (event) => {
  // Saving a large file begins as a navigation that leads nowhere: no question is due then.
  const saving = state.jobs.some(({ place }) => place === "file" || place === "export");
  if (hasDrafts(state) && !saving) event.preventDefault();
});
draw();
