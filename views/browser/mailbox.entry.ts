/** The mailbox page: eight words in, the conversation both ways, everything forgotten on leaving. */
import { PortalError, failureOf } from "../../crypto/errors.ts";
import { openInBackupsUntil } from "../../data/policy/deleted-everywhere.ts";
import { longestAnswer } from "../../data/policy/questionnaire.ts";
import { formatDay } from "../../data/policy/update-date.ts";
import { hrefIn } from "./i18n.ts";
import { noticePin, withNoticePin } from "./notice-address.ts";
import { helpTypingCode, unknownWords } from "./reporter/code-field.ts";
import { drawFacts, drawTalk, type ConversationOptions } from "./reporter/conversation.ts";
import { byId, element, showOnly } from "./reporter/dom.ts";
import { buildFilesField, unreadableFile } from "./reporter/files-field.ts";
import { drawNews, newsOf, Remembering } from "./reporter/mailbox-news.ts";
import { Purposes } from "./reporter/mailbox-purpose.ts";
import { questionnairesOfPage } from "./reporter/asked-questionnaire.ts";
import { clearErrors, showErrors, wordsForCode, type FormError } from "./reporter/form-errors.ts";
import { makeHints } from "./reporter/hints.ts";
import { askBeforeLosing } from "./reporter/leave-warning.ts";
import { beginSending } from "./reporter/sending.ts";
import { start, type Started } from "./reporter/start.ts";
import { drawTaken } from "./reporter/taken-notice.ts";
import type { CodeCheck, FileView, MailboxView, MessageInput, MessageResult } from "./reporter/worker-api.ts";
import { openSink, saveBlob } from "./save-file.ts";

const steps = ["closed", "enter", "mailbox", "withdraw", "deleted", "sending"];
const codeSummary = "error-summary";
const messageSummary = "message-error-summary";
const withdrawSummary = "withdraw-error-summary";
const msPerDay = 86_400_000;
/** Larger files stream to the disk through a service worker: a trace in the browser until the file is saved. Small ones need none. */
const largestBlob = 64 * 1024 * 1024;

function isSameMessage(a: MessageInput | null, b: MessageInput): boolean {
  return (
    a !== null &&
    a.text === b.text &&
    a.purpose === b.purpose &&
    a.files.length === b.files.length &&
    a.files.every((file, i) => file === b.files[i])
  );
}

function begin({ worker, portal, t, language }: Started): void {
  const code = byId("code", HTMLTextAreaElement);
  helpTypingCode(code, { t, language });
  const text = byId("message", HTMLTextAreaElement);
  const withdrawText = byId("withdraw-text", HTMLTextAreaElement);
  const status = byId("mailbox-status");
  const files = buildFilesField(byId("files"), { t, language, maxFileBytes: portal.maxFileBytes });
  const showHints = makeHints({ t, language });
  const hints = element("div", { class: "th-hints" });
  text.after(hints);
  text.addEventListener("input", () => showHints({ field: text, hints }));
  const questionnaire = questionnairesOfPage();
  let shown = 0;
  let tried: MessageInput | null = null;
  /** An answer was lost: nobody here can say whether the server has the message. */
  let mayHaveArrived = false;
  let left = false;
  /** How often the worker had stopped when it was last told of this portal: with it went the open report. */
  let known = worker.stops();
  /** The report was deleted: nothing of it is on the page any more. */
  let gone = false;
  /** Files being saved: a large one begins as a navigation that leads nowhere. */
  let saving = 0;

  const wordsFor = (error: unknown): FormError => wordsForCode(failureOf(error).code, t);

  const leave = (): void => {
    left = true;
    worker.close();
    document.body.replaceChildren();
    location.replace(withNoticePin(hrefIn(language, "/")));
  };

  const save = async (seq: number, index: number, file: FileView): Promise<void> => {
    const { name } = file;
    saving += 1;
    const sink = file.size > largestBlob ? await openSink(name, file.size) : null;
    const port = sink?.port ?? null;
    const onProgress = ({ part }: { part: number }): void => {
      status.textContent = t("mailbox:downloading", { name, percent: Math.floor(part * 100) });
    };
    try {
      const blob = await worker.call(
        "fetchFile",
        { seq, index, port },
        { onProgress, transfer: port === null ? [] : [port] },
      );
      if (blob !== null) saveBlob(blob, name);
      status.textContent = t("mailbox:downloaded", { name });
    } catch (error) {
      status.textContent = "";
      if (!askAgain()) showErrors(messageSummary, [wordsFor(error)], t);
    } finally {
      saving -= 1;
      sink?.close();
    }
  };

  const onSave = (seq: number, index: number, file: FileView): void => void save(seq, index, file);
  const remembering = new Remembering(t);

  /** `seen`: entries that were on the page before, here or on an earlier visit; null where nothing says. */
  const draw = (view: MailboxView, seen: number | null): void => {
    const news = newsOf(view.entries, seen);
    const options: ConversationOptions = { t, language, questionnaire, firstNew: news.first, onSave };
    const today = Math.floor(Date.now() / msPerDay);
    drawTaken(view, t);
    drawNews(view, news, { t, language, today });
    drawFacts(byId("facts"), view, options);
    drawTalk(byId("talk"), view, options);
    shown = view.entries.length;
  };

  const showDeleted = (on: number): void => {
    document.getElementById("mailbox")?.replaceChildren();
    byId("deleted-title").textContent = t("mailbox:deleted.title", { date: formatDay(on, language) });
    const until = openInBackupsUntil(on, portal.keyringBackupDays, Math.floor(Date.now() / msPerDay));
    byId("deleted-backups").textContent =
      until === null
        ? t("mailbox:deleted.backupsGone")
        : t("mailbox:deleted.backups", { date: formatDay(until, language) });
    showOnly(steps, "deleted");
    byId("deleted-title").focus({ preventScroll: true });
  };

  const focusEntry = (index: number): void =>
    byId("talk").querySelectorAll<HTMLElement>(".th-talk__item")[index]?.focus();

  const codeError = (check: CodeCheck): FormError | null => {
    switch (check.is) {
      case "code":
        return null;
      case "count":
        return {
          field: "code",
          text: check.words === 0 ? t("mailbox:code.empty") : t("mailbox:code.count", { count: check.words }),
        };
      case "unknown":
        return {
          field: "code",
          text: unknownWords(check.words, check.near, t),
        };
      case "checksum":
        return { field: "code", text: t("mailbox:code.checksum") };
    }
  };

  /** True: the worker began anew, and asks for the words again; what is typed stays on the page. */
  const askAgain = (): boolean => {
    if (worker.stops() === known) return false;
    tried = null;
    showOnly(steps, "enter");
    showErrors(codeSummary, [{ field: "code", text: t("mailbox:code.again") }], t);
    return true;
  };

  const open = async (): Promise<void> => {
    if (worker.stops() !== known) {
      const stops = worker.stops();
      await worker.call("portal", { pin: noticePin() });
      known = stops;
    }
    const wrong = codeError(await worker.call("readCode", code.value));
    if (wrong !== null) {
      showErrors(codeSummary, [wrong], t);
      return;
    }
    clearErrors(codeSummary);
    byId("code-status").textContent = t("mailbox:code.opening");
    const found = await worker.call("open", code.value);
    if (found.is === "nothing") {
      showErrors(codeSummary, [{ field: "code", text: t("mailbox:code.missing") }], t);
      return;
    }
    // The words are not needed on the page any more.
    code.value = "";
    code.dispatchEvent(new Event("input"));
    if (found.is === "deleted") {
      gone = true;
      showDeleted(found.on);
      return;
    }
    const { seen } = found.mailbox;
    const kept = remembering.recall(seen);
    draw(found.mailbox, kept === null ? null : await worker.call("readSeen", kept));
    remembering.showed(seen, kept !== null);
    showOnly(steps, "mailbox");
    byId("mailbox-title").focus({ preventScroll: true });
  };

  const refresh = async (): Promise<void> => {
    const before = shown;
    const found = await worker.call("refresh", undefined);
    if (found.is === "deleted") {
      gone = true;
      showDeleted(found.on);
      return;
    }
    draw(found.mailbox, before);
    remembering.showed(found.mailbox.seen);
    status.textContent = t("mailbox:refreshed", { count: shown - before });
    if (shown > before) focusEntry(before);
  };

  /** Where a message that did not go was written, with everything in it. */
  const backTo = ({ purpose }: MessageInput): void => showOnly(steps, purpose === "withdraw" ? "withdraw" : "mailbox");
  const backWith = (message: MessageInput, error: FormError): void => {
    backTo(message);
    showErrors(message.purpose === "withdraw" ? withdrawSummary : messageSummary, [error], t);
  };

  const handle = (result: MessageResult, message: MessageInput): void => {
    switch (result.is) {
      case "sent":
        showOnly(steps, "mailbox");
        mayHaveArrived = false;
        if (message.purpose === "withdraw") withdrawText.value = "";
        else {
          text.value = "";
          files.clear();
        }
        status.textContent = t(message.purpose === "withdraw" ? "mailbox:withdraw.sent" : "mailbox:write.sent");
        tried = null;
        purposes.reset();
        // A reply may have crossed it.
        draw(result.mailbox, shown);
        remembering.showed(result.mailbox.seen);
        focusEntry(shown - 1);
        return;
      case "unreadable":
        tried = null;
        backWith(message, unreadableFile(result.file, t));
        return;
      case "cancelled":
        if (mayHaveArrived) {
          backWith(message, { field: null, text: t("mailbox:write.cancelledUnsure") });
          return;
        }
        backTo(message);
        status.textContent = t("report:sending.cancelled");
        (message.purpose === "withdraw" ? withdrawText : text).focus();
    }
  };

  const messageErrors = ({ text: typed, files: chosen }: MessageInput): FormError[] => {
    if (typed === "" && chosen.length === 0) return [{ field: "message", text: t("mailbox:write.required") }];
    if (typed.length > longestAnswer.long) return [{ field: "message", text: t("mailbox:write.long") }];
    return files.errors();
  };

  const send = async (): Promise<void> => {
    const message: MessageInput = { text: text.value.trim(), files: files.files(), purpose: purposes.current };
    const errors = messageErrors(message);
    if (errors.length > 0) {
      showErrors(messageSummary, errors, t);
      return;
    }
    await transmit(message);
  };

  const transmit = async (message: MessageInput): Promise<void> => {
    clearErrors(messageSummary);
    clearErrors(withdrawSummary);
    status.textContent = "";
    const again = isSameMessage(tried, message);
    tried = message;
    showOnly(steps, "sending");
    byId("sending-title").focus({ preventScroll: true });
    const sending = beginSending(t);
    try {
      const result = again ? worker.call("sendAgain", undefined, sending) : worker.call("send", message, sending);
      handle(await result, message);
    } catch (error) {
      if (askAgain()) return;
      // It may have been deleted meanwhile; then that is what to say.
      if (error instanceof PortalError && error.code === "missing") await refresh().catch(() => {});
      if (gone) return;
      const unsure = !(error instanceof PortalError) || error.code === "busy";
      if (unsure) mayHaveArrived = true;
      const unsureWords = t(message.purpose === "withdraw" ? "mailbox:withdraw.unsure" : "mailbox:write.unsure");
      backWith(message, unsure ? { field: null, text: unsureWords } : wordsFor(error));
    }
  };

  /** Runs one thing at a time: a second press while it works does nothing. */
  const once = (act: () => Promise<void>, onError: (error: unknown) => void): (() => void) => {
    let busy = false;
    return () => {
      if (busy) return;
      busy = true;
      act()
        .catch(onError)
        .finally(() => {
          busy = false;
        });
    };
  };
  const openOnce = once(
    () =>
      open().finally(() => {
        const line = document.getElementById("code-status");
        if (line !== null) line.textContent = "";
      }),
    (error) => showErrors(codeSummary, [wordsFor(error)], t),
  );
  const sendOnce = once(send, () => {});
  const purposes = new Purposes({
    t,
    go: (step) => showOnly(steps, step),
    onWithdraw: once(
      async () => {
        const why = withdrawText.value.trim();
        if (why.length > longestAnswer.long)
          showErrors(withdrawSummary, [{ field: "withdraw-text", text: t("mailbox:write.long") }], t);
        else await transmit({ text: why, files: [], purpose: "withdraw" });
      },
      () => {},
    ),
  });
  byId("code-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    openOnce();
  });
  code.addEventListener("keydown", (event) => {
    // Eight words fit on a line: Enter opens, as in a field of one line.
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    openOnce();
  });
  byId("message-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    sendOnce();
  });
  byId("refresh").addEventListener(
    "click",
    once(refresh, (error) => {
      if (!askAgain()) showErrors(messageSummary, [wordsFor(error)], t);
    }),
  );
  byId("lock").addEventListener("click", leave);
  // Old news must not lie over what is being written.
  text.addEventListener("input", () => {
    status.textContent = "";
  });
  const isTyped = (): boolean => [text, withdrawText].some(({ value }) => value.trim() !== "");
  askBeforeLosing(() => !left && !gone && saving === 0 && (isTyped() || files.files().length > 0));
  // What the back button brings back must not be an open mailbox.
  addEventListener("pageshow", (event) => {
    if (event.persisted) leave();
  });
  showOnly(steps, "enter");
  code.focus();
}

// Without a roster no report can have been filed: there is nothing to come back to.
void start("mailbox", begin, () => showOnly(steps, "closed"));
