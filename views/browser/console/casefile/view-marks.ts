/** For counsel: what case files leave out, and everything of which something can be left out. */
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { html, nothing } from "lit/html.js";
import { placeMark } from "../../../pdf/place-mark.ts";
import type { CaseView } from "../../client/case-view.ts";
import { clashOf, gapsOf, marksOn } from "../../client/casefile/mark-rules.ts";
import {
  fieldText,
  markTargets,
  targetAt,
  type MarkPlace,
  type MarkTarget,
  type TargetPart,
} from "../../client/casefile/mark-targets.ts";
import type { Mark } from "../../client/casefile/marks.ts";
import { redactText } from "../../client/casefile/redact.ts";
import { authorText, nameOrYou } from "../casework/names.ts";
import {
  dayText,
  jobBar,
  missingText,
  problemBox,
  sizeText,
  textArea,
  theDraft,
  type Drawing,
  type View,
} from "../view-parts.ts";
import { overtakenBox } from "../view-together.ts";
import { openIf } from "../view-fields.ts";
import { partTitle, quoteOf, titleOf, whereText } from "./mark-words.ts";
import { choose, choosePassage, chosenPlace, showAgain } from "./marking.ts";
import { markForm, quoteView } from "./view-mark-form.ts";

const mostRows = 12;
const lineLength = 70; // characters, about

/** As the text will stand on a page. */
function shownText({ t }: Drawing, marks: readonly Mark[], text: string): string {
  const sign = (reason: string): string => t("casefile:redacted", { reason });
  return redactText(text, gapsOf(marks, text), sign).replaceAll(placeMark, "");
}

const stay = (event: Event): void => event.preventDefault();

/**
 * A text in which words are chosen. Not `readonly`, because browsers show no caret there and keyboards cannot choose;
 * what somebody types is refused instead.
 */
function textField(drawing: Drawing, target: MarkTarget, part: TargetPart, i: number): View {
  const { t } = drawing;
  const id = `mark-text-${String(target.stream)}-${String(target.seq)}-${String(i)}`;
  const text = fieldText(part.text);
  const rows = Math.min(mostRows, Math.max(2, Math.ceil(text.length / lineLength) + text.split("\n").length - 1));
  const wrong = drawing.desk.state.missing[id] !== undefined;
  const take = (): void => choosePassage(drawing, target, part, document.getElementById(id) as HTMLTextAreaElement);
  return html`<div class="govuk-form-group ${wrong ? "govuk-form-group--error" : ""}">
    <label class="govuk-label govuk-label--s" for=${id}>${partTitle(drawing, target, part)}</label>
    ${missingText(drawing, id)}
    <textarea
      class="govuk-textarea th-mark__text"
      id=${id}
      rows=${rows}
      dir="auto"
      inputmode="none"
      autocomplete="off"
      spellcheck="false"
      aria-readonly="true"
      aria-describedby=${wrong ? `marks-how ${id}-error` : "marks-how"}
      .value=${live(text)}
      @beforeinput=${stay}
      @drop=${stay}
      @input=${(event: Event) => ((event.target as HTMLTextAreaElement).value = text)}
    ></textarea>
    <button
      type="button"
      class="govuk-button govuk-button--secondary th-small"
      data-passage=${part.part}
      @click=${take}
    >
      ${t("casework:marks.passageButton")}
    </button>
  </div>`;
}

/** A choice from a list: its words, and one button. */
function choiceField(drawing: Drawing, target: MarkTarget, part: TargetPart): View {
  const { t } = drawing;
  const whole: MarkPlace = { stream: target.stream, seq: target.seq, part: part.part, span: null };
  const title = partTitle(drawing, target, part);
  return html`<div class="govuk-form-group">
    <p class="govuk-label govuk-label--s">${title}</p>
    <p class="govuk-body th-written" dir="auto">${quoteOf(drawing, target, whole)}</p>
    <p class="govuk-hint">${t("casework:marks.onlyWhole")}</p>
    <button
      type="button"
      class="govuk-button govuk-button--secondary th-small"
      data-whole=${part.part}
      @click=${() => choose(drawing, whole)}
    >
      ${t("casework:marks.wholeButton")}<span class="govuk-visually-hidden">: ${title}</span>
    </button>
  </div>`;
}

function partView(drawing: Drawing, view: CaseView, target: MarkTarget, part: TargetPart, i: number): View {
  const marks = marksOn(view.marks, target, part.part).filter((mark) => mark.part === part.part);
  return html`${part.passages ? textField(drawing, target, part, i) : choiceField(drawing, target, part)}
  ${
    marks.length === 0
      ? nothing
      : html`<div class="th-mark__shown" data-shown=${part.part}>
          <p class="govuk-body-s th-quiet govuk-!-margin-bottom-1">${drawing.t("casework:marks.shown")}</p>
          <div class="th-written" dir="auto">${shownText(drawing, marks, part.text)}</div>
        </div>`
  }`;
}

function filesView(drawing: Drawing, { stream, seq, files }: MarkTarget): View {
  if (files.length === 0) return nothing;
  const { t, lang } = drawing;
  return html`<h5 class="govuk-heading-s govuk-!-margin-bottom-1">${t("casework:marks.files")}</h5>
    <ul class="th-files">
      ${files.map(
        ({ name, size, index }) =>
          html`<li class="th-file">
            <span class="th-file__name"><bdi>${name}</bdi></span>
            <span class="th-file__size">${sizeText(lang, size)}</span>
            <button
              type="button"
              class="th-link-button"
              data-file=${index}
              @click=${() => choose(drawing, { stream, seq, part: `file:${String(index)}`, span: null })}
            >
              ${t("casework:marks.fileButton")}<span class="govuk-visually-hidden">: ${name}</span>
            </button>
          </li>`,
      )}
    </ul>`;
}

function targetView(drawing: Drawing, view: CaseView, target: MarkTarget): View {
  const { t, lang } = drawing;
  const { stream, seq, author, day, parts, besides } = target;
  const place = chosenPlace(drawing);
  const count = view.marks.filter((mark) => mark.stream === stream && mark.seq === seq).length;
  const isOut = clashOf(view.marks, { stream, seq, part: "document", span: null }) !== null;
  const title = titleOf(drawing, view, target);
  const name = authorText(drawing, author);
  return html`<details
    class="th-mark__target"
    id="target-${stream}-${seq}"
    ?open=${openIf(place?.stream === stream && place.seq === seq)}
  >
    <summary>
      <span class="th-mark__title" dir="auto">${title}</span>
      <span class="th-quiet"> ${day === null ? name : t("casework:marks.by", { name, day: dayText(lang, day) })} </span>
      ${
        count === 0 ? nothing : html`<span class="th-chip th-chip--info">${t("casework:marks.count", { count })}</span>`
      }
    </summary>
    ${isOut ? html`<p class="govuk-body"><strong>${t("casework:marks.allOut")}</strong></p>` : nothing}
    ${parts.map((part, i) => partView(drawing, view, target, part, i))}
    ${besides === "" ? nothing : html`<p class="govuk-hint">${t("casework:marks.besides")}</p>`}
    ${filesView(drawing, target)}
    <button
      type="button"
      class="govuk-button govuk-button--secondary th-small"
      data-document
      @click=${() => choose(drawing, { stream, seq, part: "document", span: null })}
    >
      ${t("casework:marks.documentButton")}<span class="govuk-visually-hidden">: ${title}</span>
    </button>
    ${markForm(drawing, view, target)}
  </details>`;
}

function againForm(drawing: Drawing, mark: Mark, what: string): View {
  const { t, desk } = drawing;
  const { fields } = theDraft(drawing);
  const id = `mark-again-${mark.id}`;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void showAgain(drawing, mark);
  };
  return html`<details class="govuk-details govuk-!-margin-bottom-0" ?open=${openIf((fields[id] ?? "") !== "")}>
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">
        ${t("casework:marks.again")}<span class="govuk-visually-hidden">: ${what}</span>
      </span>
    </summary>
    <form class="govuk-details__text" novalidate @submit=${submit}>
      ${overtakenBox(drawing, {
        thing: `redact ${mark.id}`,
        begun: (fields[id] ?? "") !== "",
        drop: () => delete fields[id],
        focus: [`#${id}`],
      })}
      ${textArea(drawing, {
        id,
        label: t("casework:marks.againWhy"),
        hint: t("casework:marks.againHint"),
        rows: 2,
        value: fields[id] ?? "",
        take: (text) => (fields[id] = text),
      })}
      <button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0" ?disabled=${desk.state.job !== null}>
        ${t("casework:marks.again")}
      </button>
    </form>
  </details>`;
}

/** `mayTakeBack`: counsel shows it again; whoever was asked to approve a case file only looks. */
function markItem(
  drawing: Drawing,
  view: CaseView,
  targets: readonly MarkTarget[],
  mark: Mark,
  mayTakeBack: boolean,
): View {
  const { t, lang } = drawing;
  const target = targetAt(targets, mark);
  const where = target === null ? "" : whereText(drawing, view, target, mark);
  const quote = target === null ? "" : quoteOf(drawing, target, mark);
  const others = view.marks.filter(({ id }) => id !== mark.id);
  const describedLine = t("casework:marks.described", { description: mark.description });
  return html`<li class="th-mark" data-mark=${mark.id}>
    <p class="th-mark__title govuk-!-margin-bottom-1" dir="auto">${where}</p>
    ${quote === "" ? html`<p class="govuk-body-s">${t("casework:marks.lost")}</p>` : quoteView(quote)}
    <div class="th-written govuk-body-s">${t("casework:marks.why", { reason: mark.reason })}</div>
    ${
      mark.bases.length === 0
        ? nothing
        : html`<p class="govuk-body-s govuk-!-margin-bottom-1">
              ${mark.bases.map((basis) => t(`casework:marks.basis.${basis}`)).join(", ")}
            </p>
            <div class="th-written govuk-body-s">${describedLine}</div>`
    }
    <p class="govuk-body-s th-quiet">
      ${t("casework:marks.markedBy", { name: nameOrYou(drawing, view, mark.by), day: dayText(lang, mark.dated) })}
    </p>
    ${
      mark.span !== null && clashOf(others, mark) !== null
        ? html`<p class="govuk-body-s">${t("casework:marks.overlaps")}</p>`
        : nothing
    }
    ${mayTakeBack ? againForm(drawing, mark, where) : nothing}
  </li>`;
}

export function marksList(drawing: Drawing, view: CaseView, mayTakeBack: boolean): View {
  const { t } = drawing;
  const { marks } = view;
  const targets = markTargets(view);
  return html`<h4 class="govuk-heading-s">${t("casework:marks.listTitle")} (${marks.length})</h4>
    ${
      marks.length === 0
        ? html`<p class="govuk-body th-quiet">${t("casework:marks.none")}</p>`
        : html`<ul class="th-marks">
            ${repeat(
              marks,
              ({ id }) => id,
              (mark) => markItem(drawing, view, targets, mark, mayTakeBack),
            )}
          </ul>`
    }`;
}

export function marksPart(drawing: Drawing, view: CaseView): View {
  const { t } = drawing;
  const targets = markTargets(view);
  const shown = (stream: 0 | 1): View =>
    html`${repeat(
      targets.filter((target) => target.stream === stream),
      ({ seq }) => seq,
      (target) => targetView(drawing, view, target),
    )}`;
  const hasNotes = targets.some(({ stream }) => stream === 1);
  const place = chosenPlace(drawing);
  return html`<section class="th-card" id="marks" aria-labelledby="marks-title">
    <h3 class="govuk-heading-m" id="marks-title" tabindex="-1">${t("casework:marks.title")}</h3>
    <p class="govuk-body">${t("casework:marks.lead")}</p>
    ${place === null ? html`${problemBox(drawing, "marks")} ${jobBar(drawing, "marks")}` : nothing}
    ${marksList(drawing, view, true)}
    <h4 class="govuk-heading-s">${t("casework:marks.chooseTitle")}</h4>
    <p class="govuk-body" id="marks-how">${t("casework:marks.how")}</p>
    ${shown(0)}
    ${
      hasNotes
        ? html`<details class="th-mark__notes" id="mark-notes" ?open=${openIf(place?.stream === 1)}>
            <summary>${t("casework:marks.notes")}</summary>
            <p class="govuk-hint">${t("casework:marks.notesHint")}</p>
            ${shown(1)}
          </details>`
        : nothing
    }
  </section>`;
}
