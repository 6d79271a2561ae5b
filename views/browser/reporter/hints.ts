/**
 * Hints under a text field: what may point to its writer. Found here, on the device, by
 * data/policy/hints; nothing of it is kept or sent, and nothing says that a text is safe.
 */
import { findOddCharacters, replaceOddCharacters, type OddCharacter } from "../../../data/policy/hints/characters.ts";
import { hintKinds, type Hint, type HintKind } from "../../../data/policy/hints/rules.ts";
import type { HintsAnswer, HintsQuestion } from "../hints.worker.ts";
import type { Translate } from "../i18n.ts";
import { startWorker } from "../trusted.ts";
import { element } from "./dom.ts";

/** How long nobody types before we look, ms. */
const pause = 900;
const mostShown = 3;
const longestShown = 50; // characters
/** A hundred thousand characters take a computer less than a tenth of a second; this is for the slowest telephone, ms. */
const longestSearch = 3_000;

export interface HintedField {
  field: HTMLTextAreaElement | HTMLInputElement;
  /** Empty, below the field. */
  hints: HTMLElement;
}

/** Call it when a field is made and whenever its text changes. */
export type ShowHints = (told: HintedField) => void;

interface Shown extends HintedField {
  status: HTMLElement;
  box: HTMLElement;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** What is drawn, so that the same is not drawn, and said, again. */
  drawn: string;
  /** The text before and after odd characters were replaced. */
  undo: { before: string; after: string } | null;
  /** The text that was looked through last, and what was found. */
  looked: HintsAnswer;
}

interface Finder {
  /** A field's newest text takes the place of an older one that waits. */
  ask(field: HTMLElement, text: string): void;
}

/**
 * Searches texts in a worker, one at a time. One that holds it up is given up for the rest of the visit, as if nothing
 * were in it, and another worker goes on with the others. Where no worker loads, nothing is answered.
 */
function startFinder(language: string, answered: (answer: HintsAnswer) => void): Finder {
  const waiting = new Map<HTMLElement, string>();
  const givenUp = new Set<string>();
  let asked: string | null = null;
  let worker: Worker;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const post = (text: string): void => {
    asked = text;
    worker.postMessage({ text, language } satisfies HintsQuestion);
  };

  const goOn = (): void => {
    clearTimeout(timer);
    asked = null;
    const [next] = waiting.entries();
    if (next === undefined) return;
    const [field, text] = next;
    waiting.delete(field);
    post(text);
    timer = setTimeout(giveUp, longestSearch);
  };

  const giveUp = (): void => {
    const text = asked!;
    givenUp.add(text);
    worker.terminate();
    start();
    answered({ text, hints: [] });
  };

  function start(): void {
    worker = startWorker("hints");
    worker.addEventListener("message", ({ data }: MessageEvent<HintsAnswer>) => {
      goOn();
      answered(data);
    });
    worker.addEventListener("error", (event) => event.preventDefault());
    // Answered when it has loaded, which may take longer than any search: no clock runs until then.
    post("");
  }
  // Begins to load behind the form, not when somebody types: that would tell the server that they do. Only a
  // text that is given up, which no rule should let happen, has the script asked for again.
  start();

  return {
    ask(field, text) {
      waiting.delete(field);
      if (text === asked) return;
      if (givenUp.has(text)) {
        answered({ text, hints: [] });
        return;
      }
      waiting.set(field, text);
      if (asked === null) goOn();
    },
  };
}

const isOdd = (kind: HintKind): boolean => kind === "hidden" || kind === "lookalike";

const shorten = (text: string): string => {
  const characters = [...text.replace(/\s+/gu, " ").trim()];
  return characters.length > longestShown ? `${characters.slice(0, longestShown - 1).join("")}…` : characters.join("");
};

/** For all text fields of a page: what is hidden in one field is hidden in the others too. */
export function makeHints({ t, language }: { t: Translate; language: string }): ShowHints {
  const fields = new Map<HTMLElement, Shown>();
  const hidden = new Set<HintKind>();

  const lookAgain = (): void => {
    for (const shown of fields.values()) look(shown);
  };

  const hide = (shown: Shown, kinds: readonly HintKind[]): void => {
    for (const kind of kinds) hidden.add(kind);
    lookAgain();
    // The focused button is gone.
    (shown.box.querySelector("button") ?? shown.field).focus();
  };

  const button = (label: string, named: string | null, act: () => void): HTMLElement => {
    const made = element(
      "button",
      { type: "button", class: "govuk-button govuk-button--secondary th-hint__button", "aria-label": named },
      label,
    );
    made.addEventListener("click", act);
    return made;
  };

  const setText = (shown: Shown, text: string): void => {
    shown.field.value = text;
    // Whoever counts or keeps the text hears of it as of typing.
    shown.field.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(shown.timer);
  };

  const replace = (shown: Shown): void => {
    const before = shown.field.value;
    const count = findOddCharacters(before).length;
    const after = replaceOddCharacters(before);
    setText(shown, after);
    shown.undo = { before, after };
    look(shown, true);
    shown.status.textContent = t("hints:replaced", { count });
    shown.box.querySelector<HTMLElement>(".th-hint__undo")?.focus();
  };

  const undo = (shown: Shown): void => {
    const { before } = shown.undo!;
    shown.undo = null;
    setText(shown, before);
    look(shown, true);
    shown.status.textContent = t("hints:undone");
    shown.field.focus();
  };

  const whereIs = ({ start, name }: OddCharacter, text: string): string => {
    const before = [...replaceOddCharacters(text.slice(Math.max(0, start - 24), start))].slice(-12).join("").trim();
    return before === "" ? t("hints:atStart", { name }) : t("hints:at", { name, before });
  };

  const drawKind = (shown: Shown, kind: HintKind, excerpts: readonly string[]): HTMLElement => {
    const title = t(`hints:kinds.${kind}.title`);
    const items = excerpts
      .slice(0, mostShown)
      .map((excerpt) => element("li", { class: "th-hint__found" }, element("bdi", {}, excerpt)));
    const more = excerpts.length - mostShown;
    if (more > 0) items.push(element("li", {}, t("hints:more", { count: more })));
    return element(
      "li",
      { class: "th-hint", "data-kind": kind },
      element("p", { class: "th-hint__title" }, title),
      element("ul", { class: "th-hint__list" }, ...items),
      element("p", { class: "th-hint__advice" }, t(`hints:kinds.${kind}.advice`)),
      button(t("hints:hide"), t("hints:hideNamed", { title }), () => hide(shown, [kind])),
    );
  };

  /** By kind, in the order in which kinds matter. */
  const findExcerpts = (text: string, all: readonly Hint[]): Map<HintKind, string[]> => {
    const odd = findOddCharacters(text);
    const byKind = hintKinds
      .filter((kind) => !hidden.has(kind))
      .map((kind): [HintKind, string[]] => {
        if (isOdd(kind))
          return [
            kind,
            odd
              .filter((each) => (each.kind === "lookalike") === (kind === "lookalike"))
              .map((each) => whereIs(each, text)),
          ];
        const excerpts = all
          .filter((hint) => hint.kind === kind)
          .map(({ start, end }) => shorten(text.slice(start, end)));
        return [kind, [...new Set(excerpts)]];
      });
    return new Map(byKind.filter(([, excerpts]) => excerpts.length > 0));
  };

  const finder = startFinder(language, (answer) => {
    for (const shown of fields.values())
      if (shown.field.value === answer.text) {
        shown.looked = answer;
        look(shown);
      }
  });

  /** `now`: what is known at once is drawn before the rest is found. */
  const look = (shown: Shown, now = false): void => {
    clearTimeout(shown.timer);
    const { field, box, status } = shown;
    const text = field.value;
    if (shown.undo !== null && shown.undo.after !== text) shown.undo = null;
    const isLooked = shown.looked.text === text;
    if (!isLooked) finder.ask(field, text);
    if (!isLooked && !now) return;
    const found = findExcerpts(text, isLooked ? shown.looked.hints : []);
    const drawn = JSON.stringify([[...found], shown.undo !== null]);
    if (drawn === shown.drawn) return;
    const before = shown.drawn;
    shown.drawn = drawn;
    const odd = found.has("hidden") || found.has("lookalike");
    const acts = [
      ...(odd ? [button(t("hints:replace"), null, () => replace(shown))] : []),
      ...(found.size > 0 ? [button(t("hints:hideAll"), null, () => hide(shown, hintKinds))] : []),
    ];
    if (shown.undo !== null) {
      const back = button(t("hints:undo"), null, () => undo(shown));
      back.classList.add("th-hint__undo");
      acts.unshift(back);
    }
    const list = element(
      "ul",
      { class: "th-hints__list" },
      ...[...found].map(([kind, excerpts]) => drawKind(shown, kind, excerpts)),
    );
    const hadFocus = box.contains(document.activeElement);
    box.replaceChildren(
      ...(found.size === 0
        ? []
        : [
            element("p", { class: "th-hints__title" }, t("hints:title")),
            element("p", { class: "th-hints__lead" }, t("hints:lead")),
            list,
          ]),
      ...(acts.length === 0 ? [] : [element("div", { class: "th-hints__acts" }, ...acts)]),
    );
    box.hidden = found.size === 0 && acts.length === 0;
    if (hadFocus) (box.querySelector<HTMLElement>(".th-hint__undo, button") ?? field).focus();
    // Only how many: hearing all of it again at every pause would disturb the writing.
    if (found.size > 0) status.textContent = t("hints:count", { count: found.size });
    else if (before !== "" && shown.undo === null) status.textContent = t("hints:none");
  };

  return ({ field, hints }) => {
    let shown = fields.get(field);
    if (shown === undefined) {
      const box = element("div", { class: "th-hints__box", hidden: true });
      const status = element("p", { class: "govuk-visually-hidden", role: "status" });
      hints.replaceChildren(status, box);
      shown = { field, hints, status, box, timer: undefined, drawn: "", undo: null, looked: { text: "", hints: [] } };
      fields.set(field, shown);
    }
    const told = shown;
    clearTimeout(told.timer);
    if (told.drawn !== "" || field.value !== "") told.timer = setTimeout(() => look(told), pause);
  };
}
