/**
 * Help while the eight words are typed: how many are known, what a wrong one may have meant, how a
 * begun one goes on. Nothing is put in without a press, and nothing typed leaves the page: only
 * whole word lists are fetched, for each page the same, and all of them at once where those do not fit.
 */
import {
  codeLanguageOf,
  codeLanguages,
  completeWord,
  findWord,
  nearestWord,
  splitWords,
  type CodeLanguage,
  type NamedList,
} from "../../../crypto/code-words.ts";
import { fetchWordList, type ListFetcher } from "../client/word-list.ts";
import type { Translate } from "../i18n.ts";
import { element } from "./dom.ts";

const codeWords = 8;
/** A screen reader that is told after each letter says nothing else any more. */
const pauseMs = 700;
/** No list that is there from the start on a page in a European language can have such words. */
const notLatin = /(?!\p{Script=Latin})\p{L}/u;

/** Unknown words of a code, with what they may have meant. */
export function unknownWords(words: readonly string[], near: readonly string[], t: Translate): string {
  const unknown = t("mailbox:code.unknown", { count: words.length, words: words.join(", ") });
  return near.length === 0 ? unknown : `${unknown} ${t("mailbox:code.near", { words: near.join(", ") })}`;
}

export interface TypedWord {
  /** As it was typed; its place among the words. */
  typed: string;
  place: number;
  /** What could stand there instead. */
  better: string;
  /** False: the word is only begun. */
  wrong: boolean;
}

export interface FieldView {
  language: CodeLanguage;
  words: string[];
  /** How many are in the list. */
  known: number;
  /** Words in the list but not there as typed: the last may be only begun. */
  offers: TypedWord[];
  /** Not in the list, and nothing is near. */
  lost: string[];
}

/** What can be said of this text in the list that knows the most of its words, the first of equals. */
export function readField(text: string, lists: readonly NamedList[]): FieldView | null {
  const views = lists.map((list) => viewIn(text, list));
  return views.length === 0 ? null : views.reduce((best, next) => (next.known > best.known ? next : best));
}

function viewIn(text: string, list: NamedList): FieldView {
  const words = splitWords(text, list.words);
  const ended = /[^\p{L}\p{M}]$/u.test(text);
  const offers: TypedWord[] = [];
  const lost: string[] = [];
  let known = 0;
  for (const [place, typed] of words.entries()) {
    if (findWord(typed, list.words) !== -1) {
      known += 1;
      continue;
    }
    const begun = place === words.length - 1 && !ended;
    const whole = completeWord(typed, list);
    const better = whole ?? (begun ? null : nearestWord(typed, list.words));
    if (better !== null) offers.push({ typed, place, better, wrong: !begun });
    else if (!begun) lost.push(typed);
  }
  return { language: list.language, words, known, offers, lost };
}

class FieldLists {
  readonly #fetch: ListFetcher;
  #lists: NamedList[] = [];
  #askedAll = false;

  constructor(fetcher: ListFetcher) {
    this.#fetch = fetcher;
  }

  get lists(): readonly NamedList[] {
    return this.#lists;
  }

  async add(languages: readonly CodeLanguage[]): Promise<void> {
    const wanted = languages.filter((language) => !this.#lists.some((list) => list.language === language));
    const lists = await Promise.all(wanted.map(async (language) => ({ language, words: await this.#fetch(language) })));
    this.#lists.push(...lists);
  }

  /** Once; true when there is something new. */
  async addAll(): Promise<boolean> {
    if (this.#askedAll) return false;
    this.#askedAll = true;
    await this.add(codeLanguages);
    return true;
  }
}

/** `language`: the page's. Without the lists the field works as before: the code is judged when it is sent. */
export function helpTypingCode(
  field: HTMLTextAreaElement,
  { t, language }: { t: Translate; language: string },
  fetcher: ListFetcher = fetchWordList,
): void {
  const lists = new FieldLists(fetcher);
  const said = element("p", { class: "govuk-hint", role: "status" });
  const offers = element("ul", { class: "govuk-list" });
  const box = element("div", { class: "th-code-help" }, said, offers);
  field.after(box);
  let timer = 0;

  const put = ({ place, better }: TypedWord, view: FieldView): void => {
    field.value = `${view.words.with(place, better).join(" ")} `;
    field.focus();
    draw();
  };

  const offerItem = (offer: TypedWord, view: FieldView): HTMLElement => {
    const word = element("span", { lang: view.language, dir: "ltr", translate: "no" }, offer.better);
    const button = element(
      "button",
      { type: "button", class: "govuk-button govuk-button--secondary govuk-!-margin-bottom-1" },
      `${t("mailbox:code.help.use")} `,
      word,
    );
    button.addEventListener("click", () => put(offer, view));
    const wrong = offer.wrong ? `${t("mailbox:code.help.wrong", { word: offer.typed })} ` : "";
    return element("li", {}, wrong, button);
  };

  const draw = (): void => {
    const view = readField(field.value, lists.lists);
    if (view === null || view.words.length === 0) {
      said.textContent = "";
      offers.replaceChildren();
      return;
    }
    const lost = view.lost.map((word) => t("mailbox:code.help.wrong", { word }));
    said.textContent = [t("mailbox:code.help.known", { count: view.known, all: codeWords }), ...lost].join(" ");
    offers.replaceChildren(...view.offers.map((offer) => offerItem(offer, view)));
    field.lang = view.language;
    // Words of another list, perhaps: all are asked for, so that nobody learns which.
    if (view.known === 0 && (view.words.length > 1 || notLatin.test(field.value)))
      void lists.addAll().then(
        (isNew) => (isNew ? draw() : undefined),
        () => {},
      );
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(draw, pauseMs);
  });
  void lists.add([...new Set<CodeLanguage>([codeLanguageOf(language), "en"])]).then(draw, () => box.remove());
}
