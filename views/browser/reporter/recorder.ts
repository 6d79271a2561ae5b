/**
 * A voice recording as a file: asked for only when pressed, kept in pieces that the browser may put
 * on its disk, never played or sent before the person says so. No disguise is offered.
 */
import type { Translate } from "../i18n.ts";
import { element } from "./dom.ts";

export interface RecorderField {
  element: HTMLElement;
  /** What an error about it leads to. */
  fieldId: string;
  /** Something is being recorded, or was recorded and is neither added nor deleted. */
  isOpen(): boolean;
  /** Throws away what was recorded and lets the microphone go. */
  clear(): void;
}

export interface RecorderOptions {
  t: Translate;
  language: string;
  onRecorded: (file: File) => void;
}

const mostMinutes = 60;
/** Enough for speech, and an hour of it stays below 15 MB. */
const bitsPerSecond = 32_000;
/** How often the browser hands over what it has, ms: what came before a fault is not lost. */
const sliceMs = 5_000;
const types = [
  { type: "audio/webm;codecs=opus", ending: "webm" },
  { type: "audio/ogg;codecs=opus", ending: "ogg" },
  { type: "audio/mp4", ending: "m4a" },
];

function supportedType(): (typeof types)[number] | null {
  const able =
    typeof MediaRecorder === "function" &&
    typeof navigator.mediaDevices?.getUserMedia === "function" &&
    isSecureContext;
  return able ? (types.find(({ type }) => MediaRecorder.isTypeSupported(type)) ?? null) : null;
}

/** "3:07" in the person's digits. */
function clock(seconds: number, language: string): string {
  const number = (value: number, digits: number): string =>
    new Intl.NumberFormat(language, { minimumIntegerDigits: digits, useGrouping: false }).format(value);
  return `${number(Math.floor(seconds / 60), 1)}:${number(Math.floor(seconds) % 60, 2)}`;
}

/** The loudness of a stream, 0 to 1, as often as `onLevel` should hear it. */
function listenTo(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1024;
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  // Who asked for less motion sees the bar change once a second.
  const every = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 100;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    onLevel(Math.min(1, Math.sqrt(loudest)));
  }, every);
  return () => {
    clearInterval(timer);
    void audio.close();
  };
}

/** Null where the browser cannot record. */
export function buildRecorder({ t, language, onRecorded }: RecorderOptions): RecorderField | null {
  const format = supportedType();
  if (format === null) return null;
  const fieldId = "record-title";
  let recorder: MediaRecorder | null = null;
  let pieces: Blob[] = [];
  let address: string | null = null;
  let taken = 0;
  /** Seconds recorded before the last pause, and when the present stretch began. */
  let before = 0;
  let since: number | null = null;
  let letGo = (): void => {};
  let asking = false;

  const seconds = (): number => before + (since === null ? 0 : (performance.now() - since) / 1000);
  const button = (key: string, act: () => void): HTMLButtonElement => {
    const made = element(
      "button",
      { type: "button", class: "govuk-button govuk-button--secondary th-record__button", id: `record-${key}` },
      t(`files:record.${key}`),
    );
    made.addEventListener("click", act);
    return made;
  };
  const time = element("p", { class: "th-record__time", id: "record-time" });
  const meter = element("meter", {
    class: "th-record__level",
    min: 0,
    max: 1,
    value: 0,
    "aria-label": t("files:record.level"),
  });
  const status = element("p", { class: "govuk-body", role: "status" });
  const acts = element("div", { class: "govuk-button-group" });
  const player = element("audio", { controls: true, preload: "metadata", class: "th-record__player" });
  const result = element(
    "div",
    { hidden: true },
    element("p", { class: "govuk-body" }, t("files:record.listen")),
    player,
  );

  const say = (words: string): void => {
    status.textContent = words;
  };
  const drawTime = (): void => {
    time.textContent = t(since === null ? "files:record.paused" : "files:record.running", {
      time: clock(seconds(), language),
    });
  };

  const forget = (): void => {
    recorder = null;
    pieces = [];
    before = 0;
    since = null;
    if (address !== null) URL.revokeObjectURL(address);
    address = null;
    player.removeAttribute("src");
    result.hidden = true;
  };

  const drawIdle = (): void => {
    forget();
    time.hidden = true;
    meter.hidden = true;
    acts.replaceChildren(button("start", () => void begin()));
  };

  const drawEnded = (): void => {
    const blob = new Blob(pieces, { type: format.type });
    address = URL.createObjectURL(blob);
    player.src = address;
    result.hidden = false;
    time.hidden = true;
    meter.hidden = true;
    const keep = button("keep", () => {
      taken += 1;
      // Ours: the browser's own default would tell the time.
      const name = `${t("files:record.name", { number: taken })}.${format.ending}`;
      const file = new File([blob], name, { type: format.type.split(";")[0]!, lastModified: 0 });
      drawIdle();
      onRecorded(file);
      say(t("files:record.added"));
      document.getElementById("record-start")?.focus();
    });
    const discard = button("discard", () => {
      drawIdle();
      say(t("files:record.deleted"));
      document.getElementById("record-start")?.focus();
    });
    acts.replaceChildren(keep, discard);
    keep.focus();
  };

  const drawRunning = (running: MediaRecorder): void => {
    time.hidden = false;
    meter.hidden = false;
    const pausing = button("pause", () => {
      if (running.state === "recording") running.pause();
      else running.resume();
    });
    running.addEventListener("pause", () => {
      before = seconds();
      since = null;
      pausing.textContent = t("files:record.resume");
      drawTime();
    });
    running.addEventListener("resume", () => {
      since = performance.now();
      pausing.textContent = t("files:record.pause");
      drawTime();
    });
    const stop = button("stop", () => running.stop());
    acts.replaceChildren(pausing, stop);
    stop.focus();
  };

  const record = (stream: MediaStream): void => {
    const running = new MediaRecorder(stream, { mimeType: format.type, audioBitsPerSecond: bitsPerSecond });
    recorder = running;
    let ending = "";
    const stopListening = listenTo(stream, (level) => {
      meter.value = running.state === "recording" ? level : 0;
    });
    const timer = setInterval(() => {
      drawTime();
      if (seconds() < mostMinutes * 60 || running.state === "inactive") return;
      ending = t("files:record.full");
      running.stop();
    }, 250);
    letGo = () => {
      clearInterval(timer);
      stopListening();
      for (const track of stream.getTracks()) track.stop();
      letGo = () => {};
    };
    running.addEventListener("dataavailable", ({ data }) => {
      if (recorder === running && data.size > 0) pieces.push(data);
    });
    running.addEventListener("error", () => {
      ending = t("files:record.failed");
    });
    running.addEventListener("stop", () => {
      before = seconds();
      since = null;
      letGo();
      if (recorder !== running) return;
      if (pieces.length === 0) {
        drawIdle();
        say(ending);
        return;
      }
      const length = t("files:record.ended", { time: clock(before, language) });
      drawEnded();
      say(ending === "" ? length : `${ending} ${length}`);
    });
    running.start(sliceMs);
    since = performance.now();
    drawTime();
    drawRunning(running);
    say("");
  };

  const begin = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    say(t("files:record.asking"));
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 }, video: false });
      if (!asking) for (const track of stream.getTracks()) track.stop();
      else record(stream);
    } catch (error) {
      const denied =
        error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "SecurityError");
      say(t(denied ? "files:record.denied" : "files:record.missing"));
    } finally {
      asking = false;
    }
  };

  const box = element(
    "details",
    { class: "govuk-details th-record" },
    element(
      "summary",
      { class: "govuk-details__summary", id: fieldId },
      element("span", { class: "govuk-details__summary-text" }, t("files:record.title")),
    ),
    element(
      "div",
      { class: "govuk-details__text" },
      element("p", { class: "govuk-body" }, t("files:record.warn")),
      element("p", { class: "govuk-body" }, t("files:record.facts")),
      element("p", { class: "govuk-body" }, t("files:record.limit", { minutes: mostMinutes })),
      time,
      meter,
      result,
      acts,
      status,
    ),
  );
  drawIdle();
  // Leaving the page, fast or not, must let the microphone go.
  addEventListener("pagehide", () => letGo());

  return {
    element: box,
    fieldId,
    isOpen: () => recorder !== null,
    clear() {
      const running = recorder;
      asking = false;
      recorder = null;
      if (running !== null && running.state !== "inactive") running.stop();
      letGo();
      drawIdle();
      say("");
    },
  };
}
