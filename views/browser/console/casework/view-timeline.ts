/** Everything of a case in one list, oldest first. */
import { html, nothing } from "lit/html.js";
import { actLines } from "../../client/act-words.ts";
import { timelineKinds, timelineOf, type TimelineItem } from "../../client/case-timeline.ts";
import type { CaseView, EntryView } from "../../client/case-view.ts";
import { dayText, type Drawing, type View } from "../view-parts.ts";
import { newChip } from "../view-together.ts";
import { authorText, nameOf, namesText } from "./names.ts";
import { callMarks } from "./view-notes.ts";

const shortText = 280; // characters; what is longer unfolds

interface Told {
  title: string;
  /** "": nobody is named. */
  by: string;
  lines: string[];
  text: string;
}

function toldOfEntry(drawing: Drawing, view: CaseView, entry: EntryView): Told {
  const { t } = drawing;
  const by = authorText(drawing, entry.author);
  const { text } = entry;
  switch (entry.kind) {
    case "message":
      return { title: t("casework:timeline.message"), by, lines: purposeLines(drawing, entry), text };
    case "reply":
      return { title: t("casework:timeline.reply"), by, lines: replyLines(drawing, entry), text };
    case "note":
      return { title: t("casework:timeline.note"), by, lines: [], text };
    case "act": {
      const names = { person: (id: number) => nameOf(view, id), linked: entry.linked };
      const [title = "", ...lines] = entry.act === null ? [] : actLines(entry.act, t, names);
      return { title, by, lines, text };
    }
    case "rekey":
      return { title: t("work:keys.rekey", { names: namesText(entry.readersNow) }), by: "", lines: [], text };
    case "teamrekey":
      return {
        title: t("work:keys.teamrekey", { name: by, names: namesText(entry.readersNow) }),
        by: "",
        lines: [],
        text,
      };
    case "team":
      return { title: t("console:notes.team", { name: by }), by: "", lines: [], text };
    case "damaged":
    case "report":
      return { title: t("common:damagedEntry"), by: "", lines: [], text };
  }
}

const purposeLines = ({ t }: Drawing, { purpose }: EntryView): string[] =>
  purpose === null ? [] : [t(`console:case.purpose.${purpose}`)];

function replyLines({ t, lang }: Drawing, { status, duty, updateBy }: EntryView): string[] {
  return [
    ...(status === null ? [] : [t("console:case.toldStatus", { phase: t(`console:phase.${status}`) })]),
    ...(duty === null ? [] : [t(`console:case.duty.${duty}`)]),
    ...(updateBy === null ? [] : [t("console:case.promised", { day: dayText(lang, updateBy) })]),
  ];
}

function toldOf(drawing: Drawing, view: CaseView, { entry }: TimelineItem): Told {
  if (entry !== null) return toldOfEntry(drawing, view, entry);
  const { t } = drawing;
  return {
    title: t("casework:timeline.report"),
    by: t("console:case.reporter"),
    lines: [view.work.title].filter((each) => each !== ""),
    text: "",
  };
}

/** All of a long text is there, folded away. */
function written({ t }: Drawing, text: string): View {
  if (text === "") return nothing;
  if (text.length <= shortText) return html`<div class="th-written">${text}</div>`;
  return html`<details class="th-fold">
    <summary>
      <span class="th-written">${text.slice(0, shortText)}…</span>
      <span class="th-fold__more">${t("casework:timeline.more")}</span>
    </summary>
    <div class="th-written">${text}</div>
  </details>`;
}

function dayLine({ t, lang }: Drawing, view: CaseView, { entry, day }: TimelineItem): View {
  const received = entry === null ? t("console:list.received", { day: dayText(lang, view.listing.receivedOn) }) : null;
  if (received === null && day === null) return nothing;
  return html`<p class="moj-timeline__date">${received ?? dayText(lang, day!)}</p>`;
}

function item(drawing: Drawing, view: CaseView, of: TimelineItem): View {
  const { t } = drawing;
  const { title, by, lines, text } = toldOf(drawing, view, of);
  return html`<li class="moj-timeline__item th-timeline__item" data-kind=${of.kind}>
    <div class="moj-timeline__header">
      <h4 class="moj-timeline__title" dir="auto">${title}</h4>
      ${of.entry === null ? nothing : newChip(drawing, of.entry, of.stream)}
      ${by === "" ? nothing : html`<p class="moj-timeline__byline">${t("casework:timeline.by", { name: by })}</p>`}
    </div>
    ${dayLine(drawing, view, of)}
    ${
      lines.length === 0 && text === "" && (of.entry?.files.length ?? 0) === 0
        ? nothing
        : html`<div class="moj-timeline__description">
            ${lines.map((line) => html`<p class="govuk-body-s govuk-!-margin-bottom-1" dir="auto">${line}</p>`)}
            ${written(drawing, text)}
            ${
              of.entry === null || of.entry.files.length === 0
                ? nothing
                : html`<p class="govuk-body-s th-quiet govuk-!-margin-bottom-0">
                    ${t("casework:timeline.files", { count: of.entry.files.length })}
                  </p>`
            }
          </div>`
    }
    ${of.entry === null ? nothing : callMarks(drawing, of.entry)}
  </li>`;
}

export function timelineTab(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { timeline: chosen } = desk.state;
  const all = timelineOf(view);
  const shown = all.filter(({ kind }) => chosen === "all" || kind === chosen);
  return html`<section aria-labelledby="timeline-title">
    <h3 class="govuk-heading-m" id="timeline-title">${t("casework:timeline.title")}</h3>
    <p class="govuk-body">${t("casework:timeline.lead")}</p>
    <div class="th-filter" role="group" aria-label=${t("casework:timeline.filter")}>
      ${(["all", ...timelineKinds] as const).map(
        (kind) =>
          html`<button
            type="button"
            class="th-filter__choice"
            data-show=${kind}
            aria-pressed=${chosen === kind ? "true" : "false"}
            @click=${() => {
              desk.state.timeline = kind;
              desk.redraw();
            }}
          >
            ${t(`casework:timeline.kind.${kind}`)}
            <span class="th-filter__count">${all.filter((each) => kind === "all" || each.kind === kind).length}</span>
          </button>`,
      )}
    </div>
    ${
      shown.length === 0
        ? html`<p class="govuk-body th-quiet">${t("casework:timeline.none")}</p>`
        : html`<ol class="moj-timeline th-timeline">
            ${shown.map((each) => item(drawing, view, each))}
          </ol>`
    }
  </section>`;
}
