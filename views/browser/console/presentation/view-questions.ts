/** Questions, for somebody who has never seen their file: add, move, remove, words, conditions. */
import { html, nothing } from "lit/html.js";
import {
  questionTypes,
  type Option,
  type Question,
  type Questionnaire,
  type QuestionType,
} from "../../../../data/policy/questionnaire.ts";
import type { View } from "../view-parts.ts";
import { areaField, chooseField, languageChoice, lineField, smallButton, tickField, type Drawing } from "./parts.ts";

const wordsOf = (key: string): string => `questionnaires:${key}`;

/** An id that none of the list has: "question-4". */
function freshId(stem: string, taken: readonly string[]): string {
  let number = taken.length + 1;
  while (taken.includes(`${stem}-${number}`)) number++;
  return `${stem}-${number}`;
}

const hasOptions = (type: QuestionType): boolean => type === "choice" || type === "choices";

interface Editing extends Drawing {
  name: string;
  questionnaire: Questionnaire;
}

/** Changes the questionnaire and draws; `focus`: id of the element that the person goes on with. */
function change({ editor, name, questionnaire }: Editing, focus: string | null = null): void {
  editor.write(name, questionnaire);
  editor.state.focus = focus;
  editor.redraw();
}

function titleOf({ t, editor }: Drawing, question: Question): string {
  const { language } = editor.state;
  const words = editor.text(language, wordsOf(question.labelKey)) || editor.text("en", wordsOf(question.labelKey));
  return words === "" ? t("presentation:question.untitled") : words;
}

function ownKey({ questionnaire }: Editing, question: Question, part: string): string {
  return `own.${questionnaire.id}.${question.id}.${part}`;
}

function move(editing: Editing, list: unknown[], from: number, by: -1 | 1, focus: string): void {
  const [moved] = list.splice(from, 1);
  list.splice(from + by, 0, moved);
  change(editing, focus);
}

function optionEditor(editing: Editing, question: Question, at: string): View {
  const { t, editor } = editing;
  const { language } = editor.state;
  const options = (question.options ??= []);
  const add = (): void => {
    const value = freshId(
      "option",
      options.map((each) => each.value),
    );
    const option: Option = { value, labelKey: ownKey(editing, question, value) };
    options.push(option);
    change(editing, `${at}-option-${options.length - 1}`);
  };
  return html`<fieldset class="govuk-fieldset govuk-form-group">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">
      ${t(question.id === "categories" ? "presentation:question.categories" : "presentation:question.options")}
    </legend>
    <ol class="th-options">
      ${options.map((option, i) => {
        const words = editor.text(language, wordsOf(option.labelKey));
        const name = words || option.value;
        return html`<li class="th-option">
          ${lineField({
            id: `${at}-option-${i}`,
            label: t("presentation:question.option", { number: i + 1 }),
            value: words,
            language,
            take: (text) => {
              editor.setText(language, wordsOf(option.labelKey), text);
              editor.redraw();
            },
          })}
          <div class="th-small-buttons">
            ${smallButton(t("presentation:up"), name, () => move(editing, options, i, -1, `${at}-option-${i - 1}`), i === 0)}
            ${smallButton(
              t("presentation:down"),
              name,
              () => move(editing, options, i, 1, `${at}-option-${i + 1}`),
              i === options.length - 1,
            )}
            ${smallButton(t("presentation:remove"), name, () => {
              options.splice(i, 1);
              change(editing, `${at}-add-option`);
            })}
          </div>
        </li>`;
      })}
    </ol>
    <button type="button" class="govuk-button govuk-button--secondary" id="${at}-add-option" @click=${add}>
      ${t("presentation:question.addOption")}
    </button>
  </fieldset>`;
}

/** Only questions before this one that have options can decide whether it is asked. */
function conditionEditor(editing: Editing, question: Question, index: number, at: string): View {
  const { t, editor, questionnaire } = editing;
  const { language } = editor.state;
  const deciding = questionnaire.questions.slice(0, index).filter((each) => hasOptions(each.type));
  if (deciding.length === 0) return nothing;
  const chosen = deciding.find((each) => each.id === question.showIf?.question);
  const take = (id: string): void => {
    if (id === "") delete question.showIf;
    else question.showIf = { question: id, any: [] };
    change(editing);
  };
  return html`${chooseField({
    id: `${at}-if`,
    label: t("presentation:question.when"),
    value: question.showIf?.question ?? "",
    take,
    choices: [
      ["", t("presentation:question.always")],
      ...deciding.map((each) => [each.id, titleOf(editing, each)] as const),
    ],
  })}
  ${
    chosen === undefined
      ? nothing
      : html`<fieldset class="govuk-fieldset govuk-form-group">
          <legend class="govuk-fieldset__legend">${t("presentation:question.any")}</legend>
          <div class="govuk-checkboxes govuk-checkboxes--small">
            ${(chosen.options ?? []).map((option, i) =>
              tickField(
                `${at}-any-${i}`,
                editor.text(language, wordsOf(option.labelKey)) || option.value,
                question.showIf?.any.includes(option.value) ?? false,
                (on) => {
                  const any = (question.showIf?.any ?? []).filter((each) => each !== option.value);
                  question.showIf = { question: chosen.id, any: on ? [...any, option.value] : any };
                  change(editing);
                },
              ),
            )}
          </div>
        </fieldset>`
  }`;
}

function wordsEditor(editing: Editing, question: Question, at: string): View {
  const { t, editor } = editing;
  const { language } = editor.state;
  // A hint or warning that has no words any more is taken out, or the page would show its key.
  const optional = (field: "hintKey" | "warningKey", part: string, label: string): View => {
    const key = question[field] ?? ownKey(editing, question, part);
    return areaField({
      id: `${at}-${part}`,
      label,
      rows: 2,
      language,
      value: question[field] === undefined ? "" : editor.text(language, wordsOf(key)),
      take: (text) => {
        editor.setText(language, wordsOf(key), text);
        const { view } = editor.state;
        const anywhere = (view?.languages ?? ["en"]).some((each) => editor.text(each, wordsOf(key)) !== "");
        if (anywhere && text !== "") question[field] = key;
        else if (!anywhere) delete question[field];
        change(editing, editor.state.focus);
      },
    });
  };
  return html`${areaField({
    id: `${at}-label`,
    label: t("presentation:question.label"),
    rows: 2,
    language,
    value: editor.text(language, wordsOf(question.labelKey)),
    take: (text) => {
      editor.setText(language, wordsOf(question.labelKey), text);
      editor.redraw();
    },
  })}
  ${optional("hintKey", "hint", t("presentation:question.hint"))}
  ${optional("warningKey", "warning", t("presentation:question.warning"))}`;
}

function questionEditor(editing: Editing, question: Question, index: number): View {
  const { t, questionnaire } = editing;
  const { questions } = questionnaire;
  const { expanded } = editing.editor.state;
  const at = `q-${index}`;
  const title = titleOf(editing, question);
  const fixed = question.id === "what";
  const setType = (type: string): void => {
    question.type = type as QuestionType;
    if (!hasOptions(question.type)) delete question.options;
    else question.options ??= [];
    change(editing);
  };
  return html`<details
    class="govuk-details th-question"
    id=${at}
    ?open=${expanded.has(question.id)}
    @toggle=${(event: Event) => {
      if ((event.target as HTMLDetailsElement).open) expanded.add(question.id);
      else expanded.delete(question.id);
    }}
  >
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${index + 1}. <bdi>${title}</bdi></span>
    </summary>
    <div class="govuk-details__text">
      ${fixed ? html`<p class="govuk-inset-text">${t("presentation:question.what")}</p>` : nothing}
      ${wordsEditor(editing, question, at)}
      ${
        fixed
          ? nothing
          : html`${
                question.id === "categories"
                  ? nothing
                  : chooseField({
                      id: `${at}-type`,
                      label: t("presentation:question.type"),
                      value: question.type,
                      take: setType,
                      choices: questionTypes.map((type) => [type, t(`presentation:type.${type}`)] as const),
                    })
              }
              ${hasOptions(question.type) ? optionEditor(editing, question, at) : nothing}
              ${conditionEditor(editing, question, index, at)}
              <div class="govuk-checkboxes govuk-checkboxes--small govuk-form-group">
                ${tickField(`${at}-required`, t("presentation:question.required"), question.required === true, (on) => {
                  if (on) question.required = true;
                  else delete question.required;
                  change(editing);
                })}
              </div>`
      }
      <div class="th-small-buttons">
        ${smallButton(t("presentation:up"), title, () => move(editing, questions, index, -1, `q-${index - 1}-label`), index === 0)}
        ${smallButton(
          t("presentation:down"),
          title,
          () => move(editing, questions, index, 1, `q-${index + 1}-label`),
          index === questions.length - 1,
        )}
        ${
          fixed
            ? nothing
            : smallButton(t("presentation:question.remove"), title, () => {
                questions.splice(index, 1);
                change(editing, "add-question");
              })
        }
      </div>
    </div>
  </details>`;
}

/** As a reporter will read it: words as text, nothing that can be sent. */
function preview({ t, editor, questionnaire }: Editing): View {
  const { language } = editor.state;
  const say = (key: string | undefined): string =>
    key === undefined ? "" : editor.text(language, wordsOf(key)) || editor.text("en", wordsOf(key));
  const field = (question: Question, id: string): View => {
    if (!hasOptions(question.type))
      return question.type === "long"
        ? html`<textarea class="govuk-textarea" id=${id} rows="3" disabled></textarea>`
        : html`<input class="govuk-input" id=${id} disabled />`;
    return html`<ul class="govuk-list govuk-list--bullet">
      ${(question.options ?? []).map((option) => html`<li>${say(option.labelKey)}</li>`)}
    </ul>`;
  };
  return html`<details class="govuk-details" id="preview">
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${t("presentation:preview.title")}</span>
    </summary>
    <div class="govuk-details__text" lang=${language} dir="auto">
      ${questionnaire.questions.map((question, i) => {
        const decided = questionnaire.questions.find((each) => each.id === question.showIf?.question);
        return html`<div class="govuk-form-group">
          ${
            hasOptions(question.type)
              ? html`<p class="govuk-label govuk-label--s">${say(question.labelKey)}</p>`
              : html`<label class="govuk-label govuk-label--s" for="preview-${i}">${say(question.labelKey)}</label>`
          }
          ${question.hintKey === undefined ? nothing : html`<p class="govuk-hint">${say(question.hintKey)}</p>`}
          ${question.warningKey === undefined ? nothing : html`<p class="govuk-inset-text">${say(question.warningKey)}</p>`}
          ${field(question, `preview-${i}`)}
          ${
            decided === undefined
              ? nothing
              : html`<p class="govuk-hint">${t("presentation:preview.only", { question: say(decided.labelKey) })}</p>`
          }
        </div>`;
      })}
    </div>
  </details>`;
}

export function questionsView(drawing: Drawing, name: string): View | null {
  const { t, editor } = drawing;
  const questionnaire = editor.value(name) as Questionnaire | null;
  if (questionnaire === null || !Array.isArray(questionnaire.questions)) return null;
  const editing: Editing = { ...drawing, name, questionnaire };
  const { questions } = questionnaire;
  const add = (): void => {
    const id = freshId(
      "question",
      questions.map((each) => each.id),
    );
    questions.push({ id, type: "text", labelKey: `own.${questionnaire.id}.${id}.label` });
    editor.state.expanded.add(id);
    change(editing, `q-${questions.length - 1}-label`);
  };
  return html`${languageChoice(drawing)}
    <p class="govuk-hint">${t("presentation:question.shared")}</p>
    ${questions.map((question, i) => questionEditor(editing, question, i))}
    <button type="button" class="govuk-button govuk-button--secondary" id="add-question" @click=${add}>
      ${t("presentation:question.add")}
    </button>
    ${preview(editing)}`;
}
