/** The eight words, and what the person should do with them. They are on this page and nowhere else. */
import { plainWord } from "../../../crypto/code-words.ts";
import { formatDay, updateDueBy } from "../../../data/policy/update-date.ts";
import type { Translate } from "../i18n.ts";
import { byId, element, show } from "./dom.ts";
import { listOf } from "../../locales/say.ts";
import type { FilingResult } from "./worker-api.ts";

type Filed = Extract<FilingResult, { is: "filed" }>;

/** A place from 0 to `most` - 1; which word is asked for is no secret. */
function pick(most: number): number {
  return crypto.getRandomValues(new Uint8Array(1))[0]! % most;
}

function askOneWord(words: readonly string[], t: Translate): void {
  const index = pick(words.length);
  const values = { number: index + 1 };
  const input = byId("check-word", HTMLInputElement);
  const error = byId("check-error");
  const status = byId("check-status");
  byId("check-label").textContent = t("report:receipt.checkLabel", values);
  byId("check-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = plainWord(input.value.trim());
    const right = typed === plainWord(words[index]!);
    const key = typed === "" ? "checkEmpty" : "checkWrong";
    error.hidden = right;
    error.textContent = right ? "" : t(`report:receipt.${key}`, values);
    status.textContent = right ? t("report:receipt.checkRight") : "";
    byId("check-group").classList.toggle("govuk-form-group--error", !right);
    input.setAttribute("aria-invalid", String(!right));
    if (!right) input.focus();
  });
}

function fillNext({ day, readers }: Filed, t: Translate, language: string): void {
  byId("next-reply").textContent =
    day === null
      ? t("report:receipt.nextReplyNoDate")
      : t("report:receipt.nextReply", { date: formatDay(updateDueBy(day), language) });
  byId("next-readers").textContent = t("report:receipt.nextReaders", {
    names: listOf(
      readers.map(({ name }) => name),
      language,
    ),
  });
}

/** Copying, with what it means, and a way to take the words out of the clipboard again. */
function offerCopying(words: readonly string[], t: Translate): void {
  const put = async (text: string, done: "copied" | "forgotten", failed: string): Promise<void> => {
    let said: string = done;
    try {
      // In some private windows there is no clipboard at all; that throws as well.
      await navigator.clipboard.writeText(text);
      show("code-forget", done === "copied");
    } catch {
      said = failed;
    }
    byId("copy-status").textContent = t(`report:receipt.${said}`);
  };
  byId("code-copy").addEventListener("click", () => void put(words.join(" "), "copied", "copyFailed"));
  byId("code-forget").addEventListener("click", () => {
    byId("code-copy").focus();
    // A browser may leave the clipboard as it is when it is given nothing.
    void put(" ", "forgotten", "forgetFailed");
  });
}

/** Fills and shows the receipt. `leave`: forgets everything and goes to the first page. */
export function showReceipt(filed: Filed, t: Translate, language: string, leave: () => void): void {
  const { words, codeLanguage } = filed;
  byId("code").lang = codeLanguage;
  byId("code").replaceChildren(...words.map((word) => element("li", { class: "th-code__word" }, word)));
  byId("code-where").textContent = t("report:receipt.where", { address: location.origin });
  offerCopying(words, t);
  byId("code-print").addEventListener("click", () => print());
  byId("done").addEventListener("click", leave);
  askOneWord(words, t);
  fillNext(filed, t, language);
  show("receipt", true);
  scrollTo(0, 0);
  byId("receipt-title").focus({ preventScroll: true });
}
