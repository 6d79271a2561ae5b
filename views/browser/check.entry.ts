/**
 * Checks a proof of filing in the browser, so that the file need not be sent. Where that does not
 * work the form does what forms do, and the server checks.
 */
import { formatDay } from "../../data/policy/update-date.ts";
import { PortalError } from "../../crypto/errors.ts";
import { loadWords, readPageData } from "./i18n.ts";
import { carryNoticePin, noticePin } from "./notice-address.ts";
import { installQuickExit } from "./quick-exit.ts";
import { byId, element, show } from "./reporter/dom.ts";
import type { ProofView } from "./reporter/worker-api.ts";
import { startReporterWorker } from "./reporter/worker-client.ts";

installQuickExit();
carryNoticePin();

async function begin(): Promise<void> {
  const page = readPageData();
  const t = await loadWords(page);
  const worker = await startReporterWorker();
  // Fetches and verifies the lists of members: without them there is nothing to check against.
  const form = byId("check-form", HTMLFormElement);
  try {
    await worker.call("portal", { pin: noticePin() });
  } catch (error) {
    if (!(error instanceof PortalError) || error.code !== "forged") throw error;
    // Not the portal of the notice, or a list that does not verify: what it says of itself proves nothing.
    form.remove();
    show("by-server", false);
    show("distrusted", true);
    return;
  }
  const file = byId("proof-file", HTMLInputElement);
  const text = byId("proof-text", HTMLTextAreaElement);
  const answer = byId("answer");

  const paragraph = (words: string): HTMLElement => element("p", { class: "govuk-body" }, words);
  const showAnswer = (title: string, ...words: string[]): void => {
    const heading = element("h2", { class: "govuk-heading-m", tabindex: -1 }, title);
    answer.replaceChildren(heading, ...words.map(paragraph));
    answer.hidden = false;
    heading.focus();
  };
  const showChecked = (found: ProofView): void => {
    if (found.is === "refused") return showAnswer(t("proof:refused"), t(`proof:why.${found.why}`));
    const { organisation } = found;
    const title = t("proof:proved", { date: formatDay(found.day, page.lang) });
    showAnswer(title, t("proof:provedText", { organisation }), t("proof:provedLimit"));
  };
  const check = async (): Promise<void> => {
    const chosen = file.files?.[0];
    let given = text.value;
    try {
      if (chosen !== undefined) given = chosen.size > largest ? "" : await chosen.text();
    } catch {
      return showAnswer(t("proof:unreadable"));
    }
    if (chosen === undefined && given.trim() === "") return showAnswer(t("proof:missing"));
    showChecked(await worker.call("checkProof", given));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check().catch(() => showAnswer(t("errors:busy.title"), t("errors:busy.what"), t("errors:busy.next")));
  });
  show("by-server", false);
  show("by-browser", true);
}

/** Bytes; what is larger is no proof. */
const largest = 4_000_000;

void begin().catch(() => {}); // then the form goes to the server, as it says
