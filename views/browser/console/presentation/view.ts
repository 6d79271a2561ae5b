/** The operator's page: the list of files with what each does, and the one that is open. */
import { html, nothing } from "lit/html.js";
import { languageName } from "../../../locales/say.ts";
import type { View } from "../view-parts.ts";
import { pretty } from "./editor.ts";
import { lineField, type Drawing } from "./parts.ts";
import { dutiesView } from "./view-duties.ts";
import { retentionView } from "./view-retention.ts";
import { logoView, portalView, templatesView, textsView, themeView } from "./view-forms.ts";
import { questionsView } from "./view-questions.ts";
import { problemList, rawView } from "./view-raw.ts";

/** "texts" and "questionnaire" for all files of the kind. */
function kindOf(name: string): string {
  return name.startsWith("texts-") ? "texts" : name.startsWith("questionnaire-") ? "questionnaire" : name;
}

function titleOf({ t, lang }: Drawing, name: string): string {
  const kind = kindOf(name);
  if (kind === "texts") return t("presentation:file.texts.title", { language: languageName(name.slice(6), lang) });
  if (kind === "questionnaire") return t("presentation:file.questionnaire.title", { id: name.slice(14) });
  return t(`presentation:file.${kind}.title`);
}

/** Everything there is, in the order in which somebody sets up a portal. */
function namesOf({ editor }: Drawing): string[] {
  const { view, drafts } = editor.state;
  if (view === null) return [];
  const known = [...Object.keys(view.builtIn), ...view.files.map(({ name }) => name), ...drafts.keys()];
  const questionnaires = [...new Set(known.filter((name) => name.startsWith("questionnaire-")))].filter(
    (name) => editor.content(name) !== null,
  );
  return [
    "portal",
    "theme",
    "logo",
    ...questionnaires.sort(),
    "templates",
    "duties",
    "retention",
    ...view.languages.map((each) => `texts-${each}`),
  ];
}

function fileItem(drawing: Drawing, name: string): View {
  const { t, editor } = drawing;
  const broken = editor.state.view?.problems[name] !== undefined;
  const state = editor.isChanged(name) ? "changed" : broken ? "broken" : editor.isOwn(name) ? "own" : "ours";
  const looks = { changed: "th-chip--soon", broken: "th-chip--late", own: "th-chip--info", ours: "" }[state];
  return html`<li>
    <button type="button" class="th-case" id="file-${name}" @click=${() => void editor.open(name)}>
      <span class="th-case__title">${titleOf(drawing, name)}</span>
      <span class="th-case__meta">${t(`presentation:file.${kindOf(name)}.does`)}</span>
      <span class="th-chips"><span class="th-chip ${looks}">${t(`presentation:state.${state}`)}</span></span>
    </button>
  </li>`;
}

/** What every questionnaire must ask, to begin from. */
function addQuestionnaire({ editor }: Drawing): void {
  const id = editor.state.newName.trim();
  const name = `questionnaire-${id}`;
  editor.state.newNameWrong = !/^[a-z][a-z0-9-]{0,39}$/.test(id) || editor.content(name) !== null;
  if (editor.state.newNameWrong) {
    editor.redraw();
    document.getElementById("new-questionnaire")?.focus();
    return;
  }
  const what = { id: "what", type: "long", labelKey: "what.label", hintKey: "what.hint", required: true };
  editor.writeText(name, pretty({ id, questions: [what] }));
  editor.state.newName = "";
  void editor.open(name);
}

function listView(drawing: Drawing): View {
  const { t, editor } = drawing;
  const { view, newName, newNameWrong } = editor.state;
  if (view === null) return nothing;
  return html`${
      view.warnings.length === 0
        ? nothing
        : html`<div class="th-notice" role="note">
            <h2 class="govuk-heading-s">${t("presentation:warning.title")}</h2>
            <ul class="govuk-list govuk-list--bullet govuk-!-margin-bottom-0">
              ${view.warnings.map(({ key, values }) => {
                const { nameKey } = values;
                const name = typeof nameKey === "string" ? editor.text("en", nameKey) : "";
                return html`<li>${t(key, { ...values, name })}</li>`;
              })}
            </ul>
          </div>`
    }
    <ul class="th-cases">
      ${namesOf(drawing).map((name) => fileItem(drawing, name))}
    </ul>
    <form
      class="th-card"
      novalidate
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        addQuestionnaire(drawing);
      }}
    >
      <h2 class="govuk-heading-m">${t("presentation:new.title")}</h2>
      ${newNameWrong ? html`<p class="govuk-error-message" role="alert">${t("presentation:new.wrong")}</p>` : nothing}
      ${lineField({
        id: "new-questionnaire",
        label: t("presentation:new.label"),
        hint: t("presentation:new.hint"),
        value: newName,
        take: (text) => {
          editor.state.newName = text;
        },
      })}
      <button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0">
        ${t("presentation:new.button")}
      </button>
    </form>`;
}

function formOf(drawing: Drawing, name: string): View | null {
  switch (kindOf(name)) {
    case "portal":
      return portalView(drawing);
    case "theme":
      return themeView(drawing);
    case "logo":
      return logoView(drawing);
    case "templates":
      return templatesView(drawing);
    case "duties":
      return dutiesView(drawing);
    case "retention":
      return retentionView(drawing);
    case "texts":
      return textsView(drawing, name.slice("texts-".length));
    default:
      return questionsView(drawing, name);
  }
}

function conflictBox({ t, editor }: Drawing): View {
  const { conflicts } = editor.state;
  if (conflicts.length === 0) return nothing;
  return html`<div class="govuk-error-summary" role="alert" tabindex="-1" data-focus="presentation" id="conflict">
    <h2 class="govuk-error-summary__title">${t("presentation:conflict.title")}</h2>
    <div class="govuk-error-summary__body">
      <p>${t("presentation:conflict.text")}</p>
      ${conflicts.map(({ name, content }) => {
        const theirs = content ?? editor.state.view?.builtIn[name] ?? "";
        return html`<h3 class="govuk-heading-s">${t("presentation:conflict.theirs", { name })}</h3>
          <pre class="th-theirs" tabindex="0">${name === "logo" ? "" : theirs}</pre>`;
      })}
      <div class="th-toolbar">
        <button type="button" class="govuk-button" @click=${() => editor.keepMine()}>
          ${t("presentation:conflict.mine")}
        </button>
        <button type="button" class="govuk-button govuk-button--secondary" @click=${() => editor.takeTheirs()}>
          ${t("presentation:conflict.take")}
        </button>
      </div>
    </div>
  </div>`;
}

function failedBox({ t, editor }: Drawing): View {
  const { failed } = editor.state;
  if (failed === null) return nothing;
  return html`<div class="govuk-error-summary" role="alert" tabindex="-1" data-focus="presentation">
    <h2 class="govuk-error-summary__title">${t(`errors:${failed}.title`)}</h2>
    <div class="govuk-error-summary__body">
      <p>${t(failed === "refused" ? "presentation:notOperator" : `errors:${failed}.what`)}</p>
    </div>
  </div>`;
}

function openView(drawing: Drawing, name: string): View {
  const { t, editor } = drawing;
  const { state } = editor;
  const form = state.raw ? null : formOf(drawing, name);
  const changed =
    editor.isChanged(name) ||
    (/^questionnaire-|^templates$|^logo$/.test(name) &&
      [...state.drafts.keys()].some((each) => each.startsWith("texts-")));
  const showRaw = (raw: boolean): void => {
    state.raw = raw;
    editor.redraw();
  };
  return html`<button type="button" class="th-link-button" @click=${() => void editor.open(null)}>
      ${t("presentation:back")}
    </button>
    <h2 class="govuk-heading-l" id="file-title" tabindex="-1">${titleOf(drawing, name)}</h2>
    <p class="govuk-body">${t(`presentation:file.${kindOf(name)}.does`)}</p>
    ${failedBox(drawing)} ${conflictBox(drawing)} ${problemList(drawing)}
    ${
      name === "logo"
        ? nothing
        : html`<div class="th-filter" role="group" aria-label=${t("presentation:how")}>
            <button
              type="button"
              class="th-filter__choice"
              aria-pressed=${state.raw ? "false" : "true"}
              @click=${() => showRaw(false)}
            >
              ${t("presentation:asForm")}
            </button>
            <button
              type="button"
              class="th-filter__choice"
              aria-pressed=${state.raw ? "true" : "false"}
              @click=${() => showRaw(true)}
            >
              ${t("presentation:asText")}
            </button>
          </div>`
    }
    <form
      novalidate
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void editor.save();
      }}
    >
      ${
        form === null
          ? html`${state.raw ? nothing : html`<p class="govuk-inset-text">${t("presentation:noForm")}</p>`}
            ${rawView(drawing, name)}`
          : form
      }
      <div class="th-toolbar th-save">
        <button class="govuk-button" id="save" ?disabled=${state.busy || !changed}>${t("presentation:save")}</button>
        ${
          changed
            ? html`<button
                type="button"
                class="govuk-button govuk-button--secondary"
                ?disabled=${state.busy}
                @click=${() => editor.discard()}
              >
                ${t("presentation:discard")}
              </button>`
            : nothing
        }
        ${
          editor.isOwn(name)
            ? html`<button
                type="button"
                class="govuk-button govuk-button--secondary"
                id="reset"
                ?disabled=${state.busy}
                @click=${() => void editor.reset()}
              >
                ${t(state.view?.builtIn[name] === undefined && kindOf(name) === "questionnaire" ? "presentation:delete" : "presentation:reset")}
              </button>`
            : nothing
        }
      </div>
    </form>`;
}

export function presentationView(drawing: Drawing): View {
  const { t, editor } = drawing;
  const { open, view } = editor.state;
  return html`<section class="th-presentation" aria-labelledby="presentation-title">
    <h1 class="${open === null ? "govuk-heading-l" : "govuk-visually-hidden"}" id="presentation-title">
      ${t("presentation:title")}
    </h1>
    ${open === null ? html`<p class="govuk-body">${t("presentation:lead")}</p>` : nothing}
    ${
      view === null
        ? html`${failedBox(drawing)}
            <p class="govuk-body" role="status">${t("presentation:loading")}</p>`
        : nothing
    }
    ${view === null ? nothing : open === null ? html`${failedBox(drawing)} ${listView(drawing)}` : openView(drawing, open)}
  </section>`;
}
