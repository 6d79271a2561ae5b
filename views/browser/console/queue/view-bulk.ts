/** Things done to many cases: what is selected, one question before it is done, how far it is, and what did not work. */
import { html, nothing } from "lit/html.js";
import { errorCodes, type ErrorCode } from "../../../../crypto/errors.ts";
import type { CaseListing } from "../../client/listing.ts";
import { spamDays } from "../../../../data/policy/spam.ts";
import { jobShown } from "../shown.ts";
import { problemBox, textArea, type Drawing, type View } from "../view-parts.ts";
import { statusOf } from "./facets.ts";
import { bulkFits } from "./queue-desk.ts";
import type { Bulk, BulkKind } from "./queue-state.ts";
import { titleText } from "./queue-words.ts";
import { shownPage, shownRows } from "./shown-rows.ts";
import { bulkKinds } from "./queue-state.ts";

function selectedOf({ desk }: Drawing): CaseListing[] {
  const { listings, queue } = desk.state;
  if (queue.selected.size === 0) return [];
  return (listings ?? []).filter(({ caseId }) => queue.selected.has(caseId));
}

export function bulkBar(drawing: Drawing): View {
  const { t, desk } = drawing;
  const selected = selectedOf(drawing);
  const { bulk } = desk.state.queue;
  if (bulk?.from === "list") return bulkView(drawing, bulk);
  if (selected.length === 0) return nothing;
  const ids = selected.map(({ caseId }) => caseId);
  const fitting = bulkKinds.filter((kind) => selected.some((listing) => isOffered(kind, listing)));
  return html`<div class="th-queue__bulk" role="region" aria-label=${t("queue:bulk.title")}>
    <p class="govuk-body govuk-!-margin-bottom-0" role="status">
      <strong>${t("queue:bulk.selected", { count: selected.length })}</strong>
    </p>
    ${fitting.map(
      (kind) =>
        html`<button
          type="button"
          class="govuk-button govuk-button--secondary"
          data-bulk=${kind}
          ?disabled=${desk.state.job !== null}
          @click=${() => desk.queue.startBulk(kind, ids)}
        >
          ${t(`queue:bulk.${kind}.start`)}
        </button>`,
    )}
    <button type="button" class="th-link-button" @click=${() => desk.queue.select(ids, false)}>
      ${t("queue:bulk.none")}
    </button>
  </div>`;
}

/** A case on hold is left out later, and why is said then. */
const isOffered = (kind: BulkKind, listing: CaseListing): boolean =>
  bulkFits(kind, listing) || (kind === "spam" && listing.hold && listing.phase !== "closed");

/** What was begun in a case is asked there, and in no other. */
export function bulkOfCase(drawing: Drawing): View {
  const { queue, chosen } = drawing.desk.state;
  const { bulk } = queue;
  return bulk?.from === "case" && bulk.wanted.some((id) => id === chosen) ? bulkView(drawing, bulk) : nothing;
}

function bulkView(drawing: Drawing, bulk: Bulk): View {
  switch (bulk.step) {
    case "asking":
      return askView(drawing, bulk);
    case "running":
      return runningView(drawing, bulk);
    case "over":
      return overView(drawing, bulk);
  }
}

const title = ({ t }: Drawing, { kind, wanted }: Bulk): View =>
  html`<h3 class="govuk-heading-m" id="bulk-title" tabindex="-1">
    ${t(`queue:bulk.${kind}.ask`, { count: wanted.length })}
  </h3>`;

/** Those that were selected and stay as they are. */
function leftOut(drawing: Drawing, { kind, wanted, from }: Bulk): View {
  const { t } = drawing;
  const others = selectedOf(drawing).filter(({ caseId }) => !wanted.includes(caseId));
  if (others.length === 0 || from === "case" || (kind !== "spam" && kind !== "restore")) return nothing;
  const why = (listing: CaseListing): string => {
    if (kind === "restore") return t("queue:left.notSpam");
    if (statusOf(listing) === "spam") return t("queue:left.spam");
    return t(listing.phase === "closed" ? "queue:left.closed" : "queue:left.held");
  };
  return html`<div class="th-notice" id="bulk-left">
    <p class="govuk-body govuk-!-margin-bottom-1">${t("queue:bulk.leftOut", { count: others.length })}</p>
    <ul class="govuk-list govuk-list--bullet govuk-!-margin-bottom-0">
      ${others.map((each) => html`<li><strong>${each.name}</strong>: ${why(each)}</li>`)}
    </ul>
  </div>`;
}

/** Nobody does something to cases that they do not see: where some are not on the screen, all are named. */
function namesOf(drawing: Drawing, { wanted, from }: Bulk): View {
  const { t, desk } = drawing;
  const shown = shownRows(drawing);
  if (shown === null || from === "case") return nothing;
  const seen = new Set(shownPage(drawing, shown).rows.map(({ caseId }) => caseId));
  if (wanted.every((caseId) => seen.has(caseId))) return nothing;
  const cases = desk.state.listings?.filter(({ caseId }) => wanted.includes(caseId)) ?? [];
  return html`<details class="govuk-details" id="bulk-cases" open>
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${t("queue:bulk.selected", { count: cases.length })}</span>
    </summary>
    <ul class="govuk-details__text govuk-list govuk-list--bullet">
      ${cases.map((each) => html`<li><strong>${each.name}</strong>: <bdi>${titleText(drawing, each)}</bdi></li>`)}
    </ul>
  </details>`;
}

function askView(drawing: Drawing, bulk: Bulk): View {
  const { t, desk } = drawing;
  const { kind, wanted } = bulk;
  const count = wanted.length;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void desk.queue.runBulk();
  };
  return html`<form class="th-card th-queue__ask" novalidate data-asking=${kind} @submit=${submit}>
    ${title(drawing, bulk)}
    <p class="govuk-body">${t(`queue:bulk.${kind}.lead`, { count: spamDays })}</p>
    ${namesOf(drawing, bulk)} ${leftOut(drawing, bulk)}
    ${textArea(drawing, {
      id: "bulk-reason",
      label: t("console:status.reason"),
      hint: t("console:status.reasonHint"),
      rows: 2,
      value: bulk.reason,
      take: (text) => (bulk.reason = text),
    })}
    ${
      kind === "spam"
        ? textArea(drawing, {
            id: "bulk-tell",
            label: t("queue:bulk.tell"),
            hint: t("queue:bulk.tellHint"),
            rows: 2,
            value: bulk.tell,
            take: (text) => (bulk.tell = text),
          })
        : nothing
    }
    <div class="th-toolbar govuk-!-margin-bottom-0">
      ${
        count === 0
          ? nothing
          : html`<button class="govuk-button ${kind === "spam" ? "govuk-button--warning" : ""}" id="bulk-run">
              ${t(`queue:bulk.${kind}.run`, { count })}
            </button>`
      }
      <button type="button" class="th-link-button" @click=${() => desk.queue.endBulk()}>
        ${t("queue:bulk.cancel")}
      </button>
    </div>
  </form>`;
}

function runningView(drawing: Drawing, { kind, done, wanted, stopped }: Bulk): View {
  const { t, desk } = drawing;
  // One mailbox is muted in a moment.
  if (wanted.length === 1 && (kind === "mute" || kind === "unmute")) return nothing;
  const cancel = jobShown(desk.state, "queue")?.cancel ?? null;
  return html`<div class="th-card th-queue__ask" role="region" aria-labelledby="bulk-title">
    <h3 class="govuk-heading-m" id="bulk-title" tabindex="-1">${t(`queue:bulk.${kind}.running`)}</h3>
    <progress class="th-progress" aria-labelledby="bulk-title" .value=${done} max=${wanted.length}></progress>
    <p class="th-progress__text">${t("queue:bulk.amount", { done, all: wanted.length })}</p>
    ${
      stopped
        ? html`<p class="govuk-body-s govuk-!-margin-bottom-0" role="status">${t("queue:bulk.stopping")}</p>`
        : html`<button
            type="button"
            class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0"
            id="bulk-stop"
            ?disabled=${cancel === null}
            @click=${() => cancel?.()}
          >
            ${t("queue:bulk.stop")}
          </button>`
    }
  </div>`;
}

function whyText({ t }: Drawing, why: Bulk["failed"][number]["why"]): string {
  return (errorCodes as readonly string[]).includes(why)
    ? t(`errors:${why as ErrorCode}.what`)
    : t(`queue:left.${why}`);
}

/** What was done, what was not and why. Those that were not stay selected. */
function overView(drawing: Drawing, { kind, from, done, wanted, failed }: Bulk): View {
  const { t, desk } = drawing;
  const untouched = wanted.length - done;
  const worked = done - failed.length;
  return html`<div class="th-card th-queue__ask" role="region" aria-labelledby="bulk-title" id="bulk-over">
    <h3 class="govuk-heading-m" id="bulk-title" tabindex="-1">${t(`queue:bulk.${kind}.over`, { count: worked })}</h3>
    ${problemBox(drawing, "queue")}
    ${untouched === 0 ? nothing : html`<p class="govuk-body">${t("queue:bulk.untouched", { count: untouched })}</p>`}
    ${
      failed.length === 0
        ? nothing
        : html`<p class="govuk-body govuk-!-margin-bottom-1">${t("queue:bulk.failed", { count: failed.length })}</p>
            <ul class="govuk-list govuk-list--bullet">
              ${failed.map(({ name, why }) => html`<li><strong>${name}</strong>: ${whyText(drawing, why)}</li>`)}
            </ul>`
    }
    ${from === "case" ? nothing : html`<p class="govuk-body-s th-quiet">${t("queue:bulk.stillSelected")}</p>`}
    <button type="button" class="govuk-button govuk-!-margin-bottom-0" @click=${() => desk.queue.endBulk()}>
      ${t("queue:bulk.close")}
    </button>
  </div>`;
}
