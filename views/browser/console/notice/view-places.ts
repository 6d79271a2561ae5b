/** Where the notice hangs, and the evidence for it. */
import { keyed } from "lit/directives/keyed.js";
import { html, nothing } from "lit/html.js";
import { dayText, type View } from "../view-parts.ts";
import type { PostingView } from "./notice-desk.ts";
import { button, field, table, versionField, type Shown } from "./parts.ts";

export function placesView(shown: Shown): View {
  const { t, view } = shown;
  const heads = ["place", "version", "posted", "checked", "by", "photo"].map((head) => t(`noticedesk:places.${head}`));
  return html`<section class="th-card" aria-labelledby="places-title">
    <h2 class="govuk-heading-m" id="places-title">${t("noticedesk:places.title")}</h2>
    ${
      view.postings.length === 0
        ? html`<p class="govuk-body">${t("noticedesk:places.none")}</p>`
        : table(
            t("noticedesk:places.table"),
            heads,
            view.postings.map((posting) => rowOf(shown, posting)),
          )
    }
    ${addView(shown)}
  </section>`;
}

function rowOf(shown: Shown, posting: PostingView) {
  const { t, lang, notice, view } = shown;
  const { place, version, postedOn, checkedOn, by, photoSha256, removedOn } = posting;
  const isOld = removedOn === null && version !== view.versions.at(-1)?.number;
  return html`<tr class="govuk-table__row" data-place=${place}>
    <th scope="row" class="govuk-table__header">
      <bdi>${place}</bdi>
      ${removedOn === null ? nothing : html`<span class="th-chip th-block">${t("noticedesk:places.gone", { day: dayText(lang, removedOn) })}</span>`}
      ${isOld ? html`<span class="th-chip th-block th-chip--late">${t("noticedesk:places.old")}</span>` : nothing}
    </th>
    <td class="govuk-table__cell">${version}</td>
    <td class="govuk-table__cell">${dayText(lang, postedOn)}</td>
    <td class="govuk-table__cell">
      ${dayText(lang, checkedOn)}
      ${
        removedOn !== null
          ? nothing
          : html`<div class="th-small-buttons">
              ${button(shown, {
                label: t("noticedesk:places.checkNow"),
                said: t("noticedesk:places.checkNowOf", { place }),
                act: () => notice.changePlace(posting, { checkedOn: view.today }),
                look: "small",
              })}
              ${button(shown, {
                label: t("noticedesk:places.takeDown"),
                said: t("noticedesk:places.takeDownOf", { place }),
                act: () => notice.changePlace(posting, { removedOn: view.today }),
                look: "small",
              })}
            </div>`
      }
    </td>
    <td class="govuk-table__cell"><bdi>${by}</bdi></td>
    <td class="govuk-table__cell th-notices__hash">${photoSha256 ?? nothing}</td>
  </tr>`;
}

function addView(shown: Shown): View {
  const { t, notice, view } = shown;
  const { photo } = notice.state;
  return html`<fieldset class="govuk-fieldset th-card govuk-!-margin-bottom-0">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">${t("noticedesk:places.add")}</legend>
    ${field(shown, { id: "place-name", label: t("noticedesk:places.place"), type: "text" })}
    ${versionField(shown, "place-version", t("noticedesk:places.version"))}
    ${field(shown, { id: "place-since", label: t("noticedesk:places.posted"), type: "date", value: view.today })}
    ${field(shown, { id: "place-by", label: t("noticedesk:places.by"), type: "text" })}
    <div class="govuk-form-group">
      <label class="govuk-label" for="place-photo">${t("noticedesk:places.photo")}</label>
      <div class="govuk-hint" id="place-photo-hint">${t("noticedesk:places.photoHint")}</div>
      ${keyed(
        notice.state.places,
        html`<input
          class="govuk-file-upload"
          type="file"
          id="place-photo"
          accept="image/*"
          aria-describedby="place-photo-hint"
          @change=${(event: Event) => void notice.takePhoto((event.target as HTMLInputElement).files?.[0] ?? null)}
        />`,
      )}
      ${photo === null ? nothing : html`<p class="th-notices__hash" role="status">${t("noticedesk:places.photoTaken", { digest: photo })}</p>`}
    </div>
    ${button(shown, { id: "place-add", label: t("noticedesk:places.addButton"), act: () => notice.addPlace() })}
  </fieldset>`;
}
