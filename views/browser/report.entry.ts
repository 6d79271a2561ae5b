/** The report page: one question at a time, the sending, the receipt. Seals nothing itself: the worker does. */
import { failureOf } from "../../crypto/errors.ts";
import { findActive, type ActiveQuestionnaires } from "../../data/policy/questionnaire.ts";
import { noticePin, withNoticePin } from "./notice-address.ts";
import { hrefIn } from "./i18n.ts";
import { drawCheck, type CheckLine } from "./reporter/check-answers.ts";
import { byId, show, showOnly } from "./reporter/dom.ts";
import { sizeOf } from "../locales/say.ts";
import { buildFilesField, unreadableFile } from "./reporter/files-field.ts";
import { clearErrors, showErrors, wordsForCode, type FormError } from "./reporter/form-errors.ts";
import { makeHints } from "./reporter/hints.ts";
import { askBeforeLosing } from "./reporter/leave-warning.ts";
import { offerProof } from "./reporter/offer-proof.ts";
import { buildQuestions } from "./reporter/questions.ts";
import { buildReadersField } from "./reporter/readers-field.ts";
import { showReceipt } from "./reporter/receipt.ts";
import { beginSending } from "./reporter/sending.ts";
import { start, type Started } from "./reporter/start.ts";
import { startSteps, type Step } from "./reporter/steps.ts";
import { drawUrgent } from "./reporter/urgent-choice.ts";
import { drawWhoReads } from "./reporter/who-reads.ts";
import type { FilingResult, PortalView, ReportDraft } from "./reporter/worker-api.ts";

const shown = ["closed", "write", "sending", "receipt"];
const summary = "error-summary";

/** True while nothing was changed since the last try: then it is the same report, sealed already. */
function isSameDraft(a: ReportDraft | null, b: ReportDraft): boolean {
  if (a === null || a.files.length !== b.files.length || a.files.some((file, i) => file !== b.files[i])) return false;
  const rest = ({ files: _files, ...others }: ReportDraft): string => JSON.stringify(others);
  return rest(a) === rest(b);
}

function begin({ worker, portal, page, t, language }: Started): void {
  if (!portal.intakeOpen) {
    showOnly(shown, "closed");
    return;
  }
  const questionnaires = page.data["questionnaires"] as ActiveQuestionnaires;
  const submit = byId("submit", HTMLButtonElement);
  const status = byId("form-status");
  const files = buildFilesField(byId("files"), { t, language, maxFileBytes: portal.maxFileBytes });
  const questions = buildQuestions(byId("questions"), { t, language, onText: makeHints({ t, language }) });
  let revisitReaders = (): void => {};
  const readers = buildReadersField({
    t,
    language,
    onChannel: (channel) => {
      if (channel !== null) questions.ask(findActive(questionnaires, channel.questionnaire));
      revisitReaders();
    },
  });
  let drawn = portal;
  const draw = (view: PortalView): void => {
    drawn = view;
    drawWhoReads(view, t, language);
    drawUrgent(view, page.data["urgentTo"] as number[], t, language);
    readers.setPortal(view);
  };
  draw(portal);

  const check: Step = { id: "step-check", optional: false, errors: () => [] };
  const stepsInForce = (): Step[] => [
    { id: "step-start", optional: false, errors: () => [] },
    ...(readers.hasChoice() ? [{ id: "step-channel", optional: false, errors: readers.channelErrors }] : []),
    { id: "step-readers", optional: true, errors: readers.readerErrors },
    ...questions.steps(),
    { id: "step-files", optional: true, errors: files.errors },
    check,
  ];

  const checkLines = (): CheckLine[] => {
    const { readers: able, leftOut } = readers.summary();
    const channel = readers.channel();
    const place = { step: "step-channel", name: t("report:channel.legend"), values: [channel?.name ?? ""] };
    const sizes = files.files().map(({ name, size }) => `${name} (${sizeOf(size, language)})`);
    return [
      ...(readers.hasChoice() ? [place] : []),
      { step: "step-readers", name: t("report:readers.title"), values: able },
      ...(leftOut.length === 0 ? [] : [{ step: "step-readers", name: t("report:check.leftOut"), values: leftOut }]),
      ...questions.answered().map(({ step, question, answer }) => ({ step, name: question, values: answer })),
      { step: "step-files", name: t("report:check.files"), values: sizes },
    ];
  };

  // A sum that fails now is done when it is needed.
  worker.call("prepare", undefined).catch(() => {});
  showOnly(shown, "write");
  const steps = startSteps({
    steps: stepsInForce,
    onShow: ({ id, optional }, number) => {
      // How many there will be hangs on the answers: a total would grow while somebody writes.
      const progress = t("report:progress", { number });
      byId("progress").textContent = optional ? t("report:progressOptional", { progress }) : progress;
      if (id === check.id) drawCheck(checkLines(), t, (step) => steps.go(step));
      show("continue", id !== check.id);
      show("submit", id === check.id);
      status.textContent = "";
    },
    showErrors: (errors) => showErrors(summary, errors, t),
    clearErrors: () => {
      clearErrors(summary);
      show("readers-changed", false);
    },
  });
  // Another place has other readers: they are to be seen again.
  revisitReaders = () => steps.revisit("step-readers");

  let tried: ReportDraft | null = null;
  /** An answer was lost: nobody here can say whether the server has the report. */
  let mayHaveArrived = false;
  let left = false;
  /** How often the worker had stopped when it was last told of this portal. */
  let known = worker.stops();

  const leave = (): void => {
    left = true;
    worker.close();
    document.body.replaceChildren();
    location.replace(withNoticePin(hrefIn(language, "/")));
  };

  /** Back at the check page, with what is wrong. */
  const backWith = (errors: readonly FormError[]): void => {
    showOnly(shown, "write");
    if (steps.current().id !== check.id) steps.go(check.id);
    showErrors(summary, errors, t);
  };

  const handle = (result: FilingResult): void => {
    switch (result.is) {
      case "filed":
        // Nothing of it is needed here any more; the page that shows the words should hold only them.
        steps.end();
        byId("write").remove();
        show("sending", false);
        showReceipt(result, t, language, leave);
        offerProof(byId("proof"), { worker }, t);
        return;
      case "readersChanged":
        draw(result.portal);
        showOnly(shown, "write");
        steps.revisit("step-readers");
        steps.go(readers.channel() === null ? "step-channel" : "step-readers");
        show("readers-changed", true);
        byId("readers-changed").focus();
        return;
      case "unreadable":
        tried = null;
        showOnly(shown, "write");
        steps.go("step-files");
        showErrors(summary, [unreadableFile(result.file, t)], t);
        return;
      case "cancelled":
        showOnly(shown, "write");
        if (steps.current().id !== check.id) steps.go(check.id);
        status.textContent = t(mayHaveArrived ? "report:sending.cancelledUnsure" : "report:sending.cancelled");
        submit.focus();
    }
  };

  const send = async (): Promise<void> => {
    const channel = readers.channel();
    if (steps.showFirstErrors() || channel === null) return;
    clearErrors(summary);
    status.textContent = "";
    const draft: ReportDraft = {
      channel: channel.id,
      asked: findActive(questionnaires, channel.questionnaire).version,
      answers: questions.answers(),
      excluded: readers.excluded(),
      files: files.files(),
      language,
      urgent: byId("urgent", HTMLInputElement).checked,
    };
    showOnly(shown, "sending");
    byId("sending-title").focus({ preventScroll: true });
    const options = beginSending(t);
    const stops = worker.stops();
    try {
      if (stops !== known) {
        // A worker that began anew knows nothing of this portal, nor of the notice.
        tried = null;
        const view = await worker.call("portal", { pin: noticePin() });
        known = stops;
        if (JSON.stringify(view) !== JSON.stringify(drawn)) {
          handle({ is: "readersChanged", portal: view });
          return;
        }
      }
      const again = isSameDraft(tried, draft);
      tried = draft;
      handle(await (again ? worker.call("fileAgain", undefined, options) : worker.call("file", draft, options)));
    } catch (error) {
      const code = failureOf(error).code;
      if (worker.stops() !== stops) {
        // With the worker went the sealed report: the next try is another one.
        tried = null;
        backWith([{ field: null, text: t("report:sending.stopped") }]);
        return;
      }
      if (code === "busy") mayHaveArrived = true;
      backWith([code === "busy" ? { field: null, text: t("report:sending.unsure") } : wordsForCode(code, t)]);
    }
  };

  byId("report-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    if (steps.current().id === check.id) void send();
    else steps.next();
  });
  byId("back").addEventListener("click", () => {
    if (steps.current().id === "step-start") location.assign(withNoticePin(hrefIn(language, "/")));
    else history.back();
  });
  askBeforeLosing(() => !left && (!byId("receipt").hidden || questions.isTouched() || files.files().length > 0));
  // Who comes back with the back button must not find the words again.
  addEventListener("pageshow", (event) => {
    if (event.persisted && !byId("receipt").hidden) leave();
  });
}

void start("reporter", begin, () => showOnly(shown, "closed"));
