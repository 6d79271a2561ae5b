/** The other end of searcher.worker.ts: files of a finished case file, one after the other, in pieces. */
import { PortalError, type ErrorCode } from "../../../../crypto/errors.ts";
import type { Searched, Why } from "./leaks/search-file.ts";

export type ToSearcher =
  /** First of all: what each redaction took out. */
  | { is: "seek"; texts: readonly string[] }
  /** `plain`: as bytes and text only, nothing is opened. */
  | { is: "file"; path: string; size: number; plain: boolean }
  /** Answered with "took" before the next may come. */
  | { is: "chunk"; bytes: Uint8Array<ArrayBuffer> }
  | { is: "end" };

export type FromSearcher =
  | { is: "ready" }
  | { is: "took" }
  | ({ is: "searched" } & Searched)
  | { is: "refused"; code: ErrorCode; message: string };

/** What is used of a `Worker`. */
export interface SearcherWorker {
  postMessage(message: ToSearcher, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<FromSearcher>) => void): void;
  addEventListener(type: "error", listener: (event: Event) => void): void;
  terminate(): void;
}

export interface SoughtFile {
  /** Within the case file. */
  path: string;
  size: number;
  /** From the beginning each time: a file that breaks its reader is read once more, without opening it. */
  bytes(): AsyncIterable<Uint8Array>;
}

export interface Searcher {
  /** In the order of the calls. @throws PortalError "busy" | "missing", and what `bytes` throws */
  search(file: SoughtFile): Promise<Searched>;
  /** What is being searched is refused as "busy". */
  stop(): void;
}

const mostChunk = 1 << 20; // bytes
const mostSilence = 5 * 60_000; // milliseconds; half a gigabyte unpacks in less

/** Why a file's reader ended. */
class Broken extends Error {
  readonly why: Why;

  constructor(why: Why) {
    super(why);
    this.why = why;
  }
}

/**
 * `start`: begins a searcher.worker.ts; again when a file broke the one before, which is told as not searched inside.
 * `texts`: what each redaction took out; findings name them by their place here. `silence`: milliseconds without an answer
 * after which a file is given up.
 */
export function openSearcher(
  start: () => SearcherWorker,
  texts: readonly string[],
  silence: number = mostSilence,
): Searcher {
  let line: Line | null = null;
  let stopped: PortalError | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const attempt = async (file: SoughtFile, plain: boolean): Promise<Searched> => {
    if (stopped !== null) throw stopped;
    line ??= openLine(start(), texts, silence);
    const own = line;
    try {
      return await send(own, file, plain);
    } catch (error) {
      // A file that was not read to its end, or a worker that broke: the next file begins anew.
      own.end(new Broken("damaged"));
      line = null;
      throw stopped ?? error;
    }
  };
  const search = async (file: SoughtFile): Promise<Searched> => {
    try {
      return await attempt(file, false);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      return again(file, error.why);
    }
  };
  const again = async (file: SoughtFile, why: Why): Promise<Searched> => {
    try {
      const { found } = await attempt(file, true);
      return { found, unsearched: [{ path: file.path, inside: [], why, pages: [] }] };
    } catch (error) {
      if (error instanceof Broken) throw new PortalError("busy", "the worker that searches files failed");
      throw error;
    }
  };
  return {
    search(file) {
      const searched = last.then(() => search(file));
      last = searched.catch(() => {});
      return searched;
    },
    stop() {
      stopped ??= new PortalError("busy", "the search was stopped");
      line?.end(stopped);
    },
  };
}

async function send(line: Line, file: SoughtFile, plain: boolean): Promise<Searched> {
  await line.ready;
  line.post({ is: "file", path: file.path, size: file.size, plain });
  for await (const chunk of file.bytes())
    for (let at = 0; at < chunk.length; at += mostChunk) {
      const bytes = chunk.slice(at, at + mostChunk); // whoever gave it may go on using it
      await line.ask({ is: "chunk", bytes }, [bytes.buffer]);
    }
  const answer = await line.ask({ is: "end" });
  if (answer.is !== "searched") throw new Error("the searcher answered something else");
  return { found: answer.found, unsearched: answer.unsearched };
}

interface Line {
  ready: Promise<void>;
  post(message: ToSearcher): void;
  /** The next answer. */
  ask(message: ToSearcher, transfer?: Transferable[]): Promise<FromSearcher>;
  end(why: Error): void;
}

function openLine(worker: SearcherWorker, texts: readonly string[], silence: number): Line {
  let waiting: PromiseWithResolvers<FromSearcher> | null = null;
  let ended: Error | null = null;
  let isReady = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const opening = withResolvers<void>();
  opening.promise.catch(() => {}); // whoever asks hears of it
  const end = (why: Error): void => {
    if (ended !== null) return;
    ended = why;
    clearTimeout(timer);
    worker.terminate();
    opening.reject(why);
    waiting?.reject(why);
  };
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // it is told in words
    end(isReady ? new Broken("damaged") : new PortalError("busy", "the worker that searches files did not start"));
  });
  worker.addEventListener("message", ({ data }) => {
    if (data.is === "ready") {
      isReady = true;
      worker.postMessage({ is: "seek", texts });
      opening.resolve();
    } else if (data.is === "refused") end(new PortalError(data.code, data.message));
    else {
      clearTimeout(timer);
      waiting?.resolve(data);
      waiting = null;
    }
  });
  return {
    ready: opening.promise,
    end,
    post(message) {
      if (ended !== null) throw ended;
      worker.postMessage(message);
    },
    ask(message, transfer = []) {
      if (ended !== null) return Promise.reject(ended);
      waiting = withResolvers<FromSearcher>();
      timer = setTimeout(() => end(new Broken("slow")), silence);
      worker.postMessage(message, transfer);
      return waiting.promise;
    },
  };
}

/** As `Promise.withResolvers`, which Chrome 115 and Safari 16.4 have not. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T | PromiseLike<T>) => void;
  let reject!: (reason?: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
