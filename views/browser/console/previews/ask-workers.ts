/** The page's end of the talk with preview.worker.ts and pdfpages.worker.ts. */
import { startWorker } from "../../trusted.ts";
import type {
  DrawnPage,
  Finding,
  FromPages,
  FromPreview,
  Prepared,
  Refusal,
  ToPages,
  ToPreview,
} from "./worker-api.ts";

/** A file made to keep its reader busy gets no longer than this. */
const mostMs = 60_000;

/** Waits for the worker's `ready`: messages that arrive while a module still loads are lost in some browsers. */
type Told<From> = (message: From) => void;

interface Line<To, From> {
  /** One question, one answer. Null: the worker broke down, was stopped or took too long. */
  ask(message: To): Promise<From | null>;
  stop(): void;
}

function openLine<To, From extends { is: string }>(name: string): Line<To, From> {
  const worker = startWorker(name);
  let tell: Told<From> | null = null;
  let end: () => void = () => {};
  const ended = new Promise<null>((resolve) => {
    end = () => {
      worker.terminate();
      resolve(null);
    };
  });
  const ready = new Promise<void>((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<From>) => {
      if (data.is === "ready") resolve();
      else tell?.(data);
    });
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // it is told in words
    end();
  });
  return {
    async ask(message) {
      const timer = setTimeout(end, mostMs);
      const answer = new Promise<From>((resolve) => {
        tell = resolve;
      });
      try {
        if ((await Promise.race([ready.then(() => true), ended])) === null) return null;
        worker.postMessage(message);
        return await Promise.race([answer, ended]);
      } finally {
        clearTimeout(timer);
      }
    },
    stop: () => end(),
  };
}

/** A worker that makes one preview, and ends. */
export interface Maker {
  /** Null: it broke down or took too long. */
  make(file: Blob, prepare: boolean): Promise<{ finding: Finding; prepared: Prepared } | null>;
  stop(): void;
}

export function openMaker(): Maker {
  const line = openLine<ToPreview, FromPreview>("preview");
  return {
    async make(file, prepare) {
      const answer = await line.ask({ file, prepare });
      line.stop();
      return answer?.is === "made" ? answer : null;
    },
    stop: line.stop,
  };
}

/** A worker that holds one PDF. After a refusal it is gone. */
export interface PageDrawer {
  open(file: Blob): Promise<{ pages: number } | Refusal>;
  /** One after another: the next may be asked for when the last has come. */
  draw(page: number, width: number): Promise<DrawnPage | Refusal>;
  stop(): void;
}

export function openPageDrawer(): PageDrawer {
  const line = openLine<ToPages, FromPages>("pdfpages");
  async function ask(message: ToPages): Promise<FromPages | Refusal> {
    const answer = await line.ask(message);
    if (answer !== null && answer.is !== "refused") return answer;
    line.stop();
    return answer === null ? "slow" : answer.why;
  }
  const unexpected: Refusal = "damaged";
  return {
    async open(file) {
      const answer = await ask({ is: "open", file });
      if (typeof answer === "string") return answer;
      return answer.is === "opened" ? answer : unexpected;
    },
    async draw(page, width) {
      const answer = await ask({ is: "draw", page, width });
      if (typeof answer === "string") return answer;
      return answer.is === "drawn" ? answer.drawn : unexpected;
    },
    stop: line.stop,
  };
}
