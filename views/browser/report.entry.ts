/** The report page: one form, the sending step, the receipt. Seals nothing itself: the worker does. */
import { PortalError } from "../../crypto/errors.ts";
import { byId, show, showOnly } from "./reporter/dom.ts";
import { buildFilesField, unreadableFile } from "./reporter/files-field.ts";
import { clearErrors, showErrors, wordsForCode, type FormError } from "./reporter/form-errors.ts";
import { askBeforeLosing } from "./reporter/leave-warning.ts";
import { buildQuestions } from "./reporter/questions.ts";
import { buildReadersField } from "./reporter/readers-field.ts";
import { showReceipt } from "./reporter/receipt.ts";
import { beginSending } from "./reporter/sending.ts";
import { start, type Started } from "./reporter/start.ts";
import type { FilingResult, PortalView, ReportDraft } from "./reporter/worker-api.ts";

const steps = ["closed", "write", "sending", "receipt"];
const summary = "error-summary";

/** True while nothing was changed since the last try: then it is the same report, sealed already. */
function isSameDraft(a: ReportDraft | null, b: ReportDraft): boolean {
  if (a === null || a.files.length !== b.files.length || a.files.some((file, i) => file !== b.files[i])) return false;
  const rest = ({ channel, answers, excluded, language }: ReportDraft): string =>
    JSON.stringify([channel, answers, excluded, language]);
  return rest(a) === rest(b);
}

function begin({ worker, portal, t, language }: Started): void {
  if (!portal.intakeOpen) {
    showOnly(steps, "closed");
    return;
  }
  const submit = byId("submit", HTMLButtonElement);
  const status = byId("form-status");
  const questions = buildQuestions(byId("questions"), t);
  const files = buildFilesField(byId("files"), { t, language, maxFileBytes: portal.maxFileBytes });
  const readers = buildReadersField({
    t,
    language,
    onChannel: (channel) => questions.ask(channel?.questionnaire ?? ""),
    onReadable: (readable) => {
      submit.hidden = !readable;
    },
  });
  const draw = (view: PortalView): void => {
    show("trial", view.trial);
    show("expired", view.expired);
    readers.setPortal(view);
  };
  let tried: ReportDraft | null = null;
  /** An answer was lost: nobody here can say whether the server has the report. */
  let mayHaveArrived = false;
  let left = false;

  const backWith = (errors: readonly FormError[]): void => {
    showOnly(steps, "write");
    showErrors(summary, errors, t);
  };

  const leave = (): void => {
    left = true;
    worker.close();
    byId("receipt").replaceChildren();
    location.replace("/");
  };

  const handle = (result: FilingResult): void => {
    switch (result.is) {
      case "filed":
        // Nothing of it is needed here any more; the page that shows the words should hold only them.
        byId("write").remove();
        show("sending", false);
        showReceipt(result, t, language, leave);
        return;
      case "readersChanged":
        draw(result.portal);
        showOnly(steps, "write");
        show("readers-changed", true);
        byId("readers-changed").focus();
        return;
      case "unreadable":
        tried = null;
        backWith([unreadableFile(result.file, t)]);
        return;
      case "cancelled":
        showOnly(steps, "write");
        status.textContent = t(mayHaveArrived ? "report:sending.cancelledUnsure" : "report:sending.cancelled");
        submit.focus();
    }
  };

  const send = async (): Promise<void> => {
    const channel = readers.channel();
    const errors = [...readers.errors(), ...questions.errors(), ...files.errors()];
    if (channel === null || errors.length > 0) {
      showErrors(summary, errors, t);
      return;
    }
    clearErrors(summary);
    show("readers-changed", false);
    status.textContent = "";
    const draft: ReportDraft = {
      channel: channel.id,
      answers: questions.answers(),
      excluded: readers.excluded(),
      files: files.files(),
      language,
    };
    const again = isSameDraft(tried, draft);
    tried = draft;
    showOnly(steps, "sending");
    byId("sending-title").focus({ preventScroll: true });
    const options = beginSending(t);
    try {
      handle(await (again ? worker.call("fileAgain", undefined, options) : worker.call("file", draft, options)));
    } catch (error) {
      const code = error instanceof PortalError ? error.code : "busy";
      if (code === "busy") mayHaveArrived = true;
      backWith([code === "busy" ? { field: null, text: t("report:sending.unsure") } : wordsForCode(code, t)]);
    }
  };

  draw(portal);
  byId("report-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    // Enter in a field asks for the same; with nobody to read it there is no button and no way.
    if (!submit.hidden) void send();
    else showErrors(summary, readers.errors(), t);
  });
  askBeforeLosing(
    () => !left && (!byId("receipt").hidden || Object.keys(questions.answers()).length > 0 || files.files().length > 0),
  );
  // Who comes back with the back button must not find the words again.
  addEventListener("pageshow", (event) => {
    if (event.persisted && !byId("receipt").hidden) leave();
  });
  showOnly(steps, "write");
}

void start(begin, () => showOnly(steps, "closed"));
