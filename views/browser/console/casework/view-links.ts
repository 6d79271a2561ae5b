/** Links between cases: a case is named in another only where nobody learns of it, which the keyholder decides. */
import { theDraft } from "../view-parts.ts";
import { html, nothing } from "lit/html.js";
import type { CaseView } from "../../client/case-view.ts";
import type { LinkView } from "../../client/case-work.ts";
import type { CaseListing } from "../../client/listing.ts";
import { select } from "../view-fields.ts";
import type { Drawing, View } from "../view-parts.ts";
import { complete, endingOf, isOpen, openForm, reasonField, workForm } from "./form.ts";
import { nameOf, teamIsUsable } from "./names.ts";

const titled = ({ name, title }: CaseListing): string => (title === "" ? name : `${name}: ${title}`);

/** This member's other cases that they have opened, without those that are linked already. */
function choices({ desk }: Drawing, { listing, work }: CaseView): CaseListing[] {
  const linked = new Set([listing.caseId, ...work.links.map(({ caseId }) => caseId)]);
  return (desk.state.listings ?? []).filter(({ caseId, gate }) => gate === "cleared" && !linked.has(caseId));
}

function linkForm(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const submit = async (): Promise<void> => {
    const other = fields["work-link"] ?? "";
    const reason = (fields["work-reason"] ?? "").trim();
    const missing = {
      "work-link": other === "" && "casework:missing.link",
      "work-reason": reason === "" && "casework:missing.reason",
    };
    if (!complete(drawing, missing)) return;
    const end = endingOf(drawing, "work");
    if (await desk.link(other, true, reason)) end(["#new-link", "#work-title"]);
  };
  return workForm(drawing, {
    id: "link-form",
    title: t("casework:links.new"),
    fields: html`${select(drawing, {
      id: "work-link",
      label: t("casework:links.which"),
      hint: t("casework:links.hint"),
      value: fields["work-link"] ?? "",
      options: [
        { value: "", label: t("casework:links.choose") },
        ...choices(drawing, view).map((listing) => ({ value: listing.caseId, label: titled(listing) })),
      ],
      take: (value) => (fields["work-link"] = value),
    })}
    ${reasonField(drawing, t("casework:reason"))}`,
    button: t("casework:links.keep"),
    submit,
    opener: "#new-link",
  });
}

function linkItem(drawing: Drawing, view: CaseView, { caseId, name, reason, by }: LinkView): View {
  const { t, desk } = drawing;
  const own = desk.state.listings?.find((each) => each.caseId === caseId);
  const takeAway = (): void => {
    desk.state.focus = ["#new-link"];
    void desk.link(caseId, false, "");
  };
  return html`<li class="th-task" data-link=${name}>
    ${
      own === undefined
        ? html`<div class="th-task__text">${name}</div>`
        : html`<button type="button" class="th-link-button th-task__text" @click=${() => void desk.choose(caseId)}>
            <bdi>${own.gate === "cleared" ? titled(own) : name}</bdi>
          </button>`
    }
    <div class="govuk-body-s th-quiet govuk-!-margin-bottom-0">
      ${t("casework:links.by", { name: nameOf(view, by) })} ${reason === "" ? nothing : html`<bdi>${reason}</bdi>`}
    </div>
    ${
      teamIsUsable(view)
        ? html`<div class="th-task__acts">
            <button
              type="button"
              class="th-link-button"
              data-unlink
              ?disabled=${desk.state.job !== null}
              @click=${takeAway}
            >
              ${t("casework:links.takeAway")}<span class="govuk-visually-hidden">: ${name}</span>
            </button>
          </div>`
        : nothing
    }
  </li>`;
}

export function linksPart(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { links } = view.work;
  return html`<section class="th-card" aria-labelledby="links-title">
    <h3 class="govuk-heading-m" id="links-title">${t("casework:links.title")}</h3>
    ${
      links.length === 0
        ? html`<p class="govuk-body th-quiet">${t("casework:links.none")}</p>`
        : html`<ul class="th-tasks">
            ${links.map((link) => linkItem(drawing, view, link))}
          </ul>`
    }
    ${
      !teamIsUsable(view)
        ? nothing
        : isOpen(drawing, "link")
          ? linkForm(drawing, view)
          : html`<button
              type="button"
              class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0"
              id="new-link"
              @click=${() => openForm(drawing, "link", "work-link")}
            >
              ${t("casework:links.add")}
            </button>`
    }
  </section>`;
}
