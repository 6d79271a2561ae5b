/** What people see of each other's work on the same case: what is new, and who came first. */
import { html, nothing } from "lit/html.js";
import type { ActContent } from "../../../crypto/team-content.ts";
import { actLines } from "../client/act-words.ts";
import type { CaseView, EntryView } from "../client/case-view.ts";
import { draftOf, type Tab } from "./state.ts";
import { isNew, markSince, newsOf, overtakenBy, type News } from "./together.ts";
import type { Drawing, View } from "./view-parts.ts";

const kinds: readonly (keyof News)[] = ["messages", "replies", "notes"];

/** Above the parts of a case. The words stand in a region of their own, which screen readers read out when it changes. */
export function newsBar(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { state } = desk;
  const news = newsOf(state, view);
  const some = kinds.filter((kind) => news[kind] > 0);
  const show = (): void => {
    state.focus = ["[data-new]"];
    desk.showTab(news.messages + news.replies > 0 ? "conversation" : "notes");
  };
  const seen = (): void => {
    markSince(state, view);
    state.focus = ["#case-title"];
    desk.redraw();
  };
  return html`<div class="th-news ${some.length === 0 ? "th-news--away" : ""}" id="news">
    <div role="status" aria-live="polite">
      ${
        some.length === 0
          ? nothing
          : html`<strong>${t("together:new.title")}</strong>
              <ul class="th-news__list">
                ${some.map((kind) => html`<li>${t(`together:new.${kind}`, { count: news[kind] })}</li>`)}
              </ul>`
      }
    </div>
    ${
      some.length === 0
        ? nothing
        : html`<div class="th-toolbar">
            <button type="button" class="th-link-button" id="news-show" @click=${show}>
              ${t("together:new.show")}
            </button>
            <button type="button" class="th-link-button" id="news-seen" @click=${seen}>
              ${t("together:new.seen")}
            </button>
          </div>`
    }
  </div>`;
}

export function newChip({ t, desk }: Drawing, entry: EntryView, stream: 0 | 1): View {
  if (!isNew(desk.state, entry, stream)) return nothing;
  return html`<span class="th-chip th-chip--info">${t("together:new.chip")}</span>`;
}

/** For the entry's element: what "Show" goes to. */
export const newMark = ({ desk }: Drawing, entry: EntryView, stream: 0 | 1): "" | typeof nothing =>
  isNew(desk.state, entry, stream) ? "" : nothing;

/** Beside the name of a part of the case. */
export function newCount({ t, desk }: Drawing, view: CaseView, tab: Tab): View {
  if (tab !== "conversation" && tab !== "notes") return nothing;
  const news = newsOf(desk.state, view);
  const count = tab === "notes" ? news.notes : news.messages + news.replies;
  if (count === 0) return nothing;
  return html` <span class="th-chip th-chip--info">${t("together:new.count", { count })}</span>`;
}

/** The open case has gone from the list; what was typed is still there to be copied. */
export function goneWarning({ t, desk }: Drawing): View {
  if (!desk.state.gone) return nothing;
  return html`<div class="th-notice" role="alert" id="case-gone">
    <p class="govuk-body govuk-!-margin-bottom-0">${t("together:gone")}</p>
  </div>`;
}

/** Whether the list keeps itself up to date, and what came. */
export function liveLine({ t, desk }: Drawing): View {
  const { live, arrived } = desk.state;
  return html`<p class="govuk-body-s th-quiet th-live" id="live" data-live=${live ? "on" : "off"}>
      ${t(live ? "together:live.on" : "together:live.off")}
    </p>
    <div role="status" aria-live="polite" id="arrived">
      ${
        arrived === 0
          ? nothing
          : html`<p class="govuk-body-s">
              <span class="th-chip th-chip--info">${t("together:arrived", { count: arrived })}</span>
            </p>`
      }
    </div>`;
}

function written({ t, desk }: Drawing, act: ActContent | null, text: string, linked: string): View {
  const person = (id: number): string => desk.state.open?.people.find((each) => each.id === id)?.name ?? `#${id}`;
  return html`${(act === null ? [] : actLines(act, t, { person, linked })).map(
    (line) => html`<p class="govuk-body-s govuk-!-margin-bottom-1 th-written" dir="auto">${line}</p>`,
  )}
  ${text === "" ? nothing : html`<div class="th-written" dir="auto">${text}</div>`}`;
}

export interface Form {
  /** What it is about, see client/act-things.ts. */
  thing: string;
  /** Where there are several forms about one thing. */
  form?: string;
  /** Something was typed or chosen in it. */
  begun: boolean;
  /** What would be written now, to stand beside what was; where the form itself shows it badly. */
  mine?: ActContent;
  /** Empties the form. */
  drop(): void;
  /** What going on with one's own means besides; null: one cannot. */
  goOn?: { words: string; act(): void } | null;
  /** Where the focus goes after the choice, as selectors. */
  focus: string[];
}

/** When somebody else wrote about the same thing since the form was begun: what, and whether to go on. */
export function overtakenBox(drawing: Drawing, { form, drop, goOn, focus, mine, ...about }: Form): View {
  const { t, desk } = drawing;
  const { state } = desk;
  if (state.open === null) return nothing;
  const draft = draftOf(state, state.open.listing.caseId);
  const name = form ?? about.thing;
  const theirs = overtakenBy(draft, state.open, { ...about, form: name });
  if (theirs === null) return nothing;
  const who = theirs.author?.id === state.me?.id ? t("console:case.you") : (theirs.author?.name ?? "");
  const choose = (act: () => void): void => {
    act();
    Object.assign(state, { problem: null, missing: {}, focus });
    desk.redraw();
  };
  const keepMine = (): void =>
    choose(() => {
      draft.bases[name] = theirs.seq;
      goOn?.act();
    });
  const dropMine = (): void =>
    choose(() => {
      drop();
      delete draft.bases[name];
    });
  return html`<div class="th-notice th-overtaken" role="alert" data-overtaken=${name}>
    <p class="govuk-body">
      <strong>${t("together:overtaken.title", { name: who })}</strong> ${t("together:overtaken.text")}
    </p>
    <div class=${mine === undefined ? "" : "th-overtaken__pair"}>
      <section>
        <h5 class="govuk-heading-s govuk-!-margin-bottom-1">${t("together:overtaken.theirs", { name: who })}</h5>
        ${written(drawing, theirs.act, theirs.text, theirs.linked)}
      </section>
      ${
        mine === undefined
          ? nothing
          : html`<section>
              <h5 class="govuk-heading-s govuk-!-margin-bottom-1">${t("together:overtaken.mine")}</h5>
              ${written(drawing, mine, "reason" in mine ? mine.reason : "", "")}
            </section>`
      }
    </div>
    <div class="govuk-button-group govuk-!-margin-bottom-0">
      ${
        goOn === null
          ? nothing
          : html`<button type="button" class="govuk-button govuk-button--secondary" data-go-on @click=${keepMine}>
              ${t(goOn?.words ?? "together:overtaken.goOn")}
            </button>`
      }
      <button type="button" class="govuk-button govuk-button--secondary" data-drop @click=${dropMine}>
        ${t("together:overtaken.drop")}
      </button>
    </div>
  </div>`;
}
