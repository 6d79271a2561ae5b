/**
 * Sends one sealed part and gives the buffer back. Knows no key. Started and ended by
 * reporter/put-part.ts. XMLHttpRequest, because fetch does not tell how much has left.
 */
import { errorCodes, type ErrorCode } from "../../crypto/errors.ts";

export interface PartJob {
  origin: string;
  path: string;
  headers: Record<string, string>;
  buffer: ArrayBuffer;
  /** Bytes from the buffer's start. */
  length: number;
}
export type FromUploader = "ready" | { sent: number } | { error: ErrorCode | null; buffer: ArrayBuffer };

interface Scope {
  postMessage(message: FromUploader, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<PartJob | "stop">) => void): void;
}
const scope = globalThis as unknown as Scope;

/** A connection on which nothing has moved for so long is gone, though nobody has said so. */
const stalledMs = 120_000;

function codeOf(request: XMLHttpRequest): ErrorCode | null {
  if (request.status >= 200 && request.status < 300) return null;
  try {
    const { error } = JSON.parse(request.responseText) as { error?: unknown };
    return errorCodes.find((code) => code === error) ?? "busy";
  } catch {
    return "busy";
  }
}

let stop = (): void => {};

function put({ origin, path, headers, buffer, length }: PartJob): Promise<ErrorCode | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout> | undefined;
    const moved = (): void => {
      clearTimeout(stalled);
      stalled = setTimeout(stop, stalledMs);
    };
    const end = (code: ErrorCode | null): void => {
      clearTimeout(stalled);
      resolve(code);
    };
    stop = () => {
      request.abort();
      end("busy");
    };
    request.open("PUT", origin + path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded }) => {
      moved();
      scope.postMessage({ sent: Math.min(loaded, length) });
    });
    request.addEventListener("load", () => end(codeOf(request)));
    request.addEventListener("error", () => end("busy"));
    moved();
    // As a Blob the bytes go to the network process once; as an array they are copied on the way.
    request.send(new Blob([new Uint8Array(buffer, 0, length)]));
  });
}

scope.addEventListener("message", ({ data }) => {
  if (data === "stop") stop();
  else void put(data).then((error) => scope.postMessage({ error, buffer: data.buffer }, [data.buffer]));
});
scope.postMessage("ready");
