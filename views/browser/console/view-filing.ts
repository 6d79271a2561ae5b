/** Reports to authorities: drafts, amendments, and the proof of what somebody filed by hand. Nothing is sent from here. */
import { endingOf } from "./casework/form.ts";
import { teamIsUsable } from "./casework/names.ts";
import { mostFilingDate, mostFilingText } from "../../../crypto/team-content.ts";
import { newId } from "./new-id.ts";
import { html, nothing } from "lit/html.js";
import type { CaseView } from "../client/case-view.ts";
import type { FilingView } from "../client/case-duties.ts";
import { hasBegun, instantOf, ownToday, ownZone } from "./own-time.ts";
import { copyText } from "./copy-text.ts";
import { endForm, turnToForm } from "./small-forms.ts";
import { momentText, rowTitle } from "./view-clock.ts";
import { overtakenBox } from "./view-together.ts";
import { field, fileChoice, radios } from "./view-fields.ts";
import { fileList } from "./view-files.ts";
import { type Drawing, jobBar, problemBox, textArea, theDraft, type View } from "./view-parts.ts";

const yesNo = ["yes", "no", "unsure"] as const;

type Form = "new" | "edit" | "amend" | "proof";
const formOf = (form: Form, filing: FilingView | null): string => `filing:${form}:${filing?.id ?? ""}`;

/** Where the focus goes back to: what opened a form, or the card of what was kept. */
const openerOf = (form: string): string => {
  const [, name, id] = form.split(":");
  return name === "new" ? "#new-filing" : `[data-filing="${id}"] [data-act="${name}"]`;
};
const cardOf = (id: string): string => `[data-filing="${id}"] h4`;

/** `focus`: selectors; the first that is there gets it. */
function close(drawing: Drawing, focus: string[]): void {
  const { state } = drawing.desk;
  endForm(theDraft(drawing), "filing");
  Object.assign(state, { missing: {}, focus });
  drawing.desk.redraw();
}

function open(drawing: Drawing, form: string, focus: string, first: Record<string, string> = {}): void {
  const { state } = drawing.desk;
  turnToForm(theDraft(drawing), "filing", form, first);
  Object.assign(state, { missing: {}, focus: [focus] });
  drawing.desk.redraw();
}

/** Opens the form with what is known of a filing; an amendment begins with the words of what it amends. */
function edit(drawing: Drawing, form: Exclude<Form, "proof">, filing: FilingView | null): void {
  open(drawing, formOf(form, filing), "#filing-recipient", {
    "filing-id": filing === null || form === "amend" ? newId() : filing.id,
    "filing-amends": (form === "amend" ? filing?.id : filing?.amends) ?? "",
    "filing-recipient": filing?.recipient ?? "",
    "filing-deadlines": (filing?.deadlines ?? []).join(" "),
    "filing-date": filing?.date ?? "",
    "filing-qualifies": filing?.qualifies ?? "",
    "filing-statement": filing?.statement ?? "",
    "filing-use": filing?.internalUse ?? "unsure",
  });
}

/** The incident's clocks that this report answers. */
function deadlineChoice(drawing: Drawing, view: CaseView): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const chosen = new Set((fields["filing-deadlines"] ?? "").split(" ").filter((id) => id !== ""));
  const rows = view.duties.clocks.filter(({ row }) => row.scope === "incident").map(({ row }) => row);
  if (rows.length === 0) return nothing;
  const tick = (id: string): void => {
    if (!chosen.delete(id)) chosen.add(id);
    fields["filing-deadlines"] = [...chosen].join(" ");
    desk.redraw();
  };
  return html`<div class="govuk-form-group">
    <fieldset class="govuk-fieldset">
      <legend class="govuk-fieldset__legend">${t("incident:filing.answers")}</legend>
      <div class="govuk-checkboxes govuk-checkboxes--small">
        ${rows.map(
          (row) =>
            html`<div class="govuk-checkboxes__item">
              <input
                class="govuk-checkboxes__input"
                type="checkbox"
                id="filing-for-${row.id}"
                .checked=${chosen.has(row.id)}
                @change=${() => tick(row.id)}
              />
              <label class="govuk-label govuk-checkboxes__label" for="filing-for-${row.id}">${rowTitle(t, row)}</label>
            </div>`,
        )}
      </div>
    </fieldset>
  </div>`;
}

function written(drawing: Drawing): Omit<FilingView, "author" | "seq" | "files" | "filed"> {
  const { fields } = theDraft(drawing);
  const text = (name: string): string => (fields[`filing-${name}`] ?? "").trim();
  return {
    id: text("id"),
    deadlines: text("deadlines")
      .split(" ")
      .filter((id) => id !== ""),
    recipient: text("recipient"),
    date: text("date"),
    qualifies: text("qualifies"),
    statement: text("statement"),
    internalUse: yesNo.find((each) => each === text("use")) ?? "unsure",
    amends: text("amends") === "" ? null : text("amends"),
  };
}

async function keepDraft(drawing: Drawing): Promise<void> {
  const { desk } = drawing;
  const filing = written(drawing);
  desk.state.missing = {
    ...(filing.recipient === "" && { "filing-recipient": "incident:missing.recipient" }),
    ...(filing.recipient.length > mostFilingText && { "filing-recipient": "incident:missing.long300" }),
    ...(filing.date.length > mostFilingDate && { "filing-date": "incident:missing.long200" }),
  };
  if (Object.keys(desk.state.missing).length > 0) return desk.redraw();
  const act = { act: "filing" as const, ...filing, filed: null, files: [] };
  const form = theDraft(drawing).openForms.filing;
  const end = endingOf(drawing, "filing");
  if (await desk.act("filing", "incident:done.draft", act, {}, [], form)) end([cardOf(filing.id)]);
}

const isFiled = ({ desk }: Drawing, id: string): boolean =>
  desk.state.open?.duties.filings.some((filing) => filing.id === id && filing.filed !== null) === true;

/** Somebody else kept another version, or filed it, since this form was opened: both side by side. */
function othersFirst(drawing: Drawing): View {
  const draft = theDraft(drawing);
  const form = draft.openForms.filing;
  const filing = written(drawing);
  // What was filed stays as it was: what somebody else knows differently amends it.
  const amend = (): void => {
    Object.assign(draft.fields, { "filing-id": newId(), "filing-amends": filing.id });
    draft.bases[form] = null;
  };
  return overtakenBox(drawing, {
    thing: `filing ${filing.id}`,
    form,
    begun: true,
    mine: { act: "filing", ...filing, filed: null, files: [], conversation: { seq: 0, hash: "" } },
    drop: () => endForm(draft, "filing"),
    ...(isFiled(drawing, filing.id) && { goOn: { words: "together:overtaken.amend", act: amend } }),
    focus: ["#filing-recipient", cardOf(filing.id)],
  });
}

function area(drawing: Drawing, name: "qualifies" | "statement", rows: number): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  return textArea(drawing, {
    id: `filing-${name}`,
    label: t(`incident:field.${name}`),
    hint: t(`incident:field.${name}Hint`),
    rows,
    value: fields[`filing-${name}`] ?? "",
    take: (text) => (fields[`filing-${name}`] = text),
  });
}

/** The four fields of Bus. & Prof. Code 22757.13(c)(1), and whom they go to. */
function draftForm(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const { fields } = theDraft(drawing);
  const amends = fields["filing-amends"] ?? "";
  return html`<div class="th-card" id="filing-form">
    <h4 class="govuk-heading-s">
      ${t(amends === "" ? "incident:filing.draftTitle" : "incident:filing.amendTitle", { id: amends })}
    </h4>
    ${problemBox(drawing, "filing")} ${othersFirst(drawing)}
    ${field(drawing, {
      id: "filing-recipient",
      type: "text",
      label: t("incident:field.recipient"),
      hint: t("incident:field.recipientHint"),
      value: fields["filing-recipient"] ?? "",
    })}
    ${deadlineChoice(drawing, view)}
    ${field(drawing, {
      id: "filing-date",
      type: "text",
      label: t("incident:field.date"),
      hint: t("incident:field.dateHint"),
      value: fields["filing-date"] ?? "",
    })}
    ${area(drawing, "qualifies", 4)} ${area(drawing, "statement", 6)}
    ${radios(drawing, {
      id: "filing-use",
      legend: t("incident:field.internalUse"),
      value: fields["filing-use"] ?? "unsure",
      choices: yesNo.map((each) => ({ value: each, label: t(`incident:yesNo.${each}`) })),
      inline: true,
    })}
    ${formButtons(drawing, "incident:filing.keep", () => keepDraft(drawing))}
  </div>`;
}

function formButtons(drawing: Drawing, words: string, keep: () => Promise<void>): View {
  const { t, desk } = drawing;
  const { filing: form } = theDraft(drawing).openForms;
  return html`${jobBar(drawing, "filing")}
    <div class="govuk-button-group">
      <button
        type="button"
        class="govuk-button"
        data-keep
        ?disabled=${desk.state.job !== null}
        @click=${() => void keep()}
      >
        ${t(words)}
      </button>
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        @click=${() => close(drawing, [openerOf(form)])}
      >
        ${t("duties:form.cancel")}
      </button>
    </div>`;
}

/** When, under which number, and a copy of what came back. */
async function keepProof(drawing: Drawing, filing: FilingView): Promise<void> {
  const { desk } = drawing;
  const draft = theDraft(drawing);
  const { fields, openForms, formFiles } = draft;
  const [day, time] = [fields["filing-on"] ?? ownToday(), fields["filing-time"] ?? ""];
  const on = time === "" ? day : instantOf(day, time);
  const reference = (fields["filing-reference"] ?? "").trim();
  const wrong = day === "" || !hasBegun(day);
  // What went to an authority has its four fields; the record of it has them too.
  const unfinished = [filing.date, filing.qualifies, filing.statement].some((text) => text.trim() === "");
  desk.state.missing = {
    ...(wrong && { "filing-on": "duties:missing.on" }),
    ...(unfinished && { "filing-on": "incident:missing.fields" }),
    ...(!wrong && on === null && { "filing-time": "duties:missing.time" }),
    ...(reference === "" && { "filing-reference": "incident:missing.reference" }),
    ...(reference.length > mostFilingText && { "filing-reference": "incident:missing.long300" }),
  };
  if (on === null || Object.keys(desk.state.missing).length > 0) return desk.redraw();
  const { author: _author, seq: _seq, files: _files, ...said } = filing;
  const act = { act: "filing" as const, ...said, filed: { on, reference }, files: [] };
  const proof = formFiles[openForms.filing] ?? [];
  const end = endingOf(drawing, "filing");
  if (await desk.act("filing", "incident:done.filed", act, {}, proof, openForms.filing)) end([cardOf(filing.id)]);
}

function proofForm(drawing: Drawing, filing: FilingView): View {
  const { t, desk } = drawing;
  const { fields, formFiles, openForms } = theDraft(drawing);
  const runs = desk.state.open?.duties.clocks.some(({ row, state }) => row.scope === "incident" && state !== "done");
  const others = overtakenBox(drawing, {
    thing: `filing ${filing.id}`,
    form: openForms.filing,
    begun: true,
    drop: () => endForm(theDraft(drawing), "filing"),
    // What was filed is filed, with the proof that came first.
    ...(filing.filed !== null && { goOn: null }),
    focus: ["#filing-on", cardOf(filing.id)],
  });
  return html`${problemBox(drawing, "filing")} ${others}
  ${
    runs === true && filing.deadlines.length === 0
      ? html`<div class="th-notice" role="note">
          <p class="govuk-body govuk-!-margin-bottom-0">${t("incident:filing.noDuty")}</p>
        </div>`
      : nothing
  }
  ${field(drawing, { id: "filing-on", type: "date", label: t("incident:filing.on"), value: fields["filing-on"] ?? ownToday() })}
  ${field(drawing, {
    id: "filing-time",
    type: "time",
    label: t("incident:filing.time"),
    hint: t("incident:filing.timeHint", { zone: ownZone() }),
    value: fields["filing-time"] ?? "",
  })}
  ${field(drawing, {
    id: "filing-reference",
    type: "text",
    label: t("incident:filing.reference"),
    hint: t("incident:filing.referenceHint"),
    value: fields["filing-reference"] ?? "",
  })}
  ${fileChoice(drawing, {
    id: "filing-files",
    label: t("incident:filing.proof"),
    files: formFiles[openForms.filing] ?? [],
    take: (files) => (formFiles[openForms.filing] = files),
  })}
  ${formButtons(drawing, "incident:filing.keepProof", () => keepProof(drawing, filing))}`;
}

/** As plain text, for the authority's own form: somebody copies it there by hand. */
function asText({ t }: Drawing, filing: FilingView): string {
  const lines: [string, string][] = [
    [t("incident:field.date"), filing.date],
    [t("incident:field.qualifies"), filing.qualifies],
    [t("incident:field.statement"), filing.statement],
    [t("incident:field.internalUse"), t(`incident:yesNo.${filing.internalUse}`)],
  ];
  return lines.map(([label, value]) => `${label}\n${value}`).join("\n\n");
}

/** Which duties it answers, by name. */
function answersLine({ t, desk }: Drawing, { deadlines }: FilingView): View {
  const rows = desk.state.open?.duties.clocks.map(({ row }) => row) ?? [];
  const names = deadlines.map((id) => {
    const row = rows.find((each) => each.id === id);
    return row === undefined ? id : rowTitle(t, row);
  });
  return html`<p class="govuk-body-s">
    ${names.length === 0 ? t("incident:filing.answersNone") : t("incident:filing.answersThese", { names: names.join("; ") })}
  </p>`;
}

function filingCard(drawing: Drawing, filing: FilingView, usable: boolean): View {
  const { t } = drawing;
  const draft = theDraft(drawing);
  const link = (name: string, words: string, act: () => void): View =>
    html`<button type="button" class="th-link-button" data-act=${name} @click=${act}>
      ${t(words)}<span class="govuk-visually-hidden"> ${filing.id}</span>
    </button>`;
  const copy = (): Promise<void> => copyText(drawing, asText(drawing, filing), "console:done.copiedText");
  const openProof = (): void => open(drawing, formOf("proof", filing), "#filing-on");
  return html`<li class="th-card" data-filing=${filing.id}>
    <h4 class="govuk-heading-s govuk-!-margin-bottom-1" tabindex="-1"><bdi>${filing.recipient}</bdi></h4>
    <p class="govuk-!-margin-bottom-2">
      ${
        filing.filed === null
          ? html`<span class="th-chip th-chip--soon">${t("incident:filing.isDraft")}</span>`
          : html`<span class="th-chip th-chip--info"
              >${t("incident:filing.isFiled", { day: momentText(drawing, filing.filed.on) })}
              <bdi>${filing.filed.reference}</bdi></span
            >`
      }
      <span class="th-quiet">${t("incident:filing.number", { id: filing.id })}</span>
      ${filing.amends === null ? nothing : html`<span class="th-chip">${t("incident:filing.amends", { id: filing.amends })}</span>`}
    </p>
    <div class="th-written" dir="auto">${asText(drawing, filing)}</div>
    ${answersLine(drawing, filing)} ${fileList(drawing, filing.files)}
    ${
      draft.openForms.filing === formOf("proof", filing)
        ? proofForm(drawing, filing)
        : html`<div class="th-toolbar">
            ${link("copy", "incident:filing.copy", () => void copy())}
            ${
              !usable
                ? nothing
                : filing.filed === null
                  ? html`${link("edit", "incident:filing.edit", () => edit(drawing, "edit", filing))}
                    ${link("proof", "incident:filing.markFiled", openProof)}`
                  : link("amend", "incident:filing.amend", () => edit(drawing, "amend", filing))
            }
          </div>`
    }
  </li>`;
}

const isDraftForm = (form: string): boolean => form !== "" && !form.startsWith("filing:proof:");

export function filings(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const usable = teamIsUsable(view);
  return html`<section aria-labelledby="filings-title">
    <h3 class="govuk-heading-m" id="filings-title">${t("incident:filing.title")}</h3>
    <p class="govuk-body">${t("incident:filing.lead")}</p>
    ${
      view.duties.filings.length === 0
        ? html`<p class="govuk-body th-quiet">${t("incident:filing.none")}</p>`
        : html`<ul class="th-clocks">
            ${view.duties.filings.map((filing) => filingCard(drawing, filing, usable))}
          </ul>`
    }
    ${
      isDraftForm(theDraft(drawing).openForms.filing)
        ? draftForm(drawing, view)
        : html`<button
            type="button"
            class="govuk-button govuk-button--secondary"
            id="new-filing"
            @click=${() => edit(drawing, "new", null)}
          >
            ${t("incident:filing.new")}
          </button>`
    }
  </section>`;
}
