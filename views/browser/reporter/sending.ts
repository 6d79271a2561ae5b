/** The step between "Lock and send" and the answer: a bar, words for screen readers now and then, a way to stop. */
import type { Translate } from "../i18n.ts";
import { byId } from "./dom.ts";
import type { Progress } from "./worker-api.ts";

/** Percent between two announcements. */
const announceEvery = 25;

export interface Sending {
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** Sets the page's #sending step up for one try. The caller shows the step. */
export function beginSending(t: Translate): Sending {
  const controller = new AbortController();
  const bar = byId("sending-bar", HTMLProgressElement);
  const text = byId("sending-text");
  const live = byId("sending-live");
  const cancel = byId("sending-cancel", HTMLButtonElement);
  let said = "";

  const say = (words: string, key: string): void => {
    text.textContent = words;
    if (key === said) return;
    said = key;
    live.textContent = words;
  };

  bar.value = 0;
  cancel.hidden = false;
  cancel.disabled = false;
  cancel.addEventListener(
    "click",
    () => {
      cancel.disabled = true;
      controller.abort();
    },
    // A try that was not stopped leaves its listener behind: aborting what is over does nothing.
    { once: true },
  );

  return {
    signal: controller.signal,
    onProgress({ step, part }) {
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
          bar.value = percent;
          say(t("report:sending.sending", { percent }), `sending ${Math.floor(percent / announceEvery)}`);
          return;
        case "storing":
          bar.value = 100;
          // From here on nobody could say whether it was stored.
          cancel.hidden = true;
          say(t("report:sending.storing"), "storing");
      }
    },
  };
}
