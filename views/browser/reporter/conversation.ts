/** An open mailbox on the page: facts, both sides of the talk, files to save. */
import type { Questionnaire } from "../../../data/policy/questionnaire.ts";
import { dayOf, formatDay } from "../../../data/policy/update-date.ts";
import type { Translate } from "../i18n.ts";
import { element } from "./dom.ts";
import { listOf, sizeOf } from "../../locales/say.ts";
import { dayLine } from "./mailbox-news.ts";
import type { EntryView, FileView, MailboxView, MemberView } from "./worker-api.ts";

export interface ConversationOptions {
  t: Translate;
  language: string;
  /** What was asked when this was filed. */
  questionnaire: (view: MailboxView) => Questionnaire;
  /** Entries from here on are new. */
  firstNew: number;
  onSave: (seq: number, index: number, file: FileView) => void;
}

const named = ({ name, title }: MemberView, t: Translate): string => {
  if (name === "") return t("mailbox:unknownReader");
  return title === "" ? name : t("mailbox:from", { name, title });
};

function fact(key: string, value: string): HTMLElement {
  return element(
    "div",
    { class: "govuk-summary-list__row" },
    element("dt", { class: "govuk-summary-list__key" }, key),
    element("dd", { class: "govuk-summary-list__value" }, value),
  );
}

export function drawFacts(list: HTMLElement, view: MailboxView, { t, language }: ConversationOptions): void {
  const readers = view.readers.map((reader) =>
    reader.title === "" ? named(reader, t) : t("report:readers.who", { name: reader.name, title: reader.title }),
  );
  list.replaceChildren(
    fact(t("mailbox:status.label"), t(`mailbox:status.${view.status}`)),
    fact(t("mailbox:channel"), view.channel),
    fact(t("mailbox:readers"), listOf(readers, language)),
  );
}

const written = (text: string): HTMLElement =>
  element("p", { class: "th-written govuk-!-margin-bottom-2", dir: "auto" }, text);

/** What was filed, question by question, in the words that the page asked with; what they do not know stands under its id. */
function reportBody(view: MailboxView, { t, questionnaire }: ConversationOptions): HTMLElement[] {
  const { questions } = questionnaire(view);
  const ids = new Set([...questions.map(({ id }) => id), ...Object.keys(view.answers)]);
  return [...ids].flatMap((id) => {
    const question = questions.find((each) => each.id === id);
    const options = question?.options;
    const answer = view.answers[id];
    if (answer === undefined) return [];
    const label = element(
      "p",
      { class: "govuk-!-font-weight-bold govuk-!-margin-bottom-1" },
      question === undefined ? t("mailbox:questionUnknown", { id }) : t(`questionnaires:${question.labelKey}`),
    );
    const wordsFor = (value: string): string => {
      const option = options?.find((each) => each.value === value);
      return option === undefined ? value : t(`questionnaires:${option.labelKey}`);
    };
    if (!Array.isArray(answer)) return [label, written(wordsFor(answer))];
    const items = answer.map((value) => element("li", {}, wordsFor(value)));
    return [label, element("ul", { class: "govuk-list govuk-list--bullet govuk-!-margin-bottom-2" }, ...items)];
  });
}

function fileList(entry: EntryView, { t, language, onSave }: ConversationOptions): HTMLElement[] {
  if (entry.files.length === 0) return [];
  const items = entry.files.map((file, index) => {
    const save = element(
      "button",
      { type: "button", class: "govuk-button govuk-button--secondary th-file__save" },
      t("mailbox:download", { name: file.name }),
    );
    save.addEventListener("click", () => onSave(entry.seq, index, file));
    return element(
      "li",
      { class: "th-file" },
      save,
      element("span", { class: "th-file__size" }, sizeOf(file.size, language)),
    );
  });
  return [element("ul", { class: "th-files govuk-!-margin-bottom-0", "aria-label": t("mailbox:files") }, ...items)];
}

const quiet = (text: string): HTMLElement =>
  element("p", { class: "govuk-body-s govuk-!-font-weight-bold govuk-!-margin-bottom-1" }, text);

/** What an entry is besides words: new, a correction, a withdrawal. */
function marks(entry: EntryView, { t, firstNew }: ConversationOptions): (Node | string)[] {
  const words = [
    ...(entry.purpose === null ? [] : [t(`mailbox:purpose.${entry.purpose}`)]),
    ...(entry.from !== null && entry.seq >= firstNew ? [t("mailbox:news.new")] : []),
  ];
  return words.flatMap((each) => [" ", element("strong", { class: "th-chip" }, each)]);
}

/** What a reply told of status and next update. */
function told(entry: EntryView, { t, language }: ConversationOptions): HTMLElement[] {
  const by = entry.updateBy === null ? null : dayOf(entry.updateBy);
  return [
    ...(entry.status === null ? [] : [quiet(t("mailbox:told", { status: t(`mailbox:status.${entry.status}`) }))]),
    ...(entry.duty === null ? [] : [quiet(t(`mailbox:duty.${entry.duty}`))]),
    ...(by === null ? [] : [quiet(t("mailbox:promise.entry", { date: formatDay(by, language) }))]),
  ];
}

function textOf({ text, readersNow }: EntryView, { t, language }: ConversationOptions): string {
  if (readersNow === null) return text;
  return t("mailbox:newKeys", {
    readers: listOf(
      readersNow.map((each) => named(each, t)),
      language,
    ),
  });
}

export function drawTalk(list: HTMLElement, view: MailboxView, options: ConversationOptions): void {
  const { t, language } = options;
  const items = view.entries.map((entry) => {
    const own = entry.from === null && !entry.damaged;
    const from = entry.damaged
      ? t("mailbox:unknownReader")
      : entry.seq === 0
        ? t("mailbox:yourReport")
        : entry.from === null
          ? t("mailbox:you")
          : named(entry.from, t);
    const text = entry.damaged ? t("common:damagedEntry") : textOf(entry, options);
    const body = entry.seq === 0 ? reportBody(view, options) : text === "" ? [] : [written(text)];
    return element(
      "li",
      {
        class: own ? "th-talk__item th-talk__item--own" : "th-talk__item",
        id: `entry-${entry.seq}`,
        tabindex: -1,
      },
      element("h3", { class: "th-talk__from" }, from, ...marks(entry, options)),
      ...dayLine(entry, t, language),
      ...body,
      ...told(entry, options),
      ...fileList(entry, options),
    );
  });
  const silent = view.entries.every((entry) => entry.from === null);
  if (silent) items.push(element("li", { class: "govuk-hint govuk-!-margin-bottom-0" }, t("mailbox:noReplies")));
  list.replaceChildren(...items);
}
