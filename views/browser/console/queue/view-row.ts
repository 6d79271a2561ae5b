/** One case of the list: columns where there is room, a card where there is none. */
import { html, nothing } from "lit/html.js";
import type { CaseListing } from "../../client/listing.ts";
import { keepingChip } from "../view-keep.ts";
import { categoryText, dayText, phaseChip, type Drawing, type View } from "../view-parts.ts";
import { newMessages, statusOf, type Looking } from "./facets.ts";
import { dueWords, personName, titleText } from "./queue-words.ts";

/** The word, the colour and the shape say the same; a screen reader gets the whole sentence. */
function dueCell(drawing: Drawing, listing: CaseListing, looking: Looking): View {
  const due = dueWords(drawing, listing, looking);
  if (due === null) return html`<div role="gridcell" class="th-listed__due"></div>`;
  return html`<div role="gridcell" class="th-listed__due">
    <span class="govuk-visually-hidden">${due.full}</span>
    <span aria-hidden="true" class="th-next th-next--${due.looks}">
      ${due.short === "" ? nothing : html`<span class="th-next__word">${due.short}</span>`}
      <span class="th-next__day">${due.day}</span>
    </span>
  </div>`;
}

const chip = (looks: string, words: string): View => html`<span class="th-chip ${looks}">${words}</span>`;

function chips(drawing: Drawing, listing: CaseListing): View {
  const { t } = drawing;
  const { urgent, hold, muted, severity, unread } = listing;
  const fresh = newMessages(listing);
  return html`${fresh > 0 ? chip("th-chip--late", t("console:list.unread", { count: fresh })) : nothing}
  ${urgent ? chip("th-chip--late", t("console:list.urgent")) : nothing}
  ${
    severity === "critical" || severity === "high"
      ? chip("th-chip--soon", t("queue:row.severity", { level: t(`work:severity.${severity}`) }))
      : nothing
  }
  ${hold ? chip("th-chip--soon", t("console:list.hold")) : nothing}
  ${muted ? chip("", unread > 0 ? t("queue:row.mutedNew", { count: unread }) : t("queue:row.muted")) : nothing}
  ${keepingChip(drawing, listing)}`;
}

function statusCell({ t }: Drawing, listing: CaseListing): View {
  if (listing.gate === "undeclared") return html`<div role="gridcell" class="th-listed__status"></div>`;
  return html`<div role="gridcell" class="th-listed__status">
    ${statusOf(listing) === "spam" ? chip("", t("queue:filter.status.spam")) : phaseChip(t, listing.phase)}
  </div>`;
}

function assigneeCell(drawing: Drawing, { gate, assignee }: CaseListing): View {
  if (gate === "undeclared") return html`<div role="gridcell" class="th-listed__who"></div>`;
  const name = assignee === null ? drawing.t("queue:filter.assignee.nobody") : personName(drawing, assignee);
  return html`<div role="gridcell" class="th-listed__who ${assignee === null ? "th-quiet" : ""}">
    <bdi>${name}</bdi>
  </div>`;
}

function selectCell({ t, desk }: Drawing, { gate, caseId, name }: CaseListing): View {
  // Nothing is done to a case before its reader said whether they have a conflict.
  if (gate === "undeclared") return html`<div role="gridcell" class="th-listed__select"></div>`;
  const { selected } = desk.state.queue;
  return html`<div role="gridcell" class="th-listed__select">
    <input
      type="checkbox"
      class="th-listed__box"
      tabindex="-1"
      aria-label=${t("queue:row.select", { name })}
      .checked=${selected.has(caseId)}
      @click=${(event: Event) => event.stopPropagation()}
      @change=${(event: Event) => desk.queue.select([caseId], (event.target as HTMLInputElement).checked)}
    />
  </div>`;
}

function muteCell({ t, desk }: Drawing, { gate, muted, caseId, name }: CaseListing): View {
  if (gate === "undeclared") return html`<div role="gridcell" class="th-listed__mute"></div>`;
  const click = (event: Event): void => {
    event.stopPropagation();
    void desk.queue.mute(caseId, !muted);
  };
  return html`<div role="gridcell" class="th-listed__mute ${muted ? "th-listed__mute--on" : ""}">
    <button
      type="button"
      class="th-link-button"
      tabindex="-1"
      ?disabled=${desk.state.job !== null}
      aria-label=${t(muted ? "queue:row.unmuteOf" : "queue:row.muteOf", { name })}
      @click=${click}
    >
      ${t(muted ? "queue:row.unmute" : "queue:row.mute")}
    </button>
  </div>`;
}

function titleCell(drawing: Drawing, listing: CaseListing): View {
  const { t, lang } = drawing;
  const { name, receivedOn, gate } = listing;
  return html`<div role="gridcell" class="th-listed__what">
    <button type="button" class="th-listed__title ${gate === "undeclared" ? "th-quiet" : ""}" tabindex="-1">
      <bdi>${titleText(drawing, listing)}</bdi>
    </button>
    <span class="th-listed__meta">
      <span class="th-nowrap">${name}</span>
      <span class="th-nowrap">${t("console:list.received", { day: dayText(lang, receivedOn) })}</span>
    </span>
    <span class="th-chips">${chips(drawing, listing)}</span>
  </div>`;
}

export interface RowPlace {
  looking: Looking;
  /** 1 for the first of all that fit. */
  number: number;
  isActive: boolean;
}

export function rowView(drawing: Drawing, listing: CaseListing, { looking, number, isActive }: RowPlace): View {
  const { t, desk } = drawing;
  const { caseId, category, tags } = listing;
  const { chosen, queue } = desk.state;
  const open = (): void => {
    queue.at = caseId;
    void desk.choose(caseId);
  };
  return html`<div
    role="row"
    class="th-case th-listed"
    data-gate=${listing.gate}
    data-case=${caseId}
    data-unread=${newMessages(listing) > 0 ? "yes" : nothing}
    aria-rowindex=${number + 1}
    aria-selected=${listing.gate === "undeclared" ? nothing : queue.selected.has(caseId) ? "true" : "false"}
    aria-current=${chosen === caseId ? "true" : nothing}
    tabindex=${isActive ? "0" : "-1"}
    @click=${open}
    @focusin=${() => (queue.at = caseId)}
  >
    ${selectCell(drawing, listing)} ${dueCell(drawing, listing, looking)} ${titleCell(drawing, listing)}
    <div role="gridcell" class="th-listed__category">${category === "" ? nothing : categoryText(t, category)}</div>
    ${assigneeCell(drawing, listing)} ${statusCell(drawing, listing)}
    <div role="gridcell" class="th-listed__tags">
      ${tags.map((tag) => html`<span class="th-chip"><bdi>${tag}</bdi></span>`)}
    </div>
    ${muteCell(drawing, listing)}
  </div>`;
}
