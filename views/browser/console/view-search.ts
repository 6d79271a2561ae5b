/** The search box over the list, and what it found in place of the list. */
import { html, nothing } from "lit/html.js";
import type { SearchHit } from "../client/search-index.ts";
import type { SearchState, State } from "./state.ts";
import { dayText, phaseChip, type Drawing, type View } from "./view-parts.ts";

/** After the last letter, so that a word is sought once. */
const pauseMs = 150;
const boxId = "search";

export const isSearching = ({ search }: State): boolean => search.query.trim() !== "";

let waiting: ReturnType<typeof setTimeout> | undefined;

function change(drawing: Drawing, query: string): void {
  const { desk } = drawing;
  const { search } = desk.state;
  search.query = query;
  clearTimeout(waiting);
  if (isSearching(desk.state)) waiting = setTimeout(() => void run(drawing, search), pauseMs);
  else Object.assign(search, { answer: null, failed: false });
  desk.redraw();
}

let renewing = false;

/** Asks again when more was read since the answer: what was not found may be there now. */
async function keepUp(drawing: Drawing): Promise<void> {
  const { search, readings } = drawing.desk.state;
  const isOld = search.answer !== null && search.answer.read < (readings.reading?.done ?? 0);
  if (!isOld || renewing) return;
  renewing = true;
  await run(drawing, search);
  renewing = false;
}

/** What comes back is shown only if nobody typed on or locked meanwhile. */
async function run({ desk }: Drawing, search: SearchState): Promise<void> {
  const { query } = search;
  const stale = (): boolean => desk.state.search !== search || search.query !== query;
  try {
    const answer = await desk.search(query);
    if (stale()) return;
    Object.assign(search, { answer, failed: false });
  } catch {
    if (stale()) return;
    Object.assign(search, { answer: null, failed: true });
  }
  desk.redraw();
}

function leave(drawing: Drawing): void {
  change(drawing, "");
  document.getElementById(boxId)?.focus();
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

/** "/" goes to the box, wherever nobody is typing. */
export function searchKey({ desk }: Drawing, event: KeyboardEvent): void {
  // Single keys can be turned off: WCAG 2.2, 2.1.4.
  if (
    event.key !== "/" ||
    !desk.state.queue.own.letters ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    isTyping(event.target)
  )
    return;
  const box = document.getElementById(boxId);
  if (box === null || desk.state.screen !== "cases") return;
  event.preventDefault();
  box.focus();
}

export function searchBox(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { search, listings } = desk.state;
  if (listings === null || (listings.length === 0 && !isSearching(desk.state))) return nothing;
  void keepUp(drawing);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && search.query !== "") {
      event.preventDefault();
      leave(drawing);
    }
  };
  return html`<div class="th-search" role="search">
    <label class="govuk-label govuk-label--s" for=${boxId}>${t("search:label")}</label>
    <div class="th-search__row">
      <input
        class="govuk-input th-search__box"
        type="search"
        id=${boxId}
        dir="auto"
        maxlength="400"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="search-hint"
        aria-keyshortcuts="/"
        .value=${search.query}
        @input=${(event: InputEvent) => change(drawing, (event.target as HTMLInputElement).value)}
        @keydown=${onKey}
      />
      ${
        isSearching(desk.state)
          ? html`<button type="button" class="th-link-button" id="search-leave" @click=${() => leave(drawing)}>
              ${t("search:leave")}
            </button>`
          : nothing
      }
    </div>
    <p class="govuk-hint th-search__hint" id="search-hint">${t("search:hint")}</p>
    <p class="govuk-visually-hidden" role="status">${isSearching(desk.state) ? countText(drawing) : ""}</p>
  </div>`;
}

/** Nothing until there is an answer, and with it also what is not read yet. */
export function countText({ t, desk }: Drawing): string {
  const { answer, failed } = desk.state.search;
  if (failed) return t("search:failed");
  if (answer === null) return "";
  const { hits, more, read, total } = answer;
  const found = more ? t("search:more", { shown: hits.length }) : t("search:found", { count: hits.length });
  return read < total ? `${found} ${t("search:soFar", { done: read, total })}` : found;
}

/** In place of the list. Esc leads back from here too. */
export function searchResults(drawing: Drawing): View {
  const { t, desk } = drawing;
  const { answer } = desk.state.search;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    // One press, one step back: the case beside the results stays open.
    event.preventDefault();
    leave(drawing);
  };
  return html`<section class="th-desk__list" aria-labelledby="search-title" @keydown=${onKey}>
    <h2 class="govuk-heading-m" id="search-title">${t("search:title")}</h2>
    <p class="govuk-body-s th-quiet" aria-hidden="true">${countText(drawing)}</p>
    ${
      answer?.hits.length === 0
        ? html`<div class="th-card"><p class="govuk-body govuk-!-margin-bottom-0">${t("search:empty")}</p></div>`
        : nothing
    }
    ${
      answer === null || answer.hits.length === 0
        ? nothing
        : html`<ul class="th-cases">
            ${answer.hits.map((hit) => hitView(drawing, hit))}
          </ul>`
    }
  </section>`;
}

function hitView({ t, desk, lang }: Drawing, { caseId, field, snippet }: SearchHit): View {
  const listing = desk.state.listings?.find((each) => each.caseId === caseId);
  if (listing === undefined) return nothing;
  return html`<li>
    <button
      type="button"
      class="th-case"
      aria-current=${desk.state.chosen === caseId ? "true" : nothing}
      @click=${() => void desk.choose(caseId)}
    >
      <span class="th-case__title"
        ><bdi>${listing.title === "" ? t("console:list.untitled") : listing.title}</bdi></span
      >
      <span class="th-case__meta">
        <span class="th-nowrap">${listing.name}</span>
        <span class="th-nowrap">${t("console:list.received", { day: dayText(lang, listing.receivedOn) })}</span>
        ${phaseChip(t, listing.phase)}
      </span>
      <span class="th-search__find">
        <span class="th-quiet">${t(`search:field.${field}`)}</span>
        <bdi>${snippet.map(({ text, hit }) => (hit ? html`<mark class="th-search__mark">${text}</mark>` : text))}</bdi>
      </span>
    </button>
  </li>`;
}
