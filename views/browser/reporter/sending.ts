/**
 * The step between "Lock and send" and the answer: a bar, a line for each file, how long it will take,
 * words for screen readers now and then, ways to pause, to go on and to stop.
 */
import type { Halt } from "../client/valve.ts";
import type { Translate } from "../i18n.ts";
import { byId, element } from "./dom.ts";
import { sizeOf } from "../../locales/say.ts";
import { makeEstimate } from "./estimate.ts";
import type { Progress, Transfer } from "./worker-api.ts";

/** Percent between two announcements. */
const announceEvery = 25;

/** What the page tells the worker of the transfer: `true` closes the valve. */
export type Halting = (halt: Halt, closed: boolean) => void;

export interface Sending {
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** The worker's end is told, at once and later, what stops the transfer. */
  onHalting(listener: Halting): void;
}

function timeWords(seconds: number, t: Translate, language: string): string {
  if (seconds <= 60) return t("files:send.soon");
  const hours = seconds >= 4 * 3600;
  const format = { style: "unit", unit: hours ? "hour" : "minute", unitDisplay: "long" } as const;
  const value = Math.round(seconds / (hours ? 3600 : 60));
  return t("files:send.left", { time: new Intl.NumberFormat(language, format).format(value) });
}

function drawFiles(list: HTMLElement, { files }: Transfer, t: Translate, language: string): void {
  files.forEach(({ name, size, sent }, i) => {
    let row = list.children.item(i);
    if (row === null) {
      row = element(
        "li",
        { class: "th-file" },
        element("span", { class: "th-file__name" }, element("bdi", {}, name)),
        element("span", { class: "th-file__size" }),
        element("progress", { class: "th-progress", max: 1, value: 0, "aria-label": t("files:send.bar", { name }) }),
      );
      list.append(row);
    }
    const words = t("files:send.bytes", { sent: sizeOf(sent, language), total: sizeOf(size, language) });
    row.children[1]!.textContent = sent >= size ? t("files:send.done", { size: sizeOf(size, language) }) : words;
    (row.children[2] as HTMLProgressElement).value = size === 0 ? 1 : sent / size;
  });
}

/** Sets the page's #sending step up for one try. The caller shows the step. */
export function beginSending(t: Translate): Sending {
  const controller = new AbortController();
  const language = document.documentElement.lang;
  const bar = byId("sending-bar", HTMLProgressElement);
  const text = byId("sending-text");
  const detail = byId("sending-detail");
  const list = byId("sending-files");
  const live = byId("sending-live");
  const cancel = byId("sending-cancel", HTMLButtonElement);
  const pause = byId("sending-pause", HTMLButtonElement);
  const estimate = makeEstimate();
  const listeners: Halting[] = [];
  let said = "";
  let halt: Halt | null = null;
  let paused = false;
  let over = false;

  const say = (words: string, key: string): void => {
    text.textContent = words;
    if (key === said) return;
    said = key;
    live.textContent = words;
  };
  const tell = (which: Halt, closed: boolean): void => {
    for (const listener of listeners) listener(which, closed);
  };
  const drawPause = (): void => {
    pause.textContent = t(paused ? "files:send.resume" : halt === "lost" ? "files:send.tryNow" : "files:send.pause");
  };

  bar.value = 0;
  list.replaceChildren();
  detail.textContent = "";
  pause.hidden = true;
  cancel.hidden = false;
  cancel.disabled = false;
  drawPause();
  // Listeners of this try go with it.
  const here = { signal: controller.signal };
  const ended = new AbortController();
  const until = { signal: AbortSignal.any([controller.signal, ended.signal]) };
  cancel.addEventListener(
    "click",
    () => {
      cancel.disabled = true;
      controller.abort(new DOMException("stopped", "AbortError"));
    },
    here,
  );
  pause.addEventListener(
    "click",
    () => {
      if (!paused && halt === "lost") {
        tell("lost", false);
        return;
      }
      paused = !paused;
      tell("person", paused);
      drawPause();
    },
    until,
  );
  addEventListener("offline", () => tell("offline", true), until);
  addEventListener(
    "online",
    () => {
      tell("offline", false);
      // No need to wait for the next try.
      tell("lost", false);
    },
    until,
  );

  const showTransfer = (transfer: Transfer): void => {
    const { sent, total } = transfer;
    const percent = total === 0 ? 100 : Math.floor((100 * sent) / total);
    halt = transfer.halt;
    bar.value = percent;
    pause.hidden = false;
    drawPause();
    drawFiles(list, transfer, t, language);
    if (halt === null) estimate.note(sent, total, performance.now() / 1000);
    else estimate.rest();
    if (halt === null) say(t("report:sending.sending", { percent }), `sending ${Math.floor(percent / announceEvery)}`);
    else say(t(`files:send.halt.${halt}`), halt);
    const left = halt === null ? estimate.left() : null;
    const bytes = t("files:send.total", { sent: sizeOf(sent, language), total: sizeOf(total, language) });
    detail.textContent = left === null ? bytes : `${bytes} ${timeWords(left, t, language)}`;
  };

  return {
    signal: controller.signal,
    onHalting(listener) {
      listeners.push(listener);
      if (!navigator.onLine) listener("offline", true);
    },
    onProgress({ step, part, transfer }) {
      if (over) return;
      const percent = Math.floor(part * 100);
      switch (step) {
        case "locking":
          bar.removeAttribute("value"); // how long is not known: the browser shows that it works
          say(t("report:sending.locking"), "locking");
          return;
        case "working":
          bar.value = percent;
          say(t("report:sending.working", { percent }), `working ${Math.floor(percent / announceEvery)}`);
          return;
        case "sending":
          if (transfer !== undefined) showTransfer(transfer);
          return;
        case "storing":
          over = true;
          ended.abort();
          if (transfer !== undefined) drawFiles(list, transfer, t, language);
          bar.value = 100;
          detail.textContent = "";
          pause.hidden = true;
          // From here on nobody could say whether it was stored.
          cancel.hidden = true;
          say(t("report:sending.storing"), "storing");
      }
    },
  };
}
