/** Who works on a case, how serious it is, what it is called and filed under, and everything else that is to be done. */
import { html, nothing } from "lit/html.js";
import { longestTag, longestTitle, severities, type Severity } from "../../../../crypto/work-acts.ts";
import type { CaseView } from "../../client/case-view.ts";
import { field, radios, select } from "../view-fields.ts";
import {
  categoryText,
  type Drawing,
  jobBar,
  missingText,
  personText,
  problemBox,
  theDraft,
  type View,
} from "../view-parts.ts";
import { complete, isOpen, keep, openForm, reasonField, workForm } from "./form.ts";
import { nameOrYou, workers, teamIsUsable } from "./names.ts";
import { checkInsPart } from "./view-check-ins.ts";
import { linksPart } from "./view-links.ts";
import { tasksPart } from "./view-tasks.ts";

interface Row {
  id: string;
  label: string;
  value: View | string;
  actions: View;
}

const row = ({ id, label, value, actions }: Row): View =>
  html`<div class="govuk-summary-list__row" data-work=${id}>
    <dt class="govuk-summary-list__key">${label}</dt>
    <dd class="govuk-summary-list__value">${value}</dd>
    <dd class="govuk-summary-list__actions">${actions}</dd>
  </div>`;

/** Opens a form, or does something at once. */
function link(drawing: Drawing, id: string, words: string, label: string, act: () => void): View {
  return html`<button
    type="button"
    class="th-link-button"
    id=${id}
    ?disabled=${drawing.desk.state.job !== null}
    @click=${act}
  >
    ${drawing.t(words)}<span class="govuk-visually-hidden">: ${label}</span>
  </button>`;
}

function assigneeRow(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { assignee } = view.work;
  const me = desk.state.me?.id ?? null;
  const label = t("casework:assign.label");
  const take = (): void => {
    desk.state.focus = ["#assign"];
    void desk.act("work", "casework:done.taken", { act: "assign", to: me, reason: "" });
  };
  const mayTake = assignee !== me && workers(view).some(({ id }) => id === me);
  return row({
    id: "assign",
    label,
    value: assignee === null ? t("casework:bar.nobody") : html`<bdi>${nameOrYou(drawing, view, assignee)}</bdi>`,
    actions: html`${mayTake ? link(drawing, "take", "casework:assign.take", label, take) : nothing}
    ${link(drawing, "assign", "casework:change", label, () =>
      openForm(drawing, "assign", "work-to", { "work-to": assignee === null ? "" : String(assignee) }),
    )}`,
  });
}

function assignForm(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const submit = (): Promise<void> => {
    const to = fields["work-to"] ?? "";
    const draft = { act: "assign" as const, to: to === "" ? null : Number(to), reason: fields["work-reason"] ?? "" };
    return keep(drawing, "casework:done.assigned", draft, ["#assign"]);
  };
  return workForm(drawing, {
    id: "assign-form",
    about: "assign",
    title: t("casework:assign.title"),
    fields: html`${select(drawing, {
      id: "work-to",
      label: t("casework:assign.to"),
      hint: t("casework:assign.hint"),
      value: fields["work-to"] ?? "",
      options: [
        { value: "", label: t("casework:assign.nobody") },
        ...workers(view).map((person) => ({ value: String(person.id), label: personText(person) })),
      ],
      take: (value) => (fields["work-to"] = value),
    })}
    ${reasonField(drawing, t("casework:reasonMaybe"))}`,
    button: t("casework:keep"),
    submit,
    opener: "#assign",
  });
}

/** The choice that has the focus first: the one that is chosen. */
const levelId = (level: Severity | null): string =>
  level === null || level === severities[0] ? "work-level" : `work-level-${level}`;

function severityForm(drawing: Drawing): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const submit = async (): Promise<void> => {
    const level = severities.find((each) => each === fields["work-level"]);
    const reason = (fields["work-reason"] ?? "").trim();
    const missing = {
      "work-level": level === undefined && "casework:missing.level",
      "work-reason": reason === "" && "casework:missing.reason",
    };
    if (!complete(drawing, missing)) return;
    await keep(drawing, "casework:done.severity", { act: "severity", level: level!, reason }, ["#severity"]);
  };
  return workForm(drawing, {
    id: "severity-form",
    about: "severity",
    title: t("casework:severity.title"),
    fields: html`${radios(drawing, {
      id: "work-level",
      legend: t("casework:severity.legend"),
      value: fields["work-level"] ?? "",
      inline: true,
      choices: severities.map((value) => ({ value, label: t(`work:severity.${value}`) })),
    })}
    ${reasonField(drawing, t("casework:reason"))}`,
    button: t("casework:keep"),
    submit,
    opener: "#severity",
  });
}

function describeForm(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const now = fields["work-category"] ?? "";
  const listed = view.report.categories.map(({ value, labelKey }) => ({
    value,
    label: t(`questionnaires:${labelKey}`),
  }));
  const own = listed.some(({ value }) => value === now)
    ? []
    : [{ value: now, label: now === "" ? t("casework:describe.none") : categoryText(t, now) }];
  const submit = async (): Promise<void> => {
    const title = (fields["work-name"] ?? "").trim();
    const missing = {
      "work-name":
        title === "" ? "casework:missing.title" : title.length > longestTitle && "casework:missing.titleLong",
    };
    if (!complete(drawing, missing)) return;
    await keep(drawing, "casework:done.described", { act: "describe", title, category: now }, ["#describe"]);
  };
  return workForm(drawing, {
    id: "describe-form",
    about: "describe",
    title: t("casework:describe.title"),
    fields: html`${field(drawing, {
      id: "work-name",
      type: "text",
      label: t("casework:describe.name"),
      hint: t("casework:describe.nameHint"),
      value: fields["work-name"] ?? "",
    })}
    ${select(drawing, {
      id: "work-category",
      label: t("casework:describe.category"),
      hint: t("casework:describe.categoryHint"),
      value: now,
      options: [...own, ...listed],
      take: (value) => (fields["work-category"] = value),
    })}`,
    button: t("casework:keep"),
    submit,
    opener: "#describe",
  });
}

function muteRow(drawing: Drawing, { work }: CaseView): View {
  const { t, desk } = drawing;
  const label = t("casework:mute.label");
  const turn = (): void => {
    desk.state.focus = ["#mute"];
    const done = work.muted ? "casework:done.heard" : "casework:done.muted";
    void desk.act("work", done, { act: "mute", on: !work.muted, reason: "" });
  };
  return row({
    id: "mute",
    label,
    value: t(work.muted ? "casework:mute.on" : "casework:mute.off"),
    actions: link(drawing, "mute", work.muted ? "casework:mute.hear" : "casework:mute.mute", label, turn),
  });
}

/** All tags that this member's other cases have and this one has not. */
function knownTags({ desk }: Drawing, { work }: CaseView): string[] {
  const all = new Set((desk.state.listings ?? []).flatMap(({ tags }) => tags));
  return [...all].filter((tag) => !work.tags.includes(tag)).toSorted((a, b) => a.localeCompare(b));
}

async function addTag(drawing: Drawing, view: CaseView): Promise<void> {
  const { desk } = drawing;
  const draft = theDraft(drawing);
  const { fields } = draft;
  const typed = fields["tag-new"] ?? "";
  const tag = typed.trim().replace(/\s+/g, " ");
  const wrong =
    tag === ""
      ? "casework:missing.tag"
      : tag.length > longestTag
        ? "casework:missing.tagLong"
        : view.work.tags.includes(tag) && "casework:missing.tagThere";
  if (!complete(drawing, { "tag-new": wrong })) return;
  if ((await desk.act("work", "casework:done.tagged", { act: "tag", tag, on: true })) && fields["tag-new"] === typed)
    delete fields["tag-new"];
  if (theDraft(drawing) === draft) desk.state.focus = ["#tag-new"];
  desk.redraw();
}

function tagList(drawing: Drawing, { work: { tags } }: CaseView): View {
  const { t, desk } = drawing;
  if (tags.length === 0) return html`<p class="govuk-body th-quiet">${t("casework:tags.none")}</p>`;
  const takeOff = (tag: string): void => {
    desk.state.focus = ["#tag-new"];
    void desk.act("work", "casework:done.untagged", { act: "tag", tag, on: false });
  };
  return html`<ul class="th-chips govuk-!-margin-bottom-3">
    ${tags.map(
      (tag) =>
        html`<li class="th-chip th-chip--info th-tag" data-tag=${tag}>
          <bdi>${tag}</bdi>
          <button
            type="button"
            class="th-tag__off"
            ?disabled=${desk.state.job !== null}
            aria-label=${t("casework:tags.takeOff", { tag })}
            @click=${() => takeOff(tag)}
          >
            <span aria-hidden="true">×</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/** Typed with what the other cases of this member have as suggestions: nobody else's leave the browser. */
function tagsPart(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const add = (event: SubmitEvent): void => {
    event.preventDefault();
    void addTag(drawing, view);
  };
  const wrong = desk.state.missing["tag-new"] !== undefined;
  return html`<section class="th-card" aria-labelledby="tags-title">
    <h3 class="govuk-heading-m" id="tags-title">${t("casework:tags.title")}</h3>
    ${tagList(drawing, view)}
    ${
      teamIsUsable(view)
        ? html`<form
            novalidate
            class="govuk-form-group govuk-!-margin-bottom-0 ${wrong ? "govuk-form-group--error" : ""}"
            id="tag-form"
            @submit=${add}
          >
            <label class="govuk-label" for="tag-new">${t("casework:tags.new")}</label>
            ${missingText(drawing, "tag-new")}
            <div class="th-work-line">
              <input
                class="govuk-input govuk-input--width-20"
                type="text"
                id="tag-new"
                list="known-tags"
                dir="auto"
                autocomplete="off"
                aria-describedby=${wrong ? "tag-new-error" : nothing}
                aria-invalid=${wrong ? "true" : nothing}
                .value=${fields["tag-new"] ?? ""}
                @input=${(event: InputEvent) => (fields["tag-new"] = (event.target as HTMLInputElement).value)}
              />
              <datalist id="known-tags">
                ${knownTags(drawing, view).map((tag) => html`<option value=${tag}></option>`)}
              </datalist>
              <button class="govuk-button govuk-button--secondary" ?disabled=${desk.state.job !== null}>
                ${t("casework:tags.add")}
              </button>
            </div>
          </form>`
        : nothing
    }
  </section>`;
}

function summary(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { severity, title, category } = view.work;
  const filed = category || view.listing.category;
  return html`<dl class="govuk-summary-list th-work-list">
    ${assigneeRow(drawing, view)}
    ${row({
      id: "severity",
      label: t("casework:severity.label"),
      value: severity === null ? t("casework:severity.none") : t(`work:severity.${severity}`),
      actions: link(drawing, "severity", "casework:change", t("casework:severity.label"), () =>
        openForm(drawing, "severity", levelId(severity), severity === null ? {} : { "work-level": severity }),
      ),
    })}
    ${row({
      id: "describe",
      label: t("casework:describe.label"),
      value: html`<bdi>${title === "" ? t("console:list.untitled") : title}</bdi>
        ${filed === "" ? nothing : html`<span class="th-quiet th-block">${categoryText(t, filed)}</span>`}`,
      actions: link(drawing, "describe", "casework:change", t("casework:describe.label"), () =>
        openForm(drawing, "describe", "work-name", { "work-name": title, "work-category": filed }),
      ),
    })}
    ${muteRow(drawing, view)}
  </dl>`;
}

function openedForm(drawing: Drawing, view: CaseView): View {
  if (isOpen(drawing, "assign")) return assignForm(drawing, view);
  if (isOpen(drawing, "severity")) return severityForm(drawing);
  return isOpen(drawing, "describe") ? describeForm(drawing, view) : nothing;
}

export function workTab(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { work: form } = theDraft(drawing).openForms;
  return html`<h3 class="govuk-heading-m" id="work-title" tabindex="-1">${t("casework:title")}</h3>
    <p class="govuk-body">${t("casework:lead")}</p>
    ${form === "" ? html`${problemBox(drawing, "work")} ${jobBar(drawing, "work")}` : nothing}
    <section class="th-card" aria-label=${t("casework:title")}>
      ${summary(drawing, view)} ${teamIsUsable(view) ? openedForm(drawing, view) : nothing}
    </section>
    ${tasksPart(drawing, view)} ${tagsPart(drawing, view)} ${linksPart(drawing, view)} ${checkInsPart(drawing, view)}`;
}
