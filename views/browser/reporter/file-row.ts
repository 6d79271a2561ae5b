/** One chosen file: what it tells about people, what was taken out of it, under which name it goes. */
import { findingGroups, type Finding } from "../metadata/findings.ts";
import type { Translate } from "../i18n.ts";
import type { Cleaner, Cleaning } from "./cleaning.ts";
import { element } from "./dom.ts";
import { sizeOf } from "../../locales/say.ts";

/** The operator's word on hidden facts in files: data/policy/presentation.ts. */
export type MetadataPolicy = "always" | "ask" | "keep";

export interface FileRowOptions {
  t: Translate;
  language: string;
  policy: MetadataPolicy;
  cleaner: Cleaner;
  /** Unique on the page. */
  number: number;
  /** It was recorded here and holds what the browser put in. */
  recorded: boolean;
  onRemove: () => void;
  onChange: () => void;
  /** For screen readers. */
  say: (words: string) => void;
}

export interface FileRow {
  readonly element: HTMLLIElement;
  /** What is sent: cleaned or not, under the chosen name. The same object until something changes. */
  file(): File;
  /** "busy": still being cleaned; "uncleaned": the operator wants it cleaned, and it was stopped. */
  problem(): "busy" | "uncleaned" | null;
  /** Stops what is under way. */
  close(): void;
}

const longestName = 250; // characters

/** "file 1.pdf": the ending stays, or readers could not open it. */
function neutralName(t: Translate, number: number, name: string): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? "";
  return t("files:name.neutral", { number }) + ending.toLowerCase();
}

function sameFinding(a: Finding, b: Finding): boolean {
  return a.name === b.name && a.value === b.value;
}

/** What was in the file and what of it is sent. `removed`: false when it goes as it is. */
function drawFindings(found: readonly Finding[], remaining: readonly Finding[], t: Translate): HTMLElement {
  const shown = [...found, ...remaining.filter((each) => !found.some((other) => sameFinding(each, other)))];
  const ordered = findingGroups.flatMap((group) => shown.filter((each) => each.group === group));
  const head = ["fact", "before", "after"].map((column) =>
    element("th", { class: "govuk-table__header", scope: "col" }, t(`files:table.${column}`)),
  );
  const rows = ordered.map((each) => {
    const stays = remaining.some((other) => sameFinding(each, other));
    const [name, group] = [t(`metadata:names.${each.name}`), t(`metadata:groups.${each.group}`)];
    return element(
      "tr",
      { class: "govuk-table__row" },
      element(
        "th",
        { class: "govuk-table__header", scope: "row" },
        name,
        ...(name === group ? [] : [element("span", { class: "th-finding__group" }, group)]),
      ),
      element("td", { class: "govuk-table__cell th-finding__value" }, element("bdi", {}, each.value || "–")),
      element(
        "td",
        { class: `govuk-table__cell${stays ? " th-finding--stays" : ""}` },
        t(stays ? "files:table.stays" : "files:table.gone"),
      ),
    );
  });
  return element(
    "table",
    { class: "govuk-table th-findings" },
    element("thead", { class: "govuk-table__head" }, element("tr", { class: "govuk-table__row" }, ...head)),
    element("tbody", { class: "govuk-table__body" }, ...rows),
  );
}

export function buildFileRow(original: File, options: FileRowOptions): FileRow {
  const { t, language, policy, cleaner, number, recorded } = options;
  const id = `file-${number}`;
  let cleaning: Cleaning | null = null;
  let stop = new AbortController();
  let asIs = policy === "keep";
  let made: { file: File; content: Blob; name: string } | null = null;

  const size = element("span", { class: "th-file__size" });
  const state = element("div", { class: "th-file__state" });
  const name = element("input", {
    class: "govuk-input",
    type: "text",
    id: `${id}-name`,
    autocomplete: "off",
    spellcheck: "false",
    maxlength: longestName,
    dir: "auto",
    "aria-label": t("files:name.labelNamed", { name: original.name }),
  });
  name.value = original.name;
  const neutral = neutralName(t, number, original.name);

  const button = (key: string, act: () => void, more: string): HTMLButtonElement => {
    const made = element(
      "button",
      {
        type: "button",
        class: `govuk-button govuk-button--secondary ${more}`,
        "aria-label": t(`files:${key}Named`, { name: original.name }),
      },
      t(`files:${key}`),
    );
    made.addEventListener("click", act);
    return made;
  };

  const content = (): Blob => (cleaning?.is === "cleaned" && !asIs ? cleaning.blob : original);
  const kindWords = (): string => {
    if (recorded) return t("files:kinds.recording");
    const kind = cleaning !== null && "kind" in cleaning ? cleaning.kind : null;
    return t(`files:kinds.${kind ?? "other"}`);
  };

  const stateWords = (): string[] => {
    if (cleaning === null) return [t("files:looking")];
    if (cleaning.is === "untouched") {
      if (recorded) return [t("files:record.facts")];
      return [t(`files:untouched.${cleaning.reason}`)];
    }
    const { found, remaining } = cleaning;
    if (asIs) return [t("files:asIs", { count: found.length })];
    const gone = found.filter((each) => !remaining.some((other) => sameFinding(each, other)));
    // "None that we know of" beside "two are still in it" would contradict itself.
    return [
      ...(gone.length === 0 && remaining.length > 0 ? [] : [t("files:cleaned", { count: gone.length })]),
      ...(remaining.length === 0 ? [] : [t("files:remains", { count: remaining.length })]),
    ];
  };

  const drawChoice = (): HTMLElement => {
    const radio = (value: "clean" | "asIs"): HTMLElement => {
      const input = element("input", {
        class: "govuk-radios__input",
        type: "radio",
        id: `${id}-${value}`,
        name: `${id}-choice`,
        autocomplete: "off",
      });
      input.checked = asIs === (value === "asIs");
      input.addEventListener("change", () => {
        asIs = value === "asIs";
        drawState();
        options.say(stateWords().join(" "));
        document.getElementById(`${id}-${value}`)?.focus();
        options.onChange();
      });
      const label = element(
        "label",
        { class: "govuk-label govuk-radios__label", for: input.id },
        t(`files:choice.${value}`),
      );
      return element("div", { class: "govuk-radios__item" }, input, label);
    };
    return element(
      "fieldset",
      { class: "govuk-fieldset th-file__choice" },
      element(
        "legend",
        { class: "govuk-fieldset__legend" },
        element("span", { "aria-hidden": "true" }, t("files:choice.legend")),
        element("span", { class: "govuk-visually-hidden" }, t("files:choice.legendNamed", { name: original.name })),
      ),
      element("div", { class: "govuk-radios govuk-radios--small" }, radio("clean"), radio("asIs")),
    );
  };

  const bar = element("progress", {
    class: "th-progress",
    max: 100,
    value: 0,
    "aria-label": t("files:progress", { name: original.name }),
  });

  const drawState = (): void => {
    const open = state.querySelector("details")?.open === true;
    size.textContent = `${kindWords()}, ${sizeOf(content().size, language)}`;
    const parts: HTMLElement[] = stateWords().map((words) => element("p", { class: "th-file__words" }, words));
    if (cleaning === null)
      parts.push(
        bar,
        button("stop", () => stop.abort(), "th-file__act"),
      );
    else if (cleaning.is === "cleaned") {
      const { found, remaining } = cleaning;
      if (policy === "keep" && found.length > 0) parts.push(element("p", { class: "th-file__words" }, t("files:keep")));
      if (policy !== "always") parts.push(drawChoice());
      if (found.length + remaining.length > 0) {
        const details = element(
          "details",
          { class: "govuk-details th-file__details" },
          element(
            "summary",
            { class: "govuk-details__summary", "aria-label": t("files:detailsNamed", { name: original.name }) },
            element("span", { class: "govuk-details__summary-text" }, t("files:details")),
          ),
          element("div", { class: "govuk-details__text" }, drawFindings(found, asIs ? found : remaining, t)),
        );
        details.open = open;
        parts.push(details);
      }
    } else if (cleaning.reason === "stopped" || cleaning.reason === "failed")
      parts.push(button("again", () => void clean(), "th-file__act"));
    state.replaceChildren(...parts);
  };

  const clean = async (): Promise<void> => {
    stop = new AbortController();
    cleaning = null;
    bar.value = 0;
    drawState();
    const hadFocus = state.contains(document.activeElement);
    const result = await cleaner.clean(original, (done) => (bar.value = Math.floor(done * 100)), stop.signal);
    const focusWasHere = hadFocus || state.contains(document.activeElement);
    cleaning = result;
    drawState();
    if (focusWasHere) (state.querySelector<HTMLElement>("button, input") ?? name).focus();
    options.say(t("files:heard", { name: original.name, state: stateWords().join(" ") }));
    options.onChange();
  };

  const remove = button("remove", options.onRemove, "th-file__remove");
  const useNeutral = element(
    "button",
    { type: "button", class: "govuk-button govuk-button--secondary th-file__neutral" },
    t("files:name.use", { name: neutral }),
  );
  const drawNeutral = (): void => {
    const other = name.value === neutral ? original.name : neutral;
    useNeutral.textContent = t("files:name.use", { name: other });
  };
  useNeutral.addEventListener("click", () => {
    name.value = name.value === neutral ? original.name : neutral;
    drawNeutral();
    options.onChange();
  });
  name.addEventListener("input", () => {
    drawNeutral();
    options.onChange();
  });
  // Enter would send the whole form.
  name.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });

  const row = element(
    "li",
    { class: "th-file", id },
    element("span", { class: "th-file__name" }, element("bdi", {}, original.name)),
    size,
    remove,
    state,
    element(
      "div",
      { class: "th-file__rename" },
      element("label", { class: "govuk-label", for: name.id }, t("files:name.label")),
      element("p", { class: "govuk-hint", id: `${id}-hint` }, t("files:name.hint")),
      name,
      useNeutral,
    ),
  );
  name.setAttribute("aria-describedby", `${id}-hint`);
  if (recorded) cleaning = { is: "untouched", reason: "kind", kind: null, found: [] };
  drawState();
  if (!recorded) void clean();

  return {
    element: row,
    file() {
      const [body, written] = [content(), name.value.trim() === "" ? neutral : name.value.trim()];
      if (made?.content === body && made.name === written) return made.file;
      const file =
        body === original && written === original.name
          ? original
          : new File([body], written, { type: body.type, lastModified: 0 });
      made = { file, content: body, name: written };
      return file;
    },
    problem() {
      if (cleaning === null) return "busy";
      const stopped = cleaning.is === "untouched" && cleaning.reason === "stopped";
      return stopped && policy === "always" ? "uncleaned" : null;
    },
    close: () => stop.abort(),
  };
}
